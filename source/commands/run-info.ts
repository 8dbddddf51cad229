// What a run says of itself in its first event: what was asked of it, in figures.

import type { PhasePlace } from '../common/phase-place.ts';
import type { Stage } from '../load/arrival-plan.ts';
import type { CompiledRun } from '../profile/compile.ts';
import { requestsOf } from '../profile/compile-scenario.ts';
import type { Profile } from '../profile/profile.ts';
import type { BesideInfo } from '../session/events.ts';
import { loadWords } from './load-words.ts';
import type { BesidePlan } from './plan-beside.ts';
import type { RunSketch } from './sketch-run.ts';

export const runInfo = (
  { profile, compiled, plan, beside, version }: RunSketch,
  seed: number,
  recording: string | undefined,
) => ({
  name: profile.name,
  ...phaseOf(profile),
  version,
  target: profile.origin,
  model: plan.model,
  arrivals: profile.arrivals,
  seed,
  workers: plan.workers,
  connections: plan.connections,
  maxInFlight: plan.maxInFlight,
  overflow: profile.overflow,
  timeoutMs: profile.timeoutMs,
  durationMs: plan.durationMs,
  limit: profile.limit,
  rounds: plan.burst?.sizes.length,
  stages: stagesOf(profile),
  warmupMs: profile.warmupMs,
  spawnRate: spawnRateOf(profile),
  maxRate: plan.maxRate,
  series: compiled.series,
  metrics: compiled.metrics,
  ...(beside.length > 0 && { beside: beside.map((each) => besideInfo(each, compiled)) }),
  ...(compiled.items && { items: compiled.items }),
  severalSteps: compiled.scenarios.some(
    (scenario) => requestsOf(scenario) > 1 || scenario.program?.some(({ type }) => type === 'each'),
  ),
  recording,
  objectives: profile.objectives,
  ...(profile.bands && { bands: profile.bands }),
  ...(compiled.cleanUp && {
    cleanUp: { profile: profile.source?.path ?? null, set: profile.source?.set ?? [], processId: process.pid },
  }),
});

/** What is said of a run that is one of several phases. */
export const phaseOf = ({ phase, load }: Profile): { readonly phase?: PhasePlace } =>
  phase ? { phase: { name: phase.name, number: phase.number, count: phase.count, load: loadWords(load) } } : {};

const besideInfo = ({ scenario, profile, plan }: BesidePlan, compiled: CompiledRun): BesideInfo => ({
  name: profile.scenarios[scenario]!.name,
  model: plan.model,
  load: loadWords(profile.load),
  series: compiled.scenarios[scenario]!.steps.map(({ series }) => series),
});

/** The stages of the load, rates or users; none where it has none. */
export const stagesOf = ({ load }: Pick<Profile, 'load'>): readonly Stage[] => {
  if (load.model === 'open') return load.stages;
  return load.model === 'closed' && typeof load.users !== 'number' ? load.users : [];
};

/** Users a second; undefined where there are none, or all begin at once (Infinity does not survive JSON). */
const spawnRateOf = ({ load }: Profile): number | undefined =>
  load.model === 'closed' && Number.isFinite(load.spawnRate) ? load.spawnRate : undefined;
