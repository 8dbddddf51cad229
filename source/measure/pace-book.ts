// What ended in each second of a run, for its rates: over the time in which load was driven, which is known only at the
// end. The newest seconds are kept one by one, older ones as a sum, so that a run without an end does not grow.

import { achievedOf } from './interval.ts';
import type { Second } from './second.ts';

/** What ended: iterations with an HTTP response, good ones, and requests. */
export interface Pace {
  readonly achieved: number;
  readonly good: number;
  readonly requests: number;
}

/** Seconds that are kept one by one: the drain at the end of a run is shorter. */
const openSeconds = 3600;

const noPace: Pace = { achieved: 0, good: 0, requests: 0 };

const add = (a: Pace, b: Pace): Pace => ({
  achieved: a.achieved + b.achieved,
  good: a.good + b.good,
  requests: a.requests + b.requests,
});

const paceOf = ({ flows, series }: Second): Pace => ({
  achieved: achievedOf(flows),
  good: flows.good,
  requests: series.reduce((sum, { good, notGood }) => sum + good + notGood, 0),
});

export class PaceBook {
  readonly #open = new Map<number, Pace>();
  #before = noPace;
  #firstOpen = 0;

  /** Enters a second, or what came late of one. */
  take(second: Second): void {
    const index = second.second;
    if (index < this.#firstOpen) {
      this.#before = add(this.#before, paceOf(second));
      return;
    }
    this.#open.set(index, add(this.#open.get(index) ?? noPace, paceOf(second)));
    if (this.#open.size <= openSeconds) return;
    const oldest = Math.min(...this.#open.keys());
    this.#before = add(this.#before, this.#open.get(oldest)!);
    this.#open.delete(oldest);
    this.#firstOpen = oldest + 1;
  }

  /** Per second, over `lengthMs`: of the seconds that began before run time `endMs`. */
  rates(endMs: number, lengthMs: number): Pace {
    let sum = this.#before;
    for (const [second, pace] of this.#open) if (second * 1000 < endMs) sum = add(sum, pace);
    const seconds = Math.max(0.001, lengthMs / 1000);
    return { achieved: sum.achieved / seconds, good: sum.good / seconds, requests: sum.requests / seconds };
  }
}
