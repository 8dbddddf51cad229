// A server of streamed answers in a process of its own, whose event loop nobody shares: each event comes after a gap that is
// drawn, and when it was written is kept on the machine's monotonic clock. Steered over IPC by stream-server.ts.

import http from 'node:http';
import http2 from 'node:http2';
import { draw } from '../../source/common/random.ts';
import { chunk, eventsEach, mark } from './stream-text.ts';

/** One answer: when it was asked for, and when each of its events was written (monotonic ms). */
export interface StreamLogged {
  readonly askedAt: number;
  readonly writtenAt: readonly number[];
}

/** What both protocols' answers have in common here. */
interface Answer {
  writeHead(status: number, headers: http.OutgoingHttpHeaders): unknown;
  write(text: string): boolean;
  end(text: string): unknown;
}

const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const log: StreamLogged[] = [];

/** Gaps from 10 to 110 ms. */
const answer = async (response: Answer): Promise<void> => {
  const writtenAt: number[] = [];
  const stream = log.push({ askedAt: now(), writtenAt }) - 1;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let event = 0; event < eventsEach; event += 1) {
    await sleep(10 + draw(7, stream * eventsEach + event) * 100);
    writtenAt.push(now());
    response.write(chunk('word '));
  }
  response.end(mark);
};

const server =
  process.argv[2] === 'http2'
    ? http2.createServer((_, response) => void answer(response))
    : http.createServer((_, response) => void answer(response));
process.on('message', () => process.send?.({ log }));
process.on('disconnect', () => process.exit(0));
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
