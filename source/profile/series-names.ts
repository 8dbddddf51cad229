// Names for the series of a run: one for each step, each name once.

import type { Scenario } from './profile.ts';

/**
 * A name for each step, in order. A name that occurs more than once gets its scenario's name, two spaces after it, and
 * where that does not tell them apart, a number.
 */
export const seriesNames = (scenarios: readonly Scenario[]): readonly string[] => {
  const steps = scenarios.flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })));
  const uses = new Map<string, number>();
  const owners = new Map<string, Set<Scenario>>();
  for (const { scenario, step } of steps) {
    uses.set(step.name, (uses.get(step.name) ?? 0) + 1);
    owners.set(step.name, (owners.get(step.name) ?? new Set()).add(scenario));
  }
  const taken = new Set(steps.filter(({ step }) => uses.get(step.name) === 1).map(({ step }) => step.name));
  /** The last number of each, so that thousands of the same name are not tried again and again. */
  const numbers = new Map<string, number>();
  return steps.map(({ scenario, step }) => {
    if (uses.get(step.name) === 1) return step.name;
    const base = owners.get(step.name)!.size === 1 ? step.name : `${step.name}  ${scenario.name}`;
    let number = numbers.get(base) ?? 1;
    const nameOf = (): string => (number === 1 ? base : `${base} #${number}`);
    while (taken.has(nameOf())) number += 1;
    const name = nameOf();
    taken.add(name);
    numbers.set(base, number);
    return name;
  });
};
