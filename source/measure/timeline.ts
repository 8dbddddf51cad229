// Merges the intervals of all shares into slices of 100 ms and seconds, and closes them in
// order. Percentiles are only ever read from merged histograms. What is kept of them over time is session/history.ts.

import { Histogram, type SparseCounts } from './histogram.ts';

import {
  addFlows,
  eachHistogram,
  type Flows,
  type Interval,
  joinHistograms,
  noFlows,
  type SeriesCount,
  type Stocks,
  sliceMs,
} from './interval.ts';
import { histogramIn, mergeSeries, percentilesOf, type Second, type Slice } from './second.ts';

/** A slice that some share has not reported yet is closed, as partial, when it has been over for this long (ms). */
const overdueMs = 500;
const slicesPerSecond = 1000 / sliceMs;

const noStocks = (): Stocks => ({ inFlight: 0, backlog: 0, connections: 0, oldestInFlightMs: 0, oldestBacklogMs: 0 });

const addStocks = (total: Stocks, more: Stocks): void => {
  total.inFlight += more.inFlight;
  total.backlog += more.backlog;
  total.connections += more.connections;
  total.oldestInFlightMs = Math.max(total.oldestInFlightMs, more.oldestInFlightMs);
  total.oldestBacklogMs = Math.max(total.oldestBacklogMs, more.oldestBacklogMs);
};

/** Counts that grow until they are read out. */
class Sum {
  readonly flows: Flows = noFlows();
  readonly series = new Map<number, SeriesCount>();
  readonly #histograms = new Map<number, Histogram>();
  ownErrors = 0;
  empty = true;

  add(interval: Interval): void {
    this.empty = false;
    addFlows(this.flows, interval.flows);
    mergeSeries(this.series, interval.series);
    this.ownErrors += interval.ownErrors;
    eachHistogram(interval.cells, (key, pairs) => this.#histogram(key).add(pairs));
  }

  /** The histograms, joined. */
  cells(): Uint32Array {
    const parts: [number, SparseCounts][] = [];
    for (const [key, histogram] of this.#histograms) if (histogram.count > 0) parts.push([key, histogram.sparse()]);
    return joinHistograms(parts);
  }

  reset(): void {
    Object.assign(this.flows, noFlows());
    this.series.clear();
    for (const histogram of this.#histograms.values()) histogram.reset();
    this.ownErrors = 0;
    this.empty = true;
  }

  #histogram(key: number): Histogram {
    const known = this.#histograms.get(key);
    if (known) return known;
    const made = new Histogram();
    this.#histograms.set(key, made);
    return made;
  }
}

/** A slice that is not closed yet. */
interface OpenSlice {
  readonly flows: Flows;
  readonly stocks: Stocks;
  readonly reported: Set<number>;
  revision: number;
  good: number;
  notGood: number;
  readonly cells: Uint32Array[];
}

export interface Closed {
  readonly slices: readonly Slice[];
  readonly seconds: readonly Second[];
}

export class Timeline {
  /** Shares that report, and the last slice each did. */
  readonly #shares = new Map<number, number>();
  readonly #open = new Map<number, OpenSlice>();
  /** The second that is being filled, and what came for seconds already closed. */
  readonly #second = new Sum();
  readonly #late = new Map<number, Sum>();
  readonly #utilisation = new Map<number, number>();
  #next = 0;
  #partial = false;

  constructor(shareCount: number) {
    for (let share = 0; share < shareCount; share += 1) this.#shares.set(share, -1);
  }

  /** Enters what a share reports. */
  take(interval: Interval): void {
    this.#shares.set(interval.share, Math.max(interval.slice, this.#shares.get(interval.share) ?? -1));
    const second = Math.floor(interval.slice / slicesPerSecond);
    const current = Math.floor(this.#next / slicesPerSecond);
    if (second < current) {
      const late = this.#late.get(second) ?? new Sum();
      late.add(interval);
      this.#late.set(second, late);
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
    for (const { good, notGood } of interval.series) {
      open.good += good;
      open.notGood += notGood;
    }
    this.#pending.push({ slice, interval });
  }

  /** No interval of the share is waited for until it reports again. */
  forget(share: number): void {
    this.#shares.delete(share);
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

  #openSlice(slice: number): OpenSlice {
    const known = this.#open.get(slice);
    if (known) return known;
    const made = {
      flows: noFlows(),
      stocks: noStocks(),
      reported: new Set<number>(),
      revision: Infinity,
      good: 0,
      notGood: 0,
      cells: [],
    };
    this.#open.set(slice, made);
    return made;
  }

  #isDue(now: number): boolean {
    const over = (this.#next + 1) * sliceMs;
    if (now < over) return false;
    if (now >= over + overdueMs) return true;
    return this.#shares.size > 0 && [...this.#shares.values()].every((last) => last >= this.#next);
  }

  #closeSlice(): Slice {
    const slice = this.#next;
    const open = this.#openSlice(slice);
    this.#open.delete(slice);
    this.#next += 1;
    for (const { interval } of this.#pending.filter((entry) => entry.slice === slice)) {
      this.#second.add(interval);
      const sum = this.#utilisation.get(interval.share) ?? 0;
      this.#utilisation.set(interval.share, sum + interval.loopUtilisation / slicesPerSecond);
    }
    this.#pending = this.#pending.filter((entry) => entry.slice !== slice);
    const partial = [...this.#shares.keys()].some((share) => !open.reported.has(share));
    this.#partial ||= partial;
    const { flows, stocks, good, notGood, cells } = open;
    const revision = Number.isFinite(open.revision) ? open.revision : 0;
    return { slice, partial, flows, stocks, revision, requests: { good, notGood }, cells };
  }

  #closeSecond(stocks: Stocks): Second {
    const second = Math.ceil(this.#next / slicesPerSecond) - 1;
    const closed = secondOf(this.#second, second, {
      lengthMs: this.#next * sliceMs - second * 1000,
      late: false,
      partial: this.#partial,
      stocks,
      loopUtilisation: Math.max(0, ...this.#utilisation.values()),
    });
    this.#second.reset();
    this.#utilisation.clear();
    this.#partial = false;
    return closed;
  }

  #closeLate(): Second[] {
    const seconds = [...this.#late].map(([second, sum]) =>
      secondOf(sum, second, {
        lengthMs: 1000,
        late: true,
        partial: false,
        stocks: noStocks(),
        loopUtilisation: Number.NaN,
      }),
    );
    this.#late.clear();
    return seconds;
  }
}

const secondOf = (
  sum: Sum,
  second: number,
  rest: Pick<Second, 'lengthMs' | 'late' | 'partial' | 'stocks' | 'loopUtilisation'>,
): Second => {
  const cells = sum.cells();
  const good = histogramIn(cells, (key) => key.type === 'span' && key.span === 'response' && key.group === 'good');
  const service = histogramIn(cells, (key) => key.type === 'span' && key.span === 'service' && key.group === 'good');
  const pacing = histogramIn(cells, (key) => key.type === 'wait' && key.wait === 'pacing');
  return {
    second,
    ...rest,
    flows: { ...sum.flows },
    series: [...sum.series.values()].sort((a, b) => a.series - b.series),
    cells,
    ownErrors: sum.ownErrors,
    good: percentilesOf(good),
    serviceP50Ms: service.percentile(0.5) / 1000,
    pacingP99Ms: pacing.percentile(0.99) / 1000,
  };
};
