// What the profiles of the five teams claim, each from the counters of the demo target: how many requests to which route, by
// whom at once, how often with the think time, what is in events and uploads; and word for word what one request of each is.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventTypes } from '../../source/demo/event-check.ts';
import type { DemoCounters } from '../helpers/demo-target.ts';
import { listen } from '../helpers/listen.ts';
import { cameByRoute, runShipped, type ShippedRun, sentByRoute } from '../helpers/shipped-run.ts';
import { startProgram } from '../helpers/start-program.ts';

const key = 'demo-upload-key';
const token = 'demo-chat-token';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'loadtop-claims-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Words of a command line: `users=5` is set, a flag is taken as it is. */
const args = (text: string): string[] =>
  text.split(' ').flatMap((word) => (word.startsWith('-') || !word.includes('=') ? [word] : ['--set', word]));

/** Runs it to its end; what is asked of every run. A busy machine may make a generator that was late (96). */
const run = async (name: string, text: string, flags: readonly string[] = []): Promise<ShippedRun> => {
  const ran = await runShipped(folder, name, [...args(text), '--seed', '5'], flags);
  expect([0, 96], ran.stderr).toContain(ran.code);
  expect([ran.summary.notGood, ran.counters.faults, ran.counters.firstFault], ran.stderr).toEqual([0, 0, null]);
  return ran;
};

interface SizeCounts {
  readonly requests: number;
  readonly inTurn: number;
  readonly outOfTurn: number;
  readonly startsWith: Readonly<Record<string, number>>;
}

const sizesOf = ({ events }: DemoCounters) => events.bySize as Readonly<Record<string, SizeCounts>>;

/** Iterations of so many users in a time, where each takes `serviceMs` and thinks 1 to 3 s: the first begins at once. */
const withThinking = (users: number, ms: number, serviceMs: number): number => {
  const cycle = 2000 + serviceMs;
  return users * (ms / cycle + 1 / 2 + 1 / 24);
};

describe('the events', () => {
  it('of events-simple are one a request, all ten types alike and in turn', async () => {
    // One connection has them arrive in the order in which they are sent.
    const { summary, counters } = await run('events-simple', 'RATE=100 duration=4s -c 1 -w 1');
    expect(cameByRoute(counters)).toEqual({ 'POST /events': 400 });
    expect(sentByRoute(summary)).toEqual({ 'POST /events': 400 });
    expect(counters.routes['POST /events']).toMatchObject({
      statuses: { 202: 400 },
      contentTypes: { 'application/json': 400 },
    });
    expect(sizesOf(counters)).toMatchObject({ alone: { requests: 400, inTurn: 399, outOfTurn: 0 } });
    expect(Object.keys(sizesOf(counters))).toEqual(['alone']);
    expect(counters.events.byType).toEqual(Object.fromEntries(eventTypes.map((type) => [type, 40])));
    expect(counters.events.first).toEqual(Array.from({ length: 100 }, (_, n) => eventTypes[n % 10]));
    expect(summary.metrics.find(({ name }) => name === 'events_sent')?.sum).toBe(400);
    const sizes = summary.metrics.find(({ name }) => name === 'event_size_bytes');
    expect(sizes?.count).toBe(400);
  });

  it('of events-full are single ones, tens and hundreds, one to one to three of RATE', async () => {
    const { summary, counters } = await run('events-full', 'RPS=200 duration=5s');
    const { alone, 10: tens, 100: hundreds, ...others } = sizesOf(counters);
    expect(others).toEqual({});
    expect(cameByRoute(counters)).toEqual({ 'POST /events': 1000 });
    expect(Object.fromEntries(summary.series.map(({ name, good }) => [name, good]))).toEqual({
      'POST /events (1)': alone!.requests,
      'POST /events (10)': tens!.requests,
      'POST /events (100)': hundreds!.requests,
    });
    expect(alone!.requests / 1000).toBeCloseTo(0.2, 1);
    expect(tens!.requests / 1000).toBeCloseTo(0.2, 1);
    expect(hundreds!.requests / 1000).toBeCloseTo(0.6, 1);
    // Within each batch, one type after the other.
    expect(tens).toMatchObject({ inTurn: 9 * tens!.requests, outOfTurn: 0 });
    expect(hundreds).toMatchObject({ inTurn: 99 * hundreds!.requests, outOfTurn: 0 });
    const events = alone!.requests + 10 * tens!.requests + 100 * hundreds!.requests;
    expect(counters.events).toMatchObject({ received: events, accepted: events });
    expect(summary.metrics.find(({ name }) => name === 'events_sent')?.sum).toBe(events);
    const byType = counters.events.byType as Readonly<Record<string, number>>;
    expect(Object.keys(byType).sort()).toEqual([...eventTypes].sort());
    // All batches hold each type equally often; single ones, by the number of their arrival, nearly so.
    for (const count of Object.values(byType)) expect(Math.abs(count - events / 10)).toBeLessThan(alone!.requests / 10);
  });
});

