// Bursts on the real engine: connections stand before anything is sent, all of a round leaves at once, rounds do not overlap.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { drive } from '../helpers/drive.ts';
import { listen } from '../helpers/listen.ts';

const collector = async (serviceMs = 0) => {
  const came: number[] = [];
  const server = http.createServer((_, response) => {
    came.push(monotonicNow());
    setTimeout(() => response.end('ok'), serviceMs);
  });
  return { ...(await listen(server)), came };
};

describe('a burst', () => {
  it.each([1, 2])('is sent at once on connections that stand, round after round (%d workers)', async (workers) => {
    const target = await collector(20);
    const driven = await drive({
      port: target.port,
      segments: [],
      forMs: 1500,
      spec: {
        model: 'burst',
        workers,
        connections: 300,
        burst: { sizes: [300, 200], afterMs: 0, pauseMs: 200, errorLimit: undefined },
      },
    });
    expect(driven.rounds).toMatchObject([
      { round: 0, size: 300, good: 300, notGood: 0 },
      { round: 1, size: 200, good: 200, notGood: 0 },
    ]);
    expect(driven.summary).toMatchObject({ balanced: true, good: 500, notGood: 0 });
    expect(target.made()).toBe(300);
    const [first, second] = driven.rounds;
    const since = target.came.map((at) => at - driven.originAt);
    expect(since.slice(0, 300).every((at) => at >= first!.releasedAt)).toBe(true);
    expect(since.slice(300).every((at) => at >= second!.releasedAt)).toBe(true);
    expect(second!.releasedAt).toBeGreaterThan(first!.releasedAt + first!.totalMs + 200 - 1);
    // The time of a request counts from the release.
    expect(driven.summary.response.good.minMs).toBeGreaterThanOrEqual(19.9);
    expect(first!.sendSpreadMs).toBeLessThan(first!.totalMs);
  });

  it.each([1, 2])('is the last once it has too many errors, with %i workers, and says which', async (workers) => {
    // Every request beyond the twentieth of a round is refused by the target.
    let inRound = 0;
    const server = http.createServer((request, response) => {
      inRound += 1;
      const full = inRound > 20;
      request.resume();
      setTimeout(() => {
        inRound = 0;
        response.writeHead(full ? 429 : 200).end();
      }, 100);
    });
    const { port } = await listen(server);
    const sizes = [10, 20, 30, 40];
    const driven = await drive({
      ...{ port, segments: [], forMs: 2500 },
      spec: {
        ...{ model: 'burst', workers, connections: 40 },
        burst: { sizes, afterMs: 0, pauseMs: 50, errorLimit: { type: 'share', most: 0.1 } },
      },
    });
    expect(driven.rounds.map(({ size, notGood }) => [size, notGood])).toEqual([
      [10, 0],
      [20, 0],
      [30, 10],
    ]);
    expect(driven.rounds.at(-1)).toMatchObject({ good: 20, failures: [{ outcome: '429', count: 10 }] });
    for (const { response, totalMs } of driven.rounds) {
      expect(response.p50).toBeGreaterThan(99);
      expect(response.max).toBeLessThanOrEqual(totalMs * 1.01 + 1);
      expect(response.p95).toBeLessThanOrEqual(response.max);
    }
  });

  it('comes to its end where the target refuses', async () => {
    const driven = await drive({
      port: 9,
      segments: [],
      forMs: 800,
      spec: {
        model: 'burst',
        connections: 20,
        burst: { sizes: [20, 20], afterMs: 0, pauseMs: 50, errorLimit: undefined },
      },
    });
    expect(driven.rounds).toMatchObject([
      { good: 0, notGood: 20 },
      { good: 0, notGood: 20 },
    ]);
    expect(driven.summary.outcomes).toMatchObject([{ outcome: 'refused', count: 40 }]);
  });

  it('that is held back when the run ends is cut off, not waited for', async () => {
    const target = await collector();
    const begun = monotonicNow();
    const driven = await drive({
      port: target.port,
      segments: [],
      forMs: 500,
      graceMs: 20_000,
      spec: { model: 'burst', connections: 50, burst: { sizes: [50], afterMs: 0, pauseMs: 0, errorLimit: undefined } },
      during: (engine) => {
        const plan = { revision: 1, segments: [] };
        engine.steer({ at: 0, plan, gate: 'hold', dropBacklog: false, moveBacklogMs: 0 });
      },
    });
    expect(monotonicNow() - begun).toBeLessThan(10_000);
    expect(target.came).toEqual([]);
    expect(driven.summary.iterations).toMatchObject({ due: 50, cutOff: 50, inFlight: 0 });
    expect(driven.summary.balanced).toBe(true);
  });
});
