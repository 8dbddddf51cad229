// What the looks at a target's processes come to: one row for each figure, over all processes, and the table of them. How
// they are found and looked at is target-process.ts.

import { openFilesLevel } from './open-files.ts';
import type { MetricUnit, ProbeTable, ProbeValue, Reading, TableCell } from './probe.ts';
import type { ProcessLook } from './process-watch.ts';

/** A thread that is ready and has no core for more of its time than this waits for the machine, not for its work. */
const warnWait = 0.1;

/** Connections that wait to be accepted, or why they are not counted. */
export type AcceptQueue = { readonly waiting: number; readonly lasting: boolean } | { readonly reason: string };

export interface ProcessFigures {
  /** At least one. */
  readonly looks: readonly ProcessLook[];
  /** Cores that they may use. */
  readonly cores: number | undefined;
  readonly queue: AcceptQueue;
}

/** The rows, the most telling first. */
export const processValues = ({ looks, cores, queue }: ProcessFigures): ProbeValue[] => [
  cpuValue(looks, cores),
  queueValue(queue),
  waitValue(looks),
  sumValue(looks, { metric: 'rss', label: 'rss', unit: 'bytes', rank: 3 }, ({ rssBytes }) => rssBytes),
  openFilesValue(looks),
  sumValue(looks, { metric: 'threads', label: 'threads', unit: 'count', rank: 5 }, ({ threads }) => threads),
  ...processCount(looks),
  ...diskValues(looks),
];

/** Each process, the busiest first. */
export const processTable = (looks: readonly ProcessLook[]): ProbeTable => ({
  title: 'processes',
  columns: [
    { label: 'pid' },
    { label: 'name' },
    { label: 'cpu', unit: 'ratio' },
    { label: 'rss', unit: 'bytes' },
    { label: 'threads', unit: 'count' },
    { label: 'open files', unit: 'count' },
  ],
  rows: looks
    .toSorted((a, b) => (b.cpuRatio ?? -1) - (a.cpuRatio ?? -1) || a.pid - b.pid)
    .map((look) => [String(look.pid), look.name, look.cpuRatio, look.rssBytes, look.threads, openFilesCell(look)]),
});

const second = 'needs a second reading';
const gauge = { type: 'value', kind: 'gauge' } as const;

const cpuValue = (looks: readonly ProcessLook[], cores: number | undefined): ProbeValue => {
  const row = { metric: 'cpu', label: 'cpu', rank: 0 };
  const known = looks.flatMap(({ cpuRatio }) => cpuRatio ?? []);
  if (known.length === 0) return { type: 'gap', ...row, reason: second };
  return { ...gauge, ...row, unit: 'ratio', value: sum(known), ...(cores !== undefined && { limit: cores }) };
};

const queueValue = (queue: AcceptQueue): ProbeValue => {
  const row = { metric: 'accept.queue', label: 'accept queue', rank: 1 };
  if ('reason' in queue) return { type: 'gap', ...row, reason: queue.reason };
  return { ...gauge, ...row, unit: 'count', value: queue.waiting, level: queue.lasting ? 'warn' : 'ok' };
};

const waitValue = (looks: readonly ProcessLook[]): ProbeValue => {
  const worst = looks.reduce((a, b) => ((b.waitRatio ?? -1) > (a.waitRatio ?? -1) ? b : a));
  const label = worst.firstThreadOnly ? 'core wait, thread 1' : 'core wait';
  const row = { metric: 'core.wait', label, rank: 2 };
  if (worst.waitRatio !== undefined) {
    const level = worst.waitRatio > warnWait ? 'warn' : 'ok';
    return { ...gauge, ...row, unit: 'ratio', value: worst.waitRatio, level };
  }
  const early = looks.every(({ cpuRatio }) => cpuRatio === undefined);
  return { type: 'gap', ...row, reason: early ? second : 'this kernel does not tell how long threads wait' };
};

/** Of the process that is closest to its limit: each has its own. */
const openFilesValue = (looks: readonly ProcessLook[]): ProbeValue => {
  const row = { metric: 'descriptors', label: looks.length > 1 ? 'open files, most' : 'open files', rank: 4 };
  const share = ({ openFiles = -1, openFileLimit = Infinity }: ProcessLook): number =>
    openFileLimit === Infinity ? openFiles / 1e9 : openFiles / openFileLimit;
  const { openFiles, openFileLimit } = looks.reduce((a, b) => (share(b) > share(a) ? b : a));
  if (openFiles === undefined) return { type: 'gap', ...row, reason: 'only its user and root may count them' };
  const level = openFilesLevel(openFiles, openFileLimit);
  return {
    ...gauge,
    ...row,
    unit: 'count',
    value: openFiles,
    ...(openFileLimit !== undefined && { limit: openFileLimit }),
    ...(level && { level }),
  };
};

const openFilesCell = ({ openFiles, openFileLimit: limit }: ProcessLook): TableCell => {
  const level = openFiles === undefined ? undefined : openFilesLevel(openFiles, limit);
  if (openFiles === undefined || limit === undefined || !level) return openFiles;
  return { value: openFiles, limit, level };
};

const processCount = (looks: readonly ProcessLook[]): ProbeValue[] =>
  looks.length > 1
    ? [{ ...gauge, metric: 'processes', label: 'processes', unit: 'count', value: looks.length, rank: 6 }]
    : [];

/** Left out where the kernel keeps no such books, or not for us. */
const diskValues = (looks: readonly ProcessLook[]): ProbeValue[] => {
  const rates = (of: (look: ProcessLook) => number | undefined): number[] => looks.flatMap((look) => of(look) ?? []);
  const rows = [
    ['disk.read', 'disk read', 7, rates(({ readRate }) => readRate)],
    ['disk.write', 'disk write', 8, rates(({ writeRate }) => writeRate)],
  ] as const;
  return rows.flatMap(([metric, label, rank, known]): Reading[] =>
    known.length > 0 ? [{ type: 'value', kind: 'rate', metric, label, unit: 'bytes/s', value: sum(known), rank }] : [],
  );
};

const sumValue = (
  looks: readonly ProcessLook[],
  row: { readonly metric: string; readonly label: string; readonly unit: MetricUnit; readonly rank: number },
  of: (look: ProcessLook) => number | undefined,
): ProbeValue => {
  const { metric, label, rank } = row;
  const known = looks.flatMap((look) => of(look) ?? []);
  if (known.length === 0) return { type: 'gap', metric, label, rank, reason: 'this kernel does not tell' };
  return { ...gauge, ...row, value: sum(known) };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
