// Turns signals into readings, with what is remembered from scrape to scrape, and says why there is no number where there
// is none.

import { safeText } from '../common/safe-text.ts';
import type { Family } from './metric-family.ts';
import { bucketQuantile, type Observed } from './metric-window.ts';
import type { ProbeValue } from './probe.ts';
import type { ScrapeBook } from './scrape-book.ts';
import { levelOf, type Signal } from './signal.ts';

type Derived = { readonly value: number; readonly atLeast?: boolean } | { readonly reason: string };

const first = 'needs a second reading';
const nothing = 'nothing observed in the last 10 s';

/** The readings of a scrape, ranked in the order of its signals. */
export const deriveSignals = (signals: readonly Signal[], book: ScrapeBook): ProbeValue[] =>
  signals.map((signal, rank) => readingOf(signal, rank, book));

const readingOf = (signal: Signal, rank: number, book: ScrapeBook): ProbeValue => {
  const { source, label } = signal;
  const metric = safeText(signal.metric, 80);
  const number = numberOf(signal, book);
  if ('reason' in number) return { type: 'gap', metric, label, rank, reason: number.reason };
  if (!Number.isFinite(number.value)) {
    const reason = Number.isNaN(number.value) ? 'the target says NaN' : 'the target says infinity';
    return { type: 'gap', metric, label, rank, reason };
  }
  const { value } = number;
  const limit = source.type === 'gauge' ? source.limit : undefined;
  const level = levelOf(signal, value, limit);
  const more = { ...(limit !== undefined && { limit }), ...(level && { level }) };
  const reading = { type: 'value', metric, label, value, rank, ...more } as const;
  if (source.type === 'gauge') return { ...reading, kind: 'gauge', unit: source.unit };
  if (source.type === 'rate') return { ...reading, kind: 'rate', unit: source.unit };
  if (source.type === 'family rate') return { ...reading, kind: 'rate', unit: '/s' };
  return { ...reading, label: number.atLeast ? `${label} ≥` : label, kind: 'gauge', unit: 'ms' };
};

const numberOf = ({ source }: Signal, book: ScrapeBook): Derived => {
  switch (source.type) {
    case 'gap':
    case 'gauge':
      return source;
    case 'family rate':
      return familyRate(source.family, book);
    case 'rate':
      return perSecond(source, book);
    case 'quantile':
      return quantile(book.observed(source.family.name), source.q, source.scale);
    case 'mean':
      return mean(book.observed(source.family.name), source.scale);
  }
};

const familyRate = ({ name, samples }: Family, book: ScrapeBook): Derived => {
  if (book.isFirst) return { reason: first };
  // A family without a series that counts has counted nothing.
  return { value: samples.length === 0 ? 0 : (book.course(name)?.now ?? Number.NaN) };
};

const perSecond = (
  { samples, scale }: Extract<Signal['source'], { type: 'rate' }>,
  { isFirst, ms }: ScrapeBook,
): Derived => {
  if (isFirst) return { reason: first };
  const increases = samples.map(({ series }) => series.increase(false)).filter((one) => !Number.isNaN(one));
  // None of a kind, as errors before the first one, is 0; some that are all NaN are unknown.
  if (samples.length > 0 && increases.length === 0) return { reason: 'the target says NaN' };
  return { value: (increases.reduce((sum, one) => sum + one, 0) / ms) * 1000 * scale };
};

const quantile = (observed: Observed | undefined, q: number, scale: number): Derived => {
  if (!observed) return { reason: first };
  const found = bucketQuantile(q, observed.buckets);
  if (Number.isNaN(found.value)) return { reason: nothing };
  return { value: found.value * scale, atLeast: found.atLeast };
};

const mean = (observed: Observed | undefined, scale: number): Derived => {
  if (!observed) return { reason: first };
  const { count, sum } = observed;
  if (!(count > 0) || Number.isNaN(sum)) return { reason: nothing };
  return { value: (sum / count) * scale };
};
