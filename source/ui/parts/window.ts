// The window of time that charts and sparklines show: one for all, so that what stands above each other happened together.

import type { Series } from '../../common/series.ts';
import type { ColumnName } from '../../session/state.ts';
import type { Seen } from '../seen.ts';

export const stepMs = 1000;

/** Length of the window in steps of 1 s. */
export const windowSteps = ({ look }: Pick<Seen, 'look'>): number => look.windowMs / stepMs;

/** The step after the last one in the window: of the newest second that closed, or where the view is frozen. */
export const windowEnd = ({ look, history }: Pick<Seen, 'look' | 'history'>): number =>
  look.frozen === undefined ? history.column('offered', stepMs).newest + 1 : look.frozen.end / stepMs;

/** A column over the window; NaN where nothing was measured. */
export const columnWindow = (state: Seen, name: ColumnName): Float64Array => {
  const end = windowEnd(state);
  return state.history.column(name, stepMs).read(end - windowSteps(state), end);
};

/** Where a run time lies in the window, in steps from its left edge. */
export const stepInWindow = (state: Seen, at: number): number => at / stepMs - (windowEnd(state) - windowSteps(state));

/**
 * The values for a sparkline of `width` cells, a whole number of steps for each cell. Cells begin at fixed times, so that
 * a peak keeps its height while it moves to the left; the newest cell covers the newest steps.
 */
export const sparkWindow = (series: Series | undefined, state: Seen, width: number): Float64Array => {
  if (width <= 0) return new Float64Array();
  const steps = Math.max(1, Math.ceil(windowSteps(state) / width));
  const end = Math.ceil(windowEnd(state) / steps) * steps;
  if (!series) return new Float64Array(steps * width).fill(Number.NaN);
  const values = series.read(end - steps * width, end);
  // The newest cell looks back as far as every other one, or it would seem to drop each time it begins.
  const known = windowEnd(state) - (end - steps * width);
  for (let at = known; at < values.length; at += 1) values[at] = values[at - steps] ?? Number.NaN;
  return values;
};

/** What a counter grew by in each step; a gap where it was set back or one side is missing. */
export const growth = (values: Float64Array): Float64Array =>
  values.map((value, index) => {
    const grown = value - (values[index - 1] ?? Number.NaN);
    return grown >= 0 ? grown : Number.NaN;
  });
