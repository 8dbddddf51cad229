// Carries out what a key or a typed line means: the next view, commands for the run and effects on the program, in the walk.
// Which key means what is keymap.ts.

import { backToFields } from './armed-view.ts';
import { rearranged } from './choice-keys.ts';
import { helpScrolled } from './help-lines.ts';
import type { Intent } from './key-binding.ts';
import { abort, hasEnded, interrupt, quit, stop } from './leaving.ts';
import { type LookIntent, lookAfter } from './look-keys.ts';
import { emptyPrompt, insert } from './prompt.ts';
import { rewound } from './prompt-history.ts';
import type { TypedLine } from './typing.ts';
import { modeOf, type View } from './view.ts';
import { ask, say, type Walk } from './walk.ts';
import { closed, whyNoScroll } from './zoom.ts';
import { type ZoomIntent, zoomAfter } from './zoom-keys.ts';

/** Does what a key means. @param token the key itself: of some intents it says which way */
export const carryOut = (walk: Walk, intent: Intent, token: string): void => {
  const { view, state } = walk;
  switch (intent.type) {
    case 'focus':
    case 'zoom':
    case 'filter':
      changeZoom(walk, intent.type, token);
      return;
    case 'scroll':
      scroll(walk, token);
      return;
    case 'shorter window':
    case 'longer window':
    case 'freeze':
    case 'time':
    case 'latency group':
      changeLook(walk, intent.type, token);
      return;
    case 'preset':
    case 'panel':
    case 'sort': {
      const { view: next, said } = rearranged(view, intent.type, token, state, walk.at, walk.size);
      walk.view = say({ ...next, mode: 'dashboard' }, said, walk.at);
      return;
    }
    case 'command':
      ask(walk, intent.command, 'key');
      return;
    case 'pause':
      ask(walk, { type: state.phase === 'paused' ? 'run/resume' : 'run/pause' }, 'key');
      return;
    case 'prompt':
      walk.view = { ...view, mode: 'prompt', prompt: emptyPrompt, history: rewound(view.history), toast: undefined };
      return;
    case 'help':
      walk.view = { ...view, mode: view.mode === 'help' ? 'dashboard' : 'help', helpTop: 0 };
      return;
    case 'back':
      back(walk);
      return;
    case 'no':
      answer(walk, false);
      return;
    case 'quit':
      quit(walk);
      return;
    case 'yes':
      answer(walk, true);
      return;
    case 'interrupt':
      interrupt(walk);
      return;
    case 'fields':
      walk.view = backToFields(view);
      return;
    case 'stay':
      if (view.armed !== undefined) ask(walk, { type: 'run/stop' }, 'key');
      walk.view = { ...view, mode: 'dashboard', toast: undefined };
      return;
    case 'suspend':
      if (state.phase === 'running' || state.phase === 'paused') {
        ask(walk, { type: 'run/pause', dropBacklog: true }, 'key');
      }
      walk.effect = 'suspend';
  }
};

/** Esc closes what is open, one after the other: a question, the help, a zoomed panel, the frozen view, the choice of a panel. */
const back = (walk: Walk): void => {
  const view: View = { ...walk.view, toast: undefined };
  if (modeOf(view, walk.state) === 'question') answer(walk, false);
  else if (view.mode !== 'dashboard') walk.view = { ...view, mode: 'dashboard' };
  else if (view.look.frozen !== undefined && !view.zoom.zoomed) changeLook(walk, 'freeze', 'escape');
  else walk.view = { ...view, zoom: closed(view.zoom) };
};

/** To the question before quitting, or to what the run asks. */
const answer = (walk: Walk, yes: boolean): void => {
  const quitting = walk.view.mode === 'confirm quit';
  walk.view = { ...walk.view, mode: quitting ? 'dashboard' : walk.view.mode, toast: undefined };
  if (!quitting) ask(walk, { type: 'question/answer', yes }, 'key');
  else if (yes) stop(walk, 'key');
};

/** Pages go to what is scrolled: the help, else a zoomed panel, else the time cursor. */
const scroll = (walk: Walk, key: string): void => {
  const { view, state, size } = walk;
  if (view.mode === 'help') walk.view = { ...view, helpTop: helpScrolled(view, key, state, size) };
  else if (whyNoScroll(view.zoom) === undefined) changeZoom(walk, 'scroll', key);
  else changeLook(walk, 'time', key);
};

/** What is looked at, and when; from the help it leads back to where it shows. */
const changeLook = (walk: Walk, what: LookIntent, key: string): void => {
  const look = lookAfter(walk.view.look, what, key, walk.state);
  walk.view = { ...walk.view, mode: 'dashboard', toast: undefined, look };
};

/** Choosing, zooming, filtering and scrolling panels; from the help they lead back to them. */
export const changeZoom = (walk: Walk, what: ZoomIntent, key: string): void => {
  const view: View = { ...walk.view, mode: 'dashboard', toast: undefined };
  const zoom = zoomAfter(view, what, key, walk.state, walk.size, walk.past);
  walk.view =
    what === 'filter' ? { ...view, mode: 'filter', prompt: insert(emptyPrompt, zoom.filter), zoom } : { ...view, zoom };
};

/** Carries out a line that was typed. @param text the line itself */
export const runLine = (walk: Walk, line: TypedLine, text: string): void => {
  if (line.type === 'quit') {
    if (hasEnded(walk.state)) walk.effect = 'quit';
    else stop(walk, 'command line');
  } else if (line.command.type === 'run/abort') abort(walk, 'command line');
  else ask(walk, line.command, 'command line', text);
};
