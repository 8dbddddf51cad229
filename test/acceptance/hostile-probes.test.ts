// Some sixty things that a probe may meet: escapes, bodies without end, broken HTTP, broken TLS, odd numbers. All are polled
// at once beside a real load. Each comes to a gap with its reason or to a cleaned value, and the load does not notice.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../source/common/clock.ts';
import { steeringCharacters } from '../../source/common/safe-text.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { HealthProbe } from '../../source/probes/health.ts';
import type { HttpAccess } from '../../source/probes/http-access.ts';
import { MongoProbe } from '../../source/probes/mongodb.ts';
import type { Probe, ProbeTable, ProbeValue } from '../../source/probes/probe.ts';
import { PrometheusProbe } from '../../source/probes/prometheus.ts';
import { Sampler } from '../../source/probes/sampler.ts';
import type { RunEvent } from '../../source/session/events.ts';
import type { Ending, ProbeSource } from '../../source/session/session-parts.ts';
import { deafPort } from '../helpers/deaf-port.ts';
import type { HostilePorts } from '../helpers/hostile-probe-servers.ts';
import { type LogServer, startLogServer } from '../helpers/log-server.ts';
import { hasOpenssl } from '../helpers/own-certificates.ts';
import { openSession } from '../helpers/session-run.ts';
import { freePort, stopServers } from '../probes/servers.ts';

type Kind = 'health' | 'metrics' | 'mongodb';

/** What was seen of a probe by the end of the run. */
interface Seen {
  readonly values: readonly ProbeValue[];
  readonly title: string | undefined;
  readonly reasons: readonly string[];
  readonly hints: readonly string[];
  readonly notices: readonly string[];
  readonly status: string;
  readonly tables: readonly ProbeTable[];
}

interface Row {
  /** Of the server, where the probe has one. */
  readonly name: string;
  readonly kind: Kind;
  readonly scheme?: 'https' | undefined;
  readonly check: (seen: Seen) => void;
}

/** A gap for the whole run, with this reason, told once. */
const fails =
  (reason: RegExp, hint?: RegExp) =>
  ({ reasons, hints, notices, status, values }: Seen): void => {
    expect(status).toBe('failing');
    expect(values).toEqual([]);
    expect(reasons.find((one) => reason.test(one)) ?? reasons.join()).toMatch(reason);
    if (hint) expect(hints[0]).toMatch(hint);
    expect(notices.filter((one) => one.startsWith('silence'))).toHaveLength(1);
  };

const stateOf = (values: readonly ProbeValue[]): string | undefined => {
  const fact = values.find(({ metric }) => metric === 'status');
  return fact?.type === 'fact' ? `${fact.state} ${fact.text}` : undefined;
};

/** An answer in every look, with this state. */
const says =
  (state: RegExp, more: (seen: Seen) => void = () => {}) =>
  (seen: Seen): void => {
    expect(seen.reasons.filter((reason) => !reason.startsWith('no answer within'))).toEqual([]);
    expect(stateOf(seen.values)).toMatch(state);
    more(seen);
  };

/** Readings and gaps by what they are called. */
const rows = (values: readonly ProbeValue[]): Record<string, number | string> =>
  Object.fromEntries(
    values.flatMap((value): [string, number | string][] => {
      if (value.type === 'fact') return [];
      return [[value.metric, value.type === 'value' ? value.value : `gap: ${value.reason}`]];
    }),
  );

const named = (values: readonly ProbeValue[], name: RegExp): number | string | undefined =>
  Object.entries(rows(values)).find(([metric]) => name.test(metric))?.[1];

/** Readings in every look, among them these. */
const shows =
  (wanted: Readonly<Record<string, number | RegExp>>, title = /^[\d,]+ series/) =>
  ({ values, reasons, title: shown }: Seen): void => {
    expect(reasons.filter((reason) => !reason.startsWith('no answer within'))).toEqual([]);
    expect(shown).toMatch(title);
    for (const [name, value] of Object.entries(wanted)) {
      const found = named(values, new RegExp(name));
      if (value instanceof RegExp) expect(String(found)).toMatch(value);
      else expect(found).toBe(value);
    }
  };

