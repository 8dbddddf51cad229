// Requests are what the profile says, for HTTP/1.1 and for HTTP/2: static ones the same bytes each time, templated ones
// drawn by arrival, so that they come again with the same seed; and a real server reads them as they were meant.

import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Request, type RequestSettings, requestOf, Scratch } from '../../source/engine/request.ts';
import { plainSource } from '../../source/engine/template-value.ts';
import { UploadFiles } from '../../source/engine/upload-files.ts';
import { compile } from '../../source/profile/compile.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import type { Step } from '../../source/profile/profile.ts';
import { listen } from '../helpers/listen.ts';

const settings: RequestSettings = {
  source: plainSource(3, 0),
  pathPrefix: '',
  proxyLogin: undefined,
  keepAlive: true,
  scheme: 'http',
  authority: 'localhost:3000',
  files: new UploadFiles(),
};

const base: Step = { name: 'x', method: 'GET', path: '/', headers: [], body: undefined, expectStatus: undefined };

/** The requests of steps as a worker has them: compiled, and carried over as data. */
const requestsOf = (steps: readonly Partial<Step>[], over: Partial<RequestSettings> = {}): Request[] => {
  const profile = completeProfile({
    name: 'test',
    origin: 'http://localhost:3000',
    scenarios: [{ name: 's', weight: 1, steps: steps.map((step) => ({ ...base, ...step })) }],
  });
  const { scenarios } = structuredClone(compile(profile, { userAgent: 'test' }));
  return scenarios[0]!.steps.map((step) => requestOf(step, { ...settings, ...over }));
};

const requestFor = (step: Partial<Step>, over: Partial<RequestSettings> = {}): Request => requestsOf([step], over)[0]!;

/** A request that differs in every part. */
const changing: Partial<Step> = {
  method: 'POST',
  path: '/users/{{integer 1 1000000}}?tag={{pick a "b c"}}',
  headers: [
    ['X-Id', '{{uuid}}'],
    ['X-Same', 'é'],
  ],
  body: '{"id":"{{uuid}}","name":"ü {{pick ä "日本"}}","price":{{float 0 99.99 2}},"n":{{arrival}}}',
};

