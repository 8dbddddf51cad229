// Objectives on what a profile counts: `events_sent>9k/s`, `event_size_bytes:p95<2KiB`, `checks>99%`, `metric.errors<1%`. Their
// text says which figure is meant; whether there is such a metric is known when the profile is.

import { didYouMean } from '../common/did-you-mean.ts';
import { metricValue, passedShare } from '../common/quantity.ts';
import { formatRate, parseDuration, parseRate, UnitError } from '../common/units.ts';
import type { Metric } from './metric.ts';

/** Figures that stand behind the name: `event_size_bytes:p95`. */
const namedFigures = ['mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

/** What of a metric is held to a bound. */
export interface CountedFigure {
  /** Undefined: all expectations together. */
  readonly name: string | undefined;
  readonly figure: 'rate' | 'share' | 'newest' | (typeof namedFigures)[number];
  /** Of the bound. */
  readonly unit: 'ms' | 'bytes' | 'count' | 'ratio' | '/s' | 'bytes/s';
}

/** The word for all expectations together. */
export const checksWord = 'checks';
/** Stands before the name of a metric that is one of the words for requests: `metric.errors`. */
const prefix = 'metric.';

const byteFactors: Readonly<Record<string, number>> = {
  b: 1,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
};
const bytesShape = /^(\d+(?:\.\d+)?) ?(b|kib|mib|gib|kb|mb|gb)(\/s)?$/i;
const numberShape = /^(\d[\d,_]*(?:\.\d+)?) ?([kKM]?)$/;
const boundExpected = 'a bound behind the comparison, such as 99%, 9k/s, 300ms, 2KiB or 1000';

/** The bound and what it is measured in. */
const readBound = (text: string): { readonly bound: number; readonly unit: CountedFigure['unit'] } => {
  const fault = new UnitError(`${boundExpected}, not ${text === '' ? 'nothing' : `"${text.slice(0, 40)}"`}`);
  const percent = /^(\d+(?:\.\d+)?|\.\d+) ?%$/.exec(text)?.[1];
  if (percent !== undefined) {
    if (Number(percent) > 100) throw fault;
    // Read as one number: 99.9 / 100 is not 0.999.
    return { bound: Number(`${percent}e-2`), unit: 'ratio' };
  }
  const [, amount, scale, perSecond] = bytesShape.exec(text) ?? [];
  if (amount !== undefined && scale !== undefined) {
    const bound = Number(amount) * byteFactors[scale.toLowerCase()]!;
    return { bound, unit: perSecond === undefined ? 'bytes' : 'bytes/s' };
  }
  const [, number, thousands] = numberShape.exec(text) ?? [];
  if (number !== undefined) {
    const factor = { '': 1, k: 1e3, K: 1e3, M: 1e6 }[thousands ?? ''] ?? 1;
    return { bound: Number(number.replaceAll(/[,_]/g, '')) * factor, unit: 'count' };
  }
  try {
    return text.includes('/')
      ? { bound: parseRate(text.replaceAll(' ', '')), unit: '/s' }
      : { bound: parseDuration(text), unit: 'ms' };
  } catch (error) {
    if (error instanceof UnitError) throw fault;
    throw error;
  }
};

/** Which metric a name before the comparison means, and which figure of it where that is said. */
const readName = (written: string): Pick<CountedFigure, 'name'> & { readonly said?: CountedFigure['figure'] } => {
  if (written.toLowerCase() === checksWord) return { name: undefined };
  const bare = written.startsWith(prefix) ? written.slice(prefix.length) : written;
  const colon = bare.lastIndexOf(':');
  const said = namedFigures.find((figure) => figure === bare.slice(colon + 1).toLowerCase());
  return colon > 0 && said !== undefined ? { name: bare.slice(0, colon), said } : { name: bare };
};

/** Whether a name can only be one of a metric. */
export const isCountedName = (written: string): boolean =>
  written.startsWith(prefix) || written.includes(':') || written.toLowerCase() === checksWord;

/**
 * The figure and the bound of an objective on a metric.
 * @throws UnitError saying what was expected
 */
export const readCounted = (
  written: string,
  boundText: string,
): { readonly counted: CountedFigure; readonly bound: number } => {
  const { name, said } = readName(written);
  const { bound, unit } = readBound(boundText);
  const byUnit = unit === 'ratio' ? 'share' : unit === '/s' || unit === 'bytes/s' ? 'rate' : 'newest';
  if (name === undefined && byUnit !== 'share') {
    throw new UnitError(`a share behind ${checksWord}, such as ${checksWord}>99%`);
  }
  if (said !== undefined && byUnit !== 'newest') {
    throw new UnitError(`a value behind ${written}, such as ${written}<300ms or ${written}<2KiB`);
  }
  return { counted: { name, figure: said ?? byUnit, unit }, bound };
};

/** A value of the figure in words: `99.8 %`, `9,412/s`, `1.2 KiB`. */
export const countedValue = ({ unit }: CountedFigure, value: number): string => {
  switch (unit) {
    case 'ratio':
      return passedShare(value);
    case '/s':
      return formatRate(value);
    case 'bytes/s':
      return Number.isFinite(value) ? `${metricValue(value, 'bytes')}/s` : 'n/a';
    case 'count':
      return metricValue(value, undefined);
    default:
      return metricValue(value, unit);
  }
};

/** What it is, in words. */
export const countedMeaning = ({ name, figure }: CountedFigure): string => {
  if (name === undefined) return 'expectations that passed';
  return figure === 'newest' ? name : `${name}, ${figure === 'rate' ? 'per second' : figure}`;
};

/** Indexes of the metrics that a figure is of; none where there is no such metric. */
export const metricsOf = (
  { name }: CountedFigure,
  metrics: readonly Pick<Metric, 'name' | 'source'>[],
): readonly number[] =>
  metrics.flatMap((metric, index) => {
    const is = name === undefined ? metric.source === 'expectation' : metric.name === name;
    return is ? [index] : [];
  });

const example = { counter: '>9k/s', rate: '>99%', gauge: '<1000', trend: ':p95<2KiB' } as const;

/**
 * What was expected in place of an objective's figure; undefined where there is such a metric with such a figure.
 * @param words that objectives on requests have
 */
export const countedFault = (
  figure: CountedFigure,
  metrics: readonly Pick<Metric, 'name' | 'source' | 'kind' | 'unit'>[],
  words: readonly string[],
): string | undefined => {
  const found = metricsOf(figure, metrics).map((index) => metrics[index]!);
  const { name, figure: asked, unit } = figure;
  if (name === undefined) {
    return found.length > 0 ? undefined : `expectations in the profile (expect in a step), which ${checksWord} is of`;
  }
  const [first] = found;
  if (first === undefined) {
    const names = metrics.map((metric) => metric.name);
    const near = didYouMean(name, [...words, ...names]);
    const known = names.length === 0 ? 'which declares none' : `${names.slice(0, 10).join(', ')}`;
    return `one of ${words.join(', ')} or a metric of the profile (${known})${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
  const wanted = `${first.kind === 'rate' ? 'the share' : first.kind === 'counter' ? 'the rate' : first.kind === 'gauge' ? 'the value' : 'a figure'} of ${name}, a ${first.kind}, such as ${name}${example[first.kind]}`;
  const fits = {
    counter: asked === 'rate' && (unit === 'bytes/s') === (first.unit === 'bytes'),
    rate: asked === 'share',
    gauge: asked === 'newest',
    trend: asked !== 'newest' && asked !== 'rate' && asked !== 'share',
  }[first.kind];
  if (!fits) return wanted;
  const own = first.unit === 'ms' || first.unit === 'bytes' ? first.unit : 'count';
  return asked === 'rate' || asked === 'share' || unit === own
    ? undefined
    : `a bound in the unit of ${name}, ${first.unit ?? 'a number'}`;
};
