// What the worker asks of a load model, whichever it is: open-model.ts, closed-model.ts, burst-model.ts.

import type { Share } from '../load/share.ts';
import type { Switch } from '../load/steer.ts';
import type { Freed } from './iteration.ts';

/** Something that happens at an instant (run clock, ms), in every worker. */
export type Action =
  | { readonly type: 'switch'; readonly at: number; readonly switch: Switch }
  | {
      readonly type: 'reshare';
      readonly at: number;
      /** The part of the load from `at` on; undefined: none. */
      readonly share: Share | undefined;
      /** Closed models: arrivals before this one belong to the shares before. */
      readonly firstArrival: number;
    };

export interface LoadModel extends Freed {
  /** Arrivals that wait for room. */
  readonly backlogSize: number;
  /** Virtual users that are active. */
  readonly users: number;
  /** Revision of the plan that is followed. */
  readonly revision: number;
  readonly muted: boolean;
  /** The instant of the arrival after the next one (run clock, ms); Infinity where nothing is paced. */
  readonly afterNextAt: number;
  /** How many workers share the arrivals. */
  readonly shareCount: number;
  /** How long the oldest arrival has waited, ms; the time of a pause does not count. */
  oldestWaitMs(now: number): number;
  /** Does what is due. Returns the instant (run clock, ms) at which it wants to be called again. */
  pump(): number;
  /** Accepts an action; it takes effect at its instant, or at once where that has passed. */
  accept(action: Action): void;
  /** The limit on requests in flight. */
  setMaxInFlight(maxInFlight: number): void;
  /** Sends nothing more until a switch opens the gate: nobody watches. */
  mute(): void;
  /** Begins nothing more; what waits is cut off. */
  end(): { cutOff: number; oldestBacklogMs: number };
}

/**
 * With more requests in flight than this, the next one is not begun while answers are read, but once all that came has been:
 * the event loop (libuv) looks for more as long as at least 1,024 sockets have something, up to 48 times, and timers wait.
 */
export const manyInFlight = 1000;

/** Where the worker writes down how far it is, in memory that outlives it: see `writeProgress`. */
export type Progress = Float64Array;

/** Length of the memory for `Progress`, bytes. */
export const progressBytes = 16;

/** Writes down the first arrival that was not taken up, and how many were. */
export const writeProgress = (progress: Progress, next: number): void => {
  progress[0] = next;
  progress[1]! += 1;
};

/** Actions that lie ahead, in the order of their instants. */
export class Agenda {
  readonly #actions: Action[] = [];

  get next(): Action | undefined {
    return this.#actions[0];
  }

  add(action: Action): void {
    let at = this.#actions.length;
    while (at > 0 && this.#actions[at - 1]!.at > action.at) at -= 1;
    this.#actions.splice(at, 0, action);
  }

  /** Takes out the first action. */
  shift(): void {
    this.#actions.shift();
  }

  clear(): void {
    this.#actions.length = 0;
  }
}
