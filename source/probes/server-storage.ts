// WiredTiger and flow control in MongoDB's serverStatus: how full and how dirty the cache is, whether it makes the
// application's threads wait, how long checkpoints take. Pure.

import { gauge, growth, type Look, missingSection, rate, type Value } from './server-growth.ts';
import { has, part, type StatusDocument } from './status-document.ts';
import { countRow, judged, quotient, type Row, rateRow, ratioRow, sum, timeRow } from './status-row.ts';

const cache = ['wiredTiger', 'cache'] as const;

/** WiredTiger's own: threads of its own evict above the first, the application's threads have to above the second. */
const dirtyTriggers = [0.05, 0.2] as const;
const fillTriggers = [0.8, 0.95] as const;
/** Half of those for dirty data, where nobody set them. */
const updateTriggers = [0.025, 0.1] as const;

export const dirtyRow = (now: StatusDocument): Row =>
  cacheRow(now, 'cache.dirty', 'cache dirty', 'tracked dirty bytes in the cache', dirtyTriggers);

export const fillRow = (now: StatusDocument): Row =>
  cacheRow(now, 'cache.fill', 'cache fill', 'bytes currently in the cache', fillTriggers);

const cacheRow = (
  now: StatusDocument,
  metric: string,
  label: string,
  key: string,
  [warn, bad]: readonly [number, number],
): Row => {
  const value = quotient(gauge(now, ...cache, key), gauge(now, ...cache, 'maximum bytes configured'), 'no cache');
  return ratioRow(metric, label, value, judged(value, warn, bad));
};

/** The rest of the storage engine, most telling first. */
export const storageRows = (look: Look): Row[] => {
  const { now } = look;
  const evicted = evictions(look);
  const stalled = stalledThreads(look);
  const updates = cacheRow(now, 'cache.updates', 'cache updates', 'bytes allocated for updates', updateTriggers);
  const missed = quotient(
    growth(look, ...cache, 'pages read into cache'),
    growth(look, ...cache, 'pages requested from the cache'),
    'no pages requested since the last reading',
  );
  return [
    rateRow('cache.app_evictions', 'app evictions', evicted, judged(evicted, 0)),
    countRow('cache.stalled', 'threads stalled', stalled, judged(stalled, 0.5)),
    updates,
    ratioRow('cache.misses', 'cache misses', missed),
    timeRow('checkpoint', 'checkpoint', checkpointMs(now)),
  ];
};

/** Pages that the application's own threads had to evict, per second. The counter was renamed more than once. */
const evictions = (look: Look): Value => {
  const key = Object.keys(part(look.now, ...cache)).find(
    (name) => name.endsWith('pages evicted by application threads') && !name.includes('modified'),
  );
  return rate(look, ...cache, key ?? 'pages evicted by application threads');
};

const stallCounters = ['evicting', 'waiting for cache'].map((what) => `application thread time ${what} (usecs)`);

/** How many threads, on average since the look before, stood still for the cache. */
const stalledThreads = (look: Look): Value => {
  const there = stallCounters.filter((name) => has(look.now, 'wiredTiger', 'thread-yield', name));
  const names = there.length > 0 ? there : stallCounters.slice(0, 1);
  return threadsOf(look, sum(names.map((name) => growth(look, 'wiredTiger', 'thread-yield', name))));
};

/** Microseconds spent waiting since the look before as a mean number of threads that waited. */
const threadsOf = ({ dtMs }: Look, micros: Value): Value => quotient(micros, dtMs * 1000, 'needs a second reading');

/** Length of the newest checkpoint, ms. Later versions keep it in a section of its own. */
const checkpointMs = (now: StatusDocument): Value => {
  const own = gauge(now, 'wiredTiger', 'checkpoint', 'most recent time (msecs)');
  return typeof own === 'number'
    ? own
    : gauge(now, 'wiredTiger', 'transaction', 'transaction checkpoint most recent time (msecs)');
};

/** Whether this server slows its writes down for its secondaries; undefined where it does not tell. */
export const isHeldBack = (now: StatusDocument): boolean | undefined => {
  const { isLagged } = part(now, 'flowControl');
  return typeof isLagged === 'boolean' ? isLagged : undefined;
};

/** Writes that waited for flow control, and the rate it allows while it holds them back. */
export const flowControlRows = (look: Look): Row[] => {
  const { now } = look;
  const held = isHeldBack(now);
  const waits = has(now, 'flowControl')
    ? threadsOf(look, growth(look, 'flowControl', 'timeAcquiringMicros'))
    : missingSection('flowControl');
  const limit = gauge(now, 'flowControl', 'targetRateLimit');
  return [
    // Acquiring costs a little even when nothing is held back: only the state says whether that is wrong.
    countRow('flow_control.waits', 'flow ctl waits', waits, held === undefined ? undefined : held ? 'bad' : 'ok'),
    // Without lag it is a number beyond reach.
    ...(held ? [rateRow('flow_control.limit', 'flow ctl limit', limit, 'bad')] : []),
  ];
};
