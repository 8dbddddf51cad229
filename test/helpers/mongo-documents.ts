// serverStatus, replSetGetStatus and $currentOp documents of each kind of MongoDB server, made by hand after the servers'
// documentation: the fields that are read, with the differences between versions. Counters grow by known amounts a second.
import { BSON } from 'mongodb';
import type { WireDocument } from '../../source/demo/mongo-wire.ts';

export const serverKinds = ['4.4', '5.0', '6.0', '7.0', '8.0', '8.0 replica set', '8.2', 'mongos'] as const;
export type ServerKind = (typeof serverKinds)[number];

const versions: Readonly<Record<ServerKind, string>> = {
  '4.4': '4.4.29',
  '5.0': '5.0.31',
  '6.0': '6.0.20',
  '7.0': '7.0.14',
  '8.0': '8.0.4',
  '8.0 replica set': '8.0.4',
  '8.2': '8.2.1',
  mongos: '8.0.4',
};

/** What a driver is told: the wire version of each. */
export const wireVersions: Readonly<Record<ServerKind, number>> = {
  '4.4': 9,
  '5.0': 13,
  '6.0': 17,
  '7.0': 21,
  '8.0': 25,
  '8.0 replica set': 25,
  '8.2': 27,
  mongos: 25,
};

const long = (value: number): BSON.Long => BSON.Long.fromNumber(Math.round(value));

const isAtLeast = (kind: ServerKind, version: number): boolean => Number.parseFloat(versions[kind]) >= version;

/** The document of a server that has been up so many seconds. */
export const serverStatus = (kind: ServerKind, uptime: number): WireDocument => {
  const { storage, ...common } = commonSections(kind, uptime);
  if (kind === 'mongos') return { ...common, process: 'mongos', shardingStatistics: {} };
  return { ...common, ...storage, ...storageSections(kind, uptime), ...setSection(kind) };
};

const commonSections = (kind: ServerKind, s: number) => ({
  ok: 1,
  host: 'db1:27017',
  version: versions[kind],
  process: 'mongod',
  pid: long(4711),
  uptime: s,
  uptimeMillis: long(s * 1000),
  asserts: { regular: 0, warning: 0, msg: 0, user: 3 * s },
  connections: {
    current: 70,
    available: 30,
    totalCreated: 500 + 2 * s,
    active: 12,
    ...(isAtLeast(kind, 7) ? { rejected: 0 } : {}),
  },
  extra_info: { page_faults: 7 * s },
  mem: { resident: 512, bits: 64 },
  metrics: {
    cursor: { open: { total: long(40) }, timedOut: long(s) },
    document: { returned: long(200 * s) },
    operation: { scanAndOrder: long(4 * s), writeConflicts: long(5 * s) },
    queryExecutor: { scannedObjects: long(1000 * s) },
  },
  network: { bytesIn: long(1000 * s), bytesOut: long(2000 * s), numRequests: long(300 * s) },
  opcounters: { insert: 500 * s, query: 100 * s, update: 50 * s, delete: 5 * s, getmore: 2 * s, command: 20 * s },
  storage: {
    opLatencies: {
      reads: { latency: long(400_000 * s), ops: long(100 * s) },
      writes: { latency: long(5_700_000 * s), ops: long(500 * s) },
      commands: { latency: long(10_000 * s), ops: long(20 * s) },
      transactions: { latency: long(0), ops: long(0) },
    },
    opcountersRepl: { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 },
    transactions: { currentActive: long(2), currentInactive: long(1), totalAborted: long(s) },
    flowControl: {
      enabled: true,
      isLagged: false,
      targetRateLimit: 1_000_000_000,
      timeAcquiringMicros: long(250_000 * s),
    },
    globalLock: {
      currentQueue: { total: 3, readers: 1, writers: 2 },
      activeClients: { total: 9, readers: 4, writers: 5 },
    },
  },
});

const storageSections = (kind: ServerKind, s: number): WireDocument => {
  const eight = isAtLeast(kind, 8);
  return {
    wiredTiger: {
      cache: {
        'bytes currently in the cache': 700,
        'maximum bytes configured': 1000,
        'tracked dirty bytes in the cache': 61,
        ...(isAtLeast(kind, 5) ? { 'bytes allocated for updates': 20 } : {}),
        'modified pages evicted by application threads': 999 * s,
        [eight ? 'eviction pages evicted by application threads' : 'pages evicted by application threads']: 8 * s,
        'pages read into cache': 10 * s,
        'pages requested from the cache': 1000 * s,
      },
      'thread-yield': {
        'application thread time evicting (usecs)': long(100_000 * s),
        'application thread time waiting for cache (usecs)': long(150_000 * s),
      },
      ...(isAtLeast(kind, 8.2)
        ? { checkpoint: { 'most recent time (msecs)': 230 } }
        : { transaction: { 'transaction checkpoint most recent time (msecs)': 230 } }),
      ...(eight ? {} : { concurrentTransactions: oldPools(kind, s) }),
    },
    ...(eight ? { queues: newPools(kind, s) } : {}),
  };
};

