// Every way of reaching a target, on the real engine: HTTP/1.1 pipelined and with a new connection for each request, HTTP/2,
// TLS, Unix sockets, another host, proxies. What goes wrong on each is the fault matrix of the acceptance tests.

import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Transport } from '../../source/engine/protocol.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { certificate, privateKey } from '../helpers/certificate.ts';
import { drive } from '../helpers/drive.ts';
import { plainTransport, type SpecPatch } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

const trusted = { verify: true, ca: certificate, cert: undefined, key: undefined };

/** 40 requests at 200/s, all good; the numbers of the books. */
const driveGood = async (port: number, transport: Partial<Transport>, spec: SpecPatch = {}) => {
  const driven = await drive({
    port,
    segments: constantSegments(200, 200),
    forMs: 300,
    spec: { transport: plainTransport(port, transport), ...spec },
  });
  expect(driven.summary.outcomes).toMatchObject([{ outcome: '2xx', count: 40 }]);
  expect(driven.summary).toMatchObject({ balanced: true, good: 40 });
  return driven;
};

const secureOrigin = (port: number) => ({ secure: true, hostname: 'localhost', port });

describe('HTTP/1.1', () => {
  it('makes a connection for each request where none is kept', async () => {
    const closes: (string | undefined)[] = [];
    const server = await listen(
      http.createServer((request, response) => {
        closes.push(request.headers.connection);
        response.end('ok');
      }),
    );
    const { summary } = await driveGood(server.port, { keepAlive: false });
    expect(server.made()).toBe(40);
    expect(closes.every((value) => value === 'close')).toBe(true);
    expect(summary.waits.connect.count).toBe(40);
  });

  it('pipelines: several requests in one piece, answers told apart', async () => {
    const pieces: number[] = [];
    const server = await listen(
      net.createServer((socket) => {
        socket.on('data', (chunk) => {
          const requests = chunk.toString().split('\r\n\r\n').length - 1;
          pieces.push(requests);
          setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'.repeat(requests)), 5);
        });
      }),
    );
    const driven = await drive({
      port: server.port,
      segments: constantSegments(0, Infinity),
      forMs: 500,
      spec: { model: 'full speed', connections: 1, transport: plainTransport(server.port, { perConnection: 8 }) },
    });
    expect(server.made()).toBe(1);
    expect(pieces.reduce((sum, count) => sum + count, 0)).toBe(driven.summary.good);
    expect(Math.max(...pieces)).toBe(8);
    expect(driven.summary).toMatchObject({ balanced: true, notGood: 0 });
    expect(driven.summary.service.good.minMs).toBeGreaterThanOrEqual(4);
  });

  it('speaks TLS, resumes its session, and checks the name of the target', async () => {
    const reused: boolean[] = [];
    const server = https.createServer({ cert: certificate, key: privateKey }, (_, response) => response.end('ok'));
    server.on('secureConnection', (socket: tls.TLSSocket) => reused.push(socket.isSessionReused()));
    const { port } = await listen(server);
    await driveGood(port, { tls: trusted, keepAlive: false }, { origin: secureOrigin(port) });
    expect(reused).toHaveLength(40);
    // Those that connect before the first handshake has brought a session have none to resume.
    expect(reused.filter(Boolean).length).toBeGreaterThan(20);
  });
});

