// An objective: a bound on a figure over a window, `p99<300ms over 30s`. Read from text, and a value held against it. How
// the value comes about second by second is objective-window.ts; those on what a profile counts are objective-counted.ts.

import { didYouMean } from '../common/did-you-mean.ts';
import { safeText } from '../common/safe-text.ts';
import {
  formatCount,
  formatDuration,
  formatRate,
  formatShare,
  parseDuration,
  parseRate,
  UnitError,
} from '../common/units.ts';
import { type CountedFigure, checksWord, countedValue, isCountedName, readCounted } from './objective-counted.ts';

export const objectiveMetrics = ['p50', 'p95', 'p99', 'max', 'errors', 'rate'] as const;
/** `counted`: of what the profile counts. */
export type ObjectiveMetric = (typeof objectiveMetrics)[number] | 'counted';

export type Comparison = '<' | '<=' | '>' | '>=';

export interface Objective {
  /** As it was written: `p99<300ms over 30s`. */
  readonly text: string;
  readonly metric: ObjectiveMetric;
  /** Which metric of the profile, and what of it; undefined for one on requests. */
  readonly counted?: CountedFigure;
  readonly comparison: Comparison;
  /** ms for times, 0 to 1 for the share of errors, per second for a rate; of a metric in the unit of its figure. */
  readonly bound: number;
  /** Whole seconds, in ms. */
  readonly windowMs: number;
}

export type ObjectiveStatus = 'not enough data' | 'met' | 'at risk' | 'broken';

/** How an objective stands. */
export interface ObjectiveStanding {
  readonly status: ObjectiveStatus;
  /** Over its window, in the unit of the bound; NaN without data. */
  readonly value: number;
  /** Run time since when it is broken, ms. */
  readonly brokenSince: number | undefined;
}

/** Where nothing else is said. */
export const defaultWindowMs = 10_000;
const longestWindowMs = 600_000;
/** A histogram tells no longer times apart. */
const longestBoundMs = 1_800_000;

/** Fewer requests make no percentile and no share. */
export const leastRequests = 20;

/** A value this near to its bound, as a share of it, is at risk. A rate wavers less than a percentile. */
const riskShare = { upper: 0.1, lower: 0.05 } as const;

const example = 'p99<300ms over 30s';
const shape = /^([^<>=≤≥]*?)\s*(<=|>=|≤|≥|<|>|=+)\s*(.*)$/;

/** By their signs. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  '<': '<',
  '<=': '<=',
  '≤': '<=',
  '>': '>',
  '>=': '>=',
  '≥': '>=',
};

/** What an objective may be on; `good` is the rate by the name that it has on the screen. */
const names: readonly (readonly [name: string, metric: ObjectiveMetric])[] = [
  ...objectiveMetrics.map((metric) => [metric, metric] as const),
  ['good', 'rate'],
];

/** The words for figures of requests. */
export const objectiveWords: readonly string[] = [...names.map(([word]) => word), checksWord];

/**
 * An objective from its text: `p99<300ms over 30s`, `errors<1%`, `rate>=9500/s`. The window may be left out.
 * @throws UnitError saying what was expected
 */
export const readObjective = (text: string): Objective => {
  const tidy = text.trim().replaceAll(/\s+/g, ' ');
  const [, name, sign, rest] = shape.exec(tidy) ?? [];
  if (name === undefined || sign === undefined || rest === undefined) {
    throw new UnitError(`an objective such as ${example}: a figure, a comparison, a bound`);
  }
  const metric = readMetric(name);
  const comparison = readComparison(sign, name, metric);
  const [, bound = '', window] = /^(.*?)(?: ?\bover\b ?(.*))?$/i.exec(rest) ?? [];
  return {
    text: tidy,
    metric,
    comparison,
    ...(metric === 'counted' ? readCounted(name, bound) : { bound: readBound(bound, metric, comparison) }),
    windowMs: window === undefined ? defaultWindowMs : readWindow(window),
  };
};

const readMetric = (name: string): ObjectiveMetric => {
  const found = names.find(([known]) => known === name.toLowerCase());
  if (found) return found[1];
  if (isCountedName(name)) return 'counted';
  const near = didYouMean(name, objectiveWords);
  // A name that is far from every word may be one of the profile's: whether it is, is known when the profile is.
  if (name !== '' && near === undefined) return 'counted';
  const meant = near === undefined ? '' : ` (did you mean ${near}? metric.${name} is one of the profile)`;
  throw new UnitError(`one of ${objectiveWords.join(', ')} before the comparison, not ${shown(name)}${meant}`);
};

const readComparison = (sign: string, name: string, metric: ObjectiveMetric): Objective['comparison'] => {
  const comparison = comparisons[sign];
  if (metric === 'counted' && comparison !== undefined) return comparison;
  const wanted = metric === 'rate' ? (['>', '>='] as const) : (['<', '<='] as const);
  const found = wanted.find((one) => one === comparison);
  if (found !== undefined) return found;
  const why = metric === 'rate' ? 'a rate is held above its bound' : 'it is held below its bound';
  throw new UnitError(`${wanted.join(' or ')} behind ${name}, not ${sign}: ${why}`);
};

