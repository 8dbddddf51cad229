// How many workers a run should have: one more while the busiest is too busy to be exact, one less after a long while in
// which fewer would do. Pure; hiring is thread-engine.ts.

/** Busier than this on average (of a worker's loop, 0 to 1), a worker is helped. The verdict warns at .80. */
const busyRatio = 0.7;
/** Less busy than this would be after one has left, one may leave. */
const idleRatio = 0.35;
const slicesToAdd = 20;
const slicesToRemove = 300;

export class Staffing {
  readonly #least: number;
  readonly #most: number;
  readonly #utilisation = new Map<number, number>();
  #busyFor = 0;
  #idleFor = 0;

  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
  }

  /** Enters what share 0 to `workers` - 1 reported for a slice; the answer is how many workers there should be. */
  take(share: number, loopUtilisation: number, workers: number): number {
    const before = this.#utilisation.get(share) ?? loopUtilisation;
    this.#utilisation.set(share, before + (loopUtilisation - before) / 5);
    if (share !== 0) return workers;
    const all = [...this.#utilisation].filter(([index]) => index < workers).map(([, ratio]) => ratio);
    const sum = all.reduce((total, ratio) => total + ratio, 0);
    this.#busyFor = Math.max(...all) > busyRatio ? this.#busyFor + 1 : 0;
    this.#idleFor = workers > this.#least && sum / (workers - 1) < idleRatio ? this.#idleFor + 1 : 0;
    if (this.#busyFor >= slicesToAdd && workers < this.#most) return this.#changed(workers + 1);
    if (this.#idleFor >= slicesToRemove) return this.#changed(workers - 1);
    return workers;
  }

  #changed(workers: number): number {
    this.#busyFor = 0;
    this.#idleFor = 0;
    return workers;
  }
}
