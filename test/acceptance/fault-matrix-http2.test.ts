// The fault matrix over HTTP/2, with prior knowledge and over TLS: what becomes of a stream, of a session, and of the streams
// beside one that fails.

import http2 from 'node:http2';
import { describe, expect } from 'vitest';
import { certificate, privateKey } from '../helpers/certificate.ts';
import { type Row, requests, testRows } from '../helpers/fault-row.ts';
import { answer, lineUnder, type StreamScript, scripted, scriptedHttp2 } from '../helpers/scripted-server.ts';

const { constants } = http2;
const secure = { cert: certificate, key: privateKey };
const trusting = { verify: true, ca: certificate, cert: undefined, key: undefined };
const good: StreamScript = (stream) => {
  stream.respond({ ':status': 200 });
  stream.end('x');
};

type Options = Parameters<typeof scriptedHttp2>[1];
/** A row over HTTP/2: one connection, up to 20 streams. */
const row = (rest: Omit<Row, 'target'> & { readonly script?: StreamScript; readonly options?: Options }): Row => {
  const { script = good, options, ...more } = rest;
  return {
    target: () => scriptedHttp2(script, options),
    spec: { connections: 1, maxInFlight: 20 },
    transport: { http2: true, perConnection: 20 },
    waitMs: 0,
    ...more,
  };
};

/** The same over TLS. */
const overTls = (plain: Omit<Row, 'target'> & { readonly script?: StreamScript; readonly options?: Options }): Row =>
  row({
    ...plain,
    when: `${plain.when}, over TLS`,
    options: { ...plain.options, secure },
    secure: true,
    transport: { http2: true, perConnection: 20, tls: trusting, ...plain.transport },
  });

const both = (plain: Parameters<typeof row>[0]): Row[] => [row(plain), overTls(plain)];

/** SETTINGS and WINDOW_UPDATE that let any amount of data come (RFC 9113, sections 6.5 and 6.9). */
const unlimited = Buffer.from('000006040000000000' + '00047fffffff' + '000004080000000000' + '7fff0000', 'hex');

const closing =
  (code: number): StreamScript =>
  (stream) =>
    stream.close(code);

describe('a stream', () => {
  testRows([
    ...both({ is: '2xx', when: 'it is answered', also: (_, { connections }) => expect(connections?.()).toBe(1) }),
    ...both({
      is: 'protocol: HTTP/2 stream refused',
      when: 'it is refused',
      script: closing(constants.NGHTTP2_REFUSED_STREAM),
      example: /REFUSED_STREAM/,
    }),
    ...both({
      is: 'protocol: HTTP/2 internal error',
      when: 'the target has an internal error',
      script: closing(constants.NGHTTP2_INTERNAL_ERROR),
    }),
    ...both({
      is: 'protocol: HTTP/2 stream cancelled',
      when: 'the target cancels it',
      script: closing(constants.NGHTTP2_CANCEL),
    }),
    ...both({
      is: 'protocol: HTTP/2 enhance your calm',
      when: 'it is all too much',
      script: closing(constants.NGHTTP2_ENHANCE_YOUR_CALM),
    }),
    row({
      is: 'protocol: HTTP/2 flow control',
      when: 'the target speaks of flow control',
      script: closing(constants.NGHTTP2_FLOW_CONTROL_ERROR),
    }),
    row({
      is: 'protocol: HTTP/1.1 required',
      when: 'the target wants HTTP/1.1',
      script: closing(constants.NGHTTP2_HTTP_1_1_REQUIRED),
    }),
    row({
      is: 'protocol: HTTP/2 internal error',
      when: 'it breaks within the body',
      script: (stream) => {
        stream.respond({ ':status': 200 });
        stream.write('half');
        setTimeout(() => stream.destroy(new Error('broken')), 20);
      },
      example: /INTERNAL_ERROR.*during the answer/,
    }),
    row({
      is: '429',
      when: 'it is answered with 429',
      script: (stream) => {
        stream.respond({ ':status': 429, 'retry-after': '7' }, { endStream: true });
      },
      example: /^429.*Retry-After 7/,
    }),
    row({
      is: '2xx',
      when: 'hints and 100 come before the answer',
      script: (stream, ...rest) => {
        stream.additionalHeaders({ ':status': 103, link: '</a>' });
        good(stream, ...rest);
      },
    }),
    row({
      is: '2xx',
      when: 'it ends with trailers',
      script: (stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
        stream.end('x');
      },
    }),
    row({
      is: '2xx',
      when: 'it answers HEAD',
      method: 'HEAD',
      script: (stream) => stream.respond({ ':status': 200, 'content-length': 50 }, { endStream: true }),
    }),
    row({
      is: '2xx',
      when: 'it answers 204',
      script: (stream) => stream.respond({ ':status': 204 }, { endStream: true }),
    }),
    row({
      is: '413',
      when: 'it is answered while a large body is held back by flow control',
      method: 'POST',
      body: Buffer.alloc(1_000_000, 'x'),
      script: (stream) => {
        stream.respond({ ':status': 413 }, { endStream: true });
        setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), 20);
      },
    }),
    row({
      is: { '2xx': requests / 2, 'timeout, waiting for headers': requests / 2 },
      when: 'every second one gets no answer: only that one is given up',
      script: (stream, n, index) => {
        if (n % 2 === 0) good(stream, n, index);
      },
      spec: { connections: 1, maxInFlight: 20, timeoutMs: 300 },
      also: (_, { connections }) => expect(connections?.()).toBe(1),
    }),
    ...both({
      is: 'timeout, waiting for headers',
      when: 'nothing comes',
      script: () => {},
      spec: { connections: 1, maxInFlight: 20, timeoutMs: 300 },
      tookMs: [300, 400],
    }),
    row({
      is: 'timeout, waiting for the body',
      when: 'nothing comes after the head',
      script: (stream) => stream.respond({ ':status': 200 }),
      spec: { connections: 1, maxInFlight: 20, timeoutMs: 300 },
      tookMs: [300, 400],
    }),
    row({
      is: 'timeout, while sending',
      when: 'flow control holds its body back',
      method: 'POST',
      body: Buffer.alloc(1_000_000, 'x'),
      script: () => {},
      spec: { connections: 1, maxInFlight: 20, timeoutMs: 300 },
      tookMs: [300, 400],
    }),
    {
      ...row({ is: 'timeout, while sending', when: 'the target does not read at all' }),
      target: () => scripted({ opened: (socket) => void socket.pause().write(unlimited), unread: true }),
      method: 'POST',
      body: Buffer.alloc(8_000_000, 'x'),
      spec: { connections: 1, maxInFlight: 20, timeoutMs: 300 },
      tookMs: [300, 450],
    },
  ]);
});

