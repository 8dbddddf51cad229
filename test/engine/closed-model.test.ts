// The closed models on the real engine: every user busy, each number once, and a target without answers left in peace.

import http from 'node:http';
import net from 'node:net';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { steer, unsteered } from '../../source/load/steer.ts';
import type { Interval } from '../../source/measure/interval.ts';
import { type Driven, type DriveOptions, drive, sleep } from '../helpers/drive.ts';
import type { SpecPatch } from '../helpers/engine-spec.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Listens on a free port; how many connections were made is counted. */
const listen = async (server: net.Server): Promise<{ readonly port: number; connections: () => number }> => {
  const sockets = new Set<net.Socket>();
  let made = 0;
  server.on('connection', (socket: net.Socket) => {
    made += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  cleanUps.push(
    () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, connections: () => made };
};

/** A server that takes `serviceMs` for an answer and notes the number and the instant of each request. */
const collector = async (serviceMs: number) => {
  const came: { readonly n: number; readonly at: number }[] = [];
  let now = 0;
  let most = 0;
  const server = http.createServer((request, response) => {
    came.push({ n: Number(request.headers['x-arrival']), at: monotonicNow() });
    now += 1;
    most = Math.max(most, now);
    setTimeout(() => {
      now -= 1;
      response.end('ok');
    }, serviceMs);
  });
  const listening = await listen(server);
  return { ...listening, came, atOnce: () => most, numbers: () => came.map(({ n }) => n) };
};

const fullSpeed = (options: Omit<DriveOptions, 'segments'> & { readonly spec: SpecPatch }): Promise<Driven> =>
  drive({
    segments: constantSegments(0, Infinity),
    ...options,
    spec: { model: 'full speed', maxInFlight: options.spec.connections ?? 1, ...options.spec },
  });

/** In flight in whole slices in a stretch of run time, all shares together. */
const inFlight = (intervals: readonly Interval[], from: number, to: number): number[] => {
  const bySlice = new Map<number, number>();
  for (const { slice, stocks } of intervals) {
    if (slice * 100 >= from && slice * 100 + 100 <= to) bySlice.set(slice, (bySlice.get(slice) ?? 0) + stocks.inFlight);
  }
  return [...bySlice.values()];
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

/** Each share took its own numbers in order, and none of them twice; shares do not go at the same speed. */
const expectWholeShares = (numbers: readonly number[], workers: number): void => {
  for (const index of upTo(workers)) {
    const own = ascending(numbers.filter((n) => n % workers === index));
    expect(own).toEqual(upTo(own.length).map((nth) => nth * workers + index));
  }
};

const books = ({ summary }: Driven) => {
  const { due, good, notGood, dropped, notSent, cutOff, lost } = summary.iterations;
  return { due, accounted: good + notGood + dropped + notSent + cutOff + lost };
};

describe('full speed', () => {
  it.each([1, 2])('uses exactly the connections it is given and keeps all busy, with %d workers', async (workers) => {
    const server = await collector(15);
    const driven = await fullSpeed({ port: server.port, forMs: 900, spec: { workers, connections: 6 } });
    expect(server.connections()).toBe(6);
    expect(server.atOnce()).toBe(6);
    // A connection is given its next request in the turn in which it became free: at no slice's end is one idle.
    const all = inFlight(driven.intervals, 0, 900);
    const busy = all.slice(all.indexOf(6));
    expect(busy.length).toBeGreaterThan(3);
    expect(new Set(busy)).toEqual(new Set([6]));
    expectWholeShares(server.numbers(), workers);
    expect(driven.problems).toEqual([]);
    expect(driven.summary).toMatchObject({ balanced: true, failed: 0, good: server.came.length });
    expect(driven.summary.iterations).toMatchObject({ due: server.came.length, inFlight: 0, backlog: 0 });
  });

  it.each([
    [1, 6, 101],
    [2, 6, 101],
    [2, 6, 3],
  ])('with %d workers and %d connections ends after exactly %d iterations', async (workers, connections, limit) => {
    const server = await collector(5);
    const driven = await fullSpeed({
      port: server.port,
      forMs: 0,
      spec: { workers, connections, limit },
      during: async () => {
        await expect.poll(() => server.came.length, { timeout: 8000 }).toBeGreaterThanOrEqual(limit);
        // Time for one too many.
        await sleep(200);
      },
    });
    expect(ascending(server.numbers())).toEqual(upTo(limit));
    expect(driven.summary).toMatchObject({ balanced: true, completed: limit, good: limit });
    expect(driven.summary.iterations).toMatchObject({ due: limit, cutOff: 0, inFlight: 0 });
  });

  it('sends nothing while paused, and is back on all its connections when it is resumed', async () => {
    const server = await collector(10);
    let pausedAt = 0;
    let resumedAt = 0;
    const driven = await fullSpeed({
      port: server.port,
      forMs: 0,
      spec: { workers: 2, connections: 4 },
      during: async (engine, originAt) => {
        const now = (): number => monotonicNow() - originAt;
        await expect.poll(() => server.came.length, { timeout: 8000 }).toBeGreaterThan(40);
        pausedAt = now() + 50;
        const paused = steer(unsteered(constantSegments(0, Infinity)), { type: 'pause' }, pausedAt);
        engine.steer(paused.switch);
        await sleep(550);
        resumedAt = now() + 50;
        engine.steer(steer(paused.steering, { type: 'resume' }, resumedAt).switch);
        await sleep(700);
      },
    });
    const at = server.came.map((request) => request.at - driven.originAt);
    // What was sent by the instant of the pause may take a moment to be seen here.
    expect(at.filter((ms) => ms > pausedAt + 40 && ms < resumedAt - 1)).toEqual([]);
    expect(at.filter((ms) => ms > resumedAt).length).toBeGreaterThan(40);
    expect(new Set(inFlight(driven.intervals, pausedAt + 100, resumedAt - 1))).toEqual(new Set([0]));
    expect(new Set(inFlight(driven.intervals, resumedAt + 200, resumedAt + 500))).toEqual(new Set([4]));
    expect(server.connections()).toBe(4);
    expectWholeShares(server.numbers(), 2);
    expect(driven.summary.balanced).toBe(true);
    expect(driven.summary.iterations).toMatchObject({ due: server.came.length, good: server.came.length });
  });

  it('goes on with the share of a worker that dies, with none of its numbers twice', async () => {
    const server = await collector(10);
    const workers: Worker[] = [];
    const remember = (worker: Worker): void => void workers.push(worker);
    process.on('worker', remember);
    cleanUps.push(async () => void process.off('worker', remember));
    const driven = await fullSpeed({
      port: server.port,
      forMs: 0,
      spec: { workers: 2, connections: 6 },
      during: async () => {
        await expect.poll(() => server.came.length, { timeout: 8000 }).toBeGreaterThan(150);
        await workers[0]!.terminate();
        // What it sent last is on its way.
        await sleep(30);
        const evens = (): number => server.numbers().filter((n) => n % 2 === 0).length;
        const before = evens();
        await expect.poll(() => workers.length, { timeout: 8000 }).toBe(3);
        await expect.poll(evens, { timeout: 8000 }).toBeGreaterThan(before + 40);
      },
    });
    expect(driven.lost).toEqual([0]);
    expect(driven.takenOver).toEqual([0]);
    const numbers = server.numbers();
    const seen = new Set<number>();
    const twice = numbers.filter((n) => seen.size === seen.add(n).size);
    expect(twice).toEqual([]);
    // The other share misses nothing; this one at most what was lost with the worker.
    const odd = ascending(numbers.filter((n) => n % 2 === 1));
    expect(odd).toEqual(upTo(odd.length).map((nth) => nth * 2 + 1));
    const even = ascending(numbers.filter((n) => n % 2 === 0));
    const { lost } = driven.summary.iterations;
    expect(lost).toBeGreaterThan(0);
    expect(even.at(-1)! / 2 + 1 - even.length).toBeLessThanOrEqual(lost);
    expect(driven.summary.balanced).toBe(true);
    const { due, accounted } = books(driven);
    expect(accounted).toBe(due);
  });
});

describe('a target without complete answers', () => {
  const connections = 5;
  const forMs = 1200;

  /** A connection that rests 100 ms after each request begins at most one more than fit into the time. */
  const expectRested = (driven: Driven, failures: number): void => {
    const ranMs = Math.max(forMs, ...driven.intervals.map(({ slice }) => (slice + 1) * 100));
    expect(failures).toBeLessThanOrEqual(connections * (Math.ceil(ranMs / 100) + 1));
    // It is tried again and again nevertheless.
    expect(failures).toBeGreaterThanOrEqual(connections * 3);
    expect(driven.problems).toEqual([]);
    expect(driven.summary).toMatchObject({ balanced: true, completed: 0, good: 0, failed: failures });
    const { due, accounted } = books(driven);
    expect(accounted).toBe(due);
  };

  it('is not hammered where it refuses', async () => {
    const freed = net.createServer();
    const { port } = await listen(freed);
    await new Promise<void>((done) => freed.close(() => done()));
    cleanUps.length = 0;
    const driven = await fullSpeed({ port, forMs, spec: { connections } });
    expect(driven.summary.outcomes).toMatchObject([{ outcome: 'refused' }]);
    expectRested(driven, driven.summary.outcomes[0]!.count);
  });

  it.each<[string, string, (socket: net.Socket) => void]>([
    [
      'closes the connection within its answer',
      'cut short',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf'),
    ],
    [
      'resets the connection within its answer',
      'reset',
      (socket) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf', () =>
          setTimeout(() => socket.resetAndDestroy(), 5),
        ),
    ],
    ['closes the connection before its answer', 'cut short', (socket) => socket.end()],
  ])('is not hammered where it %s', async (_, outcome, script) => {
    const { port } = await listen(net.createServer((socket) => socket.once('data', () => script(socket))));
    const driven = await fullSpeed({ port, forMs, spec: { connections } });
    expect(driven.summary.outcomes).toMatchObject([{ outcome }]);
    expectRested(driven, driven.summary.outcomes[0]!.count);
  });

  it('is at full speed again once it answers', async () => {
    let dead = true;
    let answered = 0;
    const server = http.createServer((_, response) => {
      if (dead) response.socket?.resetAndDestroy();
      else {
        answered += 1;
        setTimeout(() => response.end('ok'), 5);
      }
    });
    const { port } = await listen(server);
    const driven = await fullSpeed({
      port,
      forMs: 0,
      spec: { connections },
      during: async () => {
        await sleep(400);
        dead = false;
        await expect.poll(() => answered, { timeout: 8000 }).toBeGreaterThan(200);
      },
    });
    expect(driven.summary).toMatchObject({ balanced: true, completed: answered, good: answered });
    expect(driven.summary.failed).toBeGreaterThan(0);
    // All five are back: far more answers in a second than resting connections could have.
    const last = driven.intervals.filter(({ flows }) => flows.good > 0).at(-2);
    expect(last?.stocks.inFlight).toBe(connections);
  });
});
