// This machine, from Linux' /proc: CPU, memory, network, TCP. A dozen reads of small files, 0.3 ms of CPU a second and no
// child process. What the text of the files means is proc-text.ts.

import { readFileSync } from 'node:fs';
import type { HostFacts } from './host-facts.ts';
import type { MetricUnit, Probe, ProbeResult, ProbeValue } from './probe.ts';
import {
  type CpuTicks,
  parseCpu,
  parseDefaultInterface,
  parseLoad,
  parseMemory,
  parsePortCount,
  parsePressure,
  parseProtocolField,
  parseSockets,
  parseTraffic,
  type Traffic,
} from './proc-text.ts';

export interface LinuxHostOptions {
  readonly facts: HostFacts;
  /** The target is on this machine or near it: traffic through loopback is shown. */
  readonly local: boolean;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  /** For tests. */
  readonly root?: string;
}

/** Counters of one look; undefined where this machine has none. */
interface Snapshot {
  readonly at: number;
  readonly cpu: CpuTicks | undefined;
  readonly traffic: ReadonlyMap<string, Traffic>;
  readonly retransmits: number | undefined;
  readonly overflows: number | undefined;
}

const first = 'needs a second reading';

export class LinuxHostProbe implements Probe {
  readonly id = 'host';
  readonly kind = 'host';
  readonly target = 'this machine';
  readonly #options: LinuxHostOptions;
  readonly #portCount: number | undefined;
  readonly #interface: string | undefined;
  #before: Snapshot | undefined;

  constructor(options: LinuxHostOptions) {
    this.#options = options;
    this.#portCount = parsePortCount(this.#file('sys/net/ipv4/ip_local_port_range'));
    this.#interface = parseDefaultInterface(this.#file('net/route'));
  }

