// document-session stopped at random moments: whichever way it ends, nothing stays at the target that loadtop cleanup does not
// remove. One thing cannot be known: what a killed program had asked for and not been told of.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draw } from '../../source/common/random.ts';
import { type DemoTarget, startDemoTarget } from '../helpers/demo-target.ts';
import { startProgram } from '../helpers/start-program.ts';

type Way = 'Ctrl+C' | 'SIGTERM' | 'two Ctrl+C' | 'killed' | 'target killed';

const seed = 8;
/** How long after the first session a run is stopped, ms: from, and at the most so much later. */
const fromMs = 300;
const mostMs = 700;
/** A killed program may have heard so lately that it had not written it down, ms. */
const unwrittenMs = 1000;
/** Sessions that are open when a run is stopped: users go in step, and at times all of them are between two. */
const leastOpen = 3;
/** The ways of which it is asked what was there to remove. */
const seen: readonly Way[] = ['Ctrl+C', 'killed', 'target killed'];
/** Runs at once. */
const lanes = 3;

const ways: readonly Way[] = [
  ...Array.from({ length: 8 }, (): Way => 'Ctrl+C'),
  ...Array.from({ length: 5 }, (): Way => 'SIGTERM'),
  ...Array.from({ length: 6 }, (): Way => 'two Ctrl+C'),
  ...Array.from({ length: 7 }, (): Way => 'killed'),
  ...Array.from({ length: 4 }, (): Way => 'target killed'),
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'loadtop-cleanup-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

const start = (args: readonly string[]) =>
  startProgram(args, { folder, env: { XDG_CACHE_HOME: path.join(folder, 'cache') } });

interface Sessions {
  readonly created: number;
  readonly deleted: number;
  readonly left: number;
  readonly leftOpen: readonly { readonly id: string; readonly order: string }[];
}

const sessionsOf = async (target: DemoTarget): Promise<Sessions> =>
  (await target.counters()).sessions as unknown as Sessions;

/** The recording of a run, as far as it is whole. */
const eventsOf = (file: string): readonly Readonly<Record<string, unknown>>[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const flags = ['--service-ms', '15'];

/** A target on the port of one that is gone. */
const again = (origin: string): Promise<DemoTarget> => startDemoTarget([...flags, '--port', new URL(origin).port]);

interface Stopped {
  readonly way: Way;
  readonly code: number | null;
  readonly recording: string;
  readonly stoppedAt: number;
  readonly target: DemoTarget;
}

/** Sessions that are open and known to the program; of one that is to be killed, written down by it. */
const knownOpen = async (way: Way, recording: string, target: DemoTarget): Promise<number> => {
  if (way !== 'killed') return (await sessionsOf(target)).leftOpen.filter(({ order }) => order !== 'create').length;
  const held = new Set<string>();
  for (const { made = [], removed = [] } of eventsOf(recording) as readonly Partial<Record<string, string[]>>[]) {
    for (const one of removed) held.delete(one);
    for (const one of made) held.add(one);
  }
  return held.size;
};

/** Runs the profile and stops it a while after its first session, in the midst of others. */
const stopped = async (way: Way, n: number, before: DemoTarget): Promise<Stopped> => {
  await before.resetCounters();
  const recording = path.join(folder, `${n}.jsonl`);
  const users = ['--set', 'users=10', '--set', 'spawn=1000', '--set', 'think=10ms', '--set', 'duration=60s'];
  const args = ['run', 'document-session', '--host', before.origin, '--no-tui', '--record', recording, ...users];
  const { child, ended } = start([...args, '-w', '1', '--no-probe']);
  let failed: string | undefined;
  ended.then(({ stdout, stderr }) => {
    failed = stdout + stderr;
  });
  while ((await sessionsOf(before)).created === 0) {
    if (failed !== undefined) throw new Error(`the run ended before its first session: ${failed}`);
    await pause(20);
  }
  await pause(fromMs + mostMs * draw(seed, n, 1));
  // The others stop wherever they are, also where all sessions are being opened.
  if (seen.includes(way)) while ((await knownOpen(way, recording, before)) < leastOpen) await pause(1);
  const stoppedAt = Date.now();
  let target = before;
  switch (way) {
    case 'Ctrl+C':
    case 'SIGTERM':
      child.kill(way === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
      break;
    case 'two Ctrl+C':
      child.kill('SIGINT');
      await pause(60 * draw(seed, n, 2));
      child.kill('SIGINT');
      break;
    case 'killed':
      child.kill('SIGKILL');
      break;
    case 'target killed':
      process.kill(before.pid, 'SIGKILL');
      await pause(100);
      child.kill('SIGINT');
  }
  const { code } = await ended;
  if (way === 'target killed') target = await again(before.origin);
  return { way, code, recording, stoppedAt, target };
};

/** What is still at the target, less what the program could not know of. */
const unknownTo = async ({ recording, target, stoppedAt }: Stopped): Promise<readonly string[]> => {
  const made = new Set(eventsOf(recording).flatMap((event) => (event.made ?? []) as string[]));
  const { leftOpen } = await sessionsOf(target);
  const unknown: string[] = [];
  for (const { id, order } of leftOpen) {
    const url = `/api/v1/documents/session/${id}`;
    const answer = await fetch(`${target.origin}${url}`);
    const { created_at: createdAt } = (await answer.json()) as { created_at: string };
    expect(made.has(`DELETE ${url}`), `${order}, made ${stoppedAt - Date.parse(createdAt)} ms before`).toBe(false);
    expect(stoppedAt - Date.parse(createdAt)).toBeLessThan(unwrittenMs);
    unknown.push(id);
    await fetch(`${target.origin}${url}`, { method: 'DELETE' });
  }
  return unknown;
};

const cleanUp = (recording: string) =>
  start(['cleanup', recording]).ended.then(({ code, stdout, stderr }) => ({
    code,
    text: stdout + stderr,
  }));

/** Stops a run and cleans up after it; what is to hold in each case is held. */
const held = async (way: Way, n: number, before: DemoTarget): Promise<Stopped & { readonly text: string }> => {
  const result = await stopped(way, n, before);
  const first = await cleanUp(result.recording);
  expect(first.code, `${way}: ${first.text}`).toBe(0);
  const unknown = await unknownTo(result);
  if (way !== 'killed') expect(unknown, way).toEqual([]);
  expect((await sessionsOf(result.target)).left, way).toBe(0);
  const second = await cleanUp(result.recording);
  expect(second).toEqual({ code: 0, text: 'nothing is left of this run\n' });
  return { ...result, text: first.text };
};

describe('document-session, stopped at a random moment', () => {
  it(`leaves nothing that loadtop cleanup does not remove, ${ways.length} times`, async () => {
    const cases = ways
      .map((way, n) => ({ way, n }))
      .toSorted((one, other) => draw(seed, one.n, 3) - draw(seed, other.n, 3));
    const results: Awaited<ReturnType<typeof held>>[] = [];
    const lane = async (): Promise<void> => {
      let target = await startDemoTarget(flags);
      try {
        for (let next = cases.shift(); next; next = cases.shift()) {
          const result = await held(next.way, next.n, target);
          ({ target } = result);
          results.push(result);
        }
      } finally {
        await target.stop();
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    expect(results).toHaveLength(ways.length);
    const codes = (way: Way) => new Set(results.filter((one) => one.way === way).map(({ code }) => code));
    expect(codes('Ctrl+C')).toEqual(new Set([0]));
    expect(codes('killed')).toEqual(new Set([null]));
    // It was stopped in the middle of sessions, not between them: else all of this would show nothing.
    const cleaned = results.filter(({ way, recording }) => way === 'Ctrl+C' && cleanedUp(recording) > 0);
    expect(cleaned.length).toBeGreaterThan(4);
    const commanded = results.filter(({ text }) => /^cleaned up [1-9]\d* of /m.test(text)).map(({ way }) => way);
    const wayCount = (list: readonly Way[], wanted: Way): number => list.filter((way) => way === wanted).length;
    for (const way of ['killed', 'target killed'] as const) expect(wayCount(commanded, way)).toBe(wayCount(ways, way));
    expect(codes('two Ctrl+C')).toContain(130);
  }, 280_000);
});

const cleanedUp = (recording: string): number => {
  const closed = eventsOf(recording).at(-1) as { readonly summary: { readonly resources: { cleanedUp: number } } };
  return closed.summary.resources.cleanedUp;
};
