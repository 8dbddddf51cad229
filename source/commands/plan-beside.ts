// The figures of the loads that run beside the main one: those of scenarios with a load of their own. They begin with the run
// and end with it. Pure.

import type { Profile } from '../profile/profile.ts';
import { planRun, type RunPlan, type Surroundings } from './plan-run.ts';

/** A load beside the main one. */
export interface BesidePlan {
  /** Index of its scenario. */
  readonly scenario: number;
  readonly profile: Profile;
  readonly plan: RunPlan;
}

/**
 * The figures of the loads beside the main one.
 * @param main its figures: what it may open is not there for the others
 * @throws UserError as `planRun`
 */
export const planBeside = (profile: Profile, main: RunPlan, surroundings: Surroundings): readonly BesidePlan[] => {
  let { descriptorLimit } = surroundings;
  const take = ({ connections }: RunPlan): void => {
    if (descriptorLimit !== undefined) descriptorLimit -= connections;
  };
  take(main);
  return profile.scenarios.flatMap(({ own, name }, scenario) => {
    if (!own) return [];
    const alone: Profile = {
      ...profile,
      load: own.load,
      arrivals: own.arrivals ?? profile.arrivals,
      connections: own.connections,
      maxInFlight: own.maxInFlight,
      overflow: own.overflow ?? profile.overflow,
      // The main load's end is its end.
      durationMs: 0,
      limit: undefined,
      warmupMs: 0,
      maxRate: undefined,
      objectives: [],
    };
    const plan = planRun(alone, { ...surroundings, descriptorLimit });
    take(plan);
    const notes = plan.notes.map((note) => `${name}: ${note}`);
    return [{ scenario, profile: alone, plan: { ...plan, notes } }];
  });
};
