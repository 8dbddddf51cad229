// Metrics of a run beside its requests: what a profile counts, how its expectations came out, events of a stream, the speed of an
// upload. All are of four kinds and go one way: counted by index in a worker, merged by second, shown by name.

/** A sum; a share of all that passed; the newest value; a distribution. */
export const metricKinds = ['counter', 'rate', 'gauge', 'trend'] as const;
export type MetricKind = (typeof metricKinds)[number];

/** Who counts it. */
export const metricSources = ['profile', 'expectation', 'stream', 'upload'] as const;
export type MetricSource = (typeof metricSources)[number];

export interface Metric {
  /** `events_sent`; of an expectation its words: `status 202`. */
  readonly name: string;
  readonly kind: MetricKind;
  /** Of a trend `ms`, or what its values are, such as `bytes`; undefined for a mere number. */
  readonly unit: string | undefined;
  readonly source: MetricSource;
  /** The series whose requests it is about; undefined for those of the whole run. */
  readonly series: number | undefined;
}

/** What a worker needs to know of a metric to count it. */
export type Counted = Pick<Metric, 'kind' | 'unit'>;

/**
 * Histograms count whole steps, up to 2³¹: of a trend in ms that is a step of 1 µs, of bytes and bytes/s one of a byte, of other
 * values a thousandth. A value times this is its number of steps.
 */
export const stepsPerUnit = ({ unit }: Pick<Metric, 'unit'>): number =>
  unit === 'bytes' || unit === 'bytes/s' ? 1 : 1000;

/** What one share, or all, counted of a metric in a time. */
export interface MetricCount {
  /** Index into the metrics of the run. */
  readonly metric: number;
  /** How often something was counted; of a rate, all that could pass. */
  readonly count: number;
  /** Of all values; of a rate, those that passed. */
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** The newest value, and when it was counted (run clock, ms). */
  readonly last: number;
  readonly lastAt: number;
  /** A rate: what the first that did not pass looked like; from the target, so unsafe to print as it is. */
  readonly example: string | undefined;
  /** When that was (run clock, ms). */
  readonly exampleAt: number | undefined;
}

/** Adds `more` into `total`, metric by metric. */
export const mergeMetrics = (total: Map<number, MetricCount>, more: readonly MetricCount[]): void => {
  for (const counted of more) {
    const known = total.get(counted.metric);
    total.set(counted.metric, known ? addMetric(known, counted) : counted);
  }
};

/** Two counts of one metric as one. */
export const addMetric = (a: MetricCount, b: MetricCount): MetricCount => {
  // Parts come in any order: the newest value and the first example are told by their instants.
  const { last, lastAt } = b.lastAt >= a.lastAt ? b : a;
  const { example, exampleAt } = (b.exampleAt ?? Infinity) < (a.exampleAt ?? Infinity) ? b : a;
  return {
    metric: a.metric,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    last,
    lastAt,
    example,
    exampleAt,
  };
};
