// The health probe against real servers.
import { afterEach, expect, test } from 'vitest';
import { HealthProbe } from '../../source/probes/health.ts';
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
  expect(title).toMatch(/^200 {2}\d+(\.\d+)? ms$/);
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
      rank: 1,
    },
    { type: 'fact', metric: 'check.db', label: 'db', text: 'disconnected', state: 'down', rank: 10 },
    { type: 'fact', metric: 'check.redis', label: 'redis', text: 'connected', state: 'ok', rank: 11 },
    expect.objectContaining({ metric: 'probe.latency', label: 'probe latency', unit: 'ms', rank: 30 }),
    expect.objectContaining({ metric: 'uptime', unit: 's', value: 60 }),
    expect.objectContaining({ metric: 'buffer.dropped', kind: 'counter', value: 3 }),
  ]);
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
  expect(values.length).toBeLessThan(25);
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
