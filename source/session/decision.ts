// What a decision on a command depends on and what it can be. Deciding is controller.ts.

import type { Model } from '../common/model.ts';
import type { Change, Steering } from '../load/steer.ts';
import type { Phase } from './events.ts';
import type { LimitState } from './state.ts';

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
  /** Names of the markers so far. */
  readonly markers: readonly string[];
}

export type Decision =
  | { readonly type: 'steer'; readonly change: Change }
  | { readonly type: 'limit'; readonly limits: LimitState }
  | { readonly type: 'spawn'; readonly perSecond: number }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'stop' }
  | { readonly type: 'abort' }
  | { readonly type: 'refuse'; readonly reason: string };

/** A refusal, with what to do instead. */
export const refuse = (reason: string): Decision => ({ type: 'refuse', reason });
