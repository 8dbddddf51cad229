// The target's machine, from a scrape of its node_exporter: fills the same snapshot as this machine's look does, so that
// rows and tables are the same. Families come from metric-family.ts, under their matching names.
// Names: github.com/prometheus/node_exporter, version 1.0 and later on Linux.

import { safeText } from '../common/safe-text.ts';
import { formatCount } from '../common/units.ts';
import { speedOf } from './host-facts.ts';
import { machineRows } from './machine-rows.ts';
import {
  type Absences,
  type CpuTicks,
  type DiskCounters,
  isVirtualInterface,
  isWholeDisk,
  type MachineSnapshot,
  MainInterface,
  type Memory,
  type Pressure,
  type Sockets,
  type Traffic,
} from './machine-snapshot.ts';
import { machineTables } from './machine-tables.ts';
import type { Family } from './metric-family.ts';
import type { Notice, ProbeTable, ProbeValue } from './probe.ts';

type Families = ReadonlyMap<string, Family>;

/** Whether a scrape is of a machine's node_exporter. */
export const isNodeExporter = (families: Families): boolean => families.has('node_cpu_seconds');

/** What a scrape says of its machine. */
export interface MachineReading {
  readonly values: readonly ProbeValue[];
  /** `db-1, 8 cores  eth0 10 Gbit/s` */
  readonly title: string;
  readonly notices: readonly Notice[];
}

const absentFrom = (collector: string): string => `not told by node_exporter (its ${collector} collector)`;

const absent: Absences = {
  cpu: absentFrom('cpu'),
  memory: absentFrom('meminfo'),
  network: absentFrom('netdev'),
  disks: absentFrom('diskstats'),
  tcp: absentFrom('netstat'),
  sockets: absentFrom('sockstat'),
  load: absentFrom('loadavg'),
  pressure: absentFrom('pressure'),
};

/** A machine that boots says so by another boot time; a clock that is set moves it by less. */
const bootShiftS = 60;

export class NodeExporterReader {
  readonly #main = new MainInterface();
  #before: MachineSnapshot | undefined;
  #now: MachineSnapshot | undefined;
  #bootedS: number | undefined;

