// Records the runs from which the frames of test/ui/replayed-frames.test.tsx are drawn: the built program against real
// servers, at a real pty, about a minute each. `npm run build` first; names as arguments record only those. What is kept
// of a recording, and what is made the same on every machine, is trim-recording.ts; the runs are fixture-runs.ts.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Robot } from '../helpers/robot.ts';
import { type FixtureRun, fixtureRuns } from './fixture-runs.ts';
import { trimRecording } from './trim-recording.ts';

const folder = path.resolve(import.meta.dirname, '../fixtures/recordings');
/** Runs at the same time: the machine must not be what limits them. */
const atOnce = 4;
/** From the start of the load to its end. */
const lengthMs = 66_000;
/** What comes later of a run is in no frame. */
const cutAt = 64_000;

const record = async (run: FixtureRun, work: string): Promise<void> => {
  const scene = await run.set();
  const profile = path.join(work, `${run.name}.yaml`);
  const raw = path.join(work, `${run.name}.jsonl`);
  writeFileSync(profile, JSON.stringify(scene.profile, undefined, 2));
  const flags = ['--record', raw, '-z', '10m', ...(run.flags ?? [])];
  const robot = new Robot(['run', profile, ...flags], { env: { LOADTOP_HOME: work } });
  try {
    await robot.see('RUNNING', 20_000);
    const began = performance.now();
    for (const [at, act] of run.acts ?? []) {
      await sleep(Math.max(0, at - (performance.now() - began)));
      if (typeof act === 'string') robot.press(act);
      else await act({ robot, scene });
    }
    await sleep(Math.max(0, lengthMs - (performance.now() - began)));
    robot.press('\u0003');
    await sleep(1000);
    robot.press('\u0003');
    await robot.ended(20_000);
  } finally {
    await robot.stop();
    await scene.close();
  }
  const text = trimRecording(readFileSync(raw, 'utf8'), {
    ports: scene.ports,
    work,
    cutAt: run.whole ? undefined : cutAt,
  });
  const packed = gzipSync(text, { level: 9 });
  writeFileSync(path.join(folder, `${run.name}.ndjson.gz`), packed);
  process.stdout.write(`${run.name}: ${packed.length} bytes of ${text.length}\n`);
};

const work = mkdtempSync(path.join(tmpdir(), 'loadtop-fixtures-'));
try {
  const wanted = process.argv.slice(2);
  const waiting = fixtureRuns.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await record(next, work);
      } catch (error) {
        process.exitCode = 1;
        process.stderr.write(`${next.name}: ${error instanceof Error ? error.stack : String(error)}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
} finally {
  rmSync(work, { recursive: true, force: true });
}
