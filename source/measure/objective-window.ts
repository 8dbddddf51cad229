// The figure of an objective over its sliding window of whole seconds: percentiles from merged histograms of the response
// times of good requests, shares and rates from summed counts; of metrics of the profile likewise. Nothing is averaged.

import { Histogram, type SparseCounts } from './histogram.ts';
import { type Metric, type MetricCount, stepsPerUnit } from './metric.ts';
import { isUpperBound, leastRequests, type Objective, type ObjectiveStatus, statusOf } from './objective.ts';
import { metricsOf } from './objective-counted.ts';
import { histogramIn, type Second } from './second.ts';

/** What objectives need of a second. */
export interface ObjectiveSample {
  readonly second: number;
  readonly lengthMs: number;
  /** An addition to a second that was taken before. */
  readonly late: boolean;
  /** Response times of good requests. */
  readonly times: SparseCounts;
  /** Requests that ended, and those of them that were not good. */
  readonly ended: number;
  readonly notGood: number;
  /** Good iterations. */
  readonly good: number;
  /** What was counted of the profile's metrics, and the histograms of their trends. */
  readonly metrics?: readonly MetricCount[];
  readonly cells?: Uint32Array;
}

/** What a window has of a second: of metrics `ended` is how often they were counted, `good` the sum. */
type Entry = Omit<ObjectiveSample, 'metrics' | 'cells'> & {
  readonly last?: Pick<MetricCount, 'last' | 'lastAt'> | undefined;
};

export const sampleOf = ({ second, lengthMs, late, cells, series, flows, metrics }: Second): ObjectiveSample => {
  const sum = (of: 'good' | 'notGood'): number => series.reduce((total, counts) => total + counts[of], 0);
  const good = histogramIn(cells, (key) => key.type === 'span' && key.span === 'response' && key.group === 'good');
  const notGood = sum('notGood');
  const ended = sum('good') + notGood;
  return { second, lengthMs, late, times: good.sparse(), ended, notGood, good: flows.good, metrics, cells };
};

const shares = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, max: 1 } as const;

export class ObjectiveWindow {
  readonly #objective: Objective;
  readonly #length: number;
  /** The seconds of the window, oldest first; each with what came late of it. */
  readonly #seconds = new Map<number, Entry[]>();
  readonly #times = new Histogram();
  #ended = 0;
  #notGood = 0;
  #good = 0;
  #lengthMs = 0;
  /** The second with which the window began to fill. */
  #from: number | undefined;
  #newest = -1;
  /** It has stood still since it was taken further last. */
  #held = false;

  /** Those that the objective is on, by index; undefined for one on requests. */
  readonly #metrics: ReadonlySet<number> | undefined;
  /** What a step of the histogram is worth, in the unit of the bound. */
  readonly #perStep: number;

  /** @param metrics of the run, by index */
  constructor(objective: Objective, metrics: readonly Metric[] = []) {
    const { counted } = objective;
    const own = counted && metricsOf(counted, metrics);
    const first = own?.[0] === undefined ? undefined : metrics[own[0]];
    this.#metrics = own && new Set(own);
    this.#perStep = 1 / (first === undefined ? 1000 : stepsPerUnit(first));
    this.#objective = objective;
    this.#length = objective.windowMs / 1000;
  }

