// States of a run made by hand, for tests of the screen: an events API with a buffer, looked at after 4:12. The columns are
// real and end at that second; what a case shows is laid over a healthy run.

import { Series } from '../../source/common/series.ts';
import { type CauseName, causeDetail, causeIndex, causes } from '../../source/measure/cause.ts';
import { readObjective } from '../../source/measure/objective.ts';
import { noStocks } from '../../source/measure/second.ts';
import type { ProbeKind, ProbeValue, Reading } from '../../source/probes/probe.ts';
import type { RunInfo } from '../../source/session/events.ts';
import { latencyEdges } from '../../source/session/latency-rows.ts';
import type {
  CauseState,
  ColumnName,
  EndpointState,
  History,
  LatencyGrid,
  LogLine,
  ObjectiveState,
  OutcomeState,
  ProbeState,
  RunState,
} from '../../source/session/state.ts';
import type { RunStore } from '../../source/session/store.ts';
import { fineRound, fixtureRound } from './burst-round.ts';
import { fixtureSummary } from './fixture-summary.ts';

/** Run time of the fixture, ms. */
export const fixtureNow = 252_400;

const seconds = 252;

export type Curve = (second: number) => number;

/** A curve that wavers a little, the same in every run. */
export const wave =
  (base: number, part = 0.02): Curve =>
  (second) =>
    base * (1 + part * (Math.sin(second * 1.7) * 0.6 + Math.sin(second * 0.61) * 0.4));

/** `before` up to second `at`, then towards `after`. */
export const turn =
  (at: number, before: Curve, after: Curve, slope = 6): Curve =>
  (second) => {
    const part = Math.min(1, Math.max(0, (second - at) / slope));
    return before(second) * (1 - part) + after(second) * part;
  };

/** The curve as a column. */
export const seriesOf = (curve: Curve, length = seconds): Series => {
  const series = new Series(1000, 3600);
  for (let second = 0; second < length; second += 1) series.set(second, curve(second));
  return series;
};

/** Response times that lie about these percentiles, as in a logistic distribution of their logarithms. */
const gridOf = (count: Curve, p50: Curve, p99: Curve): LatencyGrid => ({
  edges: latencyEdges,
  row: (second) => {
    if (second < 0 || second >= seconds) return undefined;
    const width = Math.log(p99(second) / p50(second)) / Math.log(99);
    const below = (ms: number): number => 1 / (1 + Math.exp(-Math.log(ms / p50(second)) / width));
    return Uint32Array.from(latencyEdges.slice(1), (edge, row) =>
      Math.round(count(second) * (below(edge) - below(latencyEdges[row]!))),
    );
  },
});

const noGrid: LatencyGrid = { edges: latencyEdges, row: () => undefined };

/** The grid of these columns; without them, nothing is known. */
const gridIn = (
  columns: Partial<Record<ColumnName, Curve>>,
  [count, p50, p99]: readonly [ColumnName, ColumnName, ColumnName],
): LatencyGrid => {
  const curves = [columns[count], columns[p50], columns[p99]] as const;
  return curves[0] && curves[1] && curves[2] ? gridOf(curves[0], curves[1], curves[2]) : noGrid;
};

/** A history of these curves over `length` seconds; columns, metrics and outcomes without one are empty. */
export const fixtureHistory = (
  columns: Partial<Record<ColumnName, Curve>>,
  readings: Readonly<Record<string, Curve>> = {},
  outcomes: Partial<Record<OutcomeState['name'], Curve>> = {},
  length = seconds,
): History => {
  const made = new Map(Object.entries(columns).map(([name, curve]) => [name, seriesOf(curve, length)]));
  const read = new Map(Object.entries(readings).map(([name, curve]) => [name, seriesOf(curve, length)]));
  const ended = new Map(
    Object.entries(outcomes).map(([name, curve]) => [name as OutcomeState['name'], seriesOf(curve, length)]),
  );
  return {
    column: (name) => made.get(name) ?? new Series(1000, 3600),
    metric: () => undefined,
    reading: (probe, metric) => read.get(`${probe}/${metric}`),
    outcome: (name) => ended.get(name),
    latencies: (group) =>
      gridIn(columns, group === 'good' ? ['good', 'p50', 'p99'] : ['notGood', 'notGoodP50', 'notGoodP99']),
  };
};

