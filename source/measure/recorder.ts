// The counters of one worker: everything a request leaves behind is added here, and read out once a slice. Nothing in it
// allocates while requests run; only `close` does. Merging the shares is timeline.ts.

import { causes } from './cause.ts';
import { Histogram } from './histogram.ts';
import {
  type AddressCount,
  baselines,
  type Flows,
  type Interval,
  joinHistograms,
  metricKey,
  noFlows,
  type OutcomeCount,
  type SeriesCount,
  type Stocks,
  sliceMs,
  spanKey,
  spans,
  waitKey,
  waits,
} from './interval.ts';
import { type Counted, type MetricCount, stepsPerUnit } from './metric.ts';

const causeCount = causes.length;

/** Of what comes from the target, so much is kept: a status line can be as long as a head may be. */
const longestExample = 300;

/** Indexes of the waits, for the request path. */
export const pacing = waits.indexOf('pacing');
export const room = waits.indexOf('room');
export const connect = waits.indexOf('connect');
export const sending = waits.indexOf('sending');
export const waiting = waits.indexOf('waiting');
export const receiving = waits.indexOf('receiving');
/** A baseline is recorded like a wait, after them. */
export const unhindered = waits.length + baselines.indexOf('unhindered');

/** One series' counters in the open slice. */
class SeriesRecorder {
  readonly outcomes = new Uint32Array(causeCount);
  readonly firstAt = new Float64Array(causeCount);
  readonly lastAt = new Float64Array(causeCount);
  /** 1 for a cause that was asked for its example. */
  readonly described = new Uint8Array(causeCount);
  readonly examples = new Map<number, string>();
  readonly #histograms: (Histogram | undefined)[] = new Array(2 * spans.length);
  good = 0;
  notGood = 0;
  bytesOut = 0;
  bytesIn = 0;
  items = 0;

  /** The histogram of a group and span, made when it is first needed: most series never see a failure. */
  histogram(group: number, span: number): Histogram {
    const index = group * spans.length + span;
    this.#histograms[index] ??= new Histogram();
    return this.#histograms[index];
  }

  /** What was counted since the last call, which is then forgotten; undefined where nothing was. */
  close(series: number, parts: [number, Uint32Array][]): SeriesCount | undefined {
    if (this.good + this.notGood + this.bytesOut + this.bytesIn === 0) return undefined;
    const outcomes: OutcomeCount[] = [];
    for (let cause = 0; cause < causeCount; cause += 1) {
      const count = this.outcomes[cause]!;
      if (count === 0) continue;
      outcomes.push({
        cause,
        count,
        firstAt: this.firstAt[cause]!,
        lastAt: this.lastAt[cause]!,
        example: this.examples.get(cause),
      });
    }
    this.examples.clear();
    for (const [index, histogram] of this.#histograms.entries()) {
      if (!histogram || histogram.count === 0) continue;
      parts.push([spanKey(series, Math.floor(index / spans.length), index % spans.length), histogram.sparse()]);
      histogram.reset();
    }
    const { good, notGood, bytesOut, bytesIn, items } = this;
    this.outcomes.fill(0);
    this.described.fill(0);
    this.good = 0;
    this.notGood = 0;
    this.bytesOut = 0;
    this.bytesIn = 0;
    this.items = 0;
    return { series, good, notGood, bytesOut, bytesIn, ...(items > 0 && { items }), outcomes };
  }
}

/** Takes what must not be shown out of a text, before it is cut short. */
type Mask = (text: string) => string;

/** One metric's counts in the open slice. */
class MetricRecorder {
  readonly #histogram: Histogram | undefined;
  /** What a histogram takes for a millisecond. */
  readonly #msPerUnit: number;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;
  #last = 0;
  #lastAt = 0;
  #example: string | undefined;
  #exampleAt: number | undefined;

  readonly #mask: Mask;

  constructor(metric: Counted, mask: Mask) {
    this.#mask = mask;
    this.#histogram = metric.kind === 'trend' ? new Histogram() : undefined;
    this.#msPerUnit = stepsPerUnit(metric) / 1000;
  }

  count(value: number, at: number): void {
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#last = value;
    this.#lastAt = at;
    this.#histogram?.record(value * this.#msPerUnit);
  }