/** A request that is sent, taken apart by hand. */
interface Sent {
  readonly start: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** All bytes of a request, in memory of their own. */
const bytesOf = (request: Request, n: number, scratch = new Scratch()): Buffer => {
  const made = request.http1(n, scratch);
  return Buffer.concat([made, scratch.rest ?? Buffer.alloc(0)]);
};

const sentOf = (request: Request, n: number, scratch = new Scratch()): Sent => {
  const bytes = bytesOf(request, n, scratch);
  const end = bytes.indexOf('\r\n\r\n');
  const [start, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  return { start: start!, headers, body: bytes.subarray(end + 4) };
};

const headerOf = ({ headers }: Sent, name: string): string | undefined =>
  headers.find(([known]) => known.toLowerCase() === name)?.[1];

const pathOf = ({ start }: Sent): string => start.split(' ')[1]!;

/** Everything that is sent, as text. */
const shown = (request: Request, n: number): string => bytesOf(request, n).toString();

describe('a static request', () => {
  const request = requestFor({ method: 'PUT', path: '/a', headers: [['A', 'b']], body: 'grün' });

  it('is the same bytes each time, for all', () => {
    const [one, other] = [new Scratch(), new Scratch()];
    const bytes = request.http1(1, one);
    expect(sentOf(request, 1)).toEqual({
      start: 'PUT /a HTTP/1.1',
      headers: [
        ['host', 'localhost:3000'],
        ['connection', 'keep-alive'],
        ['User-Agent', 'test'],
        ['A', 'b'],
        ['content-length', '5'],
      ],
      body: Buffer.from('grün'),
    });
    expect(request.http1(2, other)).toBe(bytes);
    expect(request.http1(3, one)).toBe(bytes);
    expect(one.rest).toBeNull();
    expect(other.rest).toBeNull();
    expect(request.method).toBe('PUT');
  });

  it('has its large body apart from the head, and is the same bytes each time', () => {
    const body = 'x'.repeat(65_537);
    const large = requestFor({ method: 'POST', body });
    const [one, other] = [new Scratch(), new Scratch()];
    const head = large.http1(1, one);
    expect(head.toString()).toMatch(/content-length: 65537\r\n\r\n$/);
    expect(one.rest?.toString()).toBe(body);
    expect(large.http1(2, other)).toBe(head);
    expect(other.rest).toBe(one.rest);
    // The next request of the exchange has no part of it.
    request.http1(3, one);
    expect(one.rest).toBeNull();
  });

  it('is the same object each time for HTTP/2', () => {
    const scratch = new Scratch();
    const headers = request.http2Headers(1, scratch);
    expect(headers).toEqual({
      ':method': 'PUT',
      ':path': '/a',
      ':scheme': 'http',
      ':authority': 'localhost:3000',
      'user-agent': 'test',
      a: 'b',
      'content-length': 5,
    });
    expect(request.http2Headers(2, scratch)).toBe(headers);
    expect(scratch.body?.toString()).toBe('grün');
  });

  it('has no body, or an empty one, as it was said', () => {
    const scratch = new Scratch();
    expect(sentOf(requestFor({}), 1).body).toHaveLength(0);
    expect(headerOf(sentOf(requestFor({}), 1), 'content-length')).toBeUndefined();
    expect(requestFor({}).http2Headers(1, scratch)).not.toHaveProperty('content-length');
    const empty = requestFor({ method: 'POST', body: '' });
    expect(sentOf(empty, 1).body).toHaveLength(0);
    expect(headerOf(sentOf(empty, 1), 'content-length')).toBe('0');
    expect(empty.http2Headers(1, scratch)).toMatchObject({ 'content-length': 0 });
  });

  it.each<[string, string | undefined]>([
    ['GET', undefined],
    ['HEAD', undefined],
    ['DELETE', undefined],
    ['OPTIONS', undefined],
    ['POST', '0'],
    ['PUT', '0'],
    ['PATCH', '0'],
  ])('of %s without a body says that its length is %s', (method, length) => {
    for (const path of ['/', '/{{arrival}}']) {
      expect(headerOf(sentOf(requestFor({ method, path }), 1), 'content-length')).toBe(length);
    }
  });
});

describe('how it is sent', () => {
  it.each<[string, boolean, string]>([
    ['GET', true, 'keep-alive'],
    ['GET', false, 'close'],
    ['HEAD', true, 'keep-alive'],
    ['HEAD', false, 'close'],
  ])('%s with keep-alive %s says: %s', (method, keepAlive, connection) => {
    const sent = sentOf(requestFor({ method }, { keepAlive }), 1);
    expect(sent.headers.filter(([name]) => name.toLowerCase() === 'connection')).toEqual([['connection', connection]]);
  });

  it('names the target as Host, or what was given in its place', () => {
    const hosts = (step: Partial<Step>): string[] =>
      sentOf(requestFor(step), 1)
        .headers.filter(([name]) => name.toLowerCase() === 'host')
        .map(([, value]) => value);
    expect(hosts({})).toEqual(['localhost:3000']);
    expect(hosts({ headers: [['HOST', 'other:1']] })).toEqual(['other:1']);
    expect(hosts({ headers: [['Host', 'a{{arrival}}']] })).toEqual(['a1']);
  });

  it('puts what a proxy needs before the path of HTTP/1.1 only', () => {
    for (const path of ['/a?b=c', '/{{hex 4}}']) {
      const plain = requestFor({ path });
      const proxied = requestFor({ path }, { pathPrefix: 'http://target:80' });
      const scratch = new Scratch();
      expect(pathOf(sentOf(proxied, 4))).toBe(`http://target:80${pathOf(sentOf(plain, 4))}`);
      expect(proxied.http2Headers(4, scratch)[':path']).toBe(pathOf(sentOf(plain, 4)));
    }
  });

  it('leaves out of HTTP/2 what belongs to a connection, and takes Host as the authority', () => {
    const headers = requestFor(
      {
        headers: [
          ['Host', 'other:1'],
          ['TE', 'gzip'],
          ['Proxy-Connection', 'keep-alive'],
          ['Accept', 'a'],
          ['accept', '{{hex 2}}'],
        ],
      },
      { scheme: 'https' },
    ).http2Headers(9, new Scratch());
    expect(headers).toEqual({
      ':method': 'GET',
      ':path': '/',
      ':scheme': 'https',
      ':authority': 'other:1',
      'user-agent': 'test',
      accept: ['a', expect.stringMatching(/^[0-9a-f]{2}$/)],
    });
  });
});

describe('a templated request', () => {
  it('comes again with its seed and arrival, in any order and in another worker', () => {
    const [one, other] = [requestFor(changing), requestFor(changing)];
    const arrivals = [5, 0, 7, 123_456, 5, 2 ** 40];
    const first = arrivals.map((n) => shown(one, n));
    const again = [...arrivals].reverse().map((n) => shown(other, n));
    expect(again.reverse()).toEqual(first);
    expect(first[0]).toBe(first[4]);
    expect(new Set(first).size).toBe(arrivals.length - 1);
  });

  it('is another with another seed', () => {
    const step = { ...changing, body: '{{uuid}}' };
    expect(shown(requestFor(step, { source: plainSource(4, 0) }), 5)).not.toBe(shown(requestFor(step), 5));
  });

  it('draws anew in each place and each step', () => {
    const twice = { path: '/{{uuid}}', headers: [['A', '{{uuid}}']] as const, body: '{{uuid}} {{uuid}}' };
    const uuids = requestsOf([twice, twice]).flatMap((request) => shown(request, 8).match(/[0-9a-f-]{36}/g) ?? []);
    expect(uuids).toHaveLength(8);
    expect(new Set(uuids).size).toBe(8);
  });

  it('is the same for HTTP/2', () => {
    const request = requestFor(changing);
    const [one, other] = [new Scratch(), new Scratch()];
    const sent = sentOf(request, 6, one);
    const headers = request.http2Headers(6, other);
    expect(headers).toMatchObject({ ':path': pathOf(sent), 'x-same': 'é', 'content-length': sent.body.length });
    expect(headerOf(sent, 'content-length')).toBe(String(sent.body.length));
    expect(headerOf(sent, 'x-same')).toBe('é');
    expect(headerOf(sent, 'x-id')).toBe(headers['x-id']);
    expect(other.body).toEqual(sent.body);
  });

  it.each<[string, Partial<Step>]>([
    ['of changing length', changing],
    ['of one length', { path: '/{{uuid}}', method: 'POST', body: '{{hex 20}}' }],
    ['without a body', { path: '/{{arrival}}' }],
    ['with a large body', { method: 'POST', path: '/{{arrival}}', body: `${'x'.repeat(70_000)}{{arrival}}` }],
  ])('%s keeps the bytes of each place until that is used again', (_, step) => {
    const request = requestFor(step);
    const scratches = Array.from({ length: 20 }, () => new Scratch());
    const made = scratches.map((scratch, n) => [request.http1(n, scratch), scratch.rest] as const);
    const again = scratches.map((_, n) => shown(request, n));
    expect(made.map(([bytes, rest]) => `${bytes}${rest ?? ''}`)).toEqual(again);
  });

  it('is not made new for each arrival where its length is the same', () => {
    const request = requestFor({ path: '/{{uuid}}', method: 'POST', body: '{{hex 20}}' });
    const scratch = new Scratch();
    expect(request.http1(1, scratch)).toBe(request.http1(2, scratch));
  });

  it('keeps bytes that are no text', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, ...Buffer.from('{{arrival}}'), 0x80]);
    const { body } = sentOf(requestFor({ method: 'POST', body: bytes }), 10);
    expect(body).toEqual(Buffer.from([0xff, 0x00, 0xc3, 0x31, 0x30, 0x80]));
  });