const info: RunInfo = {
  name: 'events-full',
  version: '0.1.0',
  target: 'http://localhost:3000',
  model: 'open',
  arrivals: 'uniform',
  seed: 42,
  workers: 2,
  connections: 1000,
  maxInFlight: 1000,
  overflow: 'queue',
  timeoutMs: 10_000,
  maxRate: 10_000_000,
  spawnRate: undefined,
  warmupMs: 0,
  durationMs: 3_600_000,
  limit: undefined,
  stages: [{ lengthMs: 3_600_000, rate: 9400 }],
  series: ['POST /events'],
  severalSteps: false,
  startedAtWall: Date.UTC(2026, 2, 1, 12),
  timeZone: 'UTC',
  recording: undefined,
  probes: [],
};

type Value = Omit<Reading, 'type' | 'rank' | 'kind'> & { readonly kind?: Reading['kind'] };

export const reading = (rank: number, value: Value): Reading => ({ type: 'value', kind: 'gauge', rank, ...value });

export const probe = (kind: ProbeKind, target: string, title: string, values: readonly ProbeValue[]): ProbeState => ({
  id: kind,
  kind,
  target,
  unasked: false,
  status: 'ok',
  title,
  values,
  reason: undefined,
  hint: undefined,
  lastAt: 252_000,
  failingSince: undefined,
  tookMs: 3,
});

/** The probe as it is while its target does not answer. */
export const failing = (state: ProbeState, reason: string, hint?: string): ProbeState => ({
  ...state,
  status: 'failing',
  title: undefined,
  reason,
  hint,
  failingSince: 240_000,
});

export const healthValues = (state: 'ok' | 'degraded', buffer: number): ProbeValue[] => [
  { type: 'fact', metric: 'status', label: 'status', text: state, state, rank: 0 },
  reading(1, { metric: 'buffer_size', label: 'buffer', unit: 'count', value: buffer, limit: 10_000 }),
  { type: 'fact', metric: 'check.mongodb', label: 'mongodb', text: 'ok', state: 'ok', rank: 10 },
  { type: 'fact', metric: 'check.kafka', label: 'kafka', text: 'ok', state: 'ok', rank: 11 },
  reading(31, { metric: 'uptime', label: 'uptime', unit: 's', value: 187_200 }),
];

const metricsValues: ProbeValue[] = [
  reading(0, { metric: 'http_requests', label: 'http requests', kind: 'rate', unit: '/s', value: 9397 }),
  reading(1, { metric: 'server_p95', label: 'server p95', unit: 'ms', value: 31.2 }),
  reading(3, { metric: 'event_loop', label: 'event loop', unit: 'ratio', value: 0.63 }),
  reading(4, { metric: 'heap', label: 'heap', unit: 'bytes', value: 312 * 2 ** 20, limit: 512 * 2 ** 20 }),
  { type: 'gap', metric: 'cpu', label: 'cpu', rank: 5, reason: 'needs two readings' },
];

const mongoValues: ProbeValue[] = [
  reading(0, { metric: 'connections', label: 'connections', unit: 'count', value: 98, limit: 100 }),
  reading(1, { metric: 'inserts', label: 'inserts', kind: 'rate', unit: '/s', value: 504_000 }),
  reading(2, { metric: 'tickets', label: 'write tickets', unit: 'count', value: 112, limit: 128 }),
  reading(3, { metric: 'dirty', label: 'cache dirty', unit: 'ratio', value: 0.061 }),
];

export const hostValues: ProbeValue[] = [
  reading(0, { metric: 'cpu', label: 'cpu', unit: 'ratio', value: 0.38 }),
  reading(1, { metric: 'net.out', label: 'net out', kind: 'rate', unit: 'bytes/s', value: 187_500_000 }),
  reading(2, { metric: 'net.in', label: 'net in', kind: 'rate', unit: 'bytes/s', value: 26_250_000 }),
  reading(3, { metric: 'retransmits', label: 'retransmits', kind: 'rate', unit: '/s', value: 0 }),
  reading(4, { metric: 'ports', label: 'ports in use', unit: 'count', value: 1004, limit: 28_232 }),
];

