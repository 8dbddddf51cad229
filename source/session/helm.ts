// Where a run is steered: holds the plan, the limits and the spawn rate that are in force, has commands decided on, and
// carries out those that change the load: the engine is told, and the event is written.

import { endsAt, levelAt, remainingMs, type Steering, steer, unsteered, wantedRate } from '../load/steer.ts';
import { type ChangeEvent, changeText } from './change-text.ts';
import type { Command, CommandSource } from './commands.ts';
import { decide } from './controller.ts';
import type { Decision } from './decision.ts';
import type { EventBody, Phase } from './events.ts';
import type { Journal } from './journal.ts';
import { highestFrom } from './load-question.ts';
import type { SessionParts } from './session-parts.ts';
import type { LimitState } from './state.ts';
import { backOfLoad, heldSteps, isOffStack, type Undoable, withUndoable } from './undo.ts';

/** A change takes effect this long after the command, so that all workers switch at the same instant (ms). */
const steerAheadMs = 50;

type Steer = Extract<Decision, { type: 'steer' }>;
type Limit = Extract<Decision, { type: 'limit' }>;
type Spawn = Extract<Decision, { type: 'spawn' }>;

export class Helm {
  readonly #parts: Pick<SessionParts, 'run' | 'engine'>;
  readonly #journal: Journal;
  #steering: Steering;
  #limits: LimitState;
  #spawnRate: number;
  #undoable: readonly Undoable[] = [];
  /** The highest that the load has been driven at, up to `reachedAt` (run clock, ms). */
  #reached = 0;
  #reachedAt = 0;

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
    return this.#target(this.#journal.now());
  }

  /** Decides on a command and carries out what changes the load; everything else is left to the caller. */
  take(command: Command, source: CommandSource, phase: Phase): Decision {
    const at = this.#journal.now() + steerAheadMs;
    const { markers, question } = this.#journal.state;
    this.#reached = Math.max(this.#reached, highestFrom(this.plan.segments, this.#reachedAt, at));
    this.#reachedAt = at;
    const decision = decide(command, {
      phase,
      model: this.#parts.run.model,
      steering: this.#steering,
      at,
      limits: this.#limits,
      spawnRate: this.#spawnRate,
      reached: this.#reached,
      question,
      confirmed: false,
      undoable: this.#undoable,
      of: this.#parts.run.phase,
      markers: markers.flatMap(({ kind, name }) => (kind === 'mark' ? [name] : [])),
    });
    if (command.type === 'change/undo') {
      if (isOffStack(this.#undoable.at(-1), decision)) this.#undoable = this.#undoable.slice(0, -1);
    }
    // Of what was asked and agreed to, the log says what it is.
    const meant = command.type === 'question/answer' && question ? question.command : command;
    if (decision.type === 'steer') this.#steer(decision, meant, source, at);
    else if (decision.type === 'limit') this.#limit(decision, meant, source);
    else if (decision.type === 'spawn') this.#spawn(decision, source);
    return decision;
  }

  #steer({ change, ceiling, undoes }: Steer, command: Command, source: CommandSource, at: number): void {
    const back = backOfLoad(this.#steering, change, at, this.#limits.ceiling);
    // The ceiling goes with the change: one step back takes both back.
    if (ceiling !== undefined) this.#announceLimits({ ...this.#limits, ceiling }, command, source);
    const wantedBefore = this.#target(at);
    const steered = steer(this.#steering, change, at);
    this.#steering = steered.steering;
    this.#parts.engine.steer(steered.switch);
    const { plan } = this.#steering;
    const body: ChangeEvent = {
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
      ...(undoes === undefined ? {} : { undoes }),
    };
    const dropped = steered.switch.dropBacklog && this.#journal.state.stocks.backlog > 0;
    this.#write(body, back, dropped);
  }

  /** What is wanted: of a ramp the rate that it has reached, of users the number that they come to one by one. */
  #target(at: number): number {
    const steering = this.#steering;
    if (this.#parts.run.model === 'closed') return wantedRate(steering, at);
    return levelAt(steering, steering.pausedAt ?? at);
  }

  #limit({ limits, undoes }: Limit, command: Command, source: CommandSource): void {
    const before = this.#limits;
    const { ceiling: _, ...engineLimits } = limits;
    this.#limits = limits;
    // The ceiling is ours alone: the engine drives what it is told.
    if (!(command.type === 'limit/set' && command.limit === 'ceiling')) this.#parts.engine.limit(engineLimits);
    this.#write(limitsBody(limits, command, source, undoes), { type: 'limits', limits: before });
  }

  #announceLimits(limits: LimitState, command: Command, source: CommandSource): void {
    this.#limits = limits;
    this.#journal.write(limitsBody(limits, command, source, undefined), true);
  }

  #spawn({ perSecond, undoes }: Spawn, source: CommandSource): void {
    const perSecondBefore = this.#spawnRate;
    this.#spawnRate = perSecond;
    const undone = undoes === undefined ? {} : { undoes };
    const body = { type: 'spawn/changed', perSecondBefore, perSecond, source, ...undone } as const;
    this.#write(body, { type: 'spawn', perSecond: perSecondBefore });
  }

  /** Writes a change down, and keeps how it was before, but for what is itself a step back. */
  #write(body: ChangeEvent, back: Undoable['back'], dropped = false): void {
    if (body.undoes === undefined) {
      const held = heldSteps(this.#undoable, body);
      const whole = held?.further ? { ...body, wantedBefore: held.wantedBefore, overMs: 0 } : body;
      const what = changeText(this.#journal.state, whole);
      this.#undoable = withUndoable(this.#undoable, { what, back, dropped, held });
    }
    this.#journal.write(body, true);
  }
}

const limitsBody = (
  { ceiling, ...limits }: LimitState,
  command: Command,
  source: CommandSource,
  undoes: string | undefined,
): Extract<EventBody, { type: 'limits/changed' }> => ({
  type: 'limits/changed',
  limits,
  ceiling,
  command,
  source,
  ...(undoes === undefined ? {} : { undoes }),
});

/** Infinity does not survive JSON. */
export const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);
