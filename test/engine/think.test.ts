// Users that think between their iterations: each waits as long as is drawn for its iteration, whichever worker has it, and its
// next request is intended for the end of that wait.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { keyOf } from '../../source/common/random.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { betweenIterations, type Think, thinkMs } from '../../source/load/think.ts';
import { drive } from '../helpers/drive.ts';
import { scenariosOf } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

const users = 8;
const seed = 11;
const think: Think = { type: 'uniform', leastMs: 40, mostMs: 160 };

const thinking = async (workers: number) => {
  const came = new Map<number, number>();
  const server = http.createServer((request, response) => {
    came.set(Number(request.headers['x-arrival']), monotonicNow());
    response.end('ok');
  });
  const { port } = await listen(server);
  const scenarios = scenariosOf([['/', 1]]).map((scenario) => ({ ...scenario, think }));
  const driven = await drive({
    ...{ port, segments: constantSegments(users, Infinity), forMs: 1500 },
    spec: { model: 'closed', workers, connections: users, seed, scenarios },
  });
  return { came, driven };
};

describe('users that think', () => {
  it.each([1, 3])('wait as long as is drawn for their iteration, with %i workers', async (workers) => {
    const { came, driven } = await thinking(workers);
    expect(driven.summary).toMatchObject({ balanced: true, failed: 0, good: came.size });
    // About 100 ms each: some 15 iterations a user.
    expect(came.size).toBeGreaterThan(users * 8);
    const waits: number[] = [];
    for (const [number, at] of came) {
      const next = came.get(number + users);
      if (next !== undefined) waits.push(next - at - thinkMs(think, keyOf(seed, betweenIterations), number));
    }
    // Every user has each of its iterations, in turn.
    expect(waits).toHaveLength(came.size - users);
    waits.sort((a, b) => a - b);
    expect(waits[0]).toBeGreaterThan(-2);
    expect(waits[waits.length >> 1]).toBeLessThan(15);
    // To think is not to wait for the target.
    expect(driven.summary.response.good.p50Ms).toBeLessThan(30);
    // Nor for room: each has a connection, and what is late is late through us.
    expect(driven.summary.waits.room.maxMs).toBe(0);
    expect(driven.summary.waits.pacing.maxMs).toBeGreaterThan(0);
  });
});
