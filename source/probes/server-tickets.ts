// Tickets and queues in MongoDB's serverStatus: how many operations may run in the storage engine at once, how many do, and
// how many wait how long. Pure. From 8.0 on `queues.execution` has them, before that `wiredTiger.concurrentTransactions`.

import type { Level } from './probe.ts';
import { gauge, growth, type Look, missingIn, missingSection, type Value } from './server-growth.ts';
import { has, number, type StatusDocument, text } from './status-document.ts';
import { countRow, judged, quotient, type Row, timeRow } from './status-row.ts';

export type TicketKind = 'read' | 'write';

const kinds: readonly TicketKind[] = ['read', 'write'];

/** The state of one kind of ticket. */
export interface Tickets {
  readonly out: number;
  readonly total: number | undefined;
  readonly queued: number | undefined;
}

const placesOf = (kind: TicketKind): readonly string[][] => [
  ['queues', 'execution', kind],
  ['wiredTiger', 'concurrentTransactions', kind],
];

/** Where this server tells of its tickets, if anywhere. */
const placeOf = (now: StatusDocument, kind: TicketKind): readonly string[] | undefined =>
  placesOf(kind).find((place) => pooled(now, place, 'out') !== undefined);

/** The tickets of a kind, or undefined where the server does not tell. */
export const ticketsOf = (now: StatusDocument, kind: TicketKind): Tickets | undefined => {
  const place = placeOf(now, kind);
  const out = place && pooled(now, place, 'out');
  if (place === undefined || out === undefined) return undefined;
  const free = pooled(now, place, 'available');
  const total = pooled(now, place, 'totalTickets') ?? (free === undefined ? undefined : out + free);
  return { out, total, queued: pooled(now, place, 'queueLength') };
};

/** Tickets in use, of how many. */
export const ticketRow = (now: StatusDocument, kind: TicketKind): Row => {
  const tickets = ticketsOf(now, kind);
  if (!tickets) return countRow(`tickets.${kind}`, `${kind} tickets`, noTickets(now, kind));
  const { out, total } = tickets;
  return { ...countRow(`tickets.${kind}`, `${kind} tickets`, out, ticketLevel(now, out, total)), limit: total };
};

const noTickets = (now: StatusDocument, kind: TicketKind): string =>
  has(now, 'wiredTiger') ? missingSection('queues.execution', kind) : missingSection('wiredTiger');

/**
 * From 7.0 on the server sizes its pools itself, and a small pool in full use may be just right: whether operations wait
 * says the queue. Before, 128 tickets were fixed: none left is a stop, fewer than 30 left a warning.
 */
const ticketLevel = (now: StatusDocument, out: number, total: number | undefined): Level | undefined => {
  const major = Number.parseInt(text(now, 'version') ?? '', 10);
  if (has(now, 'queues', 'execution') || major >= 7) return 'ok';
  if (Number.isNaN(major) || total === undefined) return undefined;
  const free = total - out;
  if (free <= 0) return 'bad';
  return free < 30 ? 'warn' : 'ok';
};

/**
 * A number of a ticket pool. What is not told of the whole is told by priority: of operations (7.0 on; all of it from
 * 8.2 on), or by how long they have been running.
 */
const pooled = (now: StatusDocument, place: readonly string[], key: string): number | undefined => {
  const whole = number(now, ...place, key);
  if (whole !== undefined) return whole;
  for (const priorities of [
    ['normalPriority', 'lowPriority'],
    ['shortRunning', 'longRunning'],
  ]) {
    const parts = priorities
      .map((priority) => number(now, ...place, priority, key))
      .filter((value) => value !== undefined);
    if (parts.length > 0) return parts.reduce((all, value) => all + value, 0);
  }
  return undefined;
};

/** Operations that wait: for a ticket where the server tells (7.0 on), for a lock elsewhere. */
export const queueRow = (look: Look): Row => {
  const value = waiting(look.now);
  if (typeof value === 'string') return countRow('queue', 'queued ops', value);
  const before = look.before && waiting(look.before);
  // One that waits for an instant is nothing; a queue that was there a second ago as well is one that stays.
  const stays = value > 0 && typeof before === 'number' && before > 0;
  return countRow('queue', 'queued ops', value, value > 100 ? 'bad' : stays ? 'warn' : 'ok');
};

const waiting = (now: StatusDocument): Value => {
  const tickets = kinds.map((kind) => queueLength(now, kind)).filter((value) => value !== undefined);
  const locks = number(now, 'globalLock', 'currentQueue', 'total');
  if (tickets.length === 0 && locks === undefined) return missingIn(now, ['globalLock', 'currentQueue', 'total']);
  // Who waits for a ticket is in the lock queue's count too: the larger of the two, not their sum.
  return Math.max(
    tickets.reduce((all, value) => all + value, 0),
    locks ?? 0,
  );
};

const queueLength = (now: StatusDocument, kind: TicketKind): number | undefined => {
  const place = placesOf(kind).find((candidate) => pooled(now, candidate, 'queueLength') !== undefined);
  return place && pooled(now, place, 'queueLength');
};

/** What is behind the queue: its parts and how long operations waited in it. */
export const queueRows = (look: Look): Row[] => {
  const { now } = look;
  const ingress = pooled(now, ['queues', 'ingress'], 'queueLength');
  return [
    waitRow(look, 'write'),
    waitRow(look, 'read'),
    lengthRow(now, 'write'),
    lengthRow(now, 'read'),
    countRow('lock.queue', 'lock queue', gauge(now, 'globalLock', 'currentQueue', 'total')),
    countRow('lock.writers', 'active writers', gauge(now, 'globalLock', 'activeClients', 'writers')),
    countRow('lock.readers', 'active readers', gauge(now, 'globalLock', 'activeClients', 'readers')),
    ...(ingress === undefined ? [] : [countRow('ingress.queue', 'ingress queue', ingress, judged(ingress, 0))]),
  ];
};

const lengthRow = (now: StatusDocument, kind: TicketKind): Row => {
  const value = queueLength(now, kind);
  return countRow(`tickets.${kind}.queue`, `${kind}s queued`, value ?? untold(now, kind));
};

const waitRow = (look: Look, kind: TicketKind): Row => {
  const value = meanWaitMs(look, kind);
  return timeRow(`tickets.${kind}.wait`, `${kind} queue time`, value, judged(value, 10, 100));
};

/** Mean time in the queue of the operations that came into it since the look before, ms. */
export const meanWaitMs = (look: Look, kind: TicketKind): Value => {
  const place = placesOf(kind).find((candidate) => pooled(look.now, candidate, 'totalTimeQueuedMicros') !== undefined);
  if (!place) return untold(look.now, kind);
  const micros = pooledGrowth(look, place, 'totalTimeQueuedMicros');
  const mean = quotient(micros, pooledGrowth(look, place, 'addedToQueue'), 'nothing was queued since the last reading');
  return typeof mean === 'number' ? mean / 1000 : mean;
};

const untold = (now: StatusDocument, kind: TicketKind): string =>
  placeOf(now, kind) ? 'this version does not tell (7.0 and later do)' : noTickets(now, kind);

/** Growth of a number that may be the sum of several. */
const pooledGrowth = ({ now, before, ...look }: Look, place: readonly string[], key: string): Value => {
  const flat = (document: StatusDocument): StatusDocument => ({ value: pooled(document, place, key) });
  return growth({ ...look, now: flat(now), before: before && flat(before) }, 'value');
};
