// A line chart of several series in braille or ASCII: columns in, lines of coloured runs out. The newest step is at the
// right edge. A gap is a break: never joined, never zero. Axes are not here but in axis.ts.

import type { Line, Role } from '../theme.ts';
import { Canvas, dotsAcross } from './canvas.ts';
import { drawOverlay, type Overlay } from './overlay.ts';
import type { Scale } from './scale.ts';

export interface LineSeries {
  /** One value for each time step, newest last; NaN is a gap. */
  readonly values: Float64Array;
  readonly role: Role;
  /** Drawn as a dotted line: what was asked, beside what came. */
  readonly dotted?: boolean | undefined;
}

export interface LineChart extends Overlay {
  /** In cells. */
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
  /** Drawn in order: where series share a cell the last one gives the colour, the dots of all stay. */
  readonly series: readonly LineSeries[];
  /** Length of the window in steps; by default the longest series. Shorter series lie at its right end. */
  readonly steps?: number | undefined;
  /**
   * Number of the window's first step since the beginning of time: where several steps share a dot, dots begin at fixed
   * times, so that a chart keeps its shape while it moves to the left. Without it they begin at the left edge.
   */
  readonly first?: number | undefined;
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
  const grid = gridOf(canvas, steps, chart.first ?? 0);
  for (const { values, role, dotted } of chart.series) {
    canvas.use(role, dotted);
    const rows = dotRows(canvas, chart.scale, values, steps);
    if (steps > canvas.dotsX) drawDense(canvas, rows, grid);
    else drawSparse(canvas, rows, grid);
  }
  overlay(canvas, chart, grid);
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

/** Where steps lie among columns of dots. */
interface Grid {
  readonly steps: number;
  /** Dot column of a step; the newest step is the last one. */
  readonly columnOf: (step: number) => number;
  /** First step of a dot column, where a column has several. */
  readonly stepOf: (column: number) => number;
}

// A boundary between columns that is a whole step but for rounding errors is that step.
const slack = 1e-9;

const gridOf = ({ dotsX }: Pick<Canvas, 'dotsX'>, steps: number, begin: number): Grid => {
  const perColumn = steps / dotsX;
  const first = Math.ceil((begin + steps) / perColumn - slack) - dotsX;
  const sparse = (step: number): number => (steps === 1 ? dotsX - 1 : Math.round((step * (dotsX - 1)) / (steps - 1)));
  const dense = (step: number): number =>
    Math.max(0, Math.min(dotsX - 1, Math.floor((step + begin) / perColumn + slack) - first));
  return {
    steps,
    columnOf: steps > dotsX ? dense : sparse,
    stepOf: (column) => Math.floor((first + column) * perColumn + slack) - begin,
  };
};

/** The newest step is the last dot: what lies within it would be behind that. */
const cellOf = ({ width, dotsX }: Pick<Canvas, 'width' | 'dotsX'>, dotColumn: number): number =>
  Math.min(width - 1, Math.floor((dotColumn * width) / dotsX));

/** In which of the chart's cells each step is, for what stands below the chart. */
export const lineCells = ({
  width,
  steps,
  first = 0,
  ascii,
}: Pick<LineChart, 'width' | 'first' | 'ascii'> & { readonly steps: number }): ((step: number) => number) => {
  const dotsX = dotsAcross(width, ascii);
  const { columnOf } = gridOf({ dotsX }, steps, first);
  return (step) => cellOf({ width, dotsX }, columnOf(step));
};

const drawSparse = (canvas: Canvas, rows: Int32Array, { steps, columnOf }: Grid): void => {
  for (let step = 0; step < steps; step += 1) {
    const y = rows[step]!;
    if (y < 0) continue;
    const x = columnOf(step);
    const before = step > 0 ? rows[step - 1]! : -1;
    if (before < 0 && (rows[step + 1] ?? -1) < 0) canvas.lone(x, y);
    else if (before < 0) canvas.dot(x, y);
    else canvas.line(columnOf(step - 1), before, x, y);
  }
};

const drawDense = (canvas: Canvas, rows: Int32Array, { steps, stepOf }: Grid): void => {
  // Range of the dot column before, so that neighbours join; empty after a gap.
  let lastLow = -1;
  let lastHigh = -1;
  for (let x = 0; x < canvas.dotsX; x += 1) {
    const from = Math.max(0, stepOf(x));
    const to = Math.min(steps, stepOf(x + 1));
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
      const isLone = lastHigh < 0 && rows.subarray(to, stepOf(x + 2)).every((row) => row < 0);
      if (isLone && top === bottom) canvas.lone(x, top);
      else canvas.column(x, top, bottom);
    }
    lastLow = high >= 0 ? low : -1;
    lastHigh = high;
  }
};

const overlay = (canvas: Canvas, chart: LineChart, { steps, columnOf }: Grid): void => {
  const { scale } = chart;
  const places = {
    column: (step: number) => {
      if (!(step >= 0 && step < steps)) return undefined;
      return cellOf(canvas, columnOf(step));
    },
    row: (value: number) => {
      if (!(value >= scale.min && value <= scale.max)) return undefined;
      const dotRow = Math.round((1 - scale.position(value)) * (canvas.dotsY - 1));
      return Math.floor((dotRow * canvas.height) / canvas.dotsY);
    },
  };
  drawOverlay(canvas, places, chart);
};
