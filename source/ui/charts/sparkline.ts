// A column of numbers in one line of text. For one-line panels and the tables of the server's side.

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const asciiBlocks = ['_', '.', '-', '=', '#'] as const;

export interface Sparkline {
  /** One value for each time step, newest last; NaN is a gap. */
  readonly values: Float64Array;
  /** In cells. */
  readonly width: number;
  /** Where the values are held against a bound: the full height is the bound, the floor is 0. */
  readonly limit?: number | undefined;
  readonly ascii: boolean;
}

/** Changes smaller than this share of the largest value stay flat: noise is no mountain range. */
const leastSpan = 0.1;

/**
 * Exactly `width` cells, the newest step at the right. Without a limit the height runs from the smallest to the largest
 * value. A gap is a space; zeros are the lowest line, never full; a flat line that is not zero stands at half height.
 * Several steps in a cell show their largest.
 */
export const sparkline = (line: Sparkline): string => {
  const { values, width, limit, ascii } = line;
  const glyphs = ascii ? asciiBlocks : blocks;
  const cells = Array.from({ length: Math.max(0, width) }, (_, cell) => cellValue(values, cell, width));
  const level = leveller(cells, limit);
  return cells.map((value) => (Number.isNaN(value) ? ' ' : glyphs[level(value, glyphs.length)]!)).join('');
};

const cellValue = (values: Float64Array, cell: number, width: number): number => {
  const from = Math.floor((cell * values.length) / width);
  const to = Math.max(from + 1, Math.floor(((cell + 1) * values.length) / width));
  let largest = Number.NaN;
  for (let step = from; step < Math.min(to, values.length); step += 1) {
    const value = values[step]!;
    if (Number.isFinite(value) && !(value <= largest)) largest = value;
  }
  return largest;
};

type Leveller = (value: number, count: number) => number;

const leveller = (cells: readonly number[], limit: number | undefined): Leveller => {
  const known = cells.filter((value) => !Number.isNaN(value));
  const bounded = limit !== undefined && Number.isFinite(limit) && limit > 0;
  let low = bounded ? 0 : Math.min(...known);
  let high = bounded ? limit : Math.max(...known);
  if (low === 0 && high === 0) return () => 0;
  const span = Math.max(Math.abs(low), Math.abs(high)) * leastSpan;
  if (high - low < span) {
    // Widened so that what is flat stands in the middle of the fourth of eight heights, not between two of them.
    low = (high + low) / 2 - (span * 3) / 7;
    high = low + span;
  }
  return (value, count) => {
    const share = Math.max(0, Math.min(1, (value - low) / (high - low)));
    return Math.round(share * (count - 1));
  };
};
