// From which number on a machine's rows are worth a look, and what a row says where its number is not known.
import { expect, test } from 'vitest';
import { machineRows } from '../../source/probes/machine-rows.ts';
import {
  isVirtualInterface,
  isWholeDisk,
  type MachineSnapshot,
  MainInterface,
} from '../../source/probes/machine-snapshot.ts';
import { line, machine } from './machine.ts';

type Changes = Partial<MachineSnapshot>;

/** The row of a metric after a second between two looks. */
const after = (metric: string, now: Changes, before: Changes = {}): string => {
  const rows = machineRows(machine(before), machine({ atMs: 1000, ...now }), { loopback: false });
  const row = rows.find((one) => one.metric === metric);
  return row ? line(row) : 'no row';
};

const busy = (user: number, steal = 0): Changes => ({
  cpu: { user, system: 0, idle: 100 - user - steal, iowait: 0, irq: 0, steal },
});
const eth = (bytesOut: number, speedBytes?: number): Changes => ({
  network: new Map([['eth0', { bytesIn: 0, bytesOut, drops: 0, errors: 0, speedBytes }]]),
  mainInterface: 'eth0',
});
const drops = (listenDrops: number): Changes => ({ tcp: { ...machine().tcp, listenDrops } });
const psi = (averageRatio: number | undefined, waitedMs: number): Changes => ({
  pressure: { ...machine().pressure, cpu: { averageRatio, waitedMs } },
});

test.each([
  ['cpu', busy(80), 'cpu: 0.8 ratio, ok'],
  ['cpu', busy(81), 'cpu: 0.81 ratio, warn'],
  ['cpu', busy(94), 'cpu: 0.94 ratio, bad'],
  ['cpu.steal', busy(10, 5), 'cpu steal: 0.05 ratio, ok'],
  ['cpu.steal', busy(10, 6), 'cpu steal: 0.06 ratio, warn'],
  ['net.out', eth(81, 100), 'net out: 81 of 100 bytes/s, warn'],
  ['net.out', eth(94, 100), 'net out: 94 of 100 bytes/s, bad'],
  ['net.out', eth(94), 'net out: 94 bytes/s'],
  ['listen.drops', drops(0), 'listen drops: 0 /s, ok'],
  ['listen.drops', drops(1), 'listen drops: 1 /s, warn'],
  ['ports', { sockets: { inUse: 20, timeWait: 40 } }, 'ports in use: 60 of 100 count, ok'],
  ['ports', { sockets: { inUse: 21, timeWait: 40 } }, 'ports in use: 61 of 100 count, warn'],
  ['ports', { sockets: { inUse: 51, timeWait: 40 } }, 'ports in use: 91 of 100 count, bad'],
  ['ports', { portCount: undefined }, 'ports in use: 10 count'],
  ['time.wait', { sockets: { inUse: 51, timeWait: 40 } }, 'time wait: 40 count'],
  ['memory', { memory: { used: 91, total: 100 } }, 'memory: 91 of 100 bytes, warn'],
  ['swap', { swap: { used: 5, total: 100 } }, 'swap: 5 of 100 bytes'],
  ['swap', {}, 'swap: none'],
  ['pressure.cpu', psi(0.2, 0), 'cpu pressure: 0.2 ratio, ok'],
  ['pressure.cpu', psi(0.21, 0), 'cpu pressure: 0.21 ratio, warn'],
] satisfies [string, Changes, string][])('%s of %j', (metric, now, said) => {
  expect(after(metric, now, { ...eth(0), ...psi(0, 0) })).toBe(said);
});

test('pressure without the kernel’s own average is the share of the time between the looks', () => {
  expect(after('pressure.cpu', psi(undefined, 750), psi(undefined, 500))).toBe('cpu pressure: 0.25 ratio, warn');
});

