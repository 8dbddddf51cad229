// What a profile counts, against a server that counts for itself: sums, sizes and shares of the built program are the server's,
// with one worker and with three, in the summary, in the seconds and in the recording; objectives are held to them.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MetricSummary } from '../../source/measure/metric-summary.ts';
import { replay, stateAt } from '../../source/session/replay.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-metrics-'));

/** What the server counted of the requests that it accepted. */
const truth = { requests: 0, refused: 0, events: 0, bytesIn: 0, bytesOut: 0, least: Infinity, most: 0 };
let server: http.Server;
let origin = '';

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const events: { n: number }[] = JSON.parse(body.toString());
      if (request.url === '/checked') {
        const ok = events[0]!.n % 10 !== 9;
        truth.requests += ok ? 1 : 0;
        truth.refused += ok ? 0 : 1;
        truth.events += ok ? events.length : 0;
        response.writeHead(202, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ accepted: events.length, ok, full: events[0]!.n % 4 === 0 }));
        return;
      }
      if (events[0]!.n % 10 === 9) {
        truth.refused += 1;
        response.writeHead(503).end('busy');
        return;
      }
      const answer = `${'x'.repeat(events[0]!.n % 300)}!`;
      truth.requests += 1;
      truth.events += events.length;
      truth.bytesIn += body.length;
      truth.bytesOut += answer.length;
      truth.least = Math.min(truth.least, body.length);
      truth.most = Math.max(truth.most, body.length);
      // Some in chunks, some with their length.
      if (events[0]!.n % 2 === 0) response.writeHead(202, { 'content-length': answer.length });
      else response.writeHead(202);
      response.write(answer.slice(0, 1));
      response.end(answer.slice(1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  Object.assign(truth, { requests: 0, refused: 0, events: 0, bytesIn: 0, bytesOut: 0, least: Infinity, most: 0 });
});

