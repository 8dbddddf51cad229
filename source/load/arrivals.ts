// Where arrivals lie on the integral of the rate: one apart (uniform), or a Poisson process in unit rate that the plan then
// stretches over time. Because a position depends only on the arrival's number, any worker finds the same instants.

import { draw } from '../common/random.ts';

/** Positions of arrivals on the integral of the rate; ascending. */
export interface Arrivals {
  /** The position of arrival `n` (n from 0). */
  position(n: number): number;
  /** How many arrivals have a position of at most `position`. */
  countUpTo(position: number): number;
}

export type ArrivalKind = 'uniform' | 'poisson';

/** One arrival in the middle of each unit, so that rate × time gives exactly that many, and a rate of 0 gives none. */
export const uniform: Arrivals = {
  position: (n) => n + 0.5,
  countUpTo: (position) => Math.max(0, Math.floor(position + 0.5)),
};

/** Draws of a gap use a stream of their own, so that they do not correlate with the scenario choice of the arrival. */
const gapStream = 1;
const checkpointEvery = 1024;

/**
 * A Poisson process of unit rate: gaps are exponential, drawn by arrival number. A non-homogeneous process follows from it
 * by time-rescaling (Lewis & Shedler 1979): the plan maps position to time.
 *
 * Positions are sums of gaps, so going forward costs one draw for each arrival, and going back at most 1,024.
 */
export class PoissonArrivals implements Arrivals {
  readonly #seed: number;
  /** checkpoints[k]: the position of arrival k × 1,024. */
  readonly #checkpoints: number[];
  #n = 0;
  #position: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.#position = this.#gap(0);
    this.#checkpoints = [this.#position];
  }

  position(n: number): number {
    if (n < this.#n) this.#goTo(Math.floor(n / checkpointEvery));
    while (this.#n < n) this.#step();
    return this.#position;
  }

  countUpTo(position: number): number {
    if (position < this.#checkpoints[0]!) return 0;
    if (position < this.#position) {
      let low = 0;
      let high = this.#checkpoints.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (this.#checkpoints[middle]! <= position) low = middle;
        else high = middle - 1;
      }
      this.#goTo(low);
    }
    while (this.#position + this.#gap(this.#n + 1) <= position) this.#step();
    return this.#n + 1;
  }

  #goTo(checkpoint: number): void {
    this.#n = checkpoint * checkpointEvery;
    this.#position = this.#checkpoints[checkpoint]!;
  }

  #step(): void {
    this.#n += 1;
    this.#position += this.#gap(this.#n);
    if (this.#n === this.#checkpoints.length * checkpointEvery) this.#checkpoints.push(this.#position);
  }

  #gap(n: number): number {
    return -Math.log(1 - draw(this.#seed, n, gapStream));
  }
}

/** The arrivals of a run. */
export const arrivalsOf = (kind: ArrivalKind, seed: number): Arrivals =>
  kind === 'poisson' ? new PoissonArrivals(seed) : uniform;
