// Names for the series of a run: one for each step, each name once.

import type { Scenario } from './profile.ts';

/**
 * A name for each step, in order. A name that occurs more than once gets its scenario's name, two spaces after it, and
 * where that does not tell them apart, a number.
 */
export const seriesNames = (scenarios: readonly Scenario[]): readonly string[] => {
  const steps = scenarios.flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })));
  const uses = new Map<string, number>();
  for (const { step } of steps) uses.set(step.name, (uses.get(step.name) ?? 0) + 1);
  const taken = new Set(steps.filter(({ step }) => uses.get(step.name) === 1).map(({ step }) => step.name));
  return steps.map(({ scenario, step }) => {
    if (uses.get(step.name) === 1) return step.name;
    const sameScenario = scenario.steps.filter(({ name }) => name === step.name).length === uses.get(step.name);
    const base = sameScenario ? step.name : `${step.name}  ${scenario.name}`;
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base} #${number}`;
    taken.add(name);
    return name;
  });
};
