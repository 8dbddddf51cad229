// Answers that are streams, heard by the real engine on real sockets: what is counted and measured of them, how they end,
// and that whatever becomes of them is an outcome of its own and the rows still add up.

import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { DriveOptions } from '../helpers/drive.ts';
import { percentile, sleep } from '../helpers/drive.ts';
import { plainTransport } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';
import { chunk, mark, usage } from '../helpers/stream-text.ts';
import { driveStreams, type Streamed } from '../helpers/streamed.ts';

const streaming = (more = '', done = ', done: "[DONE]"'): string =>
  `steps:\n  - get: /\n    stream: { type: sse${done} }\n${more}`;

/** 10 requests in 100 ms, heard to their end. */
const ten = async (
  server: net.Server,
  profile = streaming(),
  { spec, ...more }: Partial<DriveOptions> = {},
): Promise<Streamed> => {
  const { port } = await listen(server);
  const streamed = await driveStreams(profile, {
    port,
    segments: constantSegments(100, 100),
    forMs: 150,
    ...more,
    ...(spec && { spec: { ...spec, ...(spec.transport && { transport: { ...spec.transport, via: viaOf(port) } }) } }),
  });
  expect(streamed.driven.summary.balanced).toBe(true);
  const ended = streamed.outcomes.reduce((sum, [, count]) => sum + count, 0);
  expect(ended + streamed.driven.summary.iterations.cutOff).toBe(10);
  return streamed;
};

const viaOf = (port: number) => ({ type: 'host', hostname: '127.0.0.1', port }) as const;

const type = { 'content-type': 'text/event-stream' };

/** Answers with pieces, one after the other, with a rest between. */
const writing = (pieces: readonly (string | Buffer)[], gapMs = 5, headers: http.OutgoingHttpHeaders = {}) =>
  http.createServer(async (_, response) => {
    response.writeHead(200, { ...type, ...headers });
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await sleep(gapMs);
      response.write(piece);
    }
    response.end();
  });

const scripted = (script: (socket: net.Socket) => void): net.Server =>
  net.createServer((socket) => socket.once('data', () => script(socket)));

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';

