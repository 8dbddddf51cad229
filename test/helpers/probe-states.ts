// States of a run in which the server's side has all it can have: seven panels, several instances, tables of details,
// levels, silences. Laid over the healthy run of run-state.ts.

import type { ProbeTable, ProbeValue, Reading } from '../../source/probes/probe.ts';
import type { ProbeState, RunState } from '../../source/session/state.ts';
import {
  type Curve,
  failing,
  fixtureHistory,
  fixtureState,
  healthValues,
  healthyColumns,
  hostValues,
  probe,
  reading,
  readingCurves,
  turn,
  wave,
} from './run-state.ts';

const healthy = fixtureState();
const [health, metrics, , , own] = healthy.probes as readonly [
  ProbeState,
  ProbeState,
  ProbeState,
  ProbeState,
  ProbeState,
];

const gib = 2 ** 30;
const mib = 2 ** 20;
const rate = (rank: number, metric: string, label: string, value: number, unit: Reading['unit'] = '/s'): Reading =>
  reading(rank, { metric, label, kind: 'rate', unit, value });

const mongoValues: ProbeValue[] = [
  { type: 'fact', metric: 'role', label: 'role', text: 'rs0 primary', rank: 40 },
  reading(0, { metric: 'connections.current', label: 'connections', unit: 'count', value: 98, limit: 819_200 }),
  rate(1, 'ops.insert', 'inserts', 504_000),
  reading(2, { metric: 'tickets.write', label: 'write tickets', unit: 'count', value: 12, limit: 128, level: 'ok' }),
  reading(3, { metric: 'latency.write', label: 'write latency', unit: 'ms', value: 1.4 }),
  reading(4, { metric: 'queue.lock', label: 'lock queue', unit: 'count', value: 0, level: 'ok' }),
  reading(5, { metric: 'cache.dirty', label: 'cache dirty', unit: 'ratio', value: 0.031, limit: 0.2, level: 'ok' }),
  reading(6, { metric: 'cache.fill', label: 'cache fill', unit: 'ratio', value: 0.74, limit: 0.95, level: 'ok' }),
  reading(7, { metric: 'replication.lag', label: 'replication lag', unit: 's', value: 0 }),
  {
    type: 'gap',
    metric: 'flow.control',
    label: 'flow control',
    rank: 8,
    reason:
      'serverStatus says nothing of it: the clusterMonitor role is needed, db.createUser({user: "loadtop", roles: ["clusterMonitor"]}) on admin gives it',
  },
];

const targetHostValues: ProbeValue[] = [
  reading(0, { metric: 'cpu', label: 'cpu', unit: 'ratio', value: 0.71 }),
  reading(1, { metric: 'memory', label: 'memory', unit: 'bytes', value: 11.2 * gib, limit: 16 * gib }),
  rate(2, 'net.out', 'net out', 31_000_000, 'bytes/s'),
  rate(3, 'net.in', 'net in', 187_500_000, 'bytes/s'),
  reading(4, { metric: 'disk.busy', label: 'disk busy, nvme0n1', unit: 'ratio', value: 0.42 }),
  rate(5, 'retransmits', 'retransmits', 0),
];

const targetProcessValues: ProbeValue[] = [
  reading(0, { metric: 'cpu', label: 'cpu', unit: 'ratio', value: 1.42, limit: 2 }),
  reading(1, { metric: 'rss', label: 'rss', unit: 'bytes', value: 611 * mib }),
  reading(2, { metric: 'accept.queue', label: 'accept queue', unit: 'count', value: 0, limit: 511 }),
  reading(3, { metric: 'run.queue', label: 'run-queue wait', unit: 'ratio', value: 0.021 }),
  reading(4, { metric: 'descriptors', label: 'open files', unit: 'count', value: 212, limit: 1024 }),
  reading(5, { metric: 'threads', label: 'threads', unit: 'count', value: 11 }),
];

const curves: Readonly<Record<string, Curve>> = {
  ...readingCurves,
  'mongodb/connections.current': turn(200, wave(60), wave(98)),
  'mongodb/ops.insert': turn(200, wave(430_000), wave(504_000)),
  'mongodb/tickets.write': wave(12, 0.3),
  'mongodb/latency.write': wave(1.4, 0.2),
  'mongodb/queue.lock': () => 0,
  'mongodb/cache.dirty': wave(0.03, 0.2),
  'mongodb/cache.fill': wave(0.74, 0.01),
  'mongodb/replication.lag': () => 0,
  'target host/cpu': turn(210, wave(0.5, 0.1), wave(0.71, 0.05)),
  'target host/memory': wave(11.2 * gib, 0.01),
  'target host/net.out': wave(31_000_000),
  'target host/net.in': turn(210, wave(150_000_000), wave(187_000_000)),
  'target host/disk.busy': wave(0.42, 0.3),
  'target host/retransmits': () => 0,
  'target process/cpu': turn(210, wave(1.1, 0.1), wave(1.42, 0.05)),
  'target process/rss': turn(0, wave(300 * mib, 0.02), wave(611 * mib, 0.02), 250),
  'target process/accept.queue': () => 0,
  'target process/run.queue': wave(0.02, 0.3),
  'target process/descriptors': wave(212, 0.02),
  'target process/threads': () => 11,
};

