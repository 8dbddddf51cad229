// What was asked and what came: arrivals offered, achieved and good per second, over the last minute.

import { useRef } from 'react';
import { hidesWaiting } from '../../common/model.ts';
import { formatCount, formatRateNumber, formatShort } from '../../common/units.ts';
import type { RunState } from '../../session/state.ts';
import { yAxisWidth } from '../charts/axis.ts';
import { extent, rateScale, type Scale } from '../charts/scale.ts';
import { drawTimeChart } from '../charts/time-chart.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { joined, run } from '../parts/runs.ts';
import { troubleMarks } from '../parts/trouble-marks.ts';
import { columnWindow, stepInWindow, windowSteps } from '../parts/window.ts';
import { type Line, plainText } from '../theme.ts';
import { useTheme } from '../use-session.ts';

/** Rows from which on the chart has a time axis. */
export const timeAxisRows = 10;

export const LoadPanel = ({ rect, state, focused }: PanelProps) => {
  const { ascii } = useTheme();
  const previous = useRef<Scale>(undefined);
  const height = rect.height - 1;
  // Where the target's answers make the arrivals, what was offered says nothing.
  const answered = hidesWaiting(state.run?.model ?? 'open');
  // The target is what is looked at: where lines meet, what came back lies over what was asked.
  const shown = (['offered', 'achieved', 'good'] as const).filter((name) => name !== 'offered' || !answered);
  const series = shown.map((name) => ({
    values: columnWindow(state, name),
    role: name === 'good' ? ('goodSeries' as const) : name,
  }));
  const { max } = extent(series.map(({ values }) => values));
  const scale = rateScale(max, { previous: previous.current, intervals: Math.max(1, Math.floor(height / 3)) });
  previous.current = scale;
  const lines = drawTimeChart({
    width: rect.width,
    height,
    scale,
    series,
    steps: windowSteps(state),
    markers: state.markers.map(({ at }) => stepInWindow(state, at)),
    spanMs: rect.height >= timeAxisRows ? state.look.windowMs : undefined,
    format: formatShort,
    ascii,
  });
  // The time axis is the last line but one.
  const axis = rect.height >= timeAxisRows ? lines.at(-2) : undefined;
  if (axis) lines[lines.length - 2] = troubleMarks(plainText(axis), yAxisWidth(), columnWindow(state, 'trouble'));
  return (
    <Panel rect={rect} focused={focused} title="throughput /s" right={numbers(state, answered, scale)} lines={lines} />
  );
};

const numbers = ({ rates, stocks }: RunState, answered: boolean, { max }: Scale): Line[] => {
  const cells = formatRateNumber(Math.round(max)).length;
  const piece = (name: string, value: number, role: 'offered' | 'achieved' | 'goodSeries'): Line => [
    run(`${name} ${formatRateNumber(value).padStart(cells)}`, role),
  ];
  const offered = answered ? [] : piece('offered', rates.offered, 'offered');
  const achieved = piece('achieved', rates.achieved, 'achieved');
  const good = piece('good', rates.good, 'goodSeries');
  const stuck: Line = stocks.stuck > 0 ? [run(`▲ stuck ${formatCount(stocks.stuck)}`, 'alarm')] : [];
  return [joined([stuck, offered, achieved, good]), joined([stuck, achieved, good]), joined([stuck, good])];
};
