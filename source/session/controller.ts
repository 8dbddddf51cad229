// Decides what becomes of a command: carried out as a change of the plan, of a limit, an end or a marker, or refused with a
// reason that a person can act on, or asked about. Pure; the session does what it decides. Rates and users are
// rate-decision.ts, limits are limit-decision.ts, taking back is undo.ts.

import { isFollowed } from '../common/phase-place.ts';
import type { Steering } from '../load/steer.ts';
import { lastPhase, noPhases } from './availability.ts';
import type { Command } from './commands.ts';
import { type Decision, refuse, type Situation } from './decision.ts';
import { decideLimit } from './limit-decision.ts';
import { decideRate } from './rate-decision.ts';
import { decideUndo } from './undo.ts';

/** The decision on a command. */
export const decide = (command: Command, situation: Situation): Decision => {
  const { phase, steering } = situation;
  switch (command.type) {
    case 'marker/set':
      if (phase === 'closed') return refuse('the run has ended');
      return { type: 'mark', name: command.name ?? freeMarkerName(situation.markers) };
    case 'run/abort':
      return phase === 'closed' ? refuse('the run has ended') : { type: 'abort' };
    case 'report/write':
      return phase === 'closed' ? refuse('the run has ended') : { type: 'report' };
    case 'run/stop':
      return phase === 'draining' || phase === 'closed' ? refuse('the run is ending already') : { type: 'stop' };
  }
  if (phase === 'draining' || phase === 'closed') return refuse('the run is ending: nothing more is sent');
  switch (command.type) {
    case 'run/pause':
      if (steering.pausedAt !== undefined && !command.dropBacklog) return refuse('the load is paused already');
      return { type: 'steer', change: { type: 'pause', dropBacklog: command.dropBacklog ?? false } };
    case 'run/resume':
      return steering.pausedAt === undefined
        ? refuse('the load is not paused')
        : { type: 'steer', change: { type: 'resume' } };
    case 'run/extend':
      if (!Number.isFinite(lastOf(steering))) return refuse('the run has no end to extend');
      if (!(command.byMs > 0 && Number.isFinite(command.byMs))) return refuse('a run is extended by a time above 0');
      return { type: 'steer', change: { type: 'extend', byMs: command.byMs } };
    case 'phase/next':
      return decideNext(command, situation);
    case 'limit/set':
      return decideLimit(command, situation);
    case 'change/undo':
      return decideUndo(situation);
    case 'question/answer':
      return decideAnswer(command.yes, situation);
    default:
      return decideRate(command, situation);
  }
};

const decideNext = (
  { ask = false }: Extract<Command, { type: 'phase/next' }>,
  { of, confirmed }: Situation,
): Decision => {
  if (of === undefined) return refuse(noPhases);
  if (!isFollowed(of)) return refuse(lastPhase);
  if (!ask || confirmed) return { type: 'next' };
  const command = { type: 'phase/next' } as const;
  return { type: 'ask', command, text: `end phase ${of.number} of ${of.count} and go on to the next?` };
};

/** It is decided anew: what was asked may not be possible any more. */
const decideAnswer = (yes: boolean, situation: Situation): Decision => {
  const { question } = situation;
  if (!question) return refuse('nothing is asked');
  return yes ? decide(question.command, { ...situation, question: undefined, confirmed: true }) : { type: 'leave' };
};

const lastOf = ({ stages }: Steering): number => {
  const last = stages.at(-1);
  return last ? last.at + last.lengthMs : 0;
};

/** The first of a, b, … z, aa, ab, … that no marker has. */
const freeMarkerName = (taken: readonly string[]): string => {
  let index = 0;
  while (taken.includes(markerName(index))) index += 1;
  return markerName(index);
};

const markerName = (index: number): string =>
  (index < 26 ? '' : markerName(Math.floor(index / 26) - 1)) + String.fromCharCode(97 + (index % 26));
