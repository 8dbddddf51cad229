// What is done at the target once the load has ended: what the run made is removed, then its tear-down is run. How requests are
// sent is the engine's; here it is told of, counted and kept in the recording.

import { type Cancel, type Clock, SystemClock } from '../common/clock.ts';
import { errorMessage } from '../common/errors.ts';
import { formatCount } from '../common/units.ts';
import type { SweepListener } from '../engine/sweep.ts';
import type { EventBody } from './events.ts';
import type { ResourceLedger } from './resource-ledger.ts';

/** The ways to the target. */
export interface Afterwards {
  /**
   * Removes resources, each known by the request that does it; ends early when `skip` fires.
   * @returns why not all of them were tried; undefined: they were
   */
  readonly cleanUp: (
    resources: Iterable<string>,
    listener: SweepListener,
    skip: AbortSignal,
  ) => Promise<string | undefined>;
  /** Runs the tear-down; undefined: there is none. @returns what went wrong */
  readonly tearDown: (() => Promise<string | undefined>) | undefined;
}

/** How often it is told how far the clean-up is, ms. */
const tellMs = 500;
/** A tear-down that takes longer is told of, ms. */
const longMs = 1000;

/** Who is told. */
interface Told {
  write(body: EventBody, urgent?: boolean): boolean;
  raise(source: string, text: string, hint?: string): boolean;
  note(text: string): boolean;
}

export class Aftermath {
  readonly #ledger: ResourceLedger;
  readonly #told: Told;
  readonly #ways: Afterwards;
  readonly #isRecorded: boolean;
  readonly #clock: Clock = new SystemClock();
  #removed: string[] = [];
  #gone = 0;
  #failed = 0;
  #total = 0;

  /** @param isRecorded there is a recording for loadtop cleanup to read */
  constructor(ledger: ResourceLedger, told: Told, ways: Afterwards, isRecorded: boolean) {
    this.#isRecorded = isRecorded;
    this.#ledger = ledger;
    this.#told = told;
    this.#ways = ways;
  }

  /** Does all of it; what `skip` cuts short is said. Never rejects for what the target does. */
  async run(skip: AbortSignal): Promise<void> {
    if (this.#ledger.left > 0) await this.#cleanUp(skip);
    const { tearDown } = this.#ways;
    if (!tearDown) return;
    if (skip.aborted) {
      this.#told.raise('tear-down', 'skipped, as was asked for');
      return;
    }
    const cancel = this.#clock.after(longMs, () => this.#told.note('the tear-down is under way'));
    const fault = await atMost(tearDown(), skip).finally(cancel);
    if (fault !== undefined) this.#told.raise('tear-down', fault);
  }

  async #cleanUp(skip: AbortSignal): Promise<void> {
    this.#total = this.#ledger.left;
    this.#tell(false);
    const cancel: Cancel = this.#clock.every(tellMs, () => this.#tell(false));
    const listener: SweepListener = {
      gone: (resource) => {
        this.#ledger.cleanedUp(resource);
        this.#removed.push(resource);
        this.#gone += 1;
      },
      left: (_, why) => {
        this.#ledger.because(why);
        this.#failed += 1;
      },
    };
    try {
      const why = await this.#ways.cleanUp(this.#ledger.held, listener, skip);
      if (why !== undefined) this.#ledger.because(why);
    } catch (error) {
      // What came of the run must not be lost with it.
      this.#ledger.because(errorMessage(error));
    } finally {
      cancel();
    }
    this.#tell(true);
    const { left } = this.#ledger;
    if (left === 0) return;
    const { reason, example } = this.#ledger.summary() ?? {};
    this.#told.raise(
      'clean-up',
      `${formatCount(left)} of what the run made ${left === 1 ? 'is' : 'are'} left, such as ${example}: ${reason}`,
      this.#isRecorded
        ? 'loadtop cleanup RECORDING removes what is left'
        : 'without a recording loadtop cleanup cannot know of it',
    );
  }

  #tell(over: boolean): void {
    const removed = this.#removed;
    this.#removed = [];
    if (removed.length > 0) this.#told.write({ type: 'resources/changed', made: [], removed });
    this.#told.write({ type: 'cleanup/moved', total: this.#total, gone: this.#gone, failed: this.#failed, over }, true);
  }
}

/** Waits for the tear-down, and no longer once it is skipped. */
const atMost = async (work: Promise<string | undefined>, skip: AbortSignal): Promise<string | undefined> => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const stop = (): void => resolve('cut short, as was asked for');
  skip.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    skip.removeEventListener('abort', stop);
  }
};
