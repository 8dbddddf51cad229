// What became of two objectives, for tests of who tells it.

import { type Objective, readObjective } from '../../source/measure/objective.ts';
import type { ObjectiveSummary } from '../../source/measure/summary.ts';
import type { EventBody } from '../../source/session/events.ts';

export const onTimes: Objective = readObjective('p99<300ms over 30s');
export const onErrors: Objective = readObjective('errors<1%');

/** Broken for a second; `patch` replaces fields. */
export const brokenSummary = (patch: Partial<ObjectiveSummary> = {}): ObjectiveSummary => ({
  ...onTimes,
  unit: 'ms',
  verdict: 'broken',
  judgedMs: 5000,
  brokenMs: 1000,
  broken: [{ fromMs: 3000, toMs: 4000 }],
  omitted: 0,
  worst: 312,
  worstAtMs: 4000,
  ...patch,
});

/** Never broken; `patch` replaces fields. */
export const metSummary = (patch: Partial<ObjectiveSummary> = {}): ObjectiveSummary => ({
  ...onErrors,
  unit: 'ratio',
  verdict: 'met',
  judgedMs: 5000,
  brokenMs: 0,
  broken: [],
  omitted: 0,
  worst: 0.002,
  worstAtMs: 5000,
  ...patch,
});

type Changed = Extract<EventBody, { type: 'objective/changed' }>;

/** The objective on times is broken; `patch` replaces fields. */
export const objectiveChanged = (patch: Partial<Changed> = {}): EventBody => ({
  type: 'objective/changed',
  objective: onTimes,
  before: 'met',
  status: 'broken',
  value: 312.4,
  brokenSince: 3000,
  brokenForMs: undefined,
  ...patch,
});

/** It is broken no more, after 40 s. */
export const objectiveOver = (status: Changed['status']): EventBody =>
  objectiveChanged({ before: 'broken', status, value: 280, brokenSince: undefined, brokenForMs: 40_000 });
