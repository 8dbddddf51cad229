// What a row of the key table is: keys, what they mean, where, and why they may do nothing now. The table is keymap.ts.

import type { Command } from '../session/commands.ts';
import type { RunState } from '../session/state.ts';
import type { LookIntent } from './look-keys.ts';
import type { View } from './view.ts';

/** What a key is meant to do. */
export type Intent =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'pause' | 'prompt' | 'help' | 'quit' | 'interrupt' | 'suspend' | 'back' | 'yes' | 'no' }
  /** To the next panel or the one before, to a page or an end: the key itself says which. */
  | { readonly type: 'focus' | 'zoom' | 'filter' | 'scroll' }
  /** What of the run is looked at. */
  | { readonly type: LookIntent }
  /** On the armed screen: start, another field, the other load model, what stood there before. */
  | { readonly type: 'start' | 'field' | 'model' | 'restore' }
  /** Of a run that was started there: back to the fields, end it and stay. */
  | { readonly type: 'fields' | 'stay' }
  /** Which panels are to be seen, and the order of endpoints: the key itself says which way, or which panel. */
  | { readonly type: 'preset' | 'panel' | 'sort' };

export type KeyGroup = 'rate' | 'run' | 'time' | 'screen' | 'armed';

/** Part of the screen's state in which a key means something. */
export type KeyPlace = 'screen' | 'question' | 'armed' | 'anywhere';

export interface KeyBinding {
  /** Tokens as input-tokens.ts makes them: a character, `up`, `escape`, `ctrl+c`. */
  readonly keys: readonly string[];
  /** The keys as people read them. */
  readonly shown: string;
  readonly label: string;
  readonly group: KeyGroup;
  readonly where: KeyPlace;
  readonly intent: Intent;
  /** Its place in the footer; rows without one, or with nothing to say now, are found in the help only. */
  readonly footer?: (state: RunState, view: View) => string | undefined;
  /** Which footer entries give way first in a narrow terminal: higher ones. */
  readonly givesWay?: number;
  /** Why the key does nothing now; undefined where it works. */
  readonly disabled?: (state: RunState, view: View) => string | undefined;
}
