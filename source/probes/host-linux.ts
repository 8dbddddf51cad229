// This machine, from Linux' /proc and /sys: a dozen and a half reads of small files a look, no child process. What the
// text of the files means is proc-text.ts and control-group.ts; what comes of the look machine-rows.ts.

import { hostname } from 'node:os';
import { safeText } from '../common/safe-text.ts';
import { ControlGroup } from './control-group.ts';
import { fileText } from './file-text.ts';
import type { HostFacts } from './host-facts.ts';
import { machineRows } from './machine-rows.ts';
import { type Absences, isWholeDisk, type MachineSnapshot, MainInterface, type Traffic } from './machine-snapshot.ts';
import { machineTables } from './machine-tables.ts';
import type { Probe, ProbeResult, ProbeTable } from './probe.ts';
import {
  parseCores,
  parseCpu,
  parseDefaultInterface,
  parseDisks,
  parseLoad,
  parseMemory,
  parsePortCount,
  parsePressure,
  parseProtocolField,
  parseSockets,
  parseSwap,
  parseTraffic,
} from './proc-text.ts';

export interface LinuxHostOptions {
  readonly facts: HostFacts;
  /** The target is on this machine or near it: traffic through loopback is shown. */
  readonly local: boolean;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  /** In place of /proc; for tests. */
  readonly root?: string;
  /** In place of /sys; for tests. */
  readonly sysRoot?: string;
}

const absent: Absences = {
  cpu: 'no CPU times in /proc/stat',
  memory: 'not in /proc/meminfo',
  network: 'this machine does not count it',
  disks: 'no disk in /proc/diskstats was ever used',
  tcp: 'this machine does not count it',
  sockets: 'no TCP sockets in /proc/net/sockstat',
  load: 'no load in /proc/loadavg',
  pressure: 'this kernel tells no /proc/pressure',
};

export class LinuxHostProbe implements Probe {
  readonly id = 'host';
  readonly kind = 'host';
  readonly target = 'this machine';
  readonly #options: LinuxHostOptions;
  readonly #proc: string;
  readonly #sys: string;
  readonly #group: ControlGroup;
  readonly #portCount: number | undefined;
  readonly #defaultInterface: string | undefined;
  readonly #main = new MainInterface();
  /** Asked for once: some drivers talk to the hardware for it. */
  readonly #speeds = new Map<string, number | undefined>();
  #before: MachineSnapshot | undefined;
  #now: MachineSnapshot | undefined;

  constructor(options: LinuxHostOptions) {
    this.#options = options;
    this.#proc = options.root ?? '/proc';
    this.#sys = options.sysRoot ?? '/sys';
    this.#group = new ControlGroup({ proc: this.#proc, sys: this.#sys });
    this.#portCount = parsePortCount(this.#file('sys/net/ipv4/ip_local_port_range'));
    this.#defaultInterface = parseDefaultInterface(this.#file('net/route'));
  }

  async read(): Promise<ProbeResult> {
    const { facts, local } = this.#options;
    this.#before = this.#now;
    this.#now = this.#look();
    return {
      values: [...machineRows(this.#before, this.#now, { loopback: local }), ...facts.values],
      title: facts.title,
    };
  }

  tables(): readonly ProbeTable[] {
    return this.#now ? machineTables(this.#before, this.#now) : [];
  }

  async close(): Promise<void> {}

  #look(): MachineSnapshot {
    const stat = this.#file('stat');
    const meminfo = this.#file('meminfo');
    const memory = parseMemory(meminfo);
    const network = this.#network();
    const [snmp, netstat] = [this.#file('net/snmp'), this.#file('net/netstat')];
    return {
      atMs: this.#options.now(),
      hostname: safeText(hostname(), 60),
      cores: this.#options.facts.cores,
      cpu: parseCpu(stat),
      perCore: parseCores(stat),
      memory,
      swap: parseSwap(meminfo),
      network,
      mainInterface: this.#main.pick(network, this.#defaultInterface),
      disks: new Map([...parseDisks(this.#file('diskstats'))].filter(([name]) => isWholeDisk(name))),
      tcp: {
        retransmits: parseProtocolField(snmp, 'Tcp', 'RetransSegs'),
        segmentsOut: parseProtocolField(snmp, 'Tcp', 'OutSegs'),
        attemptFails: parseProtocolField(snmp, 'Tcp', 'AttemptFails'),
        listenOverflows: parseProtocolField(netstat, 'TcpExt', 'ListenOverflows'),
        listenDrops: parseProtocolField(netstat, 'TcpExt', 'ListenDrops'),
      },
      sockets: parseSockets(this.#file('net/sockstat'), this.#file('net/sockstat6')),
      portCount: this.#portCount,
      load: parseLoad(this.#file('loadavg')),
      pressure: {
        cpu: parsePressure(this.#file('pressure/cpu')),
        io: parsePressure(this.#file('pressure/io')),
        memory: parsePressure(this.#file('pressure/memory')),
      },
      quota: this.#group.quota(),
      groupMemory: this.#group.memory(memory?.total),
      absent,
    };
  }

  #network(): ReadonlyMap<string, Traffic> {
    const traffic = parseTraffic(this.#file('net/dev'));
    for (const [name, counters] of traffic) {
      if (!this.#speeds.has(name)) this.#speeds.set(name, this.#speed(name));
      traffic.set(name, { ...counters, speedBytes: this.#speeds.get(name) });
    }
    return traffic;
  }

  /** Bytes per second of a link; the kernel gives Mbit/s, and −1 or nothing where it does not know. */
  #speed(name: string): number | undefined {
    const megabits = Number(fileText(`${this.#sys}/class/net/${name}/speed`));
    return megabits > 0 ? megabits * 125_000 : undefined;
  }

  #file(name: string): string {
    return fileText(`${this.#proc}/${name}`);
  }
}
