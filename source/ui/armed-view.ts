// The view while the fields of a run are open, and on the way from them to a run. Pure; what stands in the fields is
// armed-state.ts, everything else that keys do is carry-out.ts.

import type { RunState } from '../session/state.ts';
import { armedAfter, armedAt, reopened, started, typedInto } from './armed-state.ts';
import { leastColumns, leastRows } from './layout.ts';
import type { Lobby } from './lobby.ts';
import { emptyPrompt, pasteable } from './prompt.ts';
import type { Effect, View } from './view.ts';
import type { Size } from './zoom-keys.ts';

/** The fields are open, or their help, whether they can be seen or not. */
export const hasFields = ({ mode }: View): boolean => mode === 'armed' || mode === 'armed help';

/** The fields are open, or their help, and no run goes on. */
export const isArmed = (view: View, { run, phase }: RunState): boolean =>
  hasFields(view) && (run === undefined || phase === 'closed');

/** `view` with the fields open; as it is where runs are not started from any. */
export const withFields = (view: View, lobby: Lobby | undefined): View =>
  lobby === undefined ? view : { ...view, mode: 'armed', armed: armedAt(lobby) };

/** The view on the way back from a run. */
export const backToFields = (view: View): View => ({
  ...view,
  mode: 'armed',
  toast: undefined,
  armed: view.armed && reopened(view.armed),
});

/** The view when a run has begun that was started from the fields. */
export const runBegun = (view: View): View => ({
  ...view,
  mode: 'dashboard',
  prompt: emptyPrompt,
  toast: undefined,
  stopping: false,
  look: { ...view.look, frozen: undefined },
  armed: view.armed && started(view.armed),
});

/** What a key makes of the view while the fields are open. */
export const keyAtFields = (
  view: View,
  token: string,
  { columns, rows }: Size,
): { readonly view: View; readonly effect?: Effect } => {
  if (view.armed === undefined) return { view };
  // Any key leaves the help: none of them may start anything from behind it.
  if (view.mode === 'armed help' && token !== 'ctrl+c' && token !== 'ctrl+z')
    return { view: { ...view, mode: 'armed' } };
  const { armed, deed } = armedAfter(view.armed, token);
  // What cannot be seen is not started.
  if (deed === 'start' && (columns < leastColumns || rows < leastRows)) return { view };
  const next: View = { ...view, armed, ...(deed === 'help' && { mode: 'armed help' }) };
  if (deed === undefined || deed === 'help') return { view: next };
  return { view: next, effect: deed === 'leave' ? 'quit' : deed };
};

/** Pasted text goes into the field, its first line, and starts nothing; undefined where no fields are open. */
export const pastedAtFields = (view: View, text: string): View | undefined =>
  view.mode === 'armed' && view.armed !== undefined
    ? { ...view, armed: typedInto(view.armed, pasteable(text)) }
    : undefined;
