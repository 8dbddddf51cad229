// The loads that doctor holds against this machine: that of a profile, or those of its phases one after the other, of which
// each check tells the worst.

import type { Check, CheckLevel } from '../preflight/check.ts';
import type { LoadFigures } from '../preflight/load-figures.ts';
import { type CompiledRun, compile } from '../profile/compile.ts';
import type { Profile } from '../profile/profile.ts';
import { figuresOf } from './load-figures.ts';
import { coreCount } from './machine.ts';
import { meanMakingUs } from './own-capacity.ts';
import { planBeside } from './plan-beside.ts';
import { planRun, type RunPlan } from './plan-run.ts';
import type { PreparedData } from './prepare-data.ts';

/** A load, and what it wants of this machine. */
export interface LookedAtLoad {
  readonly profile: Profile;
  readonly compiled: CompiledRun;
  readonly plan: RunPlan;
  readonly figures: LoadFigures;
  /** µs to make a request. */
  readonly makingUs: number;
}

export const lookAtLoad = (profile: Profile, data: PreparedData, version: string): LookedAtLoad => {
  const compiled = compile(profile, { userAgent: `loadtop/${version}`, data });
  // Without a limit on descriptors: what the load wants is what they are held against.
  const surroundings = { cores: coreCount(), descriptorLimit: undefined, tui: false };
  const plan = planRun(profile, surroundings);
  const figures = figuresOf(profile, compiled, plan, planBeside(profile, plan, surroundings));
  return { profile, compiled, plan, figures, makingUs: meanMakingUs(compiled, figures) };
};

const worstFirst: readonly CheckLevel[] = ['bad', 'warn', 'ok', 'skipped'];

const rank = ({ check: { level } }: { readonly check: Check }): number => worstFirst.indexOf(level);

/** The worst of each check, of equals that of the first load; where they differ it says of which phase it is. */
export const worstChecks = (
  loads: readonly Pick<LookedAtLoad, 'profile'>[],
  checksOf: (index: number) => readonly Check[],
): readonly Check[] => {
  const all = loads.flatMap(({ profile: { phase } }, index) =>
    checksOf(index).map((check) => ({ check, phase: phase?.name })),
  );
  return [...Map.groupBy(all, ({ check }) => check.name).values()].map((same) => {
    const { check, phase } = same.reduce((worst, other) => (rank(other) < rank(worst) ? other : worst));
    const differ = same.some((other) => other.check.found !== check.found);
    return differ && phase !== undefined ? { ...check, found: `phase ${phase}: ${check.found}` } : check;
  });
};