test('a quota: CPU of it, and the share of its periods that were cut short', () => {
  const quota = (usedMs: number, periods: number, throttled: number): Changes => ({
    quota: { cores: 2, usedMs, periods, throttled },
  });
  expect(after('group.cpu', quota(1000, 10, 0), quota(0, 0, 0))).toBe('cpu of quota: 0.5 ratio, ok');
  expect(after('group.throttled', quota(0, 10, 3), quota(0, 0, 0))).toBe('cpu throttled: 0.3 ratio, warn');
  expect(after('group.throttled', quota(0, 4, 1), quota(0, 0, 0))).toBe('cpu throttled: 0.25 ratio, ok');
  expect(after('group.throttled', quota(0, 4, 1), quota(0, 4, 1))).toBe('cpu throttled: 0 ratio, ok');
  expect(after('group.throttled', { quota: { cores: 2, usedMs: 0, periods: undefined, throttled: undefined } })).toBe(
    'cpu throttled: (the control group does not count it)',
  );
});

test('a memory limit of the control group; without one, and without a quota, there are no rows for them', () => {
  const groupMemory = { used: 95, total: 100 };
  expect(after('group.memory', { groupMemory })).toBe('memory of limit: 95 of 100 bytes, warn');
  expect([after('group.memory', {}), after('group.cpu', {})]).toEqual(['no row', 'no row']);
});

test('what a machine does not tell is a gap with its reason', () => {
  const nothing = machine({
    cpu: undefined,
    memory: undefined,
    swap: undefined,
    sockets: undefined,
    load: undefined,
    tcp: {
      retransmits: undefined,
      segmentsOut: undefined,
      listenOverflows: undefined,
      listenDrops: undefined,
      attemptFails: undefined,
    },
  });
  const rows = machineRows(nothing, { ...nothing, atMs: 1000 }, { loopback: true });
  expect(rows.filter(({ type }) => type !== 'gap')).toEqual([]);
  expect(new Set(rows.map((row) => row.type === 'gap' && row.reason))).toEqual(
    new Set(Object.values(nothing.absent).filter((reason) => reason !== 'no disks')),
  );
});

test('two looks at the same instant give no rate', () => {
  expect(after('retransmits', { atMs: 0 })).toBe('retransmits: (needs a second reading)');
});

test('drops of an interface that does not count them are not counted as none', () => {
  const silent: Changes = { network: new Map([['eth0', { bytesIn: 0, bytesOut: 0, drops: undefined, errors: 1 }]]) };
  expect([after('net.drops', silent, silent), after('net.errors', silent, silent)]).toEqual([
    'net drops: (no network)',
    'net errors: 0 /s',
  ]);
});

test('the main interface is the preferred one until another carries more', () => {
  const main = new MainInterface();
  const carried = (eth0: number, eth1: number, lo: number): ReturnType<typeof machine>['network'] =>
    new Map(
      Object.entries({ lo, eth0, eth1 }).map(([name, bytesIn]) => [
        name,
        { bytesIn, bytesOut: 0, drops: 0, errors: 0 },
      ]),
    );
  expect(main.pick(carried(10, 500, 0), 'eth0')).toBe('eth0');
  expect(main.pick(carried(20, 505, 9999), 'eth0')).toBe('eth0');
  expect(main.pick(carried(30, 900, 9999), 'eth0')).toBe('eth1');
  expect(new MainInterface().pick(carried(10, 500, 9999), undefined)).toBe('eth1');
  expect(new MainInterface().pick(new Map(), 'eth0')).toBeUndefined();
});

test('interfaces of the machine itself, and devices that are no whole disk, are told by their names', () => {
  const names = ['lo', 'veth12ab', 'docker0', 'br-1f', 'eth0', 'bond0', 'ens5', 'wlan0', 'loud0', 'wg0'];
  expect(names.filter((name) => !isVirtualInterface(name))).toEqual(['eth0', 'bond0', 'ens5', 'wlan0', 'loud0', 'wg0']);
  const devices = [
    'sda',
    'sda1',
    'vda',
    'vdb12',
    'nvme0n1',
    'nvme0n1p2',
    'mmcblk0',
    'mmcblk0p1',
    'loop3',
    'ram0',
    'zram0',
    'dm-0',
    'md127',
    'sr0',
  ];
  expect(devices.filter(isWholeDisk)).toEqual(['sda', 'vda', 'nvme0n1', 'mmcblk0', 'dm-0', 'md127']);
});
