// Runs the request path of a fresh worker on itself before it says that it is ready: loading the HTTP parser and compiling
// the path for the first time stops a thread for some 60 ms, which would otherwise delay the first arrivals of the run.
// Only this thread's own loopback listener is spoken to, never the target.

import net from 'node:net';
import { SystemClock } from '../common/clock.ts';
import { Recorder } from '../measure/recorder.ts';
import type { CompiledStep } from '../profile/compile.ts';
import { AddressBook } from './address-book.ts';
import type { Exchange } from './exchange.ts';
import { Iterations } from './iteration.ts';
import { Pool } from './pool.ts';
import { connectionSettings, iterationSettings } from './worker-parts.ts';

/** Enough for the compiler to have seen the path; it takes about 50 ms. */
const requests = 300;
const connections = 4;
/** A machine without loopback, or one that is too busy, starts cold. */
const limitMs = 1000;

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok';
const step: CompiledStep = {
  series: 0,
  method: 'POST',
  path: '/',
  headers: ['content-type', 'text/plain', 'x', [{ type: 'arrival' }]],
  body: [{ type: 'arrival' }],
  expectStatus: undefined,
  templated: true,
};

/** Resolves when the path is warm, or could not be warmed; never rejects. */
export const warmUp = (): Promise<void> =>
  new Promise((resolve) => {
    const clock = new SystemClock();
    const server = net.createServer((socket) => {
      socket.on('data', () => socket.write(answer));
      socket.on('error', () => socket.destroy());
    });
    let pool: Pool | undefined;
    const finish = (): void => {
      cancel();
      pool?.destroy();
      server.close();
      resolve();
    };
    const cancel = clock.after(limitMs, finish);
    server.on('error', finish);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') finish();
      else pool = sendAll(address.port, clock, finish);
    });
  });

const sendAll = (port: number, clock: SystemClock, done: () => void): Pool => {
  const now = (): number => clock.now();
  const recorder = new Recorder(0, 1, now());
  const spec = {
    origin: { secure: false, hostname: '127.0.0.1', port },
    transport: {
      via: { type: 'host', hostname: '127.0.0.1', port },
      http2: false,
      perConnection: 1,
      keepAlive: true,
      tls: { verify: true, ca: undefined, cert: undefined, key: undefined },
    },
    scenarios: [{ weight: 1, steps: [step] }],
    feeders: [],
    share: undefined,
    seed: 1,
    files: [],
    limits: { connections, maxInFlight: connections, timeoutMs: limitMs },
    connectTimeoutMs: limitMs,
  } as const;
  const iterations = new Iterations(recorder, iterationSettings(spec, now, 0));
  const book = new AddressBook([{ address: '127.0.0.1', family: 4 }]);
  const counterOf = (address: string) => recorder.address(address);
  const pool = new Pool(connections, false, connectionSettings(spec, { book, counterOf, now }), iterations);
  let begun = 0;
  const begin = (exchange: Exchange | undefined): void => {
    if (exchange === undefined || begun >= requests) return;
    begun += 1;
    iterations.begin(exchange, begun, now(), now(), now());
  };
  iterations.drivenBy({
    freed: (exchange, _, ending) => {
      if (ending !== 'good' || (begun >= requests && iterations.inFlight === 0)) done();
      else begin(exchange);
    },
  });
  for (let index = 0; index < connections; index += 1) begin(pool.take());
  return pool;
};
