// The details of a machine, for who zooms into its panel: what htop, iostat -x and netstat show, from the same two looks
// as the rows. What matters of it at a glance is machine-rows.ts.

import { safeText } from '../common/safe-text.ts';
import { cpuShares, type Known, MachineChange, needsSecond } from './machine-change.ts';
import { type Bounds, fullBounds, levelOf, memoryBounds, stealBounds } from './machine-row.ts';
import type { CpuTicks, DiskCounters, MachineSnapshot, Memory, TcpCounters } from './machine-snapshot.ts';
import type { ProbeTable, TableCell, TableColumn } from './probe.ts';

/** The tables of a machine. @param before the look before; undefined at the first */
export const machineTables = (before: MachineSnapshot | undefined, now: MachineSnapshot): ProbeTable[] => {
  const change = new MachineChange(before, now);
  return [coreTable(change), diskTable(change), networkTable(change), memoryTable(now), tcpTable(change)];
};

/** Rows that a table holds at most: a machine may have hundreds of cores and devices. */
const mostRows = 256;

const table = (
  title: string,
  columns: readonly TableColumn[],
  all: readonly (readonly TableCell[])[],
  none: string,
): ProbeTable => {
  const rows = all.slice(0, mostRows);
  if (rows.length === 0) return { title, columns, rows, note: none };
  return { title, columns, rows, ...(all.length > mostRows && { note: `the first ${mostRows} of ${all.length}` }) };
};

const share = (label: string): TableColumn => ({ label, unit: 'ratio' });
const leveled = (value: number | undefined, bounds: Bounds): TableCell =>
  value === undefined ? undefined : { value, level: levelOf(value, bounds) };
const cell = (known: Known): number | undefined => ('value' in known ? known.value : undefined);

/** All cores together and each of its own, as htop's bars. */
const coreTable = ({ before, now }: MachineChange): ProbeTable => {
  const columns: readonly TableColumn[] = [
    { label: 'core' },
    { label: 'busy', unit: 'ratio', bar: true },
    ...['user', 'system', 'interrupts', 'io wait', 'steal'].map(share),
  ];
  const line = (name: string, from: CpuTicks | undefined, to: CpuTicks | undefined): TableCell[] => {
    const shares = cpuShares(from, to);
    const { user, system, irq, iowait } = shares ?? {};
    return [name, leveled(shares?.busy, fullBounds), user, system, irq, iowait, leveled(shares?.steal, stealBounds)];
  };
  const each = [...now.perCore].map(([name, ticks]) => line(safeText(name, 8), before?.perCore.get(name), ticks));
  const rows = now.cpu ? [line('all', before?.cpu, now.cpu), ...each] : each;
  return table('cores', columns, rows, now.absent.cpu);
};

/** As `iostat -x`; disks that were never used since boot are left out, as there. The busiest comes first. */
const diskTable = (change: MachineChange): ProbeTable => {
  const columns: readonly TableColumn[] = [
    { label: 'disk' },
    { label: 'reads', unit: '/s' },
    { label: 'writes', unit: '/s' },
    { label: 'read', unit: 'bytes/s' },
    { label: 'written', unit: 'bytes/s' },
    { label: 'read await', unit: 'ms' },
    { label: 'write await', unit: 'ms' },
    { label: 'queue', unit: 'count' },
    { label: 'busy', unit: 'ratio', bar: true },
  ];
  const used = [...change.now.disks].filter(([, { reads, writes }]) => reads + writes > 0);
  const lines = used.map(([name]) => ({ name, use: diskUse(change, name) }));
  lines.sort((a, b) => (b.use.busy ?? 0) - (a.use.busy ?? 0));
  const rows = lines.map(({ name, use }) => [
    safeText(name, 24),
    use.reads,
    use.writes,
    use.readBytes,
    use.writtenBytes,
    use.readAwaitMs,
    use.writeAwaitMs,
    use.queue,
    leveled(use.busy, fullBounds),
  ]);
  return table('disks', columns, rows, change.now.absent.disks);
};

/** Rates of a disk; undefined for what is not known, such as the wait of reads where there were none. */
const diskUse = (change: MachineChange, name: string) => {
  const rate = (key: keyof DiskCounters): number | undefined =>
    cell(change.rate(({ disks }) => disks.get(name)?.[key], needsSecond));
  const wait = (time: number | undefined, requests: number | undefined): number | undefined =>
    time !== undefined && requests !== undefined && requests > 0 ? time / requests : undefined;
  const [reads, writes, busyMs, queueMs] = [rate('reads'), rate('writes'), rate('busyMs'), rate('queueMs')];
  return {
    reads,
    writes,
    readBytes: rate('readBytes'),
    writtenBytes: rate('writtenBytes'),
    readAwaitMs: wait(rate('readMs'), reads),
    writeAwaitMs: wait(rate('writeMs'), writes),
    // Milliseconds of requests in a second of time are the mean number of requests under way.
    queue: queueMs === undefined ? undefined : queueMs / 1000,
    // The kernel counts in ticks of its clock, so a busy second may come out a little above 1.
    busy: busyMs === undefined ? undefined : Math.min(1, busyMs / 1000),
  };
};

