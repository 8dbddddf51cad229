// Changing the plan while it runs, as pure functions: what was due before the change stays as it was, to the arrival.
// Who may steer, and when, is the session's controller.

import { arrivalsIn, type PlanData, rateAt, type Segment } from './arrival-plan.ts';

/** The plan in force and what is needed to change it: the profile's own stages, the manual rate, the pause. */
export interface Steering {
  readonly plan: PlanData;
  /** The profile's segments on the run clock: moved by pauses, lengthened by extensions, but never replaced by a manual rate. */
  readonly stages: readonly Segment[];
  /** Arrivals per second (users, in the closed model) set by hand, in place of the stages; of a ramp, where it ends. */
  readonly manualRate: number | undefined;
  /** How `manualRate` is reached where not at once. */
  readonly ramp: { readonly at: number; readonly lengthMs: number; readonly from: number } | undefined;
  /** The instant since which the run is paused. */
  readonly pausedAt: number | undefined;
}

/** What a worker does at an instant: the plan from then on, and what becomes of arrivals that wait. */
export interface Switch {
  readonly at: number;
  readonly plan: PlanData;
  /** `hold`: nothing is started from `at` on, not even what waits. */
  readonly gate: 'open' | 'hold';
  /** Arrivals that wait at `at` are given up and counted as dropped. */
  readonly dropBacklog: boolean;
  /** Added to the intended instants of arrivals that wait: the length of the pause that ends. */
  readonly moveBacklogMs: number;
}

/** A change of the plan. Rates are totals per second; in the closed model they are numbers of users. */
export type Change =
  /** To `rate`, linearly over `overMs` (default: at once). */
  | { readonly type: 'rate'; readonly rate: number; readonly overMs?: number }
  | { readonly type: 'plan' }
  | { readonly type: 'pause'; readonly dropBacklog?: boolean }
  | { readonly type: 'resume' }
  | { readonly type: 'extend'; readonly byMs: number };

export interface Steered {
  readonly steering: Steering;
  readonly switch: Switch;
}

/** The steering of a run that has not been steered. */
export const unsteered = (segments: readonly Segment[]): Steering => ({
  plan: { revision: 0, segments },
  stages: segments,
  manualRate: undefined,
  ramp: undefined,
  pausedAt: undefined,
});

/** When the run is planned to end; Infinity while paused, and for a run without an end. */
export const endsAt = (steering: Steering): number =>
  steering.pausedAt === undefined ? endOf(steering.stages) : Infinity;

/** How long the plan would still run at `t` (ms): while paused, what was left when the pause began. */
export const remainingMs = (steering: Steering, t: number): number =>
  Math.max(0, endOf(steering.stages) - (steering.pausedAt ?? t));

/** What the load is to come to at `t`: by hand, of a ramp its end, or by the stages; while paused, as of the begin of the pause. */
export const wantedRate = (steering: Steering, t: number): number =>
  steering.manualRate ?? rateAt(steering.stages, steering.pausedAt ?? t);

/** The plan after `change` takes effect at `at` (run clock, ms). Resuming a run that is not paused changes nothing but the revision. */
export const steer = (steering: Steering, change: Change, at: number): Steered => {
  const next = changed(steering, change, at);
  const paused = next.pausedAt !== undefined;
  const tail = paused ? [{ at, lengthMs: Infinity, from: 0, to: 0 }] : tailOf(next, at);
  const revision = steering.plan.revision + 1;
  const plan = forgetting({ ...steering.plan, revision, segments: [...cut(steering.plan.segments, at), ...tail] }, at);
  const resumes = change.type === 'resume' && steering.pausedAt !== undefined;
  return {
    steering: { ...next, plan },
    switch: {
      at,
      plan,
      gate: paused ? 'hold' : 'open',
      dropBacklog:
        (change.type === 'rate' && change.rate === 0 && !change.overMs) ||
        (change.type === 'pause' && change.dropBacklog === true),
      moveBacklogMs: resumes ? at - steering.pausedAt! : 0,
    },
  };
};

/** How much of its past a plan keeps as segments, ms: more than a worker can be late without its arrivals being given up. */
const keptMs = 10_000;

/** The plan with its segments of long ago folded into one number. */
const forgetting = (plan: PlanData, at: number): PlanData => {
  const old = plan.segments.filter((segment) => segment.at + segment.lengthMs < at - keptMs);
  if (old.length === 0) return plan;
  const before = old.reduce((sum, segment) => sum + arrivalsIn(segment), plan.before ?? 0);
  return { ...plan, before, segments: plan.segments.slice(old.length) };
};

