// The metrics probe against real servers, and its reader against Prometheus' own: the same series with the same values from
// the same bytes, the same quantiles as promtool's, and an event loop that a large scrape does not hold up.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { bucketQuantile } from '../../source/probes/metric-window.ts';
import { PrometheusProbe } from '../../source/probes/prometheus.ts';
import { medianOfThree, sleep } from '../helpers/drive.ts';
import { parsePrometheusText } from '../probes/scraped.ts';
import { freePort } from '../probes/servers.ts';

/** A Python that has Prometheus' client; the first one on PATH need not. */
const python = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import prometheus_client.openmetrics.parser']).status === 0,
);
const onPath = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin']
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
const programs = {
  prometheus: onPath('prometheus'),
  nodeExporter: onPath('prometheus-node-exporter') ?? onPath('node_exporter'),
  promtool: onPath('promtool'),
};
const missing = (what: string, debian: string): void =>
  console.warn(`skipped, metrics acceptance: ${what} was not found (Debian: ${debian})`);
if (!python) missing('a Python with prometheus_client', 'python3-prometheus-client');
if (!programs.prometheus || !programs.promtool) missing('prometheus or promtool', 'prometheus');
if (!programs.nodeExporter) missing('node_exporter', 'prometheus-node-exporter');

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const folder = async (): Promise<string> => {
  const made = await mkdtemp(path.join(tmpdir(), 'loadtop-metrics-test-'));
  cleanUps.push(() => rm(made, { recursive: true, force: true }));
  return made;
};

/** Starts a server and waits until it answers at `url`. */
const start = async (file: string, args: readonly string[], url: string): Promise<void> => {
  const child: ChildProcess = spawn(file, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  cleanUps.push(() => {
    child.kill('SIGKILL');
    return ended;
  });
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`${file} did not answer at ${url}`);
};

interface Payload {
  readonly text: string;
  readonly openMetrics: boolean;
}

const payloadOf = async (url: string, accept = 'text/plain;version=0.0.4'): Promise<Payload> => {
  const answer = await fetch(url, { headers: { accept } });
  return {
    text: await answer.text(),
    openMetrics: /openmetrics/.test(answer.headers.get('content-type') ?? ''),
  };
};

type Told = readonly [name: string, labels: readonly (readonly [string, string])[], value: number | string];

/** What Prometheus' own reader makes of it, sorted. */
const oracle = ({ text, openMetrics }: Payload): string[] => {
  const script = path.join(import.meta.dirname, '../helpers/prometheus-oracle.py');
  const lines = execFileSync(python!, [script, openMetrics ? 'openmetrics' : 'text'], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.stringify(JSON.parse(line) as Told))
    .toSorted();
};

/** What ours makes of it, in the same form. */
const ours = ({ text, openMetrics }: Payload): string[] => {
  const scrape = parsePrometheusText(text, openMetrics);
  expect(scrape.badExamples).toEqual([]);
  return scrape.samples
    .map(({ series, value }): Told => {
      const labels = Object.entries(series.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
      return [series.name, labels, Number.isFinite(value) ? value : String(value)];
    })
    .map((told) => JSON.stringify(told))
    .toSorted();
};

const agree = (payload: Payload, atLeast: number): void => {
  const expected = oracle(payload);
  expect(expected.length).toBeGreaterThanOrEqual(atLeast);
  expect(ours(payload)).toEqual(expected);
};

/** Serves a registry of prom-client; the origin. */
const serveRegistry = async (registry: Registry): Promise<string> => {
  const server = http.createServer((_, response) => {
    void registry.metrics().then((text) => response.setHeader('content-type', registry.contentType).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    registry.clear();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const promClient = (openMetrics: boolean): Registry => {
  const registry = new Registry();
  if (openMetrics) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const labelNames = ['route', 'code'];
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'with "quotes", \\ and\na new line',
    labelNames,
    registers,
    enableExemplars: openMetrics,
  } as ConstructorParameters<typeof Histogram>[0]);
  for (let n = 0; n < 40; n += 1) {
    const labels = { route: n % 2 ? '/a"b\\c\nd' : '/ü', code: `${200 + (n % 3)}` };
    if (openMetrics) duration.observe({ labels, value: n / 20, exemplarLabels: { trace_id: `t${n}` } } as never);
    else duration.observe(labels, n / 20);
  }
  new Summary({ name: 'sizes_bytes', help: 's', percentiles: [0.5, 0.99], registers }).observe(7);
  new Counter({ name: 'errors_total', help: 'e', labelNames: ['code'], registers }).inc({ code: '5xx' }, 3);
  new Gauge({ name: 'nothing', help: 'n', registers }).set(Number.NaN);
  new Gauge({ name: 'most', help: 'n', registers }).set(Number.POSITIVE_INFINITY);
  return registry;
};

describe.skipIf(!python)('the reader, against Prometheus’ own', () => {
  it.each([false, true])('prom-client with labelled histograms (OpenMetrics: %s)', async (openMetrics) => {
    const origin = await serveRegistry(promClient(openMetrics));
    agree(await payloadOf(origin), 100);
  });

  it('OpenTelemetry for Node', async () => {
    const port = await freePort();
    const exporter = new PrometheusExporter({ port, host: '127.0.0.1' });
    const provider = new MeterProvider({ readers: [exporter] });
    cleanUps.push(() => provider.shutdown());
    const meter = provider.getMeter('shop', '1.2.3');
    const duration = meter.createHistogram('http.server.request.duration', { unit: 's' });
    for (const status of [200, 503]) duration.record(0.2, { 'http.response.status_code': status, route: '/a"b' });
    meter.createCounter('jobs.done').add(3);
    meter.createUpDownCounter('pool.used').add(-2);
    await new Promise((resolve) => setImmediate(resolve));
    const payload = await payloadOf(`http://127.0.0.1:${port}/metrics`);
    agree(payload, 20);
    const probe = new PrometheusProbe({ id: 'metrics', url: `http://127.0.0.1:${port}/metrics`, version: '1' });
    cleanUps.push(() => probe.close());
    await probe.read(AbortSignal.timeout(5000));
    duration.record(0.3, { 'http.response.status_code': 503, route: '/a"b' });
    const { values } = await probe.read(AbortSignal.timeout(5000));
    expect(values.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['requests', 'server p95', 'server 5xx', 'jobs_done']),
    );
  });

  it.skipIf(!programs.nodeExporter)('node_exporter', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/metrics`;
    await start(programs.nodeExporter!, [`--web.listen-address=127.0.0.1:${port}`], url);
    agree(await payloadOf(url), 200);
  });

  it.skipIf(!programs.prometheus)('Prometheus itself, as text and as OpenMetrics', async () => {
    const port = await freePort();
    const place = await folder();
    const config = path.join(place, 'prometheus.yml');
    await writeFile(config, 'global: { scrape_interval: 1h }\n');
    const url = `http://127.0.0.1:${port}/metrics`;
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${place}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    await start(programs.prometheus!, args, url);
    agree(await payloadOf(url), 200);
    agree(await payloadOf(url, 'application/openmetrics-text;version=1.0.0'), 200);
  });
});

/** Buckets with cumulative counts. */
const dataSets: readonly (readonly (readonly [bound: string, count: number])[])[] = [
  [
    ['0.1', 10],
    ['0.5', 40],
    ['1', 90],
    ['+Inf', 100],
  ],
  [
    ['0.1', 0],
    ['0.5', 0],
    ['1', 7],
    ['+Inf', 7],
  ],
  [
    ['0.1', 5],
    ['+Inf', 5],
  ],
  [
    ['1', 1],
    ['2', 1],
    ['+Inf', 60],
  ],
  [
    ['-1', 3],
    ['0', 8],
    ['5', 20],
    ['+Inf', 20],
  ],
  [
    ['1', 10],
    ['2', 8],
    ['3', 30],
    ['+Inf', 30],
  ],
  [
    ['0.25', 1000],
    ['0.5', 1001],
    ['4', 5000],
    ['+Inf', 5003],
  ],
  [['1', 5]],
  [
    ['1', 0],
    ['+Inf', 0],
  ],
];
const quantiles = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1, -1, 2];

