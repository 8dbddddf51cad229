// What comes back from servers that behave, and what is said of those that do not.
import { mkdtempSync, rmSync } from 'node:fs';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TlsOptions } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { HttpAccess, TlsAccess } from '../../source/probes/http-access.ts';
import { HttpGet, type HttpGetOptions } from '../../source/probes/http-get.ts';
import { ProbeError } from '../../source/probes/probe.ts';
import { certificate, privateKey } from '../helpers/certificate.ts';
import { hasOpenssl, makeCertificates, type OwnCertificates, type Pair } from '../helpers/own-certificates.ts';
import { freePort, serve, serveTcp, serveTls, stoppable, stopServers } from './servers.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-http-get-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open: HttpGet[] = [];

const getter = (url: string, options: Partial<HttpGetOptions> = {}): HttpGet => {
  const get = new HttpGet({ url, version: '1.2.3', capBytes: 1024 * 1024, accept: '*/*', ...options });
  open.push(get);
  return get;
};

const soon = (): AbortSignal => AbortSignal.timeout(2000);

const failure = async (get: HttpGet, signal = soon()): Promise<ProbeError> => {
  const error = await get.get(signal).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProbeError)) throw new Error(`expected a ProbeError, got ${String(error)}`);
  return error;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((get) => get.close()));
  await stopServers();
});

test('brings status, content type and body, and says who asks', async () => {
  let agent: string | undefined;
  const origin = await serve((request, response) => {
    agent = `${request.method} ${request.url} ${request.headers['user-agent']}`;
    response.setHeader('content-type', 'text/plain').end('OK');
  });
  const answer = await getter(`${origin}/health?full=1`).get(soon());
  expect(answer).toMatchObject({ status: 200, contentType: 'text/plain' });
  expect(answer.body.toString()).toBe('OK');
  expect(answer.tookMs).toBeGreaterThan(0);
  expect(agent).toBe('GET /health?full=1 loadtop/1.2.3');
});

test('keeps the bodies of error statuses', async () => {
  const origin = await serve((_, response) => {
    response.writeHead(503).end('{"status":"DOWN"}');
  });
  const answer = await getter(origin).get(soon());
  expect([answer.status, answer.body.toString()]).toEqual([503, '{"status":"DOWN"}']);
});

test('does not follow redirects', async () => {
  const asked: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(302, { location: '/login' }).end();
  });
  const answer = await getter(`${origin}/health`).get(soon());
  expect([answer.status, answer.location, asked]).toEqual([302, '/login', ['/health']]);
});

test('uses one connection for all reads', async () => {
  const ports = new Set<number | undefined>();
  const origin = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end('x');
  });
  const get = getter(origin);
  for (let turn = 0; turn < 5; turn += 1) await get.get(soon());
  expect(ports.size).toBe(1);
});

test('unpacks gzip', async () => {
  const origin = await serve((request, response) => {
    expect(request.headers['accept-encoding']).toBe('gzip');
    response.setHeader('content-encoding', 'gzip').end(gzipSync('a 1\n'));
  });
  const answer = await getter(origin, { acceptGzip: true }).get(soon());
  expect(answer.body.toString()).toBe('a 1\n');
});

test('a small gzip that unpacks to more than the cap is refused', async () => {
  const origin = await serve((_, response) => {
    response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(20 * 1024 * 1024)));
  });
  const error = await failure(getter(origin, { acceptGzip: true }));
  expect(error.message).toBe('the answer is larger than 1 MiB');
});

test('something that only says that it is gzip is refused', async () => {
  const origin = await serve((_, response) => {
    response.setHeader('content-encoding', 'gzip').end('hello');
  });
  expect((await failure(getter(origin))).message).toBe('the answer says that it is gzip, and is not');
});

test('a body of 20 MB is cut off at the cap, and the next read works', async () => {
  let large = true;
  const origin = await serve((_, response) => {
    response.end(large ? Buffer.alloc(20_000_000) : 'small');
  });
  const get = getter(origin);
  expect((await failure(get)).message).toBe('the answer is larger than 1 MiB');
  large = false;
  expect((await get.get(soon())).body.toString()).toBe('small');
});