const ownValues: ProbeValue[] = [
  reading(0, { metric: 'cpu', label: 'cpu of 1 core', unit: 'ratio', value: 0.52 }),
  reading(1, { metric: 'rss', label: 'rss', unit: 'bytes', value: 140 * 2 ** 20 }),
  reading(2, { metric: 'descriptors', label: 'open files', unit: 'count', value: 1031, limit: 65_536 }),
];

export const readingCurves: Readonly<Record<string, Curve>> = {
  'health/buffer_size': turn(215, wave(1800, 0.2), wave(9990, 0.001), 25),
  'metrics/http_requests': turn(210, wave(7800), wave(9390)),
  'metrics/server_p95': turn(238, wave(31, 0.1), wave(296, 0.05)),
  'metrics/event_loop': wave(0.6, 0.1),
  'metrics/heap': wave(310 * 2 ** 20, 0.15),
  'mongodb/connections': turn(200, wave(60), wave(98)),
  'mongodb/inserts': turn(200, wave(430_000), wave(504_000)),
  'mongodb/tickets': wave(110, 0.1),
  'mongodb/dirty': wave(0.06, 0.2),
  'host/cpu': turn(210, wave(0.3, 0.2), wave(0.38, 0.1)),
  'host/net.out': turn(210, wave(150_000_000), wave(187_000_000)),
  'host/net.in': wave(26_000_000),
  'host/retransmits': () => 0,
  'host/ports': wave(1004, 0.01),
};

export const healthyColumns: Partial<Record<ColumnName, Curve>> = {
  offered: () => 7800,
  achieved: wave(7798, 0.004),
  good: wave(7798, 0.004),
  notGood: () => 0,
  inFlight: wave(180, 0.1),
  backlog: () => 0,
  p50: wave(18, 0.08),
  p95: wave(31, 0.15),
  p99: wave(44, 0.3),
  max: wave(90, 0.4),
  loopUtilisation: wave(0.41, 0.05),
  pacingP99Ms: wave(0.6, 0.2),
  trouble: () => 0,
};

const healthyOutcomes: Partial<Record<OutcomeState['name'], Curve>> = { '2xx': healthyColumns.good! };

const overloadColumns: Partial<Record<ColumnName, Curve>> = {
  ...healthyColumns,
  offered: turn(
    205,
    () => 7800,
    () => 9400,
    30,
  ),
  achieved: turn(205, wave(7800, 0.004), wave(9398, 0.004), 30),
  good: turn(215, wave(7800, 0.004), wave(8112, 0.008), 15),
  notGood: turn(215, () => 0, wave(1286, 0.05), 15),
  p50: turn(240, wave(18, 0.08), wave(84, 0.05)),
  p95: turn(238, wave(31, 0.15), wave(312, 0.05)),
  p99: turn(236, wave(44, 0.3), wave(431, 0.06)),
  notGoodP50: (second) => (second < 215 ? Number.NaN : wave(2, 0.1)(second)),
  notGoodP95: (second) => (second < 215 ? Number.NaN : wave(4, 0.1)(second)),
  notGoodP99: (second) => (second < 215 ? Number.NaN : wave(9, 0.2)(second)),
  notGoodMax: (second) => (second < 215 ? Number.NaN : wave(31, 0.3)(second)),
};

const overloadOutcomes: Partial<Record<OutcomeState['name'], Curve>> = {
  '2xx': overloadColumns.good!,
  '429': turn(215, () => 0, wave(1243, 0.03), 15),
  '503': turn(222, () => 0, wave(31, 0.2)),
  timeout: turn(230, () => 0, wave(12, 0.3)),
};

/** `why`: [cause, per second, total]. */
const outcome = (
  name: OutcomeState['name'],
  perSecond: number,
  share: number,
  total: number,
  example?: string,
  why: readonly (readonly [CauseName, number, number])[] = [],
): OutcomeState => ({
  name,
  perSecond,
  share,
  total,
  example,
  causes: why.map(([cause, perSecond, total]) => causeOf(cause, perSecond, total, example)),
});

const causeOf = (name: CauseName, perSecond: number, total: number, example?: string): CauseState => {
  const cause = causes[causeIndex(name)]!;
  return { name, detail: causeDetail(cause), fault: cause.fault, perSecond, total, example };
};

