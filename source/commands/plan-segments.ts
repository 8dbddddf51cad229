// The part of a run's figures that lies on the time axis: segments of the plan, and when it ends. Pure.

import { constantSegments, type Segment, type Stage, segmentsOfStages } from '../load/arrival-plan.ts';
import type { Profile } from '../profile/profile.ts';

/** Length of a run that nobody gave one (README, "When a run ends"), ms. */
const defaults = { plainMs: 30_000, tuiMs: 3_600_000 };

export interface PlannedSegments {
  readonly segments: readonly Segment[];
  /** Undefined where the end is not a matter of time. */
  readonly durationMs: number | undefined;
  /** The highest rate (in the closed model: number of users) that the profile speaks of. */
  readonly peak: number;
}

/** Segments and length of a run. @param tui a run without an end of its own is longer */
export const planSegments = ({ load, durationMs, limit }: Profile, tui: boolean): PlannedSegments => {
  const unending = durationMs === 0 || (durationMs === undefined && limit !== undefined);
  const length = unending ? Infinity : (durationMs ?? (tui ? defaults.tuiMs : defaults.plainMs));
  switch (load.model) {
    case 'open':
      return staged(load.stages, durationMs);
    case 'closed':
      if (typeof load.users !== 'number') return staged(spawning(load.users, load.spawnRate), durationMs);
      return { ...spawned(load.users, load.spawnRate, length), peak: load.users };
    case 'constant':
      return { segments: constantSegments(load.rate, length), durationMs: finite(length), peak: load.rate };
    case 'full speed':
      return { segments: constantSegments(0, length), durationMs: finite(length), peak: 0 };
    case 'burst': {
      // Its rounds are its end: time ends it only where that is said.
      const limitMs = durationMs || Infinity;
      return { segments: constantSegments(0, limitMs), durationMs: finite(limitMs), peak: 0 };
    }
  }
};

/** The highest rate of segments. */
export const highestOf = (segments: readonly Segment[]): number =>
  Math.max(0, ...segments.map(({ from, to }) => Math.max(from, to)));

/** Stages end with their last; of several ends the first counts. A duration of 0 means until stopped: the last rate stays. */
const staged = (stages: readonly Stage[], durationMs: number | undefined): PlannedSegments => {
  const segments = segmentsOfStages(stages);
  const peak = Math.max(0, ...stages.map(({ rate }) => rate));
  const end = endOf(segments);
  if (durationMs === 0) {
    return { segments: held(segments, stages.at(-1)?.rate ?? 0), durationMs: undefined, peak };
  }
  if (durationMs === undefined || durationMs >= end) return { segments, durationMs: end, peak };
  return { segments: shortened(segments, durationMs), durationMs, peak };
};

/** A number of users, reached at so many a second, until the end. */
const spawned = (users: number, spawnRate: number, length: number): Omit<PlannedSegments, 'peak'> => {
  const ramp = segmentsOfStages(spawning([{ lengthMs: 0, rate: users }], spawnRate));
  const segments = held(ramp, users);
  return { segments: Number.isFinite(length) ? shortened(segments, length) : segments, durationMs: finite(length) };
};

/** Stages of users in which a jump takes as long as users need to begin or leave. */
const spawning = (stages: readonly Stage[], spawnRate: number): readonly Stage[] =>
  stages.map(({ lengthMs, rate }, index) => {
    const before = stages[index - 1]?.rate ?? 0;
    return { lengthMs: lengthMs > 0 ? lengthMs : (Math.abs(rate - before) / spawnRate) * 1000, rate };
  });

const finite = (ms: number): number | undefined => (Number.isFinite(ms) ? ms : undefined);

const endOf = (segments: readonly Segment[]): number => {
  const last = segments.at(-1);
  return last ? last.at + last.lengthMs : 0;
};

/** The rate is that of the last stage, which a jump leaves no segment of. */
const held = (segments: readonly Segment[], rate: number): Segment[] => [
  ...segments,
  { at: endOf(segments), lengthMs: Infinity, from: rate, to: rate },
];

const shortened = (segments: readonly Segment[], end: number): Segment[] =>
  segments
    .filter(({ at }) => at < end)
    .map((segment) => {
      const lengthMs = Math.min(segment.lengthMs, end - segment.at);
      // A segment without an end is level: its part of the whole would be no number.
      const part = segment.lengthMs === Infinity ? 0 : lengthMs / segment.lengthMs;
      return { ...segment, lengthMs, to: segment.from + (segment.to - segment.from) * part };
    });
