// Watches the objectives of a run, second by second: how each stands, what changed, and what became of it in the end. How a
// value comes about is measure/objective-window.ts.

import type { Metric } from '../measure/metric.ts';
import type { Objective, ObjectiveStanding, ObjectiveStatus } from '../measure/objective.ts';
import { ObjectiveLedger } from '../measure/objective-ledger.ts';
import { type ObjectiveSample, ObjectiveWindow, sampleOf } from '../measure/objective-window.ts';
import type { Second } from '../measure/second.ts';
import type { ObjectiveSummary } from '../measure/summary.ts';
import type { EventBody } from './events.ts';

/** A broken objective counts as met again after so many seconds within its bound: a value at its bound wavers. */
const calmSeconds = 3;

interface Watched {
  readonly objective: Objective;
  readonly window: ObjectiveWindow;
  readonly ledger: ObjectiveLedger;
  standing: ObjectiveStanding;
  /** Seconds within the bound since it was last beyond it. */
  calm: number;
  /** Run time at which it was last beyond its bound, ms. */
  brokenUntil: number;
}

/** How the objectives stand after a second, and what changed with it. */
export interface Watching {
  readonly standings: readonly ObjectiveStanding[];
  readonly changes: readonly EventBody[];
}

export class ObjectiveWatch {
  readonly #watched: readonly Watched[];
  readonly #fromMs: number;
  /** Stretches in which no load was wanted, oldest first; the last one may still last. */
  readonly #rests: { from: number; to: number }[] = [];

  /** @param warmupMs seconds that begin before it are left out @param metrics of the run, by index */
  constructor(objectives: readonly Objective[], warmupMs = 0, metrics: readonly Metric[] = []) {
    this.#fromMs = warmupMs;
    this.#watched = objectives.map((objective) => ({
      objective,
      window: new ObjectiveWindow(objective, metrics),
      ledger: new ObjectiveLedger(objective),
      standing: { status: 'not enough data', value: Number.NaN, brokenSince: undefined },
      calm: 0,
      brokenUntil: 0,
    }));
  }

  /** Learns from an event whether load is wanted: not while paused, at zero by hand, or after the end. */
  follow(event: EventBody, at: number): void {
    if (event.type === 'plan/changed') this.#rest(event.from, restOf(event));
    else if (event.type === 'phase/changed' && event.phase === 'draining') this.#rest(at, at);
  }

  /** Takes a second that closed, or what came late of one, which changes no verdict of the past. */
  take(second: Second): Watching {
    const startsAt = second.second * 1000;
    const counts = this.#watched.length > 0 && startsAt >= this.#fromMs;
    const changes = counts ? this.#enter(sampleOf(second), startsAt) : [];
    return { standings: this.#watched.map(({ standing }) => standing), changes };
  }

  /** Judges what a run was too short to judge, by all of it that counts. */
  finish(): readonly EventBody[] {
    return this.#watched
      .filter(({ ledger }) => !ledger.isJudged)
      .flatMap((one) => {
        const { fromMs, lengthMs } = one.window.covered;
        return this.#judge(one, fromMs, lengthMs, one.window.status(true));
      });
  }

  summary(): readonly ObjectiveSummary[] {
    return this.#watched.map(({ ledger }) => ledger.summary());
  }

  #enter(sample: ObjectiveSample, startsAt: number): EventBody[] {
    if (sample.late) {
      for (const { window } of this.#watched) window.takeLate(sample);
      return [];
    }
    const { lengthMs } = sample;
    const rests = this.#isResting(startsAt, startsAt + lengthMs);
    return this.#watched.flatMap((one) => {
      const { window } = one;
      if (!rests) window.take(sample);
      else window.hold(sample);
      // While nothing is asked, nothing new is said but of what still ends.
      if (rests && (window.needsLoad || sample.ended === 0)) return [];
      return this.#judge(one, startsAt, lengthMs, window.status());
    });
  }

  #judge(one: Watched, fromMs: number, lengthMs: number, found: ObjectiveStatus): EventBody[] {
    const { objective, window, ledger, standing: before } = one;
    const { value } = window;
    ledger.judge(fromMs, lengthMs, found, value);
    one.calm = found === 'broken' ? 0 : one.calm + 1;
    if (found === 'broken') one.brokenUntil = fromMs + lengthMs;
    const wavers = before.status === 'broken' && found !== 'not enough data' && one.calm < calmSeconds;
    const status = wavers ? 'broken' : found;
    const brokenSince = status === 'broken' ? (before.brokenSince ?? fromMs) : undefined;
    one.standing = { status, value, brokenSince };
    if (status === before.status) return [];
    const brokenForMs = before.brokenSince === undefined ? undefined : one.brokenUntil - before.brokenSince;
    return [{ type: 'objective/changed', objective, before: before.status, status, value, brokenSince, brokenForMs }];
  }

  /** What is planned anew from `from` on has load up to `restsFrom`. */
  #rest(from: number, restsFrom: number): void {
    const last = this.#rests.at(-1);
    if (last?.to === Infinity) {
      // What was still to come is planned anew, too; what lasts may go on.
      if (last.from >= from) this.#rests.pop();
      else if (restsFrom <= from) return;
      else last.to = from;
    }
    if (restsFrom < Infinity) this.#rests.push({ from: restsFrom, to: Infinity });
  }

  #isResting(from: number, to: number): boolean {
    while (this.#rests[0] && this.#rests[0].to <= from) this.#rests.shift();
    return this.#rests.some((rest) => rest.from < to && rest.to > from);
  }
}

/** From when a plan wants no load any more, paused or by hand: after a ramp to zero, not while it goes down. */
const restOf = ({ from, plan, paused, manual }: Extract<EventBody, { type: 'plan/changed' }>): number => {
  if (paused) return from;
  if (!manual) return Infinity;
  const last = plan.segments.findLastIndex((segment) => segment.from > 0 || segment.to > 0);
  return last < 0 ? from : (plan.segments[last + 1]?.at ?? Infinity);
};
