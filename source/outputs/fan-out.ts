// Hands each event to several outputs. One that fails is dropped and told of, and never disturbs the others or the run.
// What is done about a failure is the callback's business.

import { type Cancel, type Clock, SystemClock } from '../common/clock.ts';
import { UserError } from '../common/errors.ts';
import { formatDuration } from '../common/units.ts';
import type { RunEvent } from '../session/events.ts';
import type { Output } from './output.ts';

/** Is told once of each output that failed, by its name. May hand the fan-out a further event from within. */
export type OnBroken = (output: string, error: unknown) => void;

export interface FanOutOptions {
  readonly clock?: Clock;
  /** How long `close` waits for the outputs, ms. */
  readonly closeWithinMs?: number;
}

export class FanOut implements Output {
  readonly name = 'outputs';
  readonly #onBroken: OnBroken;
  readonly #clock: Clock;
  readonly #closeWithinMs: number;
  #live: readonly Output[];
  /** Closing of outputs that were dropped: their files are to be closed too, but nobody asks how it went. */
  readonly #leaving: Promise<unknown>[] = [];
  readonly #waiting: RunEvent[] = [];
  #taking = false;
  #closed = false;

  constructor(outputs: readonly Output[], onBroken: OnBroken, options: FanOutOptions = {}) {
    this.#live = outputs;
    this.#onBroken = onBroken;
    this.#clock = options.clock ?? new SystemClock();
    this.#closeWithinMs = options.closeWithinMs ?? 5000;
  }

  /**
   * Opens all outputs; one that fails is dropped.
   * @throws UserError of an output: it was asked for by name and cannot be had, so the run must not begin.
   */
  async open(): Promise<void> {
    const outputs = this.#live;
    const results = await Promise.allSettled(outputs.map(async (output) => output.open()));
    const failures = outputs.flatMap((output, index) => {
      const result = results[index]!;
      return result.status === 'rejected' ? [{ output, error: result.reason as unknown }] : [];
    });
    const refused = failures.find(({ error }) => error instanceof UserError);
    for (const { output, error } of failures) {
      if (refused) this.#leave(output);
      else this.#drop(output, error);
    }
    if (!refused) return;
    await this.close();
    throw refused.error;
  }

  take(event: RunEvent): void {
    if (this.#closed) return;
    this.#waiting.push(event);
    // The callback may bring a new event: it waits its turn, so that every output sees the events in order.
    if (this.#taking) return;
    this.#taking = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#hand(next);
    } finally {
      this.#taking = false;
    }
  }

  /** Closes all outputs; one that takes longer than the limit is told of and left behind. Never rejects. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const open = new Set(this.#live);
    const closing = this.#live.map(async (output) => {
      try {
        await output.close();
        open.delete(output);
      } catch (error) {
        open.delete(output);
        this.#drop(output, error);
      }
    });
    await this.#atMost(Promise.allSettled([...closing, ...this.#leaving]));
    for (const output of open) {
      this.#drop(output, new Error(`did not finish within ${formatDuration(this.#closeWithinMs)}`));
    }
    this.#live = [];
  }

  #hand(event: RunEvent): void {
    for (const output of this.#live) {
      try {
        output.take(event);
      } catch (error) {
        this.#drop(output, error);
      }
    }
  }

  #drop(output: Output, error: unknown): void {
    if (!this.#live.includes(output)) return;
    this.#leave(output);
    this.#onBroken(output.name, error);
  }

  #leave(output: Output): void {
    this.#live = this.#live.filter((other) => other !== output);
    if (!this.#closed) this.#leaving.push(closeQuietly(output));
  }

  async #atMost(work: Promise<unknown>): Promise<void> {
    let cancel: Cancel | undefined;
    const limit = new Promise<void>((resolve) => {
      cancel = this.#clock.after(this.#closeWithinMs, resolve);
    });
    await Promise.race([work, limit]);
    cancel?.();
  }
}

const closeQuietly = async (output: Output): Promise<void> => {
  try {
    await output.close();
  } catch {
    // It was told of already, when it was dropped.
  }
};
