// Enters how requests ended: as expected or not, for which cause, how long each of their waits was. What follows from it for
// the iteration is iteration.ts.

import { causes, classOfCause } from '../measure/cause.ts';
import { outcomeClasses } from '../measure/outcome.ts';
import type { Recorder } from '../measure/recorder.ts';
import { receiving, sending, unhindered, waiting } from '../measure/recorder.ts';
import { causeOfStatus } from '../measure/status-cause.ts';
import { withoutCaptured } from './captured-secrets.ts';
import { classifyError, describeError, isOwnFault } from './classify-error.ts';
import { countEnded } from './counts.ts';
import type { Exchange } from './exchange.ts';
import type { ReadyStep } from './ready-scenario.ts';

export class OutcomeBook {
  readonly #recorder: Recorder;
  readonly #secure: boolean;
  /** The exchange whose status is being held against what is expected. */
  #judged: Exchange | undefined;

  /** @param secure connections speak TLS */
  constructor(recorder: Recorder, secure: boolean) {
    this.#recorder = recorder;
    this.#secure = secure;
  }

  /** Bytes of a request that is not entered otherwise. */
  bytes(exchange: Exchange, { series }: ReadyStep): void {
    // What went out piece by piece was told as it left.
    this.#recorder.bytes(series, exchange.bytesOut - exchange.bytesMoved, exchange.bytesIn);
  }

  /** An answer ended. @param isExpected its status is as expected @returns how it ended: `failed` without all of it */
  answered(exchange: Exchange, step: ReadyStep, isExpected: boolean): 'good' | 'notGood' | 'failed' {
    const { series, statusMetric } = step;
    const { status, hearing } = exchange;
    const judgement = isExpected ? hearing?.ended(exchange) : undefined;
    if (!isExpected) hearing?.ignored(exchange);
    const fault = exchange.fault ?? (judgement?.good === false ? judgement : undefined);
    const good = isExpected && fault === undefined;
    this.#recordWaits(exchange);
    this.bytes(exchange, step);
    if (statusMetric >= 0) this.#countStatus(exchange, statusMetric, isExpected);
    const cause = fault?.cause ?? causeOfStatus(status, good, status < 400 ? noHeaders : exchange.headers);
    exchange.cause = cause;
    if (this.#recorder.ended(series, cause, good, exchange)) {
      this.#recorder.example(series, cause, withoutCaptured(fault?.example ?? describeAnswer(exchange), exchange));
    }
    countAddress(exchange, good);
    if (step.counts) countEnded(step.counts, exchange, good, this.#recorder);
    if (good && step.items > 0) this.#recorder.items(series, step.items);
    if (good && exchange.unhindered) this.#recorder.wait(unhindered, exchange.endedAt - exchange.startedAt);
    if (good) return 'good';
    return isComplete[cause] ? 'notGood' : 'failed';
  }

  /** No complete answer came. */
  failed(exchange: Exchange, step: ReadyStep, error: Error): void {
    const { series } = step;
    this.bytes(exchange, step);
    const progress = {
      secure: this.#secure,
      started: exchange.startedAt > 0,
      sent: exchange.sentAt > 0,
      firstByte: exchange.firstByteAt > 0,
      headersDone: exchange.headComplete,
      streams: exchange.hearing?.overAt !== undefined,
      bytesOut: exchange.bytesOut,
      idleMs: exchange.endedAt - (exchange.movedAt || exchange.startedAt),
    };
    const cause = classifyError(error, progress);
    this.#recordWaits(exchange);
    if (isOwnFault(cause)) this.#recorder.ownError();
    exchange.cause = cause;
    if (this.#recorder.ended(series, cause, false, exchange)) {
      this.#recorder.example(series, cause, withoutCaptured(describeError(error, progress), exchange));
    }
    countAddress(exchange, false);
    if (step.counts) countEnded(step.counts, exchange, false, this.#recorder);
  }

  #recordWaits(exchange: Exchange): void {
    const { startedAt, sentAt, firstByteAt, endedAt } = exchange;
    // A request that failed was in its last wait until then: leaving it out would flatter a slow target.
    if (startedAt > 0) this.#recorder.wait(sending, (sentAt || endedAt) - startedAt);
    if (sentAt > 0) this.#recorder.wait(waiting, (firstByteAt || endedAt) - sentAt);
    if (firstByteAt > 0) this.#recorder.wait(receiving, endedAt - firstByteAt);
  }

  #countStatus(exchange: Exchange, metric: number, passed: boolean): void {
    this.#judged = exchange;
    this.#recorder.passed(metric, passed, exchange.endedAt, this.#describeJudged);
  }

  // One for all: a static step allocates nothing.
  readonly #describeJudged = (): string => (this.#judged ? describeAnswer(this.#judged) : '');
}

const noHeaders = {};

/** By cause: the answer was complete. A stream that lacks its end was not, whatever HTTP says of it. */
const isComplete = causes.map((_, cause) => outcomeClasses[classOfCause(cause)]!.completed);

const countAddress = (exchange: Exchange, good: boolean): void => {
  const { counter } = exchange.carrier;
  if (!counter) return;
  counter.requests += 1;
  if (!good) counter.notGood += 1;
};

/** An answer that was not good, in words: its status line and how long the target asks to wait. */
const describeAnswer = ({ status, statusText, headers }: Exchange): string => {
  const line = `${status} ${statusText}`.trim();
  const retryAfter = headers['retry-after'];
  return retryAfter === undefined ? line : `${line}, Retry-After ${retryAfter}`;
};
