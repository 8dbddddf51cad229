// How many cores this process may use, with and without a quota of its control group.

import { describe, expect, it } from 'vitest';
import { coreCount } from '../../source/commands/machine.ts';

const version2 = (text: string) => (path: string) => (path === '/sys/fs/cgroup/cpu.max' ? text : undefined);
const version1 = (quota: string, period?: string) => (path: string) =>
  ({ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': quota, '/sys/fs/cgroup/cpu/cpu.cfs_period_us': period })[path];

describe('cores', () => {
  it.each<[string, (path: string) => string | undefined, number]>([
    ['no control group', () => undefined, 8],
    ['no quota', version2('max 100000\n'), 8],
    ['a quota of two', version2('200000 100000\n'), 2],
    ['a quota of two and a half', version2('250000 100000\n'), 2],
    ['a quota below one', version2('50000 100000\n'), 1],
    ['a quota above what there is', version2('1600000 100000\n'), 8],
    ['a text that says nothing', version2(''), 8],
    ['no quota in version 1', version1('-1\n', '100000\n'), 8],
    ['a quota in version 1', version1('300000\n', '100000\n'), 3],
    ['half of version 1', version1('300000\n'), 8],
  ])('with %s', (_, read, cores) => {
    expect(coreCount(8, read)).toBe(cores);
  });

  it('are at least one here', () => {
    expect(coreCount()).toBeGreaterThanOrEqual(1);
  });
});
