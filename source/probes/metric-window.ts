// What histograms and summaries observed lately: their increases over the last seconds, and quantiles of them. Pure: it is
// told when a scrape was. What series grew by is summed in scrape-book.ts.

/** Increases over a stretch of time. */
export interface Observed {
  /** Length of the stretch, ms; above 0. */
  readonly ms: number;
  /** Observations, and their sum in the family's unit; NaN where the family does not tell. */
  readonly count: number;
  readonly sum: number;
  /** Observations up to a bound, cumulative; empty without buckets. */
  readonly buckets: ReadonlyMap<number, number>;
}

/** The last scrapes of one distribution, over all its labels; keeps increases for `lengthMs`. */
export class ObservationWindow {
  readonly #lengthMs: number;
  readonly #ring: (Observed & { readonly at: number })[] = [];

  constructor(lengthMs = 10_000) {
    this.#lengthMs = lengthMs;
  }

  /** Takes what was observed since the scrape before. @param at local monotonic time at which this one came, ms */
  take(at: number, observed: Observed): void {
    this.#ring.push({ at, ...observed });
    while (this.#ring.length > 1 && this.#ring[0]!.at <= at - this.#lengthMs) this.#ring.shift();
  }

  /** Over the whole window; undefined before the second scrape. */
  get whole(): Observed | undefined {
    if (this.#ring.length === 0) return undefined;
    const buckets = new Map<number, number>();
    for (const one of this.#ring) {
      for (const [bound, amount] of one.buckets) buckets.set(bound, (buckets.get(bound) ?? 0) + amount);
    }
    const total = (pick: (one: Observed) => number): number => {
      const known = this.#ring.map(pick).filter((amount) => !Number.isNaN(amount));
      return known.length === 0 ? Number.NaN : known.reduce((all, amount) => all + amount, 0);
    };
    return { ms: total(({ ms }) => ms), count: total(({ count }) => count), sum: total(({ sum }) => sum), buckets };
  }
}

/** A quantile and whether it can only be said to be at least that. */
export interface Quantile {
  readonly value: number;
  /** It lies above the highest finite bound, which is `value`. */
  readonly atLeast: boolean;
}

/**
 * The quantile of a histogram's increases, as PromQL's histogram_quantile does it: linear within the bucket, the first
 * bucket from 0 unless its bound is not above 0, counts forced to be monotonic, the highest finite bound for what lies
 * in +Inf. NaN without a +Inf bucket, with fewer than two buckets, or without observations.
 * @param q 0 to 1; below it −Infinity, above it +Infinity
 * @param cumulative increase of each bucket by its upper bound
 */
export const bucketQuantile = (q: number, cumulative: ReadonlyMap<number, number>): Quantile => {
  const none = { value: Number.NaN, atLeast: false };
  if (Number.isNaN(q)) return none;
  if (q < 0) return { value: Number.NEGATIVE_INFINITY, atLeast: false };
  if (q > 1) return { value: Number.POSITIVE_INFINITY, atLeast: false };
  const buckets = [...cumulative].filter(([bound]) => !Number.isNaN(bound)).sort(([a], [b]) => a - b);
  if (buckets.length < 2 || buckets.at(-1)![0] !== Number.POSITIVE_INFINITY) return none;
  let highest = 0;
  const counts = buckets.map(([, count]) => {
    highest = Math.max(highest, count);
    return highest;
  });
  const total = counts.at(-1)!;
  if (!(total > 0)) return none;
  const rank = q * total;
  const found = counts.findIndex((count) => count >= rank);
  if (found === buckets.length - 1) return { value: buckets[found - 1]![0], atLeast: true };
  const bound = buckets[found]![0];
  if (found === 0 && bound <= 0) return { value: bound, atLeast: false };
  const start = found === 0 ? 0 : buckets[found - 1]![0];
  const below = found === 0 ? 0 : counts[found - 1]!;
  const inside = counts[found]! - below;
  // PromQL divides by 0 too where the 0-quantile lies in an empty first bucket, and says NaN.
  return { value: start + (bound - start) * ((rank - below) / inside), atLeast: false };
};
