// The health probe against real servers.
import { afterEach, expect, test } from 'vitest';
import { HealthProbe } from '../../source/probes/health.ts';
import type { HttpAccess } from '../../source/probes/http-access.ts';
import { ProbeError, type ProbeResult } from '../../source/probes/probe.ts';
import { freePort, serve, stopServers } from './servers.ts';

const open: HealthProbe[] = [];

const look = (url: string, unasked = false): Promise<ProbeResult> => {
  const probe = new HealthProbe({ id: 'health', url, version: '1.0.0', unasked });
  open.push(probe);
  return probe.read(AbortSignal.timeout(2000));
};

const json = (status: number, body: object): Promise<string> =>
  serve((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

afterEach(async () => {
  await Promise.all(open.splice(0).map((probe) => probe.close()));
  await stopServers();
});

test('shows state, buffer, checks, latency and uptime, what matters first', async () => {
  const buffer = { size: 812, capacity: 1000, dropped: 3 };
  const origin = await json(200, { status: 'ok', uptime: 60, buffer, redis: 'connected', db: 'disconnected' });
  const { title, values } = await look(`${origin}/health`);
  expect(title).toMatch(/^200 {2}[\d.]+ ms \(p95 [\d.]+\)$/);
  expect(values.toSorted((a, b) => a.rank - b.rank)).toEqual([
    { type: 'fact', metric: 'status', label: 'status', text: 'ok', state: 'ok', rank: 0 },
    {
      type: 'value',
      metric: 'buffer',
      label: 'buffer',
      kind: 'gauge',
      unit: 'count',
      value: 812,
      limit: 1000,
      level: 'warn',
      rank: 1,
    },
    { type: 'fact', metric: 'check.db', label: 'db', text: 'disconnected', state: 'down', rank: 10 },
    { type: 'fact', metric: 'check.redis', label: 'redis', text: 'connected', state: 'ok', rank: 11 },
    expect.objectContaining({ metric: 'probe.latency', label: 'probe latency', unit: 'ms', rank: 30 }),
    expect.objectContaining({ metric: 'probe.latency.p95', label: 'p95 of one look', unit: 'ms', rank: 31 }),
    expect.objectContaining({ metric: 'uptime', unit: 's', value: 60 }),
    expect.objectContaining({ metric: 'buffer.dropped', kind: 'counter', value: 3 }),
  ]);
});

test('says how many looks its p95 is of: the first one, which has the connecting in it, only while there is no other', async () => {
  const probe = new HealthProbe({ id: 'health', url: await json(200, {}), version: '1.0.0' });
  open.push(probe);
  const labels: unknown[] = [];
  for (let turn = 0; turn < 63; turn += 1) {
    const { values } = await probe.read(AbortSignal.timeout(2000));
    labels.push(values.find(({ metric }) => metric === 'probe.latency.p95')?.label);
  }
  expect(labels.slice(0, 3)).toEqual(['p95 of one look', 'p95 of one look', 'p95 of 2 looks']);
  expect(labels.slice(59)).toEqual(['p95 of 59 looks', 'p95 of 60 looks', 'p95 of 60 looks', 'p95 of 60 looks']);
});

test('a 503 is a state, not a failure of the probe', async () => {
  const origin = await json(503, { status: 'OUT_OF_SERVICE' });
  const { title, values } = await look(origin);
  expect(title).toMatch(/^503 /);
  expect(values[0]).toMatchObject({ text: 'down: OUT_OF_SERVICE', state: 'down' });
});

test('a 404 of a URL that was named is unknown, and of one that was not it is a failure with a hint', async () => {
  const origin = await serve((_, response) => {
    response.writeHead(404).end('nope');
  });
  const { values } = await look(`${origin}/health`);
  expect(values[0]).toMatchObject({ state: 'unknown', text: 'unknown: not found (404), is this the health URL?' });
  const error = await look(`${origin}/health`, true).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProbeError);
  expect(error).toMatchObject({ message: 'not found (404)', hint: expect.stringContaining('--health') });
});

test.each([
  [401, {}, 'unknown: it wants a login (401), give it with --probe-header'],
  [403, {}, 'unknown: forbidden (403), give a login with --probe-header'],
  [404, {}, 'unknown: not found (404), is this the health URL?'],
  [429, {}, 'unknown: too many requests (429), ask less often: period of the probe in the profile'],
  [
    302,
    { location: 'https://login.example/\u009b2J?token=hush' },
    'unknown: redirects to https://login.example/ 2J (302), which is not followed',
  ],
])('a %i is unknown, with what to do', async (status, headers, text) => {
  const origin = await serve((_, response) => {
    response.writeHead(status, headers).end('x');
  });
  expect((await look(`${origin}/health`)).values[0]).toMatchObject({ state: 'unknown', text });
});

test.each([
  [79, 'ok'],
  [80, 'warn'],
  [94, 'warn'],
  [95, 'bad'],
  [120, 'bad'],
])('a buffer of which %i of 100 are used is %s', async (size, level) => {
  const origin = await json(200, { buffer: { size, capacity: 100 } });
  expect((await look(origin)).values).toContainEqual(expect.objectContaining({ metric: 'buffer', level }));
});

test('the headers it is given are sent, and a login that is none of the load', async () => {
  const seen: unknown[] = [];
  const origin = await serve((request, response) => {
    seen.push(request.headers.authorization, request.headers['x-team']);
    response.end('OK');
  });
  const access: HttpAccess = {
    headers: [
      ['Authorization', 'Bearer hush'],
      ['X-Team', 'a'],
    ],
    tls: { verify: true, ca: undefined, cert: undefined, key: undefined },
    via: undefined,
  };
  const probe = new HealthProbe({ id: 'health', url: `${origin}/h`, version: '1.0.0', access });
  open.push(probe);
  await probe.read(AbortSignal.timeout(2000));
  expect(seen).toEqual(['Bearer hush', 'a']);
});

test('an uptime that goes back is a restart, told once', async () => {
  const uptimes = [187_200, 187_201, 0.4, 1.4];
  const origin = await serve((_, response) => {
    response.end(JSON.stringify({ status: 'ok', uptime: uptimes.shift() }));
  });
  const probe = new HealthProbe({ id: 'health', url: origin, version: '1.0.0' });
  open.push(probe);
  const notices: unknown[] = [];
  for (let turn = 0; turn < 4; turn += 1) notices.push((await probe.read(AbortSignal.timeout(2000))).notices);
  expect(notices).toEqual([[], [], [{ what: 'restart', level: 'warn', text: 'restarted, was up 2d 4h' }], []]);
});

test('tables hold every check and every number, the worst first; none before the first answer', async () => {
  const checks = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`c${n}`, n === 25 ? 'down' : 'up']));
  const numbers = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`n${n}`, n]));
  const heap = { heap: { used: 1024, limit: 2048 }, latencyMs: 1.5 };
  const origin = await json(200, { status: 'ok', checks, ...numbers, ...heap });
  const probe = new HealthProbe({ id: 'health', url: origin, version: '1.0.0' });
  open.push(probe);
  expect(probe.tables()).toEqual([]);
  await probe.read(AbortSignal.timeout(2000));
  const [first, second] = probe.tables();
  expect(first).toMatchObject({ title: 'checks', columns: [{ label: 'name' }, { label: 'state' }, { label: 'says' }] });
  expect(first?.rows).toHaveLength(40);
  expect(first?.rows.slice(0, 2)).toEqual([
    ['c25', { value: 'down', level: 'bad' }, 'down'],
    ['c0', { value: 'ok', level: 'ok' }, 'up'],
  ]);
  expect(second?.rows).toHaveLength(52);
  expect(second?.rows[0]).toEqual(['heap', '1 KiB', '2 KiB', { value: 0.5, level: 'ok' }]);
  expect(second?.rows).toContainEqual(['n49', 49, undefined, undefined]);
  expect(second?.rows).toContainEqual(['latencyMs', '1.5 ms', undefined, undefined]);
});

