// A whole chart over time: value axis, lines, and (where there is room) the time axis, as lines ready for a panel.

import type { Line } from '../theme.ts';
import { xAxis, yAxis, yAxisWidth } from './axis.ts';
import { drawLines, type LineChart } from './line.ts';

export interface TimeChart extends LineChart {
  /** What the window covers, ms; undefined leaves the time axis out. */
  readonly spanMs?: number | undefined;
  /** What stands under the right edge; `now` by default. */
  readonly end?: string | undefined;
  /** Text of a tick of the value axis. */
  readonly format?: ((value: number) => string) | undefined;
  /** Cells for the labels of the value axis; 5 by default. */
  readonly labelWidth?: number | undefined;
}

/** The chart as exactly `height` lines of exactly `width` cells, axes included; the time axis takes two of the lines. */
export const drawTimeChart = (chart: TimeChart): Line[] => {
  const { spanMs, end, format, labelWidth, ascii, scale } = chart;
  const left = yAxisWidth(labelWidth);
  const height = chart.height - (spanMs === undefined ? 0 : 2);
  const width = Math.max(0, chart.width - left);
  const axis = yAxis({ scale, height, format, labelWidth, ascii });
  const lines: Line[] = drawLines({ ...chart, width, height }).map((line, row) => [
    { text: axis[row] ?? '', role: 'axis' },
    ...line,
  ]);
  if (spanMs !== undefined) {
    for (const text of xAxis({ width, left, spanMs, end, ascii })) lines.push([{ text, role: 'axis' }]);
  }
  return lines;
};
