// The open model in one worker: takes up the share's arrivals when they are due, whatever the target does, and lets those
// wait for which there is no room. The schedule itself is the plan's formula.

import { soon } from '../common/clock.ts';
import { ArrivalPlan } from '../load/arrival-plan.ts';
import type { Arrivals } from '../load/arrivals.ts';
import { firstOfShareFrom, type Share } from '../load/share.ts';
import type { Switch } from '../load/steer.ts';
import { pacing, type Recorder } from '../measure/recorder.ts';
import { Backlog, backlogLimit, type Waiting } from './backlog.ts';
import type { Exchange } from './exchange.ts';
import type { Iterations } from './iteration.ts';
import { type Action, Agenda, type LoadModel, manyInFlight, type Progress, writeProgress } from './load-model.ts';
import type { Pool } from './pool.ts';
import { tooLateMs, type WorkerStart } from './protocol.ts';

export interface OpenModelSettings {
  /** Undefined: none yet, a reshare gives one. */
  readonly share: Share | undefined;
  readonly arrivals: Arrivals;
  readonly limit: number;
  readonly maxInFlight: number;
  readonly overflow: 'queue' | 'drop';
  readonly progress: Progress;
  readonly now: () => number;
  /** Tells the operator of something, once. */
  readonly problem: (text: string) => void;
}

export class OpenModel implements LoadModel {
  readonly #settings: OpenModelSettings;
  readonly #pool: Pool;
  readonly #iterations: Iterations;
  readonly #recorder: Recorder;
  readonly #backlog = new Backlog();
  readonly #waiting: Waiting = { n: 0, intendedAt: 0, takenAt: 0 };
  readonly #agenda = new Agenda();
  #share: Share | undefined;
  #maxInFlight: number;
  #plan: ArrivalPlan;
  #gate: 'open' | 'hold' | 'ended';
  #muted = false;
  #toldFull = false;
  #holdBack = false;
  #startsSoon = false;
  #pumping = false;
  /** Since when nothing is started; waiting does not age meanwhile. */
  #heldAt: number | undefined;
  #next: number;
  #nextAt = Infinity;
  #afterNextAt = Infinity;

  constructor(settings: OpenModelSettings, start: WorkerStart, pool: Pool, iterations: Iterations, recorder: Recorder) {
    this.#settings = settings;
    this.#pool = pool;
    this.#iterations = iterations;
    this.#recorder = recorder;
    this.#share = settings.share;
    this.#maxInFlight = settings.maxInFlight;
    this.#plan = new ArrivalPlan(start.plan, settings.arrivals);
    this.#gate = start.gate;
    this.#next = this.#share ? firstOfShareFrom(this.#share, start.firstArrival) : Infinity;
    this.#lookAhead();
    iterations.drivenBy(this);
  }

  readonly users = 0;

  get backlogSize(): number {
    return this.#backlog.size;
  }

