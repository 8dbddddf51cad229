// What functions of a profile return, as it goes into a request or is held against: bodies, texts, verdicts and numbers.

import { encodeForm, encodePath, encodeQuery } from '../common/url-encoding.ts';
import type { CompiledFunction } from '../profile/functions.ts';
import type { SingleValue, ValuePlace } from '../profile/template-value.ts';
import type { Answer } from './answer.ts';
import { FunctionError } from './engine-errors.ts';
import { AnswerTurn, RequestTurn } from './function-turn.ts';
import { foundWords } from './matcher.ts';
import { type ProfileFunctions, UnfitAnswerError } from './profile-functions.ts';
import type { Walk } from './walk.ts';

/** What a body function made. */
export interface MadeBody {
  /** Text that is not encoded yet, or bytes. */
  readonly content: string | Uint8Array;
  /** It was a value that was made JSON of. */
  readonly isJson: boolean;
}

/** Makes the body of a request. @throws FunctionError */
export const bodyMaker = (
  made: CompiledFunction,
  functions: ProfileFunctions,
): ((walk: Walk, intendedAt: number) => MadeBody) => {
  const turn = new RequestTurn(made, functions.settings);
  return (walk, intendedAt) => {
    const value = functions.call(made.index, turn.begin(walk, intendedAt));
    if (typeof value === 'string') return { content: value, isJson: false };
    // The request may wait for its connection, and the function may use its memory again.
    if (value instanceof Uint8Array) return { content: new Uint8Array(value), isJson: false };
    return { content: jsonOf(value, functions.words(made.index)), isJson: true };
  };
};

const jsonOf = (value: unknown, words: string): string => {
  if (value === undefined) throw new FunctionError(words, 'returned nothing, expected a body');
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new FunctionError(words, `returned what JSON cannot say: ${String(error)}`);
  }
  if (text === undefined) throw new FunctionError(words, `returned a ${typeof value}, expected a body`);
  return text;
};

type FunctionPart = Extract<SingleValue, { type: 'function' }>;

/** Makes a text of a request, written for where it stands. @throws FunctionError */
export const textMaker = (
  part: FunctionPart,
  functions: ProfileFunctions,
): ((walk: Walk, intendedAt: number) => string) => {
  const turn = new RequestTurn(part, functions.settings);
  const words = functions.words(part.index);
  const write = writers[part.place] ?? asIs;
  return (walk, intendedAt) => {
    const value = functions.call(part.index, turn.begin(walk, intendedAt));
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return write(String(value), words);
    }
    throw new FunctionError(words, `returned ${foundWords(value)}, expected a text`);
  };
};

const asIs = (text: string): string => text;

const writers: Partial<Record<ValuePlace, (text: string, words: string) => string>> = {
  // All of the path, with its query.
  path: (text, words) => {
    if (text.startsWith('/')) return encodePath(text);
    throw new FunctionError(words, `returned ${foundWords(text)}, expected a path that starts with /`);
  },
  query: encodeQuery,
  form: encodeForm,
  header: (text, words) => {
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text;
    throw new FunctionError(words, `returned ${foundWords(text)}, expected a line of Latin characters`);
  },
};

/** What is wrong with an answer as a function sees it; undefined where nothing is. */
export const checkOf = (index: number, functions: ProfileFunctions): ((answer: Answer) => string | undefined) => {
  const ask = asker(index, functions);
  return (answer) => {
    const said = ask(answer);
    if ('fault' in said) return said.fault;
    const { value } = said;
    if (value === true) return undefined;
    if (value === false) return 'check: false';
    if (typeof value === 'string') return `check: ${value}`;
    return `${functions.words(index)}: returned ${foundWords(value)}, expected true, false or why not`;
  };
};

/** What a function counts of an answer; a fault where it cannot. */
export const counterOf = (index: number, functions: ProfileFunctions): ((answer: Answer) => Said) => {
  const ask = asker(index, functions);
  return (answer) => {
    const said = ask(answer);
    if ('fault' in said || said.value === undefined || typeof said.value === 'boolean') return said;
    if (typeof said.value === 'number' && Number.isFinite(said.value)) return said;
    return { fault: `${functions.words(index)}: returned ${foundWords(said.value)}, expected a number` };
  };
};

type Said = { readonly value: unknown } | { readonly fault: string };

const asker = (index: number, functions: ProfileFunctions): ((answer: Answer) => Said) => {
  const turn = new AnswerTurn();
  return (answer) => {
    const { walk } = answer.exchange;
    if (!walk) throw new Error('a step with functions has a way through its scenario');
    try {
      return { value: functions.call(index, turn.begin(answer, walk)) };
    } catch (error) {
      if (error instanceof FunctionError) return { fault: error.message };
      if (error instanceof UnfitAnswerError) return { fault: `${functions.words(index)}: ${error.message}` };
      throw error;
    }
  };
};
