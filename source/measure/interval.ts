// What one share saw in one slice of 100 ms, as plain data that crosses from a worker to the main thread. Only what was
// touched is in it; histograms travel as one buffer of (slot, count) pairs that is transferred, not copied.

import type { SparseCounts } from './histogram.ts';
import type { MetricCount } from './metric.ts';
import type { OutcomeGroup } from './outcome.ts';

/** Length of a slice in ms. */
export const sliceMs = 100;

/** A request in flight counts as stuck when no byte of it came or left for this long (ms). */
export const stuckMs = 2000;

/** The waits of a request, each with a histogram over all series of a share (README, "How it measures"). */
export const waits = ['pacing', 'room', 'connect', 'sending', 'waiting', 'receiving'] as const;
export type Wait = (typeof waits)[number];

/** What the generator's verdict needs beside the waits; see `OwnLimitWatch`. */
export const baselines = ['unhindered'] as const;
export type Baseline = (typeof baselines)[number];

/** The spans kept for each series and outcome group. */
export const spans = ['response', 'service', 'firstByte'] as const;
export type Span = (typeof spans)[number];

/** What happened to iterations in an interval; each counts once, where it ended up. */
export interface Flows {
  /** Intended instants reached. */
  due: number;
  started: number;
  /** Iterations whose every step was as expected. */
  good: number;
  notGood: number;
  /** Of `notGood`: those that got no HTTP response. */
  noResponse: number;
  /** Given up because in flight was full, or because the rate was set to zero. */
  dropped: number;
  /** Never sent because we were more than 1 s late. */
  notSent: number;
  /** Ended by the end of the run, not by the target. */
  cutOff: number;
  /** In flight or waiting in a worker that died. */
  lost: number;
}

export const flowNames = [
  'due',
  'started',
  'good',
  'notGood',
  'noResponse',
  'dropped',
  'notSent',
  'cutOff',
  'lost',
] as const satisfies readonly (keyof Flows)[];

export const noFlows = (): Flows => ({
  due: 0,
  started: 0,
  good: 0,
  notGood: 0,
  noResponse: 0,
  dropped: 0,
  notSent: 0,
  cutOff: 0,
  lost: 0,
});

/** Adds `more` to `total`, in place. */
export const addFlows = (total: Flows, more: Flows): void => {
  for (const name of flowNames) total[name] += more[name];
};

/** Iterations that got an HTTP response, good or not: what "achieved" counts. */
export const achievedOf = ({ good, notGood, noResponse }: Flows): number => good + notGood - noResponse;

/** Iterations that have come to their end, in whatever way. */
export const endedOf = (flows: Flows): number =>
  flows.good + flows.notGood + flows.dropped + flows.notSent + flows.cutOff + flows.lost;

/** Arrivals that were due less those that are accounted for; 0 when the books balance. */
export const imbalance = (flows: Flows, stocks: Pick<Stocks, 'inFlight' | 'backlog'>): number =>
  flows.due - endedOf(flows) - (stocks.inFlight + stocks.backlog);

/** State at the end of an interval; adds up over shares, but for the ages, of which the oldest counts. */
export interface Stocks {
  inFlight: number;
  backlog: number;
  connections: number;
  /** Virtual users that are active; 0 outside the closed model. */
  users: number;
  /** Requests in flight that saw no byte for `stuckMs`. */
  stuck: number;
  /** Age of the oldest request in flight, ms since it started; 0 without one. */
  oldestInFlightMs: number;
  /** Age of the oldest arrival that waits, ms since its intended instant; 0 without one. */
  oldestBacklogMs: number;
}

/** How requests of a series ended in an interval, by cause. */
export interface OutcomeCount {
  /** Index into `causes`; `classOfCause` has its class. */
  readonly cause: number;
  readonly count: number;
  /** Run clock, ms. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** What one of them looked like; from the target, so unsafe to print as it is. */
  readonly example: string | undefined;
}

/** The requests of one series (a step of a scenario) that ended in an interval. */
export interface SeriesCount {
  readonly series: number;
  readonly good: number;
  readonly notGood: number;
  /** Of bodies and heads as far as the client sees them: what was handed to and read from the connection. */
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** What good requests held, such as events; absent where they held none. */
  readonly items?: number;
  readonly outcomes: readonly OutcomeCount[];
}