describe('HTTP/2', () => {
  const counting = (server: http2.Http2Server | http2.Http2SecureServer) => {
    const streams = { atOnce: 0, most: 0, bodies: [] as string[] };
    server.on('stream', (stream: http2.ServerHttp2Stream) => {
      streams.atOnce += 1;
      streams.most = Math.max(streams.most, streams.atOnce);
      let body = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      stream.on('end', () => {
        streams.bodies.push(body);
        setTimeout(() => {
          streams.atOnce -= 1;
          stream.respond({ ':status': 200 });
          stream.end('ok');
        }, 30);
      });
    });
    return streams;
  };

  it('sends many streams on one connection, in the clear', async () => {
    const server = http2.createServer();
    const streams = counting(server);
    const { port, made } = await listen(server);
    const { summary } = await driveGood(port, { http2: true, perConnection: 50 }, { connections: 1, maxInFlight: 50 });
    expect(made()).toBe(1);
    expect(streams.most).toBeGreaterThan(3);
    expect(summary.service.good.minMs).toBeGreaterThanOrEqual(29);
  });

  it('agrees on it in the TLS handshake, and sends bodies', async () => {
    const server = http2.createSecureServer({ cert: certificate, key: privateKey });
    const streams = counting(server);
    const { port } = await listen(server);
    await driveGood(
      port,
      { http2: true, perConnection: 50, tls: trusted },
      {
        connections: 1,
        maxInFlight: 50,
        origin: secureOrigin(port),
        scenarios: [
          {
            weight: 1,
            steps: [
              {
                series: 0,
                method: 'POST',
                path: '/',
                headers: [],
                body: ['n ', { type: 'arrival' }],
                expectStatus: undefined,
                templated: true,
              },
            ],
          },
        ],
      },
    );
    expect(new Set(streams.bodies)).toEqual(new Set(Array.from({ length: 40 }, (_, n) => `n ${n}`)));
  });

  it('keeps to the streams that the target allows', async () => {
    const server = http2.createServer({ settings: { maxConcurrentStreams: 2 } });
    const streams = counting(server);
    const { port } = await listen(server);
    await driveGood(port, { http2: true, perConnection: 50 }, { connections: 1, maxInFlight: 50 });
    expect(streams.most).toBe(2);
  });
});

describe('another way to the target', () => {
  it('is a Unix socket', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-socket-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const socket = path.join(folder, 'target.sock');
    const hosts = new Set<string | undefined>();
    await listen(
      http.createServer((request, response) => {
        hosts.add(request.headers.host);
        response.end('ok');
      }),
      socket,
    );
    const { summary } = await driveGood(
      80,
      { via: { type: 'unix', path: socket } },
      { origin: { secure: false, hostname: 'service', port: 80 }, addresses: [] },
    );
    expect([...hosts]).toEqual(['service']);
    expect(summary.addresses).toMatchObject([{ address: socket, requests: 40 }]);
  });

  it('is another host, with the name and the certificate of the target', async () => {
    const names = new Set<string | undefined>();
    const server = https.createServer({ cert: certificate, key: privateKey }, (request, response) => {
      names.add(`${request.headers.host} ${request.socket instanceof tls.TLSSocket ? request.socket.servername : ''}`);
      response.end('ok');
    });
    const { port } = await listen(server);
    await driveGood(
      port,
      { via: { type: 'host', hostname: '127.0.0.1', port }, tls: trusted },
      { origin: { secure: true, hostname: 'localhost', port: 443 } },
    );
    expect([...names]).toEqual(['localhost localhost']);
  });

  it('is a proxy that is asked for the whole URL, with a login for it', async () => {
    const asked = new Set<string | undefined>();
    const proxy = await listen(
      http.createServer((request, response) => {
        asked.add(`${request.url} ${request.headers.host} ${request.headers['proxy-authorization']}`);
        response.end('ok');
      }),
    );
    const via = { type: 'proxy', hostname: '127.0.0.1', port: proxy.port, authorization: 'Basic eDp5' } as const;
    await driveGood(proxy.port, { via }, { origin: { secure: false, hostname: 'far.test', port: 8080 } });
    expect([...asked]).toEqual(['http://far.test:8080/ far.test:8080 Basic eDp5']);
  });

  it('is a tunnel through a proxy, with a login for the proxy alone', async () => {
    const logins = new Set<string | undefined>();
    const seen = new Set<string | undefined>();
    const target = await listen(
      https.createServer({ cert: certificate, key: privateKey }, (request, response) => {
        seen.add(request.headers['proxy-authorization']);
        response.end('ok');
      }),
    );
    const proxy = http.createServer();
    proxy.on('connect', (request, socket, head) => {
      logins.add(`${request.url} ${request.headers['proxy-authorization']}`);
      const through = net.connect(target.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        through.write(head);
        through.pipe(socket).pipe(through);
      });
      through.on('error', () => socket.destroy());
      socket.on('error', () => through.destroy());
    });
    const { port } = await listen(proxy);
    const via = { type: 'proxy', hostname: '127.0.0.1', port, authorization: 'Basic eDp5' } as const;
    await driveGood(
      port,
      { via, tls: trusted },
      { origin: { secure: true, hostname: 'localhost', port: target.port } },
    );
    expect([...logins]).toEqual([`localhost:${target.port} Basic eDp5`]);
    expect([...seen]).toEqual([undefined]);
  });
});
