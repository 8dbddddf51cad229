// Two documents of each kind of server, and the rows read from them, by value.
import { expect, test } from 'vitest';
import type { Level, ProbeValue } from '../../source/probes/probe.ts';
import { identityNotices } from '../../source/probes/server-identity.ts';
import {
  lookAt,
  needsCommands,
  readServerStatus,
  type StatusDocument,
  serverTitle,
} from '../../source/probes/server-status.ts';
import { statusTables } from '../../source/probes/server-tables.ts';
import { ferretStatus, type ServerKind, serverKinds, serverStatus } from '../helpers/mongo-documents.ts';

/** `label: value [of limit] unit [level]` or `label: (reason)`. */
const line = (value: ProbeValue | undefined): string => {
  if (!value) return 'nothing';
  if (value.type === 'gap') return `${value.label}: (${value.reason})`;
  const level = value.level === undefined ? '' : ` ${value.level}`;
  if (value.type === 'fact') return `${value.label}: ${value.text}${level}`;
  const limit = value.limit === undefined ? '' : ` of ${value.limit}`;
  return `${value.label}: ${Number(value.value.toPrecision(6))}${limit} ${value.unit}${level}`;
};

const byRank = (values: readonly ProbeValue[]): ProbeValue[] => values.toSorted((a, b) => a.rank - b.rank);

const valuesOf = (now: StatusDocument, before?: StatusDocument, dtMs = 2000): ProbeValue[] =>
  readServerStatus(lookAt(now, before, dtMs));

/** Of two documents, 2 s apart. */
const read = (make: (uptime: number) => StatusDocument, ...labels: string[]): string[] => {
  const values = valuesOf(make(102), make(100));
  return labels.map((label) => line(values.find((value) => value.label === label)));
};

const of = (kind: ServerKind) => (uptime: number) => serverStatus(kind, uptime);

test('a 6.0 primary, all rows in their order', () => {
  const values = valuesOf(serverStatus('6.0', 102), serverStatus('6.0', 100));
  expect(byRank(values).map(line)).toEqual([
    'connections: 70 of 100 count ok',
    'ops: 677 /s',
    'inserts: 500 /s',
    'write latency: 11.4 ms ok',
    'write tickets: 112 of 128 count warn',
    'queued ops: 3 count warn',
    'cache dirty: 0.061 ratio warn',
    'cache fill: 0.7 ratio ok',
    'read latency: 4 ms ok',
    'read tickets: 1 of 128 count ok',
    'lock queue: 3 count',
    'active writers: 5 count',
    'active readers: 4 count',
    'app evictions: 8 /s warn',
    'threads stalled: 0.25 count ok',
    'cache updates: 0.02 ratio ok',
    'cache misses: 0.01 ratio',
    'checkpoint: 230 ms',
    'flow ctl waits: 0.25 count ok',
    'commands: 20 /s',
    'queries: 100 /s',
    'updates: 50 /s',
    'deletes: 5 /s',
    'getmores: 2 /s',
    'command latency: 0.5 ms ok',
    'replicated ops: 0 /s',
    'active conns: 12 count',
    'new conns: 2 /s ok',
    'scanned per result: 5 count ok',
    'unindexed sorts: 4 /s',
    'write conflicts: 5 /s ok',
    'txns active: 2 count',
    'txns inactive: 1 count ok',
    'txns aborted: 1 /s',
    'cursors open: 40 count ok',
    'cursors timed out: 1 /s',
    'net in: 1000 bytes/s',
    'net out: 2000 bytes/s',
    'net requests: 300 /s',
    'resident memory: 536871000 bytes',
    'page faults: 7 /s',
    'asserts: 0 /s ok',
    'user asserts: 3 /s',
    'version: 6.0.20',
    'flow control: not lagged ok',
    'uptime: 102 s',
    'write queue time: (this version does not tell (7.0 and later do))',
    'read queue time: (this version does not tell (7.0 and later do))',
    'writes queued: (this version does not tell (7.0 and later do))',
    'reads queued: (this version does not tell (7.0 and later do))',
    'txn latency: (no transactions since the last reading)',
    'rejected conns: (this version does not tell (6.3 and later do))',
  ]);
});