  /** @param atMs monotonic, when the answer came */
  read(atMs: number, families: Families): MachineReading {
    const bootedS = single(families, 'node_boot_time_seconds');
    const booted = bootedS !== undefined && this.#bootedS !== undefined && bootedS - this.#bootedS > bootShiftS;
    this.#bootedS = bootedS ?? this.#bootedS;
    this.#before = booted ? undefined : this.#now;
    this.#now = this.#look(atMs, families);
    return {
      values: machineRows(this.#before, this.#now, { loopback: false }),
      title: titleOf(this.#now),
      notices: booted ? [{ what: 'restart', level: 'warn', text: 'restarted: the machine was booted' }] : [],
    };
  }

  /** Of the newest scrape. */
  tables(): readonly ProbeTable[] {
    return this.#now ? machineTables(this.#before, this.#now) : [];
  }

  #look(atMs: number, families: Families): MachineSnapshot {
    const perCore = coresOf(families);
    const network = networkOf(families);
    const value = (name: string): number | undefined => single(families, name);
    const hostname = families.get('node_uname_info')?.samples[0]?.series.labels.nodename;
    return {
      atMs,
      hostname: hostname === undefined ? undefined : safeText(hostname, 60),
      cores: perCore.size > 0 ? perCore.size : undefined,
      cpu: perCore.size > 0 ? sumOf([...perCore.values()]) : undefined,
      perCore,
      memory: memoryOf(value('node_memory_memtotal_bytes'), value('node_memory_memavailable_bytes')),
      swap: memoryOf(value('node_memory_swaptotal_bytes'), value('node_memory_swapfree_bytes')),
      network,
      mainInterface: this.#main.pick(network, undefined),
      disks: disksOf(families),
      tcp: {
        retransmits: value('node_netstat_tcp_retranssegs'),
        segmentsOut: value('node_netstat_tcp_outsegs'),
        attemptFails: value('node_netstat_tcp_attemptfails'),
        listenOverflows: value('node_netstat_tcpext_listenoverflows'),
        listenDrops: value('node_netstat_tcpext_listendrops'),
      },
      sockets: socketsOf(
        value('node_sockstat_tcp_inuse'),
        value('node_sockstat_tcp6_inuse'),
        value('node_sockstat_tcp_tw'),
      ),
      portCount: undefined,
      load: loadOf(value('node_load1'), value('node_load5'), value('node_load15')),
      pressure: {
        cpu: pressureOf(value('node_pressure_cpu_waiting_seconds')),
        io: pressureOf(value('node_pressure_io_waiting_seconds')),
        memory: pressureOf(value('node_pressure_memory_waiting_seconds')),
      },
      quota: undefined,
      groupMemory: undefined,
      absent,
    };
  }
}

const titleOf = ({ hostname, cores, mainInterface, network }: MachineSnapshot): string => {
  const counted = cores === undefined ? undefined : `${formatCount(cores)} ${cores === 1 ? 'core' : 'cores'}`;
  const speedBytes = mainInterface === undefined ? undefined : network.get(mainInterface)?.speedBytes;
  const speed = speedBytes === undefined ? undefined : speedOf(speedBytes / 125_000);
  const link = mainInterface === undefined ? '' : [safeText(mainInterface, 16), speed].filter(Boolean).join(' ');
  return [[hostname, counted].filter(Boolean).join(', '), link].filter(Boolean).join('  ');
};

/** The value of a family's first series; undefined for what is no number. */
const single = (families: Families, name: string): number | undefined => {
  const value = families.get(name)?.samples[0]?.value;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
};

/** Values of a family by one of its labels. */
const byLabel = (families: Families, name: string, label: string): ReadonlyMap<string, number> => {
  const values = new Map<string, number>();
  for (const { series, value } of families.get(name)?.samples ?? []) {
    const key = series.labels[label];
    if (key !== undefined && Number.isFinite(value)) values.set(key, value);
  }
  return values;
};

const none: CpuTicks = { user: 0, system: 0, idle: 0, iowait: 0, irq: 0, steal: 0 };

/** What node_exporter's modes are of ours; guest time is in a family of its own, and within user time. */
const modes: Readonly<Record<string, keyof CpuTicks>> = {
  user: 'user',
  nice: 'user',
  system: 'system',
  idle: 'idle',
  iowait: 'iowait',
  irq: 'irq',
  softirq: 'irq',
  // Darwin and BSD say it so.
  interrupt: 'irq',
  steal: 'steal',
};

/** Seconds of each core by its number. */
const coresOf = (families: Families): ReadonlyMap<string, CpuTicks> => {
  const cores = new Map<string, CpuTicks>();
  for (const { series, value } of families.get('node_cpu_seconds')?.samples ?? []) {
    const { cpu, mode = '' } = series.labels;
    const key = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
    if (cpu === undefined || key === undefined || !Number.isFinite(value)) continue;
    const core = cores.get(cpu) ?? none;
    cores.set(cpu, { ...core, [key]: core[key] + value });
  }
  return new Map([...cores].sort(([a], [b]) => Number(a) - Number(b)));
};

const sumOf = (cores: readonly CpuTicks[]): CpuTicks => {
  const sum = (key: keyof CpuTicks): number => cores.reduce((total, core) => total + core[key], 0);
  return {
    user: sum('user'),
    system: sum('system'),
    idle: sum('idle'),
    iowait: sum('iowait'),
    irq: sum('irq'),
    steal: sum('steal'),
  };
};

const networkOf = (families: Families): ReadonlyMap<string, Traffic> => {
  const family = (name: string): ReadonlyMap<string, number> => byLabel(families, `node_network_${name}`, 'device');
  const [received, sent] = [family('receive_bytes'), family('transmit_bytes')];
  const [dropsIn, dropsOut] = [family('receive_drop'), family('transmit_drop')];
  const [errorsIn, errorsOut] = [family('receive_errs'), family('transmit_errs')];
  const speeds = family('speed_bytes');
  const network = new Map<string, Traffic>();
  for (const [name, bytesIn] of received) {
    const bytesOut = sent.get(name);
    if (bytesOut === undefined || isVirtualInterface(name)) continue;
    const speed = speeds.get(name) ?? 0;
    network.set(name, {
      bytesIn,
      bytesOut,
      drops: both(dropsIn.get(name), dropsOut.get(name)),
      errors: both(errorsIn.get(name), errorsOut.get(name)),
      // Where the kernel does not know it, node_exporter hands its −1 Mbit/s on.
      speedBytes: speed > 0 ? speed : undefined,
    });
  }
  return network;
};

const both = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

const disksOf = (families: Families): ReadonlyMap<string, DiskCounters> => {
  const family = (name: string): ReadonlyMap<string, number> => byLabel(families, `node_disk_${name}`, 'device');
  const [reads, writes] = [family('reads_completed'), family('writes_completed')];
  const [readBytes, writtenBytes] = [family('read_bytes'), family('written_bytes')];
  const [readS, writeS] = [family('read_time_seconds'), family('write_time_seconds')];
  const [busyS, queueS] = [family('io_time_seconds'), family('io_time_weighted_seconds')];
  const disks = new Map<string, DiskCounters>();
  for (const name of reads.keys()) {
    if (!isWholeDisk(name)) continue;
    const all = [reads, writes, readBytes, writtenBytes, readS, writeS, busyS, queueS].map((one) => one.get(name));
    if (!all.every((value) => value !== undefined)) continue;
    const [r, w, rBytes, wBytes, rSeconds, wSeconds, busy, queue] = all;
    disks.set(name, {
      reads: r!,
      writes: w!,
      readBytes: rBytes!,
      writtenBytes: wBytes!,
      readMs: rSeconds! * 1000,
      writeMs: wSeconds! * 1000,
      busyMs: busy! * 1000,
      queueMs: queue! * 1000,
    });
  }
  return disks;
};

const memoryOf = (total: number | undefined, free: number | undefined): Memory | undefined =>
  total === undefined || free === undefined ? undefined : { used: Math.max(0, total - free), total };

const socketsOf = (four: number | undefined, six = 0, timeWait: number | undefined): Sockets | undefined =>
  four === undefined || timeWait === undefined ? undefined : { inUse: four + six, timeWait };

const loadOf = (one: number | undefined, five: number | undefined, fifteen: number | undefined) =>
  one === undefined || five === undefined || fifteen === undefined ? undefined : ([one, five, fifteen] as const);

/** The kernel's own average is not handed on: only the time since boot. */
const pressureOf = (waitedS: number | undefined): Pressure | undefined =>
  waitedS === undefined ? undefined : { averageRatio: undefined, waitedMs: waitedS * 1000 };
