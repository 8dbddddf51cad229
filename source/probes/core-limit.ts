// How many cores processes may use: those that they may run on, less where their control group has a quota. Both kinds of
// control groups. Read now and then, for neither changes often.

import { readText } from './listening-process.ts';
import { parseCpuGroup, parseCpuMax, parseProcessStatus } from './process-text.ts';

export interface ProcRoots {
  /** `/proc`. */
  readonly proc: string;
  /** `/sys/fs/cgroup`. */
  readonly groups: string;
}

/** Cores that the processes may use together, fractional under a quota; undefined where it is not told. */
export const coreLimit = (roots: ProcRoots, pids: readonly number[]): number | undefined => {
  const cores = new Set(pids.flatMap((pid) => parseProcessStatus(readText(`${roots.proc}/${pid}/status`) ?? '').cores));
  // The quota is that of the first: processes that share a port share their control group.
  const quota = pids[0] === undefined ? undefined : quotaOf(roots, pids[0]);
  if (cores.size === 0) return quota;
  return quota === undefined ? cores.size : Math.min(cores.size, quota);
};

/** The tightest quota of the process' group and those around it. */
const quotaOf = ({ proc, groups }: ProcRoots, pid: number): number | undefined => {
  const group = parseCpuGroup(readText(`${proc}/${pid}/cgroup`) ?? '');
  // Seen from within another namespace the path leads out of what is mounted here.
  if (!group || group.path.split('/').includes('..')) return undefined;
  const read = group.version === 2 ? quota2 : quota1;
  let tightest: number | undefined;
  for (let path = group.path.replace(/\/+$/, ''); ; path = path.slice(0, path.lastIndexOf('/'))) {
    const quota = read(groups, path);
    if (quota !== undefined) tightest = Math.min(quota, tightest ?? quota);
    if (path === '') return tightest;
  }
};

const quota2 = (groups: string, path: string): number | undefined =>
  parseCpuMax(readText(`${groups}${path}/cpu.max`) ?? '');

const quota1 = (groups: string, path: string): number | undefined => {
  const [quota, period] = ['quota', 'period'].map((name) => readText(`${groups}/cpu${path}/cpu.cfs_${name}_us`) ?? '');
  return parseCpuMax(`${quota?.trim()} ${period?.trim()}`);
};
