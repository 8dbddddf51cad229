// Makes the expectations and captures of a step ready: what each looks at in an answer, and what it says where that is not
// as expected.

import { type JsonPath, readJsonPath, valueAt, valuesAt } from '../common/json-path.ts';
import { formatBytes, formatSpan } from '../common/units.ts';
import { type CauseName, causeIndex } from '../measure/cause.ts';
import type { CaptureSource } from '../profile/capture.ts';
import type { CompiledCount } from '../profile/compile-counts.ts';
import type { CompiledCapture, CountedExpectation } from '../profile/compile-step.ts';
import type { Expectation } from '../profile/expectation.ts';
import type { Answer } from './answer.ts';
import { foundWords, isWithin, matcherOf } from './matcher.ts';

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

/** Numbers of an answer that are counted: where each is found, by the words of its path. */
export const countedPaths = ({ counts = [] }: Pick<LooksInto, 'counts'>): ReadonlyMap<string, JsonPath> =>
  new Map(
    counts.flatMap(({ value }) => (typeof value === 'object' ? [[value.json, readJsonPath(value.json)] as const] : [])),
  );

/** @param expected undefined for any 2xx and 3xx */
export const isExpectedStatus = (expected: ReadonlySet<number> | undefined, status: number): boolean =>
  expected ? expected.has(status) : status >= 200 && status < 400;

/** Whether it looks into the body, which is then kept. */
export const looksIntoBody = ({ expect = [], captures = [], counts = [] }: LooksInto): boolean =>
  countedPaths({ counts }).size > 0 ||
  expect.some(({ expectation: { of } }) => of === 'json' || of === 'text') ||
  captures.some(({ from: { of } }) => of === 'json' || of === 'regex');

interface LooksInto {
  readonly expect?: readonly CountedExpectation[] | undefined;
  readonly captures?: readonly CompiledCapture[] | undefined;
  readonly counts?: readonly CompiledCount[] | undefined;
}
