// Response times of good requests: percentiles over the last minute. Where a slow target slows the arrivals too, it
// says what such a measurement cannot see.

import { useRef } from 'react';
import { hidesWaiting } from '../../common/model.ts';
import { formatLength, formatMs, formatShort } from '../../common/units.ts';
import type { RunState } from '../../session/state.ts';
import { extent, latencyScale, type Scale } from '../charts/scale.ts';
import { drawTimeChart } from '../charts/time-chart.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim, joined, run } from '../parts/runs.ts';
import { columnWindow, stepInWindow, windowSteps } from '../parts/window.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { timeAxisRows } from './load.tsx';

const percentiles = ['p50', 'p95', 'p99'] as const;

const titles = ['response time ms, good'];
const closedTitles = [
  'response time ms, good · closed model: waiting is not seen',
  'time ms · closed model: waiting is not seen',
];

export const LatencyPanel = ({ rect, state, focused }: PanelProps) => {
  const { ascii } = useTheme();
  const previous = useRef<Scale>(undefined);
  const height = rect.height - 1;
  const series = percentiles.map((name) => ({ values: columnWindow(state, name), role: name }));
  const { min, max } = extent(series.map(({ values }) => values));
  const intervals = Math.max(1, Math.floor(height / 3));
  // A decade at least, so that the scale is always logarithmic: a doubling looks the same wherever it happens.
  const scale = latencyScale(Math.min(min, max / 10), max, { previous: previous.current, intervals });
  previous.current = scale;
  const lines = drawTimeChart({
    width: rect.width,
    height,
    scale,
    series,
    steps: windowSteps(state),
    markers: state.markers.map(({ at }) => stepInWindow(state, at)),
    spanMs: rect.height >= timeAxisRows ? state.look.windowMs : undefined,
    format: (value) => (value >= 1000 && value < 10_000 ? String(value) : formatShort(value)),
    ascii,
  });
  const title = hidesWaiting(state.run?.model ?? 'open') ? closedTitles : titles;
  return <Panel rect={rect} focused={focused} title={title} right={numbers(state)} lines={lines} />;
};

const numbers = ({ latency }: RunState): Line[] => {
  const { good, windowMs } = latency;
  const pieces = percentiles.map((name): Line => [run(`${name} ${formatMs(good[name]).padStart(4)}`, name)]);
  const window: Line = windowMs > 0 ? [dim(`last ${formatLength(windowMs)}`)] : [];
  const most: Line = [run(`max ${formatMs(good.max).padStart(5)}`)];
  return [joined([window, ...pieces, most]), joined([window, ...pieces]), joined(pieces), joined(pieces.slice(1))];
};