/** Running operations as the zoomed panel lists them, longest first. */
export const operations: ProbeTable = {
  title: 'running operations',
  columns: [
    { label: 'type' },
    { label: 'namespace' },
    { label: 'running', unit: 's' },
    { label: 'waiting for' },
    { label: 'client' },
    { label: 'scanned', unit: 'count' },
    { label: 'plan' },
  ],
  rows: [
    [
      'update',
      'events.sessions',
      { value: 41.2, level: 'bad' },
      { value: 'lock: Collection X', level: 'warn' },
      '10.0.0.31:51044',
      1_204_332,
      'COLLSCAN',
    ],
    ['getmore', 'local.oplog.rs', 12.4, undefined, '10.0.0.12:40122', 0, 'COLLSCAN'],
    [
      'find',
      'events.raw_2026_03',
      { value: 3.1, level: 'warn' },
      undefined,
      '10.0.0.31:51062',
      98_112,
      'IXSCAN { at: 1 }',
    ],
    ['insert', 'events.raw_2026_03', 0.004, undefined, '10.0.0.31:51071', undefined, undefined],
  ],
  note: '4 of 4 operations; those of the server itself are left out',
};

const busy = [0.82, 0.41, 0.38, 0.97, 0.35, 0.3, 0.28, 0];

const hostTables: readonly ProbeTable[] = [
  {
    title: 'cores',
    columns: [
      { label: 'core' },
      { label: 'busy', unit: 'ratio', bar: true },
      { label: 'user', unit: 'ratio' },
      { label: 'system', unit: 'ratio' },
      { label: 'steal', unit: 'ratio' },
    ],
    rows: busy.map((ratio, core) => [
      `cpu${core}`,
      ratio > 0.92 ? { value: ratio, level: 'bad' } : ratio > 0.8 ? { value: ratio, level: 'warn' } : ratio,
      ratio * 0.7,
      ratio * 0.3,
      0,
    ]),
  },
  {
    title: 'load and memory',
    columns: [
      { label: 'what' },
      { label: '1 min', unit: 'count' },
      { label: '5 min', unit: 'count' },
      { label: '15 min', unit: 'count' },
    ],
    rows: [['load average', 3.1, 2.4, 1.92]],
  },
  {
    title: 'disks',
    columns: [
      { label: 'device' },
      { label: 'reads', unit: '/s' },
      { label: 'writes', unit: '/s' },
      { label: 'read', unit: 'bytes/s' },
      { label: 'written', unit: 'bytes/s' },
      { label: 'await', unit: 'ms' },
      { label: 'queue', unit: 'count' },
      { label: 'busy', unit: 'ratio', bar: true },
    ],
    rows: [
      ['nvme0n1', 12, 1204, 48_000, 31_200_000, 0.42, 0.51, 0.31],
      ['sda', 0, 96, 0, 4_100_000, { value: 41.5, level: 'warn' }, 3.9, { value: 0.96, level: 'bad' }],
    ],
    note: 'loop devices are left out',
  },
];

const names = [
  'http_requests_total',
  'http_request_duration_seconds',
  'nodejs_gc_duration_seconds',
  'buffer_size',
  'buffer_flush_total',
  'kafka_producer_queue',
];
const routes = ['/events', '/events/batch', '/health', '/metrics', '/session/{id}'];

/** Three hundred series, one row each. */
export const series: ProbeTable = {
  title: 'series',
  columns: [{ label: 'series' }, { label: 'value', unit: 'count' }, { label: 'change', unit: '/s' }],
  rows: Array.from({ length: 300 }, (_, index) => {
    const name = names[index % names.length]!;
    const route = routes[Math.floor(index / names.length) % routes.length]!;
    return [
      `${name}{route="${route}",instance="${Math.floor(index / 30)}"}`,
      index * 1_731,
      index % 7 === 0 ? undefined : Math.round(index * 3.7) / 10,
    ];
  }),
};

const tables: Readonly<Record<string, readonly ProbeTable[]>> = {
  mongodb: [operations],
  host: hostTables,
  metrics: [series],
  'metrics 2': [series],
};

/** How often tables were asked for. */
export const asked = { count: 0 };

const details: RunState['details'] = {
  tables: (id) => {
    asked.count += 1;
    return tables[id] ?? [];
  },
};

