// One round of the burst model, over all shares: what was released at once, how it came out, and whether that is too bad to
// go on.

import { formatCount } from '../common/units.ts';
import type { OutcomeClass } from './outcome.ts';

export interface BurstRound {
  /** From 0. */
  readonly round: number;
  /** Requests released at once. */
  readonly size: number;
  /** Run time of the release, ms. */
  readonly releasedAt: number;
  /** From the release to the last byte of the last request that was sent, ms: how far from "at once" it was. */
  readonly sendSpreadMs: number;
  /** From the release to the end of the last request, ms. */
  readonly totalMs: number;
  readonly good: number;
  readonly notGood: number;
  /** Of those that were not good: their classes, the most frequent first. What was cut off has none. */
  readonly failures: readonly RoundFailure[];
  /** Response times of good requests, from the release, ms; NaN without any. */
  readonly response: RoundTimes;
}

export interface RoundFailure {
  /** `429`, `timeout`. */
  readonly outcome: OutcomeClass;
  readonly count: number;
}

export interface RoundTimes {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** `429 12, timeout 3`. */
export const failuresText = (failures: readonly RoundFailure[]): string =>
  failures.map(({ outcome, count }) => `${outcome} ${formatCount(count)}`).join(', ');

/** More than so many errors in a round end the run: a number of requests, or a share of the round. */
export type ErrorLimit =
  | { readonly type: 'count'; readonly most: number }
  | { readonly type: 'share'; readonly most: number };

/** Whether a round has more errors than there may be. */
export const isBeyond = (limit: ErrorLimit, { size, notGood }: Pick<BurstRound, 'size' | 'notGood'>): boolean =>
  limit.type === 'count' ? notGood > limit.most : notGood > limit.most * size;

/** What comes after a round: another; nothing, as it was the last; nothing, as it had too many errors. */
export type AfterRound = 'more' | 'done' | 'errors';
