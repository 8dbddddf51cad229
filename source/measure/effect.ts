// What a change of the load did, before and after, in figures and in words: for the log, and for plain lines.

import { formatMs, formatShare, formatShort } from '../common/units.ts';

/** What came of the load in a stretch of some seconds. */
export interface LoadFigures {
  /** Good iterations per second. */
  readonly goodPerSecond: number;
  /** Of the response times of good requests, ms; null without any. */
  readonly p99Ms: number | null;
  /** Of the iterations that ended, 0 to 1; null without any. */
  readonly notGoodRatio: number | null;
}

/** `good 8.1k → 8.1k   p99 398 → 431 ms   not good 9.8 → 13.6 %`; what was not measured on both sides is left out. */
export const effectText = (before: LoadFigures, after: LoadFigures): string => {
  const parts = [`good ${formatShort(before.goodPerSecond)} → ${formatShort(after.goodPerSecond)}`];
  if (before.p99Ms !== null && after.p99Ms !== null)
    parts.push(`p99 ${formatMs(before.p99Ms)} → ${formatMs(after.p99Ms)} ms`);
  if (before.notGoodRatio !== null && after.notGoodRatio !== null)
    parts.push(`not good ${percent(before.notGoodRatio)} → ${percent(after.notGoodRatio)} %`);
  return parts.join('   ');
};

const percent = (ratio: number): string => formatShare(ratio).replace(' %', '');
