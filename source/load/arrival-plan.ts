// The schedule as a formula: the arrival rate is piecewise linear in time, the position is its integral, and the instant
// of arrival n is the inverse, in closed form. Nothing here loops over arrivals, waits or knows a clock. Changing a plan
// while it runs is steer.ts.

import { type Arrivals, uniform } from './arrivals.ts';

/** A piece of the plan: from `at` (run clock, ms) for `lengthMs`, the rate goes linearly from `from` to `to` (per second). */
export interface Segment {
  readonly at: number;
  /** Infinity only in the last segment, and only with `from === to`. */
  readonly lengthMs: number;
  readonly from: number;
  readonly to: number;
}

/** A plan as it crosses between threads: contiguous segments in order of time; before the first and after the last the rate is 0. */
export interface PlanData {
  /** Grows by one with each change; workers acknowledge it. */
  readonly revision: number;
  readonly segments: readonly Segment[];
  /** Arrivals that lie before the first segment: the past of a plan that was changed often is kept as this number. Default 0. */
  readonly before?: number;
}

/**
 * Rounding allowance of a count, in arrivals: the position of an instant is exact to about 1e-6 arrivals at a million
 * arrivals a second after an hour (53 bits), so an arrival counts as due that much early.
 */
const tolerance = 1e-6;

/** Answers, for any instant, how many arrivals are due by it, and for any arrival, its instant. */
export class ArrivalPlan {
  readonly data: PlanData;
  /** Positions (integrals of the rate) at the start of each segment. */
  readonly #before: Float64Array;
  readonly #arrivals: Arrivals;

  constructor(data: PlanData, arrivals: Arrivals = uniform) {
    this.data = data;
    this.#arrivals = arrivals;
    this.#before = new Float64Array(data.segments.length + 1);
    let total = data.before ?? 0;
    for (const [index, segment] of data.segments.entries()) {
      this.#before[index] = total;
      total += arrivalsIn(segment);
    }
    this.#before[data.segments.length] = total;
  }

  /** The instant from which nothing more comes due; Infinity for a plan without an end. */
  get endsAt(): number {
    const last = this.data.segments.at(-1);
    return last ? last.at + last.lengthMs : 0;
  }

  /** Arrivals per second wanted at instant `t`. */
  rateAt(t: number): number {
    return rateAt(this.data.segments, t);
  }

  /** The integral of the rate up to `t`, in arrivals; a fraction, since the next arrival may be under way. */
  positionAt(t: number): number {
    const index = segmentIndexAt(this.data.segments, t);
    const segment = this.data.segments[index];
    if (!segment) return this.data.before ?? 0;
    const seconds = Math.min(t - segment.at, segment.lengthMs) / 1000;
    const slope = segment.lengthMs === Infinity ? 0 : (segment.to - segment.from) / (segment.lengthMs / 1000);
    return this.#before[index]! + seconds * (segment.from + (slope * seconds) / 2);
  }

  /** The number of arrivals whose instant is not after `t`. */
  dueBy(t: number): number {
    return this.#arrivals.countUpTo(this.positionAt(t) + tolerance);
  }

  /** The instant (run clock, ms) of arrival `n`, n from 0; Infinity where the plan ends before it. */
  timeOf(n: number): number {
    return this.timeOfPosition(this.#arrivals.position(n));
  }

  /** The first instant at which the integral of the rate reaches `position`; Infinity where it never does. */
  timeOfPosition(position: number): number {
    const { segments } = this.data;
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#before[middle + 1]! + tolerance < position) low = middle + 1;
      else high = middle;
    }
    const segment = segments[low];
    if (!segment) return Infinity;
    const arrivals = position - this.#before[low]!;
    if (arrivals <= 0) return segment.at;
    const slope = segment.lengthMs === Infinity ? 0 : (segment.to - segment.from) / (segment.lengthMs / 1000);
    // x = from·τ + slope·τ²/2, solved in the form that stays exact when the slope is small or the segment ends at rate 0.
    const root = Math.sqrt(Math.max(0, segment.from * segment.from + 2 * slope * arrivals));
    return segment.at + Math.min(((2 * arrivals) / (segment.from + root)) * 1000, segment.lengthMs);
  }
}

/** Arrivals in a whole segment. */
export const arrivalsIn = (segment: Segment): number =>
  segment.from === 0 && segment.to === 0 ? 0 : ((segment.from + segment.to) / 2) * (segment.lengthMs / 1000);

/** Arrivals per second at `t`: 0 before the first segment and from the end of the last. */
export const rateAt = (segments: readonly Segment[], t: number): number => {
  const segment = segments[segmentIndexAt(segments, t)];
  if (!segment || t >= segment.at + segment.lengthMs) return 0;
  if (segment.lengthMs === Infinity) return segment.from;
  return segment.from + (segment.to - segment.from) * ((t - segment.at) / segment.lengthMs);
};

/** The index of the last segment that has begun by `t`, or -1. Searched from the end: readers mostly ask about now. */
const segmentIndexAt = (segments: readonly Segment[], t: number): number => {
  let index = segments.length - 1;
  while (index >= 0 && segments[index]!.at > t) index -= 1;
  return index;
};

/** A stage as users write it: reach `rate` (per second) linearly over `lengthMs`, from where the stage before ended. */
export interface Stage {
  readonly lengthMs: number;
  readonly rate: number;
}

/** Segments of stages that begin at run time 0 from rate 0; a stage of length 0 is a jump. */
export const segmentsOfStages = (stages: readonly Stage[]): Segment[] => {
  const segments: Segment[] = [];
  let at = 0;
  let rate = 0;
  for (const stage of stages) {
    if (stage.lengthMs > 0) segments.push({ at, lengthMs: stage.lengthMs, from: rate, to: stage.rate });
    at += stage.lengthMs;
    rate = stage.rate;
  }
  return segments;
};

/** One segment of constant rate from run time 0. */
export const constantSegments = (rate: number, lengthMs: number): Segment[] => [
  { at: 0, lengthMs, from: rate, to: rate },
];
