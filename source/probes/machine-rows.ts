// The rows of a machine's panel: two looks in, readings with their limits and levels out, the same for this machine and
// for a target's. Where the looks come from is host-linux.ts and node-exporter.ts; the details are machine-tables.ts.

import { cpuShares, type Known, MachineChange, needsSecond } from './machine-change.ts';
import { groupRows } from './machine-group-rows.ts';
import {
  type Bounds,
  fullBounds,
  gap,
  levelOf,
  memoryBounds,
  portBounds,
  pressureBounds,
  row,
  stealBounds,
} from './machine-row.ts';
import type { MachineSnapshot, Memory, PressureOf, Traffic } from './machine-snapshot.ts';
import type { ProbeValue } from './probe.ts';

export interface MachineRowsOptions {
  /** The target is on this machine or near it: traffic through loopback is shown. */
  readonly loopback: boolean;
}

/** Readings, facts and gaps of a machine; ranks 0 to 27. @param before the look before; undefined at the first */
export const machineRows = (
  before: MachineSnapshot | undefined,
  now: MachineSnapshot,
  { loopback }: MachineRowsOptions,
): ProbeValue[] => {
  const change = new MachineChange(before, now);
  return [
    ...cpuRows(change),
    ...groupRows(change),
    ...networkRows(change, loopback),
    ...tcpRows(change),
    ...socketRows(now),
    ...memoryRows(now),
    ...loadRows(now),
    ...pressureRows(change),
  ];
};

/** Shares of all cores, by what they were spent on. */
const cpuRows = ({ before, now }: MachineChange): ProbeValue[] => {
  const shares = cpuShares(before?.cpu, now.cpu);
  if (!shares) return [gap('cpu', 'cpu', 0, now.cpu ? needsSecond : now.absent.cpu)];
  const share = (metric: string, label: string, rank: number, value: number, bounds?: Bounds): ProbeValue =>
    row({ value }, { metric, label, rank, unit: 'ratio', level: bounds && levelOf(value, bounds) });
  return [
    share('cpu', 'cpu', 0, shares.busy, fullBounds),
    share('cpu.steal', 'cpu steal', 10, shares.steal, stealBounds),
    share('cpu.user', 'cpu user', 20, shares.user),
    share('cpu.system', 'cpu system', 21, shares.system),
    share('cpu.irq', 'cpu interrupts', 22, shares.irq),
    share('cpu.iowait', 'cpu waiting for io', 23, shares.iowait),
  ];
};

const networkRows = (change: MachineChange, loopback: boolean): ProbeValue[] => {
  const { mainInterface: main, network, absent } = change.now;
  const speed = main === undefined ? undefined : network.get(main)?.speedBytes;
  const bytes = (name: string | undefined, key: 'bytesIn' | 'bytesOut'): Known =>
    change.rate((look) => (name === undefined ? undefined : look.network.get(name)?.[key]), absent.network);
  const against = (metric: string, label: string, rank: number, known: Known): ProbeValue => {
    const level = speed !== undefined && 'value' in known ? levelOf(known.value / speed, fullBounds) : undefined;
    return row(known, { metric, label, rank, unit: 'bytes/s', kind: 'rate', limit: speed, level });
  };
  const lost = (metric: string, label: string, rank: number, key: 'drops' | 'errors'): ProbeValue =>
    row(
      change.rate((look) => sumOf(look.network, key), absent.network),
      { metric, label, rank, unit: '/s', kind: 'rate' },
    );
  const own = { metric: 'loopback', label: 'loopback', rank: 3, unit: 'bytes/s', kind: 'rate' } as const;
  return [
    against('net.out', 'net out', 1, bytes(main, 'bytesOut')),
    against('net.in', 'net in', 2, bytes(main, 'bytesIn')),
    ...(loopback ? [row(bytes('lo', 'bytesOut'), own)] : []),
    lost('net.drops', 'net drops', 14, 'drops'),
    lost('net.errors', 'net errors', 15, 'errors'),
  ];
};

/** Of all interfaces but loopback: a bond's losses may be told of it or of its parts. */
const sumOf = (network: ReadonlyMap<string, Traffic>, key: 'drops' | 'errors'): number | undefined => {
  const others = [...network].flatMap(([name, { [key]: value }]) =>
    name === 'lo' || value === undefined ? [] : [value],
  );
  return others.length === 0 ? undefined : others.reduce((sum, value) => sum + value, 0);
};

