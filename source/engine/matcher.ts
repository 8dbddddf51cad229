// Holds a value against the tests of an expectation; says in words what was found where one does not hold.

import { isSameJson } from '../common/json-path.ts';
import type { Bound, ValueTest } from '../profile/expectation.ts';

/** The words for what was found; undefined where all is as expected. */
export type Matcher = (value: unknown) => string | undefined;

type Holds = (value: unknown) => boolean;

/** The text of a scalar, as `contains` and `matches` look at it; undefined for what has none. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

const lengthOf = (value: unknown): number | undefined => {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
};

const holdsOf = (test: ValueTest): Holds => {
  switch (test.type) {
    case 'equals':
      return (value) => isSameJson(value, test.value);
    case 'contains':
      return (value) => textOf(value)?.includes(test.text) ?? false;
    case 'matches': {
      const pattern = new RegExp(test.pattern, 'u');
      return (value) => {
        const text = textOf(value);
        return text !== undefined && pattern.test(text);
      };
    }
    case 'exists':
      return (value) => (value !== undefined) === test.is;
    case 'above':
      return (value) => typeof value === 'number' && value > test.bound;
    case 'below':
      return (value) => typeof value === 'number' && value < test.bound;
    case 'length':
      return (value) => lengthOf(value) === test.count;
  }
};

/** Longer values say no more in a row. */
const mostShown = 80;

/** A value in words; undefined is what was not there. */
export const foundWords = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown - 1).toWellFormed()}…` : text;
};

/** @param tests all of which must hold */
export const matcherOf = (tests: readonly ValueTest[]): Matcher => {
  const all = tests.map(holdsOf);
  return (value) => (all.every((holds) => holds(value)) ? undefined : foundWords(value));
};

/** Whether a number is within a bound. */
export const isWithin = (value: number, bound: Bound): boolean => {
  switch (bound.operator) {
    case '<':
      return value < bound.value;
    case '<=':
      return value <= bound.value;
    case '>':
      return value > bound.value;
    case '>=':
      return value >= bound.value;
  }
};