describe('a session', () => {
  testRows([
    row({
      is: '2xx',
      when: 'the target takes one stream at a time',
      options: { settings: { maxConcurrentStreams: 1 } },
      script: (stream, ...rest) => void setTimeout(() => good(stream, ...rest), 5),
    }),
    row({
      // A stream that began before the word came is refused, and not sent again.
      is: { '2xx': [10, 20], 'protocol: HTTP/2 stream refused': [0, 10] },
      when: 'it goes away politely after its first answer',
      alone: true,
      script: (stream, n, index) => {
        const { session } = stream;
        good(stream, n, index);
        if (session && stream.id === 1) session.goaway(constants.NGHTTP2_NO_ERROR);
      },
    }),
    row({
      is: { '2xx': [10, 20], 'protocol: HTTP/2 stream refused': [0, 10] },
      when: 'it is closed after its answers',
      alone: true,
      script: (stream, n, index) => {
        const { session } = stream;
        good(stream, n, index);
        stream.on('close', () => session?.close());
      },
    }),
    row({
      is: 'protocol: HTTP/2 GOAWAY',
      when: 'it goes away with an error and streams in flight',
      script: (stream) => void setTimeout(() => stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM), 30),
    }),
    row({
      is: 'reset before an answer',
      when: 'its connection is reset',
      script: (stream) => void setTimeout(() => lineUnder(stream)?.resetAndDestroy(), 25),
    }),
    row({
      is: 'cut short before an answer',
      when: 'its connection is closed',
      script: (stream) => void setTimeout(() => lineUnder(stream)?.end(), 25),
    }),
    row({
      // One answer takes the connection from those beside it. Node does not say of a reset that it sees while it writes.
      is: {
        'reset during the answer': [8, 20],
        'reset before an answer': [0, 12],
        'cut short during the body': [0, 6],
        'cut short before an answer': [0, 6],
      },
      alone: true,
      when: 'its connection is reset within the answers',
      script: (stream) => {
        stream.respond({ ':status': 200 });
        stream.write('half');
        setTimeout(() => lineUnder(stream)?.resetAndDestroy(), 20);
      },
    }),
    {
      ...row({ is: 'protocol: not HTTP', when: 'the target speaks HTTP/1.1' }),
      target: () =>
        scripted({
          opened: (socket) => void socket.once('data', () => socket.write(answer('400 Bad Request'))),
          unread: true,
        }),
    },
    {
      ...row({ is: 'refused', when: 'nobody listens' }),
      target: async () => {
        const { port, close } = await scripted({});
        await close();
        return { port };
      },
    },
    {
      ...overTls({ is: 'protocol: HTTP/1.1 required', when: 'the target knows no HTTP/2' }),
      target: () => scripted({ secure }),
      example: 'did not agree to HTTP/2',
    },
    {
      ...overTls({ is: 'TLS: no common version or cipher', when: 'the target offers HTTP/1.1 only' }),
      target: () => scripted({ secure: { ...secure, ALPNProtocols: ['http/1.1'] } }),
    },
    {
      ...overTls({ is: 'TLS: self-signed or unknown issuer', when: 'the certificate signs itself' }),
      transport: { http2: true, perConnection: 20 },
    },
  ]);
});
