// Whether a run can be told something now, and why not: asked by every door before a command is sent. What becomes of a
// command that was sent is decided anew by controller.ts.

import { isFollowed } from '../common/phase-place.ts';
import type { CommandSource } from './commands.ts';
import type { RunState } from './state.ts';

export const noPhases = 'the profile has no phases';
export const lastPhase = 'this is the last phase: stop ends it';

/** Why a run cannot be told anything now; undefined where it can. */
export const whyNoRun = (state: RunState): string | undefined => {
  if (state.interlude !== undefined) return 'no phase goes on: the next one has not begun yet';
  if (state.phase === 'closed') return 'the run has ended';
  if (state.phase === 'draining') return 'the run is ending: nothing more is started';
  return state.run === undefined ? 'the run has not begun yet' : undefined;
};

/** Whether another phase follows. */
export const followed = ({ run }: RunState): boolean => isFollowed(run?.phase);

/** Why the next phase cannot begin now; undefined where it can, the rest before it included. */
export const whyNoNext = (state: RunState): string | undefined => {
  if (state.interlude !== undefined) return undefined;
  if (state.run !== undefined && state.run.phase === undefined) return noPhases;
  return whyNoRun(state) ?? (followed(state) ? undefined : lastPhase);
};

/** Why there is nothing to end; undefined where there is: phases that would follow, too. */
export const whyNoStop = (state: RunState): string | undefined =>
  state.interlude !== undefined || (state.phase === 'draining' && followed(state)) ? undefined : whyNoRun(state);

/** What was asked for by somebody who sees that it is being cleaned up. */
const byHand: ReadonlySet<CommandSource> = new Set(['key', 'command line', 'SIGINT']);

/** Whether an end that is asked for now skips the rest of the clean-up: the load has ended already. */
export const skipsCleanUp = ({ phase, cleanUp }: RunState, source: CommandSource): boolean =>
  phase === 'draining' && cleanUp !== undefined && byHand.has(source);

/** Why neither the rate nor the number of users can be changed now; undefined where it can. */
export const whyNoRate = (state: RunState): string | undefined => {
  const reason = whyNoRun(state);
  if (reason !== undefined) return reason;
  if (state.run?.model === 'full speed') return 'full speed has no rate to change; give -q a number';
  return state.run?.model === 'burst' ? 'a burst has no rate to change; give -q a number' : undefined;
};

/** Whether the load has a rate, or users, that keys could ever change. */
export const hasRate = (state: RunState): boolean => state.run?.model !== 'full speed' && state.run?.model !== 'burst';

/** Whether the rate keys act on virtual users. */
export const hasUsers = (state: RunState): boolean => state.run?.model === 'closed';