const tcpRows = (change: MachineChange): ProbeValue[] => {
  const { tcp: absent } = change.now.absent;
  const rate = { unit: '/s', kind: 'rate' } as const;
  const drops = change.rate(({ tcp }) => tcp.listenDrops, absent);
  // A connection dropped from a full accept queue is tried again a second later: any of them is worth a look.
  const level = 'value' in drops ? levelOf(drops.value, { warn: 0 }) : undefined;
  return [
    row(
      change.rate(({ tcp }) => tcp.retransmits, absent),
      { metric: 'retransmits', label: 'retransmits', rank: 4, ...rate },
    ),
    row(drops, { metric: 'listen.drops', label: 'listen drops', rank: 9, level, ...rate }),
    row(
      change.rate(({ tcp }) => tcp.listenOverflows, absent),
      { metric: 'listen.overflows', label: 'accept queue full', rank: 24, ...rate },
    ),
    row(
      change.rate(({ tcp }) => tcp.attemptFails, absent),
      { metric: 'connect.failures', label: 'failed connects', rank: 25, ...rate },
    ),
  ];
};

const socketRows = ({ sockets, portCount, absent }: MachineSnapshot): ProbeValue[] => {
  const unit = 'count';
  const ports = { metric: 'ports', label: 'ports in use', rank: 5, unit } as const;
  const waiting = { metric: 'time.wait', label: 'time wait', rank: 16, unit } as const;
  if (!sockets) return [row({ reason: absent.sockets }, ports), row({ reason: absent.sockets }, waiting)];
  const used = sockets.inUse + sockets.timeWait;
  const level = portCount === undefined ? undefined : levelOf(used / portCount, portBounds);
  return [row({ value: used }, { ...ports, limit: portCount, level }), row({ value: sockets.timeWait }, waiting)];
};

const memoryRows = ({ memory, swap, absent }: MachineSnapshot): ProbeValue[] => {
  const bytes = (metric: string, label: string, rank: number, of: Memory | undefined, bounds?: Bounds): ProbeValue => {
    if (!of) return gap(metric, label, rank, absent.memory);
    if (of.total === 0) return { type: 'fact', metric, label, rank, text: 'none' };
    const level = bounds && levelOf(of.used / of.total, bounds);
    return row({ value: of.used }, { metric, label, rank, unit: 'bytes', limit: of.total, level });
  };
  return [bytes('memory', 'memory', 11, memory, memoryBounds), bytes('swap', 'swap', 17, swap)];
};

const loadRows = ({ load, cores, absent }: MachineSnapshot): ProbeValue[] => {
  const one = (metric: string, label: string, rank: number, index: 0 | 1 | 2): ProbeValue =>
    row(load ? { value: load[index] } : { reason: absent.load }, { metric, label, rank, unit: 'count', limit: cores });
  return [
    one('load', 'load average', 12, 0),
    one('load.5', 'load, 5 min', 26, 1),
    one('load.15', 'load, 15 min', 27, 2),
  ];
};

const pressureRows = (change: MachineChange): ProbeValue[] => {
  const one = (metric: string, label: string, rank: number, of: PressureOf, bounds?: Bounds): ProbeValue => {
    const known = pressureOf(change, of);
    const level = bounds && 'value' in known ? levelOf(known.value, bounds) : undefined;
    return row(known, { metric, label, rank, unit: 'ratio', level });
  };
  return [
    one('pressure.cpu', 'cpu pressure', 13, 'cpu', pressureBounds),
    one('pressure.io', 'io pressure', 18, 'io'),
    one('pressure.memory', 'memory pressure', 19, 'memory'),
  ];
};

/** The kernel's own average where it is told, else the share of the time since the look before. */
const pressureOf = (change: MachineChange, of: PressureOf): Known => {
  const average = change.now.pressure[of]?.averageRatio;
  if (average !== undefined) return { value: average };
  const waited = change.rate(({ pressure }) => pressure[of]?.waitedMs, change.now.absent.pressure);
  return 'value' in waited ? { value: Math.min(1, waited.value / 1000) } : waited;
};
