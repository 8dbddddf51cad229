// The details of a machine by value, from snapshots made by hand.
import { expect, test } from 'vitest';
import type { CpuTicks, DiskCounters, MachineSnapshot } from '../../source/probes/machine-snapshot.ts';
import { machineTables } from '../../source/probes/machine-tables.ts';
import type { ProbeTable } from '../../source/probes/probe.ts';
import { machine } from './machine.ts';

const table = (title: string, now: Partial<MachineSnapshot>, before: Partial<MachineSnapshot> = {}): ProbeTable => {
  const found = machineTables(machine(before), machine({ atMs: 2000, ...now })).find((one) => one.title === title);
  if (!found) throw new Error(`no table ${title}`);
  return found;
};

const ticks = (changes: Partial<CpuTicks>): CpuTicks => ({
  user: 0,
  system: 0,
  idle: 0,
  iowait: 0,
  irq: 0,
  steal: 0,
  ...changes,
});
const disk = (changes: Partial<DiskCounters>): DiskCounters => ({
  reads: 1,
  writes: 0,
  readBytes: 0,
  writtenBytes: 0,
  readMs: 0,
  writeMs: 0,
  busyMs: 0,
  queueMs: 0,
  ...changes,
});

test('cores: all together and each, with the shares of its time', () => {
  const perCore = new Map([
    ['0', ticks({ user: 85, idle: 5, steal: 10 })],
    ['1', ticks({ idle: 100 })],
  ]);
  const zero = new Map([
    ['0', ticks({})],
    ['1', ticks({})],
  ]);
  const { rows, columns } = table(
    'cores',
    { cpu: ticks({ user: 85, idle: 105, steal: 10 }), perCore },
    { cpu: ticks({}), perCore: zero },
  );
  expect(columns.filter(({ bar }) => bar).map(({ label }) => label)).toEqual(['busy']);
  expect(rows).toEqual([
    ['all', { value: 0.475, level: 'ok' }, 0.425, 0, 0, 0, { value: 0.05, level: 'ok' }],
    ['0', { value: 0.95, level: 'bad' }, 0.85, 0, 0, 0, { value: 0.1, level: 'warn' }],
    ['1', { value: 0, level: 'ok' }, 0, 0, 0, 0, { value: 0, level: 'ok' }],
  ]);
});

test('disks: requests, bytes, wait of each request, queue, share of time busy; the busiest first, unused ones left out', () => {
  const before = new Map([
    ['sda', disk({})],
    ['sdb', disk({})],
    ['sdc', disk({ reads: 0 })],
  ]);
  const now = new Map([
    ['sda', disk({})],
    [
      'sdb',
      disk({
        reads: 11,
        writes: 20,
        readBytes: 4000,
        writtenBytes: 8000,
        readMs: 50,
        writeMs: 10,
        busyMs: 1900,
        queueMs: 6000,
      }),
    ],
    ['sdc', disk({ reads: 0 })],
  ]);
  expect(table('disks', { disks: now }, { disks: before }).rows).toEqual([
    ['sdb', 5, 10, 2000, 4000, 5, 0.5, 3, { value: 0.95, level: 'bad' }],
    ['sda', 0, 0, 0, 0, undefined, undefined, 0, { value: 0, level: 'ok' }],
  ]);
});

test('a disk that was just plugged in has no rates yet', () => {
  const [row] = table('disks', { disks: new Map([['sda', disk({})]]) }).rows;
  expect(row).toEqual(['sda', ...Array<undefined>(8).fill(undefined)]);
});

test('interfaces: the busier direction against the link; names stripped of control characters', () => {
  const name = 'eth\u001b[31m0';
  const at = (bytesIn: number, bytesOut: number, lost: number) =>
    new Map([
      [name, { bytesIn, bytesOut, drops: lost, errors: lost * 2, speedBytes: 1000 }],
      ['lo', { bytesIn: 8, bytesOut: 8, drops: 0, errors: 0 }],
    ]);
  const { rows } = table('network interfaces', { network: at(200, 1700, 4) }, { network: at(0, 0, 0) });
  expect(rows).toEqual([
    [expect.not.stringContaining('\u001b'), 800, 6800, 8000, { value: 0.85, level: 'warn' }, 2, 4],
    ['lo', 0, 0, undefined, undefined, 0, 0],
  ]);
});

test('memory: swap without a total is not full of anything', () => {
  expect(table('memory', { groupMemory: { used: 95, total: 100 } }).rows).toEqual([
    ['memory', 10, 100, { value: 0.1, level: 'ok' }],
    ['swap', 0, 0, undefined],
    ['of the control group', 95, 100, { value: 0.95, level: 'warn' }],
  ]);
});

test('TCP: states now, counters per second and since boot; what is not counted has no row', () => {
  const tcp = { retransmits: 30, segmentsOut: 1000, listenOverflows: undefined, listenDrops: 5, attemptFails: 1 };
  expect(table('TCP', { tcp, sockets: { inUse: 3, timeWait: 4 } }).rows).toEqual([
    ['sockets in use', 3, undefined, undefined],
    ['time wait', 4, undefined, undefined],
    ['ports to connect from', 100, undefined, undefined],
    ['segments sent', undefined, 500, 1000],
    ['retransmits', undefined, 15, 30],
    ['failed connects', undefined, 0.5, 1],
    ['listen drops', undefined, 2.5, 5],
  ]);
});

test('a table with nothing in it says why; one with too much says how much there is', () => {
  expect(table('disks', {})).toMatchObject({ rows: [], note: 'no disks' });
  const disks = new Map(Array.from({ length: 300 }, (_, index) => [`dm-${index}`, disk({})]));
  const { rows, note } = table('disks', { disks });
  expect([rows.length, note]).toEqual([256, 'the first 256 of 300']);
});
