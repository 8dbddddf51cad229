// What runs in a MongoDB server just now: the question ($currentOp), how many operations are slow, the table of them. Pure.
// Names, places and times only: what an operation looks for or writes may be anybody's data and is never asked for.

import { safeText } from '../common/safe-text.ts';
import type { ProbeTable, TableCell } from './probe.ts';
import type { Value } from './server-growth.ts';
import { at, number, type StatusDocument, text } from './status-document.ts';
import { countRow, judged, type Row } from './status-row.ts';

/** So many are asked for, longest first. */
const mostOperations = 40;
/** From here on an operation counts as slow, s. */
const slowSeconds = 1;

const fields = [
  'op',
  'ns',
  'secs_running',
  'microsecs_running',
  'waitingForLock',
  'waitingForFlowControl',
  'currentQueue',
  'client',
  'client_s',
  'desc',
  'appName',
  'planSummary',
];

/**
 * The question. Left out is what always runs and is nobody's load: internal threads, cursors that wait for news (change
 * streams, secondaries at the oplog), drivers' hellos that wait up to 10 s for a change, and this probe itself.
 */
export const currentOperation = (appName: string): StatusDocument => ({
  aggregate: 1,
  cursor: {},
  pipeline: [
    { $currentOp: { allUsers: true, idleConnections: false, localOps: true } },
    {
      $match: {
        active: true,
        secs_running: { $gte: 0 },
        op: { $ne: 'none' },
        ns: { $ne: 'local.oplog.rs' },
        appName: { $ne: appName },
        'cursor.awaitData': { $ne: true },
        'command.hello': { $exists: false },
        'command.isMaster': { $exists: false },
        'command.ismaster': { $exists: false },
      },
    },
    { $sort: { microsecs_running: -1 } },
    { $limit: mostOperations },
    { $project: Object.fromEntries(['_id', ...fields].map((field) => [field, field === '_id' ? 0 : 1])) },
  ],
});

/** The operations in an answer. */
const operationsIn = (answer: StatusDocument): readonly StatusDocument[] => {
  const batch = at(answer, ['cursor', 'firstBatch']);
  if (!Array.isArray(batch)) return [];
  const operations = batch.filter((one: unknown): one is StatusDocument => typeof one === 'object' && one !== null);
  return operations.toSorted((a, b) => secondsOf(b) - secondsOf(a));
};

const secondsOf = (operation: StatusDocument): number => {
  const micros = number(operation, 'microsecs_running');
  return micros === undefined ? (number(operation, 'secs_running') ?? 0) : micros / 1e6;
};

export const slowRow = (value: Value): Row => countRow('slow_ops', 'slow ops', value, judged(value, 0));

/** How many run for a second or longer, and how long the longest. */
export const slowRows = (answer: StatusDocument): { readonly count: Row; readonly longest: Row | undefined } => {
  const slow = operationsIn(answer)
    .map(secondsOf)
    .filter((seconds) => seconds >= slowSeconds);
  const [longest] = slow;
  return {
    count: slowRow(slow.length),
    longest:
      longest === undefined
        ? undefined
        : { metric: 'slow_ops.longest', label: 'longest op', unit: 's', kind: 'gauge', value: longest, level: 'warn' },
  };
};

export const operationsTitle = 'running operations';

export const operationsTable = (answer: StatusDocument): ProbeTable => {
  const operations = operationsIn(answer);
  const note =
    operations.length === 0
      ? 'none was running at the last look'
      : operations.length >= mostOperations
        ? `the ${mostOperations} that have been running longest`
        : undefined;
  return {
    title: operationsTitle,
    columns: [
      { label: 'operation' },
      { label: 'namespace' },
      { label: 'running', unit: 's' },
      { label: 'waits for' },
      { label: 'client' },
      { label: 'program' },
      { label: 'plan' },
    ],
    rows: operations.map(operationCells),
    ...(note !== undefined && { note }),
  };
};

const operationCells = (operation: StatusDocument): TableCell[] => {
  const said = (name: string): string => safeText(text(operation, name) ?? '', 60);
  const seconds = secondsOf(operation);
  const waits = waitsFor(operation);
  return [
    said('op'),
    said('ns'),
    { value: seconds, level: seconds >= slowSeconds ? 'warn' : 'ok' },
    waits === '' ? '' : { value: waits, level: 'warn' },
    said('client') || said('client_s') || said('desc'),
    said('appName'),
    // The stage alone (COLLSCAN, IXSCAN): the rest names fields.
    said('planSummary').replace(/[^A-Z_].*$/, ''),
  ];
};

const waitsFor = (operation: StatusDocument): string => {
  const queue = text(operation, 'currentQueue', 'name');
  return [
    operation.waitingForLock === true ? 'lock' : '',
    operation.waitingForFlowControl === true ? 'flow control' : '',
    queue === undefined ? '' : `${safeText(queue, 30)} queue`,
  ]
    .filter(Boolean)
    .join(', ');
};
