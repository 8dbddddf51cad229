// What the benchmark makes of repeated figures: medians and quartiles, ratios of pairs, a line through points, and how
// evenly arrivals come. Pure.

/** The value below which the share `q` (0 to 1) of the values lies, interpolated; NaN without values. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A figure over several runs: its median, and the quartiles between which the middle half of the runs lies. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

export const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
  count: values.length,
});

/**
 * The ratios of two contenders, taken within each round and only then summed up, so that what slows the machine down for a
 * while slows both sides of a ratio. A round in which one of them has no figure is left out.
 */
export const ratios = (ours: readonly (number | undefined)[], theirs: readonly (number | undefined)[]): number[] =>
  ours.flatMap((value, round) => {
    const other = theirs[round];
    return value === undefined || other === undefined || !(other > 0) ? [] : [value / other];
  });

/** The smallest of the values that at least the share `q` of them does not exceed, as histograms answer; NaN without values. */
export const nearestRank = (sorted: ArrayLike<number>, q: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? Number.NaN;

/** The same of values with how often each was seen, in any order; undefined without any. */
export const countedRank = (
  counts: readonly (readonly [value: number, count: number])[],
  q: number,
): number | undefined => {
  const sorted = counts.toSorted(([a], [b]) => a - b);
  const rank = Math.max(1, Math.ceil(sorted.reduce((sum, [, count]) => sum + count, 0) * q));
  let seen = 0;
  return sorted.find(([, count]) => {
    seen += count;
    return seen >= rank;
  })?.[0];
};

export interface Line {
  /** Units of y for one of x. */
  readonly slope: number;
  /** Standard deviation of the points about the line. */
  readonly scatter: number;
}

/** The line through points by least squares; NaN for fewer than two. */
export const lineThrough = (points: readonly (readonly [x: number, y: number])[]): Line => {
  const count = points.length;
  if (count < 2) return { slope: Number.NaN, scatter: Number.NaN };
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const across = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const along = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = across / along;
  const left = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, scatter: Math.sqrt(left / Math.max(1, count - 2)) };
};

/**
 * The index of dispersion of arrivals: variance by mean of their number in each bin of `binMs` from `from` to `to` (ms). 0 is
 * a metronome, 1 independent arrivals, more is bursts. NaN where less than two whole bins fit or nothing came.
 */
export const dispersion = (times: Iterable<number>, binMs: number, from: number, to: number): number => {
  const bins = Math.floor((to - from) / binMs);
  if (!(bins >= 2)) return Number.NaN;
  const counts = new Array<number>(bins).fill(0);
  for (const time of times) {
    const bin = Math.floor((time - from) / binMs);
    if (bin >= 0 && bin < bins) counts[bin]! += 1;
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / bins;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (bins - 1);
  return variance / mean;
};
