// A whole chart over time: value axis, what is drawn, and (where there is room) the time axis, as lines ready for a panel.
// All charts stand in line, because all have the same axes.

import type { Line } from '../theme.ts';
import { xAxis, yAxis, yAxisWidth } from './axis.ts';
import { drawLines, type LineChart } from './line.ts';
import type { Scale } from './scale.ts';

export interface Axes {
  /** In cells, axes included. */
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
  /** What the window covers, ms; undefined leaves the time axis out. */
  readonly spanMs?: number | undefined;
  /** What stands under the right edge; `now` by default. */
  readonly end?: string | undefined;
  /** The run time of the right edge, ms, where the view is frozen there. */
  readonly endMs?: number | undefined;
  /** Text of a tick of the value axis. */
  readonly format?: ((value: number) => string) | undefined;
  /** Cells for the labels of the value axis; 5 by default. */
  readonly labelWidth?: number | undefined;
  readonly ascii: boolean;
}

export interface TimeChart extends LineChart, Axes {}

/** The chart as exactly `height` lines of exactly `width` cells, axes included; the time axis takes two of the lines. */
export const drawTimeChart = (chart: TimeChart): Line[] =>
  drawInAxes(chart, (width, height) => drawLines({ ...chart, width, height }));

/** Cells of a chart between its axes. */
export const chartSize = ({
  width,
  height,
  spanMs,
  labelWidth,
}: Omit<Axes, 'scale'>): [width: number, height: number] => [
  Math.max(0, width - yAxisWidth(labelWidth)),
  height - (spanMs === undefined ? 0 : 2),
];

/** Axes around what `draw` makes of the cells that they leave. */
export const drawInAxes = (axes: Axes, draw: (width: number, height: number) => readonly Line[]): Line[] => {
  const { spanMs, end, endMs, format, labelWidth, ascii, scale } = axes;
  const left = yAxisWidth(labelWidth);
  const [width, height] = chartSize(axes);
  const axis = yAxis({ scale, height, format, labelWidth, ascii });
  const lines: Line[] = draw(width, height).map((line, row) => [{ text: axis[row] ?? '', role: 'axis' }, ...line]);
  if (spanMs !== undefined) {
    for (const text of xAxis({ width, left, spanMs, end, endMs, ascii })) lines.push([{ text, role: 'axis' }]);
  }
  return lines;
};
