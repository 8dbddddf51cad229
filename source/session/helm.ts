// Where a run is steered: holds the plan, the limits and the spawn rate that are in force, has commands decided on, and
// carries out those that change the load: the engine is told, and the event is written.

import { endsAt, remainingMs, type Steering, steer, unsteered, wantedRate } from '../load/steer.ts';
import type { Command, CommandSource } from './commands.ts';
import { decide } from './controller.ts';
import type { Decision } from './decision.ts';
import type { Phase } from './events.ts';
import type { Journal } from './journal.ts';
import type { SessionParts } from './session-parts.ts';
import type { LimitState } from './state.ts';

/** A change takes effect this long after the command, so that all workers switch at the same instant (ms). */
const steerAheadMs = 50;

type Steer = Extract<Decision, { type: 'steer' }>;

export class Helm {
  readonly #parts: Pick<SessionParts, 'run' | 'engine'>;
  readonly #journal: Journal;
  #steering: Steering;
  #limits: LimitState;
  #spawnRate: number;

  constructor(parts: Pick<SessionParts, 'run' | 'engine' | 'segments'>, journal: Journal) {
    this.#parts = parts;
    this.#journal = journal;
    this.#steering = unsteered(parts.segments);
    const { connections, maxInFlight, timeoutMs, maxRate, spawnRate } = parts.run;
    this.#limits = { connections, maxInFlight, timeoutMs, ceiling: maxRate };
    this.#spawnRate = spawnRate ?? Infinity;
  }

  get plan(): Steering['plan'] {
    return this.#steering.plan;
  }

  /** When the run is planned to end (run clock, ms); Infinity while paused, and for a run without an end. */
  get endsAt(): number {
    return endsAt(this.#steering);
  }

  get isPaused(): boolean {
    return this.#steering.pausedAt !== undefined;
  }

  /** What is wanted now: per second, in the closed model users. */
  get wanted(): number {
    return wantedRate(this.#steering, this.#journal.now());
  }

  /** Decides on a command and carries out what changes the load; everything else is left to the caller. */
  take(command: Command, source: CommandSource, phase: Phase): Decision {
    const at = this.#journal.now() + steerAheadMs;
    const decision = decide(command, {
      phase,
      model: this.#parts.run.model,
      steering: this.#steering,
      at,
      limits: this.#limits,
      spawnRate: this.#spawnRate,
      markers: this.#journal.state.markers.map(({ name }) => name),
    });
    if (decision.type === 'steer') this.#steer(decision, command, source, at);
    else if (decision.type === 'limit') this.#limit(decision.limits, command, source);
    else if (decision.type === 'spawn') this.#spawn(decision.perSecond, source);
    return decision;
  }

  #steer({ change }: Steer, command: Command, source: CommandSource, at: number): void {
    const wantedBefore = this.#target(at);
    const steered = steer(this.#steering, change, at);
    this.#steering = steered.steering;
    this.#parts.engine.steer(steered.switch);
    const { plan } = this.#steering;
    this.#journal.write(
      {
        type: 'plan/changed',
        // What was before is in the events before: a key that is held must not write the whole past again and again.
        plan: { ...plan, segments: plan.segments.filter((segment) => segment.at >= at) },
        from: at,
        command,
        source,
        wantedBefore,
        wanted: change.type === 'rate' ? change.rate : this.#target(at),
        overMs: change.type === 'rate' ? (change.overMs ?? 0) : 0,
        endsAt: finite(this.endsAt),
        remainingMs: finite(remainingMs(this.#steering, at)),
        paused: this.isPaused,
        manual: this.#steering.manualRate !== undefined,
      },
      true,
    );
  }

  /** What is wanted: of users the number that they come to, though they begin one by one. */
  #target(at: number): number {
    const { manualRate } = this.#steering;
    return this.#parts.run.model === 'closed' && manualRate !== undefined ? manualRate : wantedRate(this.#steering, at);
  }

  #limit({ ceiling, ...limits }: LimitState, command: Command, source: CommandSource): void {
    this.#limits = { ...limits, ceiling };
    // The ceiling is ours alone: the engine drives what it is told.
    if (!(command.type === 'limit/set' && command.limit === 'ceiling')) this.#parts.engine.limit(limits);
    this.#journal.write({ type: 'limits/changed', limits, ceiling, command, source }, true);
  }

  #spawn(perSecond: number, source: CommandSource): void {
    const perSecondBefore = this.#spawnRate;
    this.#spawnRate = perSecond;
    this.#journal.write({ type: 'spawn/changed', perSecondBefore, perSecond, source }, true);
  }
}

/** Infinity does not survive JSON. */
export const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);