test('tables of an answer without checks and numbers say so', async () => {
  const origin = await serve((_, response) => {
    response.end('OK');
  });
  const probe = new HealthProbe({ id: 'health', url: origin, version: '1.0.0' });
  open.push(probe);
  await probe.read(AbortSignal.timeout(2000));
  expect(probe.tables().map(({ rows, note }) => [rows.length, note])).toEqual([
    [0, 'the answer has no checks'],
    [0, 'the answer has no numbers'],
  ]);
});

test('nothing of a hostile body reaches a terminal as a control character', async () => {
  const origin = await json(200, {
    status: '\u001b[2J',
    'a\u001b[31m': { status: 'down', error: '\u0007' },
    'q\u009bdepth': 1,
  });
  const { values, title } = await look(origin);
  expect(JSON.stringify({ values, title })).not.toMatch(/\\u00[01]|[\u0080-\u009f]/);
});

test('few rows, whatever the answer holds', async () => {
  const numbers = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`n${n}`, n]));
  const checks = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`c${n}`, n === 25 ? 'down' : 'up']));
  const origin = await json(200, { status: 'ok', queue_errors: 2, ...numbers, checks });
  const { values } = await look(origin);
  expect(values.length).toBeLessThan(26);
  expect(values.map((value) => value.label)).toEqual(expect.arrayContaining(['c25', 'queue_errors']));
});

test('a body of 20 MB is refused', async () => {
  const origin = await serve((_, response) => {
    response.end(Buffer.alloc(20_000_000, 'x'));
  });
  await expect(look(origin)).rejects.toThrow('the answer is larger than 1 MiB');
});

test('a refused connection is a failure that says so', async () => {
  await expect(look(`http://127.0.0.1:${await freePort()}/health`)).rejects.toThrow(/^connection refused/);
});