const percentiles = (p50: number, p95: number, p99: number, max: number) => ({ count: 39_000, p50, p95, p99, max });
const noPercentiles = { count: 0, p50: Number.NaN, p95: Number.NaN, p99: Number.NaN, max: Number.NaN };

/** What one series does. */
export const endpoint = (
  name: string,
  perSecond: number,
  good: readonly [p50: number, p95: number, p99: number, max: number],
  patch: Partial<EndpointState> = {},
): EndpointState => ({
  name,
  perSecond,
  good: percentiles(...good),
  notGoodShare: 0,
  bytesOut: perSecond * 412,
  bytesIn: perSecond * 187,
  total: perSecond * 245,
  totalNotGood: 0,
  ...patch,
});

/** A line of the log. */
export const logLine = (at: number, level: LogLine['level'], text: string, effect?: string): LogLine => ({
  at,
  sequence: at,
  level,
  text,
  effect,
});

/** An objective as it stands. */
export const objective = (
  text: string,
  status: ObjectiveState['status'],
  value: number,
  brokenSince?: number,
): ObjectiveState => {
  const { metric, bound, windowMs } = readObjective(text);
  return { text, metric, bound, windowMs, status, value, brokenSince };
};

/** A healthy run; `patch` replaces fields. */
export const fixtureState = (patch: Partial<RunState> = {}): RunState => {
  const probes = [
    probe('health', 'http://localhost:3000/health', '200  3.1 ms', healthValues('ok', 1812)),
    probe('metrics', 'http://localhost:9464/metrics', ':9464  412 series', metricsValues),
    probe('mongodb', 'mongodb://localhost:27017', '8.0.4  rs0 primary', mongoValues),
    probe('host', 'this machine', '8 cores  eth0 10 Gbit/s', hostValues),
    probe('process', 'this process', '', ownValues),
  ];
  return {
    run: { ...info, probes },
    phase: 'running',
    cleanUp: undefined,
    now: fixtureNow,
    plan: {
      revision: 3,
      appliedRevision: 3,
      wanted: 7800,
      applied: 7800,
      step: 500,
      manual: false,
      spawnRate: undefined,
      remainingMs: 3_600_000 - fixtureNow,
    },
    limits: { connections: 1000, maxInFlight: 1000, timeoutMs: 10_000, ceiling: 10_000_000 },
    rounds: { ended: 0, newest: undefined, kept: [] },
    rates: {
      offered: 7800,
      started: 7800,
      achieved: 7798,
      good: 7798,
      notGood: 0,
      dropped: 0,
      notSent: 0,
      requests: 7798,
    },
    stocks: {
      inFlight: 182,
      backlog: 0,
      connections: 240,
      users: 0,
      stuck: 0,
      oldestInFlightMs: 61,
      oldestBacklogMs: 0,
    },
    latency: {
      windowMs: 5000,
      good: percentiles(18.2, 31.4, 44.1, 96.2),
      notGood: noPercentiles,
    },
    outcomes: [
      outcome('2xx', 7798, 1, 1_914_220),
      outcome('429', 0, 0, 0),
      outcome('503', 0, 0, 0),
      outcome('524', 0, 0, 0),
      outcome('refused', 0, 0, 0),
    ],
    totals: {
      due: 1_914_402,
      started: 1_914_402,
      good: 1_914_220,
      notGood: 0,
      noResponse: 0,
      dropped: 0,
      notSent: 0,
      cutOff: 0,
      lost: 0,
    },
    totalRequests: 1_914_220,
    probes,
    generator: { level: 'good', reasons: [], loopUtilisation: 0.41, pacingP99Ms: 0.6, ownLimit: false, workers: [] },
    log: [logLine(0, 'info', 'started: events-full → http://localhost:3000, seed 42')],
    markers: [],
    endpoints: [endpoint('POST /events', 7798, [18.2, 31.4, 44.1, 96.2], { total: 1_914_220 })],
    metrics: [],
    objectives: [],
    question: undefined,
    historyVersion: 2772,
    history: fixtureHistory(healthyColumns, readingCurves, healthyOutcomes),
    details: { tables: () => [] },
    summary: undefined,
    ...patch,
  };
};