test('a refused connection names the port', async () => {
  const port = await freePort();
  const error = await failure(getter(`http://127.0.0.1:${port}/health`));
  expect(error.message).toBe(`connection refused: nothing listens on 127.0.0.1:${port}`);
});

test('a name that does not exist is said to be one', async () => {
  const error = await failure(getter('http://does-not-exist.invalid:81/'));
  expect(error.message).toMatch(/^the name in does-not-exist\.invalid:81 could not be resolved/);
});

test('a server that does not answer is cut off by the signal, and the next read works', async () => {
  let silent = true;
  const origin = await serve((_, response) => {
    if (!silent) response.end('back');
  });
  const get = getter(origin);
  expect((await failure(get, AbortSignal.timeout(100))).message).toBe('no answer in time');
  silent = false;
  expect((await get.get(soon())).body.toString()).toBe('back');
});

test('a head that never ends is cut off at 16 KiB', async () => {
  const port = await serveTcp((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = (): void => {
      if (!socket.destroyed) socket.write(`x-a: ${'b'.repeat(1000)}\r\n`, more);
    };
    socket.once('data', more);
  });
  expect((await failure(getter(`http://127.0.0.1:${port}`))).message).toBe(
    'the head of the answer is larger than 16 KiB',
  );
});

test('a head that drips for ever is cut off by the signal', async () => {
  const port = await serveTcp((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nx-a: '));
  });
  const error = await failure(getter(`http://127.0.0.1:${port}`), AbortSignal.timeout(100));
  expect(error.message).toBe('no answer in time');
});

test('a server that hangs up in the middle is told apart', async () => {
  const port = await serveTcp((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhal'));
  });
  const error = await failure(getter(`http://127.0.0.1:${port}`));
  expect(error.message).toMatch(/closed the connection before the answer was complete$/);
});

test('something that is not HTTP is said to be none, without its control characters', async () => {
  const port = await serveTcp((socket) => {
    socket.once('data', () => socket.end('\u001b[31mSSH-2.0\r\n\r\n'));
  });
  const error = await failure(getter(`http://127.0.0.1:${port}`));
  expect(error.message).toMatch(/is not valid HTTP/);
  expect(error.message).not.toContain('\u001b');
});

test('https to a plain port says so', async () => {
  const origin = await serve((_, response) => {
    response.end('x');
  });
  const error = await failure(getter(origin.replace('http:', 'https:')));
  expect(error.message).toMatch(/^the TLS handshake with .* failed/);
  expect(error.hint).toBe('does that port speak plain http?');
});

test('credentials of the URL are sent, and neither they nor the query are shown', async () => {
  let authorization: string | undefined;
  const origin = await serve((request, response) => {
    authorization = request.headers.authorization;
    response.end();
  });
  const get = getter(`${origin.replace('//', '//us%40er:se%3Acret@')}/health?token=abc`);
  await get.get(soon());
  expect(authorization).toBe(`Basic ${Buffer.from('us@er:se:cret').toString('base64')}`);
  expect(get.target).toBe(`${origin}/health`);
  await getter(`${origin.replace('//', '//me:100%@')}/`).get(soon());
  expect(authorization).toBe(`Basic ${Buffer.from('me:100%').toString('base64')}`);
});

const systemTrust = { verify: true, ca: undefined, cert: undefined, key: undefined };
const access = (patch: Partial<HttpAccess>): HttpAccess => ({
  headers: [],
  tls: systemTrust,
  via: undefined,
  ...patch,
});

test('an encoding that was not asked for is named, and an empty body has none', async () => {
  const origin = await serve((request, response) => {
    response.setHeader('content-encoding', 'br').end(request.url === '/' ? 'x' : '');
  });
  const error = await failure(getter(origin));
  expect(error.message).toBe('the answer is encoded as br, which was not asked for');
  expect((await getter(`${origin}/empty`).get(soon())).body).toHaveLength(0);
});

