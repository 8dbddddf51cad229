// Judges this machine for a load: Node, cores, descriptors, ports, clock. Pure; the figures are read in machine-facts.ts.

import { formatCount, formatLength, formatMs } from '../common/units.ts';
import type { Check } from './check.ts';
import type { LoadFigures } from './load-figures.ts';
import type { ClockWatch, MachineFacts, PortRange } from './machine-facts.ts';

/** Descriptors for everything but the load's connections: files, probes, threads. The plan of a run keeps as many. */
export const spareDescriptors = 100;

/** How long the kernel keeps the port of a connection that this side closed, ms (TCP_TIMEWAIT_LEN). */
const timeWaitMs = 60_000;
/** The same where it may be taken again as soon as timestamps differ (tcp_tw_reuse). */
const reusedMs = 1000;

const oldestNode = [22, 19] as const;

export const nodeCheck = (version: string): Check => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  const base = { name: 'node', found: version };
  if (!old) return { ...base, level: 'ok' };
  return { ...base, level: 'bad', wanted: `${oldestNode.join('.')} or newer`, todo: 'install a current Node' };
};

/** @param cores those that this process may use, its container's quota included */
export const coresCheck = (cores: number, { workers, mostWorkers, model }: LoadFigures): Check => {
  const base = { name: 'cores', found: formatCount(cores) };
  const threads = mostWorkers > workers && model !== 'full speed' ? `${workers} to ${mostWorkers}` : `${workers}`;
  const wanted = `${threads} for workers, one for everything else`;
  if (cores > workers) return { ...base, level: 'ok', wanted };
  const todo = `expect the screen and the probes to take time from the load; use -w ${Math.max(1, cores - 1)} or more cores`;
  return { ...base, level: 'warn', wanted, ...(cores > 1 ? { todo } : { todo: 'use a machine with more cores' }) };
};

/** @param limit undefined where the system does not say */
export const descriptorCheck = (limit: number | undefined, { connections, needsAll }: LoadFigures): Check => {
  const name = 'descriptors';
  if (limit === undefined) return { name, level: 'skipped', found: 'this system does not tell its limit' };
  const needed = connections + spareDescriptors;
  const found = `${formatCount(limit)} allowed`;
  const wanted = `${formatCount(needed)}: ${formatCount(connections)} connections and ${spareDescriptors} to spare`;
  if (limit >= needed) return { name, level: 'ok', found, wanted };
  // More than the limit that people usually set must be named.
  const todo = `ulimit -n ${Math.max(65_535, needed)}`;
  return { name, level: needsAll ? 'bad' : 'warn', found, wanted, todo };
};

export interface PortUse {
  /** Addresses of what is connected to: each has the whole range for itself. 0 for a Unix socket. */
  readonly addresses: number;
  /** All of them are this machine's own. */
  readonly loopback: boolean;
}

const portCount = ({ low, high }: PortRange): number => high - low + 1;

const isReused = ({ timeWaitReuse }: MachineFacts, { loopback }: PortUse): boolean =>
  timeWaitReuse === 1 || (timeWaitReuse === 2 && loopback);

/** Connections per second that the ports allow where each is used once; undefined where that is not known. */
export const connectionRateLimit = (facts: MachineFacts, use: PortUse): number | undefined => {
  if (!facts.ports || use.addresses === 0) return undefined;
  const holdMs = isReused(facts, use) ? reusedMs : timeWaitMs;
  return (portCount(facts.ports) * use.addresses * 1000) / holdMs;
};

export const portCheck = (facts: MachineFacts, use: PortUse, figures: LoadFigures): Check => {
  const name = 'port range';
  if (use.addresses === 0) return { name, level: 'skipped', found: 'a Unix socket takes no ports' };
  const { ports } = facts;
  if (!ports) return { name, level: 'skipped', found: 'this system does not tell its range' };
  const { connections, keepAlive, needsAll, requestRate = 0 } = figures;
  const holdMs = isReused(facts, use) ? reusedMs : timeWaitMs;
  const held = keepAlive ? 0 : (requestRate * holdMs) / 1000;
  const needed = Math.ceil((connections + held) / use.addresses);
  const found = `${ports.low} to ${ports.high}: ${formatCount(portCount(ports))} ports`;
  const why = held > 0 ? `, those closed are kept for ${formatLength(holdMs)}` : '';
  const wanted = `${formatCount(needed)} for ${formatCount(connections)} connections${why}`;
  if (portCount(ports) >= needed) return { name, level: 'ok', found, wanted };
  const todo = 'sysctl -w net.ipv4.ip_local_port_range="1024 65535"';
  const already = ports.low <= 1024 && ports.high >= 65_535;
  return {
    name,
    level: needsAll ? 'bad' : 'warn',
    found,
    wanted,
    todo: already ? 'the range is as wide as it can be: use more machines, or keep connections alive' : todo,
  };
};

/** How long the ports of closed connections are kept matters only where the load closes many. */
export const reuseCheck = (facts: MachineFacts, use: PortUse, figures: LoadFigures): Check => {
  const name = 'tcp_tw_reuse';
  const value = facts.timeWaitReuse;
  if (use.addresses === 0) return { name, level: 'skipped', found: 'a Unix socket takes no ports' };
  if (value === undefined) return { name, level: 'skipped', found: 'this system does not have it' };
  const found = [`${value}`, ['off', 'on', 'for loopback only'][value]].filter(Boolean).join(', ');
  if (figures.keepAlive) return { name, level: 'ok', found: `${found}; of no matter: connections are kept` };
  if (isReused(facts, use)) return { name, level: 'ok', found };
  const limit = connectionRateLimit(facts, use) ?? Number.POSITIVE_INFINITY;
  const rate = figures.requestRate;
  if (rate !== undefined && rate <= limit) return { name, level: 'ok', found };
  return {
    name,
    level: 'warn',
    found,
    wanted: `1: each request closes its connection, and its port is kept for ${formatLength(timeWaitMs)}`,
    todo: 'sysctl -w net.ipv4.tcp_tw_reuse=1',
  };
};

/** More than this within a second is no slewing by a time daemon (at most 0.5 ms a second) and no rounding (1 ms). */
const stepLimitMs = 5;

/** Times are measured by the monotonic clock: a wall clock that moves spoils only the stamps that are held beside other logs. */
export const clockCheck = ({ overMs, driftMs, stepMs }: ClockWatch): Check => {
  const name = 'clock';
  const span = formatLength(overMs);
  const moved = Math.max(Math.abs(driftMs), stepMs);
  if (moved < stepLimitMs) return { name, level: 'ok', found: `steady over ${span}` };
  const way = driftMs < 0 ? 'back' : 'ahead';
  return {
    name,
    level: 'warn',
    found: `moved ${way} by ${formatMs(moved)} ms within ${span}`,
    wanted: 'a wall clock that runs evenly',
    todo: 'look at the time daemon (timedatectl, chronyc tracking) before comparing times with other machines',
  };
};
