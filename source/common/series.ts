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

  /** The values of steps `first` to `end` (exclusive); what lies between steps counts as the step before. */
  read(first: number, end: number): Float64Array {
    const [from, to] = [Math.floor(first), Math.floor(end)];
    const values = new Float64Array(Math.max(0, to - from)).fill(Number.NaN);
    const until = Math.min(to, this.#newest + 1);
    // The ring holds them in two pieces at the most, which are copied whole: a chart of an hour reads 3,600 of each column.
    for (let step = Math.max(from, 0, this.#newest - this.capacity + 1); step < until; ) {
      const at = step % this.capacity;
      const piece = this.#values.subarray(at, Math.min(this.capacity, at + until - step));
      values.set(piece, step - from);
      step += piece.length;
    }
    return values;
  }
}
