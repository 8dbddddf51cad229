// What happened on a machine between two looks: growth of counters, rates per second, shares of CPU time. Whether it is
// much is for machine-rows.ts and machine-tables.ts.

import type { CpuTicks, MachineSnapshot } from './machine-snapshot.ts';

/** Why there is no rate yet. */
export const needsSecond = 'needs a second reading';
const beganAnew = 'the counter began anew';

/** A number, or why there is none. */
export type Known = { readonly value: number } | { readonly reason: string };

/** Shares of all CPU time, 0 to 1. */
export interface CpuShares extends CpuTicks {
  /** All but idle and waiting for I/O; time taken by the hypervisor counts, for nobody else could have had it. */
  readonly busy: number;
}

export class MachineChange {
  readonly before: MachineSnapshot | undefined;
  readonly now: MachineSnapshot;

  /** @param before undefined: nothing but states can be told */
  constructor(before: MachineSnapshot | undefined, now: MachineSnapshot) {
    this.before = before;
    this.now = now;
  }

  /** Growth of a counter per second. @param absent why, where the machine has no such counter */
  rate(pick: (snapshot: MachineSnapshot) => number | undefined, absent: string): Known {
    const grown = this.growth(pick, absent);
    const seconds = (this.now.atMs - (this.before?.atMs ?? this.now.atMs)) / 1000;
    if ('reason' in grown) return grown;
    return seconds > 0 ? { value: grown.value / seconds } : { reason: needsSecond };
  }

  /** Growth of a counter between the looks. */
  growth(pick: (snapshot: MachineSnapshot) => number | undefined, absent: string): Known {
    const now = pick(this.now);
    if (now === undefined) return { reason: absent };
    const before = this.before && pick(this.before);
    if (before === undefined) return { reason: needsSecond };
    // An interface that was taken down and up again begins at 0, as all does after a boot.
    return now < before ? { reason: beganAnew } : { value: now - before };
  }

  /** Time between the looks, ms; undefined without two. */
  get spanMs(): number | undefined {
    const span = this.before && this.now.atMs - this.before.atMs;
    return span !== undefined && span > 0 ? span : undefined;
  }
}

/** How CPU time was spent between two looks; undefined where none went by. */
export const cpuShares = (before: CpuTicks | undefined, now: CpuTicks | undefined): CpuShares | undefined => {
  if (!before || !now) return undefined;
  // The kernel's idle and iowait counters may go back by a tick.
  const grown = (key: keyof CpuTicks): number => Math.max(0, now[key] - before[key]);
  const [user, system, idle] = [grown('user'), grown('system'), grown('idle')];
  const [iowait, irq, steal] = [grown('iowait'), grown('irq'), grown('steal')];
  const total = user + system + idle + iowait + irq + steal;
  if (!(total > 0)) return undefined;
  return {
    user: user / total,
    system: system / total,
    idle: idle / total,
    iowait: iowait / total,
    irq: irq / total,
    steal: steal / total,
    busy: (total - idle - iowait) / total,
  };
};