describe('the uploads', () => {
  /** The made file, as the run keeps it. */
  const upload = { name: '4lakh1.csv', flags: ['--upload-ms', '150'] };

  it('of batch-insert-initial are all in work at once, whole, with the list behind the file', async () => {
    const { summary, counters } = await run('batch-insert-initial', 'rows=2000 initial_concurrency=30', upload.flags);
    expect(cameByRoute(counters)).toEqual({ 'POST /v1/file-sync': 30 });
    expect(sentByRoute(summary)).toEqual({ 'POST /v1/file-sync': 30 });
    expect(counters.uploads).toMatchObject({ accepted: 30, chunked: 0, lists: 1, inWorkAtOnce: 30, waves: [30] });
    const { [upload.name]: file, ...others } = counters.uploads.files as Readonly<
      Record<string, { uploads: number; bytes: number; least: number; most: number }>
    >;
    expect(others).toEqual({});
    expect(file!.least).toBe(file!.most);
    expect(file).toMatchObject({ uploads: 30, bytes: 30 * file!.least });
    expect(file!.least).toBeGreaterThan(2000 * 100);
    expect(counters.routes['POST /v1/file-sync']).toMatchObject({
      statuses: { 200: 30 },
      contentTypes: { 'multipart/form-data': 30 },
      usersAtOnce: 30,
    });
    // What is sent is what comes: the bodies, and heads of some hundred bytes.
    const { bytesIn } = counters.routes['POST /v1/file-sync']!;
    expect(bytesIn).toBeGreaterThan(file!.bytes);
    expect(summary.bytesOut - bytesIn).toBeGreaterThan(30 * 100);
    expect(summary.bytesOut - bytesIn).toBeLessThan(30 * 600);
  });

  it('of batch-insert come in waves of ten, twenty, thirty, each awaited', async () => {
    const { summary, counters } = await run('batch-insert', 'rows=1000 max_requests=40', upload.flags);
    expect(counters.uploads).toMatchObject({ accepted: 100, waves: [10, 20, 30, 40], inWorkAtOnce: 40 });
    expect(summary.rounds.map(({ size, good }) => [size, good])).toEqual([10, 20, 30, 40].map((n) => [n, n]));
  });

  it('of batch-insert-files are of both files, the wide one larger, by as many users as said', async () => {
    const { summary, counters } = await run('batch-insert-files', 'rows=1000 users=4 requests=40', upload.flags);
    const files = counters.uploads.files as Readonly<Record<string, { uploads: number; least: number }>>;
    const sent = Object.fromEntries(summary.series.map(({ name, good }) => [name, good]));
    expect(sent).toEqual({
      'file A, many columns': files['4lakh1.csv']!.uploads,
      'file B, few columns': files['4lakh2.csv']!.uploads,
    });
    expect(counters.uploads).toMatchObject({ accepted: 40, inFlightAtOnce: 4 });
    expect(files['4lakh1.csv']!.least).toBeGreaterThan(3 * files['4lakh2.csv']!.least);
  });
});

describe('the users of a chat', () => {
  it('read each answer to its end, and think one to five seconds', async () => {
    const { summary, counters } = await run('chat-completions', 'users=20 spawn=20 duration=8s', [
      ...['--tokens', '5', '--gap-ms', '10', '--broken-chunks', '1'],
    ]);
    const sent = sentByRoute(summary, { '/api/chat/completions': 'POST /api/chat/completions' });
    expect(cameByRoute(counters)).toEqual(sent);
    const count = sent['POST /api/chat/completions']!;
    expect(counters.chat).toMatchObject({
      begun: count,
      done: count,
      cut: 0,
      left: 0,
      tokens: 5 * count,
      broken: count,
    });
    // One every 3.1 s and each; the first has nothing to think about.
    expect(count / (20 * (8 / 3.1 + 1 / 2))).toBeGreaterThan(0.85);
    expect(count / (20 * (8 / 3.1 + 1 / 2))).toBeLessThan(1.15);
    expect(counters.connectionsAtOnce).toBe(20);
  });
});