test('headers of the user are sent with every read, over its own and the login of the URL, the host among them', async () => {
  const seen: unknown[] = [];
  const origin = await serve((request, response) => {
    const { host, authorization, accept, 'x-a': own } = request.headers;
    seen.push([host, authorization, accept, own]);
    response.end('x');
  });
  const headers = [
    ['Host', 'api.example'],
    ['Authorization', 'Bearer t'],
    ['accept', 'text/x'],
    ['X-A', 'b'],
  ] as const;
  const get = getter(origin.replace('//', '//me:hush@'), { access: access({ headers }) });
  await get.get(soon());
  await get.get(soon());
  expect(seen).toEqual([1, 2].map(() => ['api.example', 'Bearer t', 'text/x', 'b']));
});

test('goes to another host and port, or to a Unix socket, in the name of the URL', async () => {
  const hosts: (string | undefined)[] = [];
  const take = (socket: Socket): void => {
    socket.on('data', (data) => {
      hosts.push(/^host: (.*)\r$/im.exec(data.toString('latin1'))?.[1]);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK');
    });
  };
  const port = await serveTcp(take);
  const socketPath = path.join(folder, 'app.sock');
  await serveTcp(take, socketPath);
  for (const via of [{ hostname: '127.0.0.1', port }, { socketPath }]) {
    const get = getter('http://nowhere.invalid:81/h', { access: access({ via }) });
    expect((await get.get(soon())).body.toString()).toBe('OK');
    expect(get.target).toBe('http://nowhere.invalid:81/h');
  }
  expect(hosts).toEqual(['nowhere.invalid:81', 'nowhere.invalid:81']);
});

test('a way that leads nowhere is named with what it leads to', async () => {
  const port = await freePort();
  const ways = [
    [{ hostname: '127.0.0.1', port }, `connection refused: nothing listens on 127.0.0.1:${port} (for a.test:81)`],
    [
      { socketPath: path.join(folder, 'none.sock') },
      /^no connection to .*none\.sock \(for a\.test:81\): there is no such socket$/,
    ],
  ] as const;
  for (const [via, message] of ways) {
    expect((await failure(getter('http://a.test:81/', { access: access({ via }) }))).message).toMatch(message);
  }
});

