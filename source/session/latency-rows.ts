// Response times of each second on a logarithmic grid, for the heat map: fixed arrays for an hour, whatever was measured.
// Fed by history.ts; percentiles are never read from it, as its rows are too coarse for that.

import type { SparseCounts } from '../measure/histogram.ts';
import { lowestOf, slotCount } from '../measure/histogram.ts';
import type { LatencyGrid } from './state.ts';

/** The grid: from 0.1 ms to 100 s, twenty rows a decade. What is shorter or longer counts in its first or last row. */
const lowestMs = 0.1;
const decades = 6;
const rowsPerDecade = 20;
const rowCount = decades * rowsPerDecade;

/** Seconds that are kept. */
const capacity = 3600;

/** Lower edges of the rows in ms, ascending, and the upper edge of the last one. */
export const latencyEdges: readonly number[] = Array.from(
  { length: rowCount + 1 },
  (_, row) => Math.round(lowestMs * 10 ** (row / rowsPerDecade) * 1e6) / 1e6,
);

/** The row of a span. */
const rowOf = (ms: number): number => {
  const row = Math.floor(Math.log10(ms / lowestMs) * rowsPerDecade + 1e-9);
  return Math.min(rowCount - 1, Math.max(0, row));
};

/** The row of each counter of a histogram. */
const rowsOfSlots = Uint8Array.from({ length: slotCount }, (_, slot) => rowOf(lowestOf(slot) / 1000));

const noCounts = new Uint32Array(rowCount);

export class LatencyRows implements LatencyGrid {
  readonly edges = latencyEdges;
  /** Made with the first count: many runs have nothing that is not good. */
  #counts: Uint32Array | undefined;
  /** The second that each place of the ring holds, or -1. */
  readonly #seconds = new Int32Array(capacity).fill(-1);

  row(second: number): Uint32Array | undefined {
    const place = second % capacity;
    if (second < 0 || this.#seconds[place] !== second) return undefined;
    return this.#counts?.subarray(place * rowCount, (place + 1) * rowCount) ?? noCounts;
  }

  /** Enters what a second had, or what came late of one; a second that has left the ring is ignored. */
  add(second: number, pairs: SparseCounts): void {
    if (second < 0) return;
    const place = second % capacity;
    const held = this.#seconds[place]!;
    if (held > second) return;
    if (held < second) {
      this.#seconds[place] = second;
      this.#counts?.fill(0, place * rowCount, (place + 1) * rowCount);
    }
    if (pairs.length === 0) return;
    this.#counts ??= new Uint32Array(capacity * rowCount);
    const from = place * rowCount;
    for (let at = 0; at < pairs.length; at += 2) this.#counts[from + rowsOfSlots[pairs[at]!]!]! += pairs[at + 1]!;
  }
}