  oldestWaitMs(now: number): number {
    const { oldestIntendedAt } = this.#backlog;
    return oldestIntendedAt === undefined ? 0 : Math.max(0, (this.#heldAt ?? now) - oldestIntendedAt);
  }

  get revision(): number {
    return this.#plan.data.revision;
  }

  get shareCount(): number {
    return this.#share?.count ?? 1;
  }

  get afterNextAt(): number {
    return this.#afterNextAt;
  }

  /** Takes up what is due and carries out actions whose instant has come. */
  pump(): number {
    const now = this.#settings.now();
    this.#pumping = true;
    while (true) {
      const action = this.#agenda.next;
      const isDue = action !== undefined && action.at <= now;
      const until = isDue ? action.at : now;
      // A change that stops things is carried out late: what was due before it waits for its fate, and is not sent.
      this.#holdBack = isDue && stopsThings(action);
      while (this.#nextAt <= until) this.#takeUp(this.#settings.now());
      this.#holdBack = false;
      if (!action || action.at > now) {
        this.#pumping = false;
        this.#startWaiting();
        return Math.min(this.#nextAt, action?.at ?? Infinity, this.#roomAt());
      }
      this.#agenda.shift();
      if (action.type === 'switch') this.#carryOut(action.switch);
      else this.#reshare(action);
    }
  }

  accept(action: Action): void {
    this.#agenda.add(action);
  }

  setMaxInFlight(maxInFlight: number): void {
    this.#maxInFlight = maxInFlight;
    this.pump();
  }

  /** Stops sending because nobody watches: what waits, and all that comes due, is counted as not sent. */
  mute(): void {
    this.#muted = true;
    this.#iterations.between('hold');
    this.#recorder.flows.notSent += this.#backlog.clear();
  }

  get muted(): boolean {
    return this.#muted;
  }

  end(): { cutOff: number; oldestBacklogMs: number } {
    const now = this.#settings.now();
    const oldestBacklogMs = this.oldestWaitMs(now);
    this.#gate = 'ended';
    this.#nextAt = Infinity;
    this.#afterNextAt = Infinity;
    this.#agenda.clear();
    const cutOff = this.#backlog.clear();
    this.#recorder.flows.cutOff += cutOff;
    return { cutOff, oldestBacklogMs };
  }

  freed(exchange: Exchange): void {
    this.#pool.release(exchange);
    // A change that is due comes first: nothing of the backlog may start after the instant of a pause.
    // Inside of a pump, that goes on with what waits.
    if (this.#pumping) return;
    if (this.#agenda.next) this.pump();
    else if (this.#iterations.inFlight > manyInFlight) this.#startWaitingSoon();
    else this.#startWaiting();
  }

  #startWaitingSoon(): void {
    if (this.#startsSoon) return;
    this.#startsSoon = true;
    soon(() => {
      this.#startsSoon = false;
      this.pump();
    });
  }

  #advance(): void {
    this.#next += this.#share!.count;
    writeProgress(this.#settings.progress, this.#next);
    this.#nextAt = this.#afterNextAt;
    this.#afterNextAt = this.#timeOf(this.#next + this.#share!.count);
  }

  #carryOut(change: Switch): void {
    this.#plan = new ArrivalPlan(change.plan, this.#settings.arrivals);
    this.#lookAhead();
    if (change.gate === 'open') this.#muted = false;
    this.#gate = change.gate;
    this.#heldAt = change.gate === 'hold' ? (this.#heldAt ?? change.at) : undefined;
    if (change.dropBacklog) this.#recorder.flows.dropped += this.#backlog.clear();
    if (change.moveBacklogMs > 0) this.#backlog.move(change.moveBacklogMs);
    const steps = change.gate === 'hold' ? 'hold' : change.dropBacklog ? 'drop' : 'go';
    this.#iterations.between(steps, change.moveBacklogMs);
    this.#startWaiting();
  }

  /** From now on another part of the arrivals: which those are follows from the plan alone, in every worker alike. */
  #reshare({ at, share }: Extract<Action, { type: 'reshare' }>): void {
    this.#share = share;
    this.#next = share ? firstOfShareFrom(share, this.#plan.dueBy(at)) : Infinity;
    if (share) this.#settings.progress[0] = this.#next;
    this.#lookAhead();
  }

  #takeUp(now: number): void {
    const n = this.#next;
    const intendedAt = this.#nextAt;
    this.#advance();
    const { flows } = this.#recorder;
    flows.due += 1;
    this.#recorder.wait(pacing, now - intendedAt);
    if (this.#muted || now - intendedAt > tooLateMs) {
      flows.notSent += 1;
      return;
    }
    const exchange = this.#mayStart() && this.#backlog.size === 0 ? this.#exchange() : undefined;
    if (exchange) this.#iterations.begin(exchange, n, intendedAt, now, now);
    else if (this.#settings.overflow === 'drop' && !this.#holdBack && !this.#awaitsConnection()) flows.dropped += 1;
    else if (!this.#backlog.push(n, intendedAt, now)) this.#dropForWantOfMemory();
  }

  #dropForWantOfMemory(): void {
    this.#recorder.flows.dropped += 1;
    if (this.#toldFull) return;
    this.#toldFull = true;
    this.#settings.problem(`${backlogLimit} arrivals wait in one worker: further ones are dropped`);
  }

  #startWaiting(): void {
    while (this.#gate === 'open' && this.#backlog.size > 0) {
      const exchange = this.#exchange();
      if (!exchange) return;
      this.#backlog.shift(this.#waiting);
      const { n, intendedAt, takenAt } = this.#waiting;
      this.#iterations.begin(exchange, n, intendedAt, takenAt, this.#settings.now());
    }
  }

  /** When what waits may find room without an answer ending: when a new connection may be made. */
  #roomAt(): number {
    if (this.#backlog.size === 0 || this.#gate !== 'open' || this.#iterations.inFlight >= this.#maxInFlight)
      return Infinity;
    return this.#pool.nextAt;
  }

  /** There is room, but a new connection may not be made in this moment: that is no reason to drop an arrival. */
  #awaitsConnection(): boolean {
    const { size, limit } = this.#pool;
    const waiting = this.#backlog.size;
    return waiting < limit - size && this.#iterations.inFlight + waiting < this.#maxInFlight;
  }

  #mayStart(): boolean {
    return this.#gate === 'open' && !this.#holdBack;
  }

  #exchange(): Exchange | undefined {
    return this.#iterations.inFlight < this.#maxInFlight ? this.#pool.take() : undefined;
  }

  /** The instants of the next two arrivals, by a plan or a share that is new. */
  #lookAhead(): void {
    this.#nextAt = this.#timeOf(this.#next);
    this.#afterNextAt = this.#share ? this.#timeOf(this.#next + this.#share.count) : Infinity;
  }

  #timeOf(n: number): number {
    return n >= this.#settings.limit || n === Infinity ? Infinity : this.#plan.timeOf(n);
  }
}

const stopsThings = (action: Action): boolean =>
  action.type === 'switch' && (action.switch.gate === 'hold' || action.switch.dropBacklog);
