// The documents in which the demo's simulated mongod tells how it is: serverStatus, replSetGetStatus and the running
// operations of an 8.0 primary, made from its model's figures. `process` says what it is.
import type { WireDocument, WireTraffic } from './mongo-wire.ts';
import type { StoreFigures } from './store-model.ts';

export const simulatedVersion = '8.0.4';
export const setName = 'rs0';
const tickets = 16;
const mostConnections = 200;
const events = 'loadtop_demo.events';

/** What the documents are made of. */
export interface Simulated {
  /** `127.0.0.1:41234` */
  readonly host: string;
  readonly store: StoreFigures;
  readonly traffic: WireTraffic;
  /** Commands that are no writes, so far. */
  readonly commands: number;
}

export const serverStatus = ({ host, store, traffic, commands }: Simulated): WireDocument => ({
  host,
  version: simulatedVersion,
  process: 'simulated mongod',
  pid: process.pid,
  uptime: Math.floor(store.seconds),
  uptimeMillis: Math.floor(store.seconds * 1000),
  localTime: new Date(),
  asserts: { regular: 0, warning: 0, msg: 0, user: 0, rollovers: 0 },
  connections: {
    current: traffic.open,
    available: Math.max(0, mostConnections - traffic.open),
    totalCreated: traffic.created,
    rejected: 0,
    active: running(store) + 1,
  },
  extra_info: { page_faults: 0 },
  flowControl: { enabled: true, targetRateLimit: 1_000_000_000, timeAcquiringMicros: 0, isLagged: false },
  globalLock: {
    currentQueue: { total: store.queue, readers: 0, writers: store.queue },
    activeClients: { total: running(store), readers: 0, writers: running(store) },
  },
  mem: { resident: Math.round((store.heldBytes + 90 * mebibyte) / mebibyte), bits: 64 },
  metrics: {
    cursor: { timedOut: 0, open: { total: 0 } },
    document: { inserted: store.documents, returned: 0, updated: 0, deleted: 0 },
    operation: { scanAndOrder: 0, writeConflicts: 0 },
    queryExecutor: { scanned: 0, scannedObjects: 0 },
  },
  network: { bytesIn: traffic.bytesIn, bytesOut: traffic.bytesOut, numRequests: traffic.requests },
  opLatencies: {
    reads: { latency: 0, ops: 0 },
    writes: { latency: store.writeMicros, ops: store.batches },
    commands: { latency: commands * 180, ops: commands },
    transactions: { latency: 0, ops: 0 },
  },
  opcounters: { insert: store.documents, query: 0, update: 0, delete: 0, getmore: 0, command: commands },
  opcountersRepl: { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 },
  queues: {
    execution: { read: pool(0, 0, 0, 0), write: pool(running(store), store.queue, store.queued, store.queuedMicros) },
  },
  repl: { setName, isWritablePrimary: true, secondary: false, hosts: [host], primary: host, me: host },
  transactions: { currentActive: 0, currentInactive: 0, totalAborted: 0, totalCommitted: 0 },
  wiredTiger: wiredTiger(store),
  ok: 1,
});

const mebibyte = 1024 * 1024;

/** Writes that hold a ticket. */
const running = ({ load, queue }: StoreFigures): number => (queue > 0 ? tickets : Math.round(load * tickets));

const pool = (out: number, queueLength: number, addedToQueue: number, totalTimeQueuedMicros: number): WireDocument => ({
  out,
  available: tickets - out,
  totalTickets: tickets,
  normalPriority: { queueLength, addedToQueue, removedFromQueue: addedToQueue - queueLength, totalTimeQueuedMicros },
  lowPriority: { queueLength: 0, addedToQueue: 0, removedFromQueue: 0, totalTimeQueuedMicros: 0 },
});

const wiredTiger = (store: StoreFigures): WireDocument => ({
  cache: {
    'bytes currently in the cache': store.heldBytes,
    'maximum bytes configured': store.cacheBytes,
    'tracked dirty bytes in the cache': store.dirtyBytes,
    'bytes allocated for updates': Math.floor(store.dirtyBytes * 0.2),
    'eviction pages evicted by application threads': store.appEvictions,
    'pages read into cache': 120,
    'pages requested from the cache': 4000 + store.documents * 3,
  },
  'thread-yield': {
    'application thread time evicting (usecs)': store.appEvictions * 100,
    'application thread time waiting for cache (usecs)': 0,
  },
  transaction: { 'transaction checkpoint most recent time (msecs)': store.checkpointMs },
});

/** One secondary, hidden: a driver would look for a member that the set's hello names. */
export const replSetGetStatus = ({ host, store }: Simulated): WireDocument => {
  const now = Date.now();
  // The real ones have whole seconds too.
  const wholeSecond = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000);
  const member = (name: string, state: number, stateStr: string, behindMs: number): WireDocument => ({
    name,
    health: 1,
    state,
    stateStr,
    uptime: Math.floor(store.seconds),
    optimeDate: wholeSecond(now - behindMs),
  });
  return {
    set: setName,
    date: new Date(now),
    myState: 1,
    members: [
      { _id: 0, ...member(host, 1, 'PRIMARY', 0), self: true },
      {
        _id: 1,
        ...member('simulated-secondary:27017', 2, 'SECONDARY', store.lagSeconds * 1000),
        pingMs: 1,
        syncSourceHost: host,
      },
    ],
    ok: 1,
  };
};

const mostOperations = 12;

/** What runs when it is busy, longest first: inserts, of which some wait for a ticket, or for a checkpoint. */
export const currentOperations = ({ host, store, traffic }: Simulated): WireDocument[] => {
  if (store.load < 0.3) return [];
  const queue = Math.min(store.queue, mostOperations / 2);
  const count = Math.min(mostOperations, Math.round(store.load * 4) + queue);
  return Array.from({ length: count }, (_, index) => {
    // A checkpoint under full load holds up the two that came first.
    const held = store.checkpointFor !== undefined && store.load > 0.9 && index < 2;
    const micros = Math.round(held ? store.checkpointFor! * 1e6 : (store.writeMs * 1000) / (index + 1));
    const waits = index < queue;
    return {
      type: 'op',
      host,
      desc: `conn${(index % Math.max(1, traffic.open)) + 1}`,
      client: `127.0.0.1:${50_000 + index}`,
      appName: 'loadtop-demo',
      active: true,
      opid: store.batches + index,
      op: 'insert',
      ns: events,
      secs_running: Math.floor(micros / 1e6),
      microsecs_running: micros,
      waitingForLock: false,
      waitingForFlowControl: false,
      ...(waits ? { currentQueue: { name: 'execution', timeQueuedMicros: micros } } : {}),
    };
  });
};
