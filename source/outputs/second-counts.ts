// What outputs say of one second: rates of iterations, counts by outcome over all series, workers. Percentiles are in the
// second already.

import { type CauseName, causes, classOfCause } from '../measure/cause.ts';
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
    for (const { cause, count } of outcomes) {
      const outcome = classOfCause(cause);
      counts.set(outcome, (counts.get(outcome) ?? 0) + count);
    }
  }
  return new Map(
    outcomeClasses.flatMap((row, index): [OutcomeClass, number][] => {
      const count = counts.get(index) ?? 0;
      return count > 0 || 'always' in row ? [[row.name, count]] : [];
    }),
  );
};

/** Requests by cause, finer than by outcome: those of this second that say more than the name of their class. */
export const secondCauses = ({ series }: Second): ReadonlyMap<CauseName, number> => {
  const counts = new Map<number, number>();
  for (const { outcomes } of series) {
    for (const { cause, count } of outcomes) counts.set(cause, (counts.get(cause) ?? 0) + count);
  }
  return new Map(
    causes.flatMap((row, index): [CauseName, number][] => {
      const count = counts.get(index) ?? 0;
      return count > 0 && row.name !== row.class ? [[row.name, count]] : [];
    }),
  );
};

/** The loop of a worker, with the units in the names. */
export interface WorkerLoopFigures {
  readonly share: number;
  readonly loopUtilisationRatio: number;
  readonly loopDelayMs: number;
}

/** Each worker of a second. */
export const secondWorkers = ({ workers }: Pick<Second, 'workers'>): WorkerLoopFigures[] =>
  workers.map(({ share, loopUtilisation, loopDelayMs }) => ({
    share,
    loopUtilisationRatio: loopUtilisation,
    loopDelayMs,
  }));
