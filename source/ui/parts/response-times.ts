// What charts of response times have in common: which columns hold whose percentiles, and how a tick reads.

import { formatShort } from '../../common/units.ts';

export const percentileColumns = {
  good: { p50: 'p50', p95: 'p95', p99: 'p99' },
  notGood: { p50: 'notGoodP50', p95: 'notGoodP95', p99: 'notGoodP99' },
} as const;

/** Seconds read in ms, too, as long as there is room. */
export const msTick = (value: number): string => (value >= 1000 && value < 10_000 ? String(value) : formatShort(value));
