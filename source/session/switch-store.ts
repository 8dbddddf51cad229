// The state of the run that is looked at, where one run follows another: readers keep the same store, and what stands
// behind it is switched. Before the first run nothing has happened yet.

import { beginning } from './reduce.ts';
import type { Interlude, RunState } from './state.ts';
import type { RunStore } from './store.ts';

export class SwitchStore implements RunStore {
  readonly #resting = beginning().state;
  readonly #listeners = new Set<() => void>();
  #store: RunStore | undefined;
  #leave: () => void = () => {};
  #interlude: Interlude | undefined;
  /** The state with the interlude in it, and that it is made of: the same one until either changes, as React requires. */
  #shown: { readonly from: RunState; readonly state: RunState } | undefined;

  getState(): RunState {
    const from = this.#store?.getState() ?? this.#resting;
    if (this.#interlude === undefined) return from;
    if (this.#shown?.from !== from) this.#shown = { from, state: { ...from, interlude: this.#interlude } };
    return this.#shown.state;
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

  /** The rest before the next run, where there is one now. */
  get interlude(): Interlude | undefined {
    return this.#interlude;
  }

  /** Shows the rest before the next run; undefined: it is over. */
  between(interlude: Interlude | undefined): void {
    this.#interlude = interlude;
    this.#shown = undefined;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
