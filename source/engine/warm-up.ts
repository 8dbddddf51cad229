// Runs the request path of a fresh worker on itself before it says that it is ready: loading the HTTP parser and compiling
// the path for the first time stops a thread for some 60 ms, which would otherwise delay the first arrivals of the run.
// Only this thread's own loopback listener is spoken to, never the target.

import net from 'node:net';
import { SystemClock } from '../common/clock.ts';
import { Recorder } from '../measure/recorder.ts';
import { AddressBook } from './connector.ts';
import { Iterations } from './iteration.ts';
import { Pool } from './pool.ts';

/** Enough for the compiler to have seen the path; it takes about 50 ms. */
const requests = 300;
const connections = 4;
/** A machine without loopback, or one that is too busy, starts cold. */
const limitMs = 1000;

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok';
const step = {
  series: 0,
  method: 'POST',
  path: '/',
  headers: ['content-type', 'text/plain', 'x', '{{arrival}}'],
  body: Buffer.from('{{arrival}}'),
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
  const iterations = new Iterations(recorder, [{ weight: 1, steps: [step] }], () => 0);
  const origin = { secure: false, hostname: '127.0.0.1', port };
  const book = new AddressBook([{ address: '127.0.0.1', family: 4 }]);
  const pool = new Pool(connections, { origin, book, connectTimeoutMs: limitMs, now }, iterations);
  let begun = 0;
  const begin = (connection: ReturnType<Pool['take']>): void => {
    if (connection === undefined || begun >= requests) return;
    begun += 1;
    iterations.begin(connection, begun, now(), now(), now());
  };
  iterations.drivenBy({
    freed: (connection, _, failed) => {
      if (failed || (begun >= requests && iterations.inFlight === 0)) done();
      else begin(connection);
    },
  });
  for (let index = 0; index < connections; index += 1) begin(pool.take());
  return pool;
};
