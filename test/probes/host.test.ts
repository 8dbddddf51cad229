// This machine: from a /proc made by hand, so that the numbers are known, and from the one that is there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { hostProbe } from '../../source/probes/host.ts';
import { readHostFacts, speedOf } from '../../source/probes/host-facts.ts';
import { LinuxHostProbe } from '../../source/probes/host-linux.ts';
import { line } from './machine.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Files = Record<string, string>;

const write = (root: string, files: Files): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};

const proc = (files: Files): string => {
  const root = mkdtempSync(join(tmpdir(), 'proc-'));
  folders.push(root);
  write(root, files);
  return root;
};

const device = (name: string, bytesIn: number, bytesOut: number, drops = 0, errors = 0): string =>
  `${name}: ${bytesIn} 0 ${errors} ${drops} 0 0 0 0 ${bytesOut} 0 0 0 0 0 0 0\n`;

const changing = (step: 0 | 1): Files => ({
  stat:
    step === 0
      ? 'cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 0 0 0 0\n'
      : 'cpu  120 0 110 760 105 2 1 2 0 0\ncpu0 30 0 15 5\n',
  'net/dev': `${device('lo', 5000 * step, 5000 * step)}${device('eth0', 2000 * step, 8000 * step, 4 * step, 2 * step)}${device('docker0', 1, 999 * step)}`,
  'net/snmp': `Tcp: AttemptFails OutSegs RetransSegs\nTcp: ${step} ${600 * step} ${10 + 6 * step}\n`,
  'net/netstat': `TcpExt: ListenOverflows ListenDrops\nTcpExt: ${24 * step} ${28 * step}\n`,
  diskstats: `254 0 vda ${10 * step} 0 ${16 * step} ${40 * step} ${20 * step} 0 ${80 * step} ${10 * step} 0 ${1000 * step} ${3000 * step}\n7 0 loop0 ${step} 0 0 0 0 0 0 0 0 0 0\n`,
});

const fixed: Files = {
  meminfo: 'MemTotal: 1000 kB\nMemAvailable: 400 kB\nSwapTotal: 100 kB\nSwapFree: 60 kB\n',
  'net/route': 'Iface Destination Gateway Flags RefCnt Use Metric Mask\neth0 00000000 1 3 0 0 0 00000000 0 0 0\n',
  'net/sockstat': 'TCP: inuse 4 orphan 0 tw 1000 alloc 1 mem 2\n',
  'sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  loadavg: '2.5 1 1 1/1 1\n',
  'pressure/cpu': 'some avg10=30.00 avg60=0 avg300=0 total=1\n',
  'pressure/io': 'some avg10=2.00 avg60=0 avg300=0 total=1\n',
};

const facts = { cores: 8, title: '8 cores', values: [] };

const open = (root: string, now: () => number, local = true): LinuxHostProbe =>
  new LinuxHostProbe({ facts, local, root, sysRoot: join(root, 'kernel'), now });

const twoLooks = async (root: string, local: boolean): Promise<{ lines: string[]; probe: LinuxHostProbe }> => {
  let now = 1000;
  const probe = open(root, () => now, local);
  await probe.read();
  write(root, changing(1));
  now += 2000;
  const { values } = await probe.read();
  return { lines: values.toSorted((a, b) => a.rank - b.rank).map(line), probe };
};

test('two looks at /proc: shares, rates per second and states, what matters first', async () => {
  const { lines } = await twoLooks(proc({ ...fixed, ...changing(0), 'kernel/class/net/eth0/speed': '1\n' }), true);
  expect(lines).toEqual([
    'cpu: 0.35 ratio, ok',
    'net out: 4000 of 125000 bytes/s, ok',
    'net in: 1000 of 125000 bytes/s, ok',
    'loopback: 2500 bytes/s',
    'retransmits: 3 /s',
    'ports in use: 1004 of 28232 count, ok',
    'listen drops: 14 /s, warn',
    'cpu steal: 0.02 ratio, ok',
    'memory: 614400 of 1024000 bytes, ok',
    'load average: 2.5 of 8 count',
    'cpu pressure: 0.3 ratio, warn',
    'net drops: 2 /s',
    'net errors: 1 /s',
    'time wait: 1000 count',
    'swap: 40960 of 102400 bytes',
    'io pressure: 0.02 ratio',
    'memory pressure: (this kernel tells no /proc/pressure)',
    'cpu user: 0.2 ratio',
    'cpu system: 0.1 ratio',
    'cpu interrupts: 0.03 ratio',
    'cpu waiting for io: 0.05 ratio',
    'accept queue full: 12 /s',
    'failed connects: 0.5 /s',
    'load, 5 min: 1 of 8 count',
    'load, 15 min: 1 of 8 count',
  ]);
});