const mongodb = probe('mongodb', 'mongodb://localhost:27017', '8.0.4  rs0 primary  simulated', mongoValues);
const host = probe('host', 'this machine', '8 cores  eth0 10 Gbit/s', hostValues);
const targetHost = probe(
  'target host',
  'http://10.0.0.5:9100/metrics',
  '10.0.0.5:9100  8 cores  Linux 6.1',
  targetHostValues,
);
const targetProcess = { ...probe('target process', 'port 3000', 'pid 4121  node', targetProcessValues), unasked: true };

const state = (probes: readonly ProbeState[], patch: Partial<RunState> = {}): RunState =>
  fixtureState({
    probes,
    details,
    history: fixtureHistory(healthyColumns, curves),
    generator: {
      ...healthy.generator,
      workers: [
        { share: 0, loopUtilisation: 0.41, loopDelayMs: 0.4 },
        { share: 1, loopUtilisation: 0.38, loopDelayMs: Number.NaN },
      ],
    },
    ...patch,
  });

const whole = state([health, metrics, mongodb, targetHost, host, own, targetProcess]);

const another = (of: ProbeState, number: number, target: string, change: Partial<ProbeState> = {}): ProbeState => ({
  ...of,
  id: `${of.id} ${number}`,
  target,
  ...change,
});

const changed = (of: ProbeState, change: (value: ProbeValue) => ProbeValue): readonly ProbeValue[] =>
  of.values.map(change);

const scaled = (of: ProbeState, factor: number): readonly ProbeValue[] =>
  changed(of, (value) => (value.type === 'value' ? { ...value, value: value.value * factor } : value));

/** Three instances of the target, of which one is silent; two of them tell metrics. */
const instances = state(
  [
    { ...health, target: 'http://localhost:3001/health' },
    another(failing(health, 'connection refused'), 2, 'http://localhost:3002/health'),
    another(health, 3, 'http://localhost:3003/health', { values: healthValues('degraded', 9990), tookMs: 41.2 }),
    { ...metrics, target: 'http://localhost:9464/metrics' },
    another(metrics, 2, 'http://localhost:9465/metrics', { values: scaled(metrics, 0.6) }),
    mongodb,
    host,
    own,
  ],
  {
    history: fixtureHistory(healthyColumns, {
      ...curves,
      'health 3/buffer_size': turn(215, wave(1800, 0.2), wave(9990, 0.001), 25),
      'metrics 2/http_requests': wave(5600),
      'metrics 2/server_p95': wave(19, 0.1),
      'metrics 2/event_loop': wave(0.37, 0.1),
      'metrics 2/heap': wave(187 * mib, 0.15),
    }),
  },
);

/** A curve that is not known in some of its seconds. */
const holed =
  (curve: Curve, from: number, to: number): Curve =>
  (second) =>
    second >= from && second < to ? Number.NaN : curve(second);

/** The metrics are two seconds late, MongoDB does not answer, what nobody asked for is not there. */
const late = state(
  [
    health,
    { ...metrics, status: 'late', reason: 'no answer within 1 s', lastAt: 250_400, failingSince: 251_400 },
    failing(
      mongodb,
      'getaddrinfo ENOTFOUND db.internal: the name of the server is not known here, nor anywhere this machine asks',
      'is the name right? --mongo names another server',
    ),
    host,
    own,
    { ...failing(targetProcess, 'nothing listens on port 3000 here'), unasked: true, values: [], lastAt: undefined },
  ],
  {
    history: fixtureHistory(healthyColumns, {
      ...curves,
      'health/buffer_size': holed(wave(1800, 0.2), 205, 222),
      'metrics/http_requests': holed(holed(wave(7800), 212, 230), 250, 252),
      'metrics/server_p95': holed(holed(wave(31, 0.1), 212, 230), 250, 252),
    }),
  },
);

const levelled = (of: ProbeState, levels: Readonly<Record<string, Reading['level']>>): ProbeState => ({
  ...of,
  values: changed(of, (value) => {
    const level = value.type === 'value' ? levels[value.metric] : undefined;
    return value.type === 'value' && level !== undefined ? { ...value, level } : value;
  }),
});

/** Some of what the probes read is worth a look, some is wrong. */
const levels = state([
  levelled(health, { buffer_size: 'warn' }),
  levelled(metrics, { event_loop: 'warn', heap: 'ok' }),
  {
    ...mongodb,
    values: changed(mongodb, (value) =>
      value.metric === 'queue.lock' && value.type === 'value'
        ? { ...value, value: 412, level: 'bad' }
        : value.metric === 'cache.dirty' && value.type === 'value'
          ? { ...value, value: 0.121, level: 'warn' }
          : value,
    ),
  },
  targetHost,
  {
    ...levelled(host, { ports: 'ok' }),
    values: changed(host, (value) =>
      value.metric === 'retransmits' && value.type === 'value' ? { ...value, value: 41, level: 'warn' } : value,
    ),
  },
  own,
  levelled(targetProcess, { 'run.queue': 'warn', cpu: 'bad' }),
]);

export const probeStates = { whole, instances, late, levels } as const satisfies Readonly<Record<string, RunState>>;
