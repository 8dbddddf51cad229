// The run as the screen shows it: a state of the run, now or at an earlier second, and what of it is looked at. Panels get
// this and nothing else.

import type { RunState } from '../session/state.ts';
import type { Look } from './look.ts';

/** The state that is shown. What steers and what can be steered follows `live`. */
export interface Seen extends RunState {
  readonly look: Look;
  /** The newest state, whatever is shown. */
  readonly live: RunState;
}

/** What is seen of a run whose newest state is `live`. */
export const seenOf = (live: RunState, look: Look): Seen => ({ ...live, look, live });
