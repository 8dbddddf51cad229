// Response times over time as a heat map: how many requests had which, with the percentiles over it. What lies between
// percentiles (two humps, a thin tail) is seen only here.

import { useRef } from 'react';
import { hidesWaiting } from '../../common/model.ts';
import { formatMs, formatShort } from '../../common/units.ts';
import {
  drawHeat,
  type HeatInk,
  type HeatLine,
  type HeatMap,
  heatCounts,
  heatExtent,
  heatLevels,
  heatMost,
  heatSample,
} from '../charts/heatmap.ts';
import { extent, latencyScale } from '../charts/scale.ts';
import { chartSize, drawInAxes } from '../charts/time-chart.ts';
import { timeAxisRows } from '../layout-room.ts';
import { cellSpans, largestIn, type Span } from '../parts/cell-window.ts';
import { latencyObjectives } from '../parts/chart-objectives.ts';
import { nothingGood } from '../parts/nothing-good.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { msTick, percentileColumns } from '../parts/response-times.ts';
import { dim, joined, run } from '../parts/runs.ts';
import { isPastCourses, overWindow, stepMs, windowEnd } from '../parts/window.ts';
import type { Seen } from '../seen.ts';
import { type Line, showsHeat, type Theme } from '../theme.ts';
import { useTheme } from '../use-session.ts';

/** The lowest last, so that it is seen where they meet: what most requests had. */
const percentiles = ['p99', 'p95', 'p50'] as const;
type Percentile = (typeof percentiles)[number];

const glyphs: Readonly<Record<Percentile, readonly [unicode: string, ascii: string]>> = {
  p50: ['━', '5'],
  p95: ['─', '9'],
  p99: ['┄', '^'],
};

const glyphOf = (name: Percentile, ascii: boolean): string => glyphs[name][ascii ? 1 : 0];

const inkOf = (theme: Theme): HeatInk => (showsHeat(theme) ? 'background' : theme.ascii ? 'ascii' : 'shades');

export const HeatmapPanel = ({ rect, state, focused }: PanelProps) => {
  const theme = useTheme();
  const { ascii } = theme;
  const ink = inkOf(theme);
  const over = overWindow(state, rect.height >= timeAxisRows);
  const size = { width: rect.width, height: rect.height - 1, ascii, format: msTick, ...over };
  const [width, height] = chartSize(size);
  const { scale, most, counts, lines } = useHeat(state, width, height, ascii);
  const map = { ...over, scale, most, counts, lines, ink, ascii, objectives: latencyObjectives(state) };
  const none = nothingGood(state, size.height);
  const chart = none ?? drawInAxes({ ...size, scale }, () => drawHeat({ ...map, width, height }));
  const right = wordings(state, legend(most, ink), ascii);
  return <Panel rect={rect} focused={focused} title={titlesOf(state)} right={right} lines={chart} />;
};

type Heat = Pick<HeatMap, 'scale' | 'most' | 'counts' | 'lines'>;

/** What the map shows: counted once for each second, as an hour of it is a quarter of a million numbers. */
const useHeat = (state: Seen, width: number, height: number, ascii: boolean): Heat => {
  const kept = useRef<{ readonly heat: Heat; readonly of: readonly unknown[] }>(undefined);
  const of = [windowEnd(state), state.history, state.look, width, height, ascii];
  const before = kept.current;
  if (before?.of.every((value, index) => value === of[index])) return before.heat;
  const heat = heatOf(state, width, height, ascii, before?.heat);
  kept.current = { heat, of };
  return heat;
};

const heatOf = (state: Seen, width: number, height: number, ascii: boolean, previous: Heat | undefined): Heat => {
  const spans = cellSpans(state, width);
  const grid = state.history.latencies(state.look.latency);
  const lines = linesOf(state, spans, ascii);
  const counted = heatExtent(grid, spans);
  const { min, max } = Number.isNaN(counted.max) ? extent(lines.map(({ values }) => values)) : counted;
  const intervals = Math.max(1, Math.floor(height / 3));
  const scale = latencyScale(Math.min(min, max / 10), max, { previous: previous?.scale, intervals });
  const counts = heatCounts(grid, spans, height, scale);
  return { scale, counts, lines, most: heatMost(counts, previous?.most) };
};

const linesOf = (state: Seen, spans: readonly Span[], ascii: boolean): HeatLine[] =>
  percentiles.map((name) => ({
    values: largestIn(state.history.column(percentileColumns[state.look.latency][name], stepMs), spans),
    role: name,
    glyph: glyphOf(name, ascii),
  }));

const titlesOf = (state: Seen): readonly string[] => {
  const { look, run: info } = state;
  const whose = look.latency === 'good' ? 'good' : 'NOT good';
  const kept = isPastCourses(state) ? ': kept for an hour' : '';
  const titles = [`response time ms, ${whose}, heat map${kept}`, `heat map ms, ${whose}${kept}`];
  if (!hidesWaiting(info?.model ?? 'open')) return titles;
  const unseen = 'closed model: waiting is not seen';
  return titles.map((title) => `${title} · ${unseen}`);
};

/** `1/s ░▒▓█ 5k/s`: what the weakest and the strongest step stand for. */
const legend = (most: number, ink: HeatInk): Line => {
  const steps = Array.from({ length: heatLevels(ink) }, (_, index) => heatSample(index + 1, ink));
  return [dim('few '), ...steps, dim(` ${formatShort(most)}/s`)];
};

const wordings = ({ latency, look }: Seen, steps: Line, ascii: boolean): Line[] => {
  const times = latency[look.latency];
  const pieces = percentiles
    .toReversed()
    .map((name): Line => [run(`${name} ${glyphOf(name, ascii)} ${formatMs(times[name]).padStart(4)}`, name)]);
  return [joined([steps, ...pieces]), joined(pieces), joined(pieces.slice(1)), steps];
};
