// Calls the load model when its next arrival is due: by a timer, which costs next to nothing and is up to about 1 ms late,
// and where arrivals are paced by an alarm as well (alarm.ts), which is exact. How late it was the pacing delay records.

import type { Cancel, Clock } from '../common/clock.ts';
import type { Alarm } from './alarm.ts';
import type { LoadModel } from './load-model.ts';

/** Longest wait in ms, so that a plan without arrivals is still looked at now and then. */
const longestMs = 100;

/** Least time between two wakes of all workers together, ms: arrivals that are closer together are taken up in groups, as
 * waking for each would cost more than the requests. Each of several workers has larger groups, so that their number does
 * not make a request dearer. */
const groupMs = 0.4;
const largestGroupMs = 1.2;
const singleMs = 0.02;
/** The timer behind the alarm, in case it is late, ms. */
const behindMs = 20;

/** How the alarm sees the load. */
export interface Pace {
  readonly alarm: Pick<Alarm, 'set' | 'running'>;
  readonly load: Pick<LoadModel, 'afterNextAt' | 'shareCount'>;
  /** From the pacer's clock to the monotonic one, ms. */
  readonly originAt: number;
}

export class Pacer {
  readonly #clock: Clock;
  readonly #pump: () => number;
  readonly #pace: Pace | undefined;
  #cancel: Cancel | undefined;
  /** Instant of the timer that is set. */
  #timerAt = Infinity;
  #stopped = false;

  /** @param pump does what is due and returns the instant (run clock, ms) at which it wants to be called again */
  constructor(clock: Clock, pump: () => number, pace?: Pace) {
    this.#clock = clock;
    this.#pump = pump;
    this.#pace = pace;
  }

  /** Pumps now, and from then on by itself. Called again, it looks anew at what is due. */
  run(): void {
    if (this.#stopped) return;
    const at = this.#pump();
    const now = this.#clock.now();
    const pace = this.#pace;
    if (!pace?.alarm.running) {
      this.#setTimer(Math.min(now + longestMs, Math.max(now, at)), now);
      return;
    }
    const { afterNextAt: after, shareCount } = pace.load;
    const group = Math.min(largestGroupMs, groupMs * shareCount);
    pace.alarm.set(pace.originAt + at, pace.originAt + after, after - at < group ? group : singleMs);
    // One timer stays set for a while: setting one for each wake would cost as much as the wake.
    const wakeAt = Math.max(at, now);
    if (this.#timerAt <= now || this.#timerAt > wakeAt + 2 * behindMs) {
      this.#setTimer(Math.min(now + longestMs, wakeAt + behindMs), now);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #setTimer(at: number, now: number): void {
    this.#cancel?.();
    this.#timerAt = at;
    this.#cancel = this.#clock.after(at - now, () => {
      this.#timerAt = Infinity;
      this.run();
    });
  }
}
