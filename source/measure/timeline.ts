// Merges the intervals of all shares into slices of 100 ms and seconds, and closes them in
// order. Percentiles are only ever read from merged histograms. What is kept of them over time is session/history.ts.

import { addFlows, type Flows, type Interval, noFlows, type OutcomeCount, type Stocks, sliceMs } from './interval.ts';
import { mergeOutcomes, noStocks, type Second, type Slice, type WorkerLoop } from './second.ts';
import { Sum, secondOf } from './second-sum.ts';

/** A slice that some share has not reported yet is closed, as partial, when it has been over for this long (ms). */
const overdueMs = 500;
const slicesPerSecond = 1000 / sliceMs;

const addStocks = (total: Stocks, more: Stocks): void => {
  total.inFlight += more.inFlight;
  total.backlog += more.backlog;
  total.connections += more.connections;
  total.users += more.users;
  total.stuck += more.stuck;
  total.oldestInFlightMs = Math.max(total.oldestInFlightMs, more.oldestInFlightMs);
  total.oldestBacklogMs = Math.max(total.oldestBacklogMs, more.oldestBacklogMs);
};

/** A worker's second with one interval more. */
const withInterval = (
  loop: WorkerLoop | undefined,
  { share, loopUtilisation, functionsMs, loopDelayMs }: Interval,
): WorkerLoop => ({
  share,
  loopUtilisation: (loop?.loopUtilisation ?? 0) + loopUtilisation / slicesPerSecond,
  ...(functionsMs !== undefined && { functionsRatio: (loop?.functionsRatio ?? 0) + functionsMs / 1000 }),
  loopDelayMs: longer(loop?.loopDelayMs, loopDelayMs),
});

/** The longer of two delays. No timer may have come due in one of the stretches; the other still tells. */
const longer = (a = Number.NaN, b = Number.NaN): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b));

/** A slice that is not closed yet. */
interface OpenSlice {
  readonly flows: Flows;
  readonly stocks: Stocks;
  readonly reported: Set<number>;
  revision: number;
  good: number;
  notGood: number;
  readonly cells: Uint32Array[];
  readonly outcomes: OutcomeCount[];
}

export interface Closed {
  readonly slices: readonly Slice[];
  readonly seconds: readonly Second[];
}

export class Timeline {
  /** Shares that are waited for, and the first and the last slice that each reports. */
  readonly #shares = new Map<number, { readonly first: number; last: number }>();
  readonly #gone = new Set<number>();
  readonly #open = new Map<number, OpenSlice>();
  /** The second that is being filled, and what came for seconds already closed. */
  readonly #second = new Sum();
  readonly #late = new Map<number, Sum>();
  readonly #loops = new Map<number, WorkerLoop>();
  /** Delays by share that came for seconds already closed: who stands still for long can tell of it only then. */
  readonly #lateDelays = new Map<number, number>();
  #next = 0;
  #partial = false;

  /** @param shareCount shares from 0 on that are waited for from the start @param more others that are */
  constructor(shareCount: number, more: readonly number[] = []) {
    const shares = [...Array.from({ length: shareCount }, (_, share) => share), ...more];
    for (const share of shares) this.#shares.set(share, { first: 0, last: -1 });
  }