  /** Takes a second in which load was driven, and lets go what the window has left behind. */
  take(sample: ObjectiveSample): void {
    // What was before a rest says nothing of what follows it.
    if (this.#held) this.#clear();
    this.#from ??= sample.second;
    this.#newest = sample.second;
    this.#lengthMs += sample.lengthMs;
    this.#enter(this.#entryOf(sample));
    for (const [second, samples] of this.#seconds) {
      if (second > this.#newest - this.#length) break;
      this.#seconds.delete(second);
      this.#lengthMs -= samples[0]!.lengthMs;
      for (const old of samples) this.#add(old, -1);
    }
  }

  /**
   * Takes a second in which none was wanted: the window stands still, and what still ends is added to it. Moving on, it
   * would soon hold nothing but the slowest requests.
   */
  hold(sample: ObjectiveSample): void {
    this.#held = true;
    if (this.needsLoad) return;
    this.#enter(this.#entryOf(sample));
    // A rest may last for hours: of what it has entered, only seconds in which something ended stay, which were in flight.
    const left = sample.second - this.#length;
    if (left > this.#newest && this.#seconds.get(left)?.every(({ ended }) => ended === 0)) this.#seconds.delete(left);
  }

  /** Adds what came late of a second, where the window still has it. */
  takeLate(sample: ObjectiveSample): void {
    const known = this.#seconds.get(sample.second);
    if (!known) return;
    const entry = this.#entryOf(sample);
    known.push(entry);
    this.#add(entry, 1);
  }

  /** The objective asks that something is there, which it cannot be while no load is wanted. */
  get needsLoad(): boolean {
    const { metric, counted } = this.#objective;
    return !isUpperBound(this.#objective) && (metric === 'rate' || counted?.figure === 'rate');
  }

  /** What it covers: the run time of its begin, and the length of its seconds, ms. */
  get covered(): { readonly fromMs: number; readonly lengthMs: number } {
    return { fromMs: (this.#from ?? 0) * 1000, lengthMs: this.#lengthMs };
  }

  /** It has looked at as many seconds as the objective wants. */
  get isFull(): boolean {
    return this.#from !== undefined && this.#newest - this.#from + 1 >= this.#length;
  }

  /** In the unit of the bound; NaN without data. */
  get value(): number {
    const figure = this.#figure;
    switch (figure) {
      case 'errors':
        return this.#ended === 0 ? Number.NaN : this.#notGood / this.#ended;
      case 'share':
        return this.#ended === 0 ? Number.NaN : this.#good / this.#ended;
      case 'mean':
        return this.#ended === 0 ? Number.NaN : this.#good / this.#ended;
      case 'rate':
        return this.#lengthMs === 0 ? Number.NaN : (this.#good * 1000) / this.#lengthMs;
      case 'newest':
        return this.#newestValue();
      default:
        return this.#times.percentile(shares[figure]) * this.#perStep;
    }
  }

  /** Whether there are enough requests for a verdict. One that is too slow is enough for a maximum. */
  get isEnough(): boolean {
    switch (this.#figure) {
      case 'rate':
        return this.#lengthMs > 0;
      case 'max':
        return this.#times.count > 0;
      case 'newest':
        return this.#ended > 0;
      case 'errors':
      case 'share':
      case 'mean':
        return this.#ended >= leastRequests;
      default:
        return this.#times.count >= leastRequests;
    }
  }

  /** @param whole the window counts as full: there are no more seconds to come */
  status(whole = false): ObjectiveStatus {
    return this.isEnough && (whole || this.isFull) ? statusOf(this.#objective, this.value) : 'not enough data';
  }

  get #figure() {
    const { metric, counted } = this.#objective;
    // A metric without a figure is none: what is counted is read with one.
    return metric === 'counted' ? (counted?.figure ?? 'newest') : metric;
  }

  /** What the window takes of a second. */
  #entryOf({ metrics = [], cells, ...sample }: ObjectiveSample): Entry {
    const own = this.#metrics;
    if (own === undefined) return sample;
    const { second, lengthMs, late } = sample;
    const counted = metrics.filter(({ metric }) => own.has(metric));
    const times = cells && histogramIn(cells, (key) => key.type === 'metric' && own.has(key.metric)).sparse();
    const sum = (of: 'count' | 'sum'): number => counted.reduce((total, counts) => total + counts[of], 0);
    return {
      ...{ second, lengthMs, late, times: times ?? nothing, ended: sum('count'), notGood: 0, good: sum('sum') },
      last: counted[0],
    };
  }

  /** The value that was counted last, of all seconds of the window. */
  #newestValue(): number {
    let newest: Entry['last'];
    for (const entries of this.#seconds.values()) {
      for (const { last } of entries) if (last && (newest === undefined || last.lastAt >= newest.lastAt)) newest = last;
    }
    return newest?.last ?? Number.NaN;
  }

  #enter(entry: Entry): void {
    this.#seconds.set(entry.second, [entry]);
    this.#add(entry, 1);
  }

  #clear(): void {
    this.#seconds.clear();
    this.#times.reset();
    this.#ended = 0;
    this.#notGood = 0;
    this.#good = 0;
    this.#lengthMs = 0;
    this.#from = undefined;
    this.#held = false;
  }

  #add({ times, ended, notGood, good }: Entry, sign: 1 | -1): void {
    if (sign === 1) this.#times.add(times);
    else this.#times.remove(times);
    this.#ended += sign * ended;
    this.#notGood += sign * notGood;
    this.#good += sign * good;
  }
}

const nothing = new Uint32Array(0);
