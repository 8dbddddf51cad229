// This machine, where it is not Linux: CPU from Node itself each second; memory and network from systeminformation, which
// may start child processes, no more than every five seconds.

import { cpus } from 'node:os';
import type { HostFacts } from './host-facts.ts';
import { fullBounds, levelOf, memoryBounds } from './machine-row.ts';
import type { Probe, ProbeResult, ProbeValue } from './probe.ts';

export interface PortableHostOptions {
  readonly facts: HostFacts;
  /** Monotonic clock, ms. */
  readonly now: () => number;
}

/** Least time between two looks that may start child processes, ms. */
const dearMs = 5000;

interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

export class PortableHostProbe implements Probe {
  readonly id = 'host';
  readonly kind = 'host';
  readonly target = 'this machine';
  readonly #options: PortableHostOptions;
  #cpu: CpuTimes | undefined;
  #dear: ProbeValue[] = [];
  #dearAt = Number.NEGATIVE_INFINITY;

  constructor(options: PortableHostOptions) {
    this.#options = options;
  }

  async read(): Promise<ProbeResult> {
    const cpu = this.#readCpu();
    if (this.#options.now() - this.#dearAt >= dearMs - 100) {
      this.#dearAt = this.#options.now();
      this.#dear = await readDear();
    }
    const { facts } = this.#options;
    return { values: [cpu, ...this.#dear, ...facts.values], title: facts.title };
  }

  async close(): Promise<void> {}

  #readCpu(): ProbeValue {
    const before = this.#cpu;
    const now = cpuTimes();
    this.#cpu = now;
    const row = { metric: 'cpu', label: 'cpu', rank: 0 } as const;
    const total = before ? now.total - before.total : 0;
    if (!before || total <= 0) return { type: 'gap', ...row, reason: 'needs a second reading' };
    const value = Math.max(0, now.busy - before.busy) / total;
    return { type: 'value', ...row, kind: 'gauge', unit: 'ratio', value, level: levelOf(value, fullBounds) };
  }
}

const cpuTimes = (): CpuTimes => {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq;
    busy += used;
    total += used + times.idle;
  }
  return { busy, total };
};

const readDear = async (): Promise<ProbeValue[]> => {
  const { default: si } = await import('systeminformation');
  const [memory, [network]] = await Promise.all([si.mem(), si.networkStats()]);
  const rate = (metric: string, label: string, rank: number, value: number | null | undefined): ProbeValue => {
    // The library gives null or −1 at its first look.
    if (typeof value !== 'number' || !(value >= 0))
      return { type: 'gap', metric, label, rank, reason: 'needs a second reading' };
    return { type: 'value', metric, label, kind: 'rate', unit: 'bytes/s', value, rank };
  };
  const used = memory.total - memory.available;
  return [
    rate('net.out', 'net out', 1, network?.tx_sec),
    rate('net.in', 'net in', 2, network?.rx_sec),
    {
      type: 'value',
      metric: 'memory',
      label: 'memory',
      kind: 'gauge',
      unit: 'bytes',
      value: used,
      limit: memory.total,
      level: levelOf(used / memory.total, memoryBounds),
      rank: 11,
    },
  ];
};
