// What this machine and this program are: cores, the limit on descriptors, the version.

import { readFileSync } from 'node:fs';
import os from 'node:os';

/** Descriptors this process may have open; undefined where the system does not say. */
export const descriptorLimit = (): number | undefined => {
  try {
    const line = readFileSync('/proc/self/limits', 'utf8')
      .split('\n')
      .find((text) => text.startsWith('Max open files'));
    const soft = Number(line?.split(/\s{2,}/)[1]);
    return Number.isInteger(soft) ? soft : undefined;
  } catch {
    // Only Linux has it.
    return undefined;
  }
};

/**
 * Cores that this process may use: those of its affinity, and no more than the quota of its control group, which only slows
 * down what uses more. At least 1.
 * @param read the text of a file; undefined where it is not there
 */
export const coreCount = (cores = os.availableParallelism(), read = readText): number =>
  Math.max(1, Math.min(cores, Math.floor(quotaCores(read))));

const quotaCores = (read: typeof readText): number => {
  // Version 2: "quota period", or "max period" for none. Version 1: two files, and -1 for none.
  const [quota, period] = read('/sys/fs/cgroup/cpu.max')?.trim().split(/\s+/) ?? [
    read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'),
    read('/sys/fs/cgroup/cpu/cpu.cfs_period_us'),
  ];
  const ratio = Number(quota) / Number(period);
  return Number(quota) > 0 && Number.isFinite(ratio) ? ratio : Infinity;
};

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Only Linux has them, and only where control groups are mounted.
    return undefined;
  }
};

/** The program's version, as in package.json. */
export const programVersion = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '0.0.0';
};
