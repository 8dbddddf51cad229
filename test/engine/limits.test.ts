// Limits that change while the load runs take effect at once, without a worker being started anew.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { drive, sleep } from '../helpers/drive.ts';
import { listen } from '../helpers/listen.ts';

const slowServer = (ms: number) => listen(http.createServer((_, response) => setTimeout(() => response.end('ok'), ms)));

describe('a limit that is changed live', () => {
  it('of connections closes what is too many and opens what is allowed again', async () => {
    const server = await slowServer(20);
    const open: number[] = [];
    await drive({
      port: server.port,
      segments: constantSegments(1000, 2100),
      forMs: 2100,
      spec: { connections: 20, overflow: 'drop' },
      during: async (engine) => {
        for (const connections of [20, 5, 12]) {
          engine.limit({ connections, maxInFlight: 1000, timeoutMs: 10_000 });
          await sleep(600);
          open.push(server.open());
        }
      },
    });
    expect(open).toEqual([20, 5, 12]);
  });

  it('of requests in flight holds at once', async () => {
    const server = await slowServer(20);
    const driven = await drive({
      port: server.port,
      segments: constantSegments(1000, 1500),
      forMs: 1500,
      spec: { connections: 50 },
      during: async (engine) => {
        await sleep(700);
        engine.limit({ connections: 50, maxInFlight: 3, timeoutMs: 10_000 });
      },
    });
    const inFlight = (from: number, to: number): number[] =>
      driven.intervals.filter(({ slice }) => slice >= from && slice < to).map(({ stocks }) => stocks.inFlight);
    expect(Math.max(...inFlight(2, 6))).toBeGreaterThan(10);
    expect(Math.max(...inFlight(9, 14))).toBe(3);
  });

  it('of time holds for requests that are on their way', async () => {
    const server = await listen(http.createServer(() => {}));
    const driven = await drive({
      port: server.port,
      segments: constantSegments(50, 400),
      forMs: 1500,
      graceMs: 100,
      during: async (engine) => {
        await sleep(700);
        engine.limit({ connections: 1000, maxInFlight: 1000, timeoutMs: 300 });
      },
    });
    expect(driven.summary.outcomes).toMatchObject([{ outcome: 'timeout', count: 20 }]);
    expect(driven.summary.iterations.cutOff).toBe(0);
    expect(driven.summary.outcomes[0]!.firstAtMs).toBeGreaterThan(680);
    expect(driven.summary.outcomes[0]!.lastAtMs).toBeLessThan(900);
  });

  it('of users at full speed is that of connections', async () => {
    const server = await slowServer(10);
    const driven = await drive({
      port: server.port,
      segments: constantSegments(0, Infinity),
      forMs: 1200,
      spec: { model: 'full speed', connections: 10 },
      during: async (engine) => {
        await sleep(600);
        engine.limit({ connections: 4, maxInFlight: 4, timeoutMs: 10_000 });
      },
    });
    const inFlight = (slice: number): number | undefined =>
      driven.intervals.find((interval) => interval.slice === slice)?.stocks.inFlight;
    expect([inFlight(4), inFlight(10)]).toEqual([10, 4]);
  });
});
