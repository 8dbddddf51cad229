// The window of time that charts and sparklines show: one for all, so that what stands above each other happened together.

import { formatClock } from '../../common/units.ts';
import type { ColumnName } from '../../session/state.ts';
import { formatSpan } from '../charts/axis.ts';
import { columnValues } from '../column-values.ts';
import { firstLook, secondMs } from '../look.ts';
import { newestSecond } from '../past.ts';
import type { Seen } from '../seen.ts';

export const stepMs = secondMs;

/** Length of the window in steps of 1 s. */
export const windowSteps = ({ look }: Pick<Seen, 'look'>): number => look.windowMs / stepMs;

/** The step after the last one in the window: of the newest second that closed, or where the view is frozen. */
export const windowEnd = ({ look, history }: Pick<Seen, 'look' | 'history'>): number =>
  look.frozen === undefined ? newestSecond({ history }) + 1 : look.frozen.end / stepMs;

/** A column over the window; NaN where nothing was measured. */
export const columnWindow = (state: Seen, name: ColumnName): Float64Array => {
  const end = windowEnd(state);
  return columnValues(state.history, name, end - windowSteps(state), end);
};

/** Where the time cursor stands in the window, in steps from its left edge; undefined while nothing is frozen. */
export const cursorStep = (state: Seen): number | undefined =>
  state.look.frozen && stepInWindow(state, state.look.frozen.cursor);

/** What charts over the window have in common: how many steps, what runs through them, and what the time axis says. */
export const overWindow = (state: Seen, axis: boolean) => ({
  steps: windowSteps(state),
  first: windowEnd(state) - windowSteps(state),
  markers: state.markers.map(({ at, kind, name }) => ({ step: stepInWindow(state, at), kind, name })),
  cursor: cursorStep(state),
  spanMs: axis ? state.look.windowMs : undefined,
  end: windowEndText(state),
  endMs: state.look.frozen?.end,
});

/** What stands under the right edge of charts: `now`, or the time where the view is frozen. */
export const windowEndText = ({ look }: Pick<Seen, 'look'>): string | undefined =>
  look.frozen && formatClock(look.frozen.end);

/** Where a run time lies in the window, in steps from its left edge. */
export const stepInWindow = (state: Seen, at: number): number => at / stepMs - (windowEnd(state) - windowSteps(state));

/**
 * Whether the view is frozen at a time of which only the columns of 10 s are left: neither response times one by one, nor
 * outcomes, nor readings.
 */
export const isPastCourses = ({ look, history }: Pick<Seen, 'look' | 'history'>): boolean => {
  const { newest, capacity } = history.column('offered', secondMs);
  return look.frozen !== undefined && look.frozen.end / stepMs <= newest - capacity + 1;
};

/** What a counter grew by in each step; a gap where it was set back or one side is missing. */
export const growth = (values: Float64Array): Float64Array =>
  values.map((value, index) => {
    const grown = value - (values[index - 1] ?? Number.NaN);
    return grown >= 0 ? grown : Number.NaN;
  });

/**
 * Titles with the length of the window behind them, for charts that have no time axis to say it. Where it is the usual one,
 * it gives way to the numbers.
 */
export const withWindow = (titles: readonly string[], { look }: Pick<Seen, 'look'>): readonly string[] => {
  const end = look.frozen === undefined ? '' : ` until ${formatClock(look.frozen.end)}`;
  const said = [` · ${formatSpan(look.windowMs)}${end}`, ` · ${formatSpan(look.windowMs)}`];
  const wordings = look.windowMs === firstLook.windowMs ? [...said, ''] : said;
  return wordings.flatMap((wording) => titles.map((title) => `${title}${wording}`));
};
