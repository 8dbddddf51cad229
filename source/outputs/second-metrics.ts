// What was counted beside the requests in one second: for programs all of it, for people what failed.

import { safeText } from '../common/safe-text.ts';
import { formatCount } from '../common/units.ts';
import type { MetricCount } from '../measure/metric.ts';
import { type MetricSummary, metricSummaries } from '../measure/metric-summary.ts';
import { histogramIn, type Second } from '../measure/second.ts';
import type { RunInfo } from '../session/events.ts';

/** The metrics of which something was counted, as the summary has them, of this second alone. */
export const secondMetrics = (
  { metrics, cells, lengthMs }: Second,
  run: RunInfo | undefined,
): readonly MetricSummary[] => {
  if (metrics.length === 0) return [];
  return metricSummaries(run?.metrics ?? [], run?.series ?? [], {
    counts: new Map(metrics.map((counted) => [counted.metric, counted])),
    trend: (index) => histogramIn(cells, (key) => key.type === 'metric' && key.metric === index),
    measuredMs: lengthMs,
  }).filter(({ count }) => count > 0);
};

const failedOf = ({ count, sum }: MetricCount): number => count - sum;

/** Expectations that failed in a second are named up to so many. */
const mostNamed = 3;

/** Follows which expectations of a run have failed. */
export class Failures {
  readonly #known = new Set<number>();

  /** A line for each expectation that failed for the first time: `status 202 (POST /events) failed: found 503`. */
  take(second: Second, run: RunInfo | undefined): string[] {
    return failedIn(second, run).flatMap((counted) => {
      if (this.#known.has(counted.metric)) return [];
      this.#known.add(counted.metric);
      const { example } = counted;
      const such = example === undefined || safeText(example) === '' ? '' : `: ${safeText(example)}`;
      return [`${nameOf(counted, run)} failed${such}`];
    });
  }
}

/** Pieces for the line of a second: `failed status 202 12`. */
export const failedText = (second: Second, run: RunInfo | undefined): string[] => {
  const failed = failedIn(second, run);
  const named = failed
    .slice(0, mostNamed)
    .map((counted) => `failed ${nameOf(counted, run)} ${formatCount(failedOf(counted))}`);
  return failed.length > mostNamed ? [...named, `and ${failed.length - mostNamed} more`] : named;
};

const failedIn = ({ metrics }: Second, run: RunInfo | undefined): readonly MetricCount[] =>
  metrics.filter((counted) => run?.metrics?.[counted.metric]?.source === 'expectation' && failedOf(counted) > 0);

const nameOf = ({ metric }: MetricCount, run: RunInfo | undefined): string => {
  const { name = `metric ${metric}`, series } = run?.metrics?.[metric] ?? {};
  const of = series === undefined || (run?.series.length ?? 0) < 2 ? undefined : run?.series[series];
  return of === undefined ? safeText(name, 60) : `${safeText(name, 60)} (${safeText(of, 60)})`;
};
