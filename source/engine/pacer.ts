// Calls the load model when its next arrival is due. Waiting is a timer: it costs next to nothing at low rates and is up to
// about 1 ms late, which the pacing delay records.

import type { Cancel, Clock } from '../common/clock.ts';

/** Longest wait in ms, so that a plan without arrivals is still looked at now and then. */
const longestMs = 100;

export class Pacer {
  readonly #clock: Clock;
  readonly #pump: () => number;
  #cancel: Cancel | undefined;
  #stopped = false;

  /** @param pump does what is due and returns the instant (run clock, ms) at which it wants to be called again */
  constructor(clock: Clock, pump: () => number) {
    this.#clock = clock;
    this.#pump = pump;
  }

  /** Pumps now, and from then on by itself. Called again, it looks anew at what is due. */
  run(): void {
    this.#cancel?.();
    if (this.#stopped) return;
    const wait = this.#pump() - this.#clock.now();
    this.#cancel = this.#clock.after(Math.min(longestMs, Math.max(0, wait)), () => this.run());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }
}
