// What a decision on a command depends on and what it can be. Deciding is controller.ts.

import type { Model } from '../common/model.ts';
import type { PhasePlace } from '../common/phase-place.ts';
import type { Change, Steering } from '../load/steer.ts';
import type { Command } from './commands.ts';
import type { Phase } from './events.ts';
import type { LimitState, Question } from './state.ts';
import type { Undoable } from './undo.ts';

/** What the decision depends on. */
export interface Situation {
  readonly phase: Phase;
  readonly model: Model;
  readonly steering: Steering;
  /** Run time at which a change would take effect, ms. */
  readonly at: number;
  readonly limits: LimitState;
  /** Users that begin or leave per second; Infinity for all at once, and outside the closed model. */
  readonly spawnRate: number;
  /** The highest rate, or number of users, that the load has been driven at so far. */
  readonly reached: number;
  /** What is asked now. */
  readonly question: Question | undefined;
  /** Somebody was asked and said yes. */
  readonly confirmed: boolean;
  /** Changes that can be taken back, the newest last. */
  readonly undoable: readonly Undoable[];
  /** Which phase this is, where there are any. */
  readonly of?: PhasePlace | undefined;
  /** Names of the markers so far. */
  readonly markers: readonly string[];
}

export type Decision =
  | {
      readonly type: 'steer';
      readonly change: Change;
      /** The ceiling goes there with it. */
      readonly ceiling?: number;
      /** The change that is taken back with it. */
      readonly undoes?: string;
    }
  | { readonly type: 'limit'; readonly limits: LimitState; readonly undoes?: string }
  | { readonly type: 'spawn'; readonly perSecond: number; readonly undoes?: string }
  /** Nothing changes until it is answered; `command` is what would be carried out. */
  | { readonly type: 'ask'; readonly command: Command; readonly text: string }
  /** What was asked is not done. */
  | { readonly type: 'leave' }
  | { readonly type: 'report' }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'stop' }
  /** As `stop`, and another phase follows. */
  | { readonly type: 'next' }
  | { readonly type: 'abort' }
  | { readonly type: 'refuse'; readonly reason: string };

/** A refusal, with what to do instead. */
export const refuse = (reason: string): Decision => ({ type: 'refuse', reason });
