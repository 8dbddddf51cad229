// Response times of good requests, or of those that were not: percentiles over the window. Where a slow target slows the
// arrivals too, it says what such a measurement cannot see.

import { useRef } from 'react';
import { hidesWaiting } from '../../common/model.ts';
import { formatLength, formatMs } from '../../common/units.ts';
import { extent, latencyScale, type Scale } from '../charts/scale.ts';
import { drawTimeChart } from '../charts/time-chart.ts';
import { timeAxisRows } from '../layout-room.ts';
import { latencyObjectives, withObjectives } from '../parts/chart-objectives.ts';
import { lineEnds } from '../parts/line-ends.ts';
import { nothingGood } from '../parts/nothing-good.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { msTick, percentileColumns } from '../parts/response-times.ts';
import { dim, joined, run } from '../parts/runs.ts';
import { columnWindow, overWindow, withWindow } from '../parts/window.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';

const percentiles = ['p50', 'p95', 'p99'] as const;

/** Whose response times these are is said in the shortest wording, too, where they are not the usual ones. */
const titlesOf = ({ look, run: info }: Seen): readonly string[] => {
  const whose = look.latency === 'good' ? 'good' : 'NOT good';
  const title = `response time ms, ${whose}`;
  if (!hidesWaiting(info?.model ?? 'open')) return [title];
  const short = look.latency === 'good' ? 'time ms' : 'ms, NOT good';
  return [title, short].map((name) => `${name} · closed model: waiting is not seen`);
};

export const LatencyPanel = ({ rect, state, focused }: PanelProps) => {
  const theme = useTheme();
  const { ascii } = theme;
  const previous = useRef<Scale>(undefined);
  const height = rect.height - 1;
  const hasAxis = rect.height >= timeAxisRows;
  const series = percentiles.map((name) => ({
    values: columnWindow(state, percentileColumns[state.look.latency][name]),
    role: name,
  }));
  const objectives = latencyObjectives(state);
  const { min, max: highest } = extent(series.map(({ values }) => values));
  const max = withObjectives(highest, objectives, 10);
  const intervals = Math.max(1, Math.floor(height / 3));
  // A decade at least, so that the scale is always logarithmic: a doubling looks the same wherever it happens.
  const scale = latencyScale(Math.min(min, max / 10), max, { previous: previous.current, intervals });
  previous.current = scale;
  const lines =
    nothingGood(state, height) ??
    drawTimeChart({
      width: rect.width,
      height,
      scale,
      series,
      ...overWindow(state, hasAxis),
      objectives,
      ends: lineEnds(series, percentiles, theme),
      format: msTick,
      ascii,
    });
  const titles = titlesOf(state);
  const title = hasAxis ? titles : withWindow(titles, state);
  return <Panel rect={rect} focused={focused} title={title} right={numbers(state)} lines={lines} />;
};

const numbers = ({ latency, look, whole }: Seen): Line[] => {
  const { windowMs } = latency;
  const times = latency[look.latency];
  const pieces = percentiles.map((name): Line => [run(`${name} ${formatMs(times[name]).padStart(4)}`, name)]);
  const window: Line = windowMs > 0 ? [dim(whole ? 'whole run' : `last ${formatLength(windowMs)}`)] : [];
  const most: Line = [run(`max ${formatMs(times.max).padStart(5)}`)];
  return [joined([window, ...pieces, most]), joined([window, ...pieces]), joined(pieces), joined(pieces.slice(1))];
};
