// The state of the run that is looked at, where one run follows another: readers keep the same store, and what stands
// behind it is switched. Before the first run nothing has happened yet.

import { beginning } from './reduce.ts';
import type { RunState } from './state.ts';
import type { RunStore } from './store.ts';

export class SwitchStore implements RunStore {
  readonly #resting = beginning().state;
  readonly #listeners = new Set<() => void>();
  #store: RunStore | undefined;
  #leave: () => void = () => {};

  getState(): RunState {
    return this.#store?.getState() ?? this.#resting;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows another run from now on, and listens to the one before no more. */
  switchTo(store: RunStore): void {
    this.#leave();
    this.#store = store;
    this.#leave = store.subscribe(() => this.#tell());
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
