// Makes the expectations and captures of a step ready: what each looks at in an answer, and what it says where that is not
// as expected.

import { readJsonPath, valueAt, valuesAt } from '../common/json-path.ts';
import { formatBytes, formatSpan } from '../common/units.ts';
import { type CauseName, causeIndex } from '../measure/cause.ts';
import type { CaptureSource } from '../profile/capture.ts';
import type { CompiledCount } from '../profile/compile-counts.ts';
import type { CompiledCapture, CompiledStep, CountedExpectation } from '../profile/compile-step.ts';
import type { Expectation } from '../profile/expectation.ts';
import type { Answer } from './answer.ts';
import { counterOf } from './function-values.ts';
import { foundWords, isWithin, matcherOf } from './matcher.ts';
import type { ProfileFunctions } from './profile-functions.ts';

export interface ReadyExpectation {
  readonly metric: number;
  readonly words: string;
  /** Index into `causes`. */
  readonly cause: number;
  /** What was found where it is not as expected. @throws UnreadableBodyError */
  readonly fault: (answer: Answer) => string | undefined;
}

const causes: Readonly<Record<Expectation['of'], CauseName>> = {
  header: 'expectation failed: header',
  json: 'expectation failed: JSON',
  text: 'expectation failed: text',
  size: 'expectation failed: size',
  time: 'expectation failed: time',
};

export const readyExpectation = ({ expectation, metric, words }: CountedExpectation): ReadyExpectation => ({
  metric,
  words,
  cause: causeIndex(causes[expectation.of]),
  fault: faultOf(expectation),
});

const faultOf = (expectation: Expectation): ReadyExpectation['fault'] => {
  switch (expectation.of) {
    case 'header': {
      const fault = matcherOf(expectation.tests);
      return (answer) => fault(answer.header(expectation.name));
    }
    case 'json': {
      const fault = matcherOf(expectation.tests);
      return ({ json, text }) =>
        json === undefined ? `no JSON: ${foundWords(text)}` : fault(valueAt(json, expectation.path));
    }
    case 'text': {
      const fault = matcherOf(expectation.tests);
      return ({ text }) => fault(text);
    }
    case 'size':
      return ({ size }) => (isWithin(size, expectation.bound) ? undefined : formatBytes(size));
    case 'time':
      return ({ exchange: { endedAt, intendedAt } }) =>
        isWithin(endedAt - intendedAt, expectation.bound) ? undefined : formatSpan(endedAt - intendedAt);
  }
};

export interface ReadyCapture {
  readonly name: string;
  readonly words: string;
  readonly fallback: unknown;
  /** Undefined where there is nothing. @throws UnreadableBodyError */
  readonly find: (answer: Answer) => unknown;
}

export const readyCapture = ({ name, from, fallback, words }: CompiledCapture): ReadyCapture => ({
  name,
  words,
  fallback,
  find: finderOf(from),
});

const finderOf = (from: CaptureSource): ReadyCapture['find'] => {
  switch (from.of) {
    case 'json':
      if (!from.all) return ({ json }) => valueAt(json, from.path) ?? undefined;
      return ({ json }) => {
        const values = valuesAt(json, from.path).filter((value) => value !== undefined);
        return values.length === 0 ? undefined : values;
      };
    case 'header':
      return (answer) => answer.header(from.name);
    case 'cookie':
      return (answer) => answer.cookie(from.name);
    case 'regex': {
      const pattern = new RegExp(from.pattern, 'u');
      return ({ text }) => {
        const match = pattern.exec(text);
        return match ? (match[1] ?? match[0]) : undefined;
      };
    }
  }
};

/** A number of an answer that is counted. A fault, where a function cannot tell it. @throws UnreadableBodyError */
export type CountedNumber = (answer: Answer) => { readonly value: unknown } | { readonly fault: string };

type InAnswer = Extract<CompiledCount['value'], object>;

/** What a number of an answer is called. */
export const countedKey = (value: InAnswer): string => ('json' in value ? value.json : `function ${value.function}`);

const countedNumber = (value: InAnswer, functions: ProfileFunctions | undefined): CountedNumber => {
  if ('json' in value) {
    const path = readJsonPath(value.json);
    return ({ json }) => ({ value: valueAt(json, path) });
  }
  return functions ? counterOf(value.function, functions) : () => ({ value: undefined });
};

/** Numbers of an answer that are counted, by their keys. */
export const countedNumbers = (
  { counts = [] }: Pick<LooksInto, 'counts'>,
  functions?: ProfileFunctions,
): ReadonlyMap<string, CountedNumber> =>
  new Map(
    counts.flatMap(({ value }) =>
      typeof value === 'object' ? [[countedKey(value), countedNumber(value, functions)] as const] : [],
    ),
  );

/** @param expected undefined for any 2xx and 3xx */
export const isExpectedStatus = (expected: ReadonlySet<number> | undefined, status: number): boolean =>
  expected ? expected.has(status) : status >= 200 && status < 400;

/** Whether it looks into the body, which is then kept. */
export const looksIntoBody = ({ expect = [], check, captures = [], counts = [] }: LooksInto): boolean =>
  check !== undefined ||
  counts.some(({ value }) => typeof value === 'object') ||
  expect.some(({ expectation: { of } }) => of === 'json' || of === 'text') ||
  captures.some(({ from: { of } }) => of === 'json' || of === 'regex');

interface LooksInto {
  readonly expect?: readonly CountedExpectation[] | undefined;
  readonly check?: CompiledStep['check'];
  readonly captures?: readonly CompiledCapture[] | undefined;
  readonly counts?: readonly CompiledCount[] | undefined;
}
