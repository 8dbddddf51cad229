// The closed models in one worker: virtual users, each with an exchange of its own and one iteration at a time. Full speed
// is the same with a user for each exchange that there may be. A request is intended for the instant at which its user was
// free, so that waiting for the target is not seen.

import { soon } from '../common/clock.ts';
import { countOfShare, firstOfShareFrom, type Share } from '../load/share.ts';
import type { Switch } from '../load/steer.ts';
import { iterationNumber } from '../load/user-numbers.ts';
import { UserPlan } from '../load/user-plan.ts';
import { pacing, type Recorder } from '../measure/recorder.ts';
import type { Exchange } from './exchange.ts';
import type { Ending, Iterations } from './iteration.ts';
import { type Action, Agenda, type LoadModel, manyInFlight, type Progress, writeProgress } from './load-model.ts';
import type { Pool } from './pool.ts';
import type { WorkerStart } from './protocol.ts';
import { Resting } from './resting.ts';

/** After a request without an answer its user rests this long: a target that refuses is not hammered. */
const restMs = 100;

export interface ClosedModelSettings {
  readonly share: Share | undefined;
  readonly limit: number;
  /** Full speed: exchanges on a connection, each with a user of its own. Undefined: users are those of the plan. */
  readonly perConnection: number | undefined;
  /** Iterations are numbered as they begin, not by their users: rows are used once, and fast users use more of them. */
  readonly numbersInTurn?: boolean;
  /** How long its user rests after iteration `n` of a scenario, ms. */
  readonly think: (scenario: number, n: number) => number;
  readonly progress: Progress;
  readonly now: () => number;
}

export class ClosedModel implements LoadModel {
  readonly #settings: ClosedModelSettings;
  readonly #pool: Pool;
  readonly #iterations: Iterations;
  readonly #recorder: Recorder;
  readonly #agenda = new Agenda();
  #share: Share | undefined;
  #plan: UserPlan;
  #revision: number;
  #gate: 'open' | 'hold' | 'ended';
  #muted = false;
  /** What is freed meanwhile waits: nothing is carried out twice. */
  #pumping = false;
  #next: number;
  /** Users of this share that are wanted now, and whether each of them is there, by its number in the share. */
  #wanted = 0;
  readonly #present: boolean[] = [];
  #users = 0;
  /** All users below it are there. */
  #allPresent = 0;
  /** Users without an exchange yet: number in the share and the instant from which it waits. */
  #unplaced: { readonly user: number; readonly since: number }[] = [];
  /** Exchanges whose user thinks, or rests after a failure; and those that a pause or the limit of iterations holds. */
  readonly #resting = new Resting();
  #paused: Exchange[] = [];
  /** Nobody goes on for an instant before the end of the last pause. */
  #openedAt = 0;
  /** Iterations that each user of this share has had, by its number in the share; and more than any of them had elsewhere. */
  #iterationsOf: number[] = [];
  #earlier = 0;
  /** Users that the plan began with, at the most. */
  readonly #planned: number;
  /** Exchanges that are free and go on when all that came has been read. */
  readonly #freed: Exchange[] = [];

  constructor(
    settings: ClosedModelSettings,
    start: WorkerStart,
    pool: Pool,
    iterations: Iterations,
    recorder: Recorder,
  ) {
    this.#settings = settings;
    this.#pool = pool;
    this.#iterations = iterations;
    this.#recorder = recorder;
    this.#share = settings.share;
    this.#plan = new UserPlan(start.plan);
    this.#revision = start.plan.revision;
    this.#gate = start.gate;
    this.#next = this.#share ? firstOfShareFrom(this.#share, start.firstArrival) : Infinity;
    this.#earlier = start.firstArrival;
    this.#planned = start.users;
    iterations.drivenBy(this);
  }

  readonly backlogSize = 0;
  readonly afterNextAt = Infinity;
  readonly shareCount = 1;

  oldestWaitMs(): number {
    return 0;
  }

  get users(): number {
    return this.#settings.perConnection === undefined ? this.#users : 0;
  }

