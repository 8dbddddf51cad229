// What was asked and what came: arrivals offered, achieved and good per second, over the window.

import { useRef } from 'react';
import { hidesWaiting } from '../../common/model.ts';
import { formatCount, formatRateNumber, formatShort } from '../../common/units.ts';
import { yAxisWidth } from '../charts/axis.ts';
import { lineCells } from '../charts/line.ts';
import { extent, rateScale, type Scale } from '../charts/scale.ts';
import { drawTimeChart } from '../charts/time-chart.ts';
import { timeAxisRows } from '../layout-room.ts';
import { rateObjectives, withObjectives } from '../parts/chart-objectives.ts';
import { lineEnds } from '../parts/line-ends.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim, joined, run } from '../parts/runs.ts';
import { troubleMarks } from '../parts/trouble-marks.ts';
import { columnWindow, overWindow, withWindow } from '../parts/window.ts';
import type { Seen } from '../seen.ts';
import { type Line, plainText } from '../theme.ts';
import { useTheme } from '../use-session.ts';

export const LoadPanel = ({ rect, state, focused }: PanelProps) => {
  const theme = useTheme();
  const { ascii } = theme;
  const previous = useRef<Scale>(undefined);
  const height = rect.height - 1;
  const hasAxis = rect.height >= timeAxisRows;
  // Where the target's answers make the arrivals, what was offered says nothing.
  const answered = hidesWaiting(state.run?.model ?? 'open');
  // The target is what is looked at: where lines meet, what came back lies over what was asked.
  const shown = (['offered', 'achieved', 'good'] as const).filter((name) => name !== 'offered' || !answered);
  const series = shown.map((name) => ({
    values: columnWindow(state, name),
    role: name === 'good' ? ('goodSeries' as const) : name,
    dotted: name === 'offered',
  }));
  const objectives = rateObjectives(state);
  const { max } = extent(series.map(({ values }) => values));
  const top = withObjectives(max, objectives, 2);
  const scale = rateScale(top, { previous: previous.current, intervals: Math.max(1, Math.floor(height / 3)) });
  previous.current = scale;
  const over = overWindow(state, hasAxis);
  const lines = drawTimeChart({
    width: rect.width,
    height,
    scale,
    series,
    ...over,
    objectives,
    ends: lineEnds(series, shown, theme),
    format: formatShort,
    ascii,
  });
  // The time axis is the last line but one.
  const axis = hasAxis ? lines.at(-2) : undefined;
  if (axis) {
    const left = yAxisWidth();
    const cellOf = lineCells({ ...over, width: rect.width - left, ascii });
    lines[lines.length - 2] = troubleMarks(plainText(axis), left, columnWindow(state, 'trouble'), cellOf);
  }
  const title = hasAxis ? 'throughput /s' : withWindow(['throughput /s'], state);
  return <Panel rect={rect} focused={focused} title={title} right={numbers(state, answered, scale)} lines={lines} />;
};

const numbers = ({ rates, stocks, run: info, whole }: Seen, answered: boolean, { max }: Scale): Line[] => {
  const cells = formatRateNumber(Math.round(max)).length;
  const piece = (name: string, value: number, role: 'offered' | 'achieved' | 'goodSeries'): Line => [
    run(`${name} ${formatRateNumber(value).padStart(cells)}`, role),
  ];
  const offered = answered ? [] : piece('offered', rates.offered, 'offered');
  const achieved = piece('achieved', rates.achieved, 'achieved');
  const good = piece('good', rates.good, 'goodSeries');
  const stuck: Line = stocks.stuck > 0 ? [run(`▲ stuck ${formatCount(stocks.stuck)}`, 'alarm')] : [];
  // Each has one request at a time: what comes hangs on how many there are.
  const users: Line = info?.model === 'closed' ? [run(`users ${formatCount(stocks.users)}`)] : [];
  const mean: readonly Line[] = whole ? [joined([[dim('whole run')], offered, achieved, good])] : [];
  return [
    ...mean,
    joined([stuck, users, offered, achieved, good]),
    joined([stuck, offered, achieved, good]),
    joined([stuck, achieved, good]),
    joined([stuck, good]),
  ];
};
