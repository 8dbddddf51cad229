// What arrival-server.c does, for machines without a C compiler: slower, and its own event loop is in what it logs. Same
// arguments, same output.

import { writeFileSync } from 'node:fs';
import http from 'node:http';

const [serviceUs = 0, cycleMs = 0, stallMs = 0] = process.argv.slice(2, 5).map(Number);
const logFile = process.argv[5] ?? '';
const log: [number: bigint, came: bigint, ended: bigint][] = [];

const server = http.createServer((request, response) => {
  const came = process.hrtime.bigint();
  if (log.length === 0 && cycleMs > 0) setTimeout(stall, cycleMs - stallMs);
  const entry: (typeof log)[number] = [BigInt(Number(request.headers['x-arrival'] ?? -1)), came, 0n];
  log.push(entry);
  const answer = (): void => {
    response.on('finish', () => {
      entry[2] = process.hrtime.bigint();
    });
    response.end('ok');
  };
  request.resume();
  if (serviceUs > 0) setTimeout(answer, serviceUs / 1000);
  else request.on('end', answer);
});

const stall = (): void => {
  const until = performance.now() + stallMs;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
  setTimeout(stall, cycleMs - stallMs - (performance.now() - until));
};

process.on('SIGTERM', () => {
  writeFileSync(logFile, BigInt64Array.from(log.flat()));
  process.exit(0);
});
server.keepAliveTimeout = 600_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : 0}\n`);
});