const health = (name: string, check: Row['check'], scheme?: 'https'): Row => ({ name, kind: 'health', check, scheme });
const metrics = (name: string, check: Row['check'], scheme?: 'https'): Row => ({
  name,
  kind: 'metrics',
  check,
  scheme,
});

const tooLate = /^no answer (within|for) [\d.]+ s$/;
const tooLarge = /^the answer is larger than (1|16) MiB$/;
const closed = /closed the connection before the answer was complete$/;
const setMetrics = /--metrics URL/;
const trustIt = /cacert.*--cacert/;

const list: Row[] = [
  health(
    'escapes in a health body',
    says(/^degraded /, ({ values, tables }) => {
      expect(values.some((value) => value.type === 'fact' && value.state === 'down')).toBe(true);
      expect(tables[0]?.rows).toHaveLength(1);
      expect(values.find((value) => value.type === 'value' && value.limit === 10)).toMatchObject({
        value: 9,
        level: 'warn',
      });
    }),
  ),
  health('escapes in a health line', says(/^down /)),
  metrics('escapes in labels and help', shows({ '^queue_depth': 7, '^queue_size': 8 })),
  metrics('escapes where metrics should be', fails(/something that is not metrics: /, setMetrics)),
  metrics('escapes in header values', fails(/answered with application\/ 31m 0, not metrics/, setMetrics)),
  health('escapes in a redirect', says(/^unknown unknown: redirects to http:\/\/evil\/ 31m 52;c;x \(302\)/)),
  metrics(
    'escapes in a redirect',
    fails(/redirects to http:\/\/evil\/ 31m 52;c;x \(302\); redirects are not followed/),
  ),
  health('escapes in a status message', says(/^down down: 503 unavailable, though it says ok$/)),
  health('escapes in place of HTTP', fails(/is not valid HTTP/)),
  metrics('escapes in an encoding', fails(/^the answer is encoded as 31m-br, which was not asked for$/)),
  health('100 MB', fails(tooLarge)),
  metrics('100 MB', fails(tooLarge)),
  health('an endless body', fails(tooLarge)),
  metrics('an endless chunked body', fails(tooLarge)),
  metrics('a body that drips', fails(/^no answer for \d+ s$/)),
  health('a head that never ends', fails(/^the head of the answer is larger than 16 KiB$/)),
  health('a head that drips', fails(/^no answer for \d+ s$/)),
  metrics('a gzip bomb', fails(tooLarge)),
  metrics('no gzip', fails(/^the answer says that it is gzip, and is not$/)),
  metrics('half a gzip', fails(/^the answer says that it is gzip, and is not$/)),
  health('a redirect to itself', says(/^unknown unknown: redirects to \/health \(301\), which is not followed$/)),
  metrics('a redirect to itself', fails(/redirects to \/health \(301\); redirects are not followed/, setMetrics)),
  metrics('a picture', fails(/answered with image\/png, not metrics/, setMetrics)),
  metrics('a page', fails(/answered with HTML, not metrics/, setMetrics)),
  health('a page', says(/^ok ok$/)),
  metrics('a page that says it is text', fails(/answered with HTML, not metrics/, setMetrics)),
  metrics('protobuf', fails(/answered with protobuf, not metrics/, setMetrics)),
  health('a flood of 103', fails(tooLate)),
  health('a flood of 100', fails(/status that is no answer to a GET \(100 or 101\)/)),
  health('HTTP/1.0', says(/^ok ok$/)),
  health('less than announced', fails(closed)),
  health('more than announced', says(/^ok ok$/)),
  health('two lengths', fails(/is not as long as its head says$|is not valid HTTP/)),
  health('a chunk of no size', fails(/is not valid HTTP \(.*chunk size/)),
  health('half an answer, then a reset', fails(/reset the connection$/)),
  health('a reset in place of an answer', fails(/reset the connection$/)),
  health('closed after each answer', says(/^ok ok$/)),
  health('a reset of each second request', says(/^ok ok$/)),
  health('an answer before the request', ({ status, values, reasons }) => {
    // The client may find it in time or not: what counts is that it is said, or that the true answer is shown.
    expect(status === 'failing' ? reasons.join() : stateOf(values)).toMatch(
      /^ok ok$|connection|not valid HTTP|could not be asked/,
    );
  }),
  health('two answers to a request', ({ status, values, reasons }) => {
    expect(status === 'failing' ? reasons.join() : stateOf(values)).toMatch(
      /^ok ok$|connection|not valid HTTP|could not be asked/,
    );
  }),
  health('no answer', fails(/^no answer for \d+ s$/)),
  health('invalid UTF-8 in health', says(/^(unknown|ok) /)),
  metrics('invalid UTF-8 in metrics', shows({ '^queue_depth': 5 })),
  health('NUL bytes in health', says(/^ok ok$/)),
  metrics('NUL bytes in metrics', shows({ '^queue_size': 6 }, /^1 series, 2 bad lines$/)),
  health('JSON 10,000 levels deep', says(/^(ok|down) /)),
  health('lists 100,000 levels deep', says(/^ok ok$/)),
  health('JSON with 1,000,000 keys', fails(tooLarge)),
  health(
    'JSON with 70,000 keys',
    says(/^ok ok$/, ({ values, tables }) => {
      expect(values.length).toBeLessThan(26);
      expect(tables[1]).toMatchObject({ note: 'the first 300 numbers of the answer' });
    }),
  ),
  health(
    'keys of every object',
    says(/^ok ok$/, ({ values }) => {
      expect(values.map(({ metric }) => metric)).toEqual(
        expect.arrayContaining(['check.__proto__', 'check.constructor', '__proto__']),
      );
      expect(({} as Record<string, unknown>).used).toBeUndefined();
    }),
  ),
  health(
    'numbers that are none',
    says(/^ok ok$/, ({ values }) => {
      expect(rows(values)).toMatchObject({ c: 0, d: 1e308 });
      expect(Object.keys(rows(values))).not.toEqual(expect.arrayContaining(['a']));
      expect(Object.is(rows(values).c, -0)).toBe(false);
    }),
  ),
  health('NaN in JSON', says(/^ok ok$/)),
  metrics(
    'NaN in metrics',
    shows({ '^queue_depth': /^gap: .*NaN/, '^queue_size': /^gap: .*infinity/, '^backlog': /^gap: .*infinity/ }),
  ),
  metrics('counters that reset', ({ values, reasons }) => {
    expect(reasons).toEqual([]);
    const rate = values.find((value) => value.type === 'value' && value.kind === 'rate');
    expect(rate).toMatchObject({ value: expect.any(Number) });
    expect(rate?.type === 'value' ? rate.value : Number.NaN).toBeGreaterThanOrEqual(0);
  }),
  health(
    'a clock that jumps',
    says(/^ok ok$/, ({ notices }) => {
      // The uptimes of a clock that is set are no restarts, and it is not said again and again.
      expect(notices.filter((notice) => notice.startsWith('restart'))).toEqual([]);
      expect(notices.length).toBeLessThanOrEqual(1);
    }),
  ),
  metrics('a histogram without its buckets', shows({ 'p95|latency|duration': /^gap: / })),
  metrics('the same series many times', shows({ '^queue_depth': /^\d+$/ }, /^\d+ series/)),
  metrics('timestamps of the future', shows({ '^queue_depth': 5, '^queue_size': 6 })),
  metrics('a label of 1 MB', shows({ '^queue_depth': 5 })),
  metrics('200,000 lines of nonsense', shows({ '^queue_depth': 5 }, /200,000 bad lines/)),
  {
    name: 'garbage for a MongoDB driver',
    kind: 'mongodb',
    check: fails(/^no MongoDB server answers at 127\.0\.0\.1:/),
  },
  { name: 'a MongoDB message of 2 GB', kind: 'mongodb', check: fails(/^no MongoDB server answers at 127\.0\.0\.1:/) },
  health('self-signed', fails(/is self-signed$/, trustIt), 'https'),
  health('a port that speaks plain http', fails(/does not speak TLS$/, /plain http\?$/), 'https'),
  health('no answer', fails(tooLate), 'https'),
  health('self-signed', fails(closed, /^does that port speak https\?$/)),
  health('nobody listens', fails(/^connection refused: nothing listens on localhost:\d+$/)),
  health('deaf', fails(/^no connection to localhost:\d+ within 2 s$|^no answer/)),
  health('no such name', fails(/could not be resolved/)),
];

const withCertificates: Row[] = [
  health('a certificate that expired', fails(/has expired$/, /^renew it; insecure/), 'https'),
  health('a certificate for another host', fails(/is for another host name$/, /-k/), 'https'),
  metrics('an unknown authority', fails(/authority that is not trusted$/, trustIt), 'https'),
  health(
    'a client certificate is asked for',
    fails(/asks for a certificate of the client$/, /--cert and --key/),
    'https',
  ),
];

const all = hasOpenssl() ? [...list, ...withCertificates] : list;
if (!hasOpenssl()) console.warn('skipped, certificates of hostile probes: openssl is not there');

/** Long enough that one second in which the machine had no time for anybody is no more than the 5 % that a run may have. */
const runMs = 21_000;
const rate = 200;

let child: ChildProcess | undefined;
let target: LogServer | undefined;
let deaf: Awaited<ReturnType<typeof deafPort>> | undefined;
let ports: HostilePorts['ports'] = {};
let events: readonly RunEvent[] = [];
let ending: Ending | undefined;
const seen = new Map<string, Seen>();
const idOf = (row: Row): string => `${row.kind} ${all.indexOf(row)}`;

const probeOf = (row: Row, ca: string | undefined): Probe => {
  const id = idOf(row);
  const port = ports[row.name];
  if (row.kind === 'mongodb') return new MongoProbe({ id, uri: `mongodb://127.0.0.1:${port}` });
  // An authority that is given would make the unknown one known.
  const trusted = row.name === 'an unknown authority' ? undefined : ca;
  const tls = { verify: true, ca: trusted, cert: undefined, key: undefined };
  const access: HttpAccess = { headers: [], tls, via: undefined };
  const origin =
    row.name === 'no such name' ? 'http://does-not-exist.invalid' : `${row.scheme ?? 'http'}://localhost:${port}`;
  const options = { id, url: `${origin}/health`, version: '1.0.0', access };
  return row.kind === 'health' ? new HealthProbe(options) : new PrometheusProbe(options);
};

const tables = new Map<string, () => readonly ProbeTable[]>();

const sourceOf = (probe: Probe): ProbeSource => ({
  info: { id: probe.id, kind: probe.kind, target: probe.target, unasked: false },
  start: (tell) => {
    const sampler = new Sampler({ probe, clock: new SystemClock(), tell });
    tables.set(probe.id, () => probe.tables?.() ?? []);
    sampler.start();
    return { close: () => sampler.close(), tables: () => probe.tables?.() ?? [] };
  },
});

beforeAll(async () => {
  child = fork(new URL('../helpers/hostile-probe-servers.ts', import.meta.url));
  const hostile = await new Promise<HostilePorts>((resolve) =>
    child!.once('message', (said) => resolve(said as HostilePorts)),
  );
  deaf = await deafPort();
  ports = { ...hostile.ports, deaf: deaf.port, 'nobody listens': await freePort() };
  target = await startLogServer();
  const sources = all.map((row) => sourceOf(probeOf(row, hostile.ca)));
  const run = await openSession({ port: target.port, segments: constantSegments(rate, runMs), probes: sources });
  await new Promise((resolve) => setTimeout(resolve, runMs + 500));
  const { probes } = run.session.store.newest;
  for (const { id, values, title, status } of probes) {
    const failed = run.events.filter((event) => event.type === 'probe/failed' && event.probe === id);
    const noticed = run.events.filter((event) => event.type === 'probe/noticed' && event.probe === id);
    seen.set(id, {
      values,
      title,
      status,
      reasons: failed.map((event) => (event.type === 'probe/failed' ? event.reason : '')),
      hints: failed.flatMap((event) => (event.type === 'probe/failed' && event.hint ? [event.hint] : [])),
      notices: noticed.map((event) => (event.type === 'probe/noticed' ? `${event.what}: ${event.text}` : '')),
      tables: tables.get(id)?.() ?? [],
    });
  }
  run.session.dispatch({ type: 'run/stop' }, 'key');
  ending = await run.session.ended;
  events = run.events;
}, 60_000);

afterAll(async () => {
  child?.kill('SIGKILL');
  await target?.stop();
  await deaf?.close();
  await stopServers();
});

describe('a probe that meets', () => {
  it.each(all.map((row) => [`${row.scheme ?? 'http'} ${row.kind}: ${row.name}`, row] as const))('%s', (_, row) => {
    expect(seen.get(idOf(row))).toBeDefined();
    row.check(seen.get(idOf(row))!);
  });
});

const steering = new RegExp(`[\\u0000-\\u001f${steeringCharacters}]`);

/** Every text in a value, however deep, keys included. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
};

describe('the run beside them', () => {
  it('has no text that could steer a terminal: no reason, hint, label, title, name, notice, table or log line', () => {
    const probing = events.filter((event) => event.type.startsWith('probe/'));
    const shown = [...probing.flatMap(textsIn), ...[...seen.values()].flatMap(textsIn)];
    expect(shown.length).toBeGreaterThan(1000);
    expect(shown.filter((text) => steering.test(text))).toEqual([]);
  });

  it('tells each silence once, and no more of a probe than what happened', () => {
    const counts = new Map<string, number>();
    for (const event of events) {
      if (event.type === 'probe/noticed') counts.set(event.probe, (counts.get(event.probe) ?? 0) + 1);
    }
    expect([...counts].filter(([, count]) => count > 3)).toEqual([]);
  });

  it('sent every request, none late through us, and trusts its own numbers', async () => {
    const { summary } = ending!;
    expect(summary.iterations).toMatchObject({ due: (rate * runMs) / 1000, notSent: 0, lost: 0, dropped: 0 });
    expect(summary.good).toBe(summary.iterations.due);
    expect(summary.balanced).toBe(true);
    expect(summary.generator).toMatchObject({ valid: true, notSentRatio: 0 });
    expect(events.filter(({ type }) => type === 'problem/raised')).toEqual([]);
    expect((await target!.log()).length).toBe(summary.iterations.due);
  });
});

describe('the built program', () => {
  const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
  const run = (...flags: readonly string[]): Promise<{ code: number | null; stdout: Buffer; stderr: Buffer }> => {
    const hostile = ['escapes in a health body', 'escapes in a redirect', 'escapes in place of HTTP', '100 MB'];
    const watched = hostile.flatMap((name) => ['--health', `http://localhost:${ports[name]}/health`]);
    const scraped = ['escapes in labels and help', 'escapes in header values', 'a gzip bomb'].flatMap((name) => [
      '--metrics',
      `http://localhost:${ports[name]}/metrics`,
    ]);
    const args = [
      `http://127.0.0.1:${target!.port}/`,
      '-q',
      '100',
      '-z',
      '4s',
      '--no-record',
      ...watched,
      ...scraped,
      ...flags,
    ];
    const started = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    started.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    started.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    return new Promise((resolve) => {
      started.on('close', (code) => resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err) }));
    });
  };

  it('writes JSON whose texts are clean, with what was noticed of probes as objects', async () => {
    const { code, stdout, stderr } = await run('--json');
    expect([0, 96]).toContain(code);
    const objects = stdout
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; probe?: string; what?: string; text?: string });
    expect(objects.flatMap(textsIn).filter((text) => steering.test(text))).toEqual([]);
    const silent = objects.filter(({ type, what }) => type === 'probe/noticed' && what === 'silence');
    expect(silent.map(({ probe }) => probe).toSorted()).toEqual(['health 3', 'health 4', 'metrics 2', 'metrics 3']);
    expect(objects.at(-1)).toMatchObject({ type: 'summary', good: 400 });
    expect(stderr.toString('utf8').replaceAll('\n', '')).not.toMatch(steering);
  });

  it('writes lines that steer no terminal, each silence once', async () => {
    const { code, stdout } = await run('--no-tui');
    expect([0, 96]).toContain(code);
    const text = stdout.toString('utf8');
    expect(text.replaceAll('\n', '')).not.toMatch(steering);
    expect(text.match(/probe: health 4 cannot be read: the answer is larger than 1 MiB/g)).toHaveLength(1);
  });
});
