// Control groups of both versions, from trees of files made by hand.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ControlGroup } from '../../source/probes/control-group.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const group = (ownGroups: string, files: Record<string, string>): ControlGroup => {
  const root = mkdtempSync(join(tmpdir(), 'cgroup-'));
  folders.push(root);
  const all = { 'proc/self/cgroup': ownGroups, ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return new ControlGroup({ proc: join(root, 'proc'), sys: join(root, 'sys') });
};

const two = 'sys/fs/cgroup';

test('version 2: quota in cores, CPU time, periods; memory without the cache that can go', () => {
  const own = group('0::/app.slice/loadtop\n', {
    [`${two}/cgroup.controllers`]: 'cpu memory\n',
    [`${two}/app.slice/loadtop/cpu.max`]: '150000 100000\n',
    [`${two}/app.slice/loadtop/cpu.stat`]: 'usage_usec 2500\nnr_periods 40\nnr_throttled 10\n',
    [`${two}/app.slice/loadtop/memory.max`]: '1000\n',
    [`${two}/app.slice/loadtop/memory.current`]: '700\n',
    [`${two}/app.slice/loadtop/memory.stat`]: 'anon 1\ninactive_file 200\n',
  });
  expect(own.quota()).toEqual({ cores: 1.5, usedMs: 2.5, periods: 40, throttled: 10 });
  expect(own.memory(5000)).toEqual({ used: 500, total: 1000 });
  expect(own.memory(1000)).toBeUndefined();
});

test('version 2: the tightest limit holds, also one of a group above', () => {
  const own = group('0::/a/b\n', {
    [`${two}/cgroup.controllers`]: 'cpu\n',
    [`${two}/a/b/cpu.max`]: '400000 100000\n',
    [`${two}/a/cpu.max`]: '200000 100000\n',
    [`${two}/a/cpu.stat`]: 'usage_usec 1000\nnr_periods 1\nnr_throttled 0\n',
  });
  expect(own.quota()).toEqual({ cores: 2, usedMs: 1, periods: 1, throttled: 0 });
});

test('version 1: the root of a container, where the path is the host’s', () => {
  const own = group('4:memory:/docker/12ab\n3:cpu,cpuacct:/docker/12ab\n', {
    [`${two}/cpu/cpu.cfs_quota_us`]: '50000\n',
    [`${two}/cpu/cpu.cfs_period_us`]: '100000\n',
    [`${two}/cpu/cpu.stat`]: 'nr_periods 8\nnr_throttled 2\nthrottled_time 5\n',
    [`${two}/cpuacct/cpuacct.usage`]: '3000000\n',
    [`${two}/memory/memory.limit_in_bytes`]: '1000\n',
    [`${two}/memory/memory.usage_in_bytes`]: '600\n',
    [`${two}/memory/memory.stat`]: 'inactive_file 1\ntotal_inactive_file 100\n',
  });
  expect(own.quota()).toEqual({ cores: 0.5, usedMs: 3, periods: 8, throttled: 2 });
  expect(own.memory(undefined)).toEqual({ used: 500, total: 1000 });
});

test.each([
  ['there is nothing', '', {}],
  [
    'there is no limit',
    '0::/\n',
    { [`${two}/cgroup.controllers`]: 'cpu\n', [`${two}/cpu.max`]: 'max 100000\n', [`${two}/memory.max`]: 'max\n' },
  ],
  [
    'the quota is −1',
    '1:cpu:/\n',
    { [`${two}/cpu/cpu.cfs_quota_us`]: '-1\n', [`${two}/cpu/cpu.cfs_period_us`]: '100000\n' },
  ],
  [
    'all is garbage',
    'x\n0::/../..\n::\n',
    { [`${two}/cgroup.controllers`]: 'cpu\n', [`${two}/cpu.max`]: 'a b c\n', [`${two}/memory.max`]: '\n' },
  ],
])('no limits where %s', (_, ownGroups, files) => {
  const own = group(ownGroups, files);
  expect([own.quota(), own.memory(1e12)]).toEqual([undefined, undefined]);
});

test('a limit whose counters are missing says so by what it leaves out', () => {
  const own = group('0::/\n', {
    [`${two}/cgroup.controllers`]: 'cpu\n',
    [`${two}/cpu.max`]: '100000 100000\n',
    [`${two}/memory.max`]: '5\n',
  });
  expect(own.quota()).toEqual({ cores: 1, usedMs: undefined, periods: undefined, throttled: undefined });
  expect(own.memory(1000)).toBeUndefined();
});
