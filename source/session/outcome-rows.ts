// The rows of outcomes: the classes seen so far and those that are always shown, with what they did in the last second.

import { safeText } from '../common/safe-text.ts';
import type { OutcomeCount } from '../measure/interval.ts';
import { outcomeClasses } from '../measure/outcome.ts';
import { mergeOutcomes, type Second } from '../measure/second.ts';
import type { OutcomeState } from './state.ts';

/** The outcomes of a second over all series. */
export const outcomesOf = (second: Second): OutcomeCount[] =>
  second.series.reduce<OutcomeCount[]>((sum, { outcomes }) => mergeOutcomes(sum, outcomes), []);

/** @param totals since the start @param latest of the newest second */
export const outcomeRows = (totals: readonly OutcomeCount[], latest: readonly OutcomeCount[]): OutcomeState[] => {
  const all = latest.reduce((sum, { count }) => sum + count, 0);
  return outcomeClasses.flatMap((row, index) => {
    const total = totals.find(({ outcome }) => outcome === index);
    if (!total && !row.always) return [];
    const perSecond = latest.find(({ outcome }) => outcome === index)?.count ?? 0;
    return {
      name: row.name,
      perSecond,
      share: perSecond / all,
      total: total?.count ?? 0,
      example: total?.example === undefined ? undefined : safeText(total.example),
    };
  });
};
