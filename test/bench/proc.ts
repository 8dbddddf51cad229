// What /proc says of processes and of the machine: CPU time of a process tree, resident memory, how busy the machine was
// with others. The reading functions are apart from the parsing ones.

import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: 100 on every Linux that Node is built for, whatever the kernel's own tick. */
const tickMs = 10;

/** CPU times in ms, user and system together. */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  /** Of children that ended and were waited for, and of theirs. */
  readonly reaped: number;
}

/** Parses /proc/PID/stat; undefined for text that is none. The command in parentheses may hold blanks and parentheses. */
export const parseStat = (text: string): ProcessTimes | undefined => {
  const close = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  // From the field after the command on: state, parent, …; utime is field 14 of the whole line.
  const fields = text.slice(close + 2).split(' ');
  const at = (field: number): number => Number(fields[field - 3]);
  const times = { pid, parent: at(4), own: (at(14) + at(15)) * tickMs, reaped: (at(16) + at(17)) * tickMs };
  return close > 0 && Object.values(times).every(Number.isFinite) ? times : undefined;
};

/** The processes of a tree, its root included. */
export const treeOf = (root: number, all: readonly ProcessTimes[]): ProcessTimes[] => {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...(children.get(pid) ?? []));
  return found;
};

/** CPU time of a tree in ms: of all that live, and of those that they waited for. */
export const treeCpuMs = (tree: readonly ProcessTimes[]): number =>
  tree.reduce((sum, { own, reaped }) => sum + own + reaped, 0);

/** Busy CPU time of the whole machine from /proc/stat, ms; guests are within user time. */
export const parseBusyMs = (text: string): number => {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] =
    /^cpu\s+(.*)$/m.exec(text)?.[1]?.split(/\s+/).map(Number) ?? [];
  return (user + nice + system + irq + softIrq + steal) * tickMs;
};

/** Resident memory from /proc/PID/status in bytes; 0 where there is none, as of a process that has just ended. */
export const parseResidentBytes = (text: string): number => Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;

/** CPUs from a list as the kernel writes it: `0-2,5`. */
export const parseCpuList = (text: string): number[] =>
  text
    .trim()
    .split(',')
    .flatMap((part) => {
      const [from = Number.NaN, to = from] = part.split('-').map(Number);
      return Number.isFinite(from) ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : [];
    });

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A process may end between being listed and being read.
    return '';
  }
};

/** All processes of the machine. */
export const processes = (): ProcessTimes[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => parseStat(read(`/proc/${pid}/stat`)) ?? []);

/** CPU time so far of a process and its descendants, ms. */
export const cpuMsOf = (pid: number): number => treeCpuMs(treeOf(pid, processes()));

/** CPU time so far of children of this process that ended and were waited for, theirs included, ms. */
export const reapedCpuMs = (): number => parseStat(read('/proc/self/stat'))?.reaped ?? 0;

export const machineBusyMs = (): number => parseBusyMs(read('/proc/stat'));

/** Resident memory of a process and its descendants, bytes. */
export const residentBytesOf = (pid: number): number =>
  treeOf(pid, processes()).reduce((sum, each) => sum + parseResidentBytes(read(`/proc/${each.pid}/status`)), 0);

/** CPUs that this process may use. */
export const allowedCpus = (): number[] =>
  parseCpuList(/^Cpus_allowed_list:\s+(\S+)/m.exec(read('/proc/self/status'))?.[1] ?? '');
