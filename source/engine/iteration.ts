// Runs iterations: the steps of a scenario one after the other on a connection, each outcome into the recorder. Which
// arrival comes next is the load model's business (open-model.ts, full-speed.ts).

import { outcomeOfStatus } from '../measure/outcome.ts';
import type { Recorder } from '../measure/recorder.ts';
import { connect, receiving, room, sending, unhindered, waiting } from '../measure/recorder.ts';
import type { CompiledScenario } from '../profile/compile.ts';
import { CutOffError, classifyError, describeError, isOwnFault } from './classify-error.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { type Request, requestOf } from './request.ts';

/** What decides which arrivals run. */
export interface LoadModel {
  /** An iteration ended and its connection is free; `failed` where no complete HTTP response came. */
  freed(connection: Connection, now: number, failed: boolean): void;
}

interface ReadyStep {
  readonly series: number;
  readonly request: Request;
  readonly expected: ReadonlySet<number> | undefined;
}

export class Iterations implements ConnectionListener {
  readonly #recorder: Recorder;
  readonly #scenarios: readonly (readonly ReadyStep[])[];
  readonly #choose: (n: number) => number;
  #model: LoadModel | undefined;
  #inFlight = 0;
  /** An arrival had to wait for room. */
  #hindered = false;
  /** What becomes of an iteration whose next step could begin. */
  #between: 'go' | 'hold' | 'drop' | 'end' = 'go';
  /** Connections whose next step is held by a pause. */
  #held: Connection[] = [];

  constructor(recorder: Recorder, scenarios: readonly CompiledScenario[], choose: (n: number) => number) {
    this.#recorder = recorder;
    this.#choose = choose;
    this.#scenarios = scenarios.map(({ steps }) =>
      steps.map((step) => ({
        series: step.series,
        request: requestOf(step),
        expected: step.expectStatus ? new Set(step.expectStatus) : undefined,
      })),
    );
  }

  /** Iterations between their first step's room and their end. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Sets the model that is told of free connections; once, before the first iteration. */
  drivenBy(model: LoadModel): void {
    this.#model = model;
  }

  /** Lets what is on its way finish its step, and no more; held iterations are cut off. */
  end(): void {
    this.#between = 'end';
    for (const connection of this.#held.splice(0)) this.#finish(connection, 'cutOff');
  }

  /**
   * Sets what becomes of iterations between two steps: they go on, wait, or are given up. Those that waited go on.
   * @param moveMs added to the intended instants of steps that waited: the length of the pause
   */
  between(steps: 'go' | 'hold' | 'drop', moveMs = 0): void {
    if (this.#between === 'end') return;
    this.#between = steps;
    if (steps === 'hold') return;
    for (const connection of this.#held.splice(0)) {
      connection.endedAt += moveMs;
      this.#proceed(connection);
    }
  }

  /**
   * Begins the iteration of an arrival on a connection that is free.
   * @param intendedAt when it should have been sent; @param takenAt when it was taken up; @param now when it got room
   */
  begin(connection: Connection, n: number, intendedAt: number, takenAt: number, now: number): void {
    this.#inFlight += 1;
    this.#recorder.flows.started += 1;
    this.#recorder.wait(room, now - takenAt);
    if (now - takenAt > 1) this.#hindered = true;
    connection.unhindered = !this.#hindered;
    connection.arrival = n;
    connection.scenario = this.#choose(n);
    connection.step = 0;
    connection.intendedAt = intendedAt;
    connection.send(this.#stepOf(connection).request);
  }

  answered(connection: Connection): void {
    const { series, expected } = this.#stepOf(connection);
    const { status } = connection;
    const good = expected ? expected.has(status) : status >= 200 && status < 400;
    this.#recordWaits(connection);
    this.#recorder.bytes(series, connection.bytesOut, connection.bytesIn);
    this.#recorder.ended(series, outcomeOfStatus(status, good), good, connection, () => describeAnswer(connection));
    if (good && connection.unhindered) this.#recorder.wait(unhindered, connection.endedAt - connection.startedAt);
    if (!good) this.#finish(connection, 'notGood');
    else if (connection.step + 1 === this.#scenarios[connection.scenario]!.length) this.#finish(connection, 'good');
    else this.#proceed(connection);
  }

  #proceed(connection: Connection): void {
    if (this.#between === 'hold') this.#held.push(connection);
    else if (this.#between === 'drop') this.#finish(connection, 'dropped');
    else if (this.#between === 'end') this.#finish(connection, 'cutOff');
    else {
      // Without think time, the next step is intended for the instant at which this one ended.
      connection.step += 1;
      connection.intendedAt = connection.endedAt;
      connection.send(this.#stepOf(connection).request);
    }
  }

  failed(connection: Connection, error: Error): void {
    const { series } = this.#stepOf(connection);
    this.#recorder.bytes(series, connection.bytesOut, connection.bytesIn);
    if (error instanceof CutOffError) {
      this.#finish(connection, 'cutOff', true);
      return;
    }
    const progress = { started: connection.startedAt > 0, firstByte: connection.firstByteAt > 0 };
    const outcome = classifyError(error, progress);
    this.#recordWaits(connection);
    if (isOwnFault(outcome)) this.#recorder.ownError();
    this.#recorder.ended(series, outcome, false, connection, () => describeError(error, progress));
    this.#recorder.flows.noResponse += 1;
    this.#finish(connection, 'notGood', true);
  }

  connected(ms: number): void {
    this.#recorder.wait(connect, ms);
  }

  #stepOf(connection: Connection): ReadyStep {
    return this.#scenarios[connection.scenario]![connection.step]!;
  }

  #recordWaits(connection: Connection): void {
    const { startedAt, sentAt, firstByteAt, endedAt } = connection;
    // A request that failed was in its last wait until then: leaving it out would flatter a slow target.
    if (startedAt > 0) this.#recorder.wait(sending, (sentAt || endedAt) - startedAt);
    if (sentAt > 0) this.#recorder.wait(waiting, (firstByteAt || endedAt) - sentAt);
    if (firstByteAt > 0) this.#recorder.wait(receiving, endedAt - firstByteAt);
  }

  #finish(connection: Connection, as: 'good' | 'notGood' | 'dropped' | 'cutOff', failed = false): void {
    this.#inFlight -= 1;
    this.#recorder.flows[as] += 1;
    this.#model?.freed(connection, connection.endedAt, failed);
  }
}

/** An answer that was not good, in words: its status line and how long the target asks to wait. */
const describeAnswer = ({ status, statusText, headers }: Connection): string => {
  const line = `${status} ${statusText}`.trim();
  const retryAfter = headers['retry-after'];
  return retryAfter === undefined ? line : `${line}, Retry-After ${retryAfter}`;
};
