// This machine: from a /proc made by hand, so that the numbers are known, and from the one that is there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { hostProbe } from '../../source/probes/host.ts';
import { readHostFacts, speedOf } from '../../source/probes/host-facts.ts';
import { LinuxHostProbe } from '../../source/probes/host-linux.ts';
import type { ProbeValue } from '../../source/probes/probe.ts';

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

const device = (name: string, bytesIn: number, bytesOut: number, drops = 0): string =>
  `${name}: ${bytesIn} 0 0 ${drops} 0 0 0 0 ${bytesOut} 0 0 0 0 0 0 0\n`;

const changing = (step: 0 | 1): Files => ({
  stat: step === 0 ? 'cpu  100 0 100 700 100 0 0 0 0 0\n' : 'cpu  120 0 110 760 105 2 1 2 0 0\n',
  'net/dev': `${device('lo', 5000 * step, 5000 * step)}${device('eth0', 2000 * step, 8000 * step, 4 * step)}${device('docker0', 1, 999 * step)}`,
  'net/snmp': `Tcp: RetransSegs\nTcp: ${10 + 6 * step}\n`,
  'net/netstat': `TcpExt: ListenOverflows\nTcpExt: ${24 * step}\n`,
});

const fixed: Files = {
  meminfo: 'MemTotal: 1000 kB\nMemAvailable: 400 kB\n',
  'net/route': 'Iface Destination Gateway Flags RefCnt Use Metric Mask\neth0 00000000 1 3 0 0 0 00000000 0 0 0\n',
  'net/sockstat': 'TCP: inuse 4 orphan 0 tw 1000 alloc 1 mem 2\n',
  'sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  loadavg: '2.5 1 1 1/1 1\n',
  'pressure/cpu': 'some avg10=10.00 avg60=0 avg300=0 total=1\n',
};

const line = (value: ProbeValue): string => {
  if (value.type === 'gap') return `${value.label}: (${value.reason})`;
  if (value.type === 'fact') return `${value.label}: ${value.text}`;
  const limit = value.limit === undefined ? '' : ` of ${value.limit}`;
  return `${value.label}: ${Number(value.value.toPrecision(6))}${limit} ${value.unit}`;
};

const facts = { cores: 8, title: '8 cores', values: [] };

const looks = async (root: string, local: boolean): Promise<string[]> => {
  let now = 1000;
  const probe = new LinuxHostProbe({ facts, local, root, now: () => now });
  await probe.read();
  write(root, changing(1));
  now += 2000;
  const { values } = await probe.read();
  return values.toSorted((a, b) => a.rank - b.rank).map(line);
};

test('two looks at /proc: shares, rates per second and states, what matters first', async () => {
  expect(await looks(proc({ ...fixed, ...changing(0) }), true)).toEqual([
    'cpu: 0.35 ratio',
    'net out: 4000 bytes/s',
    'net in: 1000 bytes/s',
    'loopback: 2500 bytes/s',
    'retransmits: 3 /s',
    'ports in use: 1004 of 28232 count',
    'cpu steal: 0.02 ratio',
    'memory: 614400 of 1024000 bytes',
    'listen drops: 12 /s',
    'net drops: 2 /s',
    'load average: 2.5 of 8 count',
    'cpu pressure: 0.1 ratio',
    'cpu user: 0.2 ratio',
    'cpu system: 0.1 ratio',
    'cpu interrupts: 0.03 ratio',
    'cpu waiting for io: 0.05 ratio',
  ]);
});

test('loopback is not shown for a far target; without a default route all other interfaces count', async () => {
  const lines = await looks(proc({ ...fixed, ...changing(0), 'net/route': '' }), false);
  expect(lines.filter((one) => /^(net out|loopback)/.test(one))).toEqual(['net out: 4499.5 bytes/s']);
});

test('the first look says that rates need a second one', async () => {
  const probe = new LinuxHostProbe({ facts, local: true, root: proc({ ...fixed, ...changing(0) }), now: () => 0 });
  const lines = (await probe.read()).values.map(line);
  expect(lines).toEqual(expect.arrayContaining(['cpu: (needs a second reading)', 'net out: (needs a second reading)']));
});

test('an empty /proc gives gaps with reasons, no zeroes', async () => {
  const probe = new LinuxHostProbe({ facts, local: true, root: proc({}), now: () => 0 });
  const { values } = await probe.read();
  expect(values.map(line)).toEqual([
    'cpu: (this machine has no /proc/stat)',
    'net out: (this machine does not count it)',
    'net in: (this machine does not count it)',
    'loopback: (this machine does not count it)',
    'net drops: (this machine does not count it)',
    'retransmits: (this machine does not count it)',
    'listen drops: (this machine does not count it)',
    'ports in use: (this machine has no /proc/net/sockstat)',
    'memory: (this machine has no /proc/meminfo)',
  ]);
});

test('counters that went back are no negative rate', async () => {
  const root = proc({ ...fixed, ...changing(1) });
  let now = 0;
  const probe = new LinuxHostProbe({ facts, local: true, root, now: () => now });
  await probe.read();
  write(root, changing(0));
  now = 1000;
  for (const value of (await probe.read()).values)
    if (value.type === 'value') expect(value.value).toBeGreaterThanOrEqual(0);
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