test.each(serverKinds)('%s: each row once, under a name that fits a panel', (kind) => {
  const values = valuesOf(serverStatus(kind, 102), serverStatus(kind, 100));
  expect(new Set(values.map(({ metric }) => metric)).size).toBe(values.length);
  expect(values.filter(({ label }) => label.length > 18)).toEqual([]);
  const numbers = values.filter(({ type }) => type === 'value').map(({ rank }) => rank);
  const gaps = values.filter(({ type }) => type === 'gap').map(({ rank }) => rank);
  expect(Math.max(...numbers)).toBeLessThan(Math.min(...gaps, 1000));
});

test.each<[ServerKind, string, string, string, string]>([
  [
    '4.4',
    'write tickets: 112 of 128 count warn',
    'queued ops: 3 count warn',
    '(this version does not tell (7.0 and later do))',
    '(this version does not tell (7.0 and later do))',
  ],
  [
    '5.0',
    'write tickets: 112 of 128 count warn',
    'queued ops: 3 count warn',
    '(this version does not tell (7.0 and later do))',
    '(this version does not tell (7.0 and later do))',
  ],
  ['7.0', 'write tickets: 112 of 128 count ok', 'queued ops: 6 count warn', '6 count', '15 ms warn'],
  ['8.0', 'write tickets: 40 of 40 count ok', 'queued ops: 18 count warn', '18 count', '15 ms warn'],
  ['8.2', 'write tickets: 7 of 10 count ok', 'queued ops: 9 count warn', '9 count', '15 ms warn'],
])('tickets and queue of %s', (kind, tickets, queue, queued, wait) => {
  expect(read(of(kind), 'write tickets', 'queued ops', 'writes queued', 'write queue time')).toEqual([
    tickets,
    queue,
    `writes queued: ${queued}`,
    `write queue time: ${wait}`,
  ]);
});

test('a queue in which nothing was waits for no time that could be told', () => {
  expect(read(of('8.0'), 'read queue time', 'reads queued')).toEqual([
    'read queue time: (nothing was queued since the last reading)',
    'reads queued: 0 count',
  ]);
});

test.each<[ServerKind, string, string]>([
  [
    '4.4',
    'app evictions: 8 /s warn',
    'cache updates: (no wiredTiger.cache.bytes allocated for updates in its serverStatus)',
  ],
  ['8.0', 'app evictions: 8 /s warn', 'cache updates: 0.02 ratio ok'],
  ['8.2', 'app evictions: 8 /s warn', 'cache updates: 0.02 ratio ok'],
])('the cache of %s, whatever its counters are called', (kind, evictions, updates) => {
  expect(read(of(kind), 'app evictions', 'cache updates', 'checkpoint')).toEqual([
    evictions,
    updates,
    'checkpoint: 230 ms',
  ]);
});

/** A document with one number in another place. */
const withNumber = (document: StatusDocument, path: readonly string[], value: unknown): StatusDocument => {
  const [key, ...rest] = path as [string, ...string[]];
  const inner = document[key] as StatusDocument;
  return { ...document, [key]: rest.length === 0 ? value : withNumber(inner, rest, value) };
};

const cache = (name: string) => ['wiredTiger', 'cache', name];

