// The window of time cell by cell, for charts that fill cells: which seconds each shows, and what of a column is in them.

import type { Series } from '../../common/series.ts';
import { stepOfCell } from '../charts/time-cells.ts';
import type { Seen } from '../seen.ts';
import { windowEnd, windowSteps } from './window.ts';

/** Seconds `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The seconds of each of `width` cells over the window, oldest first: one second or more each, or the same second for
 * several cells. Cells begin at fixed times, so that what they show moves to the left and never changes on its way.
 */
export const cellSpans = (state: Pick<Seen, 'look' | 'history'>, width: number): readonly Span[] => {
  if (width <= 0) return [];
  const end = windowEnd(state);
  const steps = windowSteps(state);
  const cells = { width, steps, first: end - steps };
  return Array.from({ length: width }, (_, cell) => {
    const from = stepOfCell(cells, cell);
    return { from, to: Math.min(end, Math.max(stepOfCell(cells, cell + 1), from + 1)) };
  });
};

/** The largest value of a column in each cell: a peak is never lost. NaN where nothing was measured. */
export const largestIn = (series: Series, spans: readonly Span[]): Float64Array => overCells(series, spans, largestOf);

const largestOf = (values: Float64Array): number => {
  let largest = Number.NaN;
  for (const value of values) if (!Number.isNaN(value) && !(value <= largest)) largest = value;
  return largest;
};

/** The mean of a rate in each cell, over the seconds in which it was measured; NaN where that is none. */
export const meanIn = (series: Series, spans: readonly Span[]): Float64Array =>
  overCells(series, spans, (values) => {
    let sum = 0;
    let count = 0;
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    return count === 0 ? Number.NaN : sum / count;
  });

/**
 * The values for a sparkline of `width` cells, over the same time as charts: the largest of each cell's seconds.
 * @param read gives a value for each second `from` to before `to`
 */
export const sparkWindow = (
  state: Pick<Seen, 'look' | 'history'>,
  width: number,
  read: (from: number, to: number) => Float64Array,
): Float64Array => {
  const spans = cellSpans(state, width);
  const newest = spans.at(-1);
  if (newest === undefined) return new Float64Array();
  // The newest cell looks back as far as every other one, or it would seem to drop each time it begins.
  const from = Math.min(newest.from, newest.to - Math.floor(windowSteps(state) / width));
  const start = Math.min(from, spans[0]!.from);
  const all = read(start, newest.to);
  return Float64Array.from([...spans.slice(0, -1), { from, to: newest.to }], (span) =>
    largestOf(all.subarray(span.from - start, span.to - start)),
  );
};

const overCells = (series: Series, spans: readonly Span[], read: (values: Float64Array) => number): Float64Array => {
  const start = spans[0]?.from ?? 0;
  const all = series.read(start, Math.max(start, spans.at(-1)?.to ?? 0));
  return Float64Array.from(spans, ({ from, to }) => read(all.subarray(from - start, to - start)));
};
