// Why a request ended as it did, seen by the real engine on real sockets: the same class, told apart by how far it had got.

import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { CauseName, Fault } from '../../source/measure/cause.ts';
import { drive } from '../helpers/drive.ts';
import { listen } from '../helpers/listen.ts';

const portOf = async (server: net.Server): Promise<number> => (await listen(server)).port;

/** Answers the first bytes of each connection with what `script` writes. */
const scripted = (script: (socket: net.Socket) => void): net.Server =>
  net.createServer((socket) => socket.once('data', () => script(socket)));

/** Writes and, when that has been read, goes on: what comes in two packets is seen in two steps. */
const then = (socket: net.Socket, text: string, next: () => void): void => {
  socket.write(text, () => setTimeout(next, 20));
};

const answering = (status: number, headers: http.OutgoingHttpHeaders): net.Server =>
  http.createServer((_, response) => response.writeHead(status, headers).end('x'));

const head = 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n';

type Row = [cause: CauseName, fault: Fault, server: () => net.Server, secure?: 'TLS'];

describe('a request ends with the cause', () => {
  it.each<Row>([
    ['reset before an answer', 'target', () => scripted((socket) => socket.resetAndDestroy())],
    [
      'reset during the answer',
      'target',
      () => scripted((socket) => then(socket, `${head}half`, () => socket.resetAndDestroy())),
    ],
    ['cut short before an answer', 'target', () => scripted((socket) => socket.end())],
    ['cut short during the head', 'target', () => scripted((socket) => socket.end('HTTP/1.1 200 OK\r\nX-'))],
    ['cut short during the body', 'target', () => scripted((socket) => socket.end(`${head}half`))],
    ['protocol: not HTTP', 'target', () => scripted((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'))],
    [
      'protocol: broken body',
      'target',
      () => scripted((socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n')),
    ],
    [
      'protocol: headers too large',
      'target',
      () => scripted((socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`)),
    ],
    [
      'protocol: unasked upgrade',
      'target',
      () => scripted((socket) => socket.write('HTTP/1.1 101 Go\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n')),
    ],
    ['TLS: not TLS at all', 'profile', () => scripted((socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n')), 'TLS'],
    ['TLS: handshake cut off', 'target', () => scripted((socket) => socket.end()), 'TLS'],
    // Without a certificate a server has no cipher to offer.
    ['TLS: handshake refused', 'target', () => tls.createServer({}).on('tlsClientError', () => {}), 'TLS'],
    ['503', 'target', () => answering(503, { 'retry-after': '7' })],
    ['503, through an edge', 'edge', () => answering(503, { 'cf-ray': '1-FRA', 'retry-after': '7' })],
    ['524, from the origin', 'target', () => answering(524, {})],
    ['404', 'profile', () => answering(404, { via: '1.1 edge' })],
  ])('%s, which is the matter of: %s', async (cause, fault, server, secure) => {
    const port = await portOf(server());
    const origin = { secure: true, hostname: 'localhost', port };
    const { summary, problems } = await drive({
      port,
      segments: constantSegments(50, 100),
      forMs: 150,
      graceMs: 4000,
      spec: secure ? { origin } : {},
    });
    expect(problems).toEqual([]);
    expect(summary.outcomes.map(({ causes }) => causes)).toMatchObject([[{ cause, fault, count: 5 }]]);
    const { example } = summary.outcomes[0]!;
    expect(example).toBeTruthy();
    if (cause.startsWith('503')) expect(example).toBe('503 Service Unavailable, Retry-After 7');
  });
});
