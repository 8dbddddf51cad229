// Reads MongoDB's serverStatus, two in a row, into readings in the order in which an engineer on call wants them. Pure.
// Servers differ in what they have (mongos, FerretDB, each version): what is not there is a gap with its reason, never a
// zero. Asking is mongodb.ts; tickets, storage and work have files of their own.

import type { ProbeValue } from './probe.ts';
import { gauge, type Look, rate, type Value } from './server-growth.ts';
import { identityFacts, isRestarted, uptimeOf } from './server-identity.ts';
import { dirtyRow, fillRow, flowControlRows, isHeldBack, storageRows } from './server-storage.ts';
import { queueRow, queueRows, ticketRow } from './server-tickets.ts';
import { assertRows, latencyRow, operationRows, queryRows, replicatedRow, transactionRows } from './server-work.ts';
import { has, number, type StatusDocument } from './status-document.ts';
import { bytesRow, countRow, factRank, judged, type Row, rateRow, shown } from './status-row.ts';

export { serverTitle } from './server-identity.ts';
export type { StatusDocument } from './status-document.ts';

/** Rows from elsewhere that belong among these: of the replica set, of the running operations. */
export interface RowsBeside {
  /** Among the first. */
  readonly main: readonly Row[];
  readonly others: readonly Row[];
}

/**
 * Two documents of one server as one look.
 * @param before the document before; undefined at the first look
 * @param dtMs time between the two, ms
 */
export const lookAt = (now: StatusDocument, before: StatusDocument | undefined, dtMs: number): Look => ({
  now,
  before,
  restarted: before !== undefined && isRestarted(before, now),
  dtMs,
});

/** What a look says, most important first. */
export const readServerStatus = (look: Look, beside: RowsBeside = { main: [], others: [] }): ProbeValue[] => {
  const { main, others } = operationRows(look);
  const rows = [
    ...firstRows(look, main),
    ...beside.main,
    ...secondRows(look),
    ...beside.others,
    ...others,
    ...restRows(look),
  ];
  return [...rows.map((row, rank) => shown(row, rank)), ...facts(look)];
};

/** Whether operations have to be counted from `metrics.commands`, for want of `opcounters` (FerretDB). */
export const needsCommands = (now: StatusDocument): boolean => !has(now, 'opcounters');

const firstRows = (look: Look, operations: readonly Row[]): Row[] => [
  connectionRow(look.now),
  ...operations,
  latencyRow(look, 'writes'),
  ticketRow(look.now, 'write'),
  queueRow(look),
  dirtyRow(look.now),
  fillRow(look.now),
];

const secondRows = (look: Look): Row[] => [
  latencyRow(look, 'reads'),
  ticketRow(look.now, 'read'),
  ...queueRows(look),
  ...storageRows(look),
  ...flowControlRows(look),
];

const restRows = (look: Look): Row[] => [
  latencyRow(look, 'commands'),
  latencyRow(look, 'transactions'),
  replicatedRow(look),
  ...connectionRows(look),
  ...queryRows(look),
  ...transactionRows(look),
  networkRow('network.in', 'net in', rate(look, 'network', 'bytesIn')),
  networkRow('network.out', 'net out', rate(look, 'network', 'bytesOut')),
  rateRow('network.requests', 'net requests', rate(look, 'network', 'numRequests')),
  bytesRow('memory.resident', 'resident memory', mebibytes(gauge(look.now, 'mem', 'resident'))),
  rateRow('page_faults', 'page faults', rate(look, 'extra_info', 'page_faults')),
  ...assertRows(look),
];

const networkRow = (metric: string, label: string, value: Value): Row => {
  return { metric, label, unit: 'bytes/s', kind: 'rate', value };
};

const mebibytes = (value: Value): Value => (typeof value === 'number' ? value * 1024 * 1024 : value);

/** Connections of as many as the server takes: it tells those in use and those still free. */
const connectionRow = (now: StatusDocument): Row => {
  const current = gauge(now, 'connections', 'current');
  const available = number(now, 'connections', 'available');
  const limit = typeof current === 'number' && available !== undefined ? current + available : undefined;
  const level = typeof current === 'number' && limit !== undefined ? judged(current / limit, 0.8, 0.9) : undefined;
  return { ...countRow('connections.current', 'connections', current, level), limit };
};

const connectionRows = (look: Look): Row[] => {
  const created = rate(look, 'connections', 'totalCreated');
  const rejected = rate(look, 'connections', 'rejected');
  const waiting = number(look.now, 'connections', 'queuedForEstablishment');
  const rejectedOrSince =
    typeof rejected === 'string' && has(look.now, 'connections') && !has(look.now, 'connections', 'rejected')
      ? 'this version does not tell (6.3 and later do)'
      : rejected;
  return [
    countRow('connections.active', 'active conns', gauge(look.now, 'connections', 'active')),
    // Drivers keep their connections: who opens some each second has lost some each second.
    rateRow('connections.created', 'new conns', created, judged(created, 5)),
    rateRow('connections.rejected', 'rejected conns', rejectedOrSince, judged(rejected, 0, 0)),
    ...(waiting === undefined ? [] : [countRow('connections.waiting', 'conns waiting', waiting, judged(waiting, 0))]),
  ];
};

const facts = ({ now }: Look): ProbeValue[] => {
  const values: ProbeValue[] = identityFacts(now);
  const heldBack = isHeldBack(now);
  if (heldBack !== undefined) {
    const said = heldBack ? 'holds writes back: secondaries lag' : 'not lagged';
    const level = heldBack ? 'bad' : 'ok';
    const rank = heldBack ? 0 : factRank;
    values.push({ type: 'fact', metric: 'flow_control', label: 'flow control', text: said, level, rank });
  }
  const uptime = uptimeOf(now) / 1000;
  if (uptime > 0) {
    const reading = { kind: 'gauge', unit: 's', value: uptime, rank: factRank + 1 } as const;
    values.push({ type: 'value', metric: 'uptime', label: 'uptime', ...reading });
  }
  return values;
};
