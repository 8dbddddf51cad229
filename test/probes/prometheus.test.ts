// The metrics probe against real servers.
import { gzipSync } from 'node:zlib';
import { Counter, Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import { ProbeError } from '../../source/probes/probe.ts';
import { PrometheusProbe } from '../../source/probes/prometheus.ts';
import { freePort, serve, stopServers } from './servers.ts';

const open: PrometheusProbe[] = [];

const probeAt = (url: string): PrometheusProbe => {
  const probe = new PrometheusProbe({ id: 'metrics', url, version: '1.0.0' });
  open.push(probe);
  return probe;
};

const soon = (): AbortSignal => AbortSignal.timeout(2000);

const answering = (type: string | undefined, body: string | Buffer, status = 200, headers = {}): Promise<string> =>
  serve((_, response) => {
    response.writeHead(status, { ...(type === undefined ? {} : { 'content-type': type }), ...headers }).end(body);
  });

const failure = async (url: string): Promise<ProbeError> => {
  const error = await probeAt(url)
    .read(soon())
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof ProbeError)) throw new Error(`expected a ProbeError, got ${String(error)}`);
  return error;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((probe) => probe.close()));
  await stopServers();
});

test.each(['text', 'open'] as const)('derives a rate from two polls of prom-client (%s)', async (type) => {
  const registry = new Registry();
  if (type === 'open') registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  const counter = new Counter({ name: 'http_requests_total', help: 'r', registers: [registry] });
  const origin = await serve(async (_, response) => {
    response.setHeader('content-type', registry.contentType).end(await registry.metrics());
  });
  const probe = probeAt(`${origin}/metrics`);
  expect(await probe.read(soon())).toMatchObject({
    title: '1 series',
    values: [{ type: 'gap', metric: 'requests', reason: 'needs a second reading' }],
  });
  counter.inc(1000);
  const { values } = await probe.read(soon());
  expect(values).toMatchObject([{ type: 'value', metric: 'requests', label: 'requests', kind: 'rate', unit: '/s' }]);
  expect(values[0]).toHaveProperty('value', expect.any(Number));
  expect((values[0] as { value: number }).value).toBeGreaterThan(1000);
});

test('reads gzip, 50,000 series of it, and tells how many', async () => {
  let text = '# TYPE queue_depth gauge\n';
  for (let n = 0; n < 50_000; n += 1) text += `queue_depth{shard="${n}",ü="ä"} 2\n`;
  const origin = await answering('text/plain', gzipSync(text), 200, { 'content-encoding': 'gzip' });
  // ü is no legal bare label, so each line is bad; the second text is all good.
  expect((await failure(origin)).message).toMatch(/not metrics: queue_depth\{shard="0"/);
  const good = await answering('text/plain', gzipSync(text.replaceAll('ü=', '"ü"=')), 200, {
    'content-encoding': 'gzip',
  });
  const result = await probeAt(good).read(soon());
  expect(result.title).toBe('50,000 series');
  expect(result.values).toMatchObject([{ metric: 'queue_depth', value: 100_000 }]);
});

test('bad lines are counted in the title', async () => {
  const origin = await answering('text/plain', 'queue_depth 1\n???\n');
  expect((await probeAt(origin).read(soon())).title).toBe('1 series, 1 bad line');
});

test.each([
  ['HTML by its type', 'text/html', '<html>', '/metrics answered with HTML, not metrics'],
  ['HTML that says it is text', 'text/plain', '<!doctype html>\n<p>a 1\n', '/metrics answered with HTML, not metrics'],
  ['JSON', 'application/json', '{}', '/metrics answered with application/json, not metrics'],
  ['protobuf', 'application/vnd.google.protobuf; proto=x', 'x', '/metrics answered with protobuf, not metrics'],
  ['any text', 'text/plain', 'OK\u001b[31m', '/metrics answered with something that is not metrics: OK [31m'],
])('says that %s is not metrics, with a hint', async (_, type, body, message) => {
  const error = await failure(`${await answering(type, body)}/metrics`);
  expect(error.message).toBe(message);
  expect(error.hint).toContain('--metrics');
});

test.each([
  [404, {}, 'not found (404)'],
  [401, {}, '/metrics may not be read (401)'],
  [500, {}, '/metrics answered 500'],
  [
    302,
    { location: 'http://x/login?next=secret' },
    '/metrics redirects to http://x/login (302); redirects are not followed',
  ],
])('says what a %i means', async (status, headers, message) => {
  expect((await failure(`${await answering('text/plain', '', status, headers)}/metrics`)).message).toBe(message);
});

test('an answer of 20 MB is refused', async () => {
  const origin = await answering('text/plain', Buffer.alloc(20_000_000, 'a'));
  expect((await failure(origin)).message).toBe('the answer is larger than 16 MiB');
});

test('a refused connection and silence are told apart', async () => {
  expect((await failure(`http://127.0.0.1:${await freePort()}/metrics`)).message).toMatch(/^connection refused/);
  const origin = await serve(() => {});
  await expect(probeAt(origin).read(AbortSignal.timeout(100))).rejects.toThrow('no answer in time');
});

test('an answer without any metrics is none, and one that may not be read says how to log in', async () => {
  expect((await failure(`${await answering('text/plain', '')}/metrics`)).message).toBe(
    '/metrics answered without any metrics',
  );
  expect((await failure(`${await answering('text/plain', '', 401)}/metrics`)).hint).toContain('--probe-header');
});

test('a series that is told twice counts once, and the title says so', async () => {
  const origin = await answering('text/plain', 'queue_depth 1\nqueue_depth 5\n');
  expect(await probeAt(origin).read(soon())).toMatchObject({
    title: '1 series, 1 bad line',
    values: [{ metric: 'queue_depth', value: 1 }],
  });
});

test('a restart of the target is noticed, pins are first, and everything is in the tables', async () => {
  let text = '';
  const live = await serve((_, response) => {
    response.setHeader('content-type', 'text/plain').end(text);
  });
  const probe = new PrometheusProbe({ id: 'metrics', url: live, version: '1.0.0', pins: ['jobs*'] });
  open.push(probe);
  const told = (start: number, jobs: number): string =>
    `# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ${start}\n# TYPE http_requests_total counter\nhttp_requests_total ${jobs}\n# TYPE jobs_total counter\njobs_total{q="a"} ${jobs}\n`;
  text = told(1000, 90);
  expect((await probe.read(soon())).notices).toEqual([]);
  text = told(2000, 5);
  const { notices, values } = await probe.read(soon());
  expect(notices).toMatchObject([{ what: 'restart', text: expect.stringMatching(/^restarted, was up /) }]);
  expect(values.slice(0, 2).map(({ label }) => label)).toEqual(['jobs', 'requests']);
  expect(probe.tables().map(({ title, rows }) => [title, rows.length])).toEqual([['series', 3]]);
});
