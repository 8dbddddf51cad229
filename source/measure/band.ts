// Bands: words for how a run did, from best to worst, each with conditions on figures of requests. A condition is written as
// an objective, without a window. What a run comes to is bands.ts; the sets that come with the program are band-presets.ts.

import { didYouMean } from '../common/did-you-mean.ts';
import { safeText } from '../common/safe-text.ts';
import { formatDuration, formatRate, formatShare, UnitError } from '../common/units.ts';
import { type Comparison, comparisons, readBound } from './objective.ts';
import { type OutcomeClass, outcomeClasses } from './outcome.ts';

/** What bands are shown over while a run lasts, ms. */
export const bandWindowMs = 30_000;

const timeFigures = ['p50', 'p95', 'p99', 'max', 'mean'] as const;
const rateFigures = ['rate', 'requests'] as const;

/** Times are of good requests, shares of all that ended; `rate` is good iterations, `requests` all requests per second. */
export type BandFigure =
  | (typeof timeFigures)[number]
  | (typeof rateFigures)[number]
  | 'errors'
  /** Of answers and of connecting. */
  | 'timeouts'
  | Exclude<OutcomeClass, '2xx'>;

export type BandUnit = 'ms' | 'ratio' | '/s';

export interface BandCondition {
  /** As it was written: `p95<500ms`. */
  readonly text: string;
  readonly figure: BandFigure;
  readonly comparison: Comparison;
  /** ms, 0 to 1, or per second. */
  readonly bound: number;
}

export interface Band {
  readonly word: string;
  readonly conditions: readonly BandCondition[];
  /** What it is called where one of these figures is in it. */
  readonly words?: Readonly<Partial<Record<BandFigure, string>>>;
}

export interface BandSet {
  readonly name: string;
  /** Best first. */
  readonly bands: readonly Band[];
  /** Rates say something of the target only where more was offered. */
  readonly ratesWhereOffered?: boolean;
}

const figures: readonly BandFigure[] = [
  ...timeFigures,
  'errors',
  'timeouts',
  ...rateFigures,
  ...outcomeClasses.flatMap(({ name }) => (name === '2xx' ? [] : [name])),
];

const isAmong = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  names.some((known) => known === name);

export const bandUnit = (figure: BandFigure): BandUnit => {
  if (isAmong(timeFigures, figure)) return 'ms';
  return isAmong(rateFigures, figure) ? '/s' : 'ratio';
};

/** A value in words: `44 ms`, `0.1 %`, `512/s`. None at all is said as that. */
export const bandValue = (figure: BandFigure, value: number): string =>
  bandUnit(figure) === 'ratio' && value === 0
    ? '0 %'
    : { ms: formatDuration, ratio: formatShare, '/s': formatRate }[bandUnit(figure)](value);

/**
 * A condition from its text: `p95<500ms`, `errors<=10%`, `503>1%`, `requests>100/s`.
 * @throws UnitError saying what was expected
 */
export const readBandCondition = (text: string): BandCondition => {
  const tidy = text.trim().replaceAll(/\s+/g, ' ');
  const [, name = '', sign = '', bound = ''] = /^([^<>=≤≥]*?)\s*(<=|>=|≤|≥|<|>)\s*(.*)$/.exec(tidy) ?? [];
  const comparison = comparisons[sign];
  if (comparison === undefined) {
    throw new UnitError('a condition such as p95<500ms: a figure, a comparison, a bound');
  }
  const figure = figures.find((known) => known.toLowerCase() === name.toLowerCase());
  if (figure === undefined) throw new UnitError(`${expectedFigure}, not "${safeText(name, 40)}"${meant(name)}`);
  if (/\bover\b/i.test(bound)) {
    throw new UnitError('a bound without a window: bands are of the whole run, live of the last 30 s');
  }
  const metric = ({ ms: 'p95', ratio: 'errors', '/s': 'rate' } as const)[bandUnit(figure)];
  return { text: tidy, figure, comparison, bound: readBound(bound, metric, comparison) };
};

const expectedFigure =
  'p50, p95, p99, max, mean, errors, timeouts, rate, requests, or an outcome such as 503 or refused';

const meant = (name: string): string => {
  const near = didYouMean(name, figures);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
};

/** The figures that a set is on, in the order in which they are named. */
export const figuresOf = ({ bands }: BandSet): readonly BandFigure[] => [
  ...new Set(bands.flatMap(({ conditions }) => conditions.map(({ figure }) => figure))),
];
