// Runs iterations: the steps of a scenario one after the other on an exchange, each outcome into the recorder. Which
// arrival comes next is the load model's business (open-model.ts, closed-model.ts, burst-model.ts).

import type { Recorder } from '../measure/recorder.ts';
import { connect, receiving, room, sending, unhindered, waiting } from '../measure/recorder.ts';
import { causeOfStatus } from '../measure/status-cause.ts';
import type { CompiledScenario } from '../profile/compile.ts';
import { CutOffError, classifyError, DeadlineError, describeError, isOwnFault } from './classify-error.ts';
import { Deadlines } from './deadlines.ts';
import type { Exchange, ExchangeListener } from './exchange.ts';
import { type Request, type RequestSettings, requestOf } from './request.ts';

/** How an iteration ended; `failed`: without a complete HTTP response. */
export type Ending = 'good' | 'notGood' | 'failed' | 'dropped' | 'cutOff';

/** What decides which arrivals run. */
export interface Freed {
  /** An iteration ended and its exchange is free. */
  freed(exchange: Exchange, now: number, ending: Ending): void;
}

interface ReadyStep {
  readonly series: number;
  readonly request: Request;
  readonly expected: ReadonlySet<number> | undefined;
}

export interface IterationSettings {
  readonly scenarios: readonly CompiledScenario[];
  /** The scenario of an arrival, as an index. */
  readonly choose: (n: number) => number;
  readonly request: RequestSettings;
  readonly timeoutMs: number;
  /** Run clock, ms. */
  readonly now: () => number;
}

export class Iterations implements ExchangeListener {
  readonly #recorder: Recorder;
  readonly #scenarios: readonly (readonly ReadyStep[])[];
  readonly #choose: (n: number) => number;
  readonly #deadlines: Deadlines<Exchange>;
  readonly #secure: boolean;
  /** A status below 400 may be one that is not expected. */
  readonly #keepsHeads: boolean;
  #timeoutMs: number;
  #model: Freed | undefined;
  #inFlight = 0;
  /** An arrival had to wait for room. */
  #hindered = false;
  /** What becomes of an iteration whose next step could begin. */
  #between: 'go' | 'hold' | 'drop' | 'end' = 'go';
  /** Exchanges whose next step is held by a pause. */
  #held: Exchange[] = [];

