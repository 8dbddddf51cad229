// Runs iterations: the steps of a scenario one after the other on a connection, each outcome into the recorder. Which
// arrival comes next is the load model's business (open-model.ts, full-speed.ts).

import { outcomeOfStatus } from '../measure/outcome.ts';
import type { Recorder } from '../measure/recorder.ts';
import { connect, receiving, room, sending, waiting } from '../measure/recorder.ts';
import type { CompiledScenario } from '../profile/compile.ts';
import { CutOffError, classifyError, describeError, isOwnFault } from './classify-error.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { type Request, requestOf } from './request.ts';

/** What decides which arrivals run. */
export interface LoadModel {
  /** An iteration ended and its connection is free; `failed` where no HTTP response came. */
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
  /** No further step begins: the run is ending. */
  #ending = false;

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

  /** Lets what is on its way finish its step, and no more. */
  end(): void {
    this.#ending = true;
  }

  /**
   * Begins the iteration of an arrival on a connection that is free.
   * @param intendedAt when it should have been sent; @param takenAt when it was taken up; @param now when it got room
   */
  begin(connection: Connection, n: number, intendedAt: number, takenAt: number, now: number): void {
    this.#inFlight += 1;
    this.#recorder.flows.started += 1;
    this.#recorder.wait(room, now - takenAt);
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
    if (!good) this.#finish(connection, 'notGood');
    else if (connection.step + 1 === this.#scenarios[connection.scenario]!.length) this.#finish(connection, 'good');
    else if (this.#ending) this.#finish(connection, 'cutOff');
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
      this.#finish(connection, 'cutOff');
      return;
    }
    const progress = { started: connection.startedAt > 0, firstByte: connection.firstByteAt > 0 };
    const outcome = classifyError(error, progress);
    if (isOwnFault(outcome)) this.#recorder.ownError();
    this.#recorder.ended(series, outcome, false, connection, () => describeError(error, progress));
    this.#recorder.flows.noResponse += 1;
    this.#finish(connection, 'notGood');
  }

  connected(ms: number): void {
    this.#recorder.wait(connect, ms);
  }

  #stepOf(connection: Connection): ReadyStep {
    return this.#scenarios[connection.scenario]![connection.step]!;
  }

  #recordWaits(connection: Connection): void {
    const { startedAt, sentAt, firstByteAt, endedAt } = connection;
    this.#recorder.wait(sending, sentAt - startedAt);
    this.#recorder.wait(waiting, firstByteAt - sentAt);
    this.#recorder.wait(receiving, endedAt - firstByteAt);
  }

  #finish(connection: Connection, as: 'good' | 'notGood' | 'cutOff'): void {
    this.#inFlight -= 1;
    this.#recorder.flows[as] += 1;
    this.#model?.freed(connection, connection.endedAt, connection.status === 0);
  }
}

/** An answer that was not good, in words: its status line and how long the target asks to wait. */
const describeAnswer = ({ status, statusText, headers }: Connection): string => {
  const line = `${status} ${statusText}`.trim();
  const retryAfter = headers['retry-after'];
  return retryAfter === undefined ? line : `${line}, Retry-After ${retryAfter}`;
};
