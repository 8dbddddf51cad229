// What comes back from servers that behave, and what is said of those that do not.
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { HttpGet, type HttpGetOptions } from '../../source/probes/http-get.ts';
import { ProbeError } from '../../source/probes/probe.ts';
import { freePort, serve, serveTcp, stopServers } from './servers.ts';

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
});
