// What a walk over the keys of a chunk carries along, and the small steps that every part of handling them takes.

import type { Command } from '../session/commands.ts';
import type { RunState } from '../session/state.ts';
import type { PastStates } from './past.ts';
import type { Asked, Effect, View } from './view.ts';
import type { Size } from './zoom-keys.ts';

export interface Walk {
  view: View;
  /** The run as it will be when the commands so far are carried out: `pp` is pause and go on. */
  state: RunState;
  readonly commands: Asked[];
  effect: Effect | undefined;
  readonly at: number;
  readonly size: Size;
  /** What a frozen view shows. */
  readonly past: PastStates;
}

/** How long the footer says why a key did nothing, ms. */
export const toastMs = 3000;

/** The view with something that the footer says for a moment. */
export const say = (view: View, text: string, at: number): View => ({ ...view, toast: { text, until: at + toastMs } });

export const ask = (walk: Walk, command: Command, source: Asked['source'], line?: string): void => {
  walk.commands.push({ command, source, ...(line === undefined ? {} : { line }) });
  // Whatever is asked next, an answer that follows in the same chunk was not meant for a question nobody has seen.
  if (walk.state.question !== undefined) walk.state = { ...walk.state, question: undefined };
  if (command.type === 'run/pause') walk.state = { ...walk.state, phase: 'paused' };
  if (command.type === 'run/resume') walk.state = { ...walk.state, phase: 'running' };
};
