// The fault matrix over HTTP/1.1: each way in which a request gets no complete answer, at each phase. A row is a target that
// misbehaves, a short run of the real engine, and what has to be said of every request.

import type net from 'node:net';
import { describe } from 'vitest';
import { deafPort } from '../helpers/deaf-port.ts';
import { expectBetween, expectStuck, type Row, testRows } from '../helpers/fault-row.ts';
import { answer, drip, scripted } from '../helpers/scripted-server.ts';

/** Writes something, lets it arrive, and then resets the connection. */
const writeAndReset = (socket: net.Socket, text: string): void => {
  socket.write(text);
  setTimeout(() => socket.resetAndDestroy(), 20);
};

const closedPort = async (): Promise<{ port: number }> => {
  const { port, close } = await scripted({});
  await close();
  return { port };
};

const head = 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n';
const endless = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n';
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const large = Buffer.alloc(8_000_000, 'x');
const few = { connections: 2, maxInFlight: 2 };

describe('connecting', () => {
  const rows: readonly Row[] = [
    { is: 'refused', when: 'nobody listens', target: closedPort, example: 'ECONNREFUSED' },
    {
      is: 'refused',
      when: 'nobody listens and further arrivals wait for the connection',
      target: closedPort,
      spec: { connections: 1, maxInFlight: 1 },
    },
    {
      // The connection stood, or did not, when the reset came.
      is: { 'reset while connecting': [0, 20], 'reset before an answer': [0, 20], 'reset while sending': [0, 20] },
      when: 'connections are accepted and reset at once',
      target: () => scripted({ opened: (socket) => void socket.resetAndDestroy() }),
      example: /ECONNRESET|EPIPE/,
    },
    {
      is: 'connect timeout',
      when: 'the accept queue is full',
      target: deafPort,
      spec: { connectTimeoutMs: 300 },
      example: 'no connection within 300 ms',
      also: ({ summary }) => expectBetween(summary.response.notGood, 298, 450),
    },
    {
      is: 'unreachable: no route to network',
      when: 'there is no way to the address',
      target: closedPort,
      // Nothing connects to the broadcast address (RFC 1122, section 3.3.6).
      addresses: [{ address: '255.255.255.255', family: 4 }],
    },
  ];
  testRows(rows);
});

describe('before an answer', () => {
  testRows([
    {
      is: 'reset before an answer',
      when: 'the connection is reset',
      target: () => scripted({ asked: (socket) => void socket.resetAndDestroy() }),
      example: /ECONNRESET.*before an answer/,
    },
    {
      is: 'cut short before an answer',
      when: 'the connection is closed',
      target: () => scripted({ asked: (socket) => void socket.end() }),
      example: /other side closed.*before an answer/,
    },
    {
      is: 'timeout, waiting for headers',
      when: 'nothing comes',
      target: () => scripted({}),
      spec: { timeoutMs: 300 },
      tookMs: [300, 400],
      example: 'no answer within 0.3 s, waiting for headers',
    },
    {
      is: 'protocol: not HTTP',
      when: 'garbage comes',
      target: () => scripted({ asked: (socket) => void socket.end('this is not HTTP\r\n\r\n') }),
      example: /expected an answer such as HTTP/,
    },
    {
      is: 'protocol: not HTTP',
      when: 'a server of another protocol greets first',
      target: () => scripted({ asked: (socket) => void socket.write('220 mail.example ESMTP ready\r\n') }),
    },
    {
      is: 'reset while sending',
      when: 'the connection is reset while a large body is going out',
      target: () => scripted({ begun: (socket) => void socket.resetAndDestroy() }),
      method: 'POST',
      body: large,
      spec: few,
      example: /while sending, .* handed over/,
    },
    {
      is: 'timeout, while sending',
      when: 'the target stops reading',
      target: () => scripted({ begun: (socket) => void socket.pause() }),
      method: 'POST',
      body: large,
      spec: { ...few, connections: 20, maxInFlight: 20, timeoutMs: 300 },
      tookMs: [300, 450],
    },
  ]);
});