test.each<[string, readonly string[], readonly (readonly [number, Level])[]]>([
  [
    'connections.current',
    ['connections', 'current'],
    [
      [120, 'ok'],
      [121, 'warn'],
      [270, 'warn'],
      [271, 'bad'],
    ],
  ],
  [
    'cache.dirty',
    cache('tracked dirty bytes in the cache'),
    [
      [50, 'ok'],
      [51, 'warn'],
      [200, 'warn'],
      [201, 'bad'],
    ],
  ],
  [
    'cache.fill',
    cache('bytes currently in the cache'),
    [
      [800, 'ok'],
      [801, 'warn'],
      [950, 'warn'],
      [951, 'bad'],
    ],
  ],
  [
    'cache.updates',
    cache('bytes allocated for updates'),
    [
      [25, 'ok'],
      [26, 'warn'],
      [100, 'warn'],
      [101, 'bad'],
    ],
  ],
  [
    'queue',
    ['globalLock', 'currentQueue', 'total'],
    [
      [0, 'ok'],
      [1, 'warn'],
      [100, 'warn'],
      [101, 'bad'],
    ],
  ],
  [
    'transactions.inactive',
    ['transactions', 'currentInactive'],
    [
      [5, 'ok'],
      [6, 'warn'],
      [20, 'warn'],
      [21, 'bad'],
    ],
  ],
  [
    'cursors.open',
    ['metrics', 'cursor', 'open', 'total'],
    [
      [10_000, 'ok'],
      [10_001, 'warn'],
    ],
  ],
  [
    'latency.writes',
    ['opLatencies', 'writes', 'latency'],
    [
      [570_000_000 + 20e6, 'ok'],
      [570_000_000 + 20.1e6, 'warn'],
      [570_000_000 + 100.1e6, 'bad'],
    ],
  ],
  [
    'connections.created',
    ['connections', 'totalCreated'],
    [
      [710, 'ok'],
      [711, 'warn'],
    ],
  ],
  [
    'operations.conflicts',
    ['metrics', 'operation', 'writeConflicts'],
    [
      [520, 'ok'],
      [521, 'warn'],
      [701, 'bad'],
    ],
  ],
  [
    'queries.scan_ratio',
    ['metrics', 'queryExecutor', 'scannedObjects'],
    [
      [104_000, 'ok'],
      [104_001, 'warn'],
      [140_001, 'bad'],
    ],
  ],
  [
    'cache.app_evictions',
    cache('pages evicted by application threads'),
    [
      [800, 'ok'],
      [801, 'warn'],
    ],
  ],
  [
    'cache.stalled',
    ['wiredTiger', 'thread-yield', 'application thread time evicting (usecs)'],
    [
      [10_700_000, 'ok'],
      [10_700_001, 'warn'],
    ],
  ],
  [
    'asserts',
    ['asserts', 'regular'],
    [
      [0, 'ok'],
      [1, 'warn'],
    ],
  ],
])('%s: where it is worth a look, and where it is wrong', (metric, path, expected) => {
  for (const [value, level] of expected) {
    const now = withNumber(serverStatus('6.0', 102), path, value);
    // A thousand operations more than before make a latency's mean easy to see.
    const counted = metric === 'latency.writes' ? withNumber(now, ['opLatencies', 'writes', 'ops'], 51_000) : now;
    const found = valuesOf(counted, withNumber(serverStatus('6.0', 100), ['connections', 'totalCreated'], 700)).find(
      (row) => row.metric === metric,
    );
    expect([value, found], metric).toEqual([value, expect.objectContaining({ type: 'value', level })]);
  }
});

test('rejected connections are wrong at once, where the version tells', () => {
  const now = withNumber(serverStatus('8.0', 102), ['connections', 'rejected'], 4);
  expect(line(valuesOf(now, serverStatus('8.0', 100)).find(({ label }) => label === 'rejected conns'))).toBe(
    'rejected conns: 2 /s bad',
  );
});

test('before 7.0 no free ticket is an alarm, from 7.0 on it is none', () => {
  const full = (kind: ServerKind) =>
    withNumber(serverStatus(kind, 1), ['wiredTiger', 'concurrentTransactions', 'write'], {
      out: 128,
      available: 0,
      totalTickets: 128,
    });
  const tickets = (document: StatusDocument) => line(valuesOf(document).find(({ label }) => label === 'write tickets'));
  expect([tickets(full('6.0')), tickets(full('7.0'))]).toEqual([
    'write tickets: 128 of 128 count bad',
    'write tickets: 128 of 128 count ok',
  ]);
});

