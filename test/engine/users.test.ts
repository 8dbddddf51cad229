// Virtual users on the real engine: each has a connection and one request at a time, comes and goes as the plan says.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { steer, unsteered } from '../../source/load/steer.ts';
import { drive, sleep } from '../helpers/drive.ts';
import { scenariosOf } from '../helpers/engine-spec.ts';
import { tableOf } from '../helpers/feeder-rows.ts';
import { listen } from '../helpers/listen.ts';

/** Answers after `ms`; how many requests were there at once. */
const server = async (ms: number) => {
  let now = 0;
  let most = 0;
  const http1 = http.createServer((_, response) => {
    now += 1;
    most = Math.max(most, now);
    setTimeout(() => {
      now -= 1;
      response.end('ok');
    }, ms);
  });
  return { ...(await listen(http1)), atOnce: () => most };
};

const usersIn = (driven: Awaited<ReturnType<typeof drive>>, slice: number): number =>
  driven.intervals.filter((one) => one.slice === slice).reduce((sum, { stocks }) => sum + stocks.users, 0);

describe('virtual users', () => {
  it.each([1, 3])(
    'use each row once where rows are unique, however fast each of them is (%d workers)',
    async (workers) => {
      const rows = 120;
      const came: string[] = [];
      const http1 = http.createServer(({ url = '' }, response) => {
        came.push(url);
        // Some users are slow, and others come later: fast ones have had many more iterations.
        setTimeout(() => response.end('ok'), came.length % 4 === 0 ? 100 : 2);
      });
      const { port } = await listen(http1);
      const table = tableOf(`id\n${Array.from({ length: rows }, (_, row) => `${row}\n`).join('')}`, {
        order: 'unique',
      });
      const path = ['/', { type: 'column', feeder: 0, column: 0, place: 'path' }] as const;
      const [scenario] = scenariosOf([['/', 1]]);
      const steps = scenario!.steps.map((step) => ({ ...step, path }));
      const driven = await drive({
        port,
        segments: [
          { at: 0, lengthMs: 1000, from: 1, to: 12 },
          { at: 1000, lengthMs: 4000, from: 12, to: 12 },
        ],
        forMs: 2500,
        spec: {
          ...{ model: 'closed', connections: 12, workers, limit: rows },
          ...{ feeders: [{ ...table, stream: 100 }], scenarios: [{ weight: 1, steps }] },
        },
      });
      expect(driven.summary).toMatchObject({ balanced: true, good: rows });
      expect(new Set(came).size).toBe(rows);
    },
  );

  it.each([1, 3])('come at the spawn rate, each on a connection of its own (%d workers)', async (workers) => {
    const target = await server(10);
    const driven = await drive({
      port: target.port,
      segments: [
        { at: 0, lengthMs: 1000, from: 0, to: 30 },
        { at: 1000, lengthMs: 1000, from: 30, to: 30 },
      ],
      forMs: 1900,
      spec: { model: 'closed', connections: 30, workers },
    });
    // Slice 4 ends at 500 ms, where the sixteenth is just about to begin; the slice may be closed a moment later.
    expect([15, 16]).toContain(usersIn(driven, 4));
    expect([usersIn(driven, 10), usersIn(driven, 15)]).toEqual([30, 30]);
    expect(target.made()).toBe(30);
    expect(target.atOnce()).toBe(30);
    expect(driven.summary).toMatchObject({ balanced: true, notGood: 0 });
    expect(driven.summary.waits.connect.count).toBe(30);
    // A user's response time begins when it was to begin: the connecting of its first request is in it.
    expect(driven.summary.response.good.p50Ms).toBeGreaterThanOrEqual(9.9);
  });

  it('leave after their iteration when fewer are wanted, and their connections with them', async () => {
    const target = await server(10);
    const segments = constantSegments(20, 3000);
    const driven = await drive({
      port: target.port,
      segments,
      forMs: 1500,
      spec: { model: 'closed', connections: 20, workers: 2 },
      during: async (engine, originAt) => {
        await sleep(500);
        const at = monotonicNow() - originAt + 50;
        engine.steer(steer(unsteered(segments), { type: 'rate', rate: 5, overMs: 300 }, at).switch);
        await sleep(800);
        expect(target.open()).toBe(5);
      },
    });
    expect(usersIn(driven, 4)).toBe(20);
    expect(usersIn(driven, 12)).toBe(5);
    expect(driven.summary).toMatchObject({ balanced: true, notGood: 0 });
  });

  it.each([
    [1, 'sequential'],
    [3, 'sequential'],
    [1, 'unique'],
    [3, 'unique'],
  ] as const)(
    'keep their scenario, as many of each as its weight says (%d workers, rows %s)',
    async (workers, order) => {
      const pathsOf = new Map<unknown, Set<string>>();
      const http1 = http.createServer((request, response) => {
        const paths = pathsOf.get(request.socket) ?? new Set();
        pathsOf.set(request.socket, paths.add(request.url!.split('?')[0]!));
        // Users that are not equally fast lose their places in the order of iterations.
        setTimeout(() => response.end('ok'), pathsOf.size % 3 === 0 ? 25 : 10);
      });
      const { port } = await listen(http1);
      const table = tableOf('id\n1\n', { order });
      const driven = await drive({
        port,
        segments: constantSegments(20, 700),
        forMs: 700,
        paths: [
          ['/visitor', 3],
          ['/never', 0],
          ['/reader', 1],
        ],
        spec: {
          ...{ model: 'closed', choose: 'user', connections: 20, workers },
          feeders: [{ ...table, stream: 100 }],
        },
      });
      // A connection is a user.
      const kinds = [...pathsOf.values()].map((paths) => [...paths].join());
      expect(kinds.toSorted()).toEqual([...Array(5).fill('/reader'), ...Array(15).fill('/visitor')]);
      expect(driven.summary.good).toBeGreaterThan(60);
      expect(driven.summary).toMatchObject({ balanced: true, notGood: 0 });
    },
  );

  it('rest after a failure, so that a target that refuses is not hammered', async () => {
    const driven = await drive({
      port: 9,
      segments: constantSegments(5, 1000),
      forMs: 1000,
      spec: { model: 'closed', connections: 5 },
    });
    expect(driven.summary.outcomes).toMatchObject([{ outcome: 'refused' }]);
    expect(driven.summary.outcomes[0]!.count).toBeGreaterThanOrEqual(40);
    expect(driven.summary.outcomes[0]!.count).toBeLessThanOrEqual(55);
  });
});
