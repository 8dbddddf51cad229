// What a probe may meet, each on a port of its own, in a process of its own so that what it costs is not the tested
// program's. Says its ports over IPC. What a probe makes of each is test/acceptance/hostile-probes.test.ts.

import net from 'node:net';
import os from 'node:os';
import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { certificate, privateKey } from './certificate.ts';
import { hasOpenssl, makeCertificates, type Pair } from './own-certificates.ts';

/** Everything that steers a terminal: colour, cursor, title, link, clipboard, C1, bidi, zero width. */
export const escapes =
  '\u001b[31m\u001b[2J\u001b]0;title\u0007\u001b]8;;http://evil\u001b\\link\u001b]52;c;ZXZpbA==\u0007\u009b1m\u009d\u0085\u202e\u2066\u200b\u2028\u0000x';

/** What a server does with a connection; `asked` counts its complete request heads. */
type Manner = (socket: net.Socket, asked: number) => void;

interface Hostile {
  readonly asked?: Manner;
  readonly opened?: (socket: net.Socket) => void;
  readonly secure?: tls.TlsOptions;
}

const head = (headers: readonly string[], status = '200 OK', version = '1.1'): string =>
  [`HTTP/${version} ${status}`, ...headers, '', ''].join('\r\n');

const answer = (
  body: string | Buffer,
  { type = 'application/json', status = '200 OK', headers = [] as readonly string[] } = {},
): Buffer => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const all = [`content-type: ${type}`, `content-length: ${bytes.length}`, ...headers];
  return Buffer.concat([Buffer.from(head(all, status), 'latin1'), bytes]);
};

const always =
  (bytes: Buffer | string): Manner =>
  (socket) =>
    socket.write(bytes);

const json = (value: unknown, options: Parameters<typeof answer>[1] = {}): Manner =>
  always(answer(typeof value === 'string' ? value : JSON.stringify(value), options));

const metrics = (text: string | Buffer, options: Parameters<typeof answer>[1] = {}): Manner =>
  always(answer(text, { type: 'text/plain; version=0.0.4', ...options }));

/** Writes the same again and again, as fast as it is taken, or with a pause in between. */
const endless =
  (first: string, piece: string | Buffer, pauseMs = 0): Manner =>
  (socket) => {
    socket.write(first, 'latin1');
    const more = (): void => {
      if (socket.destroyed) return;
      if (pauseMs > 0) setTimeout(more, pauseMs);
      socket.write(piece, pauseMs > 0 ? undefined : () => setImmediate(more));
    };
    more();
  };

const megabyte = Buffer.alloc(1024 * 1024, 'a 1\n');

/** 100 MB that are announced, sent as they are taken. */
const hundredMegabytes: Manner = (socket) => {
  socket.write(head(['content-type: text/plain', `content-length: ${100 * megabyte.length}`]));
  let left = 100;
  const more = (): void => {
    if (socket.destroyed || left === 0) return;
    left -= 1;
    socket.write(megabyte, () => setImmediate(more));
  };
  more();
};

/** Many times the same line, gzipped: 200 MB out of 200 kB. */
const bomb = gzipSync(Buffer.alloc(200 * megabyte.length, 'a 1\n'));

const chunked = ['content-type: text/plain', 'transfer-encoding: chunked'];
const labels = `path="${escapes.replaceAll(/[\n\u0000]/g, '')}"`;

let scrapes = 0;
/** Counters that begin anew with each scrape, and a start time that jumps to and fro. */
const resetting: Manner = (socket) => {
  scrapes += 1;
  const start = 1_700_000_000 + (scrapes % 2 === 0 ? 86_400 : -86_400);
  const text = `# TYPE http_requests_total counter\nhttp_requests_total ${scrapes % 2 === 0 ? 100 : 1_000_000}\nprocess_start_time_seconds ${start}\n`;
  socket.write(answer(text, { type: 'text/plain' }));
};

let uptimes = 0;
/** An uptime by a clock that is set: far ahead, far back, below zero. */
const jumping: Manner = (socket) => {
  uptimes += 1;
  socket.write(answer(JSON.stringify({ status: 'ok', uptime: [100_000, 5_000_000, 50_000, -3600][uptimes % 4] })));
};

const histogram = [
  '# TYPE http_request_duration_seconds histogram',
  'http_request_duration_seconds_bucket{le="0.1"} 5',
  'http_request_duration_seconds_bucket{le="nonsense"} 7',
  'http_request_duration_seconds_sum 1',
  'http_request_duration_seconds_count 9',
].join('\n');

const manyKeys = (count: number): string =>
  `{"status":"ok",${Array.from({ length: count }, (_, n) => `"k${n}":${n}`).join(',')}}`;

