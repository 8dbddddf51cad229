// What functions of a profile are given: which request it is, what was captured, numbers that are drawn by the arrival, and
// the answer that came. Each is made once for a function, or for an answer, and is what it is during a call only.

import { bitsOf, fractionOf, keyOf } from '../common/random.ts';
import type { CompiledFunction, FunctionAnswer, FunctionRequest, FunctionTurn } from '../profile/functions.ts';
import type { Answer } from './answer.ts';
import { UnreadableBodyError } from './kept-body.ts';
import { foundWords } from './matcher.ts';
import { type FunctionSettings, UnfitAnswerError } from './profile-functions.ts';
import type { Walk } from './walk.ts';

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The lowest 16 bits in hex. */
const hex16 = (bits: number): string => hexBytes[(bits >>> 8) & 0xff]! + hexBytes[bits & 0xff]!;

/** Streams that are a function's own, as they are given out (profile/functions.ts). */
const ownStreams = 64;

/** The turn of an iteration. */
abstract class Turn implements FunctionTurn {
  protected abstract readonly walk: Walk;

  get arrival(): number {
    return this.walk.arrival;
  }

  get user(): number | undefined {
    return this.walk.person < 0 ? undefined : this.walk.person;
  }

  get iteration(): number {
    return this.walk.turn < 0 ? this.walk.arrival : this.walk.turn;
  }

  get captured(): Readonly<Record<string, unknown>> {
    return this.walk.captured();
  }
}

/** What a function that makes a part of a request is given; used again for each of them. */
export class RequestTurn extends Turn implements FunctionRequest {
  readonly #settings: FunctionSettings;
  /** What seed and stream come to, for the first draw, the second and so on. */
  readonly #keys: number[] = [];
  readonly #stream: number;
  protected walk!: Walk;
  #number = 0;
  #intendedAt = 0;
  #draws = 0;

  constructor({ stream }: CompiledFunction, settings: FunctionSettings) {
    super();
    this.#settings = settings;
    this.#stream = stream;
  }

  /** @param intendedAt run clock, ms */
  begin(walk: Walk, intendedAt: number): this {
    this.walk = walk;
    this.#number = walk.draw;
    this.#intendedAt = intendedAt;
    this.#draws = 0;
    return this;
  }

  get now(): number {
    return Math.floor(this.#settings.wallAt + this.#intendedAt);
  }

  readonly random = (): number => fractionOf(this.#nextKey(), this.#number);

  readonly integer = (least: number, most: number): number => least + Math.floor(this.random() * (most - least + 1));

  readonly pick = <Choice>(choices: readonly Choice[]): Choice => {
    if (choices.length === 0) throw new RangeError('pick: found an empty list, expected at least one choice');
    return choices[Math.floor(this.random() * choices.length)]!;
  };

  readonly uuid = (): string => {
    const one = this.#bits();
    const two = (this.#bits() & 0xffff_0fff) | 0x4000;
    const three = (this.#bits() & 0x3fff_ffff) | 0x8000_0000;
    const four = this.#bits();
    return `${hex16(one >>> 16)}${hex16(one)}-${hex16(two >>> 16)}-${hex16(two)}-${hex16(three >>> 16)}-${hex16(three)}${hex16(four >>> 16)}${hex16(four)}`;
  };

  #bits(): number {
    return bitsOf(this.#nextKey(), this.#number);
  }

  #nextKey(): number {
    const draw = this.#draws;
    this.#draws += 1;
    const first = this.#keys[draw % ownStreams] ?? keyOf(this.#settings.seed, this.#stream + (draw % ownStreams));
    if (draw < ownStreams) this.#keys[draw] = first;
    return draw < ownStreams ? first : keyOf(first, Math.floor(draw / ownStreams));
  }
}

/** What a function that looks at an answer is given; used again for each of them. */
export class AnswerTurn extends Turn implements FunctionAnswer {
  protected walk!: Walk;
  #answer!: Answer;

  begin(answer: Answer, walk: Walk): this {
    this.#answer = answer;
    this.walk = walk;
    return this;
  }

  get status(): number {
    return this.#answer.exchange.status;
  }

  get headers(): FunctionAnswer['headers'] {
    return this.#answer.exchange.headers;
  }

  get size(): number {
    return this.#answer.size;
  }

  get ms(): number {
    const { endedAt, intendedAt } = this.#answer.exchange;
    return endedAt - intendedAt;
  }

  readonly text = (): string => {
    try {
      return this.#answer.text;
    } catch (error) {
      if (error instanceof UnreadableBodyError) throw new UnfitAnswerError(`found a ${error.message}`);
      throw error;
    }
  };

  readonly json = <Value = unknown>(): Value => {
    const text = this.text();
    try {
      return JSON.parse(text);
    } catch {
      throw new UnfitAnswerError(`found no JSON: ${foundWords(text)}`);
    }
  };
}
