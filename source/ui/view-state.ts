// What only the screen knows: which screen is open, what is typed, what the footer says for a moment. Pure: input and the
// state of the run in; the next view, commands for the run and effects on the program out.

import { parseCommandLine } from '../session/command-line.ts';
import type { Command, CommandSource } from '../session/commands.ts';
import type { RunState } from '../session/state.ts';
import { type InputKey, inputTokens } from './input-tokens.ts';
import { bindingOf, type Intent } from './keymap.ts';
import { firstLook, type Look } from './look.ts';
import { edit, emptyPrompt, insert, type Prompt, pasteable } from './prompt.ts';
import { closed, noZoom, type Zoom } from './zoom.ts';
import { type Size, type ZoomIntent, zoomAfter } from './zoom-keys.ts';

export type Mode = 'dashboard' | 'help' | 'prompt' | 'filter' | 'confirm quit' | 'ended';

export interface View {
  readonly mode: Mode;
  readonly prompt: Prompt;
  /** Said in the footer until `until` (monotonic ms). */
  readonly toast: { readonly text: string; readonly until: number } | undefined;
  /** Ctrl+C was pressed, or the question was answered with yes: the next Ctrl+C ends at once. */
  readonly stopping: boolean;
  /** Which panel is chosen, and whether it has the whole screen. */
  readonly zoom: Zoom;
  /** What of the run is looked at. */
  readonly look: Look;
  /** Nothing of the run can be changed from here (`--read-only`). */
  readonly readOnly: boolean;
}

export const firstView: View = {
  mode: 'dashboard',
  prompt: emptyPrompt,
  toast: undefined,
  stopping: false,
  zoom: noZoom,
  look: firstLook,
  readOnly: false,
};

/**
 * What becomes of the program. `quit`: it is to be left as soon as the run has ended; `abort`: the run is ended at once;
 * the commands for the run are told apart from it, in `commands`.
 */
export type Effect = 'quit' | 'abort' | 'suspend';

export interface Asked {
  readonly command: Command;
  readonly source: Extract<CommandSource, 'key' | 'command line'>;
}

export interface Handled {
  readonly view: View;
  readonly commands: readonly Asked[];
  readonly effect?: Effect;
}

/** How long the footer says why a key did nothing, ms. */
export const toastMs = 3000;

/** Nobody types more than this between two looks at the keyboard; longer chunks are pasted text, which steers nothing. */
const longestTyped = 64;

/** The mode as it counts now: the end of the run answers the question, and the dashboard becomes its last picture. */
export const modeOf = (view: View, state: RunState): Mode =>
  state.phase === 'closed' && (view.mode === 'dashboard' || view.mode === 'confirm quit') ? 'ended' : view.mode;

/** The view without what has expired. */
export const expire = (view: View, at: number): View =>
  view.toast !== undefined && view.toast.until <= at ? { ...view, toast: undefined } : view;

/** What a walk over the keys of a chunk carries along. */
interface Walk {
  view: View;
  /** The run as it will be when the commands so far are carried out: `pp` is pause and go on. */
  state: RunState;
  readonly commands: Asked[];
  effect: Effect | undefined;
  readonly at: number;
  readonly size: Size;
}

/**
 * What input means.
 * @param chunk text as Ink's useInput gives it, one key or several
 * @param at monotonic time in ms, for what expires
 */
export const handleInput = (
  view: View,
  chunk: string,
  key: InputKey,
  state: RunState,
  at: number,
  size: Size,
): Handled => {
  if (!isTyping(view) && chunk.length > longestTyped && new Set(chunk).size > 1) {
    return { view: say(view, pastedText, at), commands: [] };
  }
  const walk: Walk = { view: { ...expire(view, at) }, state, commands: [], effect: undefined, at, size };
  for (const token of inputTokens(chunk, key)) {
    takeToken(walk, token);
    // What was typed after leaving was meant for somebody else.
    if (walk.effect !== undefined) break;
  }
  const { effect, commands } = walk;
  return { view: walk.view, commands, ...(effect === undefined ? {} : { effect }) };
};

const isTyping = ({ mode }: View): boolean => mode === 'prompt' || mode === 'filter';

const pastedText = 'pasted text steers nothing; : opens the command line';

/** What pasted text means: it goes into an open command line or filter, without running it, and nowhere else. */
export const handlePaste = (view: View, text: string, at: number): View =>
  isTyping(view) ? typed(view, insert(view.prompt, pasteable(text))) : say(view, pastedText, at);

/** The view with what is typed; a filter holds while it is typed. */
const typed = (view: View, prompt: Prompt): View =>
  view.mode === 'filter'
    ? { ...view, prompt, zoom: { ...view.zoom, filter: prompt.text, top: 0 } }
    : { ...view, prompt };

const say = (view: View, text: string, at: number): View => ({ ...view, toast: { text, until: at + toastMs } });

const ask = (walk: Walk, command: Command, source: Asked['source']): void => {
  walk.commands.push({ command, source });
  if (command.type === 'run/pause') walk.state = { ...walk.state, phase: 'paused' };
  if (command.type === 'run/resume') walk.state = { ...walk.state, phase: 'running' };
};

