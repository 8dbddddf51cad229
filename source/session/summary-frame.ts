// What a summary says beside its numbers: of a run that has ended, and of one that goes on.

import type { SummaryFrame } from '../measure/tally.ts';
import type { RunInfo } from './events.ts';

/** @param run as it was opened */
export const summaryFrame = (
  run: RunInfo,
  {
    endReason,
    durationMs,
    problems,
    resources,
  }: Pick<SummaryFrame, 'endReason' | 'durationMs' | 'problems' | 'resources'>,
): SummaryFrame => ({
  name: run.name,
  ...(run.phase && { phase: run.phase }),
  target: run.target,
  model: run.model,
  startedAt: new Date(run.startedAtWall).toISOString(),
  timeZone: run.timeZone,
  endReason,
  durationMs,
  seed: run.seed,
  recording: run.recording ?? null,
  problems,
  ...(resources && { resources }),
});

/** Why a run that goes on has ended: it has not. */
export const notEnded = 'it goes on: this is a report of the run so far';
