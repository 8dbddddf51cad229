// A clock that stands still until a test moves it: timers run in order of their instants, as far as it is moved.

import type { Cancel, Clock, Milliseconds } from '../../source/common/clock.ts';

export class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; readonly run: () => void }[] = [];

  now(): Milliseconds {
    return this.#now;
  }

  /** Timers that have not run yet. */
  get waiting(): number {
    return this.#timers.length;
  }

  sleep(ms: Milliseconds): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  every(ms: Milliseconds, run: () => void): Cancel {
    let cancel: Cancel = () => {};
    const again = (): void => {
      cancel = this.after(ms, () => {
        again();
        run();
      });
    };
    again();
    return () => cancel();
  }

  after(ms: Milliseconds, run: () => void): Cancel {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves time on by `ms` and runs what comes due on the way. */
  pass(ms: number): void {
    const until = this.#now + ms;
    while (true) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = until;
  }
}
