// The fault matrix, answers over HTTP/1.1: what counts as an answer however oddly it is put. Statuses are in
// fault-matrix-statuses.test.ts.

import { describe, expect } from 'vitest';
import { type Row, requests, testRows } from '../helpers/fault-row.ts';
import { answer, drip, scripted } from '../helpers/scripted-server.ts';

const one = { connections: 1, maxInFlight: 1 };
const large = Buffer.alloc(8_000_000, 'x');
const tooLarge = answer('413 Content Too Large', [], '');

/** Answers every request with a text. */
const answering = (text: string) => () => scripted({ asked: (socket) => void socket.write(text, 'latin1') });

const connectionsAre =
  (count: number): NonNullable<Row['also']> =>
  (_, { connections }) =>
    expect(connections?.()).toBe(count);

describe('an answer that is good', () => {
  testRows([
    { is: '2xx', when: 'it is plain', target: answering(answer()), spec: one, also: connectionsAre(1) },
    {
      is: '2xx',
      when: '100 Continue comes before it, unasked',
      target: answering(`HTTP/1.1 100 Continue\r\n\r\n${answer()}`),
    },
    {
      is: '2xx',
      when: '100 Continue comes some time before it',
      target: () => scripted({ asked: (socket) => drip(socket, ['HTTP/1.1 100 Continue\r\n\r\n', answer()], 10) }),
    },
    {
      is: '2xx',
      when: 'several hints come before it',
      target: answering(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${answer()}`),
    },
    {
      is: '2xx',
      when: 'its head comes byte by byte',
      target: () => scripted({ asked: (socket) => drip(socket, answer(), 2) }),
    },
    {
      is: '2xx',
      when: 'its head comes in two parts, wherever it is cut',
      target: () =>
        scripted({
          asked: (socket, { n }) => {
            const text = answer('200 OK', ['X-Some: header', 'X-Other: header']);
            drip(socket, [text.slice(0, 1 + n * 4), text.slice(1 + n * 4)], 5);
          },
        }),
    },
    {
      is: '2xx',
      when: 'it comes in chunks, with trailers, byte by byte',
      target: () =>
        scripted({
          asked: (socket) =>
            drip(
              socket,
              [
                'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n',
                ...'2;a=b\r\nab\r\n0\r\nX-Sum: 12\r\n\r\n',
              ],
              2,
            ),
        }),
      spec: { connections: 50, maxInFlight: 50 },
    },
    {
      is: '2xx',
      when: 'it has no length and ends with its connection',
      target: () => scripted({ asked: (socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nsome') }),
      spec: one,
      also: connectionsAre(requests),
    },
    {
      is: '2xx',
      when: 'every one says that the connection closes',
      target: () => scripted({ asked: (socket) => void socket.end(answer('200 OK', ['Connection: close'])) }),
      spec: one,
      also: connectionsAre(requests),
    },
    {
      is: '2xx',
      when: 'it says that the connection closes, and nobody closes it',
      target: answering(answer('200 OK', ['Connection: close'])),
      spec: one,
      also: connectionsAre(requests),
    },
    {
      is: '2xx',
      when: 'the connection is closed after each without a word',
      // On a busy machine a request may be sent in the moment in which the close is on its way: that one is lost.
      alone: true,
      target: () => scripted({ asked: (socket) => void socket.end(answer()) }),
      also: connectionsAre(requests),
    },
    {
      is: '2xx',
      when: 'the connection is kept for one second',
      target: answering(answer('200 OK', ['Keep-Alive: timeout=1'])),
      spec: one,
      also: connectionsAre(1),
    },
    {
      is: '2xx',
      when: 'it answers HTTP/1.0',
      target: () => scripted({ asked: (socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\nsome') }),
    },
    {
      is: '2xx',
      when: 'nonsense comes on a connection that is idle',
      target: () =>
        scripted({
          asked: (socket) => {
            socket.write(answer());
            setTimeout(() => socket.write('nonsense'), 1);
          },
        }),
      alone: true,
    },
    {
      is: '2xx',
      when: 'another answer follows that nobody asked for',
      target: () =>
        scripted({
          asked: (socket) => void socket.write(answer() + answer('500 Not Yours')),
        }),
      spec: one,
    },
    {
      is: '2xx',
      when: 'its body is longer than it says',
      target: answering(`${answer()}and more`),
      spec: one,
    },
    {
      is: '2xx',
      when: 'it answers HEAD with the length of what it does not send',
      target: answering('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n'),
      method: 'HEAD',
      spec: one,
      also: connectionsAre(1),
    },
    {
      is: '2xx',
      when: 'it is 204, without a length',
      target: answering('HTTP/1.1 204 No Content\r\n\r\n'),
      spec: one,
      also: connectionsAre(1),
    },
    {
      is: '3xx',
      when: 'it is 304, with a length and without a body',
      target: answering('HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n'),
      spec: one,
    },
    {
      is: '2xx',
      when: 'it is 204, with a body all the same',
      target: answering(answer('204 No Content', [], 'body')),
      spec: one,
    },
  ]);
});

describe('an answer that comes early', () => {
  testRows([
    {
      is: '413',
      when: 'a large body is still going out, and is taken',
      target: () => scripted({ begun: (socket) => void socket.write(tooLarge) }),
      method: 'POST',
      body: large,
      spec: { connections: 4, maxInFlight: 4 },
    },
    {
      is: '413',
      when: 'a large body is still going out, and is not taken',
      target: () =>
        scripted({
          begun: (socket) => {
            socket.pause();
            socket.write(tooLarge);
          },
        }),
      method: 'POST',
      body: large,
      spec: { timeoutMs: 300 },
      // The answer was there at once; only the connection is held up.
      tookMs: [0, 200],
    },
  ]);
});
