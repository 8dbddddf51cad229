// The distribution of a trend's values, read from its merged histogram in the unit of the metric. Counts and sums are exact,
// and so are mean, least and largest: only the percentiles come from the histogram, within 0.1 %.

import type { Histogram } from './histogram.ts';
import { type Metric, type MetricCount, stepsPerUnit } from './metric.ts';

/** Values of a trend, in its unit; NaN where nothing was counted. */
export interface TrendFigures {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export const noTrend: TrendFigures = {
  count: 0,
  mean: Number.NaN,
  min: Number.NaN,
  p50: Number.NaN,
  p90: Number.NaN,
  p95: Number.NaN,
  p99: Number.NaN,
  p999: Number.NaN,
  max: Number.NaN,
};

const shares = [0.5, 0.9, 0.95, 0.99, 0.999];

/** @param counted undefined where nothing was */
export const trendFigures = (
  metric: Pick<Metric, 'unit'>,
  counted: MetricCount | undefined,
  histogram: Histogram | undefined,
): TrendFigures => {
  if (counted === undefined || counted.count === 0) return noTrend;
  const { count, sum, min, max } = counted;
  const steps = stepsPerUnit(metric);
  const found = histogram?.percentiles(shares) ?? [];
  // A counter of a histogram is a range, of which it tells the upper end; beyond its last one it tells nothing.
  const value = (index: number): number => Math.max(min, Math.min(max, (found[index] ?? Number.NaN) / steps));
  return {
    ...{ count, mean: sum / count, min, max },
    ...{ p50: value(0), p90: value(1), p95: value(2), p99: value(3), p999: value(4) },
  };
};
