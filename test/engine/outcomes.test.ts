// Each way a request can end lands in its own class, seen by the real engine on real sockets.

import { fork } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineSpec } from '../../source/engine/engine.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { Summary } from '../../source/measure/summary.ts';
import { drive } from '../helpers/drive.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const listen = (server: net.Server): Promise<number> =>
  new Promise((resolve) => {
    const sockets = new Set<net.Socket>();
    server.on('connection', (socket: net.Socket) => {
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
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });

const httpServer = (handler: http.RequestListener): Promise<number> => listen(http.createServer(handler));

/** Answers each request's bytes with what `script` writes. */
const rawServer = (script: (socket: net.Socket) => void): Promise<number> =>
  listen(net.createServer((socket) => socket.once('data', () => script(socket))));

/** 20 requests at 100/s; the outcomes. */
const outcomesOf = async (port: number, spec: Partial<EngineSpec> = {}): Promise<Summary> => {
  const driven = await drive({ port, segments: constantSegments(100, 200), forMs: 250, spec, graceMs: 4000 });
  expect(driven.problems).toEqual([]);
  expect(driven.summary.balanced).toBe(true);
  expect(driven.summary.iterations).toMatchObject({ due: 20, inFlight: 0, backlog: 0 });
  return driven.summary;
};

const answering = (status: number, headers: http.OutgoingHttpHeaders = {}): Promise<number> =>
  httpServer((request, response) => {
    request.resume();
    response.writeHead(status, headers).end('x');
  });

describe('an answer', () => {
  it.each([
    [200, '2xx', 20],
    [301, '3xx', 20],
    [404, '4xx', 0],
    [429, '429', 0],
    [500, '5xx', 0],
    [503, '503', 0],
    [504, '504', 0],
    [520, '520', 0],
    [524, '524', 0],
  ])('of %d is %s', async (status, outcome, good) => {
    const summary = await outcomesOf(await answering(status));
    expect(summary.outcomes).toMatchObject([{ outcome, count: 20 }]);
    expect(summary).toMatchObject({ completed: 20, failed: 0, good });
  });

  it('of 429 keeps Retry-After in its example', async () => {
    const summary = await outcomesOf(await answering(429, { 'retry-after': '7' }));
    expect(summary.outcomes[0]!.example).toBe('429 Too Many Requests, Retry-After 7');
  });

  it('that the profile does not expect is a failed expectation, and one that it expects is good', async () => {
    const port = await answering(404);
    const steps = (expectStatus: readonly number[]): Partial<EngineSpec> => ({
      scenarios: [
        {
          weight: 1,
          steps: [
            { series: 0, method: 'GET', path: '/', headers: [], body: undefined, expectStatus, templated: false },
          ],
        },
      ],
    });
    expect(await outcomesOf(port, steps([404]))).toMatchObject({ good: 20, outcomes: [{ outcome: '4xx' }] });
    expect(await outcomesOf(await answering(200), steps([201]))).toMatchObject({
      good: 0,
      outcomes: [{ outcome: 'expectation failed', count: 20 }],
    });
  });
});

describe('a request without an answer', () => {
  it.each<[string, string, () => Promise<number>, Partial<EngineSpec>?]>([
    [
      'nobody listens',
      'refused',
      async () => {
        const server = net.createServer();
        const port = await listen(server);
        await new Promise<void>((done) => server.close(() => done()));
        return port;
      },
    ],
    ['the connection is reset', 'reset', () => rawServer((socket) => socket.resetAndDestroy())],
    ['the connection is closed before an answer', 'cut short', () => rawServer((socket) => socket.end())],
    [
      'the connection is closed within an answer',
      'cut short',
      () => rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf')),
    ],
    ['the answer is garbage', 'protocol', () => rawServer((socket) => socket.end('this is not HTTP\r\n\r\n'))],
    ['no headers come', 'timeout', () => rawServer(() => {}), { timeoutMs: 300 }],
    [
      'the body never ends',
      'timeout',
      () => rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf')),
      { timeoutMs: 300 },
    ],
    [
      'the certificate is not trusted',
      'TLS',
      async () => {
        // No certificate at all: the handshake fails on both sides.
        const server = tls.createServer({});
        server.on('tlsClientError', () => {});
        return listen(server);
      },
      { origin: { secure: true, hostname: 'localhost', port: 0 } },
    ],
    [
      'the target does not speak TLS',
      'TLS',
      () => rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      { origin: { secure: true, hostname: 'localhost', port: 0 } },
    ],
  ])('because %s is %s', async (_, outcome, start, spec) => {
    const port = await start();
    const origin = spec?.origin ? { ...spec.origin, port } : undefined;
    const summary = await outcomesOf(port, { ...spec, ...(origin ? { origin } : {}) });
    expect(summary.outcomes).toMatchObject([{ outcome, count: 20 }]);
    expect(summary).toMatchObject({ completed: 0, failed: 20, good: 0 });
    expect(summary.response.notGood.count).toBe(20);
    expect(summary.response.good.count).toBe(0);
    expect(summary.outcomes[0]!.example).toBeTruthy();
  });

  it('because no connection comes about is a connect timeout', async () => {
    // A listener that never accepts, its queue filled: the kernel leaves further connections unanswered.
    const child = fork(new URL('../helpers/deaf-listener.ts', import.meta.url));
    cleanUps.push(() => void child.kill('SIGKILL'));
    const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(Number(message))));
    const fillers: net.Socket[] = [];
    cleanUps.push(() => {
      for (const filler of fillers) filler.destroy();
    });
    const connects = (): Promise<boolean> =>
      new Promise((resolve) => {
        const filler = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => {});
        fillers.push(filler);
        // Sockets are looked at between a timer and an immediate, however late the timer is.
        setTimeout(() => setImmediate(() => resolve(false)), 250);
      });
    while (await connects()) expect(fillers.length).toBeLessThan(50);
    const summary = await outcomesOf(port, { connectTimeoutMs: 400 });
    expect(summary.outcomes).toMatchObject([{ outcome: 'connect timeout', count: 20 }]);
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
    expect((await outcomesOf(await listen(keeping), { connections: 1, maxInFlight: 1 })).good).toBe(20);
    expect(made).toBe(1);
    const closing = http
      .createServer((_, response) => response.setHeader('connection', 'close').end('x'))
      .on('connection', count);
    expect((await outcomesOf(await listen(closing), { connections: 1, maxInFlight: 1 })).good).toBe(20);
    expect(made).toBe(21);
  });

  it('wait for an early answer’s request to be out before they carry another', async () => {
    const body = Buffer.alloc(20_000_000, 'x');
    const takenMs: number[] = [];
    const port = await listen(
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
