// Values of the run's columns at a second: each second's for an hour, those of ten seconds for a day before. Pure.

import type { Series } from '../common/series.ts';
import type { ColumnName, History } from '../session/state.ts';
import { secondMs } from './look.ts';

/** Steps that columns keep for longer than those of a second. */
const longMs = 10_000;

/** A column over the seconds `from` to `to` (exclusive); NaN where nothing was measured or is known any more. */
export const columnValues = (history: History, name: ColumnName, from: number, to: number): Float64Array => {
  const column = history.column(name, secondMs);
  const values = column.read(from, to);
  const kept = column.newest - column.capacity + 1;
  if (from >= kept) return values;
  const long = history.column(name, longMs);
  for (let second = from; second < Math.min(kept, to); second += 1) {
    values[second - from] = long.get(Math.floor((second * secondMs) / longMs));
  }
  return values;
};

/** A series of seconds over `from` to `to` (exclusive); nothing of one that is not kept. */
export const seriesValues = (series: Series | undefined, from: number, to: number): Float64Array =>
  series?.read(from, to) ?? new Float64Array(Math.max(0, to - from)).fill(Number.NaN);

/** A column at a second. */
export const columnValue = (history: History, name: ColumnName, second: number): number =>
  columnValues(history, name, second, second + 1)[0]!;