describe('during the head', () => {
  testRows([
    {
      is: 'reset during the answer',
      when: 'the connection is reset',
      target: () => scripted({ asked: (socket) => writeAndReset(socket, 'HTTP/1.1 200 OK\r\nContent-Le') }),
      example: /ECONNRESET.*during the answer/,
    },
    {
      is: 'cut short during the head',
      when: 'the connection is closed',
      target: () => scripted({ asked: (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Le') }),
      example: /during the answer/,
    },
    {
      is: 'timeout, waiting for headers',
      when: 'it never ends',
      target: () => scripted({ asked: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Le') }),
      spec: { timeoutMs: 300 },
      tookMs: [300, 400],
    },
    {
      is: 'protocol: headers too large',
      when: 'it is larger than is read',
      target: () =>
        scripted({ asked: (socket) => void socket.write(answer('200 OK', [`X-Large: ${'x'.repeat(70_000)}`])) }),
    },
    {
      is: 'protocol: not HTTP',
      when: 'its two lengths contradict each other',
      target: () => scripted({ asked: (socket) => void socket.write(answer('200 OK', ['Content-Length: 7'])) }),
    },
    {
      is: 'protocol: unasked upgrade',
      when: 'the target switches protocols',
      target: () =>
        scripted({
          asked: (socket) =>
            void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'),
        }),
    },
  ]);
});

describe('during the body', () => {
  testRows([
    {
      is: 'reset during the answer',
      when: 'the connection is reset',
      target: () => scripted({ asked: (socket) => writeAndReset(socket, `${head}half`) }),
    },
    {
      is: 'reset during the answer',
      when: 'the connection is reset in the last answer on it',
      target: () =>
        scripted({
          asked: (socket) =>
            writeAndReset(socket, 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 50\r\n\r\nhalf'),
        }),
    },
    {
      is: 'reset during the answer',
      when: 'it has no length and the connection is reset',
      target: () => scripted({ asked: (socket) => writeAndReset(socket, `${endless}some`) }),
      example: /ECONNRESET/,
    },
    {
      is: 'cut short during the body',
      when: 'the connection is closed',
      target: () => scripted({ asked: (socket) => void socket.end(`${head}half`) }),
    },
    {
      is: 'cut short during the body',
      when: 'the connection is closed in the last answer on it',
      target: () =>
        scripted({
          asked: (socket) => void socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 50\r\n\r\nhalf'),
        }),
    },
    {
      is: 'cut short during the body',
      when: 'the connection is closed within a chunk',
      target: () => scripted({ asked: (socket) => void socket.end(`${chunked}8\r\nhalf`) }),
    },
    {
      is: 'cut short during the body',
      when: 'the connection is closed before the last chunk',
      target: () => scripted({ asked: (socket) => void socket.end(`${chunked}4\r\nhalf\r\n`) }),
    },
    {
      is: 'reset during the answer',
      when: 'the connection is reset within a chunk',
      target: () => scripted({ asked: (socket) => writeAndReset(socket, `${chunked}8\r\nhalf`) }),
    },
    {
      is: 'protocol: broken body',
      when: 'the length of a chunk is no number',
      target: () => scripted({ asked: (socket) => void socket.write(`${chunked}what\r\nhalf\r\n`) }),
    },
    {
      is: 'timeout, waiting for the body',
      when: 'nothing comes after the head',
      target: () => scripted({ asked: (socket) => void socket.write(head) }),
      spec: { timeoutMs: 300 },
      tookMs: [300, 400],
      example: 'no answer within 0.3 s, waiting for body',
    },
    {
      is: 'timeout, waiting for the body',
      when: 'it comes too slowly',
      target: () => scripted({ asked: (socket) => drip(socket, [head, ...'x'.repeat(50)], 20) }),
      spec: { timeoutMs: 300 },
      tookMs: [300, 400],
    },
    {
      is: 'timeout, stuck',
      when: 'no byte comes for more than 2 s',
      target: () => scripted({ asked: (socket) => void socket.write(`${head}half`) }),
      spec: { timeoutMs: 2200 },
      tookMs: [2200, 2320],
      also: ({ intervals }) => expectStuck(intervals.map(({ stocks }) => stocks.stuck)),
    },
  ]);
});
