// Holds the size of a load against this machine: CPU for its rate, its bytes against the link, its memory, connections it
// opens anew. Estimates, each with the source of its figure. Pure.

import { formatBitRate, formatBytes, formatCount, formatRate, formatShare } from '../common/units.ts';
import { mostCoreShare, requestCost, usableCores } from './capacity.ts';
import { type Check, skipped } from './check.ts';
import type { LoadFigures } from './load-figures.ts';
import { connectionRateLimit, type PortUse } from './machine-checks.ts';
import type { MachineFacts } from './machine-facts.ts';

/** Memory of a connection: 5,000 of them took 240 MB, the program included (README, Benchmarks). */
const bytesPerConnection = 48 * 1024;
/** What a request weighs beside its body: request line and headers, an estimate. */
const headBytes = 300;
/** What TCP, IP and Ethernet add to full packets: 78 bytes on 1,460. */
const packetOverhead = 1.05;

/** Above this share of what there is, it is tight; above all of it, it cannot be. */
const tightShare = mostCoreShare;
const tightText = `${Math.round(tightShare * 100)} %`;

const levelOf = (share: number): Check['level'] => (share > 1 ? 'bad' : share > tightShare ? 'warn' : 'ok');

/** @param cores those that this process may use @param makingUs what a request takes to be made */
export const cpuCheck = (cores: number, figures: LoadFigures, makingUs = 0): Check => {
  const { requestRate, model, bodyBytes, mostWorkers } = figures;
  const name = 'cpu';
  if (model === 'full speed') return skipped(name, 'full speed takes whatever the workers have');
  if (requestRate === undefined) return skipped(name, 'how many requests come of it is up to the target');
  const cost = requestCost(makingUs, bodyBytes);
  const needed = (requestRate * cost.us) / 1e6;
  const usable = usableCores(cores, mostWorkers);
  const found = `${formatRate(requestRate)} × ${cost.text} = ${coresText(needed)} of ${cores}`;
  if (needed <= usable) return { name, level: 'ok', found };
  const level = needed > cores ? 'bad' : 'warn';
  const machines = Math.ceil(needed / usable);
  return {
    name,
    level,
    found,
    wanted: `at most ${usable.toFixed(1)}, so that none is late`,
    todo: `lower the rate to ${formatRate(Math.floor((usable * 1e6) / cost.us))}, or share it among ${formatCount(machines)} such machines`,
  };
};

const coresText = (cores: number): string => {
  const shown = cores >= 10 ? formatCount(cores) : cores >= 0.1 ? cores.toFixed(1) : 'less than 0.1';
  return `${shown} ${shown === '1.0' ? 'core' : 'cores'}`;
};

export const bandwidthCheck = (facts: MachineFacts, { loopback }: PortUse, figures: LoadFigures): Check => {
  const name = 'bandwidth';
  const { requestRate, bodyBytes } = figures;
  if (requestRate === undefined) return skipped(name, 'how many requests come of it is up to the target');
  const bytesPerSecond = requestRate * (bodyBytes + headBytes) * packetOverhead;
  const sum = `${formatRate(requestRate)} × ${formatBytes(bodyBytes + headBytes)}, heads included, = ${formatBitRate(bytesPerSecond)}`;
  if (loopback) return { name, level: 'ok', found: `${sum} out, which stays on this machine` };
  if (facts.link?.bytesPerSecond === undefined) {
    return skipped(name, `${sum} out; the speed of ${facts.link?.name ?? 'the link'} is not known`);
  }
  const { name: link, bytesPerSecond: speed } = facts.link;
  const share = bytesPerSecond / speed;
  const level = levelOf(share);
  const found = `${sum} out, ${formatShare(share)} of ${link} (${formatBitRate(speed)})`;
  if (level === 'ok') return { name, level, found };
  const todo = `lower the rate to ${formatRate(Math.floor((requestRate * tightShare) / share))}, send smaller bodies, or use more machines`;
  return { name, level, found, wanted: `at most ${tightText} of the link`, todo };
};

export const memoryCheck = ({ availableBytes }: MachineFacts, figures: LoadFigures): Check => {
  const name = 'memory';
  const { connections, maxInFlight, heldBytes } = figures;
  const needed = connections * bytesPerConnection + maxInFlight * heldBytes;
  const share = availableBytes > 0 ? needed / availableBytes : Number.POSITIVE_INFINITY;
  const parts = [
    `${formatCount(connections)} connections × ${formatBytes(bytesPerConnection)} (README, Benchmarks)`,
    ...(heldBytes > 0 ? [`${formatCount(maxInFlight)} in flight × ${formatBytes(heldBytes)}`] : []),
  ];
  const found = `${parts.join(' + ')} = ${formatBytes(needed)} of ${formatBytes(availableBytes)} available`;
  const level = levelOf(share);
  if (level === 'ok') return { name, level, found };
  return { name, level, found, todo: 'fewer users or connections, smaller bodies, or a machine with more memory' };
};

/** Only for a load without keep-alive; undefined for others. */
export const newConnectionCheck = (facts: MachineFacts, use: PortUse, figures: LoadFigures): Check | undefined => {
  const name = 'new connections';
  const { requestRate, keepAlive } = figures;
  if (keepAlive || use.addresses === 0) return undefined;
  const limit = connectionRateLimit(facts, use);
  if (limit === undefined) return skipped(name, 'this system does not tell its range of ports');
  const most = `${formatRate(Math.floor(limit))} at the most, by the ports there are`;
  if (requestRate === undefined) return { name, level: 'ok', found: most };
  const found = `${formatRate(requestRate)}, one for each request`;
  if (requestRate <= limit) return { name, level: 'ok', found: `${found}, of ${most}` };
  return {
    name,
    level: 'bad',
    found,
    wanted: most,
    todo: 'keep connections alive, lower the rate, or raise the port range and tcp_tw_reuse',
  };
};
