// Runs iterations: the steps of a scenario one after the other on an exchange, each outcome into the recorder. Which
// arrival comes next is the load model's business (open-model.ts, closed-model.ts, burst-model.ts).

import { soon } from '../common/clock.ts';
import { connect, type Recorder, room } from '../measure/recorder.ts';
import type { CompiledScenario } from '../profile/compile.ts';
import { BetweenSteps } from './between-steps.ts';
import type { CookieHost } from './cookie-jar.ts';
import { CutOffError, isUnmade } from './engine-errors.ts';
import type { Exchange, ExchangeListener } from './exchange.ts';
import { isExpectedStatus } from './expected-answer.ts';
import type { Hearing } from './hearing.ts';
import { OutcomeBook } from './outcome-book.ts';
import { type ReadyScenario, type ReadyStep, readyScenario } from './ready-scenario.ts';
import type { Request, RequestSettings } from './request.ts';
import { RequestLimits } from './request-limits.ts';
import { isRemoval, ResourceBook } from './resource-book.ts';
import { Walk } from './walk.ts';

/** How an iteration ended; `failed`: without a complete HTTP response. */
export type Ending = 'good' | 'notGood' | 'failed' | 'dropped' | 'cutOff';

/** What decides which arrivals run. */
export interface Freed {
  /** An iteration ended and its exchange is free. */
  freed(exchange: Exchange, now: number, ending: Ending): void;
}

export interface IterationSettings {
  readonly scenarios: readonly CompiledScenario[];
  /** The scenario of an arrival, as an index. @param person whose it is: see Exchange */
  readonly choose: (n: number, person: number) => number;
  readonly request: RequestSettings;
  readonly timeoutMs: number;
  /** Whose cookies are kept. */
  readonly host: CookieHost;
  /** Run clock, ms. */
  readonly now: () => number;
  /** Tells the operator of something. */
  readonly note: (text: string) => void;
  /** Default: nobody. */
  readonly onlooker?: Onlooker;
}

/** Looks on at each request and its answer: where a few are shown, not in a load. */
export interface Onlooker {
  /** The request of a step is made. */
  begins(exchange: Exchange): void;
  /** It is about to be sent. */
  sends(exchange: Exchange, request: Request): void;
  /** The hearing of an answer in place of that of its step. */
  hears(hearing: Hearing | undefined): Hearing;
}

export class Iterations implements ExchangeListener {
  readonly #recorder: Recorder;
  readonly #outcomes: OutcomeBook;
  readonly #settings: IterationSettings;
  readonly #scenarios: readonly ReadyScenario[];
  readonly #limits: RequestLimits;
  readonly #between: BetweenSteps;
  /** What was made and removed since it was last taken. */
  readonly resources = new ResourceBook();
  readonly #makes: boolean;
  /** Exchanges with a request on its way that makes something. */
  readonly #creating = new Set<Exchange>();
  /** What is left on its way makes something; all else was given up. */
  #isCut = false;
  #model: Freed | undefined;
  #inFlight = 0;
  /** Virtual users that leave with a tear-down. */
  #leaving = 0;
  /** An arrival had to wait for room. */
  #hindered = false;

