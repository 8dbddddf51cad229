// What the profile counts beside the requests, as lines: its own metrics, its expectations, streams and uploads. One line for
// each where there is room, what went wrong first; zoomed, all of them with all that is known. Pure.

import { metricValue, passedShare } from '../../common/quantity.ts';
import { safeText } from '../../common/safe-text.ts';
import { formatClock, formatCount, formatRate } from '../../common/units.ts';
import type { MetricState, RunState } from '../../session/state.ts';
import { sparkline } from '../charts/sparkline.ts';
import { seriesValues } from '../column-values.ts';
import { cut, cutName, displayWidth, fitText } from '../format.ts';
import { sparkWindow } from '../parts/cell-window.ts';
import { dim, run, wrapped } from '../parts/runs.ts';
import type { LazyLine } from '../parts/table-lines.ts';
import type { Seen } from '../seen.ts';
import type { Line, Role } from '../theme.ts';

interface Place {
  readonly width: number;
  readonly ascii: boolean;
}

/** Rows that the panel could fill, its title included; 0 where nothing is counted. */
export const countedRows = ({ run: info }: Pick<RunState, 'run'>): number => {
  const count = info?.metrics?.length ?? 0;
  return count === 0 ? 0 : 1 + count;
};

/** A metric with its index. */
interface Row {
  readonly metric: MetricState;
  readonly index: number;
}

const failedOf = ({ count, sum }: MetricState): number => count - sum;
const hasFailed = (metric: MetricState): boolean => metric.source === 'expectation' && failedOf(metric) > 0;

/** What stands in the title: `2 of 14 expectations failed`. */
export const countedInShort = ({ metrics }: RunState): readonly Line[] => {
  const expectations = metrics.filter(({ source }) => source === 'expectation');
  if (expectations.length === 0) return [];
  const failed = expectations.filter(hasFailed).length;
  if (failed === 0) return [[run(expectations.some(({ count }) => count > 0) ? 'all expectations met' : '', 'good')]];
  return [
    [run(`▲ ${failed} of ${formatCount(expectations.length)} expectations failed`, 'alarm')],
    [run(`▲ ${failed} failed`, 'alarm')],
  ];
};

/** The lines of the panel for so many rows: what failed first, then what the profile counts, then what passes. */
export const countedLines = (state: Seen, rows: number, place: Place): Line[] => {
  const all = state.metrics.map((metric, index): Row => ({ metric, index }));
  if (all.length === 0) return [[dim(state.numbersOf === undefined ? notYet(state) : ' not kept any more')]];
  const fits = all.length <= rows;
  const kept = fits ? all : all.toSorted((a, b) => rank(a.metric) - rank(b.metric)).slice(0, Math.max(0, rows - 1));
  const columns = columnsFor(kept, state, place);
  const lines = kept.map((row) => metricLine(row, state, columns, place));
  return fits
    ? lines
    : [...lines, [dim(` and ${all.length - kept.length} more: Tab chooses the panel, Enter shows all`)]];
};

const notYet = ({ run: info }: RunState): string =>
  (info?.metrics?.length ?? 0) === 0 ? ' the profile counts nothing: metrics and count in it' : ' nothing counted yet';

const rank = (metric: MetricState): number => (hasFailed(metric) ? 0 : metric.source === 'expectation' ? 2 : 1);

/** Cells of each column; 0 for one that is left out. */
interface Columns {
  readonly name: number;
  readonly spark: number;
  readonly figures: number;
  /** The longer wording of figures. */
  readonly long: boolean;
}

const leastName = 18;
const sparkCells = { least: 8, most: 30 } as const;

const columnsFor = (rows: readonly Row[], state: Seen, { width }: Place): Columns => {
  const widest = (of: (row: Row) => string): number => Math.max(0, ...rows.map((row) => displayWidth(of(row))));
  const names = widest(({ metric }) => nameOf(metric, state));
  const cells = (long: boolean): number => widest(({ metric }) => figuresOf(metric)[long ? 0 : 1]);
  // A blank at the left, two before the figures, one at the right.
  const room = (figures: number): number => width - 4 - figures;
  const long = room(cells(true)) >= Math.min(names, leastName);
  const figures = Math.min(cells(long), Math.max(0, width - 4 - 4));
  const left = room(figures);
  const spare = left - Math.min(names, left) - 2;
  const spark = spare >= sparkCells.least ? Math.min(sparkCells.most, spare) : 0;
  return { name: left - (spark === 0 ? 0 : spark + 2), spark, figures, long };
};

/** The name, and the series where the run has several. */
const nameOf = ({ name, series }: MetricState, { run: info }: RunState): string =>
  series === undefined || (info?.series.length ?? 0) < 2 ? name : `${name}  ${safeText(series)}`;

