// A run as far as it is known without asking anybody: the profile made ready, what it takes of this machine, and what it would
// send. Pure but for the look at the machine.

import type { Transport } from '../engine/protocol.ts';
import type { Machines } from '../preflight/capacity.ts';
import type { ProbeTargets } from '../probes/index.ts';
import { type CompiledRun, compile } from '../profile/compile.ts';
import { checkObjectives } from '../profile/compile-counts.ts';
import type { Profile } from '../profile/profile.ts';
import { coreCount, descriptorLimit, programVersion } from './machine.ts';
import { machinesFor } from './own-capacity.ts';
import { type BesidePlan, planBeside } from './plan-beside.ts';
import { planRun, type RunPlan } from './plan-run.ts';
import { noData, type PreparedData, withinData } from './prepare-data.ts';
import { probeTargets } from './probe-targets.ts';
import { transportOf } from './transport.ts';

/** The figures of a run. */
export interface RunSketch {
  readonly profile: Profile;
  readonly compiled: CompiledRun;
  /** The same with what the set-up of the run captured. */
  readonly compiledWith: (captured?: ReadonlyMap<string, unknown>) => CompiledRun;
  readonly plan: RunPlan;
  /** Loads beside the one of the plan. */
  readonly beside: readonly BesidePlan[];
  /** What its highest rate takes, where that is more than this machine; also among the notes of the plan. */
  readonly machines: Machines | undefined;
  readonly transport: Transport;
  readonly targets: ProbeTargets;
  /** Of this program. */
  readonly version: string;
}

/**
 * Puts the figures of a run together.
 * @param tui a run without an end of its own is longer
 * @param data that of the profile; default: it has none
 * @throws UserError where it cannot be carried out as asked
 */
export const sketchRun = (asked: Profile, tui: boolean, data: PreparedData = noData): RunSketch => {
  const version = programVersion();
  const profile = withinData(asked, data);
  const options = { userAgent: `loadtop/${version}`, data };
  const compiled = compile(profile, options);
  checkObjectives([...profile.objectives, ...profile.until], compiled.metrics);
  const surroundings = { cores: coreCount(), descriptorLimit: descriptorLimit(), tui };
  const plan = planRun(profile, surroundings);
  const beside = planBeside(profile, plan, surroundings);
  const transport = transportOf(profile, plan.perConnection);
  const targets = probeTargets(profile, transport);
  const machines = machinesFor(profile, compiled, { plan, beside });
  const plans = [plan, ...beside.map((each) => each.plan)];
  const notes = [...(machines ? [machines.text] : []), ...plans.flatMap((each) => each.notes), ...data.notes];
  return {
    profile,
    compiled,
    compiledWith: (captured) => (captured ? compile(profile, { ...options, captured }) : compiled),
    plan: { ...plan, notes },
    beside,
    machines,
    transport,
    targets,
    version,
  };
};
