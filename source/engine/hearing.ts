// What a step wants of its answer beyond the status: a hearing takes the body as it comes and says at its end what is to be
// made of it. Made for each request of a step on the general path; static and templated steps have none.

import type { Recorder } from '../measure/recorder.ts';
import type { CompiledStep } from '../profile/compile.ts';
import { AnswerHearing, answerWishes } from './answer-hearing.ts';
import type { Exchange } from './exchange.ts';
import { countedNumbers } from './expected-answer.ts';
import type { ProfileFunctions } from './profile-functions.ts';
import { StreamHearing, streamWishes } from './stream-hearing.ts';

/** What an answer is worth that was complete and had a status as expected. */
export type Judgement =
  | { readonly good: true }
  /** @param cause index into `causes` @param example what was found, in words; may hold text from the target */
  | { readonly good: false; readonly cause: number; readonly example: string };

/** Hears the answer to one request. It must not end the request during a call; later it may. */
export interface Hearing {
  /** A piece of the body, without its framing: bytes from `from` to `to`, valid during the call. @param at run clock, ms */
  take(bytes: Buffer, from: number, to: number, at: number): void;
  /** The answer is complete and its status is as expected. `exchange` holds its instants, status and head. */
  ended(exchange: Exchange): Judgement;
  /** A number that is counted of the answer that ended; undefined for nothing. @param key of what is counted */
  valueAt(key: string): unknown;
  /** No complete answer came, or one with another status: what is kept of it is let go. */
  ignored(exchange: Exchange): void;
  /**
   * Of a stream: when it came to its end (run clock, ms), whatever becomes of the rest of its answer; 0 before. Undefined for
   * other answers.
   */
  readonly overAt?: number | undefined;
}

/** Makes the hearing for the request that an exchange is about to send. */
export type Hear = (exchange: Exchange) => Hearing;

/** What hearing the answers of a step depends on, beside the step. */
export interface HearingSettings {
  readonly recorder: Recorder;
  /** Cookies are kept. */
  readonly cookies: boolean;
  /** The functions of the profile; default: none. */
  readonly functions?: ProfileFunctions | undefined;
  /** A stream came to its end, before its answer did. */
  readonly over: (exchange: Exchange) => void;
}

/** How the answers to a step are heard; undefined where its status is all that counts. */
export const hearOf = (step: CompiledStep, settings: HearingSettings): Hear | undefined => {
  const { recorder, functions } = settings;
  const wishes = looksAt(step, settings) ? answerWishes(step, recorder, functions) : undefined;
  if (!step.eventStream) return wishes && (() => new AnswerHearing(wishes));
  const ofStream = streamWishes(step, step.eventStream, settings);
  return (exchange) => new StreamHearing(ofStream, exchange, wishes && new AnswerHearing(wishes));
};

const looksAt = (step: CompiledStep, { cookies }: HearingSettings): boolean =>
  step.expect !== undefined ||
  step.check !== undefined ||
  step.captures !== undefined ||
  countedNumbers(step).size > 0 ||
  cookies;
