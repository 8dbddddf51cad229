// From values to heights. Scales end on round numbers and are kept from second to second while they still fit, so that
// a chart does not jump; a rate starts at 0, a latency is logarithmic where it spans a decade.

export interface Scale {
  readonly type: 'linear' | 'log';
  readonly min: number;
  readonly max: number;
  /** Round values to label, ascending, both ends among them. */
  readonly ticks: readonly number[];
  /** 0 at the bottom to 1 at the top, clamped; NaN for a gap. */
  readonly position: (value: number) => number;
}

/** Smallest and largest of the values of all columns, gaps left out; NaN where there is none. */
export const extent = (columns: readonly Float64Array[]): { readonly min: number; readonly max: number } => {
  let min = Number.NaN;
  let max = Number.NaN;
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      if (!(value >= min)) min = value;
      if (!(value <= max)) max = value;
    }
  }
  return { min, max };
};

// Powers of ten below 1 are not exact in binary; dividing by the exact positive power is.
const power = (exponent: number): number => (exponent < 0 ? 1 / 10 ** -exponent : 10 ** exponent);

// A value that is a round number but for rounding errors counts as that number.
const slack = 1e-9;

/** The smallest of …, 0.5, 1, 2, 5, 10, … that is not below `value` (> 0). */
export const niceAbove = (value: number): number => {
  const decade = power(Math.floor(Math.log10(value)));
  const factor = [1, 2, 5, 10].find((step) => decade * step >= value * (1 - slack)) ?? 10;
  return decade < 1 ? factor / Math.round(1 / decade) : factor * decade;
};

/** The largest of …, 0.5, 1, 2, 5, 10, … that is not above `value` (> 0). */
export const niceBelow = (value: number): number => {
  const above = niceAbove(value);
  if (above <= value * (1 + slack)) return above;
  return niceAbove(above * 0.39);
};

/** A linear scale between two values, with a tick each `step` from `min` on. */
export const linearScale = (min: number, max: number, step: number): Scale => {
  const ticks: number[] = [];
  const count = Math.round((max - min) / step);
  for (let index = 0; index <= count; index += 1) ticks.push(round(min + index * step));
  const top = ticks.at(-1) ?? max;
  return { type: 'linear', min, max: top, ticks, position: (value) => clamp((value - min) / (top - min)) };
};

/** A logarithmic scale between two values above 0; ticks at its ends, at whole decades and, where few, at 2 and 5. */
export const logScale = (min: number, max: number): Scale => {
  const span = Math.log(max / min);
  const inside: number[] = [];
  for (let tick = min; tick < max * (1 - slack); tick = niceAbove(tick * 1.1)) {
    if (tick > min * (1 + slack)) inside.push(tick);
  }
  const decades = inside.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < slack);
  const position = (value: number): number => (value <= min ? 0 : clamp(Math.log(value / min) / span));
  return { type: 'log', min, max, ticks: [min, ...(decades.length > 0 ? decades : inside), max], position };
};

// NaN stays NaN: a gap has no height.
const clamp = (share: number): number => (share < 0 ? 0 : share > 1 ? 1 : share);

const round = (value: number): number => Number(value.toPrecision(12));

/** What a scale is chosen by, besides the data. */
export interface ScaleWish {
  /** The scale of the frame before: kept while the data still fits it well. */
  readonly previous?: Scale | undefined;
  /** Intervals between ticks that are wanted at the most; about a third of the chart's rows. */
  readonly intervals?: number | undefined;
}

/**
 * A scale from 0 for a quantity whose highest value is `highest` (NaN without data): rates, counts, shares. The top is
 * the next whole tick. The scale of the frame before stays until the data leaves it or falls below half of it.
 */
export const rateScale = (highest: number, wish: ScaleWish = {}): Scale => {
  const { previous, intervals = 3 } = wish;
  const known = Number.isFinite(highest) && highest > 0;
  const top = known ? highest : 1;
  if (previous?.type === 'linear' && previous.min === 0 && fitsTicks(previous, intervals)) {
    if (top <= previous.max && (top > previous.max / 2 || !Number.isFinite(highest))) return previous;
  }
  const step = niceAbove(top / Math.max(1, intervals));
  return linearScale(0, Math.max(1, Math.ceil((top / step) * (1 - slack))) * step, step);
};

// After a resize the ticks of the scale before may be too many for the rows, or far too few.
const fitsTicks = (scale: Scale, intervals: number): boolean =>
  scale.ticks.length - 1 <= intervals && (scale.ticks.length - 1) * 3 >= intervals;

/** Highest over lowest from which on latencies are drawn logarithmically, and below which they no longer are. */
const logFrom = 10;
const logUntil = 4;

/**
 * A scale for response times in ms that lie between `lowest` and `highest`: logarithmic, ending on 1-2-5 numbers, where
 * they span a decade; otherwise from 0, as a rate. Stays as it was while the data fits and fills at least half of it.
 */
export const latencyScale = (lowest: number, highest: number, wish: ScaleWish = {}): Scale => {
  const { previous } = wish;
  const low = Math.max(0.01, lowest);
  if (!Number.isFinite(low) || !Number.isFinite(highest)) return previous ?? rateScale(Number.NaN, wish);
  const ratio = highest / low;
  if (ratio < (previous?.type === 'log' ? logUntil : logFrom)) return rateScale(highest, wish);
  if (previous?.type === 'log' && low >= previous.min && highest <= previous.max) {
    if (Math.log(previous.max / previous.min) <= 2 * Math.log(Math.max(ratio, logFrom))) return previous;
  }
  const min = niceBelow(low);
  return logScale(min, Math.max(niceAbove(highest), min * logFrom));
};
