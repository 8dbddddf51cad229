// Reads MongoDB's serverStatus, two in a row, into readings. Pure. Servers differ in what they have (mongos, FerretDB,
// each version): what is not there is a gap with its reason, never a zero. Asking is mongodb.ts.

import { safeText } from '../common/safe-text.ts';
import { formatLength } from '../common/units.ts';
import type { MetricUnit, ProbeValue } from './probe.ts';
import {
  gauge,
  growth,
  type Look,
  missingIn,
  missingSection,
  type OperationRates,
  operationRates,
  rate,
  type Value,
} from './server-growth.ts';
import { has, number, part, type StatusDocument, text } from './status-document.ts';

export type { StatusDocument } from './status-document.ts';

/** A row: its name, and the number or why there is none. */
interface Row {
  readonly metric: string;
  readonly label: string;
  readonly unit: MetricUnit;
  readonly kind: 'gauge' | 'rate';
  readonly value: Value;
  readonly limit?: number | undefined;
}

/**
 * What two serverStatus documents say, most important first.
 * @param before the document before, of the same server; undefined at the first look
 * @param dtMs time between the two, ms
 */
export const readServerStatus = (
  now: StatusDocument,
  before: StatusDocument | undefined,
  dtMs: number,
): ProbeValue[] => {
  // A restart sets every counter to 0: what they show now is then what they grew by.
  const restarted = before !== undefined && uptimeOf(now) < uptimeOf(before);
  const look: Look = { now, before, restarted, dtMs };
  const operations = operationRates(look);
  const rows = [...mainRows(look, operations), ...secondRows(look, operations)];
  return [...rows.map((row, rank) => shown(row, rank)), ...facts(now)];
};

/** One line for the panel's title: `8.0.4  rs0 primary  up 2d 4h`. */
export const serverTitle = (now: StatusDocument): string => {
  const uptime = uptimeOf(now);
  const up = uptime > 0 ? `up ${formatLength(uptime)}` : '';
  const parts = [text(now, 'version') ?? 'version unknown', roleOf(now) ?? '', up];
  return parts
    .map((one) => safeText(one, 40))
    .filter(Boolean)
    .join('  ');
};

/** Whether operations have to be counted from `metrics.commands`, for want of `opcounters` (FerretDB). */
export const needsCommands = (now: StatusDocument): boolean => !has(now, 'opcounters');

const mainRows = (look: Look, operations: OperationRates): Row[] => {
  const { now } = look;
  const current = gauge(now, 'connections', 'current');
  const available = number(now, 'connections', 'available');
  const limit = typeof current === 'number' && available !== undefined ? current + available : undefined;
  return [
    { metric: 'connections.current', label: 'connections', unit: 'count', kind: 'gauge', value: current, limit },
    rateRow('operations', 'ops', operations.total),
    rateRow('operations.insert', 'inserts', operations.insert),
    rateRow('operations.command', 'commands', operations.command),
    { ...timeRow('latency.writes', 'write latency'), value: latency(look, 'writes') },
    ticketRow(now, 'write', 'write tickets'),
    { metric: 'queue', label: 'queued ops', unit: 'count', kind: 'gauge', value: queued(now) },
    cacheRow(now, 'cache.dirty', 'cache dirty', 'tracked dirty bytes in the cache'),
    cacheRow(now, 'cache.fill', 'cache fill', 'bytes currently in the cache'),
    { ...timeRow('latency.reads', 'read latency'), value: latency(look, 'reads') },
  ];
};

const secondRows = (look: Look, operations: OperationRates): Row[] => {
  const bytes = (metric: string, label: string, key: string): Row => {
    return { metric, label, unit: 'bytes/s', kind: 'rate', value: rate(look, 'network', key) };
  };
  return [
    rateRow('operations.query', 'queries', operations.query),
    rateRow('operations.update', 'updates', operations.update),
    rateRow('operations.delete', 'deletes', operations.delete),
    rateRow('operations.getmore', 'getmores', operations.getmore),
    ticketRow(look.now, 'read', 'read tickets'),
    gaugeRow('connections.active', 'active conns', gauge(look.now, 'connections', 'active')),
    rateRow('connections.created', 'new conns', rate(look, 'connections', 'totalCreated')),
    bytes('network.in', 'net in', 'bytesIn'),
    bytes('network.out', 'net out', 'bytesOut'),
  ];
};

const gaugeRow = (metric: string, label: string, value: Value): Row => {
  return { metric, label, unit: 'count', kind: 'gauge', value };
};
const timeRow = (metric: string, label: string): Omit<Row, 'value'> => ({ metric, label, unit: 'ms', kind: 'gauge' });
const rateRow = (metric: string, label: string, value: Value): Row => {
  return { metric, label, unit: '/s', kind: 'rate', value };
};

