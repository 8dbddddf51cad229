// Counts by cause as counts by class, each with the causes that make it up: what rows are made of, on the screen, in the
// summary and in a recording.

import { causes, classOfCause } from './cause.ts';
import type { OutcomeCount } from './interval.ts';
import { outcomeClasses } from './outcome.ts';
import type { CauseSummary, Occurrence, OutcomeSummary } from './summary.ts';

/** A class of outcomes with its causes; counts and instants are those of all of them. */
export interface ClassCount extends Omit<OutcomeCount, 'cause'> {
  /** Index into `outcomeClasses`. */
  readonly outcome: number;
  /** The most frequent first. */
  readonly causes: readonly OutcomeCount[];
}

/** Counts by cause, put together by class, in the order of classes. The example is that of the most frequent that has one. */
export const byClass = (counts: readonly OutcomeCount[]): ClassCount[] => {
  const groups = new Map<number, OutcomeCount[]>();
  for (const count of counts) {
    const outcome = classOfCause(count.cause);
    const group = groups.get(outcome);
    if (group) group.push(count);
    else groups.set(outcome, [count]);
  }
  return [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(([outcome, group]) => {
      const sorted = group.toSorted((a, b) => b.count - a.count || a.cause - b.cause);
      return {
        outcome,
        count: sorted.reduce((sum, { count }) => sum + count, 0),
        firstAt: Math.min(...sorted.map(({ firstAt }) => firstAt)),
        lastAt: Math.max(...sorted.map(({ lastAt }) => lastAt)),
        example: sorted.find(({ example }) => example !== undefined)?.example,
        causes: sorted,
      };
    });
};

/** Counts by cause as rows of the summary. */
export const outcomeSummaries = (counts: readonly OutcomeCount[]): OutcomeSummary[] => {
  const all = counts.reduce((total, { count }) => total + count, 0);
  const occurrence = ({ count, firstAt, lastAt, example }: Omit<OutcomeCount, 'cause'>): Occurrence => ({
    count,
    shareRatio: count / all,
    firstAtMs: Math.round(firstAt),
    lastAtMs: Math.round(lastAt),
    example: example ?? null,
  });
  return byClass(counts).map((group) => ({
    outcome: outcomeClasses[group.outcome]!.name,
    ...occurrence(group),
    causes: group.causes.map((one): CauseSummary => {
      const { name, fault, meaning } = causes[one.cause]!;
      return { cause: name, fault, meaning, ...occurrence(one) };
    }),
  }));
};