const metricLine = ({ metric, index }: Row, state: Seen, columns: Columns, { ascii }: Place): Line => {
  const { name, spark, figures, long } = columns;
  const role = roleOf(metric);
  const text = cutName(nameOf(metric, state), name, ascii);
  return [
    run(' '),
    run(fitText(text, name, { ascii }), role === 'dim' ? 'dim' : 'text'),
    ...(spark > 0 ? [run('  '), run(courseOf(index, state, spark, ascii), 'p50')] : []),
    run(`  ${fitText(figuresOf(metric)[long ? 0 : 1], figures, { align: 'right', ascii })}`, role),
  ];
};

const courseOf = (index: number, state: Seen, width: number, ascii: boolean): string =>
  sparkline({
    values: sparkWindow(state, width, (from, to) => seriesValues(state.history.metric(index), from, to)),
    width,
    ascii,
  });

const roleOf = (metric: MetricState): Role => {
  if (metric.count === 0) return 'dim';
  if (!hasFailed(metric)) return 'text';
  // What failed once stays a warning; what fails now is an alarm.
  return metric.share < 1 ? 'alarm' : 'warn';
};

/** What is to be said of a metric, long and short. */
const figuresOf = (metric: MetricState): readonly [long: string, short: string] => {
  const { kind, unit, count, sum, perSecond, newest, recent, share } = metric;
  if (count === 0) return ['nothing yet', 'none'];
  switch (kind) {
    case 'counter': {
      const rate = unit === undefined ? formatRate(perSecond) : `${metricValue(perSecond, unit)}/s`;
      return [`${rate}  ${metricValue(sum, unit)} in all`, rate];
    }
    case 'rate':
      return rateFigures(metric, Number.isNaN(share) ? sum / count : share);
    case 'gauge':
      return [metricValue(newest, unit), metricValue(newest, unit)];
    case 'trend':
      if (recent.count === 0) return ['none in the last 10 s', 'none now'];
      return [
        ['p50', 'p95', 'p99', 'max'].map((name) => `${name} ${metricValue(figureOf(recent, name), unit)}`).join('  '),
        `p95 ${metricValue(recent.p95, unit)}`,
      ];
  }
};

const figureOf = (recent: MetricState['recent'], name: string): number =>
  name === 'p50' ? recent.p50 : name === 'p95' ? recent.p95 : name === 'p99' ? recent.p99 : recent.max;

const rateFigures = (metric: MetricState, share: number): readonly [string, string] => {
  const { source, count, sum } = metric;
  if (source !== 'expectation') {
    return [`${passedShare(share)}  ${formatCount(sum)} of ${formatCount(count)}`, passedShare(share)];
  }
  const failed = failedOf(metric);
  if (failed === 0) return [`100 %  ${formatCount(sum)} met`, '100 %'];
  return [`▲ ${passedShare(share)}  ${formatCount(failed)} failed`, `▲ ${formatCount(failed)} failed`];
};

/** What the rows are added to. */
interface Rows {
  readonly place: Place;
  keeps(text: string): boolean;
  line(line: LazyLine): void;
}

/** An example is read in full, but no screen is filled with one. */
const exampleLines = 4;

/** Every metric with all that is known of it; found by its name, its series and what it is. */
export const addCounted = (rows: Rows, state: Seen): void => {
  const all = state.metrics.map((metric, index): Row => ({ metric, index }));
  if (all.length === 0) rows.line(() => countedLines(state, 1, rows.place)[0]!);
  const columns = columnsFor(all, state, rows.place);
  for (const row of all) {
    const { metric } = row;
    if (!rows.keeps(`${metric.name} ${metric.series ?? ''} ${metric.kind} ${metric.source}`)) continue;
    rows.line(() => metricLine(row, state, columns, rows.place));
    rows.line(() => [dim(cut(`   ${detailsOf(metric)}`, rows.place.width, rows.place.ascii))]);
    if (metric.example === undefined) continue;
    const at = metric.exampleAt === undefined ? '' : ` at ${formatClock(metric.exampleAt)}`;
    for (const text of wrapped(`first failure${at}: ${metric.example}`, rows.place.width - 6, exampleLines)) {
      rows.line(() => [dim(`     ${text}`)]);
    }
  }
};

const sourceWords: Readonly<Record<MetricState['source'], string>> = {
  profile: '',
  expectation: 'expectation',
  stream: 'of a stream',
  upload: 'of an upload',
};

const detailsOf = ({ kind, unit, source, count, sum, perSecond, recent }: MetricState): string => {
  const what = source === 'expectation' ? sourceWords[source] : `${kind} ${sourceWords[source]}`.trim();
  const value = (number: number): string => metricValue(number, unit);
  switch (kind) {
    case 'counter':
    case 'gauge':
      return `${what}, counted ${formatCount(count)} times`;
    case 'rate':
      return `${what}, ${formatRate(perSecond)}, ${passedShare(sum / count)} of ${formatCount(count)} since the start`;
    case 'trend': {
      const { mean, min, p90, p999 } = recent;
      const more = `mean ${value(mean)}, least ${value(min)}, p90 ${value(p90)}, p99.9 ${value(p999)} over 10 s`;
      return `${what}, ${formatRate(perSecond)}, ${formatCount(count)} in all${recent.count === 0 ? '' : `; ${more}`}`;
    }
  }
};