/** Gaps come after all numbers: what a compatible server lacks must not hide what it has. */
const gapRank = 50;

const shown = ({ value, limit, ...row }: Row, rank: number): ProbeValue => {
  const { metric, label } = row;
  if (typeof value === 'string') return { type: 'gap', metric, label, rank: gapRank + rank, reason: value };
  const reading = { type: 'value', ...row, value, rank } as const;
  return limit === undefined ? reading : { ...reading, limit };
};

/** Mean time of the operations since the document before, ms (opLatencies counts microseconds). */
const latency = (look: Look, kind: 'reads' | 'writes'): Value => {
  const time = growth(look, 'opLatencies', kind, 'latency');
  const count = growth(look, 'opLatencies', kind, 'ops');
  if (typeof time === 'string') return time;
  if (typeof count === 'string') return count;
  return count > 0 ? time / count / 1000 : `no ${kind} since the last reading`;
};

/** Tickets: `queues.execution` from 8.0 on, `wiredTiger.concurrentTransactions` before. */
const ticketRow = (now: StatusDocument, kind: 'read' | 'write', label: string): Row => {
  const metric = `tickets.${kind}`;
  const places = [
    ['queues', 'execution', kind],
    ['wiredTiger', 'concurrentTransactions', kind],
  ];
  for (const place of places) {
    const used = pooled(now, place, 'out');
    const totalTickets = pooled(now, place, 'totalTickets');
    const free = pooled(now, place, 'available');
    if (used === undefined) continue;
    const limit = totalTickets ?? (free === undefined ? undefined : used + free);
    return { metric, label, unit: 'count', kind: 'gauge', value: used, limit };
  }
  const reason = has(now, 'wiredTiger') ? missingSection('queues.execution', kind) : missingSection('wiredTiger');
  return { metric, label, unit: 'count', kind: 'gauge', value: reason };
};

/** A number of a ticket pool; from 8.2 on the pool may be told by priority only. */
const pooled = (now: StatusDocument, place: readonly string[], key: string): number | undefined => {
  const whole = number(now, ...place, key);
  if (whole !== undefined) return whole;
  const parts = ['normalPriority', 'lowPriority', 'shortRunning', 'longRunning']
    .map((priority) => number(now, ...place, priority, key))
    .filter((value) => value !== undefined);
  return parts.length === 0 ? undefined : parts.reduce((sum, value) => sum + value, 0);
};

/** Operations that wait: for a ticket where the server tells (7.0 on), for a lock elsewhere. */
const queued = (now: StatusDocument): Value => {
  const tickets = (['read', 'write'] as const)
    .map((kind) => pooled(now, ['queues', 'execution', kind], 'queueLength'))
    .filter((value) => value !== undefined);
  const locks = number(now, 'globalLock', 'currentQueue', 'total');
  if (tickets.length === 0 && locks === undefined) return missingIn(now, ['globalLock', 'currentQueue', 'total']);
  // Who waits for a ticket is in the lock queue's count too: the larger of the two, not their sum.
  return Math.max(
    tickets.reduce((sum, value) => sum + value, 0),
    locks ?? 0,
  );
};

const cacheRow = (now: StatusDocument, metric: string, label: string, key: string): Row => {
  const held = gauge(now, 'wiredTiger', 'cache', key);
  const whole = gauge(now, 'wiredTiger', 'cache', 'maximum bytes configured');
  const value =
    typeof held === 'number' && typeof whole === 'number' ? held / whole : typeof held === 'string' ? held : whole;
  return { metric, label, unit: 'ratio', kind: 'gauge', value };
};

const uptimeOf = (document: StatusDocument): number =>
  number(document, 'uptimeMillis') ?? (number(document, 'uptime') ?? 0) * 1000;

const roleOf = (now: StatusDocument): string | undefined => {
  const set = text(now, 'repl', 'setName');
  if (set === undefined) return /mongos/.test(text(now, 'process') ?? '') ? 'mongos' : undefined;
  const repl = part(now, 'repl');
  const primary = repl.isWritablePrimary === true || repl.ismaster === true;
  return `${set} ${primary ? 'primary' : repl.secondary === true ? 'secondary' : 'member'}`;
};

const facts = (now: StatusDocument): ProbeValue[] => {
  const values: ProbeValue[] = [];
  const add = (metric: string, said: string | undefined): void => {
    if (said !== undefined) values.push({ type: 'fact', metric, label: metric, text: safeText(said, 40), rank: 40 });
  };
  add('version', text(now, 'version'));
  add('role', roleOf(now));
  const uptime = uptimeOf(now) / 1000;
  if (uptime > 0) {
    const reading = { kind: 'gauge', unit: 's', value: uptime, rank: 41 } as const;
    values.push({ type: 'value', metric: 'uptime', label: 'uptime', ...reading });
  }
  return values;
};
