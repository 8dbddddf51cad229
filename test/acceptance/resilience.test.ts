// What the load does when this program itself is in trouble: a main thread that stands still, a worker that dies, a
// process that is stopped and goes on. Instants are the target's, on the same clock.

import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { type ArrivalPlan, constantSegments } from '../../source/load/arrival-plan.ts';
import { drive, medianOfThree, percentile, sleep } from '../helpers/drive.ts';
import { type LogServer, startLogServer } from '../helpers/log-server.ts';
import { startSession } from '../helpers/session-run.ts';

let server: LogServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** The main thread does nothing for so long, not even take messages. */
const freeze = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

/** How late requests came at the target after the plan's instant, ms, in a stretch of run time. */
const lateness = async (
  from: LogServer,
  originAt: number,
  plan: ArrivalPlan,
  start: number,
  end: number,
): Promise<number[]> =>
  (await from.log())
    .map(([n, , cameAt]) => ({ at: cameAt - originAt, late: cameAt - originAt - plan.timeOf(n) }))
    .filter(({ at }) => at >= start && at < end)
    .map(({ late }) => late);

describe('a main thread that stands still', () => {
  it('does not change send times', async () => {
    const measured = await medianOfThree(
      async () => {
        server = await startLogServer();
        const segments = constantSegments(500, 5000);
        const driven = await drive({
          port: server.port,
          segments,
          forMs: 5000,
          during: async (_, originAt) => {
            await sleep(2000 - (monotonicNow() - originAt));
            freeze(2000);
          },
        });
        const before = await lateness(server, driven.originAt, driven.plan, 500, 2000);
        const frozen = await lateness(server, driven.originAt, driven.plan, 2050, 3950);
        await server.stop();
        expect(driven.summary).toMatchObject({ completed: 2500, balanced: true });
        expect(frozen.length).toBeGreaterThan(930);
        return { before: percentile(before, 0.99), frozen: percentile(frozen, 0.99) };
      },
      ({ before, frozen }) => frozen - before,
    );
    expect(measured.frozen).toBeLessThanOrEqual(measured.before + 5);
  });

  it('stops the load after 3 s, which comes back paused and goes on when it is resumed', async () => {
    server = await startLogServer();
    const { session, events, originAt } = await startSession({
      port: server.port,
      segments: constantSegments(200, 6000),
    });
    await sleep(1000);
    const frozenAt = monotonicNow() - originAt;
    freeze(4500);
    const backAt = monotonicNow() - originAt;
    await sleep(300);
    const stopped = (await server.log()).map(([, , cameAt]) => cameAt - originAt);
    const last = Math.max(...stopped);
    expect(last - frozenAt).toBeGreaterThan(2500);
    expect(last - frozenAt).toBeLessThan(3500);
    expect(session.store.newest.phase).toBe('paused');
    expect(session.store.newest.log.some(({ text }) => text.includes('stood still'))).toBe(true);
    await sleep(500);
    expect((await server.log()).length).toBe(stopped.length);
    session.dispatch({ type: 'run/resume' }, 'key');
    await sleep(600);
    const resumed = (await server.log()).length - stopped.length;
    expect(resumed).toBeGreaterThan(60);
    // Nothing of the time in between is made up for.
    expect(resumed).toBeLessThan(160);
    session.dispatch({ type: 'run/stop' }, 'key');
    const { summary } = await session.ended;
    expect(summary.balanced).toBe(true);
    expect(summary.iterations.notSent).toBeGreaterThan(((backAt - frozenAt - 3000) / 1000) * 200 * 0.8);
    expect(summary.generator.bad.length).toBeGreaterThan(0);
    expect(events.some((event) => event.type === 'plan/changed' && event.source === 'dead-man')).toBe(true);
  });
});

describe('a worker that dies', () => {
  it('has its share taken over, what it had is counted as lost, and the run is marked', async () => {
    server = await startLogServer({ serviceMs: 30 });
    const workers: Worker[] = [];
    const remember = (worker: Worker): void => void workers.push(worker);
    process.on('worker', remember);
    const driven = await drive({
      port: server.port,
      segments: constantSegments(400, 5000),
      forMs: 5000,
      spec: { workers: 2, connections: 600, maxInFlight: 600 },
      during: async () => {
        await sleep(2000);
        await workers[0]!.terminate();
      },
    });
    process.off('worker', remember);
    expect(driven.lost).toEqual([0]);
    expect(driven.takenOver).toEqual([0]);
    const { iterations, generator } = driven.summary;
    expect(driven.summary.balanced).toBe(true);
    expect(iterations.due).toBe(2000);
    expect(iterations.lost).toBeGreaterThan(0);
    expect(iterations.lost).toBeLessThan(100);
    expect(generator.bad[0]!.reasons.join()).toContain('worker died');
    const log = await server.log();
    const numbers = log.map(([n]) => n);
    expect(new Set(numbers).size).toBe(numbers.length);
    // Both strides go on after the loss.
    const late = log.filter(([, , cameAt]) => cameAt - driven.originAt > 3500).map(([n]) => n % 2);
    expect(late.filter((stride) => stride === 0).length).toBeGreaterThan(200);
    expect(late.filter((stride) => stride === 1).length).toBeGreaterThan(200);
    expect(iterations.good + iterations.lost + iterations.notSent).toBe(2000);
  });
});

