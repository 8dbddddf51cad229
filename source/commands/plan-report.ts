// What `loadtop check` says of a profile: what it would send, how much, and where its variables have their values from; as
// data, from which text and JSON are made. Pure.

import { maskPassword, safeText } from '../common/safe-text.ts';
import { ArrivalPlan, type Segment } from '../load/arrival-plan.ts';
import { classCounts } from '../load/user-classes.ts';
import type { Machines } from '../preflight/capacity.ts';
import { functionOfText } from '../profile/functions.ts';
import type { Profile, ProfilePhase, Step } from '../profile/profile.ts';
import type { KeyPath } from '../profile/source.ts';
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

export interface PlannedScenario {
  readonly name: string;
  /** Of the iterations; null for one with a load of its own. */
  readonly share: number | null;
  /** How many users keep to it at the peak; null where none does. */
  readonly users: number | null;
  /** Its own, which runs beside; null for one that shares the load. */
  readonly load: string | null;
  readonly steps: readonly string[];
}

export interface PlanReport {
  readonly name: string;
  /** Which phase of the profile this is; null for one without phases. */
  readonly phase: ProfilePhase | null;
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
  /** Machines like this one that the highest rate takes, by estimate; 1 where this one can carry it, null where the target decides. */
  readonly machines: number | null;
  readonly connections: number;
  readonly maxInFlight: number;
  readonly workers: number;
  readonly scenarios: readonly PlannedScenario[];
  /** Steps that are sent once, before the load and after it. */
  readonly setup: readonly string[];
  readonly teardown: readonly string[];
  /** Requests that remove what steps made, where nobody else did. */
  readonly removes: readonly string[];
  readonly objectives: readonly string[];
  /** Words for how a run does, best first, each with its conditions; null for none. */
  readonly bands: {
    readonly name: string;
    readonly words: readonly { readonly word: string; readonly conditions: readonly string[] }[];
  } | null;
  readonly probes: Readonly<Record<'health' | 'metrics' | 'mongo', readonly string[]>>;
  readonly variables: readonly ShownVariable[];
  readonly notes: readonly string[];
  readonly plan: readonly Segment[];
}

export const planReport = (
  profile: Profile,
  plan: RunPlan,
  { variables, machines }: { readonly variables: readonly Variable[]; readonly machines?: Machines | undefined },
): PlanReport => {
  const iterations = iterationsOf(plan);
  const sharing = profile.scenarios.filter(({ own }) => !own);
  const weights = sharing.reduce((sum, { weight }) => sum + weight, 0);
  const steps = sharing.reduce((sum, { weight, steps: { length } }) => sum + weight * length, 0) / weights;
  const peak = highestOf(plan.segments);
  const kept = keptScenarios(profile, peak);
  return {
    name: safeText(profile.name),
    phase: profile.phase === undefined ? null : { ...profile.phase, name: safeText(profile.phase.name) },
    description: profile.description === undefined ? null : safeText(profile.description),
    target: profile.origin,
    model: plan.model,
    load: loadWords(profile.load),
    ends: endWords(profile, plan),
    durationMs: plan.durationMs ?? null,
    iterations: iterations ?? null,
    requests: iterations === undefined ? null : Math.round(iterations * steps),
    peak: plan.model === 'open' || plan.model === 'closed' ? peak : null,
    machines: plan.model === 'open' ? (machines?.count ?? 1) : null,
    connections: plan.connections,
    maxInFlight: plan.maxInFlight,
    workers: plan.workers,
    scenarios: profile.scenarios.map(({ name, weight, own, steps: each }, index) => ({
      name: safeText(name),
      share: own ? null : weight / weights,
      users: kept?.[index] ?? null,
      load: own ? loadWords(own.load) : null,
      steps: stepTexts(each, profile),
    })),
    setup: stepTexts(profile.setup?.steps ?? [], profile),
    teardown: stepTexts(profile.teardown?.steps ?? [], profile),
    removes: removalsOf(profile),
    objectives: profile.objectives.map(({ text }) => text),
    bands: bandsOf(profile),
    probes: probesOf(profile),
    variables: variables.map(shown),
    notes: plan.notes,
    plan: plan.segments,
  };
};

