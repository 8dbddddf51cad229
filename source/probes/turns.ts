// Lets the event loop have its turns during long work: drawing, steering and other probes go on while a large scrape is
// read. Work asks after each small piece whether it is time to rest.

import { monotonicNow, soon } from '../common/clock.ts';

/** Work done at a stretch, ms; the piece after which it is asked may take as long again. */
const stretchMs = 2;

export class Turns {
  #since = monotonicNow();

  /** The stretch is over: `rest` before going on. */
  get over(): boolean {
    return monotonicNow() - this.#since >= stretchMs;
  }

  /** Resolves when everybody else has had a turn. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => soon(resolve));
    this.#since = monotonicNow();
  }
}
