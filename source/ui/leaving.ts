// How keys and command lines end the run and leave the program. Pure: what follows is in the walk.

import { followed, skipsCleanUp } from '../session/availability.ts';
import type { RunState } from '../session/state.ts';
import { emptyPrompt } from './prompt.ts';
import type { Asked, View } from './view.ts';
import { ask, say, type Walk } from './walk.ts';

/** q: asks while load runs. */
export const quit = (walk: Walk): void => {
  const { phase, interlude } = walk.state;
  if (hasEnded(walk.state)) walk.effect = 'quit';
  else if (phase === 'draining' || interlude) stop(walk, 'key');
  else walk.view = { ...walk.view, mode: 'confirm quit', toast: undefined };
};

/** Ends the run as planned, and leaves when it has ended. */
export const stop = (walk: Walk, source: Asked['source']): void => {
  const { phase, interlude } = walk.state;
  // One that is ending, or has ended, may be followed by others.
  const isFollowed = interlude !== undefined || (phase === 'draining' && followed(walk.state));
  const skips = skipsCleanUp(walk.state, source);
  if (phase === 'running' || phase === 'paused' || isFollowed || skips) ask(walk, { type: 'run/stop' }, source);
  const view: View = { ...walk.view, mode: 'dashboard', prompt: emptyPrompt, stopping: true };
  const said = skips ? 'the clean-up is skipped' : `ending: ${endingWords(walk.state)}; Ctrl+C ends at once`;
  walk.view = phase === 'draining' || interlude ? say(view, said, walk.at) : view;
  walk.effect = 'quit';
};

const endingWords = ({ interlude }: RunState): string =>
  interlude ? 'no further phase begins' : 'what is in flight may finish';

/** Ctrl+C: as planned, and the second time at once. */
export const interrupt = (walk: Walk): void => {
  if (hasEnded(walk.state)) walk.effect = 'quit';
  else if (walk.view.stopping) abort(walk, 'key');
  else stop(walk, 'key');
};

/** Nothing goes on, and nothing follows. */
export const hasEnded = ({ phase, interlude }: RunState): boolean => phase === 'closed' && interlude === undefined;

/** Ends the run at once, and leaves. */
export const abort = (walk: Walk, source: Asked['source']): void => {
  ask(walk, { type: 'run/abort' }, source);
  walk.view = { ...walk.view, mode: 'dashboard', prompt: emptyPrompt, stopping: true };
  walk.effect = 'abort';
};