/** Users of each scenario; undefined where a user keeps none. */
const keptScenarios = ({ load, scenarios }: Profile, peak: number): readonly number[] | undefined => {
  if (load.model !== 'closed' || load.choose !== 'user') return undefined;
  const weights = scenarios.map(({ weight }) => weight);
  return classCounts(weights, Math.ceil(peak));
};

const stepTexts = (steps: readonly Step[], { code }: Profile): readonly string[] =>
  steps.map((step) => safeText(stepText(step, code)));

const removalsOf = ({ scenarios, setup, teardown }: Profile): readonly string[] => {
  const lists = [...scenarios, setup ?? [], teardown ?? []].flat();
  const requests = lists.flatMap(({ steps }) => steps.flatMap(({ creates }) => creates ?? []));
  return [...new Set(requests.map(({ method, path }) => safeText(`${method} ${path}`)))];
};

/** A step by its name, and what of it functions make: `POST /events (body: function)`. */
const stepText = (step: Step, code: Profile['code']): string => {
  const made = functionsOf(step).map((index) => wordsOfFunction(code?.functions[index] ?? []));
  return made.length === 0 ? step.name : `${step.name} (${made.map((words) => `${words}: function`).join(', ')})`;
};

/** The functions of a step, by their indexes, in the order in which they stand. */
const functionsOf = ({ path, headers, query = [], payload, bodyFunction, check, counts = [] }: Step): number[] => {
  const fields = payload?.type === 'form' ? payload.fields : [];
  const texts = [path, ...[...headers, ...query, ...fields].map(([, value]) => value)];
  return [
    ...texts.flatMap((text) => functionOfText(text) ?? []),
    ...[bodyFunction ?? [], check ?? []].flat(),
    ...counts.flatMap(({ value }) => (typeof value === 'object' && 'function' in value ? value.function : [])),
  ];
};

/** `body`, `headers.X-Signature`: the end of the path at which a function stands. */
const wordsOfFunction = (path: KeyPath): string =>
  path.slice(path.findLastIndex((part) => typeof part === 'number') + 1).join('.');

/** The phases of a profile, and what is the same of all of them. */
export interface PhasesReport extends Pick<PlanReport, 'name' | 'description' | 'target' | 'durationMs' | 'variables'> {
  readonly phases: readonly Omit<PlanReport, 'name' | 'description' | 'target' | 'variables'>[];
}

/** @param reports at least one */
export const phasesReport = (reports: readonly PlanReport[]): PhasesReport => {
  const { name, description, target, variables } = reports[0]!;
  const phases = reports.map(({ name: _, description: __, target: ___, variables: ____, ...phase }) => phase);
  return { name, description, target, durationMs: lengthOfPhases(phases), variables, phases };
};

/** Of all phases with the pauses between them; null where that is not a matter of time. */
export const lengthOfPhases = (
  phases: readonly { readonly durationMs: number | null; readonly phase: Pick<ProfilePhase, 'pauseMs'> | null }[],
): number | null =>
  phases.reduce<number | null>(
    (sum, { durationMs, phase }) =>
      sum === null || durationMs === null ? null : sum + durationMs + (phase?.pauseMs ?? 0),
    0,
  );

/** How many begin, where that does not depend on how fast the target answers. */
const iterationsOf = ({ model, segments, durationMs, limit, burst }: RunPlan): number | undefined => {
  const most = Number.isFinite(limit) ? limit : undefined;
  if (burst) return durationMs === undefined ? burst.sizes.reduce((sum, size) => sum + size, 0) : undefined;
  if (model !== 'open') return durationMs === undefined ? most : undefined;
  if (durationMs === undefined) return most;
  return Math.min(new ArrivalPlan({ revision: 0, segments }).dueBy(durationMs), limit);
};

const bandsOf = ({ bands }: Profile): PlanReport['bands'] =>
  bands === undefined
    ? null
    : {
        name: bands.name,
        words: bands.bands.map(({ word, words, conditions }) => ({
          word: safeText([...new Set(Object.values(words ?? { word }))].join(', ')),
          conditions: conditions.map(({ text }) => safeText(text)),
        })),
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