test('a queue of one instant is no warning', () => {
  const empty = withNumber(serverStatus('6.0', 100), ['globalLock', 'currentQueue', 'total'], 0);
  expect(line(valuesOf(serverStatus('6.0', 102), empty).find(({ metric }) => metric === 'queue'))).toBe(
    'queued ops: 3 count ok',
  );
});

test('flow control that holds writes back comes first, with the rate it allows', () => {
  const held = withNumber(
    withNumber(serverStatus('8.0 replica set', 102), ['flowControl', 'isLagged'], true),
    ['flowControl', 'targetRateLimit'],
    850,
  );
  const values = byRank(valuesOf(held, serverStatus('8.0 replica set', 100)));
  expect(values.slice(0, 2).map(line)).toContain('flow control: holds writes back: secondaries lag bad');
  expect(values.map(line)).toEqual(
    expect.arrayContaining(['flow ctl limit: 850 /s bad', 'flow ctl waits: 0.25 count bad']),
  );
});

test('the kind of operation that there is most of stands beside the sum', () => {
  const queries = withNumber(serverStatus('8.0', 102), ['opcounters', 'query'], 20_000);
  const lines = byRank(valuesOf(queries, serverStatus('8.0', 100))).map(line);
  expect(lines.slice(1, 3)).toEqual(['ops: 5577 /s', 'queries: 5000 /s']);
  expect(lines).toContain('inserts: 500 /s');
});

test('mongos: what it has, why the rest is missing, and where to find it', () => {
  expect(
    read(
      of('mongos'),
      'connections',
      'inserts',
      'write latency',
      'write tickets',
      'queued ops',
      'cache dirty',
      'storage',
    ),
  ).toEqual([
    'connections: 70 of 100 count ok',
    'inserts: 500 /s',
    'write latency: (no opLatencies section in its serverStatus)',
    'write tickets: (no wiredTiger section in its serverStatus)',
    'queued ops: (no globalLock section in its serverStatus)',
    'cache dirty: (no wiredTiger section in its serverStatus)',
    "storage: told by the shards: --mongo with a shard's primary",
  ]);
  expect(serverTitle(serverStatus('mongos', 1))).toBe('8.0.4  mongos  up 1 s');
});

test('FerretDB: operations from metrics.commands, all else with its reason', () => {
  expect(read(ferretStatus, 'connections', 'ops', 'inserts', 'queries', 'commands', 'net in', 'version')).toEqual([
    'connections: (no connections section in its serverStatus)',
    'ops: 112 /s',
    'inserts: 100 /s',
    'queries: 10 /s',
    'commands: 2 /s',
    'net in: (no network section in its serverStatus)',
    'version: 7.0.42',
  ]);
  expect([needsCommands(ferretStatus(1)), needsCommands(serverStatus('8.0', 1))]).toEqual([true, false]);
  const gaps = valuesOf(ferretStatus(102), ferretStatus(100)).filter(({ type }) => type === 'gap');
  expect(gaps.filter((gap) => gap.type === 'gap' && !gap.reason.startsWith('no '))).toEqual([]);
  expect(gaps.length).toBeGreaterThan(25);
});

test('a server without opcounters whose commands were not asked for says so', () => {
  const { metrics: _, ...bare } = ferretStatus(1);
  const operations = (values: ProbeValue[]) => line(values.find(({ metric }) => metric === 'operations'));
  expect(operations(valuesOf(bare, bare))).toBe(
    'ops: (no opcounters section in its serverStatus, and no metrics.commands)',
  );
  // The section appears with the next document: its totals are no growth.
  expect(operations(valuesOf(ferretStatus(2), bare))).toBe('ops: (needs a second reading)');
});

test('the first document gives states, and says that rates need a second one', () => {
  const lines = valuesOf(serverStatus('8.0', 100)).map(line);
  expect(lines).toEqual(
    expect.arrayContaining([
      'connections: 70 of 100 count ok',
      'inserts: (needs a second reading)',
      'write latency: (needs a second reading)',
      'threads stalled: (needs a second reading)',
    ]),
  );
});

