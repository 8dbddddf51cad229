// Whether the numbers are true: against a server that logs each arrival on the same clock. The truth of arrival n is the
// server's end of its answer less the instant at which the plan intended it.

import { afterEach, describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { type Driven, drive, percentile } from '../helpers/drive.ts';
import { type Logged, type LogServer, startLogServer } from '../helpers/log-server.ts';

let server: LogServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const truthOf = (log: readonly Logged[], { plan, originAt }: Driven): number[] =>
  log.map(([n, , , endedAt]) => endedAt - originAt - plan.timeOf(n));

const near = (measured: number | null, truth: number): void => {
  expect(measured).not.toBeNull();
  expect(Math.abs(measured! - truth), `${measured} ms measured, ${truth} ms true`).toBeLessThanOrEqual(
    Math.max(2, truth * 0.01),
  );
};

describe('the response time', () => {
  it('shows a stall of 1 s as the server’s own log does, and the service time of later requests does not', async () => {
    server = await startLogServer({ serviceMs: 5 });
    const stalledAt = 2000;
    await server.set({ blockMs: 1000, blockAfterMs: stalledAt });
    const driven = await drive({ port: server.port, segments: constantSegments(400, 6000), forMs: 6000 });
    const log = await server.log();
    expect(log).toHaveLength(2400);
    expect(driven.summary).toMatchObject({ completed: 2400, good: 2400, balanced: true });
    const truth = truthOf(log, driven);
    near(driven.summary.response.good.p50Ms, percentile(truth, 0.5));
    near(driven.summary.response.good.p99Ms, percentile(truth, 0.99));
    near(driven.summary.response.good.p999Ms, percentile(truth, 0.999));
    expect(driven.summary.response.good.p99Ms).toBeGreaterThan(800);
    const later = driven.seconds.filter(({ second }) => second >= 4 && second < 6);
    expect(later.length).toBe(2);
    for (const { serviceP50Ms, good } of later) {
      expect(serviceP50Ms).toBeLessThan(50);
      expect(good.p50).toBeLessThan(50);
    }
    expect(driven.problems).toEqual([]);
  });

  it('counts the wait of arrivals for which there is no room, and the service time does not', async () => {
    server = await startLogServer({ serviceMs: 20 });
    // 4 connections of 20 ms carry 200/s at the most: at 300/s a third waits, ever longer.
    const driven = await drive({
      port: server.port,
      segments: constantSegments(300, 3000),
      forMs: 3000,
      spec: { connections: 4, maxInFlight: 4 },
    });
    const log = await server.log();
    const truth = truthOf(log, driven);
    near(driven.summary.response.good.p99Ms, percentile(truth, 0.99));
    expect(driven.summary.response.good.p99Ms).toBeGreaterThan(700);
    expect(driven.summary.service.good.p99Ms).toBeLessThan(100);
    expect(driven.summary.iterations.cutOff).toBe(driven.stoppedBacklog);
    expect(driven.summary.balanced).toBe(true);
  });
});

describe('arrivals', () => {
  it('are within 0.5 % of the plan over 10 s at 1,000/s', async () => {
    server = await startLogServer();
    const driven = await drive({ port: server.port, segments: constantSegments(1000, 10_000), forMs: 10_000 });
    const log = await server.log();
    expect(log.length).toBe(10_000);
    const came = log.map(([, , cameAt]) => cameAt - driven.originAt).sort((a, b) => a - b);
    for (let second = 1; second < 10; second += 1) {
      const count = came.filter((at) => at >= second * 1000 && at < (second + 1) * 1000).length;
      expect(Math.abs(count - 1000), `${count} arrivals in second ${second}`).toBeLessThanOrEqual(20);
    }
    const inTen = came.filter((at) => at < 10_000).length;
    expect(Math.abs(inTen - 10_000)).toBeLessThanOrEqual(50);
  });

  it.each(['uniform', 'poisson'] as const)(
    'are the same, in the same scenarios, for 1, 2 and 3 workers (%s)',
    async (arrivals) => {
      const runs: { driven: Driven; paths: Map<number, string> }[] = [];
      for (const workers of [1, 2, 3]) {
        server = await startLogServer();
        const driven = await drive({
          port: server.port,
          segments: constantSegments(300, 2000),
          forMs: 2000,
          paths: [
            ['/a', 1],
            ['/b', 3],
          ],
          spec: { workers, connections: 600, maxInFlight: 600, arrivals },
        });
        const log = await server.log();
        runs.push({ driven, paths: new Map(log.map(([n, path]) => [n, path])) });
        expect(driven.summary.iterations.due).toBe(log.length);
        expect(driven.summary.balanced).toBe(true);
        await server.stop();
      }
      const [one, two, three] = runs.map(({ paths }) => [...paths].sort(([a], [b]) => a - b));
      expect(one!.length).toBe(runs[0]!.driven.plan.dueBy(2000));
      expect(two).toEqual(one);
      expect(three).toEqual(one);
      // The shares are strides: each arrival once, none left out.
      expect(one!.map(([n]) => n)).toEqual(Array.from({ length: one!.length }, (_, n) => n));
    },
  );
});
