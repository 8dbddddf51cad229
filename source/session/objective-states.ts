// The objectives as the state carries them: what the run is held to, with how each stands. Used by reduce.ts alone.

import type { ObjectiveStanding } from '../measure/objective.ts';
import type { EventBody } from './events.ts';
import type { ObjectiveState, RunState } from './state.ts';

const unjudged: ObjectiveStanding = { status: 'not enough data', value: Number.NaN, brokenSince: undefined };

/** The run's objectives, each with its standing; without one it is not judged yet. */
export const objectiveStates = (
  run: RunState['run'],
  standings: readonly ObjectiveStanding[],
): readonly ObjectiveState[] =>
  (run?.objectives ?? []).map(({ text, metric, counted, comparison, bound, windowMs }, index) => ({
    ...{ text, metric, comparison, bound, windowMs },
    ...(counted && { counted }),
    ...(standings[index] ?? unjudged),
  }));

/** The objectives after one of them changed without a second: at the end of a run that is shorter than its window. */
export const objectivesAfter = (
  objectives: readonly ObjectiveState[],
  { objective, status, value, brokenSince }: Extract<EventBody, { type: 'objective/changed' }>,
): readonly ObjectiveState[] =>
  objectives.map((one) => (one.text === objective.text ? { ...one, status, value, brokenSince } : one));
