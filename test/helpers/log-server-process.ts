// A real HTTP server in a process of its own that logs, for each request, the number it carries (header x-arrival), when it
// came and when its answer ended, on the machine's monotonic clock. Steered over IPC by log-server.ts.

import http from 'node:http';

export interface LogServerSettings {
  /** How long each answer takes, ms. */
  serviceMs?: number;
  status?: number;
  /** Blocks the whole server for so long, `blockAfterMs` from now. */
  blockMs?: number;
  blockAfterMs?: number;
}

/** One request: number, path, came at, answer ended at (monotonic ms). */
export type Logged = readonly [n: number, path: string, cameAt: number, endedAt: number];

const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const settings: Required<Pick<LogServerSettings, 'serviceMs' | 'status'>> = { serviceMs: 0, status: 200 };
const log: Logged[] = [];

const server = http.createServer((request, response) => {
  const cameAt = now();
  const n = Number(request.headers['x-arrival'] ?? -1);
  const path = request.url ?? '';
  const answer = (): void => {
    response.statusCode = settings.status;
    response.on('finish', () => log.push([n, path, cameAt, now()]));
    response.end('ok');
  };
  request.resume();
  if (settings.serviceMs > 0) setTimeout(answer, settings.serviceMs);
  else request.on('end', answer);
});

process.on('message', (message: LogServerSettings | 'log') => {
  if (message === 'log') {
    process.send?.({ log });
    return;
  }
  Object.assign(settings, message);
  const { blockMs, blockAfterMs = 0 } = message;
  if (blockMs !== undefined) {
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs), blockAfterMs);
  }
  process.send?.({ set: true });
});
process.on('disconnect', () => process.exit(0));
server.keepAliveTimeout = 60_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
