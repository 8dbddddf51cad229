// Two documents of each kind of server, and the rows read from them. The documents are made by hand after the servers'
// documentation: only the fields that are read, with the differences between versions.
import { BSON } from 'mongodb';
import { expect, test } from 'vitest';
import type { ProbeValue } from '../../source/probes/probe.ts';
import {
  needsCommands,
  readServerStatus,
  type StatusDocument,
  serverTitle,
} from '../../source/probes/server-status.ts';

const common = (uptime: number): StatusDocument => ({
  host: 'db1:27017',
  process: 'mongod',
  uptime,
  uptimeMillis: uptime * 1000,
  connections: { current: 98, available: 2, active: 12, totalCreated: 500 + uptime },
  network: { bytesIn: 1000 * uptime, bytesOut: BSON.Long.fromNumber(2000 * uptime), numRequests: uptime },
  opcounters: {
    insert: 504_000 * uptime,
    query: 10 * uptime,
    update: 0,
    delete: 0,
    getmore: uptime,
    command: 5 * uptime,
  },
  opLatencies: {
    reads: { latency: BSON.Long.fromNumber(2_000_000), ops: BSON.Long.fromNumber(1000) },
    writes: { latency: 1_140_000 * uptime, ops: 100 * uptime },
  },
  globalLock: { currentQueue: { total: 3, readers: 1, writers: 2 } },
});

const cache = {
  'bytes currently in the cache': 800,
  'maximum bytes configured': 1000,
  'tracked dirty bytes in the cache': 61,
};

const before8 = (version: string, uptime: number): StatusDocument => ({
  ...common(uptime),
  version,
  repl: { setName: 'rs0', ismaster: true, secondary: false },
  wiredTiger: {
    cache,
    concurrentTransactions: {
      read: { out: 1, available: 127, totalTickets: 128 },
      write: { out: 112, available: 16, totalTickets: 128 },
    },
  },
});

const v8 = (uptime: number): StatusDocument => ({
  ...common(uptime),
  version: '8.0.4',
  repl: { setName: 'rs0', isWritablePrimary: true, secondary: false },
  wiredTiger: { cache },
  queues: {
    execution: {
      read: { out: 0, available: 40, totalTickets: 40, normalPriority: { queueLength: 0 } },
      write: {
        out: 40,
        available: 0,
        totalTickets: 40,
        normalPriority: { queueLength: 17 },
        lowPriority: { queueLength: 1 },
      },
    },
  },
});

const v82 = (uptime: number): StatusDocument => ({
  ...v8(uptime),
  version: '8.2.1',
  queues: {
    execution: {
      read: { normalPriority: { out: 1, available: 9, totalTickets: 10, queueLength: 0 } },
      write: {
        normalPriority: { out: 6, available: 2, totalTickets: 8, queueLength: 4 },
        lowPriority: { out: 1, available: 1, totalTickets: 2, queueLength: 5 },
      },
    },
  },
});

const mongos = (uptime: number): StatusDocument => {
  const { globalLock: _, opLatencies: __, ...rest } = common(uptime);
  return { ...rest, version: '8.0.4', process: 'mongos', shardingStatistics: {} };
};

const ferret = (uptime: number): StatusDocument => ({
  host: 'ferret',
  version: '7.0.42',
  process: 'ferretdb',
  uptime,
  metrics: {
    commands: {
      insert: { total: BSON.Long.fromNumber(100 * uptime), failed: 0 },
      find: { total: 10 * uptime, failed: 0 },
      getMore: { total: 0, failed: 0 },
      ...(uptime > 100 ? { hello: { total: 4, failed: 0 } } : {}),
    },
  },
  catalogStats: { collections: 1 },
});

/** `label: value [of limit] unit` or `label: (reason)`. */
const line = (value: ProbeValue | undefined): string => {
  if (!value) return 'nothing';
  if (value.type === 'gap') return `${value.label}: (${value.reason})`;
  if (value.type === 'fact') return `${value.label}: ${value.text}`;
  const limit = value.limit === undefined ? '' : ` of ${value.limit}`;
  return `${value.label}: ${Number(value.value.toPrecision(6))}${limit} ${value.unit}`;
};

const read = (make: (uptime: number) => StatusDocument, ...labels: string[]): string[] => {
  const values = readServerStatus(make(102), make(100), 2000);
  return labels.map((label) => line(values.find((value) => value.label === label)));
};