/** 20 operations a second are queued, for 15 ms each. */
const queue = (s: number, queueLength: number): WireDocument => ({
  queueLength: long(queueLength),
  addedToQueue: long(20 * s),
  removedFromQueue: long(20 * s - queueLength),
  totalTimeQueuedMicros: long(300_000 * s),
});

const oldPools = (kind: ServerKind, s: number): WireDocument => ({
  read: { out: 1, available: 127, totalTickets: 128 },
  write: { out: 112, available: 16, totalTickets: 128, ...(kind === '7.0' ? { normalPriority: queue(s, 6) } : {}) },
});

const newPools = (kind: ServerKind, s: number): WireDocument => {
  const idle = { queueLength: long(0), addedToQueue: long(0), totalTimeQueuedMicros: long(0) };
  if (kind === '8.2') {
    return {
      execution: {
        prioritizationEnabled: true,
        read: { normalPriority: { out: 1, available: 9, totalTickets: 10, ...idle } },
        write: {
          normalPriority: { out: 6, available: 2, totalTickets: 8, ...queue(s, 4) },
          lowPriority: { out: 1, available: 1, totalTickets: 2, ...queue(s, 5) },
          shortRunning: { totalElapsedTimeMicros: long(s) },
        },
      },
    };
  }
  return {
    execution: {
      read: { out: 0, available: 40, totalTickets: 40, normalPriority: idle, lowPriority: idle },
      write: {
        out: 40,
        available: 0,
        totalTickets: 40,
        normalPriority: queue(s, 17),
        lowPriority: { ...idle, queueLength: long(1) },
      },
    },
    ingress: { out: 4, available: 999_996, totalTickets: 1_000_000, normalPriority: idle },
  };
};

const setSection = (kind: ServerKind): WireDocument =>
  kind === '8.0 replica set' ? { repl: { setName: 'rs0', isWritablePrimary: true, secondary: false } } : {};

/** FerretDB 1.24: no more than this. */
export const ferretStatus = (s: number): WireDocument => ({
  ok: 1,
  host: 'ferret',
  version: '7.0.42',
  process: 'ferretdb',
  pid: long(99),
  uptime: s,
  metrics: {
    commands: {
      insert: { total: long(100 * s), failed: 0 },
      find: { total: 10 * s, failed: 0 },
      getMore: { total: 0, failed: 0 },
      ...(s > 100 ? { hello: { total: 4, failed: 0 } } : {}),
    },
  },
  catalogStats: { collections: 1 },
});

export interface MemberDocument {
  readonly name: string;
  readonly state: 1 | 2 | 3 | 7 | 8;
  /** Seconds behind `at`. */
  readonly behind?: number;
}

const stateNames = {
  1: 'PRIMARY',
  2: 'SECONDARY',
  3: 'RECOVERING',
  7: 'ARBITER',
  8: '(not reachable/healthy)',
} as const;

/** The set as its first member sees it. */
export const replSetGetStatus = (members: readonly MemberDocument[], at = Date.UTC(2026, 0, 1)): WireDocument => ({
  ok: 1,
  set: 'rs0',
  date: new Date(at),
  myState: members[0]!.state,
  members: members.map(({ name, state, behind = 0 }, index) => ({
    _id: index,
    name,
    state,
    stateStr: stateNames[state],
    health: state === 8 ? 0 : 1,
    // Of a member that is down, or that keeps no data, nothing is known.
    ...(state === 7 ? {} : { optimeDate: state === 8 ? new Date(0) : new Date(at - behind * 1000) }),
    ...(index === 0 ? { self: true } : { pingMs: long(3), syncSourceHost: members[0]!.name }),
  })),
});

/** A running operation as $currentOp tells it. */
export const runningOperation = (seconds: number, more: WireDocument = {}): WireDocument => ({
  op: 'insert',
  ns: 'shop.orders',
  secs_running: long(Math.floor(seconds)),
  microsecs_running: long(seconds * 1e6),
  waitingForLock: false,
  waitingForFlowControl: false,
  client: '10.0.0.9:51000',
  appName: 'shop',
  desc: 'conn7',
  ...more,
});