/** What went to one address of the target. */
export interface AddressCount {
  readonly address: string;
  /** Requests that ended, and those of them that were not good. */
  readonly requests: number;
  readonly notGood: number;
}

export interface Interval {
  /** Slice k covers run time [k × 100, (k + 1) × 100) ms. */
  readonly slice: number;
  readonly share: number;
  /** Revision of the plan in force at its end. */
  readonly revision: number;
  readonly flows: Flows;
  readonly stocks: Stocks;
  readonly series: readonly SeriesCount[];
  /** Metrics that were counted in the slice; the distribution of a trend is in `cells`. */
  readonly metrics: readonly MetricCount[];
  /** Addresses that were used in the slice. */
  readonly addresses: readonly AddressCount[];
  /** Histograms: [key, pairs, slot, count, slot, count, …] one after the other; see `cellKey`. */
  readonly cells: Uint32Array;
  /** Share of the slice in which the worker's event loop was busy, 0 to 1. */
  readonly loopUtilisation: number;
  /** What functions of the profile took of the slice, ms; absent where it has none. */
  readonly functionsMs?: number;
  /** How late a timer of the worker's loop was at the most since its second began, ms; NaN where none came due. */
  readonly loopDelayMs: number;
  /** Requests that failed for want of ports, descriptors or memory on this machine. */
  readonly ownErrors: number;
}

/** Which histogram a run of cells belongs to. */
export type CellKey =
  | { readonly type: 'wait'; readonly wait: Wait }
  /** Service time of good requests that began before any arrival had to wait for room. */
  | { readonly type: 'baseline'; readonly baseline: Baseline }
  /** The values of a trend, in steps (`stepsPerUnit`). */
  | { readonly type: 'metric'; readonly metric: number }
  | { readonly type: 'span'; readonly series: number; readonly group: OutcomeGroup; readonly span: Span };

/** Keys of series histograms begin here; below are the waits, then the baselines. */
const firstSeriesKey = 16;

/** The key of a wait's histogram. */
export const waitKey = (wait: number): number => wait;

/** The key of a series' histogram: `group` is 0 for good, 1 for not good; `span` is an index into `spans`. */
export const spanKey = (series: number, group: number, span: number): number =>
  firstSeriesKey + (series * 2 + group) * spans.length + span;

/** Keys of trends begin here, beyond those of any number of series. */
const firstMetricKey = 0x4000_0000;

/** The key of a trend's histogram. */
export const metricKey = (metric: number): number => firstMetricKey + metric;

/** What a key stands for. */
export const readKey = (key: number): CellKey => {
  if (key >= firstMetricKey) return { type: 'metric', metric: key - firstMetricKey };
  if (key < waits.length) return { type: 'wait', wait: waits[key]! };
  if (key < firstSeriesKey) return { type: 'baseline', baseline: baselines[key - waits.length]! };
  const rest = key - firstSeriesKey;
  const pair = Math.floor(rest / spans.length);
  return {
    type: 'span',
    series: Math.floor(pair / 2),
    group: pair % 2 === 0 ? 'good' : 'notGood',
    span: spans[rest % spans.length]!,
  };
};

/** Calls `visit` for each histogram in an interval's cells. The pairs are a view: copy them to keep them. */
export const eachHistogram = (cells: Uint32Array, visit: (key: number, pairs: SparseCounts) => void): void => {
  let at = 0;
  while (at < cells.length) {
    const pairs = cells[at + 1]!;
    visit(cells[at]!, cells.subarray(at + 2, at + 2 + pairs * 2));
    at += 2 + pairs * 2;
  }
};

/** Puts histograms into the form of `Interval.cells`. */
export const joinHistograms = (parts: readonly (readonly [key: number, pairs: SparseCounts])[]): Uint32Array => {
  const cells = new Uint32Array(parts.reduce((sum, [, pairs]) => sum + 2 + pairs.length, 0));
  let at = 0;
  for (const [key, pairs] of parts) {
    cells[at] = key;
    cells[at + 1] = pairs.length / 2;
    cells.set(pairs, at + 2);
    at += 2 + pairs.length;
  }
  return cells;
};
