// The program of listening-process.ts: listens on loopback and carries out orders from its standard input, a line each:
// `burn MS` (of CPU), `block MS`, `open COUNT`, `grow MIB`. Arguments: port, backlog, workers (0: no cluster).

import cluster from 'node:cluster';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [port = 0, backlog = 511, workers = 0] = process.argv.slice(2).map(Number);
const kept: unknown[] = [];
const still = new Int32Array(new SharedArrayBuffer(4));

const orders: Readonly<Record<string, (amount: number) => void>> = {
  burn: (ms) => {
    const used = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
    const until = used() + ms;
    while (used() < until) for (let turn = 0; turn < 10_000; turn += 1) Math.sqrt(turn);
  },
  block: (ms) => void Atomics.wait(still, 0, 0, ms),
  open: (count) => {
    for (let at = 0; at < count; at += 1) kept.push(openSync('/dev/null', 'r'));
  },
  grow: (mib) => void kept.push(Buffer.alloc(mib * 1024 * 1024, 1)),
};

const obey = (line: string): void => {
  const [what, amount] = line.split(' ');
  orders[what!]!(Number(amount));
};

const listen = (done: (port: number) => void): void => {
  const server = createServer((socket) => socket.on('error', () => {}));
  server.listen({ port, host: '127.0.0.1', backlog }, () => {
    const address = server.address();
    if (typeof address === 'object' && address) done(address.port);
  });
};

const say = (ready: number): void => console.log(`listening ${ready}`);
const eachOrder = (take: (line: string) => void): void => {
  createInterface(process.stdin)
    .on('line', take)
    .on('close', () => process.exit());
};

if (workers > 0 && cluster.isPrimary) {
  let ready = 0;
  for (let at = 0; at < workers; at += 1) {
    cluster.fork().on('message', (shared: number) => {
      ready += 1;
      if (ready === workers) say(shared);
    });
  }
  eachOrder((line) => Object.values(cluster.workers!)[0]!.send(line));
} else if (workers > 0) {
  process.on('message', obey);
  listen((shared) => process.send!(shared));
} else {
  eachOrder((line) => {
    console.log('begun');
    obey(line);
    console.log('done');
  });
  listen(say);
}
