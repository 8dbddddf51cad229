// Whether this machine can carry the highest rate of a plan, and how many like it would: what is said of it beforehand.

import { makingUs } from '../engine/making-cost.ts';
import { type Machines, machinesNeeded, requestCost } from '../preflight/capacity.ts';
import type { LoadFigures } from '../preflight/load-figures.ts';
import type { CompiledRun, CompiledScenario, CompiledStep } from '../profile/compile.ts';
import { requestsOf } from '../profile/compile-scenario.ts';
import type { Profile } from '../profile/profile.ts';
import { figuresOf, sourceOf } from './load-figures.ts';
import { coreCount } from './machine.ts';
import type { BesidePlan } from './plan-beside.ts';
import type { RunPlan } from './plan-run.ts';

/** A byte of a template takes a few hundredths of a µs to make: enough to tell what need not be measured. */
const roughly = { sendingUs: 25, perByteUs: 0.03 };
/** Cores that a load takes by that rough estimate above which it is looked at more closely. */
const worthMeasuring = 0.2;

/** Undefined where this machine can carry it, and where its rate is the target's matter. */
export const machinesFor = (
  profile: Profile,
  all: CompiledRun,
  { plan, beside }: { readonly plan: RunPlan; readonly beside: readonly BesidePlan[] },
): Machines | undefined => {
  const figures = figuresOf(profile, all, plan, beside);
  // What the loads beside cost a request is taken as that of the main one.
  const compiled = { ...all, scenarios: all.scenarios.filter((_, index) => !profile.scenarios[index]?.own) };
  const { requestRate, bodyBytes, mostWorkers } = figures;
  if (requestRate === undefined) return undefined;
  return machinesNeeded({
    requestRate,
    items: itemsOf(compiled),
    cost: requestCost(meanMakingUs(compiled, figures), bodyBytes),
    cores: coreCount(),
    workers: mostWorkers,
  });
};

/** µs to make a request, on average; 0 where so few are wanted that it does not matter. */
export const meanMakingUs = (compiled: CompiledRun, { requestRate = 0, bodyBytes }: LoadFigures): number => {
  const cores = (requestRate * (roughly.sendingUs + bodyBytes * roughly.perByteUs)) / 1e6;
  if (cores < worthMeasuring) return 0;
  const source = sourceOf(compiled.feeders);
  return perRequest(compiled, (step) => makingUs(step, source));
};

/** What a request holds on average; undefined where that is nothing, or things of several kinds. */
const itemsOf = (compiled: CompiledRun): { readonly name: string; readonly perRequest: number } | undefined => {
  const [name, ...others] = [...new Set(compiled.items?.filter((word) => word !== null))];
  if (name === undefined || others.length > 0) return undefined;
  return { name, perRequest: perRequest(compiled, ({ items = 0 }) => items) };
};

/** The mean of what requests have, by the weights of their scenarios. */
const perRequest = ({ scenarios }: CompiledRun, amount: (step: CompiledStep) => number): number => {
  const sum = (of: (scenario: CompiledScenario) => number): number =>
    scenarios.reduce((total, each) => total + (each.weight > 0 ? each.weight * of(each) : 0), 0);
  // Steps that are repeated count as often as the others: what they cost hardly differs.
  const mean = ({ steps }: CompiledScenario): number =>
    steps.reduce((total, step) => total + amount(step), 0) / Math.max(1, steps.length);
  return sum((each) => requestsOf(each) * mean(each)) / Math.max(1e-9, sum(requestsOf));
};