  constructor(recorder: Recorder, settings: IterationSettings) {
    const { request, timeoutMs, now } = settings;
    this.#recorder = recorder;
    this.#settings = settings;
    this.#outcomes = new OutcomeBook(recorder, request.scheme === 'https');
    this.#between = new BetweenSteps({
      begin: (exchange) => {
        // Without think time, the next step is intended for the instant at which this one ended.
        exchange.intendedAt = exchange.endedAt;
        this.#send(exchange);
      },
      giveUp: (exchange, ending) => this.#finish(exchange, ending),
      thought: (exchange) => this.#proceed(exchange),
      now,
    });
    this.#scenarios = settings.scenarios.map((scenario, index) =>
      readyScenario(scenario, index, { request, recorder, over: (exchange) => this.#limits.begin(exchange) }),
    );
    this.#makes = this.#scenarios.some(({ steps }) => steps.some(({ creates }) => creates));
    const hasOwn = this.#scenarios.some(({ steps }) => steps.some(hasOwnLimit));
    this.#limits = new RequestLimits({ timeoutMs, hasOwn, now, stepOf: (exchange) => this.#stepOf(exchange) });
  }

  /** Whether a request is on its way that makes something. */
  get isCreating(): boolean {
    return this.#creating.size > 0;
  }

  /** Iterations between their first step's room and their end. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether anything is still on its way: iterations, or users that leave. */
  get isBusy(): boolean {
    return this.#inFlight + this.#leaving > 0;
  }

  /** Sets the model that is told of free exchanges; once, before the first iteration. */
  drivenBy(model: Freed): void {
    this.#model = model;
  }

  /** The limit of a request, from started to ended, ms. @param busy calls its argument with every exchange in use */
  limitTo(timeoutMs: number, busy: (visit: (exchange: Exchange) => void) => void): void {
    this.#limits.limitTo(timeoutMs, busy);
  }

  /** Ends requests that have run for too long; goes on with users who have thought for long enough. */
  checkDeadlines(now: number): void {
    this.#limits.check(now);
    this.#between.check(now);
  }

  /** Lets what is on its way finish its step, and no more; held iterations are cut off. */
  end(): void {
    this.#between.end();
  }

  /** Gives up everything in flight, at once and without a word to the target: the connections are closed with the thread. */
  cutOff(): void {
    this.#recorder.flows.cutOff += this.#inFlight;
    this.#inFlight = 0;
    this.#leaving = 0;
    for (const _ of this.#creating) this.resources.unanswered();
    this.#creating.clear();
    this.#between.clear();
    this.#model = undefined;
  }

  /**
   * The same for all but requests that make something: of those the answers are awaited, and nothing follows.
   * @param busy calls its argument with every exchange in use
   */
  cutOffOthers(busy: (visit: (exchange: Exchange) => void) => void): void {
    if (this.#isCut) return;
    this.#isCut = true;
    const kept = [...this.#creating].filter(({ walk }) => walk?.leaving === undefined).length;
    this.#recorder.flows.cutOff += this.#inFlight - kept;
    this.#inFlight = kept;
    this.#leaving = this.#creating.size - kept;
    this.#between.clear();
    // What waits for a connection must not be sent when it has one after all.
    const waiting: Exchange[] = [];
    busy((exchange) => {
      if (this.#creating.has(exchange)) return;
      exchange.follow = undefined;
      if (exchange.startedAt === 0) waiting.push(exchange);
    });
    for (const exchange of waiting) exchange.abort(new CutOffError());
  }

  /**
   * Sets what becomes of iterations between two steps: they go on, wait, or are given up. Those that waited go on.
   * @param moveMs added to the intended instants of steps that waited: the length of the pause
   */
  between(steps: 'go' | 'hold' | 'drop', moveMs = 0): void {
    this.#between.rule(steps, moveMs);
  }

  /**
   * Begins the iteration of an arrival on an exchange that is free.
   * @param intendedAt when it should have been sent; @param takenAt when it was taken up; @param now when it got room
   */
  begin(exchange: Exchange, n: number, intendedAt: number, takenAt: number, now: number): void {
    if (this.#enter(exchange, n, intendedAt, takenAt, now)) this.#send(exchange);
  }

  /** As `begin`, but nothing is sent before `release`. @param ready called when it could be */
  prepare(exchange: Exchange, n: number, now: number, ready: () => void): void {
    if (!this.#enter(exchange, n, now, now, now)) return;
    const request = this.#requestOf(exchange);
    if (request) exchange.prepare(request, ready);
  }

  /** Sends what was prepared; it was intended for `intendedAt`. */
  release(exchange: Exchange, intendedAt: number): void {
    exchange.intendedAt = intendedAt;
    exchange.release();
    this.started(exchange);
  }

  /**
   * The virtual user of an exchange leaves: what it has to tear down is torn down, also once the end has come.
   * @param done called when the exchange is free; at once where there is nothing to do
   */
  leave(exchange: Exchange, done: () => void): void {
    if (!exchange.walk) {
      done();
      return;
    }
    this.#leaving += 1;
    exchange.walk.leaving = done;
    exchange.scenario = -1;
    exchange.endedAt = this.#settings.now();
    this.#tearDown(exchange, exchange.walk);
  }

  started(exchange: Exchange): void {
    this.#limits.begin(exchange);
    if (this.#makes && this.#stepOf(exchange).creates) this.#creating.add(exchange);
  }

  answered(exchange: Exchange): void {
    this.#limits.end(exchange);
    if (this.#isCut && !this.#creating.has(exchange)) return;
    const step = this.#stepOf(exchange);
    const { expected } = step;
    const { status } = exchange;
    const isExpected = exchange.fault === undefined && isExpectedStatus(expected, status);
    if (step.removes && ((isExpected && expected) || isRemoval(status))) this.#removed(exchange, step.removes);
    if (!isExpected && step.optional !== undefined && isLacking(status)) {
      this.#skip(exchange, step, step.optional);
      return;
    }
    const ending = this.#outcomes.answered(exchange, step, isExpected);
    if (step.creates) this.#made(exchange, step.creates, isExpected);
    if (this.#isCut) this.#finishLast(exchange, ending === 'good' ? 'cutOff' : ending);
    else if (ending === 'good') this.#over(exchange, step);
    else this.#finish(exchange, ending);
  }

  failed(exchange: Exchange, error: Error): void {
    const overAt = exchange.hearing?.overAt ?? 0;
    if (overAt > 0) {
      // All of the stream came; what became of its connection then is nobody's loss.
      exchange.endedAt = overAt;
      this.answered(exchange);
      return;
    }
    this.#limits.end(exchange);
    if (this.#isCut && !this.#creating.has(exchange)) return;
    const step = this.#stepOf(exchange);
    exchange.hearing?.ignored(exchange);
    // What was never sent made nothing.
    if (this.#creating.delete(exchange) && exchange.sentAt > 0) this.resources.unanswered();
    const ending = error instanceof CutOffError ? 'cutOff' : 'failed';
    if (ending === 'cutOff') this.#outcomes.bytes(exchange, step);
    else this.#outcomes.failed(exchange, step, error);
    if (this.#isCut) this.#finishLast(exchange, ending);
    else this.#finish(exchange, ending);
  }

  connected(ms: number): void {
    this.#recorder.wait(connect, ms);
  }

  /** Prepares an exchange for the answer to another request of its step: the one that came was none. */
  hearAgain(exchange: Exchange, request: Request): void {
    this.#hear(exchange);
    this.#settings.onlooker?.sends(exchange, request);
  }

  moved(exchange: Exchange, bytes: number): void {
    this.#recorder.bytes(this.#stepOf(exchange).series, bytes, 0);
  }

  uploaded(exchange: Exchange): void {
    const { sendRate } = this.#stepOf(exchange);
    const { startedAt, sentAt, bytesMoved } = exchange;
    if (sendRate === undefined || sentAt <= startedAt) return;
    this.#recorder.metric(sendRate, (bytesMoved / (sentAt - startedAt)) * 1000, sentAt);
  }

  /** Begins an iteration; false where it has no request to send and is over soon. */
  #enter(exchange: Exchange, n: number, intendedAt: number, takenAt: number, now: number): boolean {
    this.#inFlight += 1;
    this.#recorder.flows.started += 1;
    this.#recorder.wait(room, now - takenAt);
    if (now - takenAt > 1) this.#hindered = true;
    exchange.unhindered = !this.#hindered;
    exchange.arrival = n;
    exchange.scenario = this.#settings.choose(n, exchange.person);
    exchange.step = 0;
    exchange.intendedAt = intendedAt;
    const { programs } = this.#scenarios[exchange.scenario]!;
    if (!programs) return true;
    if (exchange.walk?.user !== exchange.user) exchange.walk = new Walk(exchange.user, this.#settings.host);
    exchange.walk.begin(programs, n, exchange);
    if (this.#advance(exchange)) return true;
    // Whoever has nothing to do must not do it as fast as the machine can.
    this.#between.think(exchange, now, emptyMs);
    return false;
  }

  /** The request of a step that makes something was answered. */
  #made(exchange: Exchange, creates: NonNullable<ReadyStep['creates']>, isExpected: boolean): void {
    this.#creating.delete(exchange);
    if (!isExpected || !exchange.walk) return;
    try {
      // Also where more was expected of the answer: what was made is there.
      this.resources.made(creates(exchange.walk));
    } catch (error) {
      if (!isUnmade(error)) throw error;
      this.resources.unanswered();
    }
  }

  #removed({ walk }: Exchange, method: string): void {
    if (walk) this.resources.removed(`${method} ${walk.removing}`);
  }

  /** What made something is over, and all else was given up before. */
  #finishLast(exchange: Exchange, ending: Ending): void {
    this.#creating.delete(exchange);
    if (exchange.walk?.leaving) this.#leaving -= 1;
    else {
      this.#inFlight -= 1;
      this.#recorder.flows[ending === 'failed' ? 'notGood' : ending] += 1;
      if (ending === 'failed') this.#recorder.flows.noResponse += 1;
    }
  }

  /** A step was good: thinks where the profile says so, and goes on. */
  #over(exchange: Exchange, { thinkMs }: ReadyStep): void {
    if (thinkMs) this.#between.think(exchange, exchange.endedAt, thinkMs(exchange.walk?.draw ?? exchange.arrival));
    else this.#proceed(exchange);
  }

  #proceed(exchange: Exchange): void {
    if (this.#advance(exchange)) this.#between.next(exchange);
    else this.#finish(exchange, 'good');
  }

  /** Makes the next step that of the exchange; false where there is none. */
  #advance(exchange: Exchange): boolean {
    const { programs, steps } = this.#scenarios[exchange.scenario]!;
    if (!programs) {
      exchange.step += 1;
      return exchange.step < steps.length;
    }
    const step = exchange.walk!.next();
    if (step >= 0) exchange.step = step;
    return step >= 0;
  }

  /** The target has no such thing: the step is left out from now on, and its answer counts for nothing. */
  #skip(exchange: Exchange, step: ReadyStep, name: string): void {
    const { skipped } = this.#scenarios[exchange.scenario]!.programs!;
    exchange.hearing?.ignored(exchange);
    this.#creating.delete(exchange);
    this.#outcomes.bytes(exchange, step);
    if (skipped[exchange.step] === 0) {
      skipped[exchange.step] = 1;
      this.#settings.note(`${name}: not there (${exchange.status}), skipped`);
    }
    if (this.#isCut) this.#finishLast(exchange, 'cutOff');
    else this.#proceed(exchange);
  }

  #stepOf(exchange: Exchange): ReadyStep {
    return this.#scenarios[exchange.scenario]!.steps[exchange.step]!;
  }

  #send(exchange: Exchange): void {
    const request = this.#requestOf(exchange);
    if (request) exchange.send(request);
  }

  /** The request that is sent next; who hears its answer is with the exchange. Undefined: it cannot be made, and has failed. */
  #requestOf(exchange: Exchange): Request | undefined {
    const step = this.#stepOf(exchange);
    this.#hear(exchange);
    try {
      const request = step.make ? step.make(exchange.walk!, exchange.intendedAt) : step.request;
      exchange.follow = request.follow;
      if (step.removes && exchange.walk) exchange.walk.removing = exchange.walk.path;
      this.#settings.onlooker?.sends(exchange, request);
      return request;
    } catch (error) {
      if (!isUnmade(error)) throw error;
      exchange.refuse(this.#settings.now());
      // As with a request that was sent, nobody is told before it was asked for.
      soon(() => this.failed(exchange, error));
      return undefined;
    }
  }

  /** Sets who hears the next answer. */
  #hear(exchange: Exchange): void {
    const { hear, keepsHead } = this.#stepOf(exchange);
    const { onlooker } = this.#settings;
    exchange.hearing = hear?.(exchange);
    exchange.keepsHead = keepsHead;
    if (!onlooker) return;
    onlooker.begins(exchange);
    exchange.hearing = onlooker.hears(exchange.hearing);
    exchange.keepsHead = true;
  }

  /** Begins the next tear-down of a user that leaves, or lets it go. */
  #tearDown(exchange: Exchange, walk: Walk): void {
    for (;;) {
      exchange.scenario += 1;
      const scenario = this.#scenarios[exchange.scenario];
      if (!scenario) break;
      if (!scenario.programs || !walk.beginTeardown(scenario.programs) || !this.#advance(exchange)) continue;
      this.#between.next(exchange);
      return;
    }
    this.#leaving -= 1;
    exchange.walk = undefined;
    walk.leaving?.();
  }

  #finish(exchange: Exchange, ending: Ending): void {
    // What was cut off has been counted; its answer may still come.
    if (!this.#model) return;
    const { walk } = exchange;
    if (walk?.leaving) {
      this.#tearDown(exchange, walk);
      return;
    }
    this.#inFlight -= 1;
    if (ending !== 'good') walk?.abandon();
    this.#recorder.flows[ending === 'failed' ? 'notGood' : ending] += 1;
    if (ending === 'failed') this.#recorder.flows.noResponse += 1;
    this.#model.freed(exchange, exchange.endedAt, ending);
  }
}

/** Length of an iteration that sends nothing, ms. */
const emptyMs = 100;

const hasOwnLimit = ({ timeoutMs, idleMs }: ReadyStep): boolean => timeoutMs !== undefined || idleMs !== undefined;

/** What a service says that does not have what is asked for. */
const isLacking = (status: number): boolean => status === 404 || status === 405 || status === 501;
