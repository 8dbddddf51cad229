// A column of the timeline as a small chart: its name, the number of now, its course over the window. For what stands below
// a zoomed chart.

import { useRef } from 'react';
import { formatShort } from '../../common/units.ts';
import type { ColumnName } from '../../session/state.ts';
import { extent, latencyScale, rateScale, type Scale } from '../charts/scale.ts';
import { drawTimeChart } from '../charts/time-chart.ts';
import type { Line, Role } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { Panel, type PanelProps } from './panel.tsx';
import { columnWindow, overWindow } from './window.ts';

interface SmallChartProps extends PanelProps {
  readonly title: string;
  /** Numbers of now, in wordings. */
  readonly right: readonly Line[];
  readonly series: readonly { readonly column: ColumnName; readonly role: Role }[];
  /** What the values of the columns are multiplied by. */
  readonly factor?: number;
  readonly logarithmic?: boolean;
}

export const SmallChart = ({ rect, state, title, right, series, factor = 1, logarithmic = false }: SmallChartProps) => {
  const { ascii } = useTheme();
  const previous = useRef<Scale>(undefined);
  const height = rect.height - 1;
  const lines = series.map(({ column, role }) => ({
    values: columnWindow(state, column).map((value) => value * factor),
    role,
  }));
  const { min, max } = extent(lines.map(({ values }) => values));
  const wish = { previous: previous.current, intervals: Math.max(1, Math.floor(height / 3)) };
  const scale = logarithmic ? latencyScale(Math.min(min, max / 10), max, wish) : rateScale(max, wish);
  previous.current = scale;
  const drawn = drawTimeChart({
    width: rect.width,
    height,
    scale,
    series: lines,
    ...overWindow(state, false),
    format: formatShort,
    ascii,
  });
  return <Panel rect={rect} title={title} right={right} lines={drawn} />;
};
