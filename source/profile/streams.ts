// Streams of randomness (common/random.ts) as they are given out while a profile is compiled: in the order in which its
// templates stand, so that the same profile draws alike in each run.

/** Hands out streams of randomness, each once in a run. */
export class Streams {
  // The streams before are those of the load: scenario choice and arrivals.
  #next = 100;

  /** The first of `count` streams that nobody else has. */
  take(count = 1): number {
    const first = this.#next;
    this.#next += count;
    return first;
  }
}
