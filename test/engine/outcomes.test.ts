// How requests end, seen by the real engine on real sockets: a few ways for the gate, all of them in acceptance/fault-matrix-*,
// and what that means for connections and steps.

import http from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { Summary } from '../../source/measure/summary.ts';
import { drive } from '../helpers/drive.ts';
import type { SpecPatch } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

const portOf = async (server: net.Server): Promise<number> => (await listen(server)).port;

const httpServer = (handler: http.RequestListener): Promise<number> => portOf(http.createServer(handler));

/** Answers each request's bytes with what `script` writes. */
const rawServer = (script: (socket: net.Socket) => void): Promise<number> =>
  portOf(net.createServer((socket) => socket.once('data', () => script(socket))));

/** 20 requests at 100/s; the outcomes. */
const outcomesOf = async (port: number, spec: SpecPatch = {}): Promise<Summary> => {
  const driven = await drive({ port, segments: constantSegments(100, 200), forMs: 250, spec, graceMs: 4000 });
  expect(driven.problems).toEqual([]);
  expect(driven.summary.balanced).toBe(true);
  expect(driven.summary.iterations).toMatchObject({ due: 20, inFlight: 0, backlog: 0 });
  return driven.summary;
};

const answering = (status: number): Promise<number> =>
  httpServer((request, response) => {
    request.resume();
    response.writeHead(status).end('x');
  });

describe('an answer', () => {
  it.each([
    [200, '2xx', 20],
    [429, '429', 0],
    [524, '524', 0],
  ])('of %d is %s', async (status, outcome, good) => {
    const summary = await outcomesOf(await answering(status));
    expect(summary.outcomes).toMatchObject([{ outcome, count: 20 }]);
    expect(summary).toMatchObject({ completed: 20, failed: 0, good });
  });
});

describe('a request without an answer', () => {
  it.each<[string, string, () => Promise<number>, SpecPatch?]>([
    ['the connection is reset', 'reset', () => rawServer((socket) => socket.resetAndDestroy())],
    ['no headers come', 'timeout', () => rawServer(() => {}), { timeoutMs: 300 }],
  ])('because %s is %s', async (_, outcome, start, spec) => {
    const summary = await outcomesOf(await start(), spec);
    expect(summary.outcomes).toMatchObject([{ outcome, count: 20 }]);
    expect(summary).toMatchObject({ completed: 0, failed: 20, good: 0 });
    expect(summary.response.notGood.count).toBe(20);
    expect(summary.response.good.count).toBe(0);
    expect(summary.outcomes[0]!.example).toBeTruthy();
  });
});

describe('connections', () => {
  it('go to another address where one refuses', async () => {
    const port = await answering(200);
    const summary = await outcomesOf(port, {
      addresses: [
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    });
    expect(summary.good).toBe(20);
  });

  it('are used again, and made anew where the target closes them after each answer', async () => {
    let made = 0;
    const count = (): void => {
      made += 1;
    };
    const keeping = http.createServer((_, response) => response.end('x')).on('connection', count);
    expect((await outcomesOf(await portOf(keeping), { connections: 1, maxInFlight: 1 })).good).toBe(20);
    expect(made).toBe(1);
    const closing = http
      .createServer((_, response) => response.setHeader('connection', 'close').end('x'))
      .on('connection', count);
    expect((await outcomesOf(await portOf(closing), { connections: 1, maxInFlight: 1 })).good).toBe(20);
    expect(made).toBe(21);
  });

  it('wait for an early answer’s request to be out before they carry another', async () => {
    const body = Buffer.alloc(20_000_000, 'x');
    const takenMs: number[] = [];
    const port = await portOf(
      net.createServer((socket) => {
        // Answers at the first byte of each request, and takes the rest slowly.
        let got = 0;
        let begunAt = 0;
        socket.on('data', (chunk) => {
          if (got === 0) {
            begunAt = performance.now();
            socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
          }
          got += chunk.length;
          if (got > body.length) {
            got = 0;
            takenMs.push(performance.now() - begunAt);
          }
          socket.pause();
          setTimeout(() => socket.resume(), 2);
        });
      }),
    );
    const driven = await drive({
      port,
      segments: constantSegments(20, 100),
      forMs: 1500,
      graceMs: 5000,
      spec: {
        connections: 1,
        maxInFlight: 1,
        scenarios: [
          {
            weight: 1,
            steps: [
              { series: 0, method: 'POST', path: '/', headers: [], body, expectStatus: undefined, templated: false },
            ],
          },
        ],
      },
    });
    expect(driven.summary.outcomes[0]).toMatchObject({ outcome: '4xx' });
    // The second arrival, 50 ms after the first, had no room until the first request's 20 MB were out. Had it got room with
    // the first answer, it would have waited for 50 ms less than that took.
    const { maxMs: room } = driven.summary.waits.room;
    expect(room).toBeGreaterThan(driven.summary.response.notGood.minMs!);
    // Some MB are out, for this side, when they are in the buffers between.
    expect(room).toBeGreaterThan(takenMs[0]! / 4);
    expect(driven.summary.balanced).toBe(true);
  });
});

describe('steps', () => {
  it('follow one another on a good answer, and the first that is not good ends the iteration', async () => {
    const seen: string[] = [];
    const port = await httpServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(request.url === '/second' && seen.length > 20 ? 500 : 200).end('x');
    });
    const step = (series: number, path: string) => ({
      series,
      method: 'GET',
      path,
      headers: [],
      body: undefined,
      expectStatus: undefined,
      templated: false,
    });
    const summary = await outcomesOf(port, {
      seriesCount: 3,
      scenarios: [{ weight: 1, steps: [step(0, '/first'), step(1, '/second'), step(2, '/third')] }],
    });
    const [first, second, third] = summary.series;
    expect(first).toMatchObject({ good: 20, notGood: 0 });
    expect(second!.good + second!.notGood).toBe(20);
    expect(second!.notGood).toBeGreaterThan(0);
    expect(third).toMatchObject({ good: second!.good, notGood: 0 });
    expect(summary.iterations).toMatchObject({ good: second!.good, notGood: second!.notGood });
  });
});
