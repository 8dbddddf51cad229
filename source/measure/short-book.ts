// By how much the generator fell short of what was wanted, in seconds in which it, not the target, was the limit: from that
// follows how many machines like this one the load takes.

import type { Second } from './second.ts';
import type { GeneratorShort } from './summary.ts';

/** Threads that are busier than `full` are what is short; below `idle` the machine stood still; between it may be short of CPU. */
const full = 0.8;
const idle = 0.5;
const mostSentRatio = 0.95;

export class ShortBook {
  #due = 0;
  #started = 0;
  #lengthMs = 0;

  /** Takes a second whose verdict was bad. */
  take({ flows, lengthMs, loopUtilisation }: Second): void {
    const fellBehind = loopUtilisation > idle && flows.started < mostSentRatio * flows.due;
    if (!(loopUtilisation > full) && !fellBehind) return;
    this.#due += flows.due;
    this.#started += flows.started;
    this.#lengthMs += lengthMs;
  }

  /** Undefined where it was not for want of CPU. */
  summary(): GeneratorShort | undefined {
    if (this.#lengthMs === 0 || this.#started === 0) return undefined;
    const perSecond = (count: number): number => (count * 1000) / this.#lengthMs;
    // Where all was sent, but late, it takes one machine more.
    const machines = Math.max(2, Math.ceil(this.#due / this.#started));
    return { wantedRate: perSecond(this.#due), sentRate: perSecond(this.#started), machines };
  }
}
