// What the screen costs: bytes and frames that were sent to the terminal, and frames that it was too slow for. Read by the
// help screen; what is sent is cell-writer.ts.

import type { Cancel, Clock } from '../common/clock.ts';

/** Counters since the screen was put on. */
export interface ScreenCounts {
  readonly bytesSent: number;
  readonly framesSent: number;
  readonly framesDropped: number;
}

/** As it was when it was looked at last: what changes with each frame would make frames of its own. */
export interface ScreenCost extends ScreenCounts {
  /** Over the last seconds; NaN before the first. */
  readonly bytesPerSecond: number;
  readonly framesPerSecond: number;
  readonly droppedPerSecond: number;
}

/** The terminal as it is drawn on. */
export interface TerminalFacts {
  /** `TERM`. */
  readonly name: string;
  /** Drawings per second at the most. */
  readonly fps: number;
  readonly cost: ScreenCost;
}

/** Where nothing is known of the terminal. */
export const noTerminal: TerminalFacts = {
  name: 'unknown',
  fps: Number.NaN,
  cost: {
    bytesSent: Number.NaN,
    framesSent: Number.NaN,
    framesDropped: Number.NaN,
    bytesPerSecond: Number.NaN,
    framesPerSecond: Number.NaN,
    droppedPerSecond: Number.NaN,
  },
};

const periodMs = 1000;
/** Over how many seconds rates are. */
const windowSeconds = 5;

/** Looks at the counters each second. */
export class CostMeter {
  readonly #counts: () => ScreenCounts;
  readonly #clock: Clock;
  readonly #seen: { readonly at: number; readonly counts: ScreenCounts }[] = [];
  readonly #stop: Cancel;

  constructor(counts: () => ScreenCounts, clock: Clock) {
    this.#counts = counts;
    this.#clock = clock;
    this.#look();
    this.#stop = clock.every(periodMs, () => this.#look());
  }

  read(): ScreenCost {
    const newest = this.#seen.at(-1)!;
    const oldest = this.#seen[0]!;
    const seconds = (newest.at - oldest.at) / 1000;
    const rate = (name: keyof ScreenCounts): number => (newest.counts[name] - oldest.counts[name]) / seconds;
    return {
      ...newest.counts,
      bytesPerSecond: rate('bytesSent'),
      framesPerSecond: rate('framesSent'),
      droppedPerSecond: rate('framesDropped'),
    };
  }

  close(): void {
    this.#stop();
  }

  #look(): void {
    this.#seen.push({ at: this.#clock.now(), counts: this.#counts() });
    if (this.#seen.length > windowSeconds + 1) this.#seen.shift();
  }
}