  it('has a body that is JSON and text in UTF-8', () => {
    const request = requestFor(changing);
    for (let n = 0; n < 200; n += 1) {
      const { body } = sentOf(request, n);
      const data = JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(body));
      expect(data).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: expect.stringMatching(/^ü (ä|日本)$/),
        price: expect.any(Number),
        n,
      });
    }
  });
});

/** A step that a server can tell from any other, in all the ways that requests are made. */
const anyStep: fc.Arbitrary<Partial<Step>> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  path: fc.constantFrom(
    '/',
    '/a?b=c',
    '/ä b',
    '/{{arrival}}',
    '/{{uuid}}?q={{hex 3}}',
    `/${'p'.repeat(5000)}{{arrival}}`,
  ),
  headers: fc.array(
    fc.constantFrom<readonly [string, string]>(
      ['A', 'b'],
      ['X-Empty', ''],
      ['X-Id', '{{uuid}}'],
      ['X-N', 'é {{arrival}}'],
      ['X-Pick', '{{pick a bb "c d"}}'],
      ['Host', 'given.test'],
    ),
    { maxLength: 3 },
  ),
  body: fc.oneof(
    fc.constantFrom(
      undefined,
      undefined,
      '',
      'plain ü',
      '{{hex 6}}',
      '{{arrival}}',
      '{"n":{{arrival}},"p":"{{pick a bb ccc}}"}',
    ),
    fc.constantFrom(
      ...[3000, 65_520, 65_536, 65_537, 100_000].flatMap((length) =>
        ['', '{{hex 8}}', '{{arrival}}'].map((end) => 'y'.repeat(length) + end),
      ),
    ),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.concat([bytes, Buffer.from('{{integer 1 100000}}'), bytes])),
  ),
});
const anySettings: fc.Arbitrary<Partial<RequestSettings>> = fc.record({
  keepAlive: fc.boolean(),
  pathPrefix: fc.constantFrom('', 'http://target.test:81'),
  authority: fc.constantFrom('localhost:3000', '[::1]:80'),
});