/** The bound of a time, a share or a rate. @throws UnitError */
export const readBound = (text: string, metric: ObjectiveMetric, comparison: Objective['comparison']): number => {
  if (metric === 'errors') return readShare(text, comparison);
  return metric === 'rate' ? readGoodRate(text) : readTime(text);
};

const readTime = (text: string): number => {
  const expected = 'a time with its unit behind the comparison, such as 300ms or 1.5s';
  // Elsewhere a bare number is seconds, in other tools it is milliseconds: here it would be either by mistake.
  const ms = /[a-z]$/i.test(text) ? read(text, parseDuration, expected) : Number.NaN;
  if (!(ms > 0)) throw new UnitError(`${expected}, not ${shown(text)}`);
  if (ms > longestBoundMs) throw new UnitError(`a time of at most 30m, not ${shown(text)}`);
  return ms;
};

const readShare = (text: string, comparison: Objective['comparison']): number => {
  const [, percent] = /^(\d+(?:\.\d+)?|\.\d+) ?%$/.exec(text) ?? [];
  const ratio = text === '0' ? 0 : Number(percent ?? Number.NaN) / 100;
  if (!(ratio <= 1)) throw new UnitError(`a share behind the comparison, such as 1%, not ${shown(text)}`);
  if (ratio === 0 && comparison === '<') throw new UnitError('errors<=0% for none at all: no share is below 0');
  return ratio;
};

const readGoodRate = (text: string): number => {
  const expected = 'a rate behind the comparison, such as 9500/s or 2.5k';
  const rate = read(text.replaceAll(' ', ''), parseRate, expected);
  if (!(rate > 0)) throw new UnitError(`${expected}, not ${shown(text)}`);
  return rate;
};

const readWindow = (text: string): number => {
  const expected = 'a window of whole seconds from 1s to 10m behind "over", such as 30s';
  const ms = read(text, parseDuration, expected);
  if (!(ms >= 1000 && ms <= longestWindowMs && ms % 1000 === 0)) throw new UnitError(`${expected}, not ${shown(text)}`);
  return ms;
};

const read = (text: string, parse: (text: string) => number, expected: string): number => {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new UnitError(`${expected}, not ${shown(text)}`);
  }
};

const shown = (text: string): string => (text === '' ? 'nothing' : `"${safeText(text, 40)}"`);

/** The bound is the most that is allowed, not the least. */
export const isUpperBound = ({ comparison }: Pick<Objective, 'comparison'>): boolean => comparison.startsWith('<');

/** Whether a value is on the side of the bound that the comparison names. */
export const holds = ({ comparison, bound }: Pick<Objective, 'comparison' | 'bound'>, value: number): boolean => {
  switch (comparison) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
  }
};

/** What a value means, held against the bound alone. */
export const statusOf = (objective: Objective, value: number): ObjectiveStatus => {
  if (Number.isNaN(value)) return 'not enough data';
  if (!holds(objective, value)) return 'broken';
  const { bound, counted } = objective;
  if (isUpperBound(objective)) return value > bound * (1 - riskShare.upper) ? 'at risk' : 'met';
  // Of a share that is to be high, what is missing of the whole is what comes near.
  const near =
    counted?.figure === 'share'
      ? 1 - value > (1 - bound) * (1 - riskShare.upper)
      : value < bound * (1 + riskShare.lower);
  return near ? 'at risk' : 'met';
};

/** Which of two values is further on the wrong side; NaN is none. */
export const worseOf = (objective: Pick<Objective, 'comparison'>, a: number, b: number): number => {
  if (Number.isNaN(a)) return b;
  if (Number.isNaN(b)) return a;
  return isUpperBound(objective) ? Math.max(a, b) : Math.min(a, b);
};

/** A value of a metric in words: `312 ms`, `13.6 %`, `8,112/s`. @param counted where it is one of the profile */
export const objectiveValue = (metric: ObjectiveMetric, value: number, counted?: CountedFigure): string => {
  if (counted !== undefined) return countedValue(counted, value);
  if (metric === 'errors') return formatShare(value);
  return metric === 'rate' ? formatRate(value) : formatDuration(value);
};

/** What a metric is, in words: for whoever does not know its short name. */
export const objectiveMeaning: Readonly<Record<ObjectiveMetric, string>> = {
  p50: 'response time p50, good',
  p95: 'response time p95, good',
  p99: 'response time p99, good',
  max: 'response time max, good',
  errors: 'share not good',
  rate: 'good per second',
  counted: 'counted by the profile',
};

/** Why there is no verdict although the window is full. */
export const tooFew = `fewer than ${formatCount(leastRequests)} requests`;
