// A fixed rate in the open model: what it costs, how late requests are sent, and how evenly they come in at the server.

import path from 'node:path';
import { startArrivalServer } from '../arrival-server.ts';
import { type Bench, type Case, foreignNote, measureOn, peerCommands, times, withTarget } from '../bench.ts';
import { bare, loadtopCommand, type RunSummary, takeSummary, warmup } from '../loadtop.ts';
import { cores, cpuUsPerRequest, type Measured, measure, requestRate, untilLoadEnds } from '../measure.ts';
import { type PeerName, peers } from '../peers.ts';
import { atMost, type CaseReport, type Goal, short, spreadText, within } from '../report.ts';
import { type Contender, present, type Rounds, runRounds } from '../rounds.ts';
import { dispersion, median, ratios, spread } from '../statistics.ts';
import type { Target } from '../target.ts';

const connections = 64;

interface Run {
  readonly measured: Measured;
  readonly pacing: RunSummary['pacing'] | undefined;
}

interface Bounds {
  readonly rate: number;
  readonly cores: number;
  readonly p50: number;
  readonly p99: number | undefined;
  readonly peers: Partial<Record<PeerName, number>>;
}

const bounds: readonly Bounds[] = [
  { rate: 10_000, cores: 0.33, p50: 0.25, p99: 1, peers: { k6: 0.4, hey: 1 } },
  { rate: 1000, cores: 0.12, p50: 0.05, p99: undefined, peers: {} },
];

/** loadtop at a fixed rate, one worker; its summary goes to `file`. */
export const openArgs = (origin: string, rate: number, seconds: number, file?: string): string[] => [
  ...[`${origin}/`, ...bare, '-q', `${rate}`, '-w', '1', '-c', `${connections}`, '-z', `${seconds}s`],
  ...(file === undefined ? [] : ['-o', file]),
];

const contendersAt = (bench: Bench, target: Target, rate: number, seconds: number, notes: string[]) => {
  const { generator } = bench.pins(true);
  const own = bench.checkouts.map((loadtop, index): Contender<Run> => {
    const file = path.join(bench.workFolder, `open-${index}.json`);
    const args = [...openArgs(target.origin, rate, seconds, file), ...warmup(loadtop, 2)];
    return {
      name: loadtop.name,
      run: async () => {
        const command = loadtopCommand(loadtop, args);
        const measured = await measureOn(target, generator, command, seconds, {
          ...untilLoadEnds(seconds),
          accept: [0, 96],
        });
        return { measured, pacing: takeSummary(file).pacing };
      },
    };
  });
  const shape = { url: `${target.origin}/`, connections, seconds, rate };
  const found = peerCommands(bench, ['k6', 'hey', 'oha', 'autocannon'], shape, notes);
  const theirs = found.map(
    ({ label, command }): Contender<Run> => ({
      name: label,
      run: async () => ({
        measured: await measureOn(target, generator, command, seconds, untilLoadEnds(seconds)),
        pacing: undefined,
      }),
    }),
  );
  return { contenders: [...own, ...theirs], nameOf: new Map(found.map(({ label, name }) => [label, name])) };
};

const figures = ({ results }: Rounds<Run>, figure: (measured: Measured) => number): (number | undefined)[] =>
  results.map((run) => run && figure(run.measured));

const row = (each: Rounds<Run>, ours: Rounds<Run>): string[] => {
  const runs = present(each);
  const pacing = (key: 'p50' | 'p99'): string => spreadText(spread(runs.flatMap((run) => run.pacing?.[key] ?? [])));
  return [
    each.name,
    spreadText(spread(runs.map(({ measured }) => cores(measured) * 100))),
    runs.length === 0 ? '–' : short(median(runs.map(({ measured }) => requestRate(measured)))),
    spreadText(spread(runs.map(({ measured }) => cpuUsPerRequest(measured)))),
    each === ours ? '1' : spreadText(spread(ratios(figures(ours, cpuUsPerRequest), figures(each, cpuUsPerRequest)))),
    pacing('p50'),
    pacing('p99'),
  ];
};

const goalsAt = (
  { rate, cores: most, p50, p99, peers: limits }: Bounds,
  rounds: Rounds<Run>[],
  nameOf: ReadonlyMap<string, PeerName>,
): Goal[] => {
  const ours = rounds[0]!;
  const runs = present(ours);
  const at = `at ${short(rate)}/s`;
  const pacing = (key: 'p50' | 'p99'): number => median(runs.flatMap((run) => run.pacing?.[key] ?? []));
  return [
    atMost(`${at}: share of a core`, median(runs.map(({ measured }) => cores(measured) * 100)), most * 100, ' %'),
    ...rounds.flatMap((each) => {
      const name = nameOf.get(each.name);
      const limit = name && limits[name];
      if (name === undefined || limit === undefined) return [];
      const value = median(ratios(figures(ours, cpuUsPerRequest), figures(each, cpuUsPerRequest)));
      return [atMost(`${at}: CPU per request`, value, limit, ` × ${peers[name].name}`)];
    }),
    atMost(`${at}: pacing delay p50`, pacing('p50'), p50, ' ms'),
    ...(p99 === undefined ? [] : [atMost(`${at}: pacing delay p99`, pacing('p99'), p99, ' ms')]),
  ];
};