const profile = (more = ''): string => {
  const file = path.join(folder, 'counting.yaml');
  writeFileSync(
    file,
    `target: ${origin}
load: { rate: 300, requests: 900 }
metrics:
  events_sent: counter
  event_size_bytes: { type: trend, unit: bytes }
  answers: { type: counter, unit: bytes }
  errors: rate
  took: trend
steps:
  - post: /events/batch
    json: [{ n: "{{arrival}}", text: "{{hex 20}}" }, { n: 0 }, { n: 1 }]
    expect: { status: [202] }
    count:
      events_sent: 3
      event_size_bytes: request.bytes
      answers: response.bytes
      errors: failed
      took: response.ms
${more}`,
  );
  return file;
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const loadtop = (args: readonly string[]): Promise<Ended> => {
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', LOADTOP_HOME: path.join(folder, 'home') };
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
};

const named = <Kind extends MetricSummary['kind']>(
  metrics: readonly MetricSummary[],
  name: string,
  kind: Kind,
): Extract<MetricSummary, { kind: Kind }> => {
  const found = metrics.find((metric) => metric.name === name && metric.kind === kind);
  if (!found) throw new Error(`found no ${kind} ${name}`);
  return found as Extract<MetricSummary, { kind: Kind }>;
};

const expectTruth = (metrics: readonly MetricSummary[]): void => {
  expect(named(metrics, 'events_sent', 'counter').sum).toBe(truth.events);
  const size = named(metrics, 'event_size_bytes', 'trend');
  expect(size).toMatchObject({ count: truth.requests, sum: truth.bytesIn, min: truth.least, max: truth.most });
  expect(size.mean).toBeCloseTo(truth.bytesIn / truth.requests, 6);
  expect(named(metrics, 'answers', 'counter').sum).toBe(truth.bytesOut);
  const errors = named(metrics, 'errors', 'rate');
  expect(errors).toMatchObject({ count: truth.requests + truth.refused, passed: truth.refused });
  expect(named(metrics, 'took', 'trend').count).toBe(truth.requests);
};

describe('a run of a profile that counts', () => {
  it.each([
    ['one worker', ['-w', '1']],
    ['three workers', ['-w', '3']],
    ['pipelined requests', ['-w', '1', '--pipelining', '8', '-c', '2']],
    ['connections that are made anew', ['-w', '2', '--disable-keepalive']],
  ])('has the numbers of the server, with %s', async (_, flags) => {
    const out = path.join(folder, 'out.json');
    const recording = path.join(folder, 'run.jsonl');
    const args = ['run', profile(), '--no-tui', '--no-probe', '-o', out, '--record', recording, '--json', ...flags];
    const { stdout, stderr } = await loadtop(args);
    expect(stderr).not.toMatch(/problem/);
    const summary = JSON.parse(readFileSync(out, 'utf8'));
    expect(truth.requests + truth.refused).toBe(900);
    expectTruth(summary.metrics);
    const took = named(summary.metrics, 'took', 'trend');
    expect(took.p99).toBeCloseTo(summary.response.good.p99Ms, 0);
    expect(stderr).toMatch(/Counted by the profile\n {2}events_sent +[\d,]+ {2}in all, [\d,.]+\/s\n/);
    const seconds = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'second');
    const inSeconds = seconds.flatMap(({ metrics }) =>
      metrics.filter(({ name }: MetricSummary) => name === 'events_sent'),
    );
    expect(inSeconds.length).toBeGreaterThanOrEqual(3);
    const { metrics, history } = stateAt(replay(readFileSync(recording, 'utf8').trimEnd().split('\n')));
    expect(metrics[0]).toMatchObject({ name: 'events_sent', sum: truth.events });
    expect(metrics[1]).toMatchObject({ name: 'event_size_bytes', count: truth.requests, sum: truth.bytesIn });
    expect(history.metric(0)?.newest).toBeGreaterThanOrEqual(2);
  });

  it('is held to objectives on its metrics', async () => {
    const objectives =
      'objectives: [ "metric.errors<1% over 1s", "events_sent>10/s over 2s", "event_size_bytes:p95<2KiB over 1s" ]\n';
    const out = path.join(folder, 'held.json');
    const users = ['-u', '5', '-z', '3s', '-n', '1000000'];
    const { code, stdout } = await loadtop(['run', profile(objectives), '--no-tui', '--no-probe', '-o', out, ...users]);
    expect(code).toBe(99);
    // Every second one of the last of five users: a tenth, but for how fast that user is beside the others.
    expect(stdout).toMatch(/objective: metric\.errors<1% over 1s broken: (9\.\d|1[01]\.\d|1[01]) %/);
    const summary = JSON.parse(readFileSync(out, 'utf8'));
    expect(summary.objectives).toMatchObject([
      { verdict: 'broken', unit: 'ratio', counted: { name: 'errors', figure: 'share' } },
      { unit: '/s', counted: { name: 'events_sent' } },
      { unit: 'bytes', counted: { name: 'event_size_bytes', figure: 'p95' } },
    ]);
  });

  it.each(['1', '3'])('counts expectations and numbers of the answer, with %s workers', async (workers) => {
    const file = path.join(folder, 'checked.yaml');
    writeFileSync(
      file,
      `target: ${origin}
load: { rate: 300, requests: 900 }
metrics: { accepted: counter, full: rate }
steps:
  - post: /checked
    json: [{ n: "{{arrival}}" }, { n: 0 }]
    expect: { status: [202], json: { $.ok: true } }
    count: { accepted: { json: $.accepted }, full: { json: $.full } }
objectives: [ "checks>99% over 1s" ]
`,
    );
    const out = path.join(folder, 'checked.json');
    const { stdout } = await loadtop(['run', file, '--no-tui', '--no-probe', '-o', out, '-w', workers]);
    const summary = JSON.parse(readFileSync(out, 'utf8'));
    expect(truth).toMatchObject({ requests: 810, refused: 90 });
    expect(named(summary.metrics, 'accepted', 'counter')).toMatchObject({ sum: truth.events, count: 810 });
    expect(named(summary.metrics, 'full', 'rate')).toMatchObject({ count: 810, passed: 225 });
    const checks = summary.metrics.filter(({ source }: MetricSummary) => source === 'expectation');
    expect(checks).toMatchObject([
      { passed: 900, failed: 0, firstFailure: null },
      { passed: 810, failed: 90, firstFailure: expect.stringContaining('false') },
    ]);
    expect(summary.objectives).toMatchObject([{ verdict: 'broken', worst: expect.closeTo(0.95, 2) }]);
    expect(stdout).toMatch(/ {2}expectation: .*ok.* failed: expected .*\n/);
    expect(stdout).toMatch(/Expectations\n +passed +failed +share\n.*810 +90 +90\.0 %\n {6}first failure at 0:00/);
  });

  it('has the sizes of bodies over HTTP/2, too', async () => {
    const sizes = { requests: 0, came: 0, went: 0 };
    const other = http2.createServer((request, response) => {
      let length = 0;
      request.on('data', (part: Buffer) => {
        length += part.length;
      });
      request.on('end', () => {
        sizes.requests += 1;
        sizes.came += length;
        sizes.went += 3 * length;
        response.end('x'.repeat(3 * length));
      });
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()));
    const address = other.address();
    const file = path.join(folder, 'http2.yaml');
    writeFileSync(
      file,
      `target: http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}
load: { rate: 300, requests: 300 }
connection: { http2: true }
metrics: { sent: counter, got: counter }
steps: [{ post: /, body: "{{pick a bbbbbbbb}}-{{arrival}}", count: { sent: request.bytes, got: response.bytes } }]
`,
    );
    const out = path.join(folder, 'http2.json');
    await loadtop(['run', file, '--no-tui', '--no-probe', '-o', out]);
    other.close();
    const { metrics } = JSON.parse(readFileSync(out, 'utf8'));
    expect(sizes.requests).toBe(300);
    expect(named(metrics, 'sent', 'counter')).toMatchObject({ unit: 'bytes', sum: sizes.came, count: 300 });
    expect(named(metrics, 'got', 'counter').sum).toBe(sizes.went);
  });

  it('is not begun where an objective is on what is not counted', async () => {
    const args = ['run', profile(), '--no-tui', '--no-probe', '--slo', 'event_sent>9k/s'];
    const { code, stderr } = await loadtop(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/objective event_sent>9k\/s: expected .* did you mean events_sent\?/);
    expect(truth.requests + truth.refused).toBe(0);
  });
});