  async read(): Promise<ProbeResult> {
    const now = this.#look();
    const rates = new Rates(this.#before, now);
    this.#before = now;
    const values = [
      ...cpuValues(rates),
      ...this.#networkValues(rates),
      ...this.#socketValues(rates),
      ...this.#stateValues(),
      ...this.#options.facts.values,
    ];
    return { values, title: this.#options.facts.title };
  }

  async close(): Promise<void> {}

  #look(): Snapshot {
    return {
      at: this.#options.now(),
      cpu: parseCpu(this.#file('stat')),
      traffic: parseTraffic(this.#file('net/dev')),
      retransmits: parseProtocolField(this.#file('net/snmp'), 'Tcp', 'RetransSegs'),
      overflows: parseProtocolField(this.#file('net/netstat'), 'TcpExt', 'ListenOverflows'),
    };
  }

  #networkValues(rates: Rates): ProbeValue[] {
    const loopback = this.#options.local
      ? [rates.row('loopback', 'loopback', 'bytes/s', 3, ({ traffic }) => traffic.get('lo')?.bytesOut)]
      : [];
    return [
      rates.row('net.out', 'net out', 'bytes/s', 1, ({ traffic }) => this.#sum(traffic, 'bytesOut')),
      rates.row('net.in', 'net in', 'bytes/s', 2, ({ traffic }) => this.#sum(traffic, 'bytesIn')),
      ...loopback,
      rates.row('net.drops', 'net drops', '/s', 9, ({ traffic }) => sumOf(traffic, 'drops')),
    ];
  }

  /** Of the default interface; of all but loopback where there is no default route. */
  #sum(traffic: ReadonlyMap<string, Traffic>, key: keyof Traffic): number | undefined {
    const main = this.#interface === undefined ? undefined : traffic.get(this.#interface);
    return main?.[key] ?? sumOf(traffic, key);
  }

  #socketValues(rates: Rates): ProbeValue[] {
    const sockets = parseSockets(this.#file('net/sockstat'));
    const ports = {
      type: 'value',
      metric: 'ports',
      label: 'ports in use',
      kind: 'gauge',
      unit: 'count',
      rank: 5,
    } as const;
    const values = [
      rates.row('retransmits', 'retransmits', '/s', 4, ({ retransmits }) => retransmits),
      rates.row('listen.overflows', 'listen drops', '/s', 8, ({ overflows }) => overflows),
    ];
    if (!sockets) return [...values, gap('ports', 'ports in use', 5, 'this machine has no /proc/net/sockstat')];
    const used = sockets.inUse + sockets.timeWait;
    return [...values, { ...ports, value: used, ...(this.#portCount !== undefined && { limit: this.#portCount }) }];
  }

  #stateValues(): ProbeValue[] {
    const values: ProbeValue[] = [];
    const gauge = { type: 'value', kind: 'gauge' } as const;
    const memory = parseMemory(this.#file('meminfo'));
    const load = parseLoad(this.#file('loadavg'));
    const pressure = parsePressure(this.#file('pressure/cpu'));
    if (memory) {
      const { used, total } = memory;
      values.push({ ...gauge, metric: 'memory', label: 'memory', unit: 'bytes', value: used, limit: total, rank: 7 });
    } else {
      values.push(gap('memory', 'memory', 7, 'this machine has no /proc/meminfo'));
    }
    if (load !== undefined) {
      const limit = this.#options.facts.cores;
      values.push({ ...gauge, metric: 'load', label: 'load average', unit: 'count', value: load, limit, rank: 10 });
    }
    if (pressure !== undefined) {
      values.push({
        ...gauge,
        metric: 'pressure.cpu',
        label: 'cpu pressure',
        unit: 'ratio',
        value: pressure,
        rank: 11,
      });
    }
    return values;
  }

  /** The text of a file below /proc; empty where it is not there or may not be read. */
  #file(name: string): string {
    try {
      return readFileSync(`${this.#options.root ?? '/proc'}/${name}`, 'utf8');
    } catch {
      return '';
    }
  }
}

const gap = (metric: string, label: string, rank: number, reason: string): ProbeValue => {
  return { type: 'gap', metric, label, rank, reason };
};

const sumOf = (traffic: ReadonlyMap<string, Traffic>, key: keyof Traffic): number | undefined => {
  const others = [...traffic].filter(([name]) => name !== 'lo').map(([, counters]) => counters[key]);
  return others.length === 0 ? undefined : others.reduce((sum, value) => sum + value, 0);
};

/** What changed between two looks. */
class Rates {
  readonly before: Snapshot | undefined;
  readonly now: Snapshot;

  constructor(before: Snapshot | undefined, now: Snapshot) {
    this.before = before;
    this.now = now;
  }

  /** Growth of a counter per second. */
  row(
    metric: string,
    label: string,
    unit: MetricUnit,
    rank: number,
    pick: (snapshot: Snapshot) => number | undefined,
  ): ProbeValue {
    const now = pick(this.now);
    const before = this.before && pick(this.before);
    if (now === undefined) return gap(metric, label, rank, 'this machine does not count it');
    if (!this.before || before === undefined || this.now.at <= this.before.at) return gap(metric, label, rank, first);
    // An interface that was taken down and up again begins at 0.
    const value = (Math.max(0, now - before) / (this.now.at - this.before.at)) * 1000;
    return { type: 'value', metric, label, kind: 'rate', unit, value, rank };
  }
}

/** Shares of all cores, by what they were spent on. */
const cpuValues = ({ before, now }: Rates): ProbeValue[] => {
  const rows = [
    ['cpu', 'cpu', 0],
    ['cpu.steal', 'cpu steal', 6],
    ['cpu.user', 'cpu user', 12],
    ['cpu.system', 'cpu system', 13],
    ['cpu.irq', 'cpu interrupts', 14],
    ['cpu.iowait', 'cpu waiting for io', 15],
  ] as const;
  const grown = now.cpu && before?.cpu && ticksBetween(before.cpu, now.cpu);
  const total = grown ? Object.values(grown).reduce((sum, ticks) => sum + ticks, 0) : 0;
  if (!grown || total <= 0) {
    const reason = now.cpu ? first : 'this machine has no /proc/stat';
    return rows.slice(0, 1).map(([metric, label, rank]) => gap(metric, label, rank, reason));
  }
  const busy = { ...grown, all: total - grown.idle - grown.iowait };
  const shares = [busy.all, busy.steal, busy.user, busy.system, busy.irq, busy.iowait];
  return rows.map(([metric, label, rank], index) => {
    return { type: 'value', metric, label, kind: 'gauge', unit: 'ratio', value: shares[index]! / total, rank };
  });
};

const ticksBetween = (before: CpuTicks, now: CpuTicks): CpuTicks => {
  // The kernel's idle and iowait counters may go back by a tick.
  const grown = (key: keyof CpuTicks): number => Math.max(0, now[key] - before[key]);
  return {
    user: grown('user'),
    system: grown('system'),
    idle: grown('idle'),
    iowait: grown('iowait'),
    irq: grown('irq'),
    steal: grown('steal'),
  };
};
