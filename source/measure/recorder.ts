// The counters of one worker: everything a request leaves behind is added here, and read out once a slice. Nothing in it
// allocates while requests run; only `close` does. Merging the shares is timeline.ts.

import { Histogram } from './histogram.ts';
import {
  baselines,
  type Flows,
  type Interval,
  joinHistograms,
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
import { outcomeClasses } from './outcome.ts';

const classCount = outcomeClasses.length;

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
  readonly outcomes = new Uint32Array(classCount);
  readonly firstAt = new Float64Array(classCount);
  readonly lastAt = new Float64Array(classCount);
  readonly examples: (string | undefined)[] = new Array(classCount);
  /** 1 for a class that was asked for its example. */
  readonly described = new Uint8Array(classCount);
  readonly #histograms: (Histogram | undefined)[] = new Array(2 * spans.length);
  good = 0;
  notGood = 0;
  bytesOut = 0;
  bytesIn = 0;

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
    for (let outcome = 0; outcome < classCount; outcome += 1) {
      const count = this.outcomes[outcome]!;
      if (count === 0) continue;
      outcomes.push({
        outcome,
        count,
        firstAt: this.firstAt[outcome]!,
        lastAt: this.lastAt[outcome]!,
        example: this.examples[outcome],
      });
      this.examples[outcome] = undefined;
    }
    for (const [index, histogram] of this.#histograms.entries()) {
      if (!histogram || histogram.count === 0) continue;
      parts.push([spanKey(series, Math.floor(index / spans.length), index % spans.length), histogram.sparse()]);
      histogram.reset();
    }
    const { good, notGood, bytesOut, bytesIn } = this;
    this.outcomes.fill(0);
    this.described.fill(0);
    this.good = 0;
    this.notGood = 0;
    this.bytesOut = 0;
    this.bytesIn = 0;
    return { series, good, notGood, bytesOut, bytesIn, outcomes };
  }
}

/** What a request leaves behind when it ends. Instants are on the run clock, in ms; 0 where one was never reached. */
export interface Instants {
  readonly intendedAt: number;
  readonly startedAt: number;
  readonly firstByteAt: number;
  readonly endedAt: number;
}

/** Counts what one share does. */
export class Recorder {
  readonly #share: number;
  readonly #series: SeriesRecorder[];
  readonly #waits = [...waits, ...baselines].map(() => new Histogram());
  #flows: Flows = noFlows();
  #ownErrors = 0;
  /** The open slice. */
  slice: number;

  /** @param startAt run time (ms) at which counting begins */
  constructor(share: number, seriesCount: number, startAt: number) {
    this.#share = share;
    this.#series = Array.from({ length: seriesCount }, () => new SeriesRecorder());
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
   * @param describe says what the request looked like; asked for the first not good one of its class in a slice only
   */
  ended(series: number, outcome: number, good: boolean, at: Instants, describe: () => string | undefined): void {
    const into = this.#series[series]!;
    const group = good ? 0 : 1;
    if (good) into.good += 1;
    else into.notGood += 1;
    if (into.outcomes[outcome]! === 0) into.firstAt[outcome] = at.endedAt;
    // A class can hold both: where 404 is expected, a 400 is still worth an example.
    if (!good && into.described[outcome]! === 0) {
      into.described[outcome] = 1;
      into.examples[outcome] = describe();
    }
    into.outcomes[outcome]! += 1;
    into.lastAt[outcome] = at.endedAt;
    into.histogram(group, 0).record(at.endedAt - at.intendedAt);
    if (at.startedAt > 0) into.histogram(group, 1).record(at.endedAt - at.startedAt);
    if (at.firstByteAt > 0) into.histogram(group, 2).record(at.firstByteAt - at.startedAt);
  }

  /** Records bytes that left or came. */
  bytes(series: number, out: number, into: number): void {
    const counters = this.#series[series]!;
    counters.bytesOut += out;
    counters.bytesIn += into;
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
  close(revision: number, stocks: Stocks, loopUtilisation: number): Interval {
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
    const interval: Interval = {
      slice: this.slice,
      share: this.#share,
      revision,
      flows: this.#flows,
      stocks,
      series,
      cells: joinHistograms(parts),
      loopUtilisation,
      ownErrors: this.#ownErrors,
    };
    this.#flows = noFlows();
    this.#ownErrors = 0;
    this.slice += 1;
    return interval;
  }
}