interface Evenness {
  readonly rate: number;
  readonly kind: 'uniform' | 'poisson';
  readonly index: number;
  /** Arrivals that came, by those that were planned. */
  readonly planRatio: number;
}

/** One run against the server that logs arrivals. */
const evenness = async (
  bench: Bench,
  rate: number,
  kind: Evenness['kind'],
): Promise<Evenness & { measured: Measured }> => {
  const { generator, target } = bench.pins(true);
  const seconds = bench.seconds(6);
  const server = await startArrivalServer(bench.workFolder, { serviceMs: 0, cycleMs: 0, stallMs: 0 }, target);
  const command = loadtopCommand(bench.loadtop, [...openArgs(server.origin, rate, seconds), '--arrivals', kind]);
  const measured = await measure(command, {
    cpu: generator,
    withinMs: seconds * 1000 + 30_000,
    targetPid: server.pid,
    accept: [0, 96],
  });
  const came = (await server.stop()).map((each) => each.came);
  const first = came[0] ?? 0;
  // The first second has starting and connecting in it; the last may be cut.
  const index = dispersion(came, 10, first + 1000, first + seconds * 1000 - 100);
  return { rate, kind, index, planRatio: came.length / (rate * seconds), measured };
};

const evennessRows = async (bench: Bench): Promise<{ rows: Evenness[]; measured: Measured[]; notes: string[] }> => {
  const wanted = bounds.flatMap(({ rate }) => (['uniform', 'poisson'] as const).map((kind) => ({ rate, kind })));
  const rounds = await runRounds(
    wanted.map(({ rate, kind }) => ({ name: `${kind} at ${rate}/s`, run: () => evenness(bench, rate, kind) })),
    Math.min(bench.pairs, 3),
    bench.say,
  );
  return {
    rows: rounds.flatMap((each, index) => {
      const runs = present(each);
      const { rate, kind } = wanted[index]!;
      const of = (figure: (run: Evenness) => number): number => median(runs.map(figure));
      return [{ rate, kind, index: of((run) => run.index), planRatio: of((run) => run.planRatio) }];
    }),
    measured: rounds.flatMap((each) => present(each).map(({ measured }) => measured)),
    notes: rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
  };
};

const evennessGoals = (rows: readonly Evenness[]): Goal[] =>
  rows.flatMap(({ rate, kind, index, planRatio }) => {
    const what = `${kind} arrivals at ${short(rate)}/s`;
    return kind === 'uniform'
      ? [
          atMost(`${what}: index of dispersion`, index, 0.5),
          atMost(`${what}: away from the plan`, Math.abs(planRatio - 1) * 100, 0.1, ' %'),
        ]
      : [within(`${what}: index of dispersion`, index, 0.9, 1.1)];
  });

const runOpen = async (bench: Bench, target: Target): Promise<CaseReport> => {
  const seconds = bench.seconds(6);
  const notes: string[] = [];
  const all: Measured[] = [];
  const tables: { head: string[]; rows: string[][] }[] = [];
  const goals: Goal[] = [];
  for (const each of bounds) {
    const { contenders, nameOf } = contendersAt(bench, target, each.rate, seconds, notes);
    const rounds = await runRounds(contenders, bench.pairs, bench.say);
    const head = ['% of a core', 'requests/s', 'CPU µs/request', `${bench.loadtop.name} ÷ it`];
    tables.push({
      head: [`${short(each.rate)}/s`, ...head, 'pacing p50, ms', 'pacing p99, ms'],
      rows: rounds.map((one) => row(one, rounds[0]!)),
    });
    goals.push(...goalsAt(each, rounds, nameOf));
    notes.push(
      ...rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
    );
    all.push(...rounds.flatMap((one) => present(one).map(({ measured }) => measured)));
  }
  const even = await evennessRows(bench);
  tables.push({
    head: ['arrivals', 'rate', 'index of dispersion, 10 ms', 'came ÷ planned'],
    rows: even.rows.map(({ kind, rate, index, planRatio }) => [kind, short(rate), short(index), planRatio.toFixed(5)]),
  });
  return {
    title: 'open: a fixed rate',
    about: `Open model, ${connections} connections, ${times(bench.pairs, 'round', seconds)}, ${bench.pins(true).words}. CPU time of the whole process tree from the third second to the end of the load: median (quartiles). The index of dispersion is variance ÷ mean of the arrivals at a server that logs them: 0 for a metronome, 1 for independent arrivals, more for bursts.`,
    tables,
    goals: [...goals, ...evennessGoals(even.rows)],
    notes: [...new Set(notes), ...even.notes, foreignNote([...all, ...even.measured])],
  };
};

export const openCase: Case = {
  name: 'open',
  about: 'fixed 10,000/s and 1,000/s: cost, pacing delay, evenness of arrivals',
  run: (bench) => withTarget(bench, 'open', bench.pins(true).target, (target) => runOpen(bench, target)),
  profiled: (bench, origin) => openArgs(origin, 10_000, bench.seconds(6)),
};
