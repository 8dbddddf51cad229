// Reads off this machine what a load needs of it: limits of the kernel, memory, the speed of its link, the steadiness of
// its clock. What the figures mean for a load is machine-checks.ts and size-checks.ts.

import { readFileSync } from 'node:fs';
import os from 'node:os';
import { type Clock, monotonicNow, wallNow } from '../common/clock.ts';
import { parseDefaultInterface, parseMemory } from '../probes/proc-text.ts';

export interface PortRange {
  readonly low: number;
  readonly high: number;
}

export interface MachineFacts {
  /** Ports for outgoing connections; undefined where the system does not say (only Linux does). */
  readonly ports: PortRange | undefined;
  /** 0 off, 1 on, 2 for loopback only. */
  readonly timeWaitReuse: number | undefined;
  readonly availableBytes: number;
  /** Speed of the interface that leads out, bytes per second; undefined for one that does not tell (virtual ones). */
  readonly link: { readonly name: string; readonly bytesPerSecond: number | undefined } | undefined;
}

/** @param root of the file system, for tests */
export const readMachineFacts = (root = ''): MachineFacts => {
  const file = (path: string): string => {
    try {
      return readFileSync(`${root}${path}`, 'utf8');
    } catch {
      // Only Linux has them.
      return '';
    }
  };
  const memory = parseMemory(file('/proc/meminfo'));
  const name = parseDefaultInterface(file('/proc/net/route'));
  const megabits = Number(file(`/sys/class/net/${name}/speed`));
  return {
    ports: parsePortRange(file('/proc/sys/net/ipv4/ip_local_port_range')),
    timeWaitReuse: parseDigit(file('/proc/sys/net/ipv4/tcp_tw_reuse')),
    availableBytes: memory ? memory.total - memory.used : os.freemem(),
    // The kernel gives an unknown speed as -1, or not at all.
    link: name === undefined ? undefined : { name, bytesPerSecond: megabits > 0 ? megabits * 125_000 : undefined },
  };
};

/** `/proc/sys/net/ipv4/ip_local_port_range` */
export const parsePortRange = (text: string): PortRange | undefined => {
  const [, low, high] = /^(\d+)\s+(\d+)\s*$/.exec(text) ?? [];
  return low !== undefined && Number(high) >= Number(low) ? { low: Number(low), high: Number(high) } : undefined;
};

const parseDigit = (text: string): number | undefined => (/^\d\s*$/.test(text) ? Number(text) : undefined);

/** How the wall clock ran beside the monotonic one. */
export interface ClockWatch {
  readonly overMs: number;
  /** By how much the wall clock went ahead (or back, below 0) of the monotonic one, ms. */
  readonly driftMs: number;
  /** The largest change between two looks, ms. */
  readonly stepMs: number;
}

const lookEveryMs = 100;

/** Watches both clocks for about `overMs`. */
export const watchClock = async (
  clock: Pick<Clock, 'sleep'>,
  overMs = 1000,
  now: { readonly monotonic: () => number; readonly wall: () => number } = { monotonic: monotonicNow, wall: wallNow },
): Promise<ClockWatch> => {
  const apart = (): number => now.wall() - now.monotonic();
  const begun = now.monotonic();
  const first = apart();
  let last = first;
  let stepMs = 0;
  while (now.monotonic() - begun < overMs) {
    await clock.sleep(lookEveryMs);
    const next = apart();
    stepMs = Math.max(stepMs, Math.abs(next - last));
    last = next;
  }
  return { overMs: now.monotonic() - begun, driftMs: last - first, stepMs };
};
