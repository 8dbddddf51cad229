// Whether a run can be told something now, and why not: asked by every door before a command is sent. What becomes of a
// command that was sent is decided anew by controller.ts.

import type { RunState } from './state.ts';

/** Why a run cannot be told anything now; undefined where it can. */
export const whyNoRun = (state: RunState): string | undefined => {
  if (state.phase === 'closed') return 'the run has ended';
  if (state.phase === 'draining') return 'the run is ending: nothing more is started';
  return state.run === undefined ? 'the run has not begun yet' : undefined;
};

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
