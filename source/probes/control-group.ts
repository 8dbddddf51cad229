// The limits of this process' control group, version 2 or 1: CPU quota and memory. Found once; where neither it nor a
// group above it has a limit there is nothing to read. What comes of them is machine-group-rows.ts.
// Files: Documentation/admin-guide/cgroup-v2.rst; for version 1 scheduler/sched-bwc.rst and cgroup-v1/memory.rst.

import { fileText } from './file-text.ts';
import type { CpuQuota, Memory } from './machine-snapshot.ts';

export interface ControlGroupRoots {
  /** Usually /proc. */
  readonly proc: string;
  /** Usually /sys. */
  readonly sys: string;
}

/** Reads of one group, or of none. */
interface CpuFiles {
  readonly limit: () => number | undefined;
  readonly used: () => number | undefined;
  /** The file with the periods. */
  readonly stat: string;
}

interface MemoryFiles {
  readonly limit: string;
  readonly used: string;
  readonly stat: string;
  /** The field of `stat` with page cache that can go at once. */
  readonly cacheField: string;
}

export class ControlGroup {
  readonly #cpu: CpuFiles | undefined;
  readonly #memory: MemoryFiles | undefined;

  constructor(roots: ControlGroupRoots) {
    const root = `${roots.sys}/fs/cgroup`;
    const lines = fileText(`${roots.proc}/self/cgroup`).split('\n');
    const unified = unifiedPaths(lines, root).map((path) => `${root}${path}`);
    const cpu = [...unified.map(cpuOfTwo), ...pathsOf(lines, 'cpu').map((path) => cpuOfOne(root, path))];
    this.#cpu = tightest(cpu, (files) => files.limit());
    const memory = [...unified, ...pathsOf(lines, 'memory').map((path) => `${root}/memory${path}`)];
    this.#memory = tightest(memory.flatMap(memoryIn), (files) => numberIn(files.limit));
  }

  /** The quota and its counters; undefined without a quota. */
  quota(): CpuQuota | undefined {
    const cores = this.#cpu?.limit();
    if (!this.#cpu || cores === undefined) return undefined;
    const stat = fileText(this.#cpu.stat);
    return {
      cores,
      usedMs: this.#cpu.used(),
      periods: field(stat, 'nr_periods'),
      throttled: field(stat, 'nr_throttled'),
    };
  }

  /**
   * Memory of the group against its limit; page cache that can go at once is not in use, as Kubernetes counts it.
   * @param machineBytes a limit that is not below it is none
   */
  memory(machineBytes: number | undefined): Memory | undefined {
    if (!this.#memory) return undefined;
    const total = numberIn(this.#memory.limit);
    const used = numberIn(this.#memory.used);
    if (total === undefined || used === undefined || total >= (machineBytes ?? Number.POSITIVE_INFINITY))
      return undefined;
    const cache = field(fileText(this.#memory.stat), this.#memory.cacheField) ?? 0;
    return { used: Math.max(0, used - cache), total };
  }
}

/** The group with the lowest limit: all of those above hold as well. */
const tightest = <T>(groups: readonly T[], limitOf: (group: T) => number | undefined): T | undefined => {
  const limited = groups.flatMap((group) => {
    const limit = limitOf(group);
    return limit === undefined ? [] : [{ group, limit }];
  });
  return limited.sort((a, b) => a.limit - b.limit)[0]?.group;
};

const unifiedPaths = (lines: readonly string[], root: string): string[] => {
  const path = lines.find((line) => line.startsWith('0::'))?.slice(3);
  return path === undefined || fileText(`${root}/cgroup.controllers`) === '' ? [] : upwards(path);
};

const pathsOf = (lines: readonly string[], controller: string): string[] => {
  for (const line of lines) {
    const [, controllers, path] = /^\d+:([^:]+):(.*)$/.exec(line) ?? [];
    if (controllers?.split(',').includes(controller)) return upwards(path!);
  }
  return [];
};

/** The group and all above it. In a container the path may be the host's and not be there; the root then is its own. */
const upwards = (path: string): string[] => {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return [...parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`), ''];
};

const cpuOfTwo = (folder: string): CpuFiles => ({
  limit: () => {
    const [quota, period] = fileText(`${folder}/cpu.max`).trim().split(' ').map(Number);
    return ratioOf(quota, period);
  },
  used: () => {
    const microseconds = field(fileText(`${folder}/cpu.stat`), 'usage_usec');
    return microseconds === undefined ? undefined : microseconds / 1000;
  },
  stat: `${folder}/cpu.stat`,
});

const cpuOfOne = (root: string, path: string): CpuFiles => ({
  limit: () =>
    ratioOf(numberIn(`${root}/cpu${path}/cpu.cfs_quota_us`), numberIn(`${root}/cpu${path}/cpu.cfs_period_us`)),
  used: () => {
    const nanoseconds = numberIn(`${root}/cpuacct${path}/cpuacct.usage`);
    return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
  },
  stat: `${root}/cpu${path}/cpu.stat`,
});

/** Of version 2 and of version 1; what is not there has no limit. */
const memoryIn = (folder: string): MemoryFiles[] => {
  const stat = `${folder}/memory.stat`;
  return [
    { limit: `${folder}/memory.max`, used: `${folder}/memory.current`, stat, cacheField: 'inactive_file' },
    {
      limit: `${folder}/memory.limit_in_bytes`,
      used: `${folder}/memory.usage_in_bytes`,
      stat,
      cacheField: 'total_inactive_file',
    },
  ];
};

/** No quota is `max`, or −1. */
const ratioOf = (quota: number | undefined, period: number | undefined): number | undefined => {
  const cores = Number(quota) / Number(period);
  return cores > 0 && Number.isFinite(cores) ? cores : undefined;
};

/** The number that a file holds; `max` and what is no number are undefined. */
const numberIn = (path: string): number | undefined => {
  const text = fileText(path).trim();
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
};

const field = (text: string, name: string): number | undefined => {
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
};
