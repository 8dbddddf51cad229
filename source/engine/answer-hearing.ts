// Hears an answer of which more is wanted than its status: holds it against what is expected of it, counts each expectation,
// and takes from it what later steps need. The body is kept only where one of these looks into it.

import { wallNow } from '../common/clock.ts';
import { causeIndex } from '../measure/cause.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { CompiledStep } from '../profile/compile.ts';
import { Answer } from './answer.ts';
import { withoutCaptured } from './captured-secrets.ts';
import type { Exchange } from './exchange.ts';
import {
  type CountedNumber,
  countedNumbers,
  looksIntoBody,
  type ReadyCapture,
  type ReadyExpectation,
  readyCapture,
  readyExpectation,
} from './expected-answer.ts';
import { checkOf } from './function-values.ts';
import type { Hearing, Judgement } from './hearing.ts';
import { KeptBody, UnreadableBodyError } from './kept-body.ts';
import type { ProfileFunctions } from './profile-functions.ts';

/** What a step wants of its answers, ready for each of them. */
export interface AnswerWishes {
  readonly expectations: readonly ReadyExpectation[];
  readonly captures: readonly ReadyCapture[];
  /** What is wrong with an answer as the profile's check sees it, and the metric that counts that. */
  readonly check: { readonly metric: number; readonly fault: (answer: Answer) => string | undefined } | undefined;
  /** What is counted of it, by its key. */
  readonly counted: ReadonlyMap<string, CountedNumber>;
  readonly keepsBody: boolean;
  readonly recorder: Pick<Recorder, 'passed'>;
}

export const answerWishes = (
  step: CompiledStep,
  recorder: AnswerWishes['recorder'],
  functions?: ProfileFunctions,
): AnswerWishes => ({
  expectations: (step.expect ?? []).map(readyExpectation),
  captures: (step.captures ?? []).map(readyCapture),
  check: step.check && functions && { metric: step.check.metric, fault: checkOf(step.check.function, functions) },
  counted: countedNumbers(step, functions),
  keepsBody: looksIntoBody(step),
  recorder,
});

type Fault = Extract<Judgement, { good: false }>;

const good: Judgement = { good: true };
const notJudged = causeIndex('expectation failed: body not judged');
const notChecked = causeIndex('expectation failed: check');
const nothingToCapture = causeIndex('expectation failed: nothing to capture');

export class AnswerHearing implements Hearing {
  readonly #wishes: AnswerWishes;
  readonly #body = new KeptBody();
  /** The body is let go of before it is counted what it holds. */
  #counted: Map<string, unknown> | undefined;

  constructor(wishes: AnswerWishes) {
    this.#wishes = wishes;
  }

  take(bytes: Buffer, from: number, to: number): void {
    if (this.#wishes.keepsBody) this.#body.take(bytes, from, to);
    else this.#body.size += to - from;
  }

  ended(exchange: Exchange): Judgement {
    this.#takeCookies(exchange);
    const answer = new Answer(exchange, this.#body);
    let first: Fault | undefined;
    for (const expectation of this.#wishes.expectations) {
      const fault = faultOf(expectation, answer);
      this.#wishes.recorder.passed(expectation.metric, !fault, exchange.endedAt, () =>
        withoutCaptured(fault?.example ?? '', exchange),
      );
      first ??= fault;
    }
    first ??= this.#check(answer);
    for (const capture of this.#wishes.captures) {
      const fault = this.#capture(capture, answer);
      first ??= fault;
    }
    first ??= this.#count(answer);
    this.#body.clear();
    return first ?? good;
  }

  valueAt(key: string): unknown {
    return this.#counted?.get(key);
  }

  ignored(exchange: Exchange): void {
    this.#body.clear();
    if (exchange.headComplete) this.#takeCookies(exchange);
  }

  /** Cookies come with redirects and refusals too. */
  #takeCookies(exchange: Exchange): void {
    const { walk } = exchange;
    if (!walk?.jar) return;
    const set = exchange.valuesOf('set-cookie');
    if (set.length > 0) walk.jar.take(set, walk.path, wallNow());
  }

  #check(answer: Answer): Fault | undefined {
    const { check, recorder } = this.#wishes;
    if (!check) return undefined;
    const fault = check.fault(answer);
    recorder.passed(check.metric, fault === undefined, answer.exchange.endedAt, () =>
      withoutCaptured(fault ?? '', answer.exchange),
    );
    return fault === undefined ? undefined : { good: false, cause: notChecked, example: fault };
  }

  #count(answer: Answer): Fault | undefined {
    const { counted } = this.#wishes;
    if (counted.size === 0) return undefined;
    this.#counted = new Map();
    let first: Fault | undefined;
    for (const [key, number] of counted) {
      // An answer that cannot be looked into has nothing to count.
      const found = attempt(() => number(answer)).value ?? { value: undefined };
      if ('value' in found) this.#counted.set(key, found.value);
      else first ??= { good: false, cause: notChecked, example: found.fault };
    }
    return first;
  }

  #capture({ name, words, fallback, find }: ReadyCapture, answer: Answer): Fault | undefined {
    const found = attempt(() => find(answer));
    const value = found.value ?? fallback;
    if (value !== undefined) {
      answer.exchange.walk?.keep(name, value);
      return undefined;
    }
    if (found.unreadable !== undefined) return { good: false, cause: notJudged, example: found.unreadable };
    return { good: false, cause: nothingToCapture, example: `nothing at ${words} for {{${name}}}` };
  }
}

const faultOf = ({ words, cause, fault }: ReadyExpectation, answer: Answer): Fault | undefined => {
  const found = attempt(() => fault(answer));
  if (found.unreadable !== undefined) {
    return { good: false, cause: notJudged, example: `expected ${words}, found a ${found.unreadable}` };
  }
  return found.value === undefined
    ? undefined
    : { good: false, cause, example: `expected ${words}, found ${found.value}` };
};

interface Attempt<Value> {
  readonly value?: Value;
  /** Why the body could not be looked into. */
  readonly unreadable?: string;
}

const attempt = <Value>(look: () => Value): Attempt<Value> => {
  try {
    return { value: look() };
  } catch (error) {
    if (!(error instanceof UnreadableBodyError)) throw error;
    return { unreadable: error.message };
  }
};
