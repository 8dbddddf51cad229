// The functions of a profile in this thread: the module is imported once, before the load, and the time that its functions
// take is measured, because it is time in which this thread sends nothing. What they are given is function-turn.ts.

import { monotonicNow } from '../common/clock.ts';
import { errorMessage, UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import type { FunctionAnswer, FunctionRequest, ProfileCode } from '../profile/functions.ts';
import { FunctionError } from './engine-errors.ts';

/** A function of the profile, and what it says that it is. */
export interface LoadedFunction {
  /** `steps[0].body`. */
  readonly words: string;
  readonly call: (argument: FunctionRequest | FunctionAnswer) => unknown;
}

type Callable = (this: unknown, argument: FunctionRequest | FunctionAnswer) => unknown;

const isCallable = (value: unknown): value is Callable => typeof value === 'function';

/**
 * Imports the module of a profile, in which its functions stand.
 * @throws UserError naming the file, and the function that is not there
 */
export const loadFunctions = async (code: ProfileCode | undefined): Promise<readonly LoadedFunction[]> => {
  if (!code) return [];
  const { module, name, functions } = code;
  let loaded: unknown;
  try {
    loaded = await import(module);
  } catch (error) {
    const words = functions.map(wordsOf).join(', ');
    throw new UserError(`${name}: could not be loaded by a worker: ${safeText(errorMessage(error), 300)}`, {
      hint: `each worker loads the module by itself, for ${safeText(words, 120)}`,
      cause: error,
    });
  }
  return functions.map((path) => {
    const owner = path.slice(0, -1).reduce(inside, inside(loaded, 'default'));
    const found = inside(owner, path.at(-1) ?? '');
    if (isCallable(found)) return { words: wordsOf(path), call: (argument) => found.call(owner, argument) };
    throw new UserError(
      `${name}  ${wordsOf(path)}: found no function there in a worker, expected that of the profile`,
      {
        hint: 'each worker loads the module by itself: it must export the same each time',
      },
    );
  });
};

const inside = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

const wordsOf = (path: ProfileCode['functions'][number]): string =>
  path.map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`)).join('');

/** What the run is to functions, beside the functions themselves. */
export interface FunctionSettings {
  readonly seed: number;
  /** Run time 0, ms since 1970. */
  readonly wallAt: number;
}

export class ProfileFunctions {
  readonly settings: FunctionSettings;
  readonly #functions: readonly LoadedFunction[];
  #spentMs = 0;

  constructor(functions: readonly LoadedFunction[], settings: FunctionSettings) {
    this.#functions = functions;
    this.settings = settings;
  }

  /** What a function is called where it has done something wrong. */
  words(index: number): string {
    return this.#functions[index]?.words ?? 'a function of the profile';
  }

  /** @throws FunctionError where it throws, or returns a promise */
  call(index: number, argument: FunctionRequest | FunctionAnswer): unknown {
    const from = monotonicNow();
    let made: unknown;
    try {
      made = this.#functions[index]!.call(argument);
    } catch (error) {
      // What cannot be read of an answer is not the function's doing.
      if (error instanceof UnfitAnswerError) throw error;
      throw new FunctionError(this.words(index), thrownText(error));
    } finally {
      this.#spentMs += monotonicNow() - from;
    }
    if (!isPromise(made)) return made;
    made.then(undefined, () => {});
    throw new FunctionError(this.words(index), 'returned a promise, expected a value: nothing is awaited');
  }

  /** What functions took since the last call, ms. */
  takeMs(): number {
    const spent = this.#spentMs;
    this.#spentMs = 0;
    return spent;
  }
}

/** What a function asks of an answer is not there. */
export class UnfitAnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnfitAnswerError';
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

const thrownText = (error: unknown): string => {
  const message = errorMessage(error);
  return error instanceof Error && error.name !== 'Error' ? `${error.name}: ${message}` : message;
};
