// What stands in the place of a chart of good requests where there were none in sight, but others. Pure.

import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { dim } from './runs.ts';
import { columnWindow } from './window.ts';

/** As many lines as the chart has; undefined where it has something to show, or nothing ended at all. */
export const nothingGood = (state: Seen, height: number): Line[] | undefined => {
  if (state.look.latency !== 'good' || hasAny(state, 'p50') || !hasAny(state, 'notGoodP50')) return undefined;
  return Array.from({ length: height }, (_, row) =>
    row === Math.floor(height / 2) ? [dim('       no good ones in sight: g shows the others')] : [],
  );
};

const hasAny = (state: Seen, column: 'p50' | 'notGoodP50'): boolean =>
  columnWindow(state, column).some(Number.isFinite);