describe('a stream that is complete', () => {
  it('has its events, contents and tokens counted, and its chunks that are no JSON', async () => {
    const pieces = [chunk(undefined), chunk('Hel'), chunk('lo'), 'data: {"choices":\n\n', chunk(''), usage(7), mark];
    const { counts, outcomes, trends, driven } = await ten(writing(pieces));
    expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(counts).toEqual({
      'time to first event': 10,
      'gap between events': 50,
      events: 60,
      'events with content': 20,
      'events per answer': 10,
      'tokens, by usage': 70,
      'tokens per second, by usage': 10,
      'chunks not JSON': 10,
    });
    expect(trends.get('events per answer')!.max).toBeGreaterThanOrEqual(6000);
    // 7 tokens in at least 30 ms.
    expect(trends.get('tokens per second, by usage')!.max / 1000).toBeLessThan(240);
    // To the end of the answer, which is six gaps after its first event.
    expect(driven.summary.response.good.minMs).toBeGreaterThan(29);
  });

  it('has the events with content for its tokens where it does not say', async () => {
    const { counts } = await ten(writing([chunk('a'), chunk('b'), chunk('c'), mark]));
    expect(counts).toMatchObject({
      'tokens, by events with content': 30,
      'tokens per second, by events with content': 10,
    });
    expect(counts).not.toHaveProperty('tokens, by usage');
  });

  it('is not believed where the tokens it says it had are more than any number', async () => {
    const endless = 'data: {"choices":[],"usage":{"completion_tokens":1e999}}\n\n';
    const { counts } = await ten(writing([chunk('a'), endless, mark]));
    expect(counts).toMatchObject({ 'tokens, by events with content': 10 });
    expect(counts).not.toHaveProperty('tokens, by usage');
  });

  it('may be cut anywhere, also within a character', async () => {
    const bytes = Buffer.from([chunk('é漢😀'), chunk('ü'), mark].join('').replaceAll('\n', '\r\n'));
    const cuts = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) =>
      bytes.subarray(index * 7, index * 7 + 7),
    );
    const { counts, outcomes } = await ten(writing(cuts, 1));
    expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(counts).toMatchObject({ events: 20, 'events with content': 20 });
    expect(counts).not.toHaveProperty('chunks not JSON');
  });

  it('may end with its connection', async () => {
    const server = scripted((socket) => {
      socket.write(`${head}\r\n${chunk('a')}`);
      setTimeout(() => socket.end(chunk('b') + mark), 20);
    });
    const { counts, outcomes } = await ten(server);
    expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(counts).toMatchObject({ events: 20, 'gap between events': 10 });
  });

  it('needs no mark where none is asked for, and takes the usual one for what it is', async () => {
    for (const pieces of [
      [chunk('a'), chunk('b')],
      [chunk('a'), chunk('b'), mark],
    ]) {
      const { counts, outcomes } = await ten(writing(pieces), 'steps:\n  - get: /\n    stream: sse\n');
      expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
      expect(counts).toMatchObject({ events: 20 });
      expect(counts).not.toHaveProperty('chunks not JSON');
    }
  });

  it.each([
    ['a text', ', done: the end', 'data: the end\n\n', 20],
    ['a name', ', done: { event: stop }', 'event: stop\ndata: {}\n\n', 30],
    [
      'a value',
      ', done: { json: { "$.choices[0].finish_reason": stop } }',
      'data: {"choices":[{"finish_reason":"stop"}]}\n\n',
      30,
    ],
  ])('ends with %s', async (_, done, last, events) => {
    const complete = await ten(writing([chunk('a'), chunk('b'), last]), streaming('', done));
    expect(complete.outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(complete.counts).toMatchObject({ events });
    const cut = await ten(writing([chunk('a'), chunk('b')]), streaming('', done));
    expect(cut.outcomes).toEqual([['cut short', 10, ['cut short, stream without its end']]]);
  });

  it('is complete with its mark, whether the answer ends soon, late or never', async () => {
    const server = scripted((socket) => socket.write(`${head}\r\n${chunk('a')}${mark}`));
    const { outcomes, driven, counts } = await ten(server, streaming(), { graceMs: 3000 });
    expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(counts).toMatchObject({ 'events per answer': 10 });
    expect(driven.summary.response.good.maxMs).toBeLessThan(500);
    const reset = scripted((socket) => {
      socket.write(`${head}Content-Length: 1000\r\n\r\n${chunk('a')}${mark}`);
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    expect((await ten(reset)).outcomes).toEqual([['2xx', 10, ['2xx']]]);
  });

  it('is followed by the next step, also on a connection that had to be given up', async () => {
    const server = scripted((socket) => {
      socket.on('error', () => {});
      socket.write(`${head}\r\n${chunk('a')}${mark}`);
    });
    const step = (name: string): string => `  - get: /${name}\n    stream: { type: sse, done: "[DONE]" }\n`;
    const profile = `load: { users: 5 }\nsteps:\n${step('one')}${step('two')}`;
    const { port } = await listen(server);
    const { outcomes, driven, counts } = await driveStreams(profile, {
      port,
      segments: constantSegments(5, Infinity),
      forMs: 1500,
      graceMs: 3000,
      spec: { model: 'closed' },
    });
    // Each waits 1 s for the end of its answer: one iteration begins, its second step is the last.
    expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(counts).toMatchObject({ 'events per answer': 10 });
    expect(driven.summary).toMatchObject({ balanced: true, iterations: { good: 5, cutOff: 0 } });
  });

  it('can be held to expectations beside, as any answer', async () => {
    const profile = streaming('    expect: { text: "lo", time: "<5s" }\n    capture: { x: { regex: "(Hel)" } }\n');
    const { outcomes, counts } = await ten(writing([chunk('Hel'), chunk('lo'), mark]), profile);
    expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(counts).toMatchObject({ events: 20, 'text contains "lo"': 10 });
  });

  it('comes over HTTP/2 as well', async () => {
    const server = http2.createServer();
    server.on('stream', (stream: http2.ServerHttp2Stream) => {
      stream.respond({ ':status': 200, ...type });
      stream.write(chunk('a'));
      setTimeout(() => stream.write(chunk('b')), 20);
      setTimeout(() => stream.end(mark), 40);
    });
    const transport = plainTransport(0, { http2: true, perConnection: 10 });
    const { counts, outcomes, trends } = await ten(server, streaming(), { spec: { transport } });
    expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(counts).toMatchObject({ events: 20, 'gap between events': 10 });
    expect(trends.get('gap between events')!.percentile(0.5) / 1000).toBeGreaterThan(14);
  });
});

describe('a stream that is not', () => {
  it('ends as cut short, which is no complete answer, where its mark never came', async () => {
    const { outcomes, driven, counts } = await ten(writing([chunk('a'), chunk('b')]));
    expect(outcomes).toEqual([['cut short', 10, ['cut short, stream without its end']]]);
    expect(driven.summary).toMatchObject({ completed: 0, good: 0, iterations: { good: 0, notGood: 10 } });
    expect(driven.summary.outcomes[0]!.example).toBe('expected data: [DONE], found the end after 2 events');
    // What came, came; an answer that was not complete has no rate.
    expect(counts).toMatchObject({ events: 20, 'tokens, by events with content': 20 });
    expect(counts).not.toHaveProperty('events per answer');
  });

  it.each<[string, string, (socket: net.Socket) => void]>([
    ['closed', 'cut short during the stream', (socket) => socket.end()],
    ['reset', 'reset during the stream', (socket) => socket.resetAndDestroy()],
  ])('ends as lost where its connection is %s', async (_, cause, lose) => {
    const server = scripted((socket) => {
      socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk('a').length.toString(16)}\r\n${chunk('a')}\r\n`);
      setTimeout(() => lose(socket), 20);
    });
    const { outcomes, counts } = await ten(server);
    expect(outcomes).toEqual([[cause.split(' during')[0], 10, [cause]]]);
    expect(counts).toMatchObject({ events: 10 });
  });

  it('ends as lost where its HTTP/2 connection goes', async () => {
    const server = http2.createServer();
    // Not through the session: that would end the streams in good order.
    server.on('connection', (socket: net.Socket) => setTimeout(() => socket.destroy(), 250));
    server.on('session', (session) => session.on('error', () => {}));
    server.on('stream', (stream: http2.ServerHttp2Stream) => {
      stream.on('error', () => {});
      stream.respond({ ':status': 200, ...type });
      stream.write(chunk('a'));
    });
    const transport = plainTransport(0, { http2: true, perConnection: 10 });
    const { outcomes } = await ten(server, streaming(), { spec: { transport } });
    expect(outcomes).toEqual([['cut short', 10, ['cut short during the stream']]]);
  });

  it('is none where no event came, and where it cannot be read', async () => {
    const plain = http.createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}'),
    );
    const none = await ten(plain);
    expect(none.outcomes).toEqual([['expectation failed', 10, ['expectation failed: no event']]]);
    expect(none.driven.summary.outcomes[0]!.example).toContain('found none in an answer of application/json');
    const packed = await ten(writing([gzipSync(chunk('a') + mark)], 0, { 'content-encoding': 'gzip' }));
    expect(packed.outcomes).toEqual([['expectation failed', 10, ['expectation failed: body not judged']]]);
  });

  it('is not looked for in an answer with another status', async () => {
    const refusing = http.createServer((_, response) => response.writeHead(503, type).end(chunk('a') + mark));
    const { outcomes, counts } = await ten(refusing);
    expect(outcomes).toEqual([['503', 10, ['503']]]);
    expect(counts).toEqual({});
  });

  it('shows as stuck while it is silent, and is ended by the silence, not by the common limit', async () => {
    const server = http.createServer((request, response) => {
      response.writeHead(200, type).write(chunk('a'));
      request.on('close', () => response.destroy());
    });
    const profile = streaming('', ', done: "[DONE]", idle: 2600ms');
    const { outcomes, driven } = await ten(server, profile, { forMs: 3200, spec: { timeoutMs: 400 } });
    expect(outcomes).toEqual([['timeout', 10, ['timeout, silence in the answer']]]);
    expect(driven.summary.outcomes[0]!.example).toContain('no byte for 2.6 s');
    const stuck = driven.intervals.map(({ slice, stocks }) => [slice, stocks.stuck] as const);
    expect(Math.max(...stuck.map(([, count]) => count))).toBe(10);
    expect(stuck.filter(([slice, count]) => count > 0 && (slice < 19 || slice > 28))).toEqual([]);
  });

  it('goes on past the common limit as long as bytes come', async () => {
    const pieces = [...Array.from({ length: 12 }, () => chunk('a')), mark];
    const { outcomes, driven } = await ten(writing(pieces, 60), streaming('', ', done: "[DONE]", idle: 400ms'), {
      spec: { timeoutMs: 300 },
    });
    expect(outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(driven.summary.response.good.minMs).toBeGreaterThan(650);
  });

  it('is awaited at the end of the run, up to grace, then cut off and counted apart', async () => {
    const pieces = [...Array.from({ length: 8 }, () => chunk('a')), mark];
    const awaited = await ten(writing(pieces, 100), streaming(), { forMs: 150, graceMs: 3000 });
    expect(awaited.outcomes).toEqual([['2xx', 10, ['2xx']]]);
    expect(awaited.driven.summary.iterations.cutOff).toBe(0);
    const cut = await ten(writing(pieces, 100), streaming(), { forMs: 150, graceMs: 300 });
    expect(cut.outcomes).toEqual([]);
    expect(cut.driven.summary.iterations).toMatchObject({ good: 0, notGood: 0, cutOff: 10 });
    // Its events came nevertheless.
    expect(cut.counts.events).toBeGreaterThanOrEqual(20);
  });
});

describe('what is measured of a stream', () => {
  it('is when its events were written', async () => {
    const firsts: number[] = [];
    const gaps: number[] = [];
    const server = http.createServer(async (_, response) => {
      const asked = monotonicNow();
      response.writeHead(200, type);
      let before = 0;
      for (const wait of [40, 15, 25, 15]) {
        await sleep(wait);
        const now = monotonicNow();
        response.write(chunk('a'));
        if (before === 0) firsts.push(now - asked);
        else gaps.push(now - before);
        before = now;
      }
      response.end(mark);
    });
    const { trends, counts } = await ten(server);
    expect(counts).toMatchObject({ events: 40, 'gap between events': 30, 'time to first event': 10 });
    for (const [name, truth] of [
      ['time to first event', firsts],
      ['gap between events', gaps],
    ] as const) {
      const measured = trends.get(name)!.percentile(0.5) / 1000;
      expect(Math.abs(measured - percentile(truth, 0.5)), name).toBeLessThan(5);
    }
  });
});
