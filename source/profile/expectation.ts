// What a profile expects of an answer beyond its status, as plain data that crosses into worker threads. Each is counted by
// itself, under the words that stand for it here; holding an answer against them is the engine's.

import { type JsonPath, readJsonPath } from '../common/json-path.ts';
import { formatBytes, formatSpan, parseBytes, parseDuration, UnitError } from '../common/units.ts';

/** What a value is held against. Patterns are sources of regular expressions. */
export type ValueTest =
  | { readonly type: 'equals'; readonly value: unknown }
  | { readonly type: 'contains'; readonly text: string }
  | { readonly type: 'matches'; readonly pattern: string }
  | { readonly type: 'exists'; readonly is: boolean }
  | { readonly type: 'above'; readonly bound: number }
  | { readonly type: 'below'; readonly bound: number }
  /** Characters of a text, values of a list, keys of a mapping. */
  | { readonly type: 'length'; readonly count: number };

export interface Bound {
  readonly operator: '<' | '<=' | '>' | '>=';
  /** Bytes, or ms. */
  readonly value: number;
}

/** One expectation; of several tests all must hold. */
export type Expectation =
  | { readonly of: 'header'; readonly name: string; readonly tests: readonly ValueTest[] }
  /** @param written the path as the profile has it */
  | { readonly of: 'json'; readonly path: JsonPath; readonly written: string; readonly tests: readonly ValueTest[] }
  | { readonly of: 'text'; readonly tests: readonly ValueTest[] }
  /** Of the body as it was sent, in bytes. */
  | { readonly of: 'size'; readonly bound: Bound }
  /** Response time, in ms. */
  | { readonly of: 'time'; readonly bound: Bound };

const boundPattern = /^\s*([<>]=?)\s*(\S.*)$/;

const readBound =
  (read: (text: string) => number, expected: string) =>
  (text: string): Bound => {
    const [, operator, amount] = boundPattern.exec(text) ?? [];
    try {
      const value = read(amount ?? '');
      if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') return { operator, value };
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
    }
    throw new UnitError(expected);
  };

/** A bound on the size of a body: `<1MiB`. */
export const readSizeBound = readBound(parseBytes, 'a bound such as <1MiB or >=100');
/** A bound on the response time: `<500ms`. */
export const readTimeBound = readBound((amount) => {
  // A bare number is seconds elsewhere, and meant as milliseconds here by nearly everybody.
  if (/^[\d.,]*$/.test(amount)) throw new UnitError('a time with its unit');
  return parseDuration(amount);
}, 'a bound with its unit such as <500ms');

/** The source of a regular expression. @throws UnitError where it is none */
export const readPattern = (text: string): string => {
  try {
    new RegExp(text, 'u');
    return text;
  } catch {
    throw new UnitError("a regular expression such as '^id-\\d+$'");
  }
};

/** A JSON path with the words it was written in. */
export const jsonExpectation = (written: string, tests: readonly ValueTest[]): Expectation => ({
  of: 'json',
  path: readJsonPath(written),
  written,
  tests,
});

/** Longer names would not fit a row. */
const mostShown = 60;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > mostShown ? `${text.slice(0, mostShown - 1).toWellFormed()}…` : text;
};

const wordsOfTest = (test: ValueTest): string => {
  switch (test.type) {
    case 'equals':
      return `is ${shown(test.value)}`;
    case 'contains':
      return `contains ${shown(test.text)}`;
    case 'matches':
      return `matches /${test.pattern}/`;
    case 'exists':
      return test.is ? 'is there' : 'is not there';
    case 'above':
    case 'below':
      return `is ${test.type} ${test.bound}`;
    case 'length':
      return `has length ${test.count}`;
  }
};

const wordsOfTests = (tests: readonly ValueTest[]): string => tests.map(wordsOfTest).join(' and ');

/** The words of an expectation: `header content-type contains "json"`, `$.ok is true`, `time < 500 ms`. */
export const wordsOfExpectation = (expectation: Expectation): string => {
  switch (expectation.of) {
    case 'header':
      return `header ${expectation.name} ${wordsOfTests(expectation.tests)}`;
    case 'json':
      return `${expectation.written} ${wordsOfTests(expectation.tests)}`;
    case 'text':
      return `text ${wordsOfTests(expectation.tests)}`;
    case 'size':
      return `size ${expectation.bound.operator} ${formatBytes(expectation.bound.value)}`;
    case 'time':
      return `time ${expectation.bound.operator} ${formatSpan(expectation.bound.value)}`;
  }
};

/** The words of the expectation of a status: `status 200 or 202`. */
export const wordsOfStatuses = (statuses: readonly number[]): string => `status ${statuses.join(' or ')}`;
