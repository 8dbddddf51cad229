// A line chart of several series in braille or ASCII: columns in, lines of coloured runs out. The newest step is at the
// right edge. A gap is a break: never joined, never zero. Axes are not here but in axis.ts.

import type { Line, Role } from '../theme.ts';
import { Canvas } from './canvas.ts';
import type { Scale } from './scale.ts';

export interface LineSeries {
  /** One value for each time step, newest last; NaN is a gap. */
  readonly values: Float64Array;
  readonly role: Role;
}

export interface LineChart {
  /** In cells. */
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
  /** Drawn in order: where series share a cell the last one gives the colour, the dots of all stay. */
  readonly series: readonly LineSeries[];
  /** Length of the window in steps; by default the longest series. Shorter series lie at its right end. */
  readonly steps?: number | undefined;
  /** Vertical lines at these steps of the window (0 is the oldest, fractions allowed); those outside are left out. */
  readonly markers?: readonly number[] | undefined;
  /** Horizontal lines at these values; those outside of the scale are left out. */
  readonly objectives?: readonly number[] | undefined;
  readonly ascii: boolean;
}

/**
 * The chart as `height` lines of exactly `width` cells, top first. With more steps than dots each dot column shows the
 * smallest to the largest value of its steps, so that a spike is never lost; with fewer, steps are joined by lines.
 */
export const drawLines = (chart: LineChart): Line[] => {
  const canvas = new Canvas(chart.width, chart.height, chart.ascii);
  if (canvas.dotsX === 0 || canvas.dotsY === 0) return canvas.lines();
  const steps = chart.steps ?? Math.max(1, ...chart.series.map(({ values }) => values.length));
  drawObjectives(canvas, chart);
  drawMarkers(canvas, chart, steps);
  for (const { values, role } of chart.series) {
    canvas.use(role);
    const rows = dotRows(canvas, chart.scale, values, steps);
    if (steps > canvas.dotsX) drawDense(canvas, rows, steps);
    else drawSparse(canvas, rows, steps);
  }
  return canvas.lines();
};

/** The dot row of each step of the window, -1 for a gap. */
const dotRows = (canvas: Canvas, scale: Scale, values: Float64Array, steps: number): Int32Array => {
  const rows = new Int32Array(steps).fill(-1);
  const offset = steps - values.length;
  for (let step = Math.max(0, offset); step < steps; step += 1) {
    const share = scale.position(values[step - offset]!);
    if (!Number.isNaN(share)) rows[step] = Math.round((1 - share) * (canvas.dotsY - 1));
  }
  return rows;
};

/** Dot column of a step; the newest step is the last one. */
const columnOf = (canvas: Canvas, steps: number, step: number): number => {
  if (steps > canvas.dotsX) return Math.floor((step * canvas.dotsX) / steps);
  return steps === 1 ? canvas.dotsX - 1 : Math.round((step * (canvas.dotsX - 1)) / (steps - 1));
};

const drawSparse = (canvas: Canvas, rows: Int32Array, steps: number): void => {
  for (let step = 0; step < steps; step += 1) {
    const y = rows[step]!;
    if (y < 0) continue;
    const x = columnOf(canvas, steps, step);
    const before = step > 0 ? rows[step - 1]! : -1;
    if (before < 0) canvas.dot(x, y);
    else canvas.line(columnOf(canvas, steps, step - 1), before, x, y);
  }
};

const drawDense = (canvas: Canvas, rows: Int32Array, steps: number): void => {
  // Range of the dot column before, so that neighbours join; empty after a gap.
  let lastLow = -1;
  let lastHigh = -1;
  for (let x = 0; x < canvas.dotsX; x += 1) {
    const from = Math.floor((x * steps) / canvas.dotsX);
    const to = Math.floor(((x + 1) * steps) / canvas.dotsX);
    let low = Number.MAX_SAFE_INTEGER;
    let high = -1;
    for (let step = from; step < to; step += 1) {
      const y = rows[step]!;
      if (y < 0) continue;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    if (high >= 0) {
      const joined = lastHigh >= 0 && rows[from]! >= 0 && rows[from - 1]! >= 0;
      const top = joined && low > lastHigh + 1 ? lastHigh + 1 : low;
      const bottom = joined && high < lastLow - 1 ? lastLow - 1 : high;
      canvas.column(x, top, bottom);
    }
    lastLow = high >= 0 ? low : -1;
    lastHigh = high;
  }
};

const drawObjectives = (canvas: Canvas, chart: LineChart): void => {
  for (const value of chart.objectives ?? []) {
    if (!(value >= chart.scale.min && value <= chart.scale.max)) continue;
    const dotRow = Math.round((1 - chart.scale.position(value)) * (canvas.dotsY - 1));
    const row = Math.floor((dotRow * canvas.height) / canvas.dotsY);
    for (let column = 0; column < canvas.width; column += 1) {
      canvas.under(column, row, chart.ascii ? '~' : '·', 'objective');
    }
  }
};

const drawMarkers = (canvas: Canvas, chart: LineChart, steps: number): void => {
  for (const step of chart.markers ?? []) {
    if (!(step >= 0 && step < steps)) continue;
    const column = Math.floor((columnOf(canvas, steps, step) * canvas.width) / canvas.dotsX);
    for (let row = 0; row < canvas.height; row += 1) {
      canvas.under(column, row, chart.ascii ? '|' : '┊', 'marker');
    }
  }
};
