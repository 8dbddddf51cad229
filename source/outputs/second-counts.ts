// What outputs say of one second: rates of iterations and counts by outcome, over all series. Percentiles are in the
// second already.

import { achievedOf } from '../measure/interval.ts';
import { type OutcomeClass, outcomeClasses } from '../measure/outcome.ts';
import type { Second } from '../measure/second.ts';

/** Rates per second. Iterations, but for `requests`. */
export interface SecondRates {
  readonly offered: number;
  readonly started: number;
  /** Iterations that ended, good or not, less those without an HTTP response. */
  readonly achieved: number;
  readonly good: number;
  readonly notGood: number;
  readonly dropped: number;
  readonly notSent: number;
  readonly requests: number;
}

/** The rates of a second; its counts, but in the run's last second, which may be shorter. */
export const secondRates = ({ flows, series, lengthMs }: Second): SecondRates => {
  const rate = (count: number): number => (count * 1000) / lengthMs;
  return {
    offered: rate(flows.due),
    started: rate(flows.started),
    achieved: rate(achievedOf(flows)),
    good: rate(flows.good),
    notGood: rate(flows.notGood),
    dropped: rate(flows.dropped),
    notSent: rate(flows.notSent),
    requests: rate(series.reduce((sum, { good, notGood }) => sum + good + notGood, 0)),
  };
};

/** Requests by outcome: the classes of this second and, with 0, those that are always shown; in table order. */
export const secondOutcomes = ({ series }: Second): ReadonlyMap<OutcomeClass, number> => {
  const counts = new Map<number, number>();
  for (const { outcomes } of series) {
    for (const { outcome, count } of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
  }
  return new Map(
    outcomeClasses.flatMap((row, index): [OutcomeClass, number][] => {
      const count = counts.get(index) ?? 0;
      return count > 0 || 'always' in row ? [[row.name, count]] : [];
    }),
  );
};
