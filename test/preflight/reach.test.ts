// The way to a target, looked at for real: servers on loopback that are well, closed, deaf, untrusted, or close connections.

import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  connectChecks,
  headCheck,
  keptCheck,
  nameCheck,
  targetClockCheck,
  tlsChecks,
} from '../../source/preflight/reach-checks.ts';
import { lookAt, lookUp, type ReachLook } from '../../source/preflight/reach-look.ts';
import { isLoopback, type Route } from '../../source/preflight/route.ts';
import { deafPort } from '../helpers/deaf-port.ts';
import { listen } from '../helpers/listen.ts';
import { hasOpenssl, makeCertificates, type OwnCertificates } from '../helpers/own-certificates.ts';

const trust = (over: Partial<Route['tls']> = {}): Route['tls'] => ({
  verify: true,
  ca: undefined,
  cert: undefined,
  key: undefined,
  ...over,
});

const routeTo = (port: number, over: Partial<Route> = {}, hostname = '127.0.0.1'): Route => ({
  origin: { secure: false, hostname, port },
  via: { type: 'host', hostname, port },
  http2: false,
  tls: trust(),
  family: undefined,
  version: '1.0',
  ...over,
});

const secureTo = (port: number, over: Partial<Route> = {}, hostname = 'localhost'): Route =>
  routeTo(port, {
    origin: { secure: true, hostname, port },
    via: { type: 'host', hostname: '127.0.0.1', port },
    ...over,
  });

const look = (route: Route, heads: 0 | 1 | 2 = 2, at = '/'): Promise<ReachLook> =>
  lookAt(route, ['127.0.0.1'], { path: at, heads });

const answering = async (answer: http.RequestListener = (_, response) => response.end()): Promise<number> =>
  (await listen(http.createServer(answer))).port;

