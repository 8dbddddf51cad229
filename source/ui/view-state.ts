// From keys to what they do: the walk over the keys of a chunk of input, each at its place. Pure: input and the state of the
// run in; the next view, commands for the run and effects on the program out.

import type { RunState } from '../session/state.ts';
import { keyAtFields, pastedAtFields } from './armed-view.ts';
import { carryOut, changeZoom, runLine } from './carry-out.ts';
import { isSlip, settled, slipText } from './choice-keys.ts';
import { type InputKey, inputTokens } from './input-tokens.ts';
import type { Intent, KeyBinding, KeyPlace } from './key-binding.ts';
import { bindingOf } from './keymap.ts';
import { isTooSmall } from './layout.ts';
import { noPast, type PastStates } from './past.ts';
import { insert, pasteable } from './prompt.ts';
import { whyNot } from './read-only.ts';
import { isAskedWhole } from './small-lines.ts';
import { isTyping, takeWhileTyping, typed } from './typing.ts';
import { type Asked, type Effect, expire, type Mode, modeOf, type View } from './view.ts';
import { say, type Walk } from './walk.ts';
import type { Size } from './zoom-keys.ts';

export interface Handled {
  readonly view: View;
  readonly commands: readonly Asked[];
  readonly effect?: Effect;
}

/** Nobody types more than this between two looks at the keyboard; longer chunks are pasted text, which steers nothing. */
const longestTyped = 64;

/**
 * What input means.
 * @param chunk text as Ink's useInput gives it, one key or several
 * @param at monotonic time in ms, for what expires
 * @param past the states of earlier seconds, for a view that is frozen
 */
export const handleInput = (
  view: View,
  chunk: string,
  key: InputKey,
  state: RunState,
  at: number,
  size: Size,
  past: PastStates = noPast,
): Handled => {
  if (!isTyping(view) && chunk.length > longestTyped && new Set(chunk).size > 1) {
    return { view: handlePaste(view, chunk, at), commands: [] };
  }
  const walk: Walk = { view: { ...expire(view, at) }, state, commands: [], effect: undefined, at, size, past };
  for (const token of inputTokens(chunk, key)) {
    takeToken(walk, token);
    // What was typed after leaving was meant for somebody else.
    if (walk.effect !== undefined) break;
  }
  const { effect, commands } = walk;
  return { view: settled(walk.view, walk.state, size), commands, ...(effect === undefined ? {} : { effect }) };
};

const pastedText = 'pasted text steers nothing; : opens the command line';

/** What pasted text means: it goes into an open command line or filter, without running it, and nowhere else. */
export const handlePaste = (view: View, text: string, at: number): View =>
  pastedAtFields(view, text) ??
  (isTyping(view) ? typed(view, insert(view.prompt, pasteable(text))) : say(view, pastedText, at));

const takeToken = (walk: Walk, token: string): void => {
  const mode = modeOf(walk.view, walk.state);
  if (mode === 'prompt' || mode === 'filter') {
    if (!takeWhileTyping(walk, token, (line, text) => runLine(walk, line, text))) takeElsewhere(walk, token);
    return;
  }
  if (mode === 'armed' || mode === 'armed help') {
    const { view, effect } = keyAtFields(walk.view, token, walk.size);
    walk.view = view;
    walk.effect = effect;
    return;
  }
  if (mode === 'ended' && token === 'return' && walk.view.armed !== undefined && walk.view.zoom.focus === undefined) {
    carryOut(walk, { type: 'fields' }, token);
    return;
  }
  const binding = bindingOf(token, placeOf(walk, mode, token));
  if (mode === 'confirm quit' && (binding === undefined || binding.where === 'screen') && token !== 'escape') {
    // Any other key is a no, and stays what it is: a "y" that follows by chance must not stop a run.
    walk.view = { ...walk.view, mode: 'dashboard' };
  }
  if (binding === undefined) return;
  if (isTooSmall(walk.size.columns, walk.size.rows) && !worksUnseen.has(binding.intent.type)) {
    walk.view = say(walk.view, `${nameOf(binding, token)}: ${enlargeText(binding)}`, walk.at);
    return;
  }
  if (isSlip(walk.view, token, walk.at)) {
    walk.view = say(walk.view, slipText, walk.at);
    return;
  }
  const reason = whyNot(binding, walk.state, walk.view);
  if (reason !== undefined) {
    walk.view = say(walk.view, `${nameOf(binding, token)}: ${reason}`, walk.at);
    return;
  }
  // What an earlier key could not do is no word on this one.
  walk.view = { ...walk.view, toast: undefined };
  carryOut(walk, binding.intent, token);
};

const nameOf = ({ shown }: KeyBinding, token: string): string => (shown.split(' ').includes(token) ? token : shown);

/** What works in a terminal that is too small for panels: it says how the run is, and what is asked. */
const worksUnseen: ReadonlySet<Intent['type']> = new Set<Intent['type']>([
  'pause',
  'quit',
  'yes',
  'no',
  'stay',
  'back',
  'interrupt',
  'suspend',
]);

const enlargeText = ({ intent }: KeyBinding): string =>
  intent.type === 'command' ? 'enlarge the terminal to steer' : 'enlarge the terminal first';

/** A question of the run takes its two answers, and Esc for a no, where it is in sight; all other keys stay what they are. */
const placeOf = ({ state, size }: Walk, mode: Mode, token: string): KeyPlace => {
  const answer = bindingOf(token, 'question');
  if (mode === 'confirm quit') return answer === undefined ? 'screen' : 'question';
  const intent = answer?.intent.type;
  const inSight = !isTooSmall(size.columns, size.rows) || isAskedWhole(state.question?.text ?? '', size);
  // What else is answered before leaving is no answer to the run.
  return mode === 'question' && inSight && (intent === 'yes' || intent === 'no') ? 'question' : 'screen';
};

/** A key that no line takes. */
const takeElsewhere = (walk: Walk, token: string): void => {
  if (walk.view.mode === 'filter' && (token === 'pageup' || token === 'pagedown')) {
    changeZoom(walk, 'scroll', token);
    walk.view = { ...walk.view, mode: 'filter' };
    return;
  }
  const binding = bindingOf(token, 'anywhere');
  if (binding !== undefined) carryOut(walk, binding.intent, token);
};
