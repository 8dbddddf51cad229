// Phases of a profile: each becomes a whole draft, that of the profile with a load, an end and scenarios of its own. Pure.

import type { ProfileDraft } from './defaults.ts';
import type { Scenario } from './profile.ts';
import type { PhaseFile } from './schema.ts';

/** The part of a draft that a block of load speaks of. */
export type LoadDraft = Pick<
  ProfileDraft,
  | 'scenarios'
  | 'load'
  | 'durationMs'
  | 'limit'
  | 'arrivals'
  | 'seed'
  | 'nowAt'
  | 'connections'
  | 'maxInFlight'
  | 'overflow'
  | 'maxRate'
  | 'warmupMs'
  | 'graceMs'
  | 'workers'
  | 'until'
>;

/** What a phase is called that has no name. */
export const phaseName = ({ name }: Pick<PhaseFile, 'name'>, index: number): string => name ?? `phase ${index + 1}`;

/** @param scenarios all of them, as they are written */
export const phasesOfFile = (
  whole: ProfileDraft,
  scenarios: readonly Scenario[],
  phases: readonly PhaseFile[],
  loadDraftOf: (load: PhaseFile['load'], scenarios: readonly Scenario[]) => LoadDraft,
): readonly ProfileDraft[] =>
  phases.map((phase, index) => {
    const load = loadDraftOf(phase.load, scenariosOf(scenarios, phase));
    const isLast = index === phases.length - 1;
    return {
      ...whole,
      ...load,
      warmupMs: phase.warmup ?? load.warmupMs,
      until: phase.until ?? load.until,
      objectives: phase.objectives ?? whole.objectives,
      phase: {
        name: phaseName(phase, index),
        number: index + 1,
        count: phases.length,
        pauseMs: isLast ? 0 : (phase.pause ?? 0),
      },
    };
  });

/** Those that are named, in the order of the profile; a scenario's own think time goes before that of the load. */
const scenariosOf = (all: readonly Scenario[], { scenarios: names, load: { think } }: PhaseFile): readonly Scenario[] =>
  all
    .filter(({ name }) => names === undefined || names.includes(name))
    .map((scenario) => (think === undefined || scenario.think || scenario.own ? scenario : { ...scenario, think }));
