// A signal is one row that a metrics panel shows: what it is called and which series of a scrape it is made of. The
// builders here turn families into signals; which families are worth a row is recognise.ts.

import { type Family, type FamilySample, isDistribution, millisecondsIn } from './metric-family.ts';
import type { Level, MetricUnit } from './probe.ts';
import { shortName } from './short-name.ts';

/** Where the number of a signal comes from. */
export type SignalSource =
  | { readonly type: 'gauge'; readonly unit: MetricUnit; readonly value: number; readonly limit: number | undefined }
  /** Growth of a whole family per second, as the book of scrapes has it. */
  | { readonly type: 'family rate'; readonly family: Family }
  /** Growth of the samples together, times `scale`, per second. */
  | {
      readonly type: 'rate';
      readonly unit: MetricUnit;
      readonly scale: number;
      readonly samples: readonly FamilySample[];
    }
  /** Quantile of what the family observed lately; its unit is `scale` ms. */
  | { readonly type: 'quantile'; readonly q: number; readonly scale: number; readonly family: Family }
  /** Mean of what the family observed lately. */
  | { readonly type: 'mean'; readonly scale: number; readonly family: Family }
  | { readonly type: 'gap'; readonly reason: string };

/** From which on a number is worth a look (`warn`) or wrong (`bad`): the number itself, or its share of its limit. */
export interface Thresholds {
  readonly of: 'value' | 'limit';
  readonly warn: number;
  readonly bad: number;
}

export interface Signal {
  readonly metric: string;
  readonly label: string;
  readonly source: SignalSource;
  readonly thresholds?: Thresholds | undefined;
}

/** How a value is to be taken; undefined where nothing is known of it. */
export const levelOf = ({ thresholds }: Signal, value: number, limit: number | undefined): Level | undefined => {
  if (!thresholds) return undefined;
  const { of, warn, bad } = thresholds;
  if (of === 'limit' && limit === undefined) return undefined;
  const measured = of === 'limit' ? value / limit! : value;
  if (measured >= bad) return 'bad';
  return measured >= warn ? 'warn' : 'ok';
};

type Where = (labels: Readonly<Record<string, string>>) => boolean;

/** What a family counts: a counter's values, a histogram's or summary's numbers of observations. */
const counts = (family: Family, where: Where): FamilySample[] =>
  family.samples.filter(
    ({ suffix, series }) => (!isDistribution(family) || suffix === '_count') && where(series.labels),
  );

/** Events per second: of all of a family's series, or of some. */
export const rateOf = (metric: string, label: string, family: Family, where?: Where): Signal => ({
  metric,
  label,
  source: where
    ? { type: 'rate', unit: '/s', scale: 1, samples: counts(family, where) }
    : { type: 'family rate', family },
});

/** Seconds of something per second: how many cores were busy, what share of the time went into garbage collection. */
export const shareOf = (metric: string, label: string, family: Family): Signal => {
  const samples = isDistribution(family) ? family.samples.filter(({ suffix }) => suffix === '_sum') : family.samples;
  const scale = (millisecondsIn(family.unit) ?? 1000) / 1000;
  return { metric, label, source: { type: 'rate', unit: 'ratio', scale, samples } };
};

/** The 95th percentile and, where there are no buckets to take it from, what can be said instead. */
export const latencyOf = (metric: string, label: string, family: Family): Signal[] => {
  const scale = millisecondsIn(family.unit) ?? 1000;
  const p95 = { metric: `${metric}.p95`, label: `${label} p95` };
  if (family.samples.some(({ suffix, series }) => suffix === '_bucket' && !Number.isNaN(series.bound))) {
    return [{ ...p95, source: { type: 'quantile', q: 0.95, scale, family } }];
  }
  const mean: Signal = {
    metric: `${metric}.mean`,
    label: `${label} mean`,
    source: { type: 'mean', scale, family },
  };
  const exported = family.samples.filter(({ series }) => series.labels.quantile === '0.95');
  if (exported.length > 0) {
    // Quantiles cannot be summed or averaged over labels; the worst of them is at least one that was measured.
    const value = Math.max(...exported.map((sample) => sample.value).filter((one) => !Number.isNaN(one))) * scale;
    const known = Number.isFinite(value) ? value : Number.NaN;
    const source = { type: 'gauge', unit: 'ms', value: known, limit: undefined } as const;
    return [mean, { ...p95, label: `${label} p95 own`, source }];
  }
  if (family.type !== 'histogram') return [mean];
  const reason = 'native histogram: its buckets cannot be read as text';
  return [mean, { ...p95, source: { type: 'gap', reason } }];
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
  const value = totalOf(family, where) * scale;
  const bound = limit === undefined ? Number.NaN : totalOf(limit, where) * readingUnit(limit).scale;
  // Exporters write "no limit" as −1, 0, or a number near 2⁶³ and beyond.
  const usable = bound > 0 && bound < 1e15 ? bound : undefined;
  return { metric, label, source: { type: 'gauge', unit, value, limit: usable } };
};

/** A gauge over its labels: the sum, of shares the highest; NaN without any. */
export const totalOf = (family: Family, where: Where = () => true): number => {
  const isShare = family.unit === 'ratio' || family.unit === 'percent';
  let total = Number.NaN;
  let found = 0;
  for (const { series, value } of family.samples) {
    if (!where(series.labels)) continue;
    found += 1;
    if (found === 1) total = value;
    // "No limit" of one pool must not lessen the limit of the others.
    else if (isShare) total = Math.max(total, value);
    else total = (found === 2 && total === -1 ? 0 : total) + (value === -1 ? 0 : value);
  }
  return total;
};

/** The unit that readings of a family are in, and what its numbers are multiplied by for that. */
export const readingUnit = ({ unit }: Pick<Family, 'unit'>): { readonly unit: MetricUnit; readonly scale: number } => {
  const ms = millisecondsIn(unit);
  if (ms !== undefined) return { unit: 'ms', scale: ms };
  if (unit === 'bytes') return { unit, scale: 1 };
  if (unit === 'ratio') return { unit, scale: 1 };
  return unit === 'percent' ? { unit: 'ratio', scale: 0.01 } : { unit: 'count', scale: 1 };
};

/** The label of a family that has no name of its own in our tables. */
export const familyLabel = (family: Family, limit?: number): string => shortName(family.name, limit);
