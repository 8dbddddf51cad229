// Takes events out of the buffer at a set rate and hands them to a sink: small batches, often, so that the rate is
// smooth. What the sink could not take stays in the buffer.
import type { BoundedBuffer } from './buffer.ts';

/** Where events end up. */
export interface Sink<T> {
  /**
   * Resolves when the items are safe, with how many of them will never be stored. Rejects where nothing can be stored
   * just now: the same items come again.
   */
  write(items: readonly T[]): Promise<{ readonly refused: number }>;
}

/** Between two batches, in ms. */
const periodMs = 20;
/** After a write that failed, in ms. */
const pauseMs = 500;
/** What was missed in a longer silence (a slow write, a busy machine) is not made up for, in ms. */
const catchUpMs = 1000;
/** Items in one write. */
const batchLimit = 1000;

export class Flusher<T> {
  readonly #buffer: BoundedBuffer<T>;
  readonly #sink: Sink<T> | undefined;
  readonly #rate: () => number;
  #credit = 0;
  #flushed = 0;
  #refused = 0;
  #timer: NodeJS.Timeout | undefined;
  #step: Promise<unknown> = Promise.resolve();
  #stopped = true;

  /** `rate` in items per second is asked each time. Without a sink the items are gone, which always succeeds. */
  constructor(buffer: BoundedBuffer<T>, sink: Sink<T> | undefined, rate: () => number) {
    this.#buffer = buffer;
    this.#sink = sink;
    this.#rate = rate;
  }

  /** Items that are safe in the sink. */
  get flushed(): number {
    return this.#flushed;
  }

  /** Items that the sink will never take. */
  get refused(): number {
    return this.#refused;
  }

  start(): void {
    this.#stopped = false;
    this.#schedule(periodMs, performance.now());
  }

  #schedule(ms: number, since: number): void {
    this.#timer = setTimeout(() => {
      const now = performance.now();
      this.#step = this.flush(now - since).then((went) => {
        if (!this.#stopped) this.#schedule(went ? periodMs : pauseMs, now);
      });
    }, ms);
  }

  /** Takes what the rate allows for `elapsedMs`; false where the sink took nothing. Never rejects. */
  async flush(elapsedMs: number): Promise<boolean> {
    const rate = this.#rate();
    // At low rates a whole item must be able to build up.
    const most = Math.max(1, (rate * catchUpMs) / 1000);
    this.#credit = rate === 0 ? 0 : Math.min(most, this.#credit + (rate * elapsedMs) / 1000);
    const waiting = this.#buffer.size;
    // What comes while it writes waits for the next turn: to write it at once would make ever smaller batches.
    for (let due = Math.min(Math.floor(this.#credit), waiting); due > 0; ) {
      const written = await this.#write(due);
      if (written === 0) return false;
      due -= written;
      this.#credit -= written;
    }
    // An idle flusher saves nothing up: the next burst meets the set rate, not a reserve.
    if (this.#credit >= 1 || waiting === 0) this.#credit = 0;
    return true;
  }

  /** Writes a batch; resolves with its length, 0 where it failed. */
  async #write(most: number): Promise<number> {
    const batch = this.#buffer.peek(Math.min(most, batchLimit));
    let refused = 0;
    try {
      if (this.#sink) ({ refused } = await this.#sink.write(batch));
    } catch {
      return 0; // the sink knows why, and says so
    }
    this.#buffer.remove(batch.length);
    this.#flushed += batch.length - refused;
    this.#refused += refused;
    return batch.length;
  }

  /** Stops the clockwork, and empties the buffer into the sink without regard to the rate for `ms` at the most. */
  async stop(ms: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (!this.#sink) return;
    let late = false;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        late = true;
        resolve();
      }, ms);
    });
    const drained = (async () => {
      await this.#step;
      while (this.#buffer.size > 0 && !late) {
        if ((await this.#write(batchLimit)) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    await Promise.race([drained, deadline]);
    clearTimeout(timer);
  }
}
