// Which processes have a listening socket, and which of their children do its work: a walk over all processes of the
// machine, 30 ms of CPU, for the start and for when one has ended. What they do then is target-process.ts.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { soon } from '../common/clock.ts';
import { type ProcessStat, parseProcessStat } from './process-text.ts';

/** A process, named for good: a pid is given again, though not to one that began at the same tick. */
export interface ProcessKey {
  readonly pid: number;
  readonly startedAt: number;
}

export interface Holders {
  /** Lowest pid first. */
  readonly found: readonly ProcessKey[];
  /** Processes that we may not look into were passed over. */
  readonly denied: boolean;
}

/** The text of a file of /proc; undefined where it is not there or not for us. */
export const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** What the kernel says of a process; undefined where it has ended. */
export const statOf = (root: string, pid: number): ProcessStat | undefined => {
  const stat = parseProcessStat(readText(`${root}/${pid}/stat`) ?? '');
  return stat?.ended ? undefined : stat;
};

/** The program of a process: where its file is; undefined where we may not know. */
export const programOf = (root: string, pid: number): string | undefined => {
  try {
    return readlinkSync(`${root}/${pid}/exe`);
  } catch {
    return undefined;
  }
};

/**
 * The processes that have one of the sockets open. Lets the loop run between two processes.
 * @param inodes of the sockets
 */
export const holdersOf = async (root: string, inodes: ReadonlySet<string>, signal: AbortSignal): Promise<Holders> => {
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const found: ProcessKey[] = [];
  let denied = false;
  for (const pid of pidsOf(root)) {
    await new Promise<void>((resolve) => soon(resolve));
    signal.throwIfAborted();
    // Of the generator's own thousands of connections none is the target's socket.
    if (pid === process.pid) continue;
    const holds = await holdsOne(`${root}/${pid}/fd`, links, signal);
    denied ||= holds === 'denied';
    const stat = holds === true ? statOf(root, pid) : undefined;
    if (stat) found.push({ pid, startedAt: stat.startedAt });
  }
  // The first process holds the sockets of services that it starts on demand: it does not do their work.
  const others = found.filter(({ pid }) => pid !== 1);
  return { found: others.length > 0 ? others : found, denied };
};

const pidsOf = (root: string): number[] =>
  readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);

/** Links read between two chances for others to run. */
const linksAtOnce = 300;

const holdsOne = async (
  folder: string,
  links: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<boolean | 'denied'> => {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    return error instanceof Error && 'code' in error && ['EACCES', 'EPERM'].includes(String(error.code))
      ? 'denied'
      : false;
  }
  for (let from = 0; from < names.length; from += linksAtOnce) {
    if (from > 0) await new Promise<void>((resolve) => soon(resolve));
    signal.throwIfAborted();
    if (names.slice(from, from + linksAtOnce).some((name) => links.has(linkOf(`${folder}/${name}`)))) return true;
  }
  return false;
};

const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

/**
 * The processes and those that they started to do the same: children, and theirs, that run the same program. A cluster's
 * first process listens and hands connections on to them.
 */
export const withWorkers = (root: string, holders: readonly ProcessKey[]): ProcessKey[] => {
  const family = new Map(holders.map((key) => [key.pid, key]));
  const programs = new Set(holders.map(({ pid }) => programOf(root, pid)).filter((path) => path !== undefined));
  const children = new Map<number, ProcessKey[]>();
  for (const pid of programs.size > 0 ? pidsOf(root) : []) {
    const stat = statOf(root, pid);
    if (!stat) continue;
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), { pid, startedAt: stat.startedAt }]);
  }
  const queue = [...holders];
  for (let parent = queue.shift(); parent; parent = queue.shift()) {
    for (const child of children.get(parent.pid) ?? []) {
      if (family.has(child.pid) || !programs.has(programOf(root, child.pid) ?? '')) continue;
      family.set(child.pid, child);
      queue.push(child);
    }
  }
  return [...family.values()].sort((a, b) => a.pid - b.pid);
};
