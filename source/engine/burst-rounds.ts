// The rounds of the burst model over all workers: each has its part readied, all are released at one instant, all are
// awaited, then there is a rest. No message is sent for a request, only for a round.

import type { Cancel, Clock } from '../common/clock.ts';
import { countOfShare } from '../load/share.ts';
import { type AfterRound, type BurstRound, type ErrorLimit, isBeyond } from '../measure/burst.ts';
import { classOfCause } from '../measure/cause.ts';
import { Histogram } from '../measure/histogram.ts';
import { type OutcomeClass, outcomeClasses } from '../measure/outcome.ts';
import type { BurstEvent } from './burst-model.ts';
import type { ToWorker } from './protocol.ts';

/** The release is this far ahead, so that every worker has heard of it, ms. */
const releaseAheadMs = 20;

export interface BurstRoundsSettings {
  readonly sizes: readonly number[];
  /** Before the first round. */
  readonly afterMs: number;
  readonly pauseMs: number;
  /** A round with more errors is the last. */
  readonly errorLimit: ErrorLimit | undefined;
  readonly workers: number;
  readonly clock: Clock;
  /** Run clock, ms. */
  readonly now: () => number;
  readonly send: (share: number, message: ToWorker) => void;
  readonly ended: (round: BurstRound, after: AfterRound) => void;
}

export class BurstRounds {
  readonly #settings: BurstRoundsSettings;
  readonly #shares: Set<number>;
  #awaited = new Set<number>();
  #round = 0;
  #state: 'preparing' | 'released' | 'resting' | 'over' = 'resting';
  #releasedAt = 0;
  #ready = false;
  #held = false;
  #parts: Extract<BurstEvent, { type: 'round' }>[] = [];
  #cancel: Cancel = () => {};

  constructor(settings: BurstRoundsSettings) {
    this.#settings = settings;
    this.#shares = new Set(Array.from({ length: settings.workers }, (_, index) => index));
  }

  start(): void {
    const { afterMs } = this.#settings;
    if (afterMs > 0) this.#rest(afterMs);
    else this.#prepare();
  }

  /** Nothing is released while held. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held && this.#state === 'preparing' && this.#ready) this.#release();
  }

  take(share: number, event: BurstEvent): void {
    if (event.round !== this.#round) return;
    if (event.type === 'round') this.#parts.push(event);
    this.#arrived(share);
  }

  /** A worker died: nobody waits for its part of this round. */
  lost(share: number): void {
    this.#shares.delete(share);
    this.#arrived(share);
  }

  /** The place of a worker that died has a new one: it takes part from the next round on. */
  takenOver(share: number): void {
    const wasAlone = this.#shares.size === 0;
    this.#shares.add(share);
    if (!wasAlone) return;
    if (this.#state === 'preparing') this.#prepare();
    else if (this.#state === 'released') this.#end();
  }

  close(): void {
    this.#state = 'over';
    this.#cancel();
  }

  #prepare(): void {
    const shares = [...this.#shares];
    const size = this.#settings.sizes[this.#round]!;
    this.#state = 'preparing';
    this.#ready = false;
    this.#parts = [];
    this.#awaited = new Set(shares);
    for (const [index, share] of shares.entries()) {
      const part = countOfShare({ index, count: shares.length }, size);
      this.#settings.send(share, { type: 'prepare', round: this.#round, size: part });
    }
  }

  #arrived(share: number): void {
    this.#awaited.delete(share);
    // Where nobody is left, one that takes over is waited for.
    if (this.#awaited.size > 0 || this.#shares.size === 0) return;
    if (this.#state === 'preparing') {
      this.#ready = true;
      if (!this.#held) this.#release();
    } else if (this.#state === 'released') this.#end();
  }

  #release(): void {
    this.#state = 'released';
    this.#releasedAt = this.#settings.now() + releaseAheadMs;
    this.#awaited = new Set(this.#shares);
    for (const share of this.#shares) this.#settings.send(share, { type: 'release', at: this.#releasedAt });
  }

  #end(): void {
    const parts = this.#parts;
    const sum = (of: (part: (typeof parts)[number]) => number): number =>
      parts.reduce((total, part) => total + of(part), 0);
    const { sizes, errorLimit } = this.#settings;
    const ended: BurstRound = {
      round: this.#round,
      size: sizes[this.#round]!,
      releasedAt: this.#releasedAt,
      sendSpreadMs: Math.max(0, ...parts.map(({ sendSpreadMs }) => sendSpreadMs)),
      totalMs: Math.max(0, ...parts.map(({ totalMs }) => totalMs)),
      good: sum(({ good }) => good),
      notGood: sum(({ notGood }) => notGood),
      ...manner(parts),
    };
    const isLast = this.#round + 1 >= sizes.length;
    const after = errorLimit && isBeyond(errorLimit, ended) ? 'errors' : isLast ? 'done' : 'more';
    this.#state = after === 'more' ? 'resting' : 'over';
    this.#settings.ended(ended, after);
    if (after !== 'more') return;
    this.#round += 1;
    this.#rest(this.#settings.pauseMs);
  }

  #rest(forMs: number): void {
    this.#cancel = this.#settings.clock.after(forMs, () => {
      if (this.#state === 'resting') this.#prepare();
    });
  }
}

/** How the requests of a round ended, over all workers. */
const manner = (
  parts: readonly Extract<BurstEvent, { type: 'round' }>[],
): Pick<BurstRound, 'failures' | 'response'> => {
  const failures = new Map<OutcomeClass, number>();
  const times = new Histogram();
  for (const part of parts) {
    for (const [cause, count] of part.failures) {
      const { name } = outcomeClasses[classOfCause(cause)]!;
      failures.set(name, (failures.get(name) ?? 0) + count);
    }
    times.add(part.response);
  }
  const [p50 = Number.NaN, p95 = Number.NaN] = times.percentiles([0.5, 0.95]);
  return {
    failures: [...failures].map(([outcome, count]) => ({ outcome, count })).sort((a, b) => b.count - a.count),
    response: { p50: p50 / 1000, p95: p95 / 1000, max: times.max / 1000 },
  };
};