describe('the limit', () => {
  it('is our own where a healthy server is given too few connections', async () => {
    server = await startLogServer({ serviceMs: 100 });
    const driven = await drive({
      port: server.port,
      segments: constantSegments(100, 4000),
      forMs: 4000,
      spec: { connections: 5, maxInFlight: 5 },
    });
    expect(driven.ownLimitSeconds).toEqual(expect.arrayContaining([0, 1, 2, 3]));
    expect(driven.summary.generator.bad).toEqual([]);
    expect(driven.summary.iterations.cutOff).toBeGreaterThan(100);
    expect(driven.summary.balanced).toBe(true);
  });

  it('is the target’s where it slows down', async () => {
    server = await startLogServer({ serviceMs: 20 });
    const slow = server;
    const driven = await drive({
      port: server.port,
      segments: constantSegments(100, 5000),
      forMs: 5000,
      spec: { connections: 20, maxInFlight: 20 },
      during: async () => {
        await sleep(2000);
        await slow.set({ serviceMs: 1000 });
      },
    });
    expect(driven.seconds.some(({ stocks }) => stocks.backlog > 0)).toBe(true);
    expect(driven.ownLimitSeconds).toEqual([]);
    expect(driven.summary.generator.bad).toEqual([]);
  });
});

describe('steering', () => {
  it('changes the rate within 250 ms, and pauses, resumes and drops as asked', async () => {
    server = await startLogServer();
    const { session, originAt } = await startSession({
      port: server.port,
      segments: constantSegments(100, 60_000),
      workers: 2,
    });
    const now = (): number => monotonicNow() - originAt;
    const between = async (start: number, end: number): Promise<number> =>
      (await server!.log()).filter(([, , cameAt]) => cameAt - originAt >= start && cameAt - originAt < end).length;
    await sleep(1000);
    const raisedAt = now();
    expect(session.dispatch({ type: 'rate/set', rate: 800 }, 'key').type).toBe('asked');
    session.dispatch({ type: 'question/answer', yes: true }, 'key');
    await sleep(1300);
    expect(await between(raisedAt + 250, raisedAt + 1250)).toBeGreaterThan(760);
    expect(session.store.newest.plan).toMatchObject({ wanted: 800, applied: 800, revision: 1, appliedRevision: 1 });
    session.dispatch({ type: 'run/pause' }, 'key');
    const pausedAt = now();
    await sleep(700);
    expect(await between(pausedAt + 100, pausedAt + 700)).toBe(0);
    session.dispatch({ type: 'run/resume' }, 'key');
    const resumedAt = now();
    await sleep(1100);
    const resumed = await between(resumedAt, resumedAt + 1050);
    expect(resumed).toBeGreaterThan(720);
    expect(resumed).toBeLessThan(880);
    session.dispatch({ type: 'rate/zero' }, 'key');
    const zeroAt = now();
    await sleep(500);
    expect(await between(zeroAt + 100, zeroAt + 500)).toBe(0);
    session.dispatch({ type: 'run/stop' }, 'key');
    const { summary } = await session.ended;
    expect(summary.balanced).toBe(true);
    // What was due in the last millisecond before zero was dropped with the backlog, not sent after it.
    const { good, dropped, due } = summary.iterations;
    expect(good + dropped).toBe(due);
    expect(dropped).toBeLessThan(10);
  });

  it('ends at once when asked to, whatever is in flight', async () => {
    server = await startLogServer({ serviceMs: 60_000 });
    const { session } = await startSession({
      port: server.port,
      segments: constantSegments(500, 60_000),
      graceMs: 30_000,
    });
    await sleep(1500);
    session.dispatch({ type: 'run/stop' }, 'key');
    await sleep(200);
    expect(session.store.newest.phase).toBe('draining');
    const at = monotonicNow();
    session.dispatch({ type: 'run/abort' }, 'key');
    const ending = await session.ended;
    expect(monotonicNow() - at).toBeLessThan(1000);
    expect(ending).toMatchObject({ aborted: true, broken: false });
    expect(ending.cutInFlight).toBeGreaterThan(500);
    expect(ending.summary.balanced).toBe(true);
  });
});
