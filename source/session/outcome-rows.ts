// The rows of outcomes: the classes seen so far and those that are always shown, with what they did in the last second and
// why.

import { safeText } from '../common/safe-text.ts';
import { byClass } from '../measure/by-class.ts';
import { causeDetail, causes } from '../measure/cause.ts';
import type { OutcomeCount } from '../measure/interval.ts';
import { outcomeClasses } from '../measure/outcome.ts';
import type { CauseState, OutcomeState } from './state.ts';

/** What ended in a stretch of time. */
interface Ended {
  readonly lengthMs: number;
  readonly outcomes: readonly OutcomeCount[];
}

/** @param totals since the start, by cause @param newest what ended in the last second */
export const outcomeRows = (totals: readonly OutcomeCount[], newest: Ended | undefined): OutcomeState[] => {
  const { outcomes, lengthMs } = newest ?? { outcomes: [], lengthMs: 1000 };
  const perSecond = new Map(outcomes.map(({ cause, count }) => [cause, (count * 1000) / lengthMs]));
  const all = [...perSecond.values()].reduce((sum, rate) => sum + rate, 0);
  const groups = new Map(byClass(totals).map((group) => [group.outcome, group]));
  return outcomeClasses.flatMap((row, index) => {
    const group = groups.get(index);
    if (!group && !row.always) return [];
    const why = (group?.causes ?? []).map((one) => causeState(one, perSecond.get(one.cause) ?? 0));
    const now = why.reduce((sum, cause) => sum + cause.perSecond, 0);
    return {
      name: row.name,
      perSecond: now,
      share: now / all,
      total: group?.count ?? 0,
      example: exampleOf(group),
      causes: why.toSorted((a, b) => b.perSecond - a.perSecond || b.total - a.total),
    };
  });
};

const causeState = (count: OutcomeCount, perSecond: number): CauseState => {
  const cause = causes[count.cause]!;
  return {
    name: cause.name,
    detail: causeDetail(cause),
    fault: cause.fault,
    perSecond,
    total: count.count,
    example: exampleOf(count),
  };
};

const exampleOf = (counted: { readonly example: string | undefined } | undefined): string | undefined =>
  counted?.example === undefined ? undefined : safeText(counted.example);
