// The plan of a run as a small chart in text: the rate, or the number of users, from its beginning to its end. Pure.

import { rateAt, type Segment } from '../load/arrival-plan.ts';
import { formatSpan, yAxis, yAxisWidth } from '../ui/charts/axis.ts';
import { drawLines } from '../ui/charts/line.ts';
import { rateScale } from '../ui/charts/scale.ts';

export interface PlanChart {
  readonly segments: readonly Segment[];
  /** Undefined: no end of its own. */
  readonly durationMs: number | undefined;
  /** In cells, axes included. */
  readonly width: number;
  readonly height: number;
  readonly ascii: boolean;
}

/** What is shown of a level that stays until somebody stops it, ms. */
const shownOfEndless = 60_000;

/** The chart as lines, its axis of time below; no line has blanks at its end. */
export const planChart = ({ segments, durationMs, width, height, ascii }: PlanChart): readonly string[] => {
  const lastChange = segments.at(-1)?.at ?? 0;
  const spanMs = durationMs ?? lastChange + shownOfEndless;
  const left = yAxisWidth();
  const room = Math.max(1, width - left);
  const rows = Math.max(1, height - 2);
  const values = valuesOf(segments, spanMs, room * (ascii ? 1 : 2));
  const scale = rateScale(Math.max(0, ...values), { intervals: Math.max(1, Math.round(rows / 3)) });
  const lines = drawLines({ width: room, height: rows, scale, series: [{ values, role: 'offered' }], ascii });
  const axis = yAxis({ scale, height: rows, ascii });
  const drawn = lines.map((runs, row) => `${axis[row]}${runs.map(({ text }) => text).join('')}`);
  const end = durationMs === undefined ? '...' : formatSpan(spanMs);
  return [...drawn, ...timeAxis({ left, room, spanMs, end, ascii })].map((line) => line.trimEnd());
};

/** The level at so many instants, both ends included; of the end, that before it. */
const valuesOf = (segments: readonly Segment[], spanMs: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, index) =>
    rateAt(segments, Math.min((index / Math.max(1, count - 1)) * spanMs, Math.max(0, spanMs - 1))),
  );

interface TimeAxis {
  readonly left: number;
  readonly room: number;
  readonly spanMs: number;
  /** What stands at the right. */
  readonly end: string;
  readonly ascii: boolean;
}

/** Steps between times that people count in, s. */
const roundSteps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
/** Cells from one time to the next at the least. */
const leastGap = 12;

const timeAxis = ({ left, room, spanMs, end, ascii }: TimeAxis): readonly [string, string] => {
  const line = `${' '.repeat(left - 1)}${ascii ? '+' : '└'}${(ascii ? '-' : '─').repeat(room)}`.split('');
  const labels = Array.from({ length: left + room }, () => ' ');
  const put = (text: string, at: number): void => {
    const from = Math.max(0, Math.min(at - Math.floor(text.length / 2), labels.length - text.length));
    const around = labels.slice(Math.max(0, from - 1), from + text.length + 1);
    if (around.every((cell) => cell === ' ')) labels.splice(from, text.length, ...text);
  };
  put('0', left);
  put(end, left + room);
  const seconds = spanMs / 1000;
  const step = roundSteps.find((each) => (each / seconds) * (room - 1) >= leastGap) ?? Infinity;
  for (let at = step; at < seconds; at += step) {
    const column = left + Math.round((at / seconds) * (room - 1));
    line[column] = ascii ? '+' : '┬';
    put(formatSpan(at * 1000), column);
  }
  return [line.join(''), labels.join('')];
};
