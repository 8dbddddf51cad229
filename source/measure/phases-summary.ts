// The result of a profile with phases as a whole: that of each phase, and the sums of what can be summed. No percentile is
// here: each phase has its own.

import { phaseText } from '../common/phase-place.ts';
import type { Summary } from './summary.ts';

export interface PhasesSummary
  extends Pick<
    Summary,
    | 'name'
    | 'target'
    | 'startedAt'
    | 'timeZone'
    | 'endReason'
    | 'durationMs'
    | 'completed'
    | 'failed'
    | 'good'
    | 'notGood'
  > {
  /** Those that were carried out, in order. */
  readonly phases: readonly Summary[];
  /** Names of those that were not. */
  readonly notRun: readonly string[];
}

/**
 * @param phases at least one
 * @param names of all phases, in order
 * @param cut why those after them were not carried out, or that the last one was ended by hand
 */
export const summarisePhases = (
  phases: readonly [Summary, ...Summary[]],
  names: readonly string[],
  cut?: string,
): PhasesSummary => {
  const [first] = phases;
  const sum = (key: 'durationMs' | 'completed' | 'failed' | 'good' | 'notGood'): number =>
    phases.reduce((total, phase) => total + phase[key], 0);
  const notRun = names.slice(phases.length);
  return {
    name: first.name,
    target: first.target,
    startedAt: first.startedAt,
    timeZone: first.timeZone,
    endReason: cut ?? reasonOf(phases, notRun),
    /** Of the load: what lies between the phases is left out. */
    durationMs: sum('durationMs'),
    completed: sum('completed'),
    failed: sum('failed'),
    good: sum('good'),
    notGood: sum('notGood'),
    phases,
    notRun,
  };
};

const reasonOf = (phases: readonly Summary[], notRun: readonly string[]): string => {
  const { phase, endReason } = phases.at(-1) ?? {};
  return notRun.length === 0 || phase === undefined
    ? 'all phases are done'
    : `ended in ${phaseText(phase)}: ${endReason}`;
};
