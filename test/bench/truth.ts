// The truth about response times, from a server's log: the end of each answer less the instant at which the schedule wanted
// its request. Pure.

import { ArrivalPlan, constantSegments } from '../../source/load/arrival-plan.ts';
import type { Logged } from './arrival-server.ts';
import type { Claims } from './claims.ts';
import { nearestRank } from './statistics.ts';

/** Percentiles of spans. */
export const percentiles = (spans: readonly number[]): Claims => {
  const sorted = Float64Array.from(spans).sort();
  return {
    p50: nearestRank(sorted, 0.5),
    p99: nearestRank(sorted, 0.99),
    p999: nearestRank(sorted, 0.999),
    max: nearestRank(sorted, 1),
  };
};

/**
 * Response times (ms) of a constant rate whose requests carry their number, by the plan's own formula. The plan's origin is
 * on no clock of the server's; it is the latest that no request came before its instant: so the truth is too small by the
 * least time that any request took from its instant to the server, some hundredths of a millisecond.
 */
export const truthByNumber = (log: readonly Logged[], rate: number, lengthMs: number): number[] => {
  const plan = new ArrivalPlan({ revision: 1, segments: constantSegments(rate, lengthMs) });
  const numbered = log.filter(({ number, ended }) => number >= 0 && ended > 0);
  const origin = numbered.reduce((least, { number, came }) => Math.min(least, came - plan.timeOf(number)), Infinity);
  return numbered.map(({ number, ended }) => ended - origin - plan.timeOf(number));
};

/**
 * Response times (ms) of a tool whose requests carry no number: its k-th answer belongs to the k-th arrival of the rate it was
 * asked for, which began with its first request. One that came before its instant, as they do in bursts, counts from when it
 * came. What was never answered is missing.
 */
export const truthByOrder = (log: readonly Logged[], rate: number): number[] => {
  const ends = Float64Array.from(log.filter(({ ended }) => ended > 0).map(({ ended }) => ended)).sort();
  const came = Float64Array.from(log.map((each) => each.came)).sort();
  const first = came[0] ?? Number.NaN;
  return Array.from(ends, (end, k) => end - Math.min(first + (k / rate) * 1000, came[k] ?? Infinity));
};

/** Whether a claim is within 1 % or 1 ms of the truth. */
export const isTrue = (claim: number | undefined, truth: number | undefined): boolean | undefined =>
  claim === undefined || truth === undefined ? undefined : Math.abs(claim - truth) <= Math.max(1, truth * 0.01);