const ok = answer('{"status":"ok","buffer":{"size":1,"capacity":10}}');

const plain: Readonly<Record<string, Hostile>> = {
  'escapes in a health body': {
    asked: json({
      status: `degraded${escapes}`,
      [`db${escapes}`]: { status: 'down', error: `gone ${escapes}` },
      [`queue${escapes}`]: { size: 9, capacity: 10 },
      [`errors${escapes}`]: 3,
    }),
  },
  'escapes in a health line': { asked: always(answer(`[-]db${escapes} failed${escapes}\n`, { type: 'text/plain' })) },
  'escapes in labels and help': {
    asked: metrics(
      `# HELP http_requests_total ${escapes}\n# TYPE http_requests_total counter\nhttp_requests_total{${labels}} 5\nqueue_depth{${labels}} 7\nqueue_size{${labels}} 8\n{"odd_queue_${escapes.replaceAll(/["\\\n]/g, '')}"} 9\n`,
    ),
  },
  'escapes where metrics should be': { asked: metrics(`${escapes} ${escapes}\n`) },
  'escapes in header values': {
    asked: always(answer('x', { type: 'application/\u009b31m\u009d0;x' })),
  },
  'escapes in a redirect': {
    asked: always(
      answer('', { status: '302 Found', headers: [`location: http://evil/\u009b31m\u009d52;c;x?token=hush`] }),
    ),
  },
  'escapes in a status message': { asked: json({ status: 'ok' }, { status: `503 \u009b31mred` }) },
  'escapes in place of HTTP': { asked: always(`SSH-2.0-${escapes}\r\n\r\n`) },
  'escapes in an encoding': { asked: always(answer('x', { headers: ['content-encoding: \u009b31m-br'] })) },
  '100 MB': { asked: hundredMegabytes },
  'an endless body': { asked: endless(head(['content-type: text/plain']), megabyte) },
  'an endless chunked body': { asked: endless(head(chunked), `100000\r\n${'a 1\n'.repeat(262_144)}\r\n`) },
  'a body that drips': { asked: endless(head(chunked), '1\r\n#\r\n', 50) },
  'a head that never ends': { asked: endless('HTTP/1.1 200 OK\r\n', `x-a: ${'b'.repeat(1000)}\r\n`) },
  'a head that drips': { asked: endless('HTTP/1.1 200 OK\r\n', 'x-a: b\r\n', 50) },
  'a gzip bomb': { asked: metrics(bomb, { headers: ['content-encoding: gzip'] }) },
  'no gzip': { asked: metrics('hello', { headers: ['content-encoding: gzip'] }) },
  'half a gzip': { asked: metrics(bomb.subarray(0, 1000), { headers: ['content-encoding: gzip'] }) },
  'a redirect to itself': { asked: always(answer('', { status: '301 Moved', headers: ['location: /health'] })) },
  'a picture': { asked: always(answer('\u0089PNG', { type: 'image/png' })) },
  'a page': { asked: always(answer('<!DOCTYPE html><html><body>down</body></html>', { type: 'text/html' })) },
  'a page that says it is text': { asked: metrics('<html>\n<body class="a 1">\n</html>\n') },
  protobuf: { asked: always(answer(Buffer.from([10, 3, 1, 2, 3]), { type: 'application/vnd.google.protobuf' })) },
  'a flood of 103': { asked: endless('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n') },
  'a flood of 100': { asked: endless('', 'HTTP/1.1 100 Continue\r\n\r\n') },
  'HTTP/1.0': {
    asked: (socket) => socket.end(`${head(['content-type: application/json'], '200 OK', '1.0')}{"status":"ok"}`),
  },
  'less than announced': { asked: (socket) => socket.end(`${head(['content-length: 500'])}{"status":"ok"}`) },
  'more than announced': { asked: always(`${head(['content-length: 2'])}OK and much more than that`) },
  'two lengths': { asked: always(`${head(['content-length: 2', 'content-length: 20'])}OK`) },
  'a chunk of no size': { asked: always(`${head(chunked)}zz\r\nOK\r\n`) },
  'half an answer, then a reset': {
    asked: (socket) => {
      socket.write(`${head(['content-length: 500'])}{"sta`);
      setTimeout(() => socket.resetAndDestroy(), 50);
    },
  },
  'a reset in place of an answer': { asked: (socket) => socket.resetAndDestroy() },
  'closed after each answer': { asked: (socket) => socket.end(ok) },
  'a reset of each second request': {
    asked: (socket, asked) => (asked > 1 ? socket.resetAndDestroy() : socket.write(ok)),
  },
  'an answer before the request': { opened: (socket) => socket.write(ok), asked: always(ok) },
  'two answers to a request': { asked: always(Buffer.concat([ok, answer('{"status":"down"}')])) },
  'no answer': {},
  'a port that speaks plain http': {
    opened: (socket) => socket.on('data', () => socket.end(head([], '400 Bad Request'))),
  },
  'invalid UTF-8 in health': { asked: always(answer(Buffer.from('7b22737461747573223a22c328ff6f6b227d', 'hex'))) },
  'invalid UTF-8 in metrics': {
    asked: metrics(
      Buffer.concat([Buffer.from('queue_depth{a="'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"} 5\n')]),
    ),
  },
  'NUL bytes in health': { asked: always(answer('\u0000{"status":"ok"}\u0000')) },
  'NUL bytes in metrics': { asked: metrics('queue_depth 5\u0000\n\u0000\u0000\nqueue_size 6\n') },
  'JSON 10,000 levels deep': { asked: json(`${'{"a":'.repeat(10_000)}{"status":"down"}${'}'.repeat(10_000)}`) },
  'lists 100,000 levels deep': { asked: json(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) },
  'JSON with 1,000,000 keys': { asked: json(manyKeys(1_000_000)) },
  'JSON with 70,000 keys': { asked: json(manyKeys(70_000)) },
  'keys of every object': {
    asked: json(
      '{"status":"ok","__proto__":{"status":"down","used":9,"limit":10},"constructor":{"status":"up"},"toString":1}',
    ),
  },
  'numbers that are none': { asked: json('{"status":"ok","a":1e400,"b":-1e400,"c":-0,"d":1e308,"uptime":1e400}') },
  'NaN in JSON': { asked: json('{"status":"ok","a":NaN}') },
  'NaN in metrics': { asked: metrics('queue_depth NaN\nqueue_size +Inf\nbacklog -Inf\npending -0\nlag 1e400\n') },
  'counters that reset': { asked: resetting },
  'a clock that jumps': { asked: jumping },
  'a histogram without its buckets': { asked: metrics(histogram) },
  'the same series many times': { asked: metrics('queue_depth 1\nqueue_depth 2\nqueue_depth 3\n'.repeat(100)) },
  'timestamps of the future': { asked: metrics('queue_depth 5 99999999999999\nqueue_size 6 -99999999999999\n') },
  'a label of 1 MB': { asked: metrics(`queue_depth{a="${'x'.repeat(1_000_000)}"} 5\n`) },
  '200,000 lines of nonsense': { asked: metrics(`${'{{{{\n'.repeat(200_000)}queue_depth 5\n`) },
  'garbage for a MongoDB driver': { opened: (socket) => socket.write(`\u001b[2J${'\u0007'.repeat(100)}`) },
  'a MongoDB message of 2 GB': {
    opened: (socket) => socket.write(Buffer.from('ffffff7f0100000000000000dd070000', 'hex')),
  },
};

const secure = (): Readonly<Record<string, Hostile>> => {
  const behind = (pair: Pair, more: tls.TlsOptions = {}): Hostile => ({
    asked: always(ok),
    secure: { ...pair, ...more },
  });
  const selfSigned = behind({ cert: certificate, key: privateKey });
  if (!own) return { 'self-signed': selfSigned };
  return {
    'self-signed': selfSigned,
    'a certificate that expired': behind(own.expired),
    'a certificate for another host': behind(own.otherName),
    'an unknown authority': behind(own.valid),
    'a client certificate is asked for': behind(own.valid, { requestCert: true, rejectUnauthorized: true, ca: own.ca }),
  };
};

const own = hasOpenssl() ? makeCertificates() : undefined;

const start = (hostile: Hostile): Promise<number> => {
  const take = (socket: net.Socket): void => {
    socket.on('error', () => {});
    hostile.opened?.(socket);
    let text = '';
    let asked = 0;
    socket.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('latin1')).slice(-100_000);
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        text = text.slice(end + 4);
        asked += 1;
        hostile.asked?.(socket, asked);
      }
    });
  };
  const server = hostile.secure ? tls.createServer(hostile.secure, take) : net.createServer(take);
  server.on('connection', (socket: net.Socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
};

/** What the process says when all of them listen. */
export interface HostilePorts {
  readonly ports: Readonly<Record<string, number>>;
  /** The authority behind the certificates; undefined without openssl. */
  readonly ca: string | undefined;
}

if (process.send) {
  // On a machine of two cores it must not take the load's time: what is tested is what probes cost, not what servers do.
  os.setPriority(19);
  const all = Object.entries({ ...plain, ...secure() });
  const ports = await Promise.all(all.map(async ([name, hostile]) => [name, await start(hostile)] as const));
  process.on('disconnect', () => process.exit(0));
  process.send({ ports: Object.fromEntries(ports), ca: own?.ca } satisfies HostilePorts);
}
