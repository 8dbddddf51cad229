// The screen for watching (`--read-only`): what would change the run does nothing from here, and why a key does nothing
// now, for whatever reason. The one place where keys and typed commands are checked.

import type { Command } from '../session/commands.ts';
import type { RunState } from '../session/state.ts';
import type { Intent, KeyBinding } from './key-binding.ts';
import type { View } from './view.ts';

const reason = 'read-only: started with --read-only';

/** Ending the run is left to who watches: somebody must be able to. A report only looks. */
const harmless: ReadonlySet<Command['type']> = new Set(['run/stop', 'run/abort', 'report/write']);

/** The commands of the `:` language that stand for these, and the one that leaves. */
const harmlessNames: ReadonlySet<string> = new Set(['stop', 'abort', 'report', 'quit']);

/** Keys beside commands that change the run: a suspended program sends nothing. */
const changing: ReadonlySet<Intent['type']> = new Set<Intent['type']>(['pause', 'suspend']);

const isChange = (intent: Intent): boolean =>
  intent.type === 'command' ? !harmless.has(intent.command.type) : changing.has(intent.type);

/** Why a command is not sent from this screen; undefined where it is. */
export const whyNotSent = (command: Command, { readOnly }: View): string | undefined =>
  readOnly && !harmless.has(command.type) ? reason : undefined;

/** Why a key does nothing now; undefined where it works. */
export const whyNot = (binding: KeyBinding, state: RunState, view: View): string | undefined =>
  view.readOnly && isChange(binding.intent) ? reason : binding.disabled?.(state, view);

/** Why a row of the `:` language does nothing now; undefined where it works. */
export const whyNoCommand = (
  row: { readonly name: string; readonly disabled?: (state: RunState) => string | undefined },
  state: RunState,
  { readOnly }: Pick<View, 'readOnly'>,
): string | undefined => (readOnly && !harmlessNames.has(row.name) ? reason : row.disabled?.(state));
