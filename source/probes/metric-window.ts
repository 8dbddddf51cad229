// What counters and histograms say over time: how much they grew between polls, and quantiles of what was observed in
// the last seconds. Pure: it is told when a poll was. Which series go in is for recognise.ts.

/** One counter's value in a poll. */
export interface CounterPoint {
  /** Identity of the series. */
  readonly key: string;
  /** Series that restart together, such as the buckets of one histogram; the key where it stands alone. */
  readonly unit: string;
  /** What increases are summed under, such as a bucket's bound. */
  readonly group: string;
  readonly value: number;
}

/** Increases over a stretch of time. */
export interface Increase {
  /** Length of the stretch, ms; above 0. */
  readonly ms: number;
  /** Sum of the increases of each group; a group is missing where nothing of it could be compared. */
  readonly amounts: ReadonlyMap<string, number>;
  /** A counter went back in this stretch: the target was restarted. */
  readonly restarted: boolean;
}

/** The polls of one signal's counters; keeps increases for `lengthMs` and the last value of every series. */
export class CounterWindow {
  readonly #lengthMs: number;
  readonly #ring: (Increase & { readonly at: number })[] = [];
  #last: ReadonlyMap<string, number> | undefined;
  #lastAt = Number.NaN;

  constructor(lengthMs = 10_000) {
    this.#lengthMs = lengthMs;
  }

  /**
   * Takes a poll. A series whose unit went back is taken to have restarted from 0; one that was not there in the poll
   * before is taken to have been born at 0 since; NaN is a gap and changes nothing.
   * @param at local monotonic time at which the answer came, ms; polls that do not advance are ignored
   */
  push(at: number, points: readonly CounterPoint[]): void {
    if (at <= this.#lastAt) return;
    const before = this.#last;
    const now = new Map(before);
    const restarted = new Set<string>();
    for (const { key, unit, value } of points) {
      if (Number.isNaN(value)) continue;
      now.set(key, value);
      if (before && value < (before.get(key) ?? value)) restarted.add(unit);
    }
    if (before && points.length > 0) {
      const amounts = new Map<string, number>();
      for (const { key, unit, group, value } of points) {
        if (Number.isNaN(value)) continue;
        const from = restarted.has(unit) ? 0 : (before.get(key) ?? 0);
        amounts.set(group, (amounts.get(group) ?? 0) + value - from);
      }
      this.#ring.push({ at, ms: at - this.#lastAt, amounts, restarted: restarted.size > 0 });
    }
    if (points.length === 0) return;
    this.#last = forgetGone(now, points);
    this.#lastAt = at;
    while (this.#ring.length > 1 && this.#ring[0]!.at <= at - this.#lengthMs) this.#ring.shift();
  }

  /** Increases between the last two polls; undefined before the second one. */
  get latest(): Increase | undefined {
    return this.#ring.at(-1);
  }

  /** Increases over the whole window; undefined before the second poll. */
  get whole(): Increase | undefined {
    if (this.#ring.length === 0) return undefined;
    const amounts = new Map<string, number>();
    for (const one of this.#ring) {
      for (const [group, amount] of one.amounts) amounts.set(group, (amounts.get(group) ?? 0) + amount);
    }
    const ms = this.#ring.reduce((sum, one) => sum + one.ms, 0);
    return { ms, amounts, restarted: this.#ring.some((one) => one.restarted) };
  }
}

/** Series that are gone are kept for a while (a poll may miss one), but not when they outnumber those that are there. */
const forgetGone = (known: Map<string, number>, points: readonly CounterPoint[]): ReadonlyMap<string, number> => {
  if (known.size <= points.length * 2 + 100) return known;
  return new Map(points.filter(({ value }) => !Number.isNaN(value)).map(({ key, value }) => [key, value]));
};

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
  return { value: inside === 0 ? start : start + (bound - start) * ((rank - below) / inside), atLeast: false };
};