const healthy = fixtureState();

const withProbe = (kind: ProbeKind, change: (state: ProbeState) => ProbeState): readonly ProbeState[] =>
  healthy.probes.map((state) => (state.kind === kind ? change(state) : state));

const overload = fixtureState({
  plan: { ...healthy.plan, wanted: 9400, applied: 9400, manual: true },
  rates: { ...healthy.rates, offered: 9400, started: 9400, achieved: 9398, good: 8112, notGood: 1286, requests: 9398 },
  stocks: { ...healthy.stocks, inFlight: 212 },
  latency: {
    windowMs: 5000,
    good: percentiles(84, 312, 431, 1204),
    notGood: percentiles(2, 4, 9, 31),
  },
  outcomes: [
    outcome('2xx', 8112, 0.863, 1_914_220),
    outcome('429', 1243, 0.132, 41_876, '429 Retry-After: 1 {"error":"buffer full","size":10000}'),
    outcome('503', 31, 0.003, 912, '503 upstream unavailable'),
    outcome('524', 0, 0, 0),
    outcome('refused', 0, 0, 0),
    outcome('timeout', 12, 0.001, 207, 'no answer within 10 s, waiting for headers', [
      ['timeout, waiting for headers', 11, 195],
      ['timeout, stuck', 1, 12],
    ]),
  ],
  probes: withProbe('health', (state) => ({ ...state, values: healthValues('degraded', 10_000) })),
  log: [
    ...healthy.log,
    logLine(
      205_000,
      'info',
      'rate 7,800/s → 9,400/s by key',
      'good 7.8k → 8.1k   p99 44.1 → 46.8 ms   not good 0.0 → 3.1 %',
    ),
    logLine(245_000, 'info', '‖ marker a'),
    logLine(246_000, 'warn', 'health ok → degraded'),
    logLine(250_000, 'info', 'rate 9,000/s → 9,400/s by key'),
  ],
  objectives: [
    objective('p99<300ms over 30s', 'broken', 431, 241_000),
    objective('errors<1%', 'broken', 0.136, 221_000),
    objective('rate>=8000/s', 'at risk', 8112),
  ],
  markers: [
    { at: 205_000, kind: 'change', name: 'rate 7,800/s → 9,400/s' },
    { at: 245_000, kind: 'mark', name: 'a' },
    { at: 250_000, kind: 'change', name: 'rate 9,000/s → 9,400/s' },
  ],
  endpoints: [
    endpoint('POST /events', 9398, [84, 312, 431, 1204], {
      notGoodShare: 0.137,
      total: 1_957_215,
      totalNotGood: 42_995,
    }),
  ],
  history: fixtureHistory(overloadColumns, readingCurves, overloadOutcomes),
});

const paused = fixtureState({
  phase: 'paused',
  plan: { ...healthy.plan, applied: 0 },
  rates: { offered: 0, started: 0, achieved: 0, good: 0, notGood: 0, dropped: 0, notSent: 0, requests: 0 },
  stocks: { ...healthy.stocks, inFlight: 0 },
  latency: { windowMs: 5000, good: noPercentiles, notGood: noPercentiles },
  log: [...healthy.log, logLine(240_000, 'info', 'paused by key')],
  history: fixtureHistory(
    Object.fromEntries(
      Object.entries(healthyColumns).map(([name, curve]) => {
        const stopped = /^p\d|max|pacing/.test(name) ? Number.NaN : 0;
        return [name, (second: number) => (second < 240 ? curve(second) : stopped)];
      }),
    ),
    readingCurves,
  ),
});

const fullSpeed = fixtureState({
  run: { ...healthy.run!, model: 'full speed', stages: [], connections: 50, maxInFlight: 50 },
  limits: { ...healthy.limits!, connections: 50, maxInFlight: 50 },
  plan: { ...healthy.plan, wanted: Number.NaN, applied: Number.NaN, step: 1 },
  stocks: { ...healthy.stocks, inFlight: 50 },
});

