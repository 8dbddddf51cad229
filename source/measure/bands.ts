// Which band each figure of a run, or of a window of it, is in, and the whole: the worst figure decides. Pure; it colours
// nothing into exit codes, which are the objectives' matter.

import type { Model } from '../common/model.ts';
import {
  type Band,
  type BandCondition,
  type BandFigure,
  type BandSet,
  type BandUnit,
  bandUnit,
  figuresOf,
} from './band.ts';
import { holds, leastRequests } from './objective.ts';
import type { OutcomeClass } from './outcome.ts';
import type { SpanSummary, Summary } from './summary.ts';

/** What bands are judged by: of a run, or of a window. */
export interface BandFigures {
  /** Requests that ended, those of them that were not good, and how many of each class. */
  readonly ended: number;
  readonly notGood: number;
  readonly classes: ReadonlyMap<OutcomeClass, number>;
  /** Response times of good requests. */
  readonly good: Pick<SpanSummary, 'count' | 'meanMs' | 'p50Ms' | 'p95Ms' | 'p99Ms' | 'maxMs'>;
  /** Per second: good iterations, and requests that ended. */
  readonly rate: number;
  readonly requests: number;
  /** Of what was offered, in multiples of what was answered; Infinity: as much as the target would take. */
  readonly offeredRatio: number;
}

export interface BandSignal {
  readonly figure: BandFigure;
  readonly unit: BandUnit;
  /** Null where there were too few requests. */
  readonly value: number | null;
  /** Its band; null where it was not judged. */
  readonly word: string | null;
  /** Why it was not judged, or what has to be known of it. */
  readonly remark: string | null;
}

export interface BandVerdict {
  /** Of the set. */
  readonly name: string;
  /** That of the worst figure; null where none was judged. */
  readonly word: string | null;
  /** How far down the word is: 0 the best, 1 the worst; null where none was judged. */
  readonly depth: number | null;
  readonly signals: readonly BandSignal[];
}

/** More than this part above what was answered counts as offered beyond it: what is on its way is in it. */
const offeredAllowance = 1.05;
const noMoreOffered = 'no more was offered';
const tooFew = 'not enough data';

type Judged = BandSignal & { readonly rank: number | undefined };

export const judgeBands = (set: BandSet, figures: BandFigures): BandVerdict => {
  const judged = figuresOf(set).map((figure) => judge(set, figure, figures));
  const worst = Math.max(-1, ...judged.map(({ rank = -1 }) => rank));
  const words = judged.flatMap(({ rank, word }) => (rank === worst && word !== null ? [word] : []));
  return {
    name: set.name,
    word: worst < 0 ? null : [...new Set(words)].join(', '),
    depth: worst < 0 ? null : worst / Math.max(1, set.bands.length - 1),
    signals: judged.map(({ rank: _, ...signal }) => signal),
  };
};

const judge = (set: BandSet, figure: BandFigure, figures: BandFigures): Judged => {
  const unit = bandUnit(figure);
  const found = figureOf(figure, figures);
  const value = Number.isFinite(found) ? found : null;
  const none = { figure, unit, value, word: null, rank: undefined };
  if (value === null || !isEnough(set, figure, figures)) return { ...none, remark: tooFew };
  const rank = rankOf(set, figure, value);
  const offered = unit !== '/s' || figures.offeredRatio > offeredAllowance;
  if (!offered && set.ratesWhereOffered) return { ...none, remark: noMoreOffered };
  const remark = !offered && rank > 0 ? noMoreOffered : null;
  return { figure, unit, value, word: wordOf(set.bands[rank]!, figure), remark, rank };
};

const wordOf = ({ word, words }: Band, figure: BandFigure): string => words?.[figure] ?? word;

const figureOf = (figure: BandFigure, { ended, notGood, classes, good, rate, requests }: BandFigures): number => {
  const share = (...names: readonly OutcomeClass[]): number =>
    ended === 0 ? Number.NaN : names.reduce((sum, name) => sum + (classes.get(name) ?? 0), 0) / ended;
  switch (figure) {
    case 'p50':
    case 'p95':
    case 'p99':
    case 'max':
    case 'mean':
      return good[`${figure}Ms`] ?? Number.NaN;
    case 'errors':
      return ended === 0 ? Number.NaN : notGood / ended;
    case 'timeouts':
      return share('timeout', 'connect timeout');
    case 'rate':
      return rate;
    case 'requests':
      return requests;
    default:
      return share(figure);
  }
};

/** Few requests make no percentile and no share; but one of which there is to be none is enough to say so. */
const isEnough = (set: BandSet, figure: BandFigure, figures: BandFigures): boolean => {
  const { good, ended } = figures;
  switch (bandUnit(figure)) {
    case 'ms':
      return good.count >= leastRequests;
    case '/s':
      return ended > 0;
    case 'ratio': {
      const isNone = ({ bound }: BandCondition): boolean => bound === 0;
      return ended >= leastRequests || (conditionsOn(set.bands, figure).some(isNone) && figureOf(figure, figures) > 0);
    }
  }
};

const conditionsOn = (bands: readonly Band[], figure: BandFigure): readonly BandCondition[] =>
  bands.flatMap(({ conditions }) => conditions.filter((condition) => condition.figure === figure));

/** Whether a condition says how far a band reaches towards the worse; else it says from where the band begins. */
const isReach = ({ figure, comparison }: BandCondition): boolean =>
  comparison.startsWith('>') === (bandUnit(figure) === '/s');

/** The best band that reaches as far as the value, and of which no worse one begins before it. */
const rankOf = ({ bands }: BandSet, figure: BandFigure, value: number): number => {
  const fits = ({ conditions }: Band, index: number): boolean => {
    const own = conditions.filter((condition) => condition.figure === figure && isReach(condition));
    const worse = conditionsOn(bands.slice(index + 1), figure).filter((condition) => !isReach(condition));
    return own.every((condition) => holds(condition, value)) && !worse.some((condition) => holds(condition, value));
  };
  const rank = bands.findIndex(fits);
  return rank < 0 ? bands.length - 1 : rank;
};

/** What was taken up of a run, or of a window of it. */
export interface Offer {
  /** Iterations that came due, and that ended. */
  readonly due: number;
  readonly ended: number;
  /** Virtual users times ms. */
  readonly usersMs: number;
  /** Of all requests that ended, the sum of their response times, ms. */
  readonly busyMs: number;
}

/**
 * What was offered, in multiples of what was answered. In the closed model that is what its users would have sent had every
 * answer come at once: so much more as they spent of their time with waiting.
 */
export const offeredRatio = (model: Model, { due, ended, usersMs, busyMs }: Offer): number => {
  if (model === 'open') return ended === 0 ? Infinity : due / ended;
  if (model !== 'closed') return Infinity;
  const idle = usersMs - busyMs;
  return idle > usersMs / 100 ? usersMs / idle : Infinity;
};

/** The figures of a whole run. */
export const figuresOfRun = (summary: Summary, offer: Omit<Offer, 'busyMs'>): BandFigures => {
  const { completed, failed, notGood, outcomes, response, goodRate, requestRate, model } = summary;
  const busyMs = [response.good, response.notGood].reduce((sum, { count, meanMs }) => sum + count * (meanMs ?? 0), 0);
  return {
    ended: completed + failed,
    notGood,
    classes: new Map(outcomes.map(({ outcome, count }) => [outcome, count])),
    good: response.good,
    rate: goodRate,
    requests: requestRate,
    offeredRatio: offeredRatio(model, { ...offer, busyMs }),
  };
};
