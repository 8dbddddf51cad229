// What is remembered of a metrics endpoint from scrape to scrape: what each family says now and said at the beginning, what
// distributions observed lately, and whether the target was restarted. Pure; which of it is shown is recognise.ts.

import { type Family, type FamilySample, isDistribution } from './metric-family.ts';
import { isGauge } from './metric-pairs.ts';
import { ObservationWindow, type Observed } from './metric-window.ts';
import type { Notice } from './probe.ts';
import { RestartWatch } from './restart-watch.ts';
import { readingUnit, totalOf } from './signal.ts';

/** One number for a family: a gauge's total, what a counter grew by per second, observations per second. */
export interface Course {
  readonly now: number;
  /**
   * What it was before the load, as far as can be known: a gauge's first value; of a counter the mean rate since the
   * process started, where that is more than a minute ago, else its first rate. NaN until then.
   */
  readonly baseline: number;
}

/** Younger processes have not run long enough for their mean rate to be the rate of a quiet time, s. */
const leastUptime = 60;

/** Samples summed between two chances to rest. */
const samplesAtOnce = 2000;

export class ScrapeBook {
  readonly #windows = new Map<string, ObservationWindow>();
  readonly #courses = new Map<string, Course>();
  #at = Number.NaN;
  #ms = Number.NaN;
  readonly #restarts = new RestartWatch();
  #startedAt: number | undefined;
  #upSeconds = Number.NaN;
  #counters = { fell: 0, all: 0 };

  /** Nothing is known of the past: no counter has a rate yet. */
  get isFirst(): boolean {
    return Number.isNaN(this.#ms);
  }

  /** Since the scrape before, ms; NaN in the first. */
  get ms(): number {
    return this.#ms;
  }

  /**
   * A scrape begins, of which every family is then taken.
   * @param at local monotonic time at which it came, ms @param wall seconds since 1970
   */
  begin(at: number, wall: number, families: ReadonlyMap<string, Family>): void {
    const ms = at - this.#at;
    this.#ms = ms > 0 ? ms : Number.NaN;
    this.#at = at;
    this.#counters = { fell: 0, all: 0 };
    this.#readStart(wall, families);
    for (const name of this.#courses.keys()) {
      if (families.has(name)) continue;
      this.#courses.delete(name);
      this.#windows.delete(name);
    }
  }

  /** Takes a family of the scrape. */
  take(family: Family): void {
    for (const _ of this.steps(family));
  }

  /** The same in steps of bounded length, for families of many series. */
  *steps(family: Family): Generator<void, void> {
    const sum = new FamilySum(family, this.isFirst);
    for (let from = 0; from < family.samples.length; from += samplesAtOnce) {
      if (from > 0) yield;
      sum.add(family.samples.slice(from, from + samplesAtOnce));
    }
    this.#counters.fell += sum.fell;
    this.#counters.all += sum.counters;
    if (isDistribution(family) && !this.isFirst) {
      const window = this.#windows.get(family.name) ?? new ObservationWindow();
      this.#windows.set(family.name, window);
      window.take(this.#at, { ms: this.#ms, count: sum.increase, sum: sum.observed, buckets: sum.buckets });
    }
    const counts = !isGauge(family);
    const now = counts ? (sum.increase / this.#ms) * 1000 : totalOf(family) * readingUnit(family).scale;
    const before = this.#courses.get(family.name)?.baseline ?? Number.NaN;
    const baseline = Number.isNaN(before) ? this.#baseline(now, counts, sum.value) : before;
    this.#courses.set(family.name, { now, baseline });
  }

  course(name: string): Course | undefined {
    return this.#courses.get(name);
  }

  /** What a distribution observed in the last seconds; undefined before the second scrape. */
  observed(name: string): Observed | undefined {
    return this.#windows.get(name)?.whole;
  }

  /** What happened since the scrape before; to be asked once, when every family is taken. */
  notices(): Notice[] {
    const { fell, all } = this.#counters;
    return this.#restarts.take({
      startedAt: this.#startedAt,
      upSeconds: this.#upSeconds,
      fallen: all > 0 ? fell / all : 0,
    });
  }

  #readStart(wall: number, families: ReadonlyMap<string, Family>): void {
    const startedAt = families.get('process_start_time_seconds')?.samples[0]?.value;
    this.#startedAt = startedAt !== undefined && startedAt > 0 ? startedAt : undefined;
    this.#upSeconds = this.#startedAt === undefined ? Number.NaN : wall - this.#startedAt;
  }

  #baseline(now: number, counts: boolean, value: number): number {
    if (!counts || !this.isFirst) return now;
    return this.#upSeconds >= leastUptime ? value / this.#upSeconds : Number.NaN;
  }
}

/** What the series of a family come to together. */
class FamilySum {
  /** Of counters, and observations of distributions: what they grew by; NaN where nobody tells. */
  increase = Number.NaN;
  /** The same, since ever. */
  value = 0;
  /** What the observations of distributions sum up to; NaN where nobody tells. */
  observed = Number.NaN;
  readonly buckets = new Map<number, number>();
  /** Counters that fell back, of so many that could have. */
  fell = 0;
  counters = 0;
  readonly #isDistribution: boolean;
  readonly #isGauge: boolean;
  readonly #isFirst: boolean;

  constructor(family: Family, isFirst: boolean) {
    this.#isDistribution = isDistribution(family);
    this.#isGauge = isGauge(family);
    this.#isFirst = isFirst;
  }

  add(samples: readonly FamilySample[]): void {
    if (this.#isGauge) return;
    for (const sample of samples) {
      const { series, value, suffix } = sample;
      // A quantile of a summary counts nothing.
      if (this.#isDistribution && suffix === '') continue;
      if (series.hasPast && (series.wasReset || value > 0)) {
        // What stands at 0 cannot fall.
        this.counters += 1;
        if (series.wasReset) this.fell += 1;
      }
      this.#addIncrease(sample, series.increase(this.#isFirst));
    }
  }

  #addIncrease({ series, suffix, value }: FamilySample, increase: number): void {
    if (suffix === '_bucket' && this.#isDistribution) {
      if (!Number.isNaN(increase)) this.buckets.set(series.bound, (this.buckets.get(series.bound) ?? 0) + increase);
    } else if (suffix === '_sum' && this.#isDistribution) this.observed = plus(this.observed, increase);
    else if (suffix === '_count' || !this.#isDistribution) {
      this.increase = plus(this.increase, increase);
      if (!Number.isNaN(value)) this.value += value;
    }
  }
}

/** The sum of two numbers, of which NaN is none. */
const plus = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b);
