// The names of a chart's lines at their right ends, for terminals on which no colour tells them apart. Pure.

import type { LineSeries } from '../charts/line.ts';
import type { ChartEnd } from '../charts/overlay.ts';
import type { Theme } from '../theme.ts';

/** @param names of the series, in their order */
export const lineEnds = (
  series: readonly LineSeries[],
  names: readonly string[],
  { color }: Theme,
): readonly ChartEnd[] =>
  color
    ? []
    : series.map(({ values, role }, index) => ({ value: values.at(-1) ?? Number.NaN, label: names[index]!, role }));
