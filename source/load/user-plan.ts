// The number of virtual users over time, for the closed model: the same segments as an arrival plan, read as a level instead
// of a rate. User k (from 0) is active while the level is above k, so that a ramp at 10 users a second brings one each
// 100 ms, the first at once.

import { type PlanData, rateAt, type Segment } from './arrival-plan.ts';

/** Rounding allowance of a level, in users. */
const tolerance = 1e-9;

export class UserPlan {
  readonly #segments: readonly Segment[];

  constructor({ segments }: PlanData) {
    this.#segments = segments;
  }

  /** How many users are wanted at `t` (run clock, ms). */
  usersAt(t: number): number {
    const level = rateAt(this.#segments, t);
    // A ramp that has just begun wants its first user.
    const rising = this.#segmentAt(t);
    const begun = rising !== undefined && rising.to > rising.from ? tolerance * 2 : 0;
    return Math.max(0, Math.ceil(level + begun - tolerance));
  }

  /** The instant, not after `t`, at which user `k` was last begun to be wanted. */
  reachedAt(k: number, t: number): number {
    const segment = this.#segmentAt(t);
    if (!segment) return t;
    const { at, lengthMs, from, to } = segment;
    if (to <= from || from > k) return at;
    return Math.min(t, at + ((k - from) / (to - from)) * lengthMs);
  }

  /** The next instant after `t` at which the number of users may change, where `next` is the first user not wanted at `t`. */
  nextChange(next: number, t: number): number {
    const segment = this.#segmentAt(t);
    if (!segment) return this.#segments.find(({ at }) => at > t)?.at ?? Infinity;
    const { at, lengthMs, from, to } = segment;
    const end = at + lengthMs;
    if (to === from) return end;
    // Falling, somebody leaves each time the level passes a whole number; users of other shares are among them.
    const level = to > from ? next : Math.ceil(rateAt(this.#segments, t)) - 1;
    const crossing = at + ((level - from) / (to - from)) * lengthMs;
    return crossing > t && crossing < end ? crossing + tolerance : end;
  }

  #segmentAt(t: number): Segment | undefined {
    return this.#segments.find(({ at, lengthMs }) => at <= t && t < at + lengthMs);
  }
}