test('the tables of the same two looks', async () => {
  const { probe } = await twoLooks(proc({ ...fixed, ...changing(0) }), true);
  const tables = probe.tables();
  expect(tables.map(({ title }) => title)).toEqual(['cores', 'disks', 'network interfaces', 'memory', 'TCP']);
  const rows = (title: string) => tables.find((table) => table.title === title)?.rows;
  expect(rows('cores')?.map(([name]) => name)).toEqual(['all', '0']);
  expect(rows('cores')?.[1]?.slice(1, 4)).toEqual([{ value: 0.9, level: 'warn' }, 0.6, 0.3]);
  expect(rows('disks')).toEqual([['vda', 5, 10, 4096, 20_480, 4, 0.5, 1.5, { value: 0.5, level: 'ok' }]]);
  expect(rows('network interfaces')?.map(([name]) => name)).toEqual(['eth0', 'lo', 'docker0']);
});

test('before the first look there are no tables', () => {
  expect(open(proc({}), () => 0).tables()).toEqual([]);
});

test('loopback is not shown for a far target; without a default route the busiest real interface counts', async () => {
  const { lines } = await twoLooks(proc({ ...fixed, ...changing(0), 'net/route': '' }), false);
  expect(lines.filter((one) => /^(net out|loopback)/.test(one))).toEqual(['net out: 4000 bytes/s']);
});

test('the first look says that rates need a second one', async () => {
  const lines = (await open(proc({ ...fixed, ...changing(0) }), () => 0).read()).values.map(line);
  expect(lines).toEqual(expect.arrayContaining(['cpu: (needs a second reading)', 'net out: (needs a second reading)']));
});

test.each([
  ['empty', {}],
  [
    'full of garbage',
    Object.fromEntries(Object.keys({ ...fixed, ...changing(0) }).map((name) => [name, 'x: y\n\0 1 2\n'])),
  ],
])('a /proc that is %s gives gaps with reasons, no zeroes', async (_, files) => {
  const probe = open(proc(files), () => 0);
  await probe.read();
  const { values } = await probe.read();
  expect(values.filter(({ type }) => type !== 'gap')).toEqual([]);
  expect(values.map(line)).toEqual(
    expect.arrayContaining([
      'cpu: (no CPU times in /proc/stat)',
      'net out: (this machine does not count it)',
      'listen drops: (this machine does not count it)',
      'ports in use: (no TCP sockets in /proc/net/sockstat)',
      'memory: (not in /proc/meminfo)',
      'load average: (no load in /proc/loadavg)',
      'cpu pressure: (this kernel tells no /proc/pressure)',
    ]),
  );
  for (const { rows, note } of probe.tables()) expect([rows, note]).toEqual([[], expect.any(String)]);
});

test('counters that went back are a gap, no negative rate', async () => {
  const root = proc({ ...fixed, ...changing(1) });
  let now = 0;
  const probe = open(root, () => now);
  await probe.read();
  write(root, changing(0));
  now = 1000;
  const { values } = await probe.read();
  for (const value of values) if (value.type === 'value') expect(value.value).toBeGreaterThanOrEqual(0);
  expect(values.map(line)).toContain('net out: (the counter began anew)');
});

test('facts: cores, model and, where there is one, the interface', () => {
  const { cores, title, values } = readHostFacts();
  expect(cores).toBeGreaterThan(0);
  expect(title).toMatch(/^\d+ cores?( {2}\S+( \S+ [GM]bit\/s)?)?$/);
  expect(values.map(({ metric }) => metric)).toEqual(expect.arrayContaining(['cores', 'cpu model']));
});

test.each([
  [10_000, '10 Gbit/s'],
  [2500, '2.5 Gbit/s'],
  [100, '100 Mbit/s'],
  [-1, undefined],
  [Number.NaN, undefined],
])('a speed of %d', (megabits, text) => {
  expect(speedOf(megabits)).toBe(text);
});

test.runIf(process.platform === 'linux')('this machine has CPU and memory', async () => {
  const probe = hostProbe(true);
  const { values, title } = await probe.read(AbortSignal.timeout(1000));
  expect(values.find(({ metric }) => metric === 'memory')).toMatchObject({ type: 'value', limit: expect.any(Number) });
  expect(title).toContain('core');
  await probe.close();
});

test('where it is not Linux, CPU, memory and network come from elsewhere', async () => {
  const probe = hostProbe(true, 'elsewhere');
  const first = await probe.read(AbortSignal.timeout(5000));
  expect(first.values.find(({ metric }) => metric === 'cpu')).toMatchObject({ reason: 'needs a second reading' });
  expect(first.values.find(({ metric }) => metric === 'memory')).toMatchObject({ type: 'value', unit: 'bytes' });
  const until = process.cpuUsage().user + 60_000;
  while (process.cpuUsage().user < until) Math.sqrt(2);
  const second = await probe.read(AbortSignal.timeout(5000));
  const cpu = second.values.find(({ metric }) => metric === 'cpu');
  expect(cpu).toMatchObject({ type: 'value', unit: 'ratio' });
  expect(cpu).toHaveProperty('value', expect.any(Number));
  expect(second.values.map(({ metric }) => metric)).toEqual(expect.arrayContaining(['net.out', 'net.in']));
  await probe.close();
});