  constructor(recorder: Recorder, settings: IterationSettings) {
    this.#recorder = recorder;
    this.#choose = settings.choose;
    this.#timeoutMs = settings.timeoutMs;
    this.#secure = settings.request.scheme === 'https';
    this.#deadlines = new Deadlines(settings.now());
    this.#scenarios = settings.scenarios.map(({ steps }) =>
      steps.map((step) => ({
        series: step.series,
        request: requestOf(step, settings.request),
        expected: step.expectStatus ? new Set(step.expectStatus) : undefined,
      })),
    );
    this.#keepsHeads = settings.scenarios.some(({ steps }) => steps.some(({ expectStatus }) => expectStatus));
  }

  /** Iterations between their first step's room and their end. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Sets the model that is told of free exchanges; once, before the first iteration. */
  drivenBy(model: Freed): void {
    this.#model = model;
  }

  /** The limit of a request, from started to ended, ms. @param busy calls its argument with every exchange in use */
  limitTo(timeoutMs: number, busy: (visit: (exchange: Exchange) => void) => void): void {
    this.#timeoutMs = timeoutMs;
    busy((exchange) => {
      if (exchange.startedAt === 0) return;
      this.#deadlines.remove(exchange);
      this.#deadlines.add(exchange, exchange.startedAt + timeoutMs);
    });
  }

  /** Ends requests that have run for too long. */
  checkDeadlines(now: number): void {
    this.#deadlines.advance(now, this.#expire);
  }

  readonly #expire = (exchange: Exchange): void => {
    // It waits for a connection again, which has a limit of its own.
    if (exchange.startedAt === 0) return;
    exchange.abort(new DeadlineError(this.#timeoutMs, exchange.firstByteAt > 0 ? 'body' : 'headers'));
  };

  /** Lets what is on its way finish its step, and no more; held iterations are cut off. */
  end(): void {
    this.#between = 'end';
    for (const exchange of this.#held.splice(0)) this.#finish(exchange, 'cutOff');
  }

  /** Gives up everything in flight, at once and without a word to the target: the connections are closed with the thread. */
  cutOff(): void {
    this.#recorder.flows.cutOff += this.#inFlight;
    this.#inFlight = 0;
    this.#held.length = 0;
    this.#model = undefined;
  }

  /**
   * Sets what becomes of iterations between two steps: they go on, wait, or are given up. Those that waited go on.
   * @param moveMs added to the intended instants of steps that waited: the length of the pause
   */
  between(steps: 'go' | 'hold' | 'drop', moveMs = 0): void {
    if (this.#between === 'end') return;
    this.#between = steps;
    if (steps === 'hold') return;
    for (const exchange of this.#held.splice(0)) {
      exchange.endedAt += moveMs;
      this.#proceed(exchange);
    }
  }

  /**
   * Begins the iteration of an arrival on an exchange that is free.
   * @param intendedAt when it should have been sent; @param takenAt when it was taken up; @param now when it got room
   */
  begin(exchange: Exchange, n: number, intendedAt: number, takenAt: number, now: number): void {
    this.#enter(exchange, n, intendedAt, takenAt, now);
    exchange.send(this.#stepOf(exchange).request);
  }

  /** As `begin`, but nothing is sent before `release`. @param ready called when it could be */
  prepare(exchange: Exchange, n: number, now: number, ready: () => void): void {
    this.#enter(exchange, n, now, now, now);
    exchange.prepare(this.#stepOf(exchange).request, ready);
  }

  /** Sends what was prepared; it was intended for `intendedAt`. */
  release(exchange: Exchange, intendedAt: number): void {
    exchange.intendedAt = intendedAt;
    exchange.release();
    this.started(exchange);
  }

  started(exchange: Exchange): void {
    this.#deadlines.remove(exchange);
    this.#deadlines.add(exchange, exchange.startedAt + this.#timeoutMs);
  }

  answered(exchange: Exchange): void {
    this.#deadlines.remove(exchange);
    const { series, expected } = this.#stepOf(exchange);
    const { status } = exchange;
    const good = expected ? expected.has(status) : status >= 200 && status < 400;
    this.#recordWaits(exchange);
    this.#recorder.bytes(series, exchange.bytesOut, exchange.bytesIn);
    const cause = causeOfStatus(status, good, status < 400 ? noHeaders : exchange.headers);
    if (this.#recorder.ended(series, cause, good, exchange)) {
      this.#recorder.example(series, cause, describeAnswer(exchange));
    }
    this.#count(exchange, good);
    if (good && exchange.unhindered) this.#recorder.wait(unhindered, exchange.endedAt - exchange.startedAt);
    if (!good) this.#finish(exchange, 'notGood');
    else if (exchange.step + 1 === this.#scenarios[exchange.scenario]!.length) this.#finish(exchange, 'good');
    else this.#proceed(exchange);
  }

  failed(exchange: Exchange, error: Error): void {
    this.#deadlines.remove(exchange);
    const { series } = this.#stepOf(exchange);
    this.#recorder.bytes(series, exchange.bytesOut, exchange.bytesIn);
    if (error instanceof CutOffError) {
      this.#finish(exchange, 'cutOff');
      return;
    }
    const progress = {
      secure: this.#secure,
      started: exchange.startedAt > 0,
      sent: exchange.sentAt > 0,
      firstByte: exchange.firstByteAt > 0,
      headersDone: exchange.headComplete,
      bytesOut: exchange.bytesOut,
      idleMs: exchange.endedAt - (exchange.movedAt || exchange.startedAt),
    };
    const cause = classifyError(error, progress);
    this.#recordWaits(exchange);
    if (isOwnFault(cause)) this.#recorder.ownError();
    if (this.#recorder.ended(series, cause, false, exchange)) {
      this.#recorder.example(series, cause, describeError(error, progress));
    }
    this.#count(exchange, false);
    this.#recorder.flows.noResponse += 1;
    this.#finish(exchange, 'failed');
  }

  connected(ms: number): void {
    this.#recorder.wait(connect, ms);
  }

  #enter(exchange: Exchange, n: number, intendedAt: number, takenAt: number, now: number): void {
    this.#inFlight += 1;
    this.#recorder.flows.started += 1;
    this.#recorder.wait(room, now - takenAt);
    if (now - takenAt > 1) this.#hindered = true;
    exchange.unhindered = !this.#hindered;
    exchange.arrival = n;
    exchange.scenario = this.#choose(n);
    exchange.step = 0;
    exchange.intendedAt = intendedAt;
    exchange.keepsHead = this.#keepsHeads;
  }

  #proceed(exchange: Exchange): void {
    if (this.#between === 'hold') this.#held.push(exchange);
    else if (this.#between === 'drop') this.#finish(exchange, 'dropped');
    else if (this.#between === 'end') this.#finish(exchange, 'cutOff');
    else {
      // Without think time, the next step is intended for the instant at which this one ended.
      exchange.step += 1;
      exchange.intendedAt = exchange.endedAt;
      exchange.send(this.#stepOf(exchange).request);
    }
  }

  #stepOf(exchange: Exchange): ReadyStep {
    return this.#scenarios[exchange.scenario]![exchange.step]!;
  }

  #recordWaits(exchange: Exchange): void {
    const { startedAt, sentAt, firstByteAt, endedAt } = exchange;
    // A request that failed was in its last wait until then: leaving it out would flatter a slow target.
    if (startedAt > 0) this.#recorder.wait(sending, (sentAt || endedAt) - startedAt);
    if (sentAt > 0) this.#recorder.wait(waiting, (firstByteAt || endedAt) - sentAt);
    if (firstByteAt > 0) this.#recorder.wait(receiving, endedAt - firstByteAt);
  }

  #count(exchange: Exchange, good: boolean): void {
    const { counter } = exchange.carrier;
    if (!counter) return;
    counter.requests += 1;
    if (!good) counter.notGood += 1;
  }

  #finish(exchange: Exchange, ending: Ending): void {
    // What was cut off has been counted; its answer may still come.
    if (!this.#model) return;
    this.#inFlight -= 1;
    this.#recorder.flows[ending === 'failed' ? 'notGood' : ending] += 1;
    this.#model.freed(exchange, exchange.endedAt, ending);
  }
}

const noHeaders = {};

/** An answer that was not good, in words: its status line and how long the target asks to wait. */
const describeAnswer = ({ status, statusText, headers }: Exchange): string => {
  const line = `${status} ${statusText}`.trim();
  const retryAfter = headers['retry-after'];
  return retryAfter === undefined ? line : `${line}, Retry-After ${retryAfter}`;
};
