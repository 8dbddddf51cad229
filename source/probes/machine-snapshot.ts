// What one look at a machine found, wherever it came from: /proc here (host-linux.ts), node_exporter of a target
// (node-exporter.ts). Counters since boot and states; what they mean between two looks is machine-rows.ts.

/** Time since boot by what it was spent on, in any unit that is the same from look to look: only shares are taken. */
export interface CpuTicks {
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  /** Hardware and software interrupts. */
  readonly irq: number;
  /** Taken by the hypervisor for others. */
  readonly steal: number;
}

/** Bytes; in use is what is not available. */
export interface Memory {
  readonly used: number;
  readonly total: number;
}

/** Counters of a network interface since boot, and the speed of its link. */
export interface Traffic {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Packets dropped and broken, both ways. */
  readonly drops: number | undefined;
  readonly errors: number | undefined;
  /** Bytes per second in each direction; undefined for links that have none or do not tell (virtual ones). */
  readonly speedBytes?: number | undefined;
}

/** Counters of a block device since boot. */
export interface DiskCounters {
  readonly reads: number;
  readonly writes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Time that requests spent, waiting included, ms. */
  readonly readMs: number;
  readonly writeMs: number;
  /** Time with at least one request under way, ms. */
  readonly busyMs: number;
  /** The same, weighted by the number of requests, ms. */
  readonly queueMs: number;
}

/** TCP's counters since boot; undefined where the machine does not tell. */
export interface TcpCounters {
  readonly retransmits: number | undefined;
  readonly segmentsOut: number | undefined;
  readonly listenOverflows: number | undefined;
  readonly listenDrops: number | undefined;
  readonly attemptFails: number | undefined;
}

/** TCP sockets: in use, and waiting after their close. */
export interface Sockets {
  readonly inUse: number;
  readonly timeWait: number;
}

/** Waiting for a resource: the kernel's own share of the last 10 s where it is told, and the time since boot, ms. */
export interface Pressure {
  readonly averageRatio: number | undefined;
  readonly waitedMs: number | undefined;
}

/** The CPU quota that this process and its neighbours have in their control group. */
export interface CpuQuota {
  /** Cores' worth of CPU time. */
  readonly cores: number;
  /** CPU time since the group began, ms. */
  readonly usedMs: number | undefined;
  readonly periods: number | undefined;
  /** Periods in which the quota was used up. */
  readonly throttled: number | undefined;
}

/** One look. Undefined is what the machine does not tell; `absent` says why in words where that is known. */
export interface MachineSnapshot {
  /** Monotonic, ms. */
  readonly atMs: number;
  /** Safe to print. */
  readonly hostname: string | undefined;
  readonly cores: number | undefined;
  readonly cpu: CpuTicks | undefined;
  readonly perCore: ReadonlyMap<string, CpuTicks>;
  readonly memory: Memory | undefined;
  /** A total of 0 where there is none. */
  readonly swap: Memory | undefined;
  /** Names as the machine gives them: unsafe to print. */
  readonly network: ReadonlyMap<string, Traffic>;
  /** The one that matters (`MainInterface`); undefined where there is none. */
  readonly mainInterface: string | undefined;
  /** Names as the machine gives them: unsafe to print. */
  readonly disks: ReadonlyMap<string, DiskCounters>;
  readonly tcp: TcpCounters;
  readonly sockets: Sockets | undefined;
  /** Number of ports for outgoing connections. */
  readonly portCount: number | undefined;
  /** Means over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number] | undefined;
  readonly pressure: Readonly<Record<PressureOf, Pressure | undefined>>;
  readonly quota: CpuQuota | undefined;
  /** Memory of the control group; undefined without a limit. */
  readonly groupMemory: Memory | undefined;
  readonly absent: Absences;
}

export type PressureOf = 'cpu' | 'io' | 'memory';

/** Why a part of a machine is not known, by part. */
export type Absences = Readonly<
  Record<'cpu' | 'memory' | 'network' | 'disks' | 'tcp' | 'sockets' | 'load' | 'pressure', string>
>;

/** Interfaces that carry what another one carries again, or whose traffic never leaves the machine. */
export const isVirtualInterface = (name: string): boolean =>
  /^(lo|veth.*|docker.*|br-.*|virbr.*|cni.*|cali.*|ifb.*)$/.test(name);

/**
 * Chooses the interface to show: the one that carried most since the first look, which a load makes its own. Adding all
 * up would count a bond and its parts, or a VLAN and its link, twice.
 */
export class MainInterface {
  #first: ReadonlyMap<string, number> | undefined;

  /** @param preferred among equals, such as that of the default route; then what carried most since boot */
  pick(network: ReadonlyMap<string, Traffic>, preferred: string | undefined): string | undefined {
    const bytes = new Map<string, number>();
    for (const [name, { bytesIn, bytesOut }] of network) {
      if (name === preferred || !isVirtualInterface(name)) bytes.set(name, bytesIn + bytesOut);
    }
    this.#first ??= bytes;
    const first = this.#first;
    const grown = (name: string): number => Math.max(0, (bytes.get(name) ?? 0) - (first.get(name) ?? 0));
    const rest = (name: string): number => (name === preferred ? Number.POSITIVE_INFINITY : (bytes.get(name) ?? 0));
    return [...bytes.keys()].sort((a, b) => grown(b) - grown(a) || Math.sign(rest(b) - rest(a)) || 0)[0];
  }
}

/** Whole disks: no partitions, no loops and no memory, as node_exporter leaves them out too. */
export const isWholeDisk = (name: string): boolean =>
  !/^(z?ram|loop|fd|sr|(h|s|v|xv)d[a-z]+|(nvme\d+n|mmcblk)\d+(p|boot))\d+$/.test(name);
