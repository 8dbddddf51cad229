// `npm run bench`: measures loadtop against other load generators, as ratios within one run, and prints the tables that
// README quotes. What is measured is in cases/; how, in measure.ts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Case, makeBench } from './bench.ts';
import { burstCase } from './cases/burst.ts';
import { connectionsCase } from './cases/connections.ts';
import { drawingCase } from './cases/drawing.ts';
import { fullSpeedCases } from './cases/full-speed.ts';
import { functionsCase } from './cases/functions.ts';
import { openCase } from './cases/open.ts';
import { probesCase } from './cases/probes.ts';
import { profilesCase } from './cases/profiles.ts';
import { scaleCase } from './cases/scale.ts';
import { soakCases } from './cases/soak.ts';
import { truthCase } from './cases/truth.ts';
import { tuiCase } from './cases/tui.ts';
import { usersCase } from './cases/users.ts';
import { workersCase } from './cases/workers.ts';
import { endAll } from './command.ts';
import { CannotStart, type Loadtop, prepare } from './loadtop.ts';
import { type Options, readOptions, usage } from './options.ts';
import { profileMarkdown } from './profile.ts';
import { caseMarkdown } from './report.ts';

const cases: readonly Case[] = [
  ...fullSpeedCases,
  openCase,
  tuiCase,
  drawingCase,
  probesCase,
  workersCase,
  functionsCase,
  usersCase,
  truthCase,
  burstCase,
  connectionsCase,
  scaleCase,
  profilesCase,
  ...soakCases,
];

const own = path.resolve(import.meta.dirname, '../..');

const checkoutsOf = ({ loadtop, against, build }: Options): Loadtop[] => {
  const main = prepare('loadtop', path.resolve(loadtop ?? own), build);
  return against === undefined ? [main] : [main, prepare('loadtop (other)', path.resolve(against), build)];
};

/** What the figures were measured on. */
const machineLine = ({ version }: Loadtop): string => {
  const model = os.cpus()[0]?.model.trim() ?? 'unknown CPU';
  return `loadtop ${version}, Node ${process.versions.node}, ${os.type()} ${os.release()}, ${os.availableParallelism()} CPUs (${model}).`;
};

const run = async (options: Options, workFolder: string): Promise<void> => {
  const started = performance.now();
  const say = (text: string): void => {
    process.stderr.write(`[${Math.round((performance.now() - started) / 1000)} s] ${text}\n`);
  };
  if (options.build) say('building');
  const checkouts = checkoutsOf(options);
  const bench = makeBench(options, checkouts, workFolder, say);
  const parts: string[] = [];
  const print = (text: string): void => {
    parts.push(text);
    process.stdout.write(`${text}\n\n`);
    if (options.out !== undefined) writeFileSync(options.out, `${parts.join('\n\n')}\n`);
  };
  print(`# Benchmark\n\n${machineLine(bench.loadtop)}`);
  for (const each of cases.filter(({ name }) => options.cases.length === 0 || options.cases.includes(name))) {
    say(each.name);
    const report = await each.run(bench);
    print(caseMarkdown(report));
    if (!options.profile || !each.profiled || report.goals.every(({ met }) => met !== false)) continue;
    say(`${each.name}: profiling`);
    print(await profileMarkdown(bench, each.profiled));
  }
};

/** The exit code: 2 for wrong use, 1 where it could not be carried out; a missed goal is a result, no failure. */
const main = async (): Promise<number> => {
  const names = cases.map(({ name }) => name);
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2), names);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage(cases.map(({ name, about }) => [name, about])));
    return 0;
  }
  if (process.platform !== 'linux') {
    process.stderr.write('The benchmark reads CPU times from /proc: it runs on Linux only.\n');
    return 2;
  }
  const workFolder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      endAll();
      rmSync(workFolder, { recursive: true, force: true });
      process.exit(130);
    });
  }
  try {
    await run(options, workFolder);
    return 0;
  } catch (error) {
    process.stderr.write(
      `${error instanceof CannotStart ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    return 1;
  } finally {
    endAll();
    rmSync(workFolder, { recursive: true, force: true });
  }
};

process.exitCode = await main();
