// The fault matrix with pipelining: a lost connection takes several requests with it. None of them is sent again, and the
// one that was being answered is told apart from those behind it.

import { describe, expect } from 'vitest';
import { type Row, requests, testRows } from '../helpers/fault-row.ts';
import { type Asked, answer, drip, pieces, type Script, scripted } from '../helpers/scripted-server.ts';

const behind = 'reset, given up with its connection';
const spec = { connections: 1, maxInFlight: 4 };
const transport = { perConnection: 4 };

/** Lets requests come until there are four (or no more come), and then does something with all of them. */
const inFours = (
  act: (socket: Parameters<NonNullable<Script['asked']>>[0], group: readonly Asked[]) => void,
): Script => {
  const groups = new WeakMap<object, { asked: Asked[]; timer: NodeJS.Timeout }>();
  return {
    asked: (socket, asked) => {
      const group = groups.get(socket);
      if (group) clearTimeout(group.timer);
      const all = [...(group?.asked ?? []), asked];
      const run = (): void => {
        groups.delete(socket);
        act(socket, all);
      };
      if (all.length === 4) run();
      else groups.set(socket, { asked: all, timer: setTimeout(run, 150) });
    },
  };
};

const fours = (first: Exclude<Row['is'], string> | string): Row['is'] =>
  typeof first === 'string' ? { [first]: requests / 4, [behind]: (requests / 4) * 3 } : first;

const all = (group: readonly Asked[], text = answer()): string => group.map(() => text).join('');

const rows: readonly Row[] = [
  {
    is: '2xx',
    when: 'four answers come in one packet',
    target: () => scripted(inFours((socket, group) => void socket.write(all(group)))),
    also: (_, { connections }) => expect(connections?.()).toBe(1),
  },
  {
    is: '2xx',
    when: 'four answers come a few bytes at a time',
    target: () =>
      scripted(
        inFours((socket, group) => {
          const text = all(group, answer('200 OK', ['X-Some: header'], 'abc'));
          drip(socket, pieces(text, 7), 1);
        }),
      ),
  },
  {
    is: '2xx',
    when: 'four answers come byte by byte',
    target: () => scripted(inFours((socket, group) => drip(socket, all(group), 1))),
    waitMs: 2500,
  },
  {
    is: fours('reset before an answer'),
    when: 'the connection is reset with four in flight',
    target: () => scripted(inFours((socket) => void socket.resetAndDestroy())),
  },
  {
    is: fours('cut short before an answer'),
    when: 'the connection is closed with four in flight',
    target: () => scripted(inFours((socket) => void socket.end())),
  },
  {
    is: fours('2xx'),
    when: 'the connection is closed after the first of four answers, as it says',
    target: () => scripted(inFours((socket) => void socket.end(answer('200 OK', ['Connection: close'])))),
  },
  {
    // A further request may have gone out before the end was seen.
    is: { '2xx': [3, 5], 'cut short before an answer': [3, 5], [behind]: [10, 14] },
    when: 'the connection is closed after the first of four answers, without a word',
    target: () => scripted(inFours((socket) => void socket.end(answer()))),
  },
  {
    is: { '2xx': [3, 5], 'reset before an answer': [3, 5], [behind]: [10, 14] },
    when: 'the connection is reset after the first of four answers',
    target: () =>
      scripted(
        inFours((socket) => {
          socket.write(answer());
          setTimeout(() => socket.resetAndDestroy(), 20);
        }),
      ),
  },
  {
    is: { '2xx': [3, 5], 'cut short during the body': [3, 5], [behind]: [10, 14] },
    when: 'the connection is closed within the second of four answers',
    target: () =>
      scripted(inFours((socket) => void socket.end(`${answer()}HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf`))),
  },
  {
    is: fours('protocol: not HTTP'),
    when: 'garbage comes with four in flight',
    target: () => scripted(inFours((socket) => void socket.write('this is not HTTP\r\n\r\n'))),
  },
  {
    is: { '429': 5, '503': 15 },
    when: 'four answers of different statuses come at once',
    target: () =>
      scripted(
        inFours((socket, group) => {
          const refusal = answer('429 Too Many Requests', ['Retry-After: 7']);
          socket.write(refusal + all(group.slice(1), answer('503 Service Unavailable')));
        }),
      ),
    example: 'Retry-After 7',
  },
  {
    // The second may reach its limit before the first is ended.
    is: { 'timeout, waiting for headers': [5, 10], [behind]: [10, 15] },
    when: 'nothing comes: the first has its limit, and takes the others with it',
    target: () => scripted({}),
    spec: { connections: 5, maxInFlight: 20, timeoutMs: 300 },
    alone: true,
  },
  {
    // The place of the one that is answered is taken by a fifth.
    is: { '2xx': 4, 'timeout, waiting for headers': [4, 8], [behind]: [8, 12] },
    when: 'one of four is answered and nothing more comes',
    target: () => scripted({ asked: (socket, { index }) => void (index === 0 && socket.write(answer())) }),
    spec: { connections: 5, maxInFlight: 20, timeoutMs: 300 },
    alone: true,
  },
];

describe('four on a connection', () => {
  testRows(rows.map((row) => ({ spec, transport, ...row })));
});
