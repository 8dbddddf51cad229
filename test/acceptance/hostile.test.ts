// A minute against a target that refuses, resets, stalls, answers garbage and comes back, and a run that is ended with
// thousands of requests in flight: no crash, no leak, and every arrival accounted for.

import { type ChildProcess, fork } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { drive, medianOfThree, sleep } from '../helpers/drive.ts';
import type { Mood } from '../helpers/hostile-server-process.ts';
import { type LogServer, startLogServer } from '../helpers/log-server.ts';
import { startSession } from '../helpers/session-run.ts';

let child: ChildProcess | undefined;
let server: LogServer | undefined;
afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await server?.stop();
  server = undefined;
});

const ask = <Answer>(message?: Mood | 'count'): Promise<Answer> =>
  new Promise((resolve) => {
    child!.once('message', (answer) => resolve(answer as Answer));
    if (message !== undefined) child!.send(message);
  });

describe('a target that misbehaves for a minute', () => {
  it('is driven on, and every arrival is accounted for', async () => {
    child = fork(new URL('../helpers/hostile-server-process.ts', import.meta.url));
    const { port } = await ask<{ port: number }>();
    const moods: readonly Mood[] = ['answer', 'reset', 'refuse', 'garbage', 'stall', 'half', 'answer'];
    const heap: number[] = [];
    const driven = await drive({
      port,
      segments: constantSegments(500, 60_000),
      forMs: 60_000,
      spec: { connections: 200, timeoutMs: 1000, workers: 2 },
      during: async (_, originAt) => {
        for (let step = 0; step < 14; step += 1) {
          await ask(moods[step % moods.length]!);
          await sleep(Math.max(0, (step + 1) * 4200 - (monotonicNow() - originAt)));
          if (step % moods.length === 0) heap.push(process.memoryUsage().rss);
        }
      },
    });
    const { iterations, outcomes } = driven.summary;
    expect(driven.summary.balanced).toBe(true);
    expect(iterations).toMatchObject({ due: 30_000, inFlight: 0, backlog: 0, lost: 0, notSent: 0 });
    expect(iterations.good + iterations.notGood + iterations.cutOff).toBe(30_000);
    const names = outcomes.map(({ outcome }) => outcome);
    expect(names).toEqual(expect.arrayContaining(['2xx', 'refused', 'reset', 'timeout', 'cut short', 'protocol']));
    expect(names).not.toContain('other');
    expect(names).not.toContain('ours');
    // It came back: the last seconds are good again.
    const last = driven.seconds.filter(({ second }) => second >= 57 && second < 59);
    for (const { flows } of last) expect(flows.good).toBeGreaterThan(450);
    // What it could not have read it was not sent: no request is sent twice, none in secret.
    const { read } = await ask<{ read: number }>('count');
    expect(read).toBeLessThanOrEqual(iterations.started);
    expect(driven.problems).toEqual([]);
    expect(heap[1]! - heap[0]!).toBeLessThan(60 * 1024 * 1024);
  });
});

describe('a run with 5,000 requests in flight', () => {
  it('ends within 200 ms when it is told to', async () => {
    const took = await medianOfThree(
      async () => {
        server = await startLogServer({ serviceMs: 60_000 });
        const { session } = await startSession({
          port: server.port,
          segments: constantSegments(2500, 60_000),
          connections: 5000,
          graceMs: 30_000,
        });
        await expect.poll(() => session.store.newest.stocks.inFlight, { timeout: 20_000 }).toBe(5000);
        const at = monotonicNow();
        session.dispatch({ type: 'run/abort' }, 'key');
        await expect.poll(() => session.store.newest.phase, { interval: 5 }).toBe('closed');
        const ms = monotonicNow() - at;
        const { summary, cutInFlight } = await session.ended;
        expect(cutInFlight).toBe(5000);
        expect(summary.balanced).toBe(true);
        await server.stop();
        return ms;
      },
      (ms) => ms,
    );
    expect(took).toBeLessThan(200);
  });

  it('opens its connections without stopping the loop for more than 100 ms', async () => {
    const longest = await medianOfThree(
      async () => {
        server = await startLogServer({ serviceMs: 60_000 });
        const driven = await drive({
          port: server.port,
          segments: constantSegments(20_000, 300),
          forMs: 2500,
          graceMs: 0,
          spec: { connections: 5000 },
        });
        await server.stop();
        expect(Math.max(...driven.intervals.map(({ stocks }) => stocks.connections))).toBe(5000);
        expect(driven.summary.iterations.cutOff).toBe(6000);
        return driven.summary.waits.pacing.maxMs ?? Number.NaN;
      },
      (ms) => ms,
    );
    expect(longest).toBeLessThan(100);
  });
});