const changed = (steering: Steering, change: Change, at: number): Steering => {
  switch (change.type) {
    case 'rate': {
      const { rate, overMs = 0 } = change;
      const from = levelAt(steering, steering.pausedAt ?? at);
      return { ...steering, manualRate: rate, ramp: overMs > 0 ? { at, lengthMs: overMs, from } : undefined };
    }
    case 'plan':
      return { ...steering, manualRate: undefined, ramp: undefined };
    case 'pause':
      return { ...steering, pausedAt: steering.pausedAt ?? at };
    case 'resume': {
      const { pausedAt } = steering;
      if (pausedAt === undefined) return steering;
      const byMs = at - pausedAt;
      const { ramp } = steering;
      return {
        ...steering,
        stages: delayed(steering.stages, pausedAt, byMs),
        // One that was asked for during the pause begins with its end.
        ramp: ramp && { ...ramp, at: ramp.at < pausedAt ? ramp.at + byMs : at },
        pausedAt: undefined,
      };
    }
    case 'extend': {
      const last = steering.stages.at(-1);
      if (!last || last.lengthMs === Infinity) return steering;
      const more = { at: last.at + last.lengthMs, lengthMs: change.byMs, from: last.to, to: last.to };
      return { ...steering, stages: [...steering.stages, more] };
    }
  }
};

/** What is planned from `at` on: the manual rate up to the end of the stages, or the rest of the stages. */
const tailOf = (steering: Steering, at: number): Segment[] => {
  const end = endOf(steering.stages);
  if (at >= end) return [];
  return steering.manualRate === undefined ? from(steering.stages, at) : from(manualSegments(steering, at, end), at);
};

/** The manual rate, after the ramp that leads to it, up to `end`. */
const manualSegments = ({ manualRate = 0, ramp }: Steering, at: number, end: number): Segment[] => {
  if (!ramp) return [{ at, lengthMs: end - at, from: manualRate, to: manualRate }];
  const top = ramp.at + ramp.lengthMs;
  const rising = { at: ramp.at, lengthMs: ramp.lengthMs, from: ramp.from, to: manualRate };
  if (top >= end) return [{ ...rising, lengthMs: end - ramp.at, to: rateWithin(rising, end) }];
  return [rising, { at: top, lengthMs: end - top, from: manualRate, to: manualRate }];
};

/** What the load is at `t`: on its way, where a ramp is under way. While paused, `t` is the begin of the pause. */
export const levelAt = (steering: Steering, t: number): number => {
  const { manualRate, ramp } = steering;
  if (manualRate === undefined) return rateAt(steering.stages, t);
  // One that was asked for during the pause begins where the load will be again.
  if (ramp && t < ramp.at) return ramp.from;
  return rateAt(manualSegments(steering, t, Infinity), t);
};

const endOf = (segments: readonly Segment[]): number => {
  const last = segments.at(-1);
  return last ? last.at + last.lengthMs : 0;
};

/** The segments up to `at`, the last one shortened so that its rate at `at` is unchanged. */
const cut = (segments: readonly Segment[], at: number): Segment[] => {
  const kept = segments
    .filter((segment) => segment.at < at)
    .map((segment) =>
      segment.at + segment.lengthMs <= at
        ? segment
        : { at: segment.at, lengthMs: at - segment.at, from: segment.from, to: rateWithin(segment, at) },
    );
  const end = endOf(kept);
  // A plan may have ended before it is extended: the time between is a segment of rate 0, so that segments stay contiguous.
  return kept.length > 0 && end < at ? [...kept, { at: end, lengthMs: at - end, from: 0, to: 0 }] : kept;
};

/** The segments from `at` on, the first one beginning there. */
const from = (segments: readonly Segment[], at: number): Segment[] =>
  segments
    .filter((segment) => segment.at + segment.lengthMs > at)
    .map((segment) =>
      segment.at >= at
        ? segment
        : { at, lengthMs: segment.at + segment.lengthMs - at, from: rateWithin(segment, at), to: segment.to },
    );

/** The segments with everything after `at` moved back by `byMs`; the gap holds the rate of `at`, but nobody reads it. */
const delayed = (segments: readonly Segment[], at: number, byMs: number): Segment[] => [
  ...cut(segments, at),
  { at, lengthMs: byMs, from: rateAt(segments, at), to: rateAt(segments, at) },
  ...from(segments, at).map((segment) => ({ ...segment, at: segment.at + byMs })),
];

const rateWithin = (segment: Segment, at: number): number =>
  segment.lengthMs === Infinity
    ? segment.from
    : segment.from + ((segment.to - segment.from) * (at - segment.at)) / segment.lengthMs;

/** The 1-2-5 number nearest to 5 % of `rate` (nearest by ratio), at least 1: the step of the rate keys. 50 → 2, 1,000 → 50. */
export const stepOf = (rate: number): number => {
  const wanted = Math.max(1, rate * 0.05);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const candidates = [1, 2, 5, 10].map((factor) => factor * power);
  return candidates.reduce((best, value) =>
    Math.abs(Math.log(value / wanted)) < Math.abs(Math.log(best / wanted)) ? value : best,
  );
};