  fail(at: number, example: () => string): void {
    this.count(0, at);
    if (this.#exampleAt !== undefined) return;
    this.#example = this.#mask(example()).slice(0, longestExample);
    this.#exampleAt = at;
  }

  /** What was counted since the last call, which is then forgotten; undefined where nothing was. */
  close(metric: number, parts: [number, Uint32Array][]): MetricCount | undefined {
    if (this.#count === 0) return undefined;
    const counted: MetricCount = {
      metric,
      count: this.#count,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      last: this.#last,
      lastAt: this.#lastAt,
      example: this.#example,
      exampleAt: this.#exampleAt,
    };
    if (this.#histogram) {
      parts.push([metricKey(metric), this.#histogram.sparse()]);
      this.#histogram.reset();
    }
    this.#count = 0;
    this.#sum = 0;
    this.#min = Infinity;
    this.#max = -Infinity;
    this.#example = undefined;
    this.#exampleAt = undefined;
    return counted;
  }
}

/** What a request leaves behind when it ends. Instants are on the run clock, in ms; 0 where one was never reached. */
export interface Instants {
  readonly intendedAt: number;
  readonly startedAt: number;
  readonly firstByteAt: number;
  readonly endedAt: number;
}

/** What went to one address in the open slice. Whoever has a connection to it counts here, without looking it up. */
export interface AddressCounter {
  /** Requests that ended, and those of them that were not good. */
  requests: number;
  notGood: number;
}

/** Counts what one share does. */
export class Recorder {
  readonly #share: number;
  readonly #series: SeriesRecorder[];
  readonly #waits = [...waits, ...baselines].map(() => new Histogram());
  readonly #metrics: readonly MetricRecorder[];
  readonly #mask: Mask;
  readonly #addresses = new Map<string, AddressCounter>();
  #flows: Flows = noFlows();
  #ownErrors = 0;
  /** The open slice. */
  slice: number;

  /**
   * @param startAt run time (ms) at which counting begins
   * @param metrics by their index
   * @param mask takes what must not be shown out of an example
   */
  constructor(
    share: number,
    seriesCount: number,
    startAt: number,
    metrics: readonly Counted[] = [],
    mask: Mask = (text) => text,
  ) {
    this.#share = share;
    this.#mask = mask;
    this.#series = Array.from({ length: seriesCount }, () => new SeriesRecorder());
    this.#metrics = metrics.map((metric) => new MetricRecorder(metric, mask));
    this.slice = Math.floor(startAt / sliceMs);
  }

  /** The iteration counts of the open slice; added to directly by the request path. */
  get flows(): Flows {
    return this.#flows;
  }

  /** Records a wait or a baseline in ms, by its index. */
  wait(wait: number, ms: number): void {
    this.#waits[wait]!.record(ms);
  }

  /**
   * Records a request that ended, whether or not with an answer.
   * @param cause index into `causes`
   * @returns whether an example of it is wanted: the first not good one of a cause in a slice. Give it to `example`
   */
  ended(series: number, cause: number, good: boolean, at: Instants): boolean {
    const into = this.#series[series]!;
    const group = good ? 0 : 1;
    if (good) into.good += 1;
    else into.notGood += 1;
    if (into.outcomes[cause]! === 0) into.firstAt[cause] = at.endedAt;
    into.outcomes[cause]! += 1;
    into.lastAt[cause] = at.endedAt;
    into.histogram(group, 0).record(at.endedAt - at.intendedAt);
    if (at.startedAt > 0) into.histogram(group, 1).record(at.endedAt - at.startedAt);
    if (at.firstByteAt > 0) into.histogram(group, 2).record(at.firstByteAt - at.startedAt);
    // A cause can be both: where 418 is expected, another status of the rest of 4xx is still worth an example.
    if (good || into.described[cause]! === 1) return false;
    into.described[cause] = 1;
    return true;
  }

  /** Keeps what a request looked like for which `ended` wanted an example, cut short; may hold text from the target. */
  example(series: number, cause: number, text: string): void {
    this.#series[series]!.examples.set(cause, this.#mask(text).slice(0, longestExample));
  }

  /** Records bytes that left or came. */
  bytes(series: number, out: number, into: number): void {
    const counters = this.#series[series]!;
    counters.bytesOut += out;
    counters.bytesIn += into;
  }

  /** Counts a value of a metric: what a counter grows by, the value of a gauge, one of a trend. @param at run clock, ms */
  metric(metric: number, value: number, at: number): void {
    this.#metrics[metric]!.count(value, at);
  }

  /** Counts one of a rate. @param example asked once in a slice where it did not pass; may hold text from the target */
  passed(metric: number, passed: boolean, at: number, example: () => string): void {
    if (passed) this.#metrics[metric]!.count(1, at);
    else this.#metrics[metric]!.fail(at, example);
  }

  /** Records what a good request held. */
  items(series: number, count: number): void {
    this.#series[series]!.items += count;
  }

  /** The counter of an address of the target; the same one each time, read out and set to 0 with each slice. */
  address(address: string): AddressCounter {
    let counter = this.#addresses.get(address);
    if (!counter) {
      counter = { requests: 0, notGood: 0 };
      this.#addresses.set(address, counter);
    }
    return counter;
  }

  /** Records an error that was this machine's own fault. */
  ownError(): void {
    this.#ownErrors += 1;
  }

  /** Whether instant `now` lies after the open slice, so that `close` is due before anything is counted. */
  isOver(now: number): boolean {
    return now >= (this.slice + 1) * sliceMs;
  }

  /** Reads out the open slice and opens the next. */
  close(
    revision: number,
    stocks: Stocks,
    loop: Pick<Interval, 'loopUtilisation' | 'loopDelayMs' | 'functionsMs'>,
  ): Interval {
    const parts: [number, Uint32Array][] = [];
    for (const [index, histogram] of this.#waits.entries()) {
      if (histogram.count === 0) continue;
      parts.push([waitKey(index), histogram.sparse()]);
      histogram.reset();
    }
    const series: SeriesCount[] = [];
    for (const [index, counters] of this.#series.entries()) {
      const counted = counters.close(index, parts);
      if (counted) series.push(counted);
    }
    const metrics: MetricCount[] = [];
    for (const [index, recorder] of this.#metrics.entries()) {
      const counted = recorder.close(index, parts);
      if (counted) metrics.push(counted);
    }
    const interval: Interval = {
      slice: this.slice,
      share: this.#share,
      revision,
      flows: this.#flows,
      stocks,
      series,
      metrics,
      addresses: this.#usedAddresses(),
      cells: joinHistograms(parts),
      ...loop,
      ownErrors: this.#ownErrors,
    };
    this.#flows = noFlows();
    this.#ownErrors = 0;
    this.slice += 1;
    return interval;
  }

  #usedAddresses(): AddressCount[] {
    const used: AddressCount[] = [];
    for (const [address, counter] of this.#addresses) {
      const { requests, notGood } = counter;
      if (requests === 0) continue;
      used.push({ address, requests, notGood });
      counter.requests = 0;
      counter.notGood = 0;
    }
    return used;
  }
}