  get revision(): number {
    return this.#revision;
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Lets users begin and leave as the plan says, and wakes those that rest. */
  pump(): number {
    const now = this.#settings.now();
    if (now < 0) return 0;
    this.#pumping = true;
    while (this.#agenda.next && this.#agenda.next.at <= now) {
      const action = this.#agenda.next;
      this.#agenda.shift();
      this.#carryOut(action);
    }
    if (this.#gate === 'ended') {
      this.#pumping = false;
      return Infinity;
    }
    const before = this.#wanted;
    // A pause sends nobody away.
    if (this.#gate === 'open') this.#wanted = this.#wantedAt(now);
    if (this.#gate === 'open' && !this.#muted) this.#populate(now);
    // Whoever is freed later and not wanted leaves by itself.
    if (this.#wanted < before) this.#dismiss();
    this.#pumping = false;
    return this.#nextInstant(now);
  }

  accept(action: Action): void {
    this.#agenda.add(action);
  }

  setMaxInFlight(): void {
    // Each user has one request: their number is the limit.
  }

  mute(): void {
    this.#muted = true;
    this.#iterations.between('hold');
  }

  end(): { cutOff: number; oldestBacklogMs: number } {
    this.#gate = 'ended';
    this.#agenda.clear();
    const idle = [...this.#paused, ...this.#resting.dismiss(() => true), ...this.#freed];
    for (const exchange of idle) this.#iterations.leave(exchange, () => {});
    return { cutOff: 0, oldestBacklogMs: 0 };
  }

  freed(exchange: Exchange, now: number, ending: Ending): void {
    if (this.#agenda.next && !this.#pumping) this.pump();
    // The connections of all of them go with the thread.
    if (this.#gate === 'ended') this.#iterations.leave(exchange, () => {});
    else if (exchange.user >= this.#wanted) this.#leave(exchange);
    else {
      const think = this.#settings.think(exchange.scenario, exchange.arrival);
      const rest = ending === 'failed' || ending === 'cutOff' ? Math.max(restMs, think) : think;
      if (rest > 0) this.#resting.add(exchange, now + rest);
      else this.#goOn(exchange, now);
    }
  }

  #goOn(exchange: Exchange, now: number): void {
    if (this.#gate !== 'open' || this.#muted) this.#paused.push(exchange);
    else if (this.#pumping || this.#users > manyInFlight) this.#beginSoon(exchange);
    else this.#begin(exchange, now, now);
  }

  #beginSoon(exchange: Exchange): void {
    if (this.#freed.push(exchange) > 1) return;
    soon(() => {
      const freed = this.#freed.splice(0);
      if (this.#gate === 'ended') return;
      if (this.#gate !== 'open' || this.#muted) this.#paused.push(...freed);
      else {
        for (const one of freed) {
          if (one.user >= this.#wanted) this.#leave(one);
          else this.#begin(one, one.endedAt, one.endedAt);
        }
      }
    });
  }

  #carryOut(action: Action): void {
    if (action.type === 'reshare') {
      this.#share = action.share;
      this.#earlier = action.firstArrival;
      this.#iterationsOf = [];
      this.#next = action.share ? firstOfShareFrom(action.share, Math.max(action.firstArrival, this.#next)) : Infinity;
      return;
    }
    const change: Switch = action.switch;
    this.#plan = new UserPlan(change.plan);
    this.#revision = change.plan.revision;
    this.#gate = change.gate;
    if (change.gate === 'open') {
      this.#muted = false;
      if (change.moveBacklogMs > 0) this.#openedAt = action.at;
    }
    const steps = change.gate === 'hold' ? 'hold' : change.dropBacklog ? 'drop' : 'go';
    this.#iterations.between(steps, change.moveBacklogMs);
  }

  #wantedAt(now: number): number {
    const { perConnection } = this.#settings;
    if (!this.#share) return 0;
    if (perConnection !== undefined) return this.#pool.limit * perConnection;
    return countOfShare(this.#share, this.#plan.usersAt(now));
  }

  #populate(now: number): void {
    // Thinking users wake often, and there may be thousands.
    for (let user = this.#allPresent; user < this.#wanted; user += 1) {
      if (this.#present[user]) continue;
      this.#present[user] = true;
      this.#users += 1;
      this.#unplaced.push({ user, since: this.#spawnedAt(user, now) });
    }
    this.#allPresent = Math.max(this.#allPresent, this.#wanted);
    let placed = 0;
    for (const { user, since } of this.#unplaced) {
      const exchange = user < this.#wanted ? this.#pool.take() : undefined;
      if (!exchange) break;
      placed += 1;
      exchange.user = user;
      this.#recorder.wait(pacing, Math.max(0, now - since));
      this.#begin(exchange, since, now);
    }
    if (placed > 0) this.#unplaced = this.#unplaced.slice(placed);
    for (let rest = this.#resting.take(now); rest; rest = this.#resting.take(now)) {
      const { exchange, until } = rest;
      if (exchange.user >= this.#wanted) this.#leave(exchange);
      else {
        const from = Math.max(until, this.#openedAt);
        this.#recorder.wait(pacing, Math.max(0, now - from));
        this.#begin(exchange, from, now);
      }
    }
    for (const exchange of this.#paused.splice(0)) this.#begin(exchange, now, now);
  }

  /** Sends users away that are not wanted any more and have nothing to do; the others leave after their iteration. */
  #dismiss(): void {
    const gone = ({ user }: { readonly user: number }): boolean => user >= this.#wanted;
    for (const { user } of this.#unplaced.filter(gone)) this.#forget(user);
    this.#unplaced = this.#unplaced.filter((one) => !gone(one));
    for (const exchange of this.#paused.filter(gone)) this.#leave(exchange);
    this.#paused = this.#paused.filter((one) => !gone(one));
    for (const exchange of this.#resting.dismiss(gone)) this.#leave(exchange);
  }

  #leave(exchange: Exchange): void {
    this.#iterations.leave(exchange, () => {
      this.#forget(exchange.user);
      exchange.user = -1;
      // At full speed there are fewer users because there may be fewer connections: the pool knows which.
      if (this.#settings.perConnection === undefined) this.#pool.close(exchange);
      else this.#pool.release(exchange);
    });
  }

  #forget(user: number): void {
    this.#present[user] = false;
    this.#allPresent = Math.min(this.#allPresent, user);
    this.#users -= 1;
  }

  #spawnedAt(user: number, now: number): number {
    const share = this.#share!;
    if (this.#settings.perConnection !== undefined) return now;
    return this.#plan.reachedAt(share.index + user * share.count, now);
  }

  #begin(exchange: Exchange, freeAt: number, now: number): void {
    if (this.#next >= this.#settings.limit) {
      this.#paused.push(exchange);
      return;
    }
    const n = this.#next;
    this.#next += this.#share?.count ?? 1;
    writeProgress(this.#settings.progress, this.#next);
    this.#recorder.flows.due += 1;
    // A user has its connection: no iteration waits for room, and what is late is late through us (pacing).
    this.#iterations.begin(exchange, this.#numberOf(exchange, n), freeAt, now, now);
  }

  /** What is drawn for the next iteration of an exchange's user hangs on this; full speed has no users to tell apart. */
  #numberOf(exchange: Exchange, n: number): number {
    const { perConnection, numbersInTurn } = this.#settings;
    if (perConnection !== undefined || !this.#share) return n;
    const { user } = exchange;
    const iteration = this.#iterationsOf[user] ?? 0;
    this.#iterationsOf[user] = iteration + 1;
    const { index, count } = this.#share;
    exchange.person = index + user * count;
    exchange.turn = this.#earlier + iteration;
    return numbersInTurn ? n : iterationNumber(exchange.person, exchange.turn, this.#planned);
  }

  #nextInstant(now: number): number {
    const waits = this.#gate === 'open' && !this.#muted;
    const share = this.#share;
    const nextUser = share ? share.index + this.#wanted * share.count : Infinity;
    return Math.min(
      this.#agenda.next?.at ?? Infinity,
      waits ? this.#resting.nextAt : Infinity,
      waits && this.#unplaced.length > 0 ? this.#pool.nextAt : Infinity,
      this.#settings.perConnection === undefined ? this.#plan.nextChange(nextUser, now) : now + restMs / 2,
    );
  }
}
