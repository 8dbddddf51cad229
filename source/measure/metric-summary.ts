// What became of each metric of a run, for the summary: totals and rates, shares with their first failure, distributions.

import type { Histogram } from './histogram.ts';
import type { Metric, MetricCount, MetricSource } from './metric.ts';
import { type TrendFigures, trendFigures } from './metric-figures.ts';

interface Common {
  readonly name: string;
  readonly source: MetricSource;
  /** The series whose requests it is about; null for those of the whole run. */
  readonly series: string | null;
  /** How often something was counted. */
  readonly count: number;
}

/** A number that may be missing. */
type Known = number | null;

export type MetricSummary =
  | (Common & {
      readonly kind: 'counter';
      readonly unit: string | null;
      readonly sum: number;
      readonly perSecond: number;
    })
  | (Common & {
      readonly kind: 'rate';
      readonly passed: number;
      readonly failed: number;
      /** Of all that were counted, those that passed. */
      readonly shareRatio: Known;
      /** What the first that did not pass looked like, where that is told, and its run time. */
      readonly firstFailure: string | null;
      readonly firstFailureAtMs: Known;
    })
  | (Common & {
      readonly kind: 'gauge';
      readonly unit: string | null;
      readonly newest: Known;
      readonly min: Known;
      readonly max: Known;
    })
  | (Common & {
      readonly kind: 'trend';
      readonly unit: string | null;
      readonly sum: number;
      readonly perSecond: number;
    } & {
      readonly [Figure in Exclude<keyof TrendFigures, 'count'>]: Known;
    });

interface Counted {
  readonly counts: ReadonlyMap<number, MetricCount>;
  /** The histogram of a trend. */
  readonly trend: (metric: number) => Histogram | undefined;
  /** What rates are over, ms. */
  readonly measuredMs: number;
}

/** @param series names of the series, by index */
export const metricSummaries = (
  metrics: readonly Metric[],
  series: readonly string[],
  counted: Counted,
): readonly MetricSummary[] =>
  metrics.map((metric, index) => {
    const about = metric.series === undefined ? null : (series[metric.series] ?? `series ${metric.series}`);
    return metricSummary(metric, index, about, counted);
  });

const metricSummary = (
  metric: Metric,
  index: number,
  series: string | null,
  { counts, trend, measuredMs }: Counted,
): MetricSummary => {
  const counted = counts.get(index);
  const { name, kind, source, unit = null } = metric;
  const { count = 0, sum = 0 } = counted ?? {};
  const common = { name, source, series, count };
  const perSecond = (total: number): number => (measuredMs === 0 ? 0 : (total * 1000) / measuredMs);
  switch (kind) {
    case 'counter':
      return { ...common, kind, unit, sum, perSecond: perSecond(sum) };
    case 'rate':
      return { ...common, kind, ...rateSummary(counted) };
    case 'gauge': {
      const { last = null, min = null, max = null } = counted ?? {};
      return { ...common, kind, unit, newest: last, min, max };
    }
    case 'trend': {
      const figures = knownFigures(trendFigures(metric, counted, trend(index)));
      // Of a trend it is how often: a sum of sizes per second is what a counter is for.
      return { ...common, kind, unit, sum, perSecond: perSecond(count), ...figures };
    }
  }
};

const rateSummary = (counted: MetricCount | undefined) => ({
  passed: counted?.sum ?? 0,
  failed: (counted?.count ?? 0) - (counted?.sum ?? 0),
  shareRatio: counted === undefined ? null : counted.sum / counted.count,
  firstFailure: counted?.example ?? null,
  firstFailureAtMs: counted?.exampleAt ?? null,
});

const knownFigures = ({ mean, min, p50, p90, p95, p99, p999, max }: TrendFigures) => {
  const known = (value: number): Known => (Number.isNaN(value) ? null : value);
  return {
    ...{ mean: known(mean), min: known(min), max: known(max) },
    ...{ p50: known(p50), p90: known(p90), p95: known(p95), p99: known(p99), p999: known(p999) },
  };
};
