// A column of numbers over run time, in a ring of fixed size: one value for each step, a gap (NaN) where nothing was
// measured. A gap is not zero, and it is drawn as a break.

export class Series {
  /** Length of a step in ms; value k covers run time [k × stepMs, (k + 1) × stepMs). */
  readonly stepMs: number;
  readonly capacity: number;
  readonly #values: Float64Array;
  /** The newest step that was set, or -1. */
  #newest = -1;

  constructor(stepMs: number, capacity: number) {
    this.stepMs = stepMs;
    this.capacity = capacity;
    this.#values = new Float64Array(capacity).fill(Number.NaN);
  }

  /** The newest step that was set, or -1 for an empty series. */
  get newest(): number {
    return this.#newest;
  }

  /** The step that holds run time `t` (ms). */
  stepOf(t: number): number {
    return Math.floor(t / this.stepMs);
  }

  /** Sets the value of a step; steps skipped on the way become gaps; a step that has left the ring is ignored. */
  set(step: number, value: number): void {
    if (step < 0 || step <= this.#newest - this.capacity) return;
    if (step > this.#newest) {
      const skipped = Math.min(step - this.#newest - 1, this.capacity);
      for (let back = 1; back <= skipped; back += 1) this.#values[(step - back) % this.capacity] = Number.NaN;
      this.#newest = step;
    }
    this.#values[step % this.capacity] = value;
  }

  /** The value of a step; NaN for a gap, and for what the ring no longer or not yet holds. */
  get(step: number): number {
    if (step < 0 || step > this.#newest || step <= this.#newest - this.capacity) return Number.NaN;
    return this.#values[step % this.capacity]!;
  }

  /** The values of steps `from` to `to` (exclusive). */
  read(from: number, to: number): Float64Array {
    const values = new Float64Array(Math.max(0, to - from));
    for (let step = from; step < to; step += 1) values[step - from] = this.get(step);
    return values;
  }
}
