// A metric as the state carries it: what was counted beside the requests, since the start and of late. Kept by metric-book.ts.

import type { Metric } from '../measure/metric.ts';
import type { TrendFigures } from '../measure/metric-figures.ts';

/** What was counted beside the requests: by the profile itself, of its expectations, of streams and uploads. */
export interface MetricState extends Omit<Metric, 'series'> {
  /** The series whose requests it is about; undefined for those of the whole run. */
  readonly series: string | undefined;
  /** Since the start: how often something was counted, and the sum of it; of a rate, all and those that passed. */
  readonly count: number;
  readonly sum: number;
  /** Over the last second: what a counter grew by; of the others, how often something was counted. */
  readonly perSecond: number;
  /** Of a rate, those that passed over the last `metricWindowMs`, 0 to 1; NaN without any. */
  readonly share: number;
  /** The newest value; NaN before the first. */
  readonly newest: number;
  /** The values of a trend over the last `metricWindowMs`. */
  readonly recent: TrendFigures;
  /** Of a rate, the first that did not pass, control characters removed, and its run time. */
  readonly example: string | undefined;
  readonly exampleAt: number | undefined;
}

/** What shares and percentiles of metrics are over, ms. */
export const metricWindowMs = 10_000;
