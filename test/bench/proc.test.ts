import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  allowedCpus,
  cpuMsOf,
  type ProcessTimes,
  parseBusyMs,
  parseCpuList,
  parseResidentBytes,
  parseStat,
  reapedCpuMs,
  residentBytesOf,
  treeCpuMs,
  treeOf,
} from './proc.ts';

const stat = (command: string, times = '250 50 30 20'): string =>
  `4711 (${command}) S 4700 4711 4700 34816 4711 4194304 2386 10 0 0 ${times} 20 0 11 0 890 1234 567`;

describe('a line of /proc/PID/stat', () => {
  it.each(['node', 'tmux: server', 'a) S 1 (b', ''])('is read whatever the command is called: (%s)', (command) => {
    expect(parseStat(stat(command))).toEqual({ pid: 4711, parent: 4700, own: 3000, reaped: 500 });
  });

  it.each(['', 'nothing', '12 (x', stat('node', 'a b c d')])('is refused where it is none: %j', (text) => {
    expect(parseStat(text)).toBeUndefined();
  });
});

describe('the process tree', () => {
  const times = (pid: number, parent: number, own = 10, reaped = 0): ProcessTimes => ({ pid, parent, own, reaped });
  const all = [times(5, 3), times(1, 0), times(2, 1), times(3, 2, 20, 7), times(4, 1), times(6, 5, 1)];

  it('has the root and all below it, and nothing beside it', () => {
    expect(
      treeOf(2, all)
        .map(({ pid }) => pid)
        .toSorted(),
    ).toEqual([2, 3, 5, 6]);
  });

  it('is empty where the root has ended', () => {
    expect(treeOf(99, all)).toEqual([]);
  });

  it('adds up what lives and what was waited for', () => {
    expect(treeCpuMs(treeOf(3, all))).toBe(38);
  });

  it.skipIf(process.platform !== 'linux')(
    'of a real process counts a grandchild, also after it has ended',
    async () => {
      const busy = 'for (let n = 0; process.cpuUsage().user < 150_000; n++) for (let m = 0; m < 1e6; m++);';
      const parent = `require('child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(busy)}]); console.log('done'); setTimeout(() => {}, 20000)`;
      const before = reapedCpuMs();
      const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      const seen = cpuMsOf(child.pid!);
      expect(seen).toBeGreaterThanOrEqual(100);
      expect(residentBytesOf(child.pid!)).toBeGreaterThan(10e6);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(cpuMsOf(child.pid!)).toBe(0);
      expect(reapedCpuMs() - before).toBeGreaterThanOrEqual(seen);
    },
  );
});

describe('the machine', () => {
  it('was busy with everything but idling and waiting for disks', () => {
    expect(parseBusyMs('cpu  100 20 30 4000 500 6 7 8 90 10\ncpu0 1 1 1 1\n')).toBe(1710);
  });

  it.each([
    ['0-1', [0, 1]],
    ['0', [0]],
    ['0-2,5,7-8\n', [0, 1, 2, 5, 7, 8]],
    ['', []],
  ])('lists the CPUs of %j', (text, cpus) => {
    expect(parseCpuList(text === '' ? 'x' : text)).toEqual(cpus);
  });

  it.skipIf(process.platform !== 'linux')('lets this process use at least one CPU', () => {
    expect(allowedCpus().length).toBeGreaterThanOrEqual(1);
  });

  it('tells resident memory in bytes, and 0 of a process without', () => {
    expect(parseResidentBytes('Name:\tnode\nVmRSS:\t   1024 kB\n')).toBe(1_048_576);
    expect(parseResidentBytes('Name:\tkthreadd\n')).toBe(0);
  });
});
