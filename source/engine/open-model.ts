// The open model in one worker: takes up the share's arrivals when they are due, whatever the target does, and lets those
// wait for which there is no room. The schedule itself is the plan's formula.

import { ArrivalPlan } from '../load/arrival-plan.ts';
import type { Arrivals } from '../load/arrivals.ts';
import { firstOfShareFrom, type Share } from '../load/share.ts';
import type { Switch } from '../load/steer.ts';
import { pacing, type Recorder } from '../measure/recorder.ts';
import { Backlog, backlogLimit, type Waiting } from './backlog.ts';
import type { Connection } from './connection.ts';
import type { Iterations, LoadModel } from './iteration.ts';
import type { Pool } from './pool.ts';
import { tooLateMs, type WorkerStart } from './protocol.ts';

export interface OpenModelSettings {
  readonly share: Share;
  readonly arrivals: Arrivals;
  readonly limit: number;
  readonly maxInFlight: number;
  readonly overflow: 'queue' | 'drop';
  /** Where the worker writes down the first arrival that it has not taken up. */
  readonly progress: Float64Array;
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
  /** Changes of the plan that lie ahead, in order. */
  readonly #switches: Switch[] = [];
  #plan: ArrivalPlan;
  #gate: 'open' | 'hold' | 'ended';
  #muted = false;
  #toldFull = false;
  #holdBack = false;
  /** Since when nothing is started; waiting does not age meanwhile. */
  #heldAt: number | undefined;
  #next: number;
  #nextAt: number;

  constructor(settings: OpenModelSettings, start: WorkerStart, pool: Pool, iterations: Iterations, recorder: Recorder) {
    this.#settings = settings;
    this.#pool = pool;
    this.#iterations = iterations;
    this.#recorder = recorder;
    this.#plan = new ArrivalPlan(start.plan, settings.arrivals);
    this.#gate = start.gate;
    this.#next = firstOfShareFrom(settings.share, start.firstArrival);
    this.#nextAt = this.#timeOfNext();
    iterations.drivenBy(this);
  }

  get backlogSize(): number {
    return this.#backlog.size;
  }

  /** How long the oldest arrival has waited, ms; the time of a pause does not count. */
  oldestWaitMs(now: number): number {
    const { oldestIntendedAt } = this.#backlog;
    return oldestIntendedAt === undefined ? 0 : Math.max(0, (this.#heldAt ?? now) - oldestIntendedAt);
  }

  get revision(): number {
    return this.#plan.data.revision;
  }

  /**
   * Takes up what is due and carries out changes of the plan whose instant has come.
   * @returns the instant at which it wants to be called again
   */
  pump(): number {
    const now = this.#settings.now();
    while (true) {
      const change = this.#switches[0];
      const isDue = change !== undefined && change.at <= now;
      const until = isDue ? change.at : now;
      // A change that stops things is carried out late: what was due before it waits for its fate, and is not sent.
      this.#holdBack = isDue && (change.gate === 'hold' || change.dropBacklog);
      while (this.#nextAt <= until) this.#takeUp(this.#settings.now());
      this.#holdBack = false;
      if (!change || change.at > now) return Math.min(this.#nextAt, change?.at ?? Infinity);
      this.#switches.shift();
      this.#carryOut(change);
    }
  }

  /** Accepts a change of the plan; it takes effect at its instant, or at once where that has passed. */
  accept(change: Switch): void {
    this.#switches.push(change);
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

  /** Begins nothing more; what waits is cut off. */
  end(): { cutOff: number; oldestBacklogMs: number } {
    const now = this.#settings.now();
    const oldestBacklogMs = this.oldestWaitMs(now);
    this.#gate = 'ended';
    this.#nextAt = Infinity;
    this.#switches.length = 0;
    const cutOff = this.#backlog.clear();
    this.#recorder.flows.cutOff += cutOff;
    return { cutOff, oldestBacklogMs };
  }

  #advance(): void {
    this.#next += this.#settings.share.count;
    this.#settings.progress[0] = this.#next;
  }

  freed(connection: Connection): void {
    this.#pool.release(connection);
    // A change that is due comes first: nothing of the backlog may start after the instant of a pause.
    if (this.#switches.length > 0) this.pump();
    this.#startWaiting();
  }

  #carryOut(change: Switch): void {
    this.#plan = new ArrivalPlan(change.plan, this.#settings.arrivals);
    this.#nextAt = this.#timeOfNext();
    if (change.gate === 'open') this.#muted = false;
    this.#gate = change.gate;
    this.#heldAt = change.gate === 'hold' ? (this.#heldAt ?? change.at) : undefined;
    if (change.dropBacklog) this.#recorder.flows.dropped += this.#backlog.clear();
    if (change.moveBacklogMs > 0) this.#backlog.move(change.moveBacklogMs);
    const steps = change.gate === 'hold' ? 'hold' : change.dropBacklog ? 'drop' : 'go';
    this.#iterations.between(steps, change.moveBacklogMs);
    this.#startWaiting();
  }

  #takeUp(now: number): void {
    const n = this.#next;
    const intendedAt = this.#nextAt;
    this.#advance();
    this.#nextAt = this.#timeOfNext();
    const { flows } = this.#recorder;
    flows.due += 1;
    this.#recorder.wait(pacing, now - intendedAt);
    if (this.#muted || now - intendedAt > tooLateMs) {
      flows.notSent += 1;
      return;
    }
    const connection = this.#mayStart() && this.#backlog.size === 0 ? this.#connection() : undefined;
    if (connection) this.#iterations.begin(connection, n, intendedAt, now, now);
    else if (this.#settings.overflow === 'drop' && !this.#holdBack) flows.dropped += 1;
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
      const connection = this.#connection();
      if (!connection) return;
      this.#backlog.shift(this.#waiting);
      const { n, intendedAt, takenAt } = this.#waiting;
      this.#iterations.begin(connection, n, intendedAt, takenAt, this.#settings.now());
    }
  }

  #mayStart(): boolean {
    return this.#gate === 'open' && !this.#holdBack;
  }

  #connection(): Connection | undefined {
    return this.#iterations.inFlight < this.#settings.maxInFlight ? this.#pool.take() : undefined;
  }

  #timeOfNext(): number {
    return this.#next >= this.#settings.limit ? Infinity : this.#plan.timeOf(this.#next);
  }
}
