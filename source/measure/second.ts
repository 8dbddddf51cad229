// A slice of 100 ms and a second of all shares, merged: what the live view shows and the recording keeps. How they come
// about from the workers' intervals is timeline.ts.

import { Histogram } from './histogram.ts';
import {
  type AddressCount,
  eachHistogram,
  type Flows,
  type OutcomeCount,
  readKey,
  type SeriesCount,
  type Stocks,
} from './interval.ts';
import type { MetricCount } from './metric.ts';

/** 100 ms of all shares, merged. */
export interface Slice {
  readonly slice: number;
  /** Closed before every share had reported; what comes later is added to a later slice's second. */
  readonly partial: boolean;
  readonly flows: Flows;
  readonly stocks: Stocks;
  /** Lowest revision of the plan that a share followed. */
  readonly revision: number;
  /** Requests that ended. */
  readonly requests: { readonly good: number; readonly notGood: number };
  /** How they ended, over all series, by cause. */
  readonly outcomes: readonly OutcomeCount[];
  /** The histograms of each share, as in `Interval.cells`. */
  readonly cells: readonly Uint32Array[];
}

/** The event loop of one worker in a second. */
export interface WorkerLoop {
  readonly share: number;
  /** Share of the second in which it was busy, 0 to 1. */
  readonly loopUtilisation: number;
  /** Share of the second that functions of the profile took, 0 to 1; absent where it has none. */
  readonly functionsRatio?: number;
  /** How late a timer of it was at the most, ms; NaN where that is not known. */
  readonly loopDelayMs: number;
}

/** One second of all shares, merged: what is recorded. */
export interface Second {
  /** Covers run time [second × 1000, (second + 1) × 1000) ms. */
  readonly second: number;
  /** How much of it the run lasted, ms: 1000, less only in the run's last second. */
  readonly lengthMs: number;
  /** An addition to a second that was closed before: counts add up, stocks are left out of account. */
  readonly late: boolean;
  readonly partial: boolean;
  readonly flows: Flows;
  readonly stocks: Stocks;
  readonly series: readonly SeriesCount[];
  /** Metrics that were counted; the distributions of trends are in `cells`. */
  readonly metrics: readonly MetricCount[];
  /** Addresses of the target that were used. */
  readonly addresses: readonly AddressCount[];
  readonly cells: Uint32Array;
  /** Highest of the workers, 0 to 1; NaN in a late addition. */
  readonly loopUtilisation: number;
  /** Each worker that reported, by share; none in a late addition. */
  readonly workers: readonly WorkerLoop[];
  readonly ownErrors: number;
  /** Percentiles of good requests' response time in this second, ms; NaN without any. */
  readonly good: Percentiles;
  /** p50 of the service time of good requests, ms; NaN without any. */
  readonly serviceP50Ms: number;
  /** p99 of the pacing delay, ms; NaN without arrivals. */
  readonly pacingP99Ms: number;
}

export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export const noPercentiles: Percentiles = {
  count: 0,
  p50: Number.NaN,
  p95: Number.NaN,
  p99: Number.NaN,
  max: Number.NaN,
};

/** Nothing in flight, nothing waiting, nobody active. */
export const noStocks = (): Stocks => ({
  inFlight: 0,
  backlog: 0,
  connections: 0,
  users: 0,
  stuck: 0,
  oldestInFlightMs: 0,
  oldestBacklogMs: 0,
});

/** The percentiles that panels show, in ms. */
export const percentilesOf = (histogram: Histogram): Percentiles => {
  if (histogram.count === 0) return noPercentiles;
  const [p50 = Number.NaN, p95 = Number.NaN, p99 = Number.NaN] = histogram.percentiles([0.5, 0.95, 0.99]);
  return { count: histogram.count, p50: p50 / 1000, p95: p95 / 1000, p99: p99 / 1000, max: histogram.max / 1000 };
};

/** Adds `more` into `total`, series by series. */
export const mergeSeries = (total: Map<number, SeriesCount>, more: readonly SeriesCount[]): void => {
  for (const counted of more) {
    const known = total.get(counted.series);
    total.set(counted.series, known ? addSeries(known, counted) : counted);
  }
};

/** Adds `more` into `total`, address by address. */
export const mergeAddresses = (total: Map<string, AddressCount>, more: readonly AddressCount[]): void => {
  for (const counted of more) {
    const { address } = counted;
    const known = total.get(address);
    total.set(address, {
      address,
      requests: counted.requests + (known?.requests ?? 0),
      notGood: counted.notGood + (known?.notGood ?? 0),
    });
  }
};

const addSeries = (a: SeriesCount, b: SeriesCount): SeriesCount => {
  const items = (a.items ?? 0) + (b.items ?? 0);
  return {
    series: a.series,
    good: a.good + b.good,
    notGood: a.notGood + b.notGood,
    bytesOut: a.bytesOut + b.bytesOut,
    bytesIn: a.bytesIn + b.bytesIn,
    ...(items > 0 && { items }),
    outcomes: mergeOutcomes(a.outcomes, b.outcomes),
  };
};

/** Outcome counts of two stretches as one; the example of the earlier is kept. */
export const mergeOutcomes = (a: readonly OutcomeCount[], b: readonly OutcomeCount[]): OutcomeCount[] => {
  const merged = new Map(a.map((count) => [count.cause, count]));
  for (const count of b) {
    const known = merged.get(count.cause);
    merged.set(
      count.cause,
      known
        ? {
            cause: count.cause,
            count: known.count + count.count,
            firstAt: Math.min(known.firstAt, count.firstAt),
            lastAt: Math.max(known.lastAt, count.lastAt),
            example: known.example ?? count.example,
          }
        : count,
    );
  }
  return [...merged.values()].sort((x, y) => x.cause - y.cause);
};

/** The outcomes of a second over all series, by cause. */
export const outcomesOf = ({ series }: Pick<Second, 'series'>): OutcomeCount[] =>
  series.reduce<OutcomeCount[]>((sum, { outcomes }) => mergeOutcomes(sum, outcomes), []);

/** The histograms in `cells` for which `wanted` holds, as one. */
export const histogramIn = (
  cells: Uint32Array,
  wanted: (key: ReturnType<typeof readKey>) => boolean,
  into = new Histogram(),
): Histogram => {
  eachHistogram(cells, (key, pairs) => {
    if (wanted(readKey(key))) into.add(pairs);
  });
  return into;
};
