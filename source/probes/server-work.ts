// What a MongoDB server does, by its serverStatus: operations by kind, their latencies, how well queries find what they
// return, transactions and cursors. Pure.

import type { Level } from './probe.ts';
import {
  gauge,
  growth,
  type Look,
  missingSection,
  type OperationRates,
  operationRates,
  rate,
  type Value,
} from './server-growth.ts';
import { has } from './status-document.ts';
import { countRow, judged, quotient, type Row, rateRow, sum, timeRow } from './status-row.ts';

type Kind = Exclude<keyof OperationRates, 'total'>;

const labels: Readonly<Record<Kind, string>> = {
  insert: 'inserts',
  query: 'queries',
  update: 'updates',
  delete: 'deletes',
  getmore: 'getmores',
  command: 'commands',
};

/** All operations and the kind that most of them are, then the other kinds. */
export const operationRows = (look: Look): { readonly main: Row[]; readonly others: Row[] } => {
  const rates = operationRates(look);
  const first = mostFrequent(rates);
  const row = (kind: Kind): Row => rateRow(`operations.${kind}`, labels[kind], rates[kind]);
  const others = operationKinds.filter((kind) => kind !== first);
  return { main: [rateRow('operations', 'ops', rates.total), row(first)], others: others.map(row) };
};

/** In the order in which they are listed. */
export const operationKinds: readonly Kind[] = ['insert', 'command', 'query', 'update', 'delete', 'getmore'];

/** Inserts, unless another kind (commands are no work of their own) is clearly more: rows must not swap places each second. */
const mostFrequent = (rates: OperationRates): Kind => {
  const perSecond = (kind: Kind): number => (typeof rates[kind] === 'number' ? rates[kind] : 0);
  let first: Kind = 'insert';
  for (const kind of ['query', 'update', 'delete'] as const) {
    if (perSecond(kind) > 2 * perSecond('insert') && perSecond(kind) > Math.max(1, perSecond(first))) first = kind;
  }
  return first;
};

export type LatencyKind = 'reads' | 'writes' | 'commands' | 'transactions';

/** Mean time of the operations since the look before, ms (opLatencies counts microseconds). */
export const latencyMs = (look: Look, kind: LatencyKind): Value => {
  const time = growth(look, 'opLatencies', kind, 'latency');
  const count = growth(look, 'opLatencies', kind, 'ops');
  const mean = quotient(time, count, `no ${kind} since the last reading`);
  return typeof mean === 'number' ? mean / 1000 : mean;
};

export const latencyRow = (look: Look, kind: LatencyKind): Row => {
  const value = latencyMs(look, kind);
  // How long a transaction takes is up to its client.
  const level = kind === 'transactions' ? undefined : judged(value, 20, 100);
  return timeRow(
    `latency.${kind}`,
    kind === 'transactions' ? 'txn latency' : `${kind.slice(0, -1)} latency`,
    value,
    level,
  );
};

/** What makes queries dear. */
export const queryRows = (look: Look): Row[] => {
  const scanned = quotient(
    growth(look, 'metrics', 'queryExecutor', 'scannedObjects'),
    growth(look, 'metrics', 'document', 'returned'),
    'nothing was returned since the last reading',
  );
  const conflicts = rate(look, 'metrics', 'operation', 'writeConflicts');
  return [
    countRow('queries.scan_ratio', 'scanned per result', scanned, judged(scanned, 10, 100)),
    rateRow('queries.sorts', 'unindexed sorts', rate(look, 'metrics', 'operation', 'scanAndOrder')),
    rateRow('operations.conflicts', 'write conflicts', conflicts, judged(conflicts, 10, 100)),
  ];
};

/** Transactions and cursors that are open. */
export const transactionRows = (look: Look): Row[] => {
  const { now } = look;
  const inactive = gauge(now, 'transactions', 'currentInactive');
  const cursors = gauge(now, 'metrics', 'cursor', 'open', 'total');
  return [
    countRow('transactions.active', 'txns active', gauge(now, 'transactions', 'currentActive')),
    countRow('transactions.inactive', 'txns inactive', inactive, judged(inactive, 5, 20)),
    rateRow('transactions.aborted', 'txns aborted', rate(look, 'transactions', 'totalAborted')),
    countRow('cursors.open', 'cursors open', cursors, judged(cursors, 10_000)),
    rateRow('cursors.timed_out', 'cursors timed out', rate(look, 'metrics', 'cursor', 'timedOut')),
  ];
};

/** Operations that came by replication, per second. */
export const replicatedRow = (look: Look): Row => {
  const written = ['insert', 'update', 'delete'];
  const value = has(look.now, 'opcountersRepl')
    ? sum(written.map((kind) => rate(look, 'opcountersRepl', kind)))
    : missingSection('opcountersRepl');
  return rateRow('operations.replicated', 'replicated ops', value);
};

/** Errors of the server's own, and of what it was asked. */
export const assertRows = (look: Look): Row[] => {
  const own = sum([rate(look, 'asserts', 'regular'), rate(look, 'asserts', 'msg')]);
  const level: Level | undefined = judged(own, 0);
  return [
    rateRow('asserts', 'asserts', own, level),
    rateRow('asserts.user', 'user asserts', rate(look, 'asserts', 'user')),
  ];
};