  /** Enters what a share reports. */
  take(interval: Interval): void {
    this.#know(interval);
    const second = Math.floor(interval.slice / slicesPerSecond);
    const current = Math.floor(this.#next / slicesPerSecond);
    if (second < current) {
      const late = this.#late.get(second) ?? new Sum();
      late.add(interval);
      this.#late.set(second, late);
      const { share, loopDelayMs } = interval;
      this.#lateDelays.set(share, longer(this.#lateDelays.get(share), loopDelayMs));
      return;
    }
    const slice = Math.max(interval.slice, this.#next);
    const open = this.#openSlice(slice);
    addFlows(open.flows, interval.flows);
    // A share that reports late has moved on: its state then is not the state of the slice it is merged into.
    if (slice === interval.slice) addStocks(open.stocks, interval.stocks);
    open.reported.add(interval.share);
    open.revision = Math.min(open.revision, interval.revision);
    open.cells.push(interval.cells);
    for (const { good, notGood, outcomes } of interval.series) {
      open.good += good;
      open.notGood += notGood;
      open.outcomes.push(...outcomes);
    }
    this.#pending.push({ slice, interval });
  }

  /** No interval of the share is waited for until it reports again. */
  forget(share: number): void {
    this.#shares.delete(share);
  }

  /** The share has had its last arrival: what it still reports counts, but is not waited for. */
  leave(share: number): void {
    this.#shares.delete(share);
    this.#gone.add(share);
  }

  /** The share is new, or back: it is waited for from the first interval that it reports. */
  join(share: number): void {
    this.#gone.delete(share);
  }

  /** Closes what is complete or overdue at run time `now`. */
  advance(now: number): Closed {
    const slices: Slice[] = [];
    const seconds: Second[] = [];
    while (this.#isDue(now)) {
      slices.push(this.#closeSlice());
      if (this.#next % slicesPerSecond === 0) seconds.push(this.#closeSecond(slices.at(-1)!.stocks));
    }
    seconds.push(...this.#closeLate());
    return { slices, seconds };
  }

  /** Closes everything that was reported, at the end of a run. */
  finish(): Closed {
    const slices: Slice[] = [];
    const seconds: Second[] = [];
    const last = Math.max(-1, ...this.#open.keys());
    while (this.#next <= last) {
      slices.push(this.#closeSlice());
      if (this.#next % slicesPerSecond === 0) seconds.push(this.#closeSecond(slices.at(-1)!.stocks));
    }
    if (!this.#second.empty) seconds.push(this.#closeSecond(slices.at(-1)?.stocks ?? noStocks()));
    seconds.push(...this.#closeLate());
    return { slices, seconds };
  }

  /** Intervals of open slices, in the order in which they came; they enter the second with their slice. */
  #pending: { slice: number; interval: Interval }[] = [];

  #know({ share, slice }: Interval): void {
    if (this.#gone.has(share)) return;
    const known = this.#shares.get(share);
    if (known) known.last = Math.max(known.last, slice);
    else this.#shares.set(share, { first: slice, last: slice });
  }

  #openSlice(slice: number): OpenSlice {
    const known = this.#open.get(slice);
    if (known) return known;
    const made: OpenSlice = {
      flows: noFlows(),
      stocks: noStocks(),
      reported: new Set<number>(),
      revision: Infinity,
      good: 0,
      notGood: 0,
      outcomes: [],
      cells: [],
    };
    this.#open.set(slice, made);
    return made;
  }

  #isDue(now: number): boolean {
    const over = (this.#next + 1) * sliceMs;
    if (now < over) return false;
    if (now >= over + overdueMs) return true;
    return this.#shares.size > 0 && [...this.#shares.values()].every(({ last }) => last >= this.#next);
  }

  #closeSlice(): Slice {
    const slice = this.#next;
    const open = this.#openSlice(slice);
    this.#open.delete(slice);
    this.#next += 1;
    for (const { interval } of this.#pending.filter((entry) => entry.slice === slice)) {
      this.#second.add(interval);
      this.#loops.set(interval.share, withInterval(this.#loops.get(interval.share), interval));
    }
    this.#pending = this.#pending.filter((entry) => entry.slice !== slice);
    const partial = [...this.#shares].some(([share, { first }]) => first <= slice && !open.reported.has(share));
    this.#partial ||= partial;
    const { flows, stocks, good, notGood, outcomes, cells } = open;
    const revision = Number.isFinite(open.revision) ? open.revision : 0;
    return {
      slice,
      partial,
      flows,
      stocks,
      revision,
      requests: { good, notGood },
      outcomes: mergeOutcomes([], outcomes),
      cells,
    };
  }

  #closeSecond(stocks: Stocks): Second {
    const second = Math.ceil(this.#next / slicesPerSecond) - 1;
    const workers = [...this.#loops.values()].sort((a, b) => a.share - b.share).map((loop) => this.#withLate(loop));
    const closed = secondOf(this.#second, second, {
      lengthMs: this.#next * sliceMs - second * 1000,
      late: false,
      partial: this.#partial,
      stocks,
      loopUtilisation: Math.max(0, ...workers.map((worker) => worker.loopUtilisation)),
      workers,
    });
    this.#second.reset();
    this.#loops.clear();
    this.#partial = false;
    return closed;
  }

  #withLate(loop: WorkerLoop): WorkerLoop {
    const late = this.#lateDelays.get(loop.share);
    this.#lateDelays.delete(loop.share);
    return { ...loop, loopDelayMs: longer(loop.loopDelayMs, late) };
  }

  #closeLate(): Second[] {
    const seconds = [...this.#late].map(([second, sum]) =>
      secondOf(sum, second, {
        lengthMs: 1000,
        late: true,
        partial: false,
        stocks: noStocks(),
        loopUtilisation: Number.NaN,
        workers: [],
      }),
    );
    this.#late.clear();
    return seconds;
  }
}