describe('the users of the gateway', () => {
  it.each(['light', 'medium', 'heavy', 'stress', 'spike'])(
    'gateway-%s look around with 1 to 3 s between',
    async (kind) => {
      const { summary, counters } = await run(`gateway-${kind}`, 'users=30 spawn=30 duration=5s');
      const { 'GET /health': health, ...sent } = sentByRoute(summary);
      expect(cameByRoute(counters)).toEqual(sent);
      expect(Object.keys(sent).sort()).toEqual([
        'GET /',
        'GET /api/v1/documents/',
        'GET /api/v1/documents/health',
        'GET /api/v1/documents/info',
        'GET /gateway/services',
        'GET /gateway/status',
      ]);
      expect(counters.routes['GET /health']!.requests).toBeGreaterThanOrEqual(health!);
      expect(counters.connectionsAtOnce).toBe(30);
      const { good } = summary.iterations;
      expect(good! / withThinking(30, 4500, 15)).toBeGreaterThan(0.85);
      expect(good! / withThinking(30, 4500, 15)).toBeLessThan(1.15);
    },
  );

  it('of gateway-custom bring their cookie along', async () => {
    const { summary, counters } = await run('gateway-custom', 'users=20 spawn=20 duration=4s');
    const { 'GET /health': _, ...sent } = sentByRoute(summary);
    expect(cameByRoute(counters)).toEqual(sent);
    const { cookiesGiven, cookiesReturned, usersSeen } = counters.gateway as Readonly<Record<string, number>>;
    const asked = ['GET /', 'GET /gateway/status', 'GET /gateway/services'].reduce(
      (sum, route) => sum + sent[route]!,
      0,
    );
    expect(cookiesGiven! + cookiesReturned!).toBe(asked);
    // One cookie for each user that was there; whoever came again brought it.
    expect(cookiesGiven).toBeLessThanOrEqual(20);
    expect(usersSeen).toBeLessThanOrEqual(cookiesGiven!);
    expect(cookiesReturned).toBeGreaterThan(cookiesGiven!);
  });
});

describe('the users of the agents', () => {
  it.each([
    ['agents-health', { 'GET /api/health': 1 }, 2],
    ['agents-query', { 'POST /api/agents/{id}/query': 1 }, 45],
    ['agents-mixed', { 'GET /api/health': 0.1, 'GET /api/agents': 0.3, 'POST /api/agents/{id}/query': 0.6 }, 30],
  ])(
    'of %s ask, each with a connection of its own, and think',
    async (name, shares: Record<string, number>, serviceMs) => {
      const { summary, counters } = await run(name, 'users=60 spawn=60 duration=5s');
      const came = cameByRoute(counters);
      expect(came).toEqual(sentByRoute(summary));
      expect(Object.keys(came).sort()).toEqual(Object.keys(shares).sort());
      for (const [route, share] of Object.entries(shares)) {
        expect(Math.abs(came[route]! / summary.good - share), route).toBeLessThan(0.12);
      }
      expect(counters.connectionsAtOnce).toBe(60);
      expect(summary.good / withThinking(60, 4500, serviceMs)).toBeGreaterThan(0.85);
      expect(summary.good / withThinking(60, 4500, serviceMs)).toBeLessThan(1.15);
    },
  );

  it('of agents-quick ask as many questions as said, all at once and without a pause', async () => {
    const { summary, counters } = await run('agents-quick', 'users=25 requests=250');
    expect(cameByRoute(counters)).toEqual({ 'POST /api/agents/{id}/query': 250 });
    expect(counters.agents).toMatchObject({ queriesAtOnce: 25 });
    expect(counters.connectionsAtOnce).toBe(25);
    expect(summary.durationMs).toBeLessThan(10_000);
    expect(Object.keys(counters.agents.byAgent as object).length).toBeGreaterThan(60);
  });

  it('begin as many a second as said', async () => {
    const { counters } = await run('agents-health', 'users=60 spawn=10 duration=3s');
    expect(counters.connectionsAtOnce).toBeGreaterThanOrEqual(29);
    expect(counters.connectionsAtOnce).toBeLessThanOrEqual(31);
  });
});

