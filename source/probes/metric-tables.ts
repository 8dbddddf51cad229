// What a metrics panel shows when it has the whole screen: every series with what it says now and how far it moved since
// before the load, and every distribution with its percentiles. Built only while somebody looks.

import { safeText } from '../common/safe-text.ts';
import { formatCount } from '../common/units.ts';
import { type Family, isDistribution, millisecondsIn } from './metric-family.ts';
import { isGauge } from './metric-pairs.ts';
import { bucketQuantile, type Observed } from './metric-window.ts';
import { movedBy } from './movers.ts';
import { globMatcher, seriesText } from './pins.ts';
import type { ProbeTable, TableCell } from './probe.ts';
import type { ScrapeBook } from './scrape-book.ts';
import { readingUnit } from './signal.ts';

/** Rows of the table of series; above, families stand for their series. */
export const mostRows = 2000;
const longestName = 160;

export interface MetricLook {
  readonly families: ReadonlyMap<string, Family>;
  readonly book: ScrapeBook;
  readonly pins: readonly string[];
  readonly movers: readonly string[];
  readonly badExamples: readonly string[];
}

export const metricTables = (look: MetricLook): ProbeTable[] => {
  const tables = [seriesTable(look), distributionTable(look)];
  const { badExamples } = look;
  if (badExamples.length > 0) {
    const rows = badExamples.map((line) => [safeText(line, longestName)]);
    tables.push({ title: 'lines that are not metrics', columns: [{ label: 'line' }], rows });
  }
  return tables.filter(({ rows }) => rows.length > 0);
};

interface Row {
  readonly name: string;
  readonly weight: number;
  readonly cells: readonly TableCell[];
}

/** A look with its pins made ready. */
interface Ranked extends MetricLook {
  readonly wanted: readonly ((text: string) => boolean)[];
}

const seriesTable = (plain: MetricLook): ProbeTable => {
  const look: Ranked = { ...plain, wanted: plain.pins.map(globMatcher) };
  const families = [...look.families.values()].filter((family) => !isDistribution(family));
  const count = families.reduce((sum, { samples }) => sum + samples.length, 0);
  const bySeries = count <= mostRows;
  const rows = families.flatMap((family) => (bySeries ? seriesRows(family, look) : [familyRow(family, look)]));
  const sorted = rows.toSorted((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
  const table: ProbeTable = {
    title: bySeries ? 'series' : 'families',
    columns: [
      { label: bySeries ? 'series' : 'family' },
      { label: 'now' },
      { label: 'unit' },
      { label: 'before the load' },
      { label: 'moved by' },
    ],
    rows: sorted.slice(0, mostRows).map(({ cells }) => cells),
  };
  if (bySeries) return table;
  return { ...table, note: `${formatCount(count)} series: each family stands for its own, summed` };
};

/** Pins first, then what moved most, then by name. */
const weightOf = (family: Family, text: string, { wanted, movers }: Ranked): number => {
  const pinned = wanted.findIndex((isWanted) => [family.rawName, family.name, text].some(isWanted));
  if (pinned >= 0) return 2000 - pinned;
  const moved = movers.indexOf(family.name);
  return moved >= 0 ? 1000 - moved : 0;
};

const seriesRows = (family: Family, look: Ranked): Row[] => {
  const { unit, scale } = readingUnit(family);
  const alone = family.samples.length === 1;
  return family.samples.map(({ series, value }) => {
    const raw = seriesText(series);
    const name = safeText(raw, longestName);
    const now = isGauge(family) ? value * scale : rate(series.increase(look.book.isFirst), look.book);
    const before = alone ? look.book.course(family.name)?.baseline : isGauge(family) ? series.first * scale : undefined;
    return {
      name,
      weight: weightOf(family, raw, look),
      cells: [name, now, isGauge(family) ? unitText(unit) : '/s', ...compared(now, before)],
    };
  });
};

const familyRow = (family: Family, look: Ranked): Row => {
  const course = look.book.course(family.name);
  const name = safeText(family.rawName, longestName);
  const unit = isGauge(family) ? unitText(readingUnit(family).unit) : '/s';
  const now = course?.now ?? Number.NaN;
  return {
    name,
    weight: weightOf(family, family.rawName, look),
    cells: [name, now, unit, ...compared(now, course?.baseline)],
  };
};

const unitText = (unit: string): string => (unit === 'count' ? '' : unit);

const rate = (increase: number, { ms }: ScrapeBook): number => (increase / ms) * 1000;

const compared = (now: number, baseline: number | undefined): TableCell[] => {
  if (baseline === undefined || Number.isNaN(now - baseline)) return [undefined, undefined];
  const moved = movedBy({ now, baseline }, Number.MIN_VALUE);
  const sign = now > baseline ? '+' : '-';
  // From nothing there is no share.
  const text = moved < 0.005 ? '' : baseline === 0 ? 'new' : `${sign}${formatCount(Math.round(moved * 100))} %`;
  return [baseline, text];
};

const distributionTable = ({ families, book }: MetricLook): ProbeTable => ({
  title: 'distributions, last 10 s',
  columns: [
    { label: 'distribution' },
    { label: 'per second', unit: '/s' },
    { label: 'unit' },
    { label: 'mean' },
    { label: 'p50' },
    { label: 'p95' },
    { label: 'p99' },
  ],
  rows: [...families.values()]
    .filter(isDistribution)
    .map((family) => distributionRow(family, book.observed(family.name))),
});

const distributionRow = (family: Family, observed: Observed | undefined): TableCell[] => {
  const scale = millisecondsIn(family.unit) ?? 1;
  const name = safeText(family.rawName, longestName);
  const unit = millisecondsIn(family.unit) === undefined ? unitText(readingUnit(family).unit) : 'ms';
  if (!observed) return [name, undefined, unit, undefined, undefined, undefined, undefined];
  const { ms, count, sum } = observed;
  const mean = count > 0 ? (sum / count) * scale : undefined;
  const quantiles = [0.5, 0.95, 0.99].map((q) =>
    observed.buckets.size > 0 ? bucketCell(q, observed, scale) : exportedCell(q, family, scale),
  );
  return [name, (count / ms) * 1000, unit, mean, ...quantiles];
};

/** `> 10,000` where it lies above the last bound. */
const bucketCell = (q: number, { buckets }: Observed, scale: number): TableCell => {
  const { value, atLeast } = bucketQuantile(q, buckets);
  if (!Number.isFinite(value)) return undefined;
  return atLeast ? `> ${formatCount(value * scale)}` : value * scale;
};

/** A summary's own quantile: the worst of its labels, as they cannot be put together. */
const exportedCell = (q: number, { samples }: Family, scale: number): TableCell => {
  const values = samples
    .filter(({ series }) => Number(series.labels.quantile) === q)
    .map(({ value }) => value)
    .filter(Number.isFinite);
  return values.length === 0 ? undefined : Math.max(...values) * scale;
};