/** What promtool is to find. NaN equals nothing, itself neither, which is how it is told. */
const expectation = (q: number, value: number) => {
  const quantile = `histogram_quantile(${q}, d_bucket)`;
  const [expr, expected] = Number.isNaN(value) ? [`count(${quantile} != ${quantile})`, 1] : [quantile, value];
  const shown = Number.isFinite(expected) ? expected : expected > 0 ? '+Infinity' : '-Infinity';
  return { expr, eval_time: '0m', exp_samples: [{ labels: '{}', value: shown }] };
};

describe.skipIf(!programs.promtool)('quantiles, against promtool', () => {
  it('are the same for every data set and quantile', async () => {
    const place = await folder();
    const tests = dataSets.map((buckets) => {
      const cumulative = new Map(buckets.map(([bound, count]) => [bound === '+Inf' ? Infinity : Number(bound), count]));
      return {
        interval: '1m',
        input_series: buckets.map(([le, count]) => ({ series: `d_bucket{le="${le}"}`, values: `${count}` })),
        promql_expr_test: quantiles.map((q) => expectation(q, bucketQuantile(q, cumulative).value)),
      };
    });
    const file = path.join(place, `quantiles.yml`);
    // JSON is YAML, but for infinities.
    await writeFile(
      file,
      JSON.stringify({ tests }).replaceAll(/"([+-]Infinity)"/g, (_, text: string) => `${text.slice(0, 1)}.Inf`),
    );
    const { status, stdout, stderr } = spawnSync(programs.promtool!, ['test', 'rules', file], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toContain('SUCCESS');
    expect(status).toBe(0);
  });
});

describe('a scrape of 50,000 lines', () => {
  it.each(['many families', 'one family', 'histograms'])('does not hold the loop up: %s', async (shape) => {
    const server = path.join(import.meta.dirname, '../helpers/large-metrics-process.ts');
    const child = spawn(process.execPath, [server, shape], { stdio: ['pipe', 'pipe', 'inherit'] });
    cleanUps.push(async () => child.kill('SIGKILL'));
    const port = Number(
      await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data)))),
    );
    const probe = new PrometheusProbe({ id: 'metrics', url: `http://127.0.0.1:${port}/`, version: '1' });
    cleanUps.push(() => probe.close());
    const read = async (): Promise<number> => {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      await sleep(20);
      const { title } = await probe.read(AbortSignal.timeout(20_000));
      await sleep(10);
      delay.disable();
      expect(title).toBe('50,000 series');
      return delay.max / 1e6;
    };
    // The first looks parse the labels, and are compiled.
    for (let looks = 0; looks < 4; looks += 1) await read();
    const longest = await medianOfThree(read, (ms) => ms);
    expect(longest).toBeLessThanOrEqual(10);
  });
});
