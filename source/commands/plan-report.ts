// What `loadtop check` says of a profile: what it would send, how much, and where its variables have their values from; as
// data, from which text and JSON are made. Pure.

import { maskPassword, safeText } from '../common/safe-text.ts';
import { ArrivalPlan, type Segment } from '../load/arrival-plan.ts';
import type { Profile } from '../profile/profile.ts';
import type { Variable } from '../profile/variables.ts';
import { endWords, loadWords } from './load-words.ts';
import type { RunPlan } from './plan-run.ts';
import { highestOf } from './plan-segments.ts';

/** A variable without what must not be shown. */
export interface ShownVariable {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string | null;
  readonly secret: boolean;
  /** Null: not set, or a secret. */
  readonly value: string | null;
  readonly from: string | null;
}

export interface PlanReport {
  readonly name: string;
  readonly description: string | null;
  readonly target: string;
  readonly model: RunPlan['model'];
  readonly load: string;
  readonly ends: string;
  /** Null: not a matter of time. */
  readonly durationMs: number | null;
  /** Null where the target's speed decides. */
  readonly iterations: number | null;
  readonly requests: number | null;
  /** The highest rate, or number of users; null where there is none. */
  readonly peak: number | null;
  readonly connections: number;
  readonly maxInFlight: number;
  readonly workers: number;
  readonly scenarios: readonly { readonly name: string; readonly share: number; readonly steps: readonly string[] }[];
  readonly objectives: readonly string[];
  readonly probes: Readonly<Record<'health' | 'metrics' | 'mongo', readonly string[]>>;
  readonly variables: readonly ShownVariable[];
  readonly notes: readonly string[];
  readonly plan: readonly Segment[];
}

export const planReport = (profile: Profile, plan: RunPlan, variables: readonly Variable[]): PlanReport => {
  const iterations = iterationsOf(plan);
  const weights = profile.scenarios.reduce((sum, { weight }) => sum + weight, 0);
  const steps = profile.scenarios.reduce((sum, { weight, steps: { length } }) => sum + weight * length, 0) / weights;
  const peak = highestOf(plan.segments);
  return {
    name: safeText(profile.name),
    description: profile.description === undefined ? null : safeText(profile.description),
    target: profile.origin,
    model: plan.model,
    load: loadWords(profile.load),
    ends: endWords(profile.load, plan),
    durationMs: plan.durationMs ?? null,
    iterations: iterations ?? null,
    requests: iterations === undefined ? null : Math.round(iterations * steps),
    peak: plan.model === 'open' || plan.model === 'closed' ? peak : null,
    connections: plan.connections,
    maxInFlight: plan.maxInFlight,
    workers: plan.workers,
    scenarios: profile.scenarios.map(({ name, weight, steps: each }) => ({
      name: safeText(name),
      share: weight / weights,
      steps: each.map((step) => safeText(step.name)),
    })),
    objectives: profile.objectives.map(({ text }) => text),
    probes: probesOf(profile),
    variables: variables.map(shown),
    notes: plan.notes,
    plan: plan.segments,
  };
};

/** How many begin, where that does not depend on how fast the target answers. */
const iterationsOf = ({ model, segments, durationMs, limit, burst }: RunPlan): number | undefined => {
  const most = Number.isFinite(limit) ? limit : undefined;
  if (burst) return durationMs === undefined ? burst.sizes.reduce((sum, size) => sum + size, 0) : undefined;
  if (model !== 'open') return durationMs === undefined ? most : undefined;
  if (durationMs === undefined) return most;
  return Math.min(new ArrivalPlan({ revision: 0, segments }).dueBy(durationMs), limit);
};

const probesOf = ({ probes }: Profile): PlanReport['probes'] => {
  const urls = (list: readonly string[]): readonly string[] => list.map((url) => safeText(maskPassword(url), 120));
  if (!probes.enabled) return { health: [], metrics: [], mongo: [] };
  return {
    health: urls((probes.health ?? []).map(({ url }) => url)),
    metrics: urls((probes.metrics ?? []).map(({ url }) => url)),
    mongo: urls(probes.mongo.map(({ uri }) => uri)),
  };
};

const shown = ({ name, aliases, text, from, secret, description }: Variable): ShownVariable => ({
  name,
  aliases,
  description: description === undefined ? null : safeText(description),
  secret,
  value: secret || text === undefined ? null : safeText(maskPassword(text), 80),
  from: from ?? null,
});