/** Virtual users, of which some do not get anything any more. */
const closedModel = fixtureState({
  run: {
    ...healthy.run!,
    model: 'closed',
    spawnRate: 20,
    stages: [{ lengthMs: 3_600_000, rate: 200 }],
    connections: 200,
    maxInFlight: 200,
  },
  plan: { ...healthy.plan, wanted: 200, applied: 180, step: 10, manual: true, spawnRate: 20 },
  limits: { ...healthy.limits!, connections: 200, maxInFlight: 200 },
  stocks: { ...healthy.stocks, inFlight: 180, users: 180, connections: 180 },
  log: [...healthy.log, logLine(248_000, 'info', 'users 100 → 200 over 5 s by key')],
});

const stuck = fixtureState({
  run: closedModel.run,
  plan: { ...closedModel.plan, applied: 200 },
  limits: closedModel.limits,
  stocks: { ...closedModel.stocks, inFlight: 200, users: 200, stuck: 12, oldestInFlightMs: 8140 },
  log: closedModel.log,
});

const burstRounds = [
  fineRound({ size: 500, totalMs: 43, response: { p50: 21, p95: 36.2, max: 42.9 } }),
  fineRound({ round: 1, size: 750, totalMs: 61, response: { p50: 31.5, p95: 53.1, max: 60.8 } }),
  fixtureRound({ round: 2, good: 998, notGood: 2, releasedAt: 250_000, sendSpreadMs: 12 }),
];

const burst = fixtureState({
  run: { ...healthy.run!, model: 'burst', stages: [] },
  plan: { ...healthy.plan, wanted: Number.NaN, applied: Number.NaN, step: 1, remainingMs: undefined },
  rounds: {
    ended: 3,
    newest: burstRounds.at(-1),
    kept: burstRounds,
  },
});

const generatorBad = fixtureState({
  rates: { ...healthy.rates, achieved: 6120, good: 6120, notSent: 210 },
  generator: {
    level: 'bad',
    reasons: ['pacing delay p99 83 ms', 'event loop 97 % busy'],
    loopUtilisation: 0.97,
    pacingP99Ms: 83,
    ownLimit: false,
    workers: [],
  },
  totals: { ...healthy.totals, notSent: 1840 },
});

const probesFailing = fixtureState({
  probes: [
    failing(healthy.probes[0]!, 'connection refused', 'is the target running? --health names another URL'),
    { ...healthy.probes[1]!, status: 'waiting', title: undefined, values: [], lastAt: undefined },
    healthy.probes[3]!,
  ],
});

const ended = fixtureState({
  phase: 'closed',
  now: 300_000,
  stocks: { ...healthy.stocks, inFlight: 0, oldestInFlightMs: 0 },
  plan: { ...healthy.plan, applied: 0, remainingMs: 0 },
  summary: fixtureSummary({ endReason: 'the planned end' }),
  log: [...healthy.log, logLine(300_000, 'info', 'ended: the planned end; 1,914,220 requests completed')],
});

/** Before anything was measured. */
const fresh = fixtureState({
  now: 0,
  rates: {
    offered: Number.NaN,
    started: Number.NaN,
    achieved: Number.NaN,
    good: Number.NaN,
    notGood: Number.NaN,
    dropped: Number.NaN,
    notSent: Number.NaN,
    requests: Number.NaN,
  },
  stocks: noStocks(),
  latency: { windowMs: 0, good: noPercentiles, notGood: noPercentiles },
  outcomes: healthy.outcomes.map(({ name }) => outcome(name, 0, Number.NaN, 0)),
  generator: { ...healthy.generator, loopUtilisation: Number.NaN, pacingP99Ms: Number.NaN },
  probes: [],
  log: [],
  endpoints: [],
  history: fixtureHistory({}),
});

/** The cases that screens are tested with. */
export const fixtureStates = {
  healthy,
  overload,
  'probes failing': probesFailing,
  paused,
  'full speed': fullSpeed,
  'closed model': closedModel,
  stuck,
  burst,
  'generator bad': generatorBad,
  ended,
  fresh,
} as const satisfies Readonly<Record<string, RunState>>;

/** A store that tells its readers of a new state at once. */
export class FixtureStore implements RunStore {
  #state: RunState;
  readonly #listeners = new Set<() => void>();

  constructor(state: RunState) {
    this.#state = state;
  }

  getState(): RunState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(state: RunState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}
