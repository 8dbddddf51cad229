// What was counted beside the requests, as the printed summary tells it: expectations with their first failure, then the
// metrics of the profile, of streams and of uploads, by kind. As sentences, too, for who listens.

import { metricValue, passedShare } from '../common/quantity.ts';
import { safeName, safeText } from '../common/safe-text.ts';
import { formatClock, formatCount, formatRate } from '../common/units.ts';
import type { MetricSummary } from '../measure/metric-summary.ts';
import type { Summary } from '../measure/summary.ts';
import { columns, folded, type Paint } from './text-layout.ts';

type Rate = Extract<MetricSummary, { kind: 'rate' }>;
type Trend = Extract<MetricSummary, { kind: 'trend' }>;

/** Rows of each table that are printed; the JSON summary has them all. */
const shown = 20;
const nameCells = 30;
/** What is left for the series at the least, with the space in front of it. */
const leastSeries = 13;
const longestExample = 200;

const more = (left: number, what: string): string[] => (left > 0 ? [`  and ${formatCount(left)} more ${what}`] : []);

const shareOf = (ratio: number | null): string => (ratio === null ? 'no data' : passedShare(ratio));
const quantityOf = (value: number | null, unit: string | null): string =>
  value === null ? 'no data' : metricValue(value, unit ?? undefined);

/** What it is about: its name, and its series where the run has several. */
const nameOf = ({ name, series }: MetricSummary, several: boolean, cells = nameCells): string => {
  if (series === null || !several) return safeText(name, cells);
  const own = safeText(name, cells - leastSeries);
  return `${own}  ${safeName(series, cells - own.length - 2)}`;
};

const isExpectation = (metric: MetricSummary): metric is Rate =>
  metric.kind === 'rate' && metric.source === 'expectation';

/** The sections, each as lines; none where nothing is counted. */
export const metricTables = ({ metrics, series }: Summary, paint: Paint): string[][] => {
  const several = series.length > 1;
  return [expectationTable(metrics.filter(isExpectation), several, paint), ownTables(metrics, several, paint)];
};

/** Those that failed first. */
const expectationTable = (all: readonly Rate[], several: boolean, paint: Paint): string[] => {
  if (all.length === 0) return [];
  const sorted = all.toSorted((a, b) => Number(b.failed > 0) - Number(a.failed > 0));
  const listed = sorted.slice(0, shown);
  const [header = '', ...rows] = columns(
    [
      ['', 'passed', 'failed', 'share'],
      ...listed.map((one) => [
        nameOf(one, several),
        formatCount(one.passed),
        formatCount(one.failed),
        shareOf(one.shareRatio),
      ]),
    ],
    ['left', 'right', 'right', 'right'],
  );
  return [
    paint('heading', 'Expectations'),
    header,
    ...listed.flatMap((one, index) => {
      const line = rows[index]!;
      return [one.failed > 0 ? paint('bad', line) : line, ...firstFailure(one)];
    }),
    ...more(sorted.length - listed.length, 'expectations'),
  ];
};

const firstFailure = ({ failed, firstFailure: example, firstFailureAtMs }: Rate): string[] => {
  if (failed === 0) return [];
  const at = firstFailureAtMs === null ? '' : ` at ${formatClock(firstFailureAtMs)}`;
  const such = example === null || safeText(example) === '' ? '' : `: ${safeText(example, longestExample)}`;
  return folded(`first failure${at}${such}`, 6);
};

const ownTables = (metrics: readonly MetricSummary[], several: boolean, paint: Paint): string[] => {
  const own: readonly MetricSummary[] = metrics.filter((metric): boolean => !isExpectation(metric));
  if (own.length === 0) return [];
  const rows = own
    .filter((metric): metric is Exclude<MetricSummary, Trend> => metric.kind !== 'trend')
    .slice(0, shown)
    .map((metric) => [nameOf(metric, several), ...figures(metric)]);
  const trends = own.filter((metric): metric is Trend => metric.kind === 'trend');
  return [
    paint('heading', 'Counted by the profile'),
    ...columns(rows, ['left', 'right', 'left']),
    ...trendTable(trends.slice(0, shown), several),
    ...more(own.length - rows.length - Math.min(shown, trends.length), 'metrics'),
  ];
};

/** A value, and what belongs to it. */
const figures = (metric: Exclude<MetricSummary, Trend>): readonly [string, string] => {
  switch (metric.kind) {
    case 'counter': {
      const { sum, perSecond, unit } = metric;
      return [quantityOf(sum, unit), `in all, ${perSecondText(perSecond, unit)}`];
    }
    case 'rate':
      return [shareOf(metric.shareRatio), `${formatCount(metric.passed)} of ${formatCount(metric.count)}`];
    case 'gauge': {
      const { newest, min, max, unit } = metric;
      return [
        quantityOf(newest, unit),
        newest === null ? '' : `last, from ${quantityOf(min, unit)} to ${quantityOf(max, unit)}`,
      ];
    }
  }
};

const perSecondText = (perSecond: number, unit: string | null): string =>
  unit === null ? formatRate(perSecond) : `${quantityOf(perSecond, unit)}/s`;

const trendFigures = ['mean', 'p50', 'p95', 'p99', 'max'] as const;

const trendTable = (trends: readonly Trend[], several: boolean): string[] => {
  if (trends.length === 0) return [];
  const cells = trends.map((trend) => [
    nameOf(trend, several, 24),
    ...trendFigures.map((name) => quantityOf(trend[name], trend.unit)),
  ]);
  const [header = '', ...rows] = columns(
    [['', ...trendFigures], ...cells],
    ['left', ...trendFigures.map(() => 'right' as const)],
  );
  return [
    header,
    ...trends.flatMap(({ count, perSecond }, index) => [
      rows[index]!,
      `      ${formatCount(count)} counted, ${formatRate(perSecond)}`,
    ]),
  ];
};

/** One sentence for each. */
export const metricSentences = ({ metrics, series }: Summary): string[] =>
  metrics.slice(0, 2 * shown).map((metric) => {
    const name = nameOf(metric, series.length > 1, 80);
    if (isExpectation(metric)) {
      const { passed, failed, firstFailure: example } = metric;
      const such = example === null || failed === 0 ? '' : `, the first one: ${safeText(example, longestExample)}`;
      return `expectation ${name}: ${formatCount(passed)} passed, ${formatCount(failed)} failed${such}`;
    }
    if (metric.kind !== 'trend') return `${name}: ${figures(metric).join(' ')}`;
    const { count, unit, mean, p95, p99, max } = metric;
    const values = [
      ['mean', mean],
      ['95 percent within', p95],
      ['99 percent within', p99],
      ['the largest', max],
    ] as const;
    const text = values.map(([word, value]) => `${word} ${quantityOf(value, unit)}`).join(', ');
    return `${name}: ${formatCount(count)} counted, ${text}`;
  });
