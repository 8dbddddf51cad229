// Workers that come and go while the load runs: every arrival is sent once, by whoever has its share then.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { drive } from '../helpers/drive.ts';
import { scenariosOf } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

/** A rule that wants so many workers after it was asked so many times; it is not asked while a worker comes or goes. */
const scripted = (script: readonly (readonly [slice: number, workers: number])[]) => {
  let slices = 0;
  return {
    take: (share: number, _utilisation: number, workers: number): number => {
      if (share !== 0) return workers;
      slices += 1;
      return script.findLast(([from]) => slices >= from)?.[1] ?? workers;
    },
  };
};

/** A server that notes the number of each request. */
const collector = async () => {
  const numbers: number[] = [];
  const server = http.createServer((request, response) => {
    numbers.push(Number(request.headers['x-arrival']));
    response.end('ok');
  });
  return { ...(await listen(server)), numbers };
};

describe('workers that come and go', () => {
  it.each(['uniform', 'poisson'] as const)('send every arrival once (%s)', async (arrivals) => {
    const server = await collector();
    const driven = await drive({
      port: server.port,
      segments: constantSegments(800, 5000),
      forMs: 5000,
      spec: { arrivals, mostWorkers: 3, connections: 30 },
      staffing: scripted([
        [2, 2],
        [4, 3],
        [6, 2],
        [8, 1],
      ]),
    });
    expect(driven.joined).toEqual([1, 2]);
    expect(driven.left).toEqual([2, 1]);
    const due = driven.plan.dueBy(5000);
    expect(server.numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: due }, (_, n) => n));
    expect(driven.summary).toMatchObject({ balanced: true, good: due });
    expect(driven.problems).toEqual([]);
  });

  it('keep to the totals of connections and users', async () => {
    const server = await collector();
    const driven = await drive({
      port: server.port,
      segments: constantSegments(7, 4000),
      forMs: 4000,
      spec: { model: 'closed', mostWorkers: 2, connections: 7 },
      staffing: scripted([[6, 2]]),
    });
    expect(driven.joined).toEqual([1]);
    expect(new Set(server.numbers).size).toBe(server.numbers.length);
    const last = Math.max(...driven.intervals.map(({ slice }) => slice)) - 3;
    const users = driven.intervals.filter(({ slice }) => slice === last).map(({ stocks }) => stocks.users);
    expect(users.toSorted()).toEqual([3, 4]);
    expect(server.open()).toBeLessThanOrEqual(7);
    expect(driven.summary.balanced).toBe(true);
  });
});

describe('the loop of a worker', () => {
  it('is late by as long as the making of a request holds it up', async () => {
    const server = await collector();
    const [scenario] = scenariosOf([['/', 1]]);
    // 12 MB out of 1.5 million draws: at least 90 ms in one go, on a fast machine.
    const body = Array.from({ length: 3000 }, (_, stream) => ({ type: 'hex', digits: 4096, stream }) as const);
    const steps = scenario!.steps.map((step) => ({ ...step, method: 'POST', body }));
    const driven = await drive({
      port: server.port,
      segments: constantSegments(3, 2000),
      forMs: 2000,
      spec: { scenarios: [{ weight: 1, steps }], connections: 4 },
    });
    expect(driven.seconds[0]!.workers.map(({ share }) => share)).toEqual([0]);
    const delays = driven.intervals.map(({ loopDelayMs }) => loopDelayMs).filter((delay) => !Number.isNaN(delay));
    expect(Math.max(...delays)).toBeGreaterThan(40);
    expect(driven.problems).toEqual([]);
  });
});
