// What only the screen knows: which screen is open, what is typed, what the footer says for a moment, what is looked at. What
// keys make of it is view-state.ts.

import type { Command, CommandSource } from '../session/commands.ts';
import type { RunState } from '../session/state.ts';
import type { Armed } from './armed-state.ts';
import { hasFields, isArmed } from './armed-view.ts';
import { type Choice, firstChoice } from './choice.ts';
import { type EndpointSort, firstSort } from './endpoint-sort.ts';
import { firstLook, type Look } from './look.ts';
import { emptyPrompt, type Prompt } from './prompt.ts';
import { noHistory, type PromptHistory } from './prompt-history.ts';
import { noZoom, type Zoom } from './zoom.ts';

/** `question`: the run asks whether it shall do what it was told. */
export type Mode =
  | 'dashboard'
  | 'help'
  | 'prompt'
  | 'filter'
  | 'question'
  | 'confirm quit'
  | 'ended'
  | 'armed'
  | 'armed help';

export interface View {
  readonly mode: Mode;
  readonly prompt: Prompt;
  /** Command lines that were run. */
  readonly history: PromptHistory;
  /** Said in the footer until `until` (monotonic ms). */
  readonly toast: { readonly text: string; readonly until: number } | undefined;
  /** Ctrl+C was pressed, or the question was answered with yes: the next Ctrl+C ends at once. */
  readonly stopping: boolean;
  /** Lines of the help above the first one that is shown. */
  readonly helpTop: number;
  /** Which panel is chosen, and whether it has the whole screen. */
  readonly zoom: Zoom;
  /** Which panels are to be seen. */
  readonly choice: Choice;
  /** When a digit last showed or hid a panel (monotonic ms). */
  readonly digitAt: number | undefined;
  readonly sort: EndpointSort;
  /** What of the run is looked at. */
  readonly look: Look;
  /** Nothing of the run can be changed from here (`--read-only`). */
  readonly readOnly: boolean;
  /** What the armed screen knows; undefined without `--armed`. */
  readonly armed: Armed | undefined;
}

export const firstView: View = {
  mode: 'dashboard',
  prompt: emptyPrompt,
  history: noHistory,
  toast: undefined,
  stopping: false,
  helpTop: 0,
  zoom: noZoom,
  choice: firstChoice,
  digitAt: undefined,
  sort: firstSort,
  look: firstLook,
  readOnly: false,
  armed: undefined,
};

/**
 * What becomes of the program. `quit`: it is to be left as soon as the run has ended; `abort`: the run is ended at once;
 * the commands for the run are told apart from it, in `commands`. `start`: a run is to be started from the fields.
 */
export type Effect = 'quit' | 'abort' | 'suspend' | 'start';

export interface Asked {
  readonly command: Command;
  readonly source: Extract<CommandSource, 'key' | 'command line'>;
  /** The line that was typed, where it was one. */
  readonly line?: string | undefined;
}

/**
 * The mode as it counts now: the end of the run answers the question, and the dashboard becomes its last picture; what the
 * run asks is asked where keys steer it.
 */
export const modeOf = (view: View, state: RunState): Mode => {
  const { phase, question, cleanUp } = state;
  // A run may be started from elsewhere: it is what is looked at then.
  const mode = hasFields(view) && !isArmed(view, state) ? 'dashboard' : view.mode;
  // A yes to the end of the load is none to leaving behind what it made.
  if (phase === 'draining' && cleanUp !== undefined && mode === 'confirm quit') return 'dashboard';
  if (phase === 'closed' && (mode === 'dashboard' || mode === 'confirm quit')) return 'ended';
  return question !== undefined && !view.readOnly && (mode === 'dashboard' || mode === 'help') ? 'question' : mode;
};

/** The view where another run follows: a second of the one before is none of it, and nobody asks any more whether to end that. */
export const ofNextRun = (view: View): View => ({
  ...view,
  mode: view.mode === 'confirm quit' ? 'dashboard' : view.mode,
  look: { ...view.look, frozen: undefined },
});

/** The view without what has expired. */
export const expire = (view: View, at: number): View =>
  view.toast !== undefined && view.toast.until <= at ? { ...view, toast: undefined } : view;