describe('the memory of an exchange', () => {
  it('carries steps in any order, each as it is in memory of its own', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 2, maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(1), fc.maxSafeNat()), { minLength: 2, maxLength: 20 }),
        (steps, sends) => {
          const requests = requestsOf(steps);
          const scratches = [new Scratch(), new Scratch()];
          // What was made last in the other place has to stay as it is.
          const made: (() => Buffer)[] = [];
          const expected: Buffer[] = [];
          for (const [pick, place, n] of sends) {
            const request = requests[pick % requests.length]!;
            const scratch = scratches[place]!;
            const bytes = request.http1(n, scratch);
            const { rest } = scratch;
            made[place] = () => Buffer.concat([bytes, rest ?? Buffer.alloc(0)]);
            expected[place] = bytesOf(request, n);
            for (const at of [0, 1]) if (made[at]) expect(made[at]().equals(expected[at]!)).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('does not mix what it had before with a body of changing length', () => {
    const [one, larger, other] = requestsOf([
      { method: 'POST', body: `${'a'.repeat(40_000)}{{arrival}}` },
      { method: 'POST', path: '/{{uuid}}', body: 'b'.repeat(60_000) },
      { method: 'POST', path: '/other', body: `${'c'.repeat(40_000)}{{arrival}}` },
    ]);
    const scratch = new Scratch();
    for (const [n, request] of [one!, larger!, one!, other!, larger!, other!, one!].entries()) {
      expect(bytesOf(request, n, scratch).equals(bytesOf(request, n))).toBe(true);
    }
  });
});

describe('on the wire', () => {
  const drain = async (message: AsyncIterable<Buffer>): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    return Buffer.concat(chunks).toString('latin1');
  };

  /** What a server makes of a request. */
  interface Read {
    readonly method: string | undefined;
    readonly url: string | undefined;
    readonly headers: readonly string[];
    readonly body: string;
  }

  /** Writes bytes to a real server; resolves with the requests it reads of them. */
  const readByServer = async () => {
    const reads: Read[] = [];
    let wake = (): void => {};
    const broken: unknown[] = [];
    const server = http.createServer(async (request, response) => {
      const { method, url, rawHeaders } = request;
      reads.push({ method, url, headers: rawHeaders, body: await drain(request) });
      response.end();
      wake();
    });
    server.on('clientError', (error: NodeJS.ErrnoException) => {
      // The answers are of no interest: their sockets may be gone before they were read.
      if (!error.code?.startsWith('HPE_')) return;
      broken.push(error);
      wake();
    });
    const { port } = await listen(server);
    return async (pieces: readonly Buffer[], count: number): Promise<readonly Read[]> => {
      reads.length = 0;
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      for (const piece of pieces) socket.write(piece);
      while (reads.length < count && broken.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      socket.destroy();
      expect(broken).toEqual([]);
      return [...reads];
    };
  };

  it('HTTP/1.1 carries what was drawn', async () => {
    const readAll = await readByServer();
    const request = requestFor(changing);
    const bytes = Array.from({ length: 20 }, (_, n) => bytesOf(request, n));
    // Pipelined: the end of each has to be where its head says.
    const reads = await readAll(bytes, 20);
    for (const [n, { method, url, headers, body }] of reads.entries()) {
      const expected = request.http2Headers(n, new Scratch());
      const scratch = new Scratch();
      request.http2Headers(n, scratch);
      expect([method, url]).toEqual(['POST', expected[':path']]);
      expect(headers[headers.indexOf('X-Id') + 1]).toBe(expected['x-id']);
      expect(headers[headers.indexOf('X-Same') + 1]).toBe('é');
      expect(Buffer.from(body, 'latin1')).toEqual(scratch.body);
    }
  });

  it('HTTP/1.1 carries any step as it was meant', async () => {
    const readAll = await readByServer();
    await fc.assert(
      fc.asyncProperty(anyStep, anySettings, fc.nat(1_000_000), async (step, over, n) => {
        const request = requestFor(step, over);
        const scratch = new Scratch();
        // The values of templates, by the other way of making requests.
        const { ':path': path, ':authority': host, ...others } = request.http2Headers(n, scratch);
        const length = Buffer.byteLength(scratch.body ?? '');
        const [read] = await readAll([bytesOf(request, n)], 1);
        expect(read!.method).toBe(step.method);
        expect(read!.url).toBe(`${over.pathPrefix}${path}`);
        expect(read!.body).toBe(scratch.body?.toString('latin1') ?? '');
        const valuesOf = (name: string): string[] =>
          read!.headers.filter((_, at) => at % 2 === 1 && read!.headers[at - 1]!.toLowerCase() === name);
        expect(valuesOf('host')).toEqual([host].flat());
        expect(valuesOf('connection')).toEqual([over.keepAlive ? 'keep-alive' : 'close']);
        const saysLength = step.body !== undefined || /^P/.test(step.method!);
        expect(valuesOf('content-length')).toEqual(saysLength ? [String(length)] : []);
        for (const [name, value] of Object.entries(others)) {
          if (!name.startsWith(':') && name !== 'content-length') expect(valuesOf(name)).toEqual([value].flat());
        }
        expect(valuesOf('transfer-encoding')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('HTTP/2 carries what was drawn', async () => {
    const server = http2.createServer(async (request, response) => {
      response.end(JSON.stringify([request.url, request.headers['x-id'], await drain(request)]), 'latin1');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => {
      session.destroy();
      server.close();
    });
    const request = requestFor(changing);
    // All at once: what is handed out for one must have been taken up before the next.
    const answers = Array.from({ length: 20 }, (_, n) => {
      const scratch = new Scratch();
      const stream = session.request(request.http2Headers(n, scratch), { endStream: false });
      stream.end(scratch.body);
      return drain(stream);
    });
    for (const [n, answer] of (await Promise.all(answers)).entries()) {
      const expected = sentOf(request, n);
      expect(JSON.parse(answer)).toEqual([
        pathOf(expected),
        headerOf(expected, 'x-id'),
        expected.body.toString('latin1'),
      ]);
    }
  });
});
