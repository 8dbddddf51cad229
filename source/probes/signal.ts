// A signal is one row that a metrics panel shows: what it is called and which numbers of a scrape it is made of. The
// builders here turn families into signals; which families are worth a row is recognise.ts.

import { type Family, type FamilySample, millisecondsIn } from './metric-family.ts';
import type { CounterPoint } from './metric-window.ts';
import type { MetricUnit } from './probe.ts';
import { shortName } from './short-name.ts';

/** Where the number of a signal comes from. */
export type SignalSource =
  | { readonly type: 'gauge'; readonly unit: MetricUnit; readonly value: number; readonly limit: number | undefined }
  /** Growth of the points of group `wanted`, times `scale`, per second. */
  | {
      readonly type: 'rate';
      readonly unit: MetricUnit;
      readonly scale: number;
      readonly points: readonly CounterPoint[];
    }
  /** Quantile of what was observed lately; the groups are bounds, in units of `scale` ms. */
  | { readonly type: 'quantile'; readonly q: number; readonly scale: number; readonly points: readonly CounterPoint[] }
  /** Growth of group `sum` over that of group `count`, in units of `scale` ms. */
  | { readonly type: 'mean'; readonly scale: number; readonly points: readonly CounterPoint[] }
  | { readonly type: 'gap'; readonly reason: string };

export interface Signal {
  readonly metric: string;
  readonly label: string;
  readonly source: SignalSource;
}

/** The group that a rate is made of. */
export const wanted = 'wanted';

type Where = (labels: Readonly<Record<string, string>>) => boolean;

const isCount = ({ suffix }: FamilySample): boolean => suffix === '_count';
const isDistribution = ({ type }: Family): boolean => type === 'histogram' || type === 'summary';

/** Points of what a family counts: a counter's values, a histogram's or summary's number of observations. */
export const countPoints = (family: Family, where: Where = () => true): CounterPoint[] => {
  const samples = isDistribution(family) ? family.samples.filter(isCount) : family.samples;
  return samples.map(({ series, value }) => {
    const group = where(series.labels) ? wanted : 'rest';
    return { key: series.key, unit: series.key, group, value };
  });
};

/** Events per second. */
export const rateOf = (metric: string, label: string, family: Family, where?: Where): Signal => ({
  metric,
  label,
  source: { type: 'rate', unit: '/s', scale: 1, points: countPoints(family, where) },
});

/** Seconds of something per second: how many cores were busy, what share of the time went into garbage collection. */
export const shareOf = (metric: string, label: string, family: Family): Signal => {
  const samples = isDistribution(family) ? family.samples.filter(({ suffix }) => suffix === '_sum') : family.samples;
  const points = samples.map(({ series: { key }, value }) => ({ key, unit: key, group: wanted, value }));
  const scale = (millisecondsIn(family.unit) ?? 1000) / 1000;
  return { metric, label, source: { type: 'rate', unit: 'ratio', scale, points } };
};

/** The 95th percentile and, where there are no buckets to take it from, what can be said instead. */
export const latencyOf = (metric: string, label: string, family: Family): Signal[] => {
  const scale = millisecondsIn(family.unit) ?? 1000;
  const buckets = family.samples.filter(({ suffix, series }) => suffix === '_bucket' && 'le' in series.labels);
  if (buckets.length > 0) {
    const points = buckets.map(({ series, value }): CounterPoint => {
      const { le, ...others } = series.labels;
      return { key: series.key, unit: JSON.stringify(others), group: le!, value };
    });
    return [{ metric: `${metric}.p95`, label: `${label} p95`, source: { type: 'quantile', q: 0.95, scale, points } }];
  }
  const mean = family.samples
    .filter(({ suffix }) => suffix === '_sum' || suffix === '_count')
    .map(({ series, suffix, value }): CounterPoint => {
      return { key: series.key, unit: JSON.stringify(series.labels), group: suffix.slice(1), value };
    });
  const signals: Signal[] = [
    { metric: `${metric}.mean`, label: `${label} mean`, source: { type: 'mean', scale, points: mean } },
  ];
  const exported = family.samples.filter(({ series }) => series.labels.quantile === '0.95');
  if (exported.length > 0) {
    // Quantiles cannot be summed or averaged over labels; the worst of them is at least one that was measured.
    const value = Math.max(...exported.map((sample) => sample.value).filter((one) => !Number.isNaN(one))) * scale;
    const source = {
      type: 'gauge',
      unit: 'ms',
      value: Number.isFinite(value) ? value : Number.NaN,
      limit: undefined,
    } as const;
    signals.push({ metric: `${metric}.p95`, label: `${label} p95 own`, source });
  } else if (family.type === 'histogram') {
    const reason = 'native histogram: its buckets cannot be read as text';
    signals.push({ metric: `${metric}.p95`, label: `${label} p95`, source: { type: 'gap', reason } });
  }
  return signals;
};

/** A state, summed over its labels (the highest, for shares), held against a limit where one is given. */
export const gaugeOf = (
  metric: string,
  label: string,
  family: Family,
  options: { readonly limit?: Family | undefined; readonly where?: Where } = {},
): Signal => {
  const { where = () => true, limit } = options;
  const { unit, scale } = readingUnit(family);
  const value = total(family, where) * scale;
  const bound = limit === undefined ? Number.NaN : total(limit, where) * readingUnit(limit).scale;
  // Exporters write "no limit" as −1, 0, or a number near 2⁶³ and beyond.
  const usable = bound > 0 && bound < 1e15 ? bound : undefined;
  return { metric, label, source: { type: 'gauge', unit, value, limit: usable } };
};

const total = (family: Family, where: Where): number => {
  const values = family.samples.filter(({ series }) => where(series.labels)).map(({ value }) => value);
  if (values.length === 0) return Number.NaN;
  if (family.unit === 'ratio' || family.unit === 'percent') return Math.max(...values);
  // "No limit" of one pool must not lessen the limit of the others.
  return values.length === 1 ? values[0]! : values.reduce((sum, value) => sum + (value === -1 ? 0 : value), 0);
};

const readingUnit = ({ unit }: Family): { readonly unit: MetricUnit; readonly scale: number } => {
  const ms = millisecondsIn(unit);
  if (ms !== undefined) return { unit: 'ms', scale: ms };
  if (unit === 'bytes') return { unit, scale: 1 };
  if (unit === 'ratio') return { unit, scale: 1 };
  return unit === 'percent' ? { unit: 'ratio', scale: 0.01 } : { unit: 'count', scale: 1 };
};

/** The label of a family that has no name of its own in our tables. */
export const familyLabel = (family: Family, limit?: number): string => shortName(family.name, limit);
