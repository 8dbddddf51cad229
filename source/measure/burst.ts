// One round of the burst model, over all shares: what was released at once, how it came out, and whether that is too bad to
// go on.

import { formatCount, formatDuration } from '../common/units.ts';
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
  /** What went on meanwhile; known a moment after its end. */
  readonly beside?: RoundBeside;
}

/** What went on while a round was out. */
export interface RoundBeside {
  /** Requests of whatever load of which no byte was seen for a while, the most at once. */
  readonly stuck: number;
  /** The loads beside, all of them together; absent where there are none. */
  readonly others?: OthersFigures;
}

export interface OthersFigures {
  readonly good: number;
  readonly notGood: number;
  /** Response times of good requests, ms; NaN without any. */
  readonly p50: number;
  readonly p95: number;
  /** The same before the first round; absent where they had no time for themselves. */
  readonly alone?: Pick<OthersFigures, 'good' | 'notGood' | 'p50' | 'p95'>;
  /** `p95` against that of `alone`. */
  readonly p95Ratio?: number;
}

/** The share of requests that were not good, 0 to 1; NaN without any. */
export const failedRatio = ({ good, notGood }: Pick<OthersFigures, 'good' | 'notGood'>): number =>
  notGood / (good + notGood);

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

/**
 * What went on beside a round: `beside the burst of 50: p95 of the others 31 ms, 2.6 times as long as alone; 3 of 200 not
 * good; 4 stuck`. Undefined where there is nothing to say.
 */
export const besideText = (size: number, { stuck, others }: RoundBeside): string | undefined => {
  const parts = [...(others ? othersTexts(others) : []), ...(stuck > 0 ? [`${formatCount(stuck)} stuck`] : [])];
  return parts.length === 0 ? undefined : `beside the burst of ${formatCount(size)}: ${parts.join('; ')}`;
};

const othersTexts = ({ good, notGood, p95, p95Ratio }: OthersFigures): readonly string[] => {
  const all = good + notGood;
  if (all === 0) return ['no answer to the others'];
  const against = p95Ratio === undefined ? '' : `, ${timesText(p95Ratio)} as long as alone`;
  return [
    good === 0 ? 'no good answer to the others' : `p95 of the others ${formatDuration(p95)}${against}`,
    ...(notGood > 0 ? [`${formatCount(notGood)} of ${formatCount(all)} not good`] : []),
  ];
};

/** `2.6 times`. */
export const timesText = (ratio: number): string =>
  `${ratio >= 100 ? formatCount(Math.round(ratio)) : ratio.toFixed(1)} times`;

/** More than so many errors in a round end the run: a number of requests, or a share of the round. */
export type ErrorLimit =
  | { readonly type: 'count'; readonly most: number }
  | { readonly type: 'share'; readonly most: number };

/** Whether a round has more errors than there may be. */
export const isBeyond = (limit: ErrorLimit, { size, notGood }: Pick<BurstRound, 'size' | 'notGood'>): boolean =>
  limit.type === 'count' ? notGood > limit.most : notGood > limit.most * size;

/** What comes after a round: another; nothing, as it was the last; nothing, as it had too many errors. */
export type AfterRound = 'more' | 'done' | 'errors';