/** A request as it came. */
interface Came {
  readonly line: string;
  /** Without those that every client sends. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

/** Requests of one iteration of each scenario, by a server that answers all of them as if they were right. */
const once = async (name: string, ...more: string[]): Promise<readonly Came[]> => {
  const came: Came[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url = '', headers } = request;
      const { host: _, connection: __, 'user-agent': ___, ...own } = headers;
      came.push({
        line: `${method} ${url}`,
        headers: own as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      });
      const isChat = url.endsWith('/completions');
      response.writeHead(url === '/events' ? 202 : 200, {
        'content-type': isChat ? 'text/event-stream' : 'text/plain',
      });
      response.end(isChat ? 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n' : 'ok');
    });
  });
  servers.push(server);
  const { port } = await listen(server);
  const options = { folder, env: { auth_key: key, GSA_AUTH_TOKEN: token, XDG_CACHE_HOME: folder } };
  const all = ['run', name, '--host', `http://127.0.0.1:${port}`, '--once', ...more];
  const { code, stdout, stderr } = await startProgram(all, options).ended;
  expect(code, stdout + stderr).toBe(0);
  // The secrets are sent, and not said.
  expect(stdout + stderr).not.toContain(key);
  expect(stdout + stderr).not.toContain(token);
  return came.filter(({ line }) => !line.startsWith('HEAD'));
};

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('one request', () => {
  it('of batch insert is a form of the file and the list, with the key as it is', async () => {
    for (const name of ['batch-insert-initial', 'batch-insert']) {
      const [request, ...others] = await once(name, '--set', 'rows=3', '--set', 'list_id=list-7', '--show');
      expect(others).toEqual([]);
      const { line, headers, body } = request!;
      expect(line).toBe('POST /v1/file-sync');
      const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(headers['content-type'] ?? '')![1]!;
      expect(headers).toEqual({
        authorization: key,
        'content-length': String(Buffer.byteLength(body)),
        'content-type': `multipart/form-data; boundary=${boundary}`,
      });
      const [before, file, field, after] = body.split(`--${boundary}`);
      expect([before, after]).toEqual(['', '--\r\n']);
      const [head, rows] = file!.split('\r\n\r\n');
      expect(head!.split('\r\n').slice(1)).toEqual([
        'Content-Disposition: form-data; name="file"; filename="4lakh1.csv"',
        'Content-Type: text/csv',
      ]);
      expect(rows!.trimEnd().split('\n')).toHaveLength(4);
      expect(rows!.split('\n')[0]!.split(',')).toHaveLength(20);
      expect(field).toBe('\r\nContent-Disposition: form-data; name="json"\r\n\r\n{"list_id": "list-7"}\r\n');
    }
  });

  it('of batch insert takes a file and a payload of the team own, by the names that it knows', async () => {
    const file = path.join(folder, 'own.csv');
    const payload = '{"list_id": "mine", "dry": true}';
    writeFileSync(file, 'a,b\r\n1,2\r\n');
    const [request] = await once('batch-insert', '--set', 'file=own.csv', '--set', `json_payload=${payload}`);
    expect(request!.body).toContain('\r\n\r\na,b\r\n1,2\r\n\r\n--');
    expect(request!.body).toContain(`name="json"\r\n\r\n${payload}\r\n`);
  });

  it('of chat completions is word for word that of the team', async () => {
    const [request, ...others] = await once('chat-completions', '--show', '--set', 'CHAT_MODEL=gpt-x');
    expect(others).toEqual([]);
    expect(request!.line).toBe('POST /api/chat/completions');
    expect(request!.headers).toEqual({
      accept: '*/*',
      authorization: `Bearer ${token}`,
      'content-length': String(request!.body.length),
      'content-type': 'application/json',
    });
    expect(JSON.parse(request!.body)).toEqual({
      stream: true,
      model: 'gpt-x',
      messages: [{ role: 'user', content: 'Hello there!' }],
      params: {},
      background_tasks: { title_generation: true, tags_generation: true },
      chat_id: expect.stringMatching(uuid),
      features: { web_search: false },
    });
  });

  it('of the events is an event, or an array of ten or a hundred', async () => {
    const [single, tens, hundreds, ...others] = await once('events-full');
    expect(others).toEqual([]);
    for (const { line, headers } of [single!, tens!, hundreds!]) {
      expect([line, headers['content-type']]).toEqual(['POST /events', 'application/json']);
    }
    const first = {
      type: 'session_start',
      event_id: expect.stringMatching(uuid),
      session: expect.stringMatching(uuid),
    };
    expect(JSON.parse(single!.body)).toMatchObject(first);
    const batch: { type: string; timestamp: string; user_id: string }[] = JSON.parse(hundreds!.body);
    expect(JSON.parse(tens!.body)).toHaveLength(10);
    expect(batch.map(({ type }) => type)).toEqual(Array.from({ length: 100 }, (_, n) => eventTypes[n % 10]));
    expect(new Set(batch.map(({ user_id: user }) => user)).size).toBeGreaterThan(90);
    for (const { timestamp } of batch) expect(new Date(timestamp).toISOString()).toBe(timestamp);
    expect((await once('events-simple')).map(({ line, body }) => [line, JSON.parse(body).type])).toEqual([
      ['POST /events', 'session_start'],
    ]);
  });

  it('of the agents is a question to one of them', async () => {
    const came = await once('agents-mixed');
    expect(came.map(({ line }) => line.replace(/\d+/, '{id}'))).toEqual([
      'GET /api/health',
      'GET /api/agents',
      'POST /api/agents/{id}/query',
    ]);
    expect(JSON.parse(came[2]!.body)).toEqual({ query: expect.stringMatching(/\w/) });
  });
});
