// Several loads at once, as one engine: a main one that is steered, and others beside it that follow their own plans. All
// pause, go on and end together; shares are told apart by their numbers, so that what they report adds up.

import { formatCount } from '../common/units.ts';
import type { PlanData, Segment } from '../load/arrival-plan.ts';
import { type Steering, type Switch, steer, unsteered } from '../load/steer.ts';
import type { Engine, EngineListener, Stopped } from './engine.ts';
import type { Limits } from './protocol.ts';

/** Shares of the loads beside the main one are numbered from multiples of this on. */
const sharesApart = 1000;

/** The shares of the loads beside the main one. @param workers that each has */
export const sharesBeside = (workers: readonly number[]): readonly number[] =>
  workers.flatMap((count, index) => Array.from({ length: count }, (_, share) => (index + 1) * sharesApart + share));

/** A load beside the main one. Its connections and what it may have in flight are its own. */
export interface Beside {
  readonly engine: Engine;
  /** From run time 0 on. */
  readonly segments: readonly Segment[];
  readonly limits: Limits;
}

export class EngineGroup implements Engine {
  readonly #main: Engine;
  readonly #beside: readonly Beside[];
  #steering: Steering[];
  #held = false;

  constructor(main: Engine, beside: readonly Beside[]) {
    this.#main = main;
    this.#beside = beside;
    this.#steering = beside.map(({ segments }) => unsteered(segments));
  }

  get #engines(): readonly Engine[] {
    return [this.#main, ...this.#beside.map(({ engine }) => engine)];
  }

  /** Opens all; where one cannot be, none is left open. */
  async open(): Promise<void> {
    const opened = await Promise.allSettled(this.#engines.map((engine) => engine.open()));
    const failed = opened.find((one) => one.status === 'rejected');
    if (!failed) return;
    await this.close();
    throw failed.reason;
  }

  start(originAt: number, plan: PlanData, listener: EngineListener): void {
    this.#main.start(originAt, plan, listener);
    for (const [index, { engine }] of this.#beside.entries()) {
      engine.start(originAt, this.#steering[index]!.plan, besideListener(listener, (index + 1) * sharesApart));
    }
  }

  steer(change: Switch): void {
    this.#main.steer(change);
    // Nothing is started after a zero either, whatever load it was set for.
    const holds = change.gate === 'hold' || change.dropBacklog;
    if (holds === this.#held) return;
    this.#held = holds;
    this.#steering = this.#steering.map((before, index) => {
      const { dropBacklog } = change;
      const steered = steer(before, holds ? { type: 'pause', dropBacklog } : { type: 'resume' }, change.at);
      this.#beside[index]!.engine.steer(steered.switch);
      return steered.steering;
    });
  }

  /** What a request may take is for all; connections and what is in flight are the main load's. */
  limit(limits: Limits): void {
    this.#main.limit(limits);
    for (const beside of this.#beside) beside.engine.limit({ ...beside.limits, timeoutMs: limits.timeoutMs });
  }

  async stop(graceMs: number, atOnce = false): Promise<Stopped> {
    const stopped = await Promise.all(this.#engines.map((engine) => engine.stop(graceMs, atOnce)));
    return {
      backlog: stopped.reduce((sum, { backlog }) => sum + backlog, 0),
      oldestBacklogMs: Math.max(...stopped.map(({ oldestBacklogMs }) => oldestBacklogMs)),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }
}

/** What a load beside the main one tells, with shares of its own numbers and no plan that anybody steers. */
const besideListener = (listener: EngineListener, from: number): EngineListener => ({
  // Its revisions are of another plan.
  interval: (interval) => listener.interval({ ...interval, share: from + interval.share, revision: Infinity }),
  applied: () => {},
  muted: (at) => listener.muted(at),
  lost: (share, reason) => listener.lost(from + share, reason),
  takenOver: (share) => listener.takenOver(from + share),
  // They keep the workers they begin with.
  joined: () => {},
  left: () => {},
  // Bursts beside the main load end when it does, or by themselves where they had too many errors.
  round: (round, after) => {
    listener.round(round, 'more');
    if (after !== 'errors') return;
    const { notGood, size } = round;
    listener.note(`no further bursts: ${formatCount(notGood)} errors in one of ${formatCount(size)}; the load goes on`);
  },
  resources: (change) => listener.resources(change),
  note: (text) => listener.note(text),
  problem: (text, hint) => listener.problem(text, hint),
  broken: (reason) => listener.broken(reason),
});