test.each([
  ['its uptime went back', serverStatus('8.0', 2)],
  ['it is another process', { ...serverStatus('8.0', 5002), pid: 12, opcounters: serverStatus('8.0', 2).opcounters }],
])('after a restart counters count from 0: %s', (_, now) => {
  const lines = valuesOf(now, serverStatus('8.0', 5000)).map(line);
  expect(lines).toContain('inserts: 500 /s');
  expect(identityNotices(serverStatus('8.0', 5000), now)).toEqual([
    { what: 'restart', level: 'warn', text: 'restarted, was up 1h 23m' },
  ]);
});

test('a change of role and another server are told, the same server is not', () => {
  const primary = serverStatus('8.0 replica set', 10);
  const secondary = { ...primary, repl: { setName: 'rs0', secondary: true } };
  expect(identityNotices(primary, secondary)).toEqual([
    { what: 'change', level: 'warn', text: 'is rs0 secondary now, was rs0 primary' },
  ]);
  expect(identityNotices(primary, { ...secondary, host: 'db2:27017' })).toEqual([
    { what: 'change', level: 'warn', text: 'another server answers: db2:27017 (rs0 secondary), was db1:27017' },
  ]);
  expect(identityNotices(primary, serverStatus('8.0 replica set', 11))).toEqual([]);
  expect(identityNotices(undefined, primary)).toEqual([]);
});

test.each([
  ['mongod', '8.0.4  rs0 primary  up 1 s'],
  ['/usr/bin/mongod', '8.0.4  rs0 primary  up 1 s'],
  ['C:\\mongo\\mongod.exe', '8.0.4  rs0 primary  up 1 s'],
  ['simulated mongod', '8.0.4  rs0 primary  simulated'],
  ['ferretdb', '8.0.4  rs0 primary  ferretdb'],
])('a process named %s is called %s', (name, title) => {
  expect(serverTitle({ ...serverStatus('8.0 replica set', 1), process: name })).toBe(title);
});

test('a secondary, and a title without control characters', () => {
  const document = {
    ...serverStatus('8.0', 1),
    version: '8\u001b[2J',
    repl: { setName: 'rs0\u0007', secondary: true },
  };
  expect(serverTitle(document)).toBe('8 [2J  rs0 secondary  up 1 s');
  expect(JSON.stringify(valuesOf(document))).not.toMatch(/\\u00[01]/);
});

test('the tables: operations by kind with their share, latencies with the tickets behind them', () => {
  const [operations, latencies] = statusTables(lookAt(serverStatus('8.0', 102), serverStatus('8.0', 100), 2000));
  expect(operations?.rows[0]).toEqual(['insert', 500, expect.closeTo(500 / 677), 0]);
  expect(latencies?.rows).toEqual([
    ['reads', 100, { value: 4, level: 'ok' }, { value: 0, limit: 40 }, 0, undefined],
    ['writes', 500, { value: 11.4, level: 'ok' }, { value: 40, limit: 40 }, 18, 15],
    ['commands', 20, { value: 0.5, level: 'ok' }, undefined, undefined, undefined],
    ['transactions', 0, undefined, undefined, undefined, undefined],
  ]);
  for (const { columns, rows } of statusTables(lookAt({}, undefined, 0))) {
    for (const row of rows) expect(row).toHaveLength(columns.length);
  }
});

test.each([
  ['an empty document', {}],
  [
    'sections of the wrong type',
    { connections: 5, opcounters: null, wiredTiger: 'x', queues: [], network: { bytesIn: 'y' }, flowControl: 7 },
  ],
  ['numbers that are none', { connections: { current: Number.NaN, available: {} } }],
])('%s gives gaps, no zeroes and no exception', (_, document) => {
  const values = valuesOf(document, document);
  expect(values.filter(({ type }) => type === 'value')).toEqual([]);
  expect(values.length).toBeGreaterThan(30);
});
