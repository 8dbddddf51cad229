// The axes of a chart as text: labels and a line at its left, a line and times below. The chart itself is line.ts.

import { formatClock, formatShort } from '../../common/units.ts';
import type { Scale } from './scale.ts';

export interface YAxis {
  readonly scale: Scale;
  /** Rows of the chart. */
  readonly height: number;
  /** Text of a tick; by default three significant digits with a scale letter. */
  readonly format?: ((value: number) => string) | undefined;
  /** Cells for the labels, right-aligned: 5 by default, so that charts below each other share one time axis. */
  readonly labelWidth?: number | undefined;
  readonly ascii: boolean;
}

/** Cells that `yAxis` takes for a width of its labels: the labels, a space, the line. */
export const yAxisWidth = (labelWidth = 5): number => labelWidth + 2;

/** One string for each row, top first, such as `  10k ┤` at a tick and `      │` between ticks. */
export const yAxis = (axis: YAxis): string[] => {
  const { scale, height, format = formatShort, labelWidth = 5, ascii } = axis;
  const labels = new Map<number, string>();
  const place = (tick: number | undefined): void => {
    if (tick === undefined) return;
    const row = Math.round((1 - scale.position(tick)) * (height - 1));
    // Two labels in neighbouring rows read as one block; the ends go first.
    if (!labels.has(row) && !labels.has(row - 1) && !labels.has(row + 1)) labels.set(row, format(tick));
  };
  place(scale.ticks[0]);
  place(scale.ticks.at(-1));
  for (const tick of scale.ticks) place(tick);
  return Array.from({ length: height }, (_, row) => {
    const label = labels.get(row);
    const line = ascii ? (label === undefined ? '|' : '+') : label === undefined ? '│' : '┤';
    return `${(label ?? '').padStart(labelWidth)} ${line}`;
  });
};

export interface XAxis {
  /** Cells of the chart, without the y axis. */
  readonly width: number;
  /** Cells left of the chart: `yAxisWidth(…)`. */
  readonly left: number;
  /** What the width covers, ms. */
  readonly spanMs: number;
  /** What stands under the right edge: `now`, or a time while the view is frozen. */
  readonly end?: string | undefined;
  /** The run time of the right edge, ms, where all the times are times of the run. */
  readonly endMs?: number | undefined;
  readonly ascii: boolean;
}

/**
 * The line below a chart and the times below that, each exactly `left + width` cells:
 * `      └──────────┬─────────┬─────────` and `     -60s       -40s      -20s      now`.
 */
export const xAxis = (axis: XAxis): readonly [line: string, labels: string] => {
  const { width, left, spanMs, end = 'now', endMs, ascii } = axis;
  const total = left + width;
  const line = new Array<string>(total).fill(ascii ? '-' : '─').fill(' ', 0, Math.max(0, left - 1));
  if (left > 0) line[left - 1] = ascii ? '+' : '└';
  const labels = new Array<string>(total).fill(' ');
  const put = (text: string, at: number): void => {
    const start = Math.max(0, Math.min(at, total - text.length));
    const around = labels.slice(Math.max(0, start - 1), start + text.length + 1);
    if (text.length <= total && around.every((cell) => cell === ' ')) labels.splice(start, text.length, ...text);
  };
  put(end, total - end.length);
  const back = (ms: number): string => {
    if (endMs === undefined) return `-${formatSpan(ms)}`;
    // Before the run began there is no time of it.
    return endMs < ms ? '' : formatClock(endMs - ms);
  };
  put(back(spanMs), left - 2);
  const parts = tickParts(spanMs, width);
  for (let part = 1; part < parts; part += 1) {
    const column = left + Math.round((part * (width - 1)) / parts);
    line[column] = ascii ? '+' : '┬';
    put(back((spanMs * (parts - part)) / parts), column - 2);
  }
  return [line.join(''), labels.join('')];
};

/** Steps between times that people count in, s. */
const roundSteps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200];
/** Cells that a part needs: a time, a space. */
const leastPart = 7;

/** Into how many parts ticks divide the axis: about three, at times that are round; fewer where there is no room. */
const tickParts = (spanMs: number, width: number): number => {
  const wanted = width >= 36 ? 3 : width >= 20 ? 2 : 1;
  if (wanted === 1) return 1;
  const seconds = spanMs / 1000;
  const round = roundSteps.map((step) => seconds / step).filter((parts) => Number.isInteger(parts) && parts > 1);
  const fitting = round.filter((parts) => parts <= width / leastPart && parts <= 2 * wanted);
  return fitting.length === 0 ? wanted : fitting.reduce((best, parts) => (nearer(parts, best, wanted) ? parts : best));
};

const nearer = (parts: number, best: number, wanted: number): boolean =>
  Math.abs(parts - wanted) < Math.abs(best - wanted);

/** `60s`, `20s`, `5m`, `3m20s`, `1h`, `1h30m`: short enough for a tick. */
export const formatSpan = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${seconds % 60 === 0 ? '' : `${seconds % 60}s`}`;
  return `${Math.floor(minutes / 60)}h${minutes % 60 === 0 ? '' : `${minutes % 60}m`}`;
};
