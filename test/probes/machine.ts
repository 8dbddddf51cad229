// A machine made by hand: a snapshot with everything in it, of which a test changes what it is about.
import type { MachineSnapshot } from '../../source/probes/machine-snapshot.ts';
import type { ProbeValue } from '../../source/probes/probe.ts';

export const machine = (changes: Partial<MachineSnapshot> = {}): MachineSnapshot => ({
  atMs: 0,
  hostname: 'db-1',
  cores: 8,
  cpu: { user: 0, system: 0, idle: 0, iowait: 0, irq: 0, steal: 0 },
  perCore: new Map(),
  memory: { used: 10, total: 100 },
  swap: { used: 0, total: 0 },
  network: new Map(),
  mainInterface: undefined,
  disks: new Map(),
  tcp: { retransmits: 0, segmentsOut: 0, listenOverflows: 0, listenDrops: 0, attemptFails: 0 },
  sockets: { inUse: 10, timeWait: 0 },
  portCount: 100,
  load: [1, 2, 3],
  pressure: { cpu: undefined, io: undefined, memory: undefined },
  quota: undefined,
  groupMemory: undefined,
  absent: {
    cpu: 'no cpu',
    memory: 'no memory',
    network: 'no network',
    disks: 'no disks',
    tcp: 'no tcp',
    sockets: 'no sockets',
    load: 'no load',
    pressure: 'no pressure',
  },
  ...changes,
});

/** A row in a line: label, number with its limit and level, or the reason why there is none. */
export const line = (value: ProbeValue): string => {
  if (value.type === 'gap') return `${value.label}: (${value.reason})`;
  if (value.type === 'fact') return `${value.label}: ${value.text}`;
  const limit = value.limit === undefined ? '' : ` of ${value.limit}`;
  const level = value.level === undefined ? '' : `, ${value.level}`;
  return `${value.label}: ${Number(value.value.toPrecision(6))}${limit} ${value.unit}${level}`;
};