const takeToken = (walk: Walk, token: string): void => {
  const mode = modeOf(walk.view, walk.state);
  if (mode === 'prompt' || mode === 'filter') {
    takeWhileTyping(walk, token);
    return;
  }
  const binding = bindingOf(token, mode === 'confirm quit' ? 'question' : 'screen');
  if (mode === 'confirm quit' && binding === undefined) {
    // Any other key is a no: a "y" that follows by chance must not stop a run.
    walk.view = { ...walk.view, mode: 'dashboard' };
    return;
  }
  if (binding === undefined) return;
  const reason = binding.disabled?.(walk.state, walk.view);
  if (reason === undefined) carryOut(walk, binding.intent, token);
  else
    walk.view = say(
      walk.view,
      `${binding.shown.split(' ').includes(token) ? token : binding.shown}: ${reason}`,
      walk.at,
    );
};

const carryOut = (walk: Walk, intent: Intent, token: string): void => {
  const { view, state } = walk;
  switch (intent.type) {
    case 'focus':
    case 'zoom':
    case 'filter':
    case 'scroll':
      changeZoom(walk, intent.type, token);
      return;
    case 'command':
      ask(walk, intent.command, 'key');
      return;
    case 'pause':
      ask(walk, { type: state.phase === 'paused' ? 'run/resume' : 'run/pause' }, 'key');
      return;
    case 'prompt':
      walk.view = { ...view, mode: 'prompt', prompt: emptyPrompt, toast: undefined };
      return;
    case 'help':
      walk.view = { ...view, mode: view.mode === 'help' ? 'dashboard' : 'help' };
      return;
    case 'back':
      walk.view = {
        ...view,
        mode: 'dashboard',
        toast: undefined,
        zoom: view.mode === 'dashboard' ? closed(view.zoom) : view.zoom,
      };
      return;
    case 'no':
      walk.view = { ...view, mode: 'dashboard', toast: undefined };
      return;
    case 'quit':
      quit(walk);
      return;
    case 'yes':
      stop(walk, 'key');
      return;
    case 'interrupt':
      interrupt(walk);
      return;
    case 'suspend':
      if (state.phase === 'running' || state.phase === 'paused') {
        ask(walk, { type: 'run/pause', dropBacklog: true }, 'key');
      }
      walk.effect = 'suspend';
  }
};

/** Choosing, zooming, filtering and scrolling panels; from the help they lead back to them. */
const changeZoom = (walk: Walk, what: ZoomIntent, key: string): void => {
  const view: View = { ...walk.view, mode: 'dashboard', toast: undefined };
  const zoom = zoomAfter(view.zoom, what, key, walk.state, walk.size);
  walk.view =
    what === 'filter' ? { ...view, mode: 'filter', prompt: insert(emptyPrompt, zoom.filter), zoom } : { ...view, zoom };
};

const quit = (walk: Walk): void => {
  const { phase } = walk.state;
  if (phase === 'closed') walk.effect = 'quit';
  else if (phase === 'draining') stop(walk, 'key');
  else walk.view = { ...walk.view, mode: 'confirm quit', toast: undefined };
};

/** Ends the run as planned, and leaves when it has ended. */
const stop = (walk: Walk, source: Asked['source']): void => {
  const { phase } = walk.state;
  if (phase === 'running' || phase === 'paused') ask(walk, { type: 'run/stop' }, source);
  const view: View = { ...walk.view, mode: 'dashboard', prompt: emptyPrompt, stopping: true };
  walk.view =
    phase === 'draining' ? say(view, 'ending: what is in flight may finish; Ctrl+C ends at once', walk.at) : view;
  walk.effect = 'quit';
};

const interrupt = (walk: Walk): void => {
  if (walk.state.phase === 'closed') walk.effect = 'quit';
  else if (walk.view.stopping) abort(walk, 'key');
  else stop(walk, 'key');
};

const abort = (walk: Walk, source: Asked['source']): void => {
  ask(walk, { type: 'run/abort' }, source);
  walk.view = { ...walk.view, mode: 'dashboard', prompt: emptyPrompt, stopping: true };
  walk.effect = 'abort';
};

const takeWhileTyping = (walk: Walk, token: string): void => {
  const { view } = walk;
  if (token === 'escape' || (token === 'backspace' && view.prompt.text === '')) {
    walk.view = { ...typed(view, emptyPrompt), mode: 'dashboard' };
    return;
  }
  if (token === 'return') {
    if (view.mode === 'filter') walk.view = { ...view, mode: 'dashboard', prompt: emptyPrompt };
    else runLine(walk);
    return;
  }
  const edited = edit(view.prompt, token);
  if (edited !== undefined) walk.view = typed(view, edited);
  else if ([...token].length === 1) walk.view = typed(view, insert(view.prompt, token));
  else if (view.mode === 'filter' && (token === 'pageup' || token === 'pagedown')) {
    changeZoom(walk, 'scroll', token);
    walk.view = { ...walk.view, mode: 'filter' };
  } else {
    const binding = bindingOf(token, 'anywhere');
    if (binding !== undefined) carryOut(walk, binding.intent, token);
  }
};

const runLine = (walk: Walk): void => {
  const parsed = parseCommandLine(walk.view.prompt.text, walk.state);
  if (parsed.type === 'error') {
    walk.view = { ...walk.view, prompt: { ...walk.view.prompt, error: parsed.message } };
    return;
  }
  walk.view = { ...walk.view, mode: 'dashboard', prompt: emptyPrompt };
  if (parsed.type === 'quit') {
    if (walk.state.phase === 'closed') walk.effect = 'quit';
    else stop(walk, 'command line');
  } else if (parsed.type === 'command') {
    if (parsed.command.type === 'run/abort') abort(walk, 'command line');
    else ask(walk, parsed.command, 'command line');
  }
};