test('a 6.0 primary, all rows in their order', () => {
  const values = readServerStatus(before8('6.0.20', 102), before8('6.0.20', 100), 2000);
  expect(values.map(line)).toEqual([
    'connections: 98 of 100 count',
    'ops: 504016 /s',
    'inserts: 504000 /s',
    'commands: 5 /s',
    'write latency: 11.4 ms',
    'write tickets: 112 of 128 count',
    'queued ops: 3 count',
    'cache dirty: 0.061 ratio',
    'cache fill: 0.8 ratio',
    'read latency: (no reads since the last reading)',
    'queries: 10 /s',
    'updates: 0 /s',
    'deletes: 0 /s',
    'getmores: 1 /s',
    'read tickets: 1 of 128 count',
    'active conns: 12 count',
    'new conns: 1 /s',
    'net in: 1000 bytes/s',
    'net out: 2000 bytes/s',
    'version: 6.0.20',
    'role: rs0 primary',
    'uptime: 102 s',
  ]);
  expect(new Set(values.map(({ metric }) => metric)).size).toBe(values.length);
  expect(values.every(({ label }) => label.length <= 18)).toBe(true);
});

test.each([
  ['4.4', (uptime: number) => before8('4.4.29', uptime), 'write tickets: 112 of 128 count', 'queued ops: 3 count'],
  ['7.0', (uptime: number) => before8('7.0.14', uptime), 'write tickets: 112 of 128 count', 'queued ops: 3 count'],
  ['8.0', v8, 'write tickets: 40 of 40 count', 'queued ops: 18 count'],
  ['8.2', v82, 'write tickets: 7 of 10 count', 'queued ops: 9 count'],
])('tickets and queue of %s', (_, make, tickets, queue) => {
  expect(read(make, 'write tickets', 'queued ops')).toEqual([tickets, queue]);
});

test('mongos: what it has, and why the rest is missing', () => {
  expect(read(mongos, 'connections', 'inserts', 'write latency', 'write tickets', 'queued ops', 'cache dirty')).toEqual(
    [
      'connections: 98 of 100 count',
      'inserts: 504000 /s',
      'write latency: (no opLatencies section in its serverStatus)',
      'write tickets: (no wiredTiger section in its serverStatus)',
      'queued ops: (no globalLock section in its serverStatus)',
      'cache dirty: (no wiredTiger section in its serverStatus)',
    ],
  );
  expect(serverTitle(mongos(1))).toBe('8.0.4  mongos  up 1 s');
});

test('FerretDB: operations from metrics.commands, all else with its reason', () => {
  expect(read(ferret, 'connections', 'ops', 'inserts', 'queries', 'commands', 'net in', 'version')).toEqual([
    'connections: (no connections section in its serverStatus)',
    'ops: 112 /s',
    'inserts: 100 /s',
    'queries: 10 /s',
    'commands: 2 /s',
    'net in: (no network section in its serverStatus)',
    'version: 7.0.42',
  ]);
  expect([needsCommands(ferret(1)), needsCommands(v8(1))]).toEqual([true, false]);
});

test('a server without opcounters whose commands were not asked for says so', () => {
  const { metrics: _, ...bare } = ferret(1);
  const values = readServerStatus(bare, bare, 1000);
  expect(line(values.find(({ metric }) => metric === 'operations'))).toBe(
    'ops: (no opcounters section in its serverStatus, and no metrics.commands)',
  );
  // The section appears with the next document: its totals are no growth.
  expect(line(readServerStatus(ferret(2), bare, 1000).find(({ metric }) => metric === 'operations'))).toBe(
    'ops: (needs a second reading)',
  );
});

test('the first document gives states, and says that rates need a second one', () => {
  const values = readServerStatus(v8(100), undefined, 0);
  const lines = values.map(line);
  expect(lines).toContain('connections: 98 of 100 count');
  expect(lines).toContain('inserts: (needs a second reading)');
  expect(lines).toContain('write latency: (needs a second reading)');
});

test('after a restart counters count from 0', () => {
  const values = readServerStatus(v8(2), v8(5000), 2000);
  expect(values.map(line)).toEqual(expect.arrayContaining(['inserts: 504000 /s', 'net out: 2000 bytes/s']));
});

test('a secondary, and a title without control characters', () => {
  const document = { ...v8(1), version: '8\u001b[2J', repl: { setName: 'rs0\u0007', secondary: true } };
  expect(serverTitle(document)).toBe('8 [2J  rs0 secondary  up 1 s');
  expect(JSON.stringify(readServerStatus(document, undefined, 0))).not.toMatch(/\\u00[01]/);
});

test.each([
  ['an empty document', {}],
  [
    'sections of the wrong type',
    { connections: 5, opcounters: null, wiredTiger: 'x', queues: [], network: { bytesIn: 'y' } },
  ],
  ['numbers that are none', { connections: { current: Number.NaN, available: {} } }],
])('%s gives gaps, no zeroes and no exception', (_, document) => {
  const values = readServerStatus(document, document, 1000);
  expect(values.filter(({ type }) => type === 'value')).toEqual([]);
  expect(values.length).toBeGreaterThan(10);
});
