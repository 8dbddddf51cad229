// What keys mean while a line is typed: in the command line and in the filter. Pure. What a line means is
// session/command-line.ts, how a line is edited prompt.ts.

import { parseCommandLine } from '../session/command-line.ts';
import { completed } from './completion.ts';
import { edit, emptyPrompt, insert, type Prompt } from './prompt.ts';
import { recalled, remembered } from './prompt-history.ts';
import { whyNotSent } from './read-only.ts';
import type { View } from './view.ts';
import type { Walk } from './walk.ts';

export const isTyping = ({ mode }: View): boolean => mode === 'prompt' || mode === 'filter';

/** The view with what is typed; a filter holds while it is typed. */
export const typed = (view: View, prompt: Prompt): View =>
  view.mode === 'filter'
    ? { ...view, prompt, zoom: { ...view.zoom, filter: prompt.text, top: 0 } }
    : { ...view, prompt };

/** What a typed line comes to. */
export type TypedLine = Exclude<ReturnType<typeof parseCommandLine>, { type: 'error' | 'nothing' }>;

/**
 * Takes a key.
 * @param run carries a line out
 * @returns whether the key meant something here
 */
export const takeWhileTyping = (walk: Walk, token: string, run: (line: TypedLine, text: string) => void): boolean => {
  const { view } = walk;
  if (token === 'escape' || (token === 'backspace' && view.prompt.text === '')) {
    walk.view = { ...typed(view, emptyPrompt), mode: 'dashboard' };
    return true;
  }
  if (token === 'return') {
    if (view.mode === 'filter') walk.view = { ...view, mode: 'dashboard', prompt: emptyPrompt };
    else takeLine(walk, run);
    return true;
  }
  if (view.mode === 'prompt' && (token === 'tab' || token === 'shift+tab')) {
    walk.view = typed(view, completed(view.prompt, token === 'tab' ? 1 : -1));
    return true;
  }
  if (view.mode === 'prompt' && (token === 'up' || token === 'down')) {
    walk.view = { ...view, ...recalled(view.history, view.prompt, token === 'up' ? -1 : 1) };
    return true;
  }
  // Behind what was refused nobody means to go on with a colon: it begins the next line.
  if (view.mode === 'prompt' && token === ':' && view.prompt.error !== undefined) {
    walk.view = typed(view, emptyPrompt);
    return true;
  }
  const edited = edit(view.prompt, token);
  if (edited !== undefined) walk.view = typed(view, edited);
  else if ([...token].length === 1) walk.view = typed(view, insert(view.prompt, token));
  else return false;
  return true;
};

const takeLine = (walk: Walk, run: (line: TypedLine, text: string) => void): void => {
  const { view } = walk;
  const parsed = parseCommandLine(view.prompt.text, walk.state);
  const refused = parsed.type === 'command' ? whyNotSent(parsed.command, view) : undefined;
  if (parsed.type === 'error' || refused !== undefined) {
    const error = parsed.type === 'error' ? errorText(parsed) : refused;
    walk.view = { ...view, prompt: { ...view.prompt, error } };
    return;
  }
  const history = remembered(view.history, view.prompt.text);
  walk.view = { ...view, mode: 'dashboard', prompt: emptyPrompt, history };
  if (parsed.type !== 'nothing') run(parsed, view.prompt.text);
};

const errorText = ({ message, unknown }: Extract<ReturnType<typeof parseCommandLine>, { type: 'error' }>): string =>
  unknown === undefined ? message : `no command '${unknown}': Tab goes through all there are`;