const bits = (bytes: number | undefined): number | undefined => (bytes === undefined ? undefined : bytes * 8);

/** Every interface that carried anything since boot, the busiest first. */
const networkTable = (change: MachineChange): ProbeTable => {
  const columns: readonly TableColumn[] = [
    { label: 'interface' },
    { label: 'in', unit: 'bit/s' },
    { label: 'out', unit: 'bit/s' },
    { label: 'link', unit: 'bit/s' },
    { label: 'of link', unit: 'ratio', bar: true },
    { label: 'drops', unit: '/s' },
    { label: 'errors', unit: '/s' },
  ];
  const { network, mainInterface, absent } = change.now;
  const lines = [...network]
    .filter(([name, { bytesIn, bytesOut }]) => name === mainInterface || bytesIn + bytesOut > 0)
    .map(([name, { speedBytes }]) => {
      const rate = (key: 'bytesIn' | 'bytesOut' | 'drops' | 'errors'): number | undefined =>
        cell(change.rate((look) => look.network.get(name)?.[key], needsSecond));
      const [bytesIn, bytesOut] = [rate('bytesIn'), rate('bytesOut')];
      return { name, speedBytes, bytesIn, bytesOut, drops: rate('drops'), errors: rate('errors') };
    });
  const most = ({ bytesIn = 0, bytesOut = 0 }: (typeof lines)[number]): number => Math.max(bytesIn, bytesOut);
  lines.sort((a, b) => most(b) - most(a));
  const rows = lines.map((line) => {
    const { speedBytes, bytesIn, bytesOut } = line;
    const known = speedBytes !== undefined && (bytesIn !== undefined || bytesOut !== undefined);
    const ofLink = leveled(known ? most(line) / speedBytes : undefined, fullBounds);
    return [safeText(line.name, 24), bits(bytesIn), bits(bytesOut), bits(speedBytes), ofLink, line.drops, line.errors];
  });
  return table('network interfaces', columns, rows, absent.network);
};

const memoryTable = ({ memory, swap, groupMemory, absent }: MachineSnapshot): ProbeTable => {
  const columns: readonly TableColumn[] = [
    { label: '' },
    { label: 'used', unit: 'bytes' },
    { label: 'total', unit: 'bytes' },
    { label: 'full', unit: 'ratio', bar: true },
  ];
  const line = (name: string, of: Memory | undefined, bounds?: Bounds): TableCell[][] => {
    if (!of) return [];
    const full = of.total > 0 ? of.used / of.total : undefined;
    return [[name, of.used, of.total, bounds ? leveled(full, bounds) : full]];
  };
  const rows = [
    ...line('memory', memory, memoryBounds),
    ...line('swap', swap),
    ...line('of the control group', groupMemory, memoryBounds),
  ];
  return table('memory', columns, rows, absent.memory);
};

/** Counters of TCP since boot and per second, and its sockets now. */
const tcpTable = (change: MachineChange): ProbeTable => {
  const columns: readonly TableColumn[] = [
    { label: '' },
    { label: 'now', unit: 'count' },
    { label: 'per second', unit: '/s' },
    { label: 'since boot', unit: 'count' },
  ];
  const { tcp, sockets, portCount, absent } = change.now;
  const counters: readonly (readonly [string, keyof TcpCounters])[] = [
    ['segments sent', 'segmentsOut'],
    ['retransmits', 'retransmits'],
    ['failed connects', 'attemptFails'],
    ['accept queue full', 'listenOverflows'],
    ['listen drops', 'listenDrops'],
  ];
  const states: readonly (readonly [string, number | undefined])[] = [
    ['sockets in use', sockets?.inUse],
    ['time wait', sockets?.timeWait],
    ['ports to connect from', portCount],
  ];
  const rows: TableCell[][] = [
    ...states.flatMap(([name, value]) => (value === undefined ? [] : [[name, value, undefined, undefined]])),
    ...counters.flatMap(([name, key]) => {
      if (tcp[key] === undefined) return [];
      return [[name, undefined, cell(change.rate((look) => look.tcp[key], absent.tcp)), tcp[key]]];
    }),
  ];
  return table('TCP', columns, rows, absent.tcp);
};
