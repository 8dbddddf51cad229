// Runs the real engine in real worker threads against a port on loopback, without a session, and adds up what it tells.

import { monotonicNow } from '../../source/common/clock.ts';
import type { Engine } from '../../source/engine/engine.ts';
import { type Beside, EngineGroup } from '../../source/engine/engine-group.ts';
import type { Staffing } from '../../source/engine/staffing.ts';
import { ThreadEngine } from '../../source/engine/thread-engine.ts';
import { ArrivalPlan, type Segment } from '../../source/load/arrival-plan.ts';
import { arrivalsOf } from '../../source/load/arrivals.ts';
import type { BurstRound } from '../../source/measure/burst.ts';
import type { Interval } from '../../source/measure/interval.ts';
import type { ResourceChange } from '../../source/measure/resources.ts';
import type { Second } from '../../source/measure/second.ts';
import type { Summary } from '../../source/measure/summary.ts';
import { Timeline } from '../../source/measure/timeline.ts';
import { Judge } from '../../source/session/judge.ts';
import { plainSpec, type SpecPatch, scenariosOf } from './engine-spec.ts';

export interface Driven {
  readonly originAt: number;
  readonly plan: ArrivalPlan;
  readonly summary: Summary;
  readonly seconds: readonly Second[];
  readonly ownLimitSeconds: readonly number[];
  readonly intervals: readonly Interval[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly lost: readonly number[];
  readonly takenOver: readonly number[];
  /** Shares that were added and that left, in order. */
  readonly joined: readonly number[];
  readonly left: readonly number[];
  readonly rounds: readonly BurstRound[];
  /** What was made at the target, and removed. */
  readonly resources: readonly ResourceChange[];
  readonly stoppedBacklog: number;
}

export interface DriveOptions {
  readonly port: number;
  readonly segments: readonly Segment[];
  readonly forMs: number;
  readonly graceMs?: number;
  readonly spec?: SpecPatch;
  /** Paths of the scenarios, with weights; every request carries its number. */
  readonly paths?: readonly (readonly [path: string, weight: number])[];
  /** Says how many workers there should be, in place of the engine's own rule. */
  readonly staffing?: Pick<Staffing, 'take'>;
  /** Loads beside this one, and the names of their series, which follow those of `paths`. */
  readonly beside?: { readonly loads: readonly Beside[]; readonly series: readonly string[] };
  /** Called when the load has begun. */
  readonly during?: (engine: Engine, originAt: number) => Promise<void> | void;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the engine says of books that do not balance: a fault of ours in whatever test it happens. */
export const isBooksProblem = (text: string): boolean => text.startsWith('the books of');

/** Drives the load and adds it up. Throws where the books of a worker did not balance. */
export const drive = async (options: DriveOptions): Promise<Driven> => {
  const { port, segments, forMs, paths = [['/', 1]] } = options;
  const spec = plainSpec(port, { scenarios: scenariosOf(paths), seriesCount: paths.length, ...options.spec });
  const main = options.staffing ? new ThreadEngine(spec, options.staffing) : new ThreadEngine(spec);
  const { beside } = options;
  const engine: Engine = beside ? new EngineGroup(main, beside.loads) : main;
  const timeline = new Timeline(spec.workers);
  const judge = new Judge(spec.model);
  const seconds: Second[] = [];
  const ownLimitSeconds: number[] = [];
  const intervals: Interval[] = [];
  const problems: string[] = [];
  const notes: string[] = [];
  const lost: number[] = [];
  const takenOver: number[] = [];
  const joined: number[] = [];
  const left: number[] = [];
  const rounds: BurstRound[] = [];
  const resources: ResourceChange[] = [];
  const enter = (closed: readonly Second[]): void => {
    for (const event of closed.flatMap((second) => judge.take(second))) {
      if (event.type !== 'second/closed' || !event.verdict) continue;
      seconds.push(event.second);
      if (event.verdict.ownLimit) ownLimitSeconds.push(event.second.second);
    }
  };
  await engine.open();
  const originAt = monotonicNow() + 20;
  try {
    engine.start(
      originAt,
      { revision: 0, segments },
      {
        interval: (interval) => {
          intervals.push(interval);
          timeline.take(interval);
          enter(timeline.advance(monotonicNow() - originAt).seconds);
        },
        applied: () => {},
        muted: () => problems.push('muted'),
        lost: (share) => {
          judge.lost(share);
          timeline.forget(share);
          lost.push(share);
        },
        resources: (change) => resources.push(change),
        takenOver: (share) => {
          judge.takenOver(share);
          takenOver.push(share);
        },
        joined: (share) => {
          timeline.join(share);
          joined.push(share);
        },
        left: (share) => {
          timeline.leave(share);
          left.push(share);
        },
        round: (round) => {
          judge.round(round);
          rounds.push(round);
        },
        problem: (text) => problems.push(text),
        note: (text) => notes.push(text),
        broken: (reason) => problems.push(`broken: ${reason}`),
      },
    );
    await options.during?.(engine, originAt);
    // A timer may be a millisecond early; the plan has nothing due after its end.
    await sleep(Math.max(0, forMs - (monotonicNow() - originAt)) + 3);
    const stopped = await engine.stop(options.graceMs ?? 5000);
    enter(timeline.finish().seconds);
    const summary = judge.summary(
      {
        name: 'drive',
        target: `http://127.0.0.1:${port}`,
        model: spec.model,
        startedAt: '2026-01-01T00:00:00.000Z',
        timeZone: 'UTC',
        endReason: 'the planned end',
        durationMs: forMs,
        seed: spec.seed,
        recording: null,
        problems,
      },
      [...paths.map(([path]) => path), ...(beside?.series ?? [])],
    );
    const books = problems.filter(isBooksProblem);
    if (books.length > 0) throw new Error(books.join('\n'));
    const plan = new ArrivalPlan({ revision: 0, segments }, arrivalsOf(spec.arrivals, spec.seed));
    return {
      originAt,
      plan,
      summary,
      seconds,
      ownLimitSeconds,
      intervals,
      problems,
      notes,
      lost,
      takenOver,
      joined,
      left,
      rounds,
      resources,
      stoppedBacklog: stopped.backlog,
    };
  } finally {
    await engine.close();
  }
};

/** The value that `share` of the numbers do not exceed. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

/** The middle one of three measurements: these machines are noisy. */
export const medianOfThree = async <Value>(
  measure: () => Promise<Value>,
  by: (value: Value) => number,
): Promise<Value> => {
  const values = [await measure(), await measure(), await measure()];
  return values.sort((a, b) => by(a) - by(b))[1]!;
};
