// Signals while a run goes on: the first asks it to end as planned, a second Ctrl+C ends it at once. A lost terminal ends it
// too, unless it is to go on without one.

import type { EndSignal } from './exit-code.ts';

type Signal = NonNullable<EndSignal>;

export interface SignalHandlers {
  /** End as at the planned end. */
  stop(signal: Signal): void;
  /** End at once. */
  abort(signal: Signal): void;
  /** Where the run is to go on without its terminal: that was lost. */
  lost?(): void;
}

/** Listens until `release` is called; `received` is the signal that ended the run, if one did. */
export class Signals {
  #received: EndSignal;
  readonly #handlers: SignalHandlers;
  readonly #listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(
    (signal) => [signal, () => this.#take(signal)] as const,
  );

  constructor(handlers: SignalHandlers) {
    this.#handlers = handlers;
    for (const [signal, listener] of this.#listeners) process.on(signal, listener);
  }

  get received(): EndSignal {
    return this.#received;
  }

  /** The terminal is gone, as it turned out without a signal. */
  hangUp(): void {
    this.#take('SIGHUP');
  }

  release(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }

  #take(signal: Signal): void {
    if (signal === 'SIGHUP' && this.#handlers.lost) {
      this.#handlers.lost();
      return;
    }
    const again = this.#received !== undefined;
    // A lost terminal is 129 whatever came before it.
    if (!again || signal === 'SIGHUP') this.#received = signal;
    if (!again) this.#handlers.stop(signal);
    else if (signal !== 'SIGHUP') this.#handlers.abort(signal);
  }
}