test('an idle connection that is reset in the moment of its use is asked again, and only once', async () => {
  let connections = 0;
  const port = await serveTcp((socket) => {
    connections += 1;
    let asked = 0;
    socket.on('data', () => {
      asked += 1;
      // The first connection answers once and resets the second question; so does every later one.
      if (asked === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK');
      else socket.resetAndDestroy();
    });
  });
  const get = getter(`http://127.0.0.1:${port}`);
  for (let turn = 0; turn < 3; turn += 1) expect((await get.get(soon())).body.toString()).toBe('OK');
  expect(connections).toBe(3);
});

test('a new connection that is reset is a failure at once', async () => {
  let connections = 0;
  const port = await serveTcp((socket) => {
    connections += 1;
    socket.once('data', () => socket.resetAndDestroy());
  });
  const get = getter(`http://127.0.0.1:${port}`);
  expect((await failure(get)).message).toMatch(/reset the connection$|closed the connection before/);
  expect(connections).toBe(1);
});

test('a connection that is closed after each answer is no failure', async () => {
  const port = await serveTcp((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK'));
  });
  const get = getter(`http://127.0.0.1:${port}`);
  for (let turn = 0; turn < 5; turn += 1) expect((await get.get(soon())).status).toBe(200);
});

test('http to a TLS port asks whether it speaks https', async () => {
  const port = await serveTls({ cert: certificate, key: privateKey });
  const error = await failure(getter(`http://localhost:${port}/`));
  expect(error.hint).toBe('does that port speak https?');
});

describe.runIf(hasOpenssl())('a certificate', () => {
  const own = hasOpenssl() ? makeCertificates() : undefined;
  const { ca, valid, expired, otherName, client } = own ?? ({} as OwnCertificates);
  const tls = (patch: Partial<TlsAccess> = {}) => ({ access: access({ tls: { ...systemTrust, ...patch } }) });
  const ask = async (pair: Pair, options: { access: HttpAccess }, server: TlsOptions = {}, host = 'localhost') => {
    const port = await serveTls({ ...pair, ...server });
    return getter(`https://${host}:${port}/h`, options);
  };

  test('of an authority that is given is trusted, any with verify off', async () => {
    expect((await (await ask(valid, tls({ ca }))).get(soon())).status).toBe(200);
    expect((await (await ask(valid, tls({ ca }), {}, '127.0.0.1')).get(soon())).status).toBe(200);
    expect((await (await ask(expired, tls({ verify: false }))).get(soon())).status).toBe(200);
  });

  test.each([
    [
      'unknown issuer',
      () => ask(valid, tls()),
      /was issued by an authority that is not trusted$/,
      /^trust that with cacert/,
    ],
    [
      'self-signed',
      () => ask({ cert: certificate, key: privateKey }, tls()),
      /is self-signed$/,
      /^trust it with cacert/,
    ],
    ['expired', () => ask(expired, tls({ ca })), /has expired$/, /^renew it; insecure: true .* or -k/],
    [
      'other name',
      () => ask(otherName, tls({ ca })),
      /is for another host name$/,
      /^name the host as its certificate does/,
    ],
    [
      'client certificate wanted, TLS 1.3',
      () => ask(valid, tls({ ca }), { requestCert: true, rejectUnauthorized: true, ca }),
      /failed: it asks for a certificate of the client$/,
      /^give it with cert and key/,
    ],
    [
      'client certificate wanted, TLS 1.2',
      () => ask(valid, tls({ ca }), { requestCert: true, rejectUnauthorized: true, ca, maxVersion: 'TLSv1.2' }),
      /failed: it asks for a certificate of the client$/,
      /^give it with cert and key/,
    ],
    [
      'client certificate of somebody else',
      () =>
        ask(valid, tls({ ca, cert: certificate, key: privateKey }), {
          requestCert: true,
          rejectUnauthorized: true,
          ca,
        }),
      /closed the connection before the answer was complete$/,
      /^if it asks for a certificate of the client: cert and key/,
    ],
  ] as const)('that will not do is told with what to do: %s', async (_, made, message, hint) => {
    const error = await failure(await made());
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^(the (certificate of|TLS handshake with) )?localhost:\d+/);
    expect(error.hint).toMatch(hint);
  });

  test('of the client is shown to who asks for it', async () => {
    const server = { requestCert: true, rejectUnauthorized: true, ca };
    expect((await (await ask(valid, tls({ ca, ...client }), server)).get(soon())).status).toBe(200);
  });

  test('is held against the host of the URL, and named to the server, whichever way is gone and whatever host is sent', async () => {
    const names: (string | false | undefined)[] = [];
    const port = await serveTls({ ...otherName }, (name) => names.push(name));
    const via = { hostname: '127.0.0.1', port };
    const trust = { ...systemTrust, ca };
    const headers = [['Host', 'somebody.example']] as const;
    const right = getter('https://elsewhere.example/', { access: access({ tls: trust, via, headers }) });
    expect((await right.get(soon())).status).toBe(200);
    const wrong = getter('https://localhost/', { access: access({ tls: trust, via }) });
    expect((await failure(wrong)).message).toMatch(/is for another host name$/);
    expect(names).toEqual(['elsewhere.example']);
  });
});

test('a server that speaks HTTP/2 alone is asked with the same headers', async () => {
  const seen: unknown[] = [];
  const server = createSecureServer({ cert: certificate, key: privateKey });
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    seen.push([headers[':authority'], headers['x-a']]);
    stream.respond({ ':status': 200, 'content-type': 'text/plain' });
    stream.end('OK');
  });
  const port = await stoppable(server);
  const options = { tls: { ...systemTrust, verify: false }, headers: [['X-A', 'b']] as const };
  const get = getter(`https://localhost:${port}/h`, { access: access(options) });
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await get.get(soon());
    expect([answer.status, answer.contentType, answer.body.toString()]).toEqual([200, 'text/plain', 'OK']);
  }
  expect(seen).toEqual([1, 2].map(() => [`localhost:${port}`, 'b']));
});
