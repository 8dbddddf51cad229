// The state of the run as screens see it: read at any time, told of changes at most a few times a second. It sets the pace
// of drawing; nothing waits for it.

import type { Cancel, Clock } from '../common/clock.ts';
import type { RunState } from './state.ts';

/** What readers get. */
export interface RunStore {
  getState(): RunState;
  /** Returns what ends the subscription. */
  subscribe(listener: () => void): () => void;
}

export class Store implements RunStore {
  readonly #clock: Clock;
  readonly #publishMs: number;
  readonly #listeners = new Set<() => void>();
  #state: RunState;
  #published: RunState;
  #waiting: Cancel | undefined;

  /** @param publishMs least time between two publications */
  constructor(clock: Clock, state: RunState, publishMs: number) {
    this.#clock = clock;
    this.#publishMs = publishMs;
    this.#state = state;
    this.#published = state;
  }

  /** The state as last published: it does not change between two publications, as React requires. */
  getState(): RunState {
    return this.#published;
  }

  /** The newest state, whether published or not. */
  get newest(): RunState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param urgent publish at once: somebody pressed a key and looks for the effect */
  set(state: RunState, urgent = false): void {
    this.#state = state;
    if (urgent) this.#publish();
    else this.#waiting ??= this.#clock.after(this.#publishMs, () => this.#publish());
  }

  #publish(): void {
    this.#waiting?.();
    this.#waiting = undefined;
    this.#published = this.#state;
    for (const listener of this.#listeners) listener();
  }

  /** Publishes what is left and forgets the timer. */
  close(): void {
    this.#publish();
  }
}