describe('a server that is well', () => {
  it('is connected to, answers HEAD and keeps the connection', async () => {
    const asked: string[] = [];
    const server = http.createServer({ keepAliveTimeout: 7000 }, (request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['user-agent']}`);
      response.end();
    });
    const { port, made } = await listen(server);
    const route = routeTo(port);
    const found = await look(route, 2, '/x?y=1');
    expect(connectChecks(found, isLoopback)).toMatchObject([
      { level: 'ok', found: expect.stringContaining(`127.0.0.1:${port} in `) },
    ]);
    expect(headCheck(found, '/x?y=1')).toMatchObject({
      level: 'ok',
      found: expect.stringContaining('HEAD /x?y=1 200 in '),
    });
    expect(keptCheck(found, true)).toMatchObject({ level: 'ok', found: expect.stringContaining('7') });
    expect(keptCheck(found, false)?.level).toBe('skipped');
    expect(tlsChecks(found, route, 0)).toEqual([]);
    expect(targetClockCheck(found, Date.now())).toBeUndefined();
    expect(asked).toEqual(['HEAD /x?y=1 loadtop/1.0', 'HEAD /x?y=1 loadtop/1.0']);
    expect(made()).toBe(1);
  });

  it('is asked once, or only connected to, where that is wanted', async () => {
    let asked = 0;
    const port = await answering((_, response) => {
      asked += 1;
      response.end();
    });
    expect(keptCheck(await look(routeTo(port), 1), true)?.level).toBe('skipped');
    expect(asked).toBe(1);
    expect(headCheck(await look(routeTo(port), 0), '/')).toBeUndefined();
    expect(asked).toBe(1);
  });

  it('is reached through its Unix socket', async () => {
    const file = path.join(tmpdir(), `loadtop-preflight-${process.pid}.sock`);
    await listen(
      http.createServer((_, response) => response.end()),
      file,
    );
    const route = routeTo(80, { via: { type: 'unix', path: file } });
    const names = await lookUp(route);
    expect(nameCheck(names, route).level).toBe('skipped');
    const found = await lookAt(route, names.type === 'fault' ? [] : names.addresses, { path: '/', heads: 2 });
    expect(connectChecks(found, isLoopback)).toMatchObject([{ level: 'ok', found: expect.stringContaining(file) }]);
    expect(keptCheck(found, true)?.level).toBe('ok');
  });

  it('is reached by IPv6', async () => {
    const server = http.createServer((_, response) => response.end());
    await new Promise<void>((done) => server.listen(0, '::1', done));
    onTestFinished(() => void server.close());
    server.unref();
    const { port } = server.address() as net.AddressInfo;
    const found = await lookAt(routeTo(port, {}, '::1'), ['::1'], { path: '/', heads: 2 });
    expect(connectChecks(found, isLoopback)).toMatchObject([
      { level: 'ok', found: expect.stringContaining(`[::1]:${port}`) },
    ]);
    expect(headCheck(found, '/')?.level).toBe('ok');
  });

  it('is reached over HTTP/2 without TLS', async () => {
    const server = http2.createServer((_, response) => response.end());
    const { port } = await listen(server as unknown as net.Server);
    const found = await look(routeTo(port, { http2: true }));
    expect(headCheck(found, '/')).toMatchObject({ level: 'ok', found: expect.stringContaining('200') });
    expect(keptCheck(found, true)?.level).toBe('ok');
  });

  it('is asked through a proxy in absolute form, with the proxy’s login', async () => {
    const asked: string[] = [];
    const port = await answering((request, response) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
      response.end();
    });
    const via = { type: 'proxy', hostname: '127.0.0.1', port, authorization: 'Basic eDp5' } as const;
    const route = { ...routeTo(9), via, origin: { secure: false, hostname: 'api.example.com', port: 80 } };
    expect(headCheck(await look(route, 1, '/a'), '/a')?.level).toBe('ok');
    expect(asked).toEqual(['http://api.example.com:80/a Basic eDp5']);
  });
});

describe('a server that is not well', () => {
  it('refuses', async () => {
    const server = net.createServer();
    const { port } = await listen(server);
    await new Promise((done) => server.close(done));
    const found = await look(routeTo(port));
    expect(connectChecks(found, isLoopback)).toEqual([
      {
        name: 'connect',
        level: 'bad',
        found: `127.0.0.1:${port}: refused: nothing listens there`,
        todo: 'start the target, or check host and port',
      },
    ]);
    expect(headCheck(found, '/')).toBeUndefined();
  });

  it('lets connections wait for good', async () => {
    const { port, close } = await deafPort();
    onTestFinished(close);
    expect(connectChecks(await look(routeTo(port)), isLoopback)).toMatchObject([
      { level: 'bad', found: expect.stringContaining('no answer within 1.5 s') },
    ]);
  });

  it('takes the connection and never answers', async () => {
    const { port } = await listen(net.createServer());
    const found = await look(routeTo(port));
    expect(connectChecks(found, isLoopback)).toMatchObject([{ level: 'ok' }]);
    expect(headCheck(found, '/')).toMatchObject({ level: 'bad', found: 'no answer within 1.5 s' });
    expect(keptCheck(found, true)).toBeUndefined();
  });

  it('answers with something else than HTTP', async () => {
    const { port } = await listen(net.createServer((socket) => socket.end('220 mail ready\r\n')));
    expect(headCheck(await look(routeTo(port)), '/')?.level).toBe('bad');
  });

  it('closes each connection, with or without saying so', async () => {
    const saying = await answering((_, response) => response.setHeader('connection', 'close').end());
    expect(keptCheck(await look(routeTo(saying)), true)).toMatchObject({
      level: 'warn',
      found: expect.stringContaining('Connection: close'),
    });
    const silent = await answering((request, response) => {
      response.end(() => request.socket.end());
    });
    expect(keptCheck(await look(routeTo(silent)), true)).toMatchObject({
      level: 'warn',
      found: expect.not.stringContaining('Connection: close'),
    });
  });

  it('redirects, which is told with where to', async () => {
    const port = await answering((_, response) => response.writeHead(301, { location: '/there\u0085x' }).end());
    expect(headCheck(await look(routeTo(port)), '/')).toMatchObject({
      level: 'warn',
      todo: expect.stringContaining('load /there'),
    });
  });

  it.each([
    [200, 'ok'],
    [401, 'ok'],
    [404, 'ok'],
    [405, 'ok'],
    [501, 'ok'],
    [429, 'warn'],
    [500, 'warn'],
    [503, 'warn'],
  ])('answers HEAD with %i, which is %s', async (status, level) => {
    const port = await answering((_, response) => response.writeHead(status).end());
    expect(headCheck(await look(routeTo(port), 1), '/')?.level).toBe(level);
  });

  it('has another clock', async () => {
    const port = await answering((_, response) =>
      response.setHeader('date', new Date(Date.now() - 90_000).toUTCString()).end(),
    );
    expect(targetClockCheck(await look(routeTo(port)), Date.now())).toMatchObject({
      level: 'warn',
      found: expect.stringMatching(/^1m( 3\ds)? behind|^1m \d+s behind/),
    });
  });

  it('is one of two addresses: the other is told, unless it is loopback’s own', async () => {
    const port = await answering();
    const found = await lookAt(routeTo(port), ['127.0.0.2', '127.0.0.1'], { path: '/', heads: 2 });
    expect(headCheck(found, '/')?.level).toBe('ok');
    expect(connectChecks(found, isLoopback)).toMatchObject([
      { level: 'ok', found: expect.stringContaining('it is left out') },
      { level: 'ok' },
    ]);
    expect(connectChecks(found, () => false)).toMatchObject([{ level: 'warn' }, { level: 'ok' }]);
  });

  it('is left when the run is over', async () => {
    const { port } = await listen(net.createServer());
    const controller = new AbortController();
    const looking = lookAt(routeTo(port), ['127.0.0.1'], { path: '/', heads: 2 }, controller.signal);
    setTimeout(() => controller.abort(), 100);
    const begun = Date.now();
    await looking;
    expect(Date.now() - begun).toBeLessThan(1200);
  });
});

describe('a name', () => {
  it('is resolved to all its addresses', async () => {
    const route = routeTo(80, {}, 'localhost');
    expect(nameCheck(await lookUp(route), route)).toMatchObject({
      level: 'ok',
      found: expect.stringContaining('127.0.0.1'),
    });
  });

  it('that is not known is told', async () => {
    const route = routeTo(80, {}, 'no-such-host.invalid');
    const names = await lookUp(route);
    expect(nameCheck(names, route)).toMatchObject({
      level: 'bad',
      found: expect.stringContaining('no-such-host.invalid'),
    });
  });

  it('that takes long is told', () => {
    const route = routeTo(80, {}, 'slow.example');
    const names = { type: 'found', addresses: ['10.0.0.1'], tookMs: 900 } as const;
    expect(nameCheck(names, route)).toMatchObject({ level: 'warn', wanted: 'less than 500 ms' });
  });
});

describe.skipIf(!hasOpenssl())('TLS (with openssl)', () => {
  let own: OwnCertificates;

  beforeAll(() => {
    own = makeCertificates();
  });

  const serve = async (pair: { cert: string; key: string }, options: https.ServerOptions = {}): Promise<number> =>
    (await listen(https.createServer({ ...pair, ...options }, (_, response) => response.end()))).port;

  it('is told with version, days and issuer; a certificate that ends soon is worth a look', async () => {
    const route = secureTo(await serve(own.valid), { tls: trust({ ca: own.ca }) });
    const found = await look(route);
    const [tls, certificate] = tlsChecks(found, route, Date.now());
    expect(tls).toMatchObject({ name: 'tls', level: 'ok', found: expect.stringContaining('TLSv1.3') });
    expect(certificate).toMatchObject({
      level: 'warn',
      found: 'valid for 1 day, issued by tests',
      wanted: 'at least 14 days',
    });
    expect(tlsChecks(found, route, Date.now() - 30 * 86_400_000)[1]).toMatchObject({ level: 'ok' });
    expect(headCheck(found, '/')?.level).toBe('ok');
    expect(keptCheck(found, true)?.level).toBe('ok');
  });

  it('with an authority that nobody knows is bad, and nothing is sent', async () => {
    let asked = 0;
    const server = https.createServer(own.valid, (_, response) => {
      asked += 1;
      response.end();
    });
    const route = secureTo((await listen(server)).port);
    const found = await look(route);
    expect(tlsChecks(found, route, Date.now())[1]).toMatchObject({
      level: 'bad',
      todo: expect.stringContaining('--cacert'),
    });
    expect(headCheck(found, '/')).toBeUndefined();
    expect(asked).toBe(0);
  });

  it('with an expired certificate is bad, and is taken with -k', async () => {
    const port = await serve(own.expired);
    const strict = secureTo(port, { tls: trust({ ca: own.ca }) });
    expect(tlsChecks(await look(strict), strict, Date.now())[1]).toMatchObject({
      level: 'bad',
      found: expect.stringContaining('expired'),
      todo: expect.stringContaining('renew'),
    });
    const lax = secureTo(port, { tls: trust({ verify: false }) });
    const found = await look(lax);
    expect(tlsChecks(found, lax, Date.now())[1]).toMatchObject({ level: 'warn', found: expect.stringContaining('-k') });
    expect(headCheck(found, '/')?.level).toBe('ok');
  });

  it('with a certificate of another name is bad', async () => {
    const route = secureTo(await serve(own.otherName), { tls: trust({ ca: own.ca }) });
    expect(tlsChecks(await look(route), route, Date.now())[1]).toMatchObject({
      level: 'bad',
      found: expect.stringContaining('elsewhere.example'),
    });
  });

  it('with HTTP/2 agrees on it, or is bad', async () => {
    const server = http2.createSecureServer(own.valid, (_, response) => response.end());
    const { port } = await listen(server as unknown as net.Server);
    const route = secureTo(port, { tls: trust({ ca: own.ca }), http2: true });
    const found = await look(route);
    expect(tlsChecks(found, route, Date.now())[0]).toMatchObject({ level: 'ok', found: expect.stringContaining('h2') });
    expect(headCheck(found, '/')?.level).toBe('ok');
    const older = secureTo(await serve(own.valid), { tls: trust({ ca: own.ca }), http2: true });
    expect(tlsChecks(await look(older), older, Date.now())[0]?.level).toBe('bad');
  });

  it('that asks for a client certificate gets it, and tells where there is none', async () => {
    const port = await serve(own.valid, { ca: own.ca, requestCert: true, rejectUnauthorized: true });
    const known = secureTo(port, { tls: trust({ ca: own.ca, ...own.client }) });
    expect(headCheck(await look(known), '/')?.level).toBe('ok');
    const unknown = secureTo(port, { tls: trust({ ca: own.ca }) });
    const found = await look(unknown);
    const bad = [...tlsChecks(found, unknown, Date.now()), headCheck(found, '/')].filter(
      (check) => check?.level === 'bad',
    );
    expect(bad).toMatchObject([{ found: 'the target wants a client certificate' }]);
  });

  it('where none is spoken is told as such', async () => {
    const route = secureTo(await answering());
    expect(tlsChecks(await look(route), route, Date.now())).toMatchObject([
      { name: 'tls', level: 'bad', todo: expect.stringContaining('http://') },
    ]);
  });

  it('goes through the tunnel of a proxy, and tells one that does not open it', async () => {
    const port = await serve(own.valid);
    const proxy = http.createServer();
    proxy.on('connect', (request, socket) => {
      if (request.headers['proxy-authorization'] !== 'Basic eDp5') {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const onward = net.connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.destroy());
    });
    const proxyPort = (await listen(proxy)).port;
    const via = (authorization: string | undefined) =>
      ({ type: 'proxy', hostname: '127.0.0.1', port: proxyPort, authorization }) as const;
    const route = secureTo(port, { tls: trust({ ca: own.ca }), via: via('Basic eDp5') });
    expect(headCheck(await look(route), '/')?.level).toBe('ok');
    const refused = { ...route, via: via(undefined) };
    expect(tlsChecks(await look(refused), refused, Date.now())).toMatchObject([
      { level: 'bad', found: expect.stringContaining('407') },
    ]);
  });
});
