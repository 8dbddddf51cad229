// Reads the arguments of the functions of templates. Which functions there are, and what they are called, is
// template-functions.ts.

import type { TemplateScope } from './data.ts';
import type { Streams } from './streams.ts';
import { escapeFor, isEscapedPlace } from './template-escape.ts';
import type { TemplateValue } from './template-value.ts';

/** What a function may need beside its arguments. */
export interface Reading extends TemplateScope {
  readonly streams: Streams;
}

export interface TemplateFunction {
  readonly usage: string;
  readonly example: string;
  /** All ways to write it, where the manual shows more than the example. */
  readonly forms?: readonly string[];
  /** What it becomes, for the manual. */
  readonly gives: string;
  /** As a whole value under `json` it is a number. */
  readonly isNumber?: boolean | ((words: readonly string[]) => boolean);
  /** The function of Faker whose values it draws from. */
  readonly list?: (words: readonly string[]) => string | undefined;
  /** It makes letters of the values of its list, which need no escaping then. */
  readonly takesPlain?: boolean;
  /**
   * Undefined, or what is missing in words, where the arguments do not fit.
   * @param values of its list, as they are sent; plain where it takes them so
   */
  read(words: readonly string[], reading: Reading, values: readonly string[] | undefined): ReadArguments;
}

export type ReadArguments = TemplateValue | string | undefined;

/** Numbers of up to 15 digits are exact, whatever is reckoned with them here. */
const mostDigits = 15;
const mostHexDigits = 4096;
const mostFloatDigits = 9;
const mostWords = 100;
/** Nobody has it (RFC 2606). */
const usualDomain = '@example.com';

/** A number as JSON has it. */
export const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

const wholeNumber = (word: string | undefined): number | undefined =>
  word !== undefined && /^-?\d{1,15}$/.test(word) ? Number(word) : undefined;

/** A decimal number in units of its last of `digits` digits, read from its text so that none is lost. */
const scaledNumber = (word: string, digits: number): number | undefined => {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(word) ?? [];
  if (whole === undefined || fraction.length > digits) return undefined;
  return wholeNumber(`${sign}${`${whole}${fraction.padEnd(digits, '0')}`.replace(/^0+(?=\d)/, '')}`);
};

/** A function without arguments. */
export const bare =
  (value: TemplateValue) =>
  (words: readonly string[]): ReadArguments =>
    words.length === 0 ? value : undefined;

export const readInteger = (words: readonly string[], { streams }: Reading): ReadArguments => {
  const [min, max] = words.map(wholeNumber);
  if (words.length !== 2 || min === undefined || max === undefined) {
    return `two whole numbers of at most ${mostDigits} digits`;
  }
  return min > max ? 'MIN not above MAX' : { type: 'integer', min, max, stream: streams.take() };
};

export const readFloat = (words: readonly string[], { streams }: Reading): ReadArguments => {
  const digits = wholeNumber(words[2]);
  if (words.length !== 3 || digits === undefined || digits < 0 || digits > mostFloatDigits) {
    return `two numbers and how many digits follow the point, at most ${mostFloatDigits}`;
  }
  const [min, max] = words.slice(0, 2).map((word) => scaledNumber(word, digits));
  if (min === undefined || max === undefined) {
    return `numbers with at most ${digits} digits after the point and ${mostDigits} in all`;
  }
  return min > max ? 'MIN not above MAX' : { type: 'float', min, max, digits, stream: streams.take() };
};

/** The number that is the only argument; undefined where it is not one from 1 to `most`. */
const countUpTo = (words: readonly string[], most: number): number | undefined => {
  const count = wholeNumber(words[0]) ?? 0;
  return words.length !== 1 || count < 1 || count > most ? undefined : count;
};

export const readHex = (words: readonly string[], { streams }: Reading): ReadArguments => {
  const digits = countUpTo(words, mostHexDigits);
  if (digits === undefined) return `a number of digits from 1 to ${mostHexDigits}`;
  return { type: 'hex', digits, stream: streams.take(Math.ceil(digits / 8)) };
};

/** Letters that one draw of 32 bits is enough for. */
const lettersPerDraw = 6;

export const readLetters = (words: readonly string[], { streams }: Reading): ReadArguments => {
  const count = countUpTo(words, mostHexDigits);
  if (count === undefined) return `a number of letters from 1 to ${mostHexDigits}`;
  return { type: 'letters', count, stream: streams.take(Math.ceil(count / lettersPerDraw)) };
};

export const readSequence = (words: readonly string[]): ReadArguments => {
  if (words.length === 0) return { type: 'sequence', start: 0 };
  const start = wholeNumber(words[0]);
  if (words.length !== 1 || start === undefined || start < 0) return `a whole number of at most ${mostDigits} digits`;
  return { type: 'sequence', start };
};

export const readNow = (words: readonly string[]): ReadArguments => {
  if (words.length === 0) return { type: 'now' };
  const [form] = words;
  if (words.length > 1) return undefined;
  return form === 'iso' || form === 'seconds' ? { type: `now ${form}` } : undefined;
};

export const readPick = (choices: readonly string[], { streams }: Reading): ReadArguments =>
  choices.length < 2 ? 'two choices or more' : { type: 'pick', choices, stream: streams.take() };

export const readCycle = (choices: readonly string[]): ReadArguments =>
  choices.length < 2 ? 'two choices or more' : { type: 'cycle', choices };

export const readWeighted = (words: readonly string[], { streams }: Reading): ReadArguments => {
  const pairs = words.map((word) => /^(.*):(\d{1,9}(?:\.\d{1,9})?)$/s.exec(word));
  if (pairs.length < 2 || pairs.some((pair) => !pair)) return 'two choices or more, each with its weight after a colon';
  const weights = pairs.map((pair) => Number(pair![2]));
  if (weights.every((weight) => weight === 0)) return 'a weight above 0';
  return { type: 'weighted', choices: pairs.map((pair) => pair![1]!), weights, stream: streams.take() };
};

/** A function that is one of a list's values. */
export const listed = (
  words: readonly string[],
  { streams }: Reading,
  choices: readonly string[] = [],
): ReadArguments => (words.length === 0 ? { type: 'pick', choices, stream: streams.take() } : undefined);

export const readWords = (
  words: readonly string[],
  { streams, place }: Reading,
  choices: readonly string[] = [],
): ReadArguments => {
  const count = countUpTo(words, mostWords);
  if (count === undefined) return `a number of words from 1 to ${mostWords}`;
  // Between values of JSON it would be a string of its own.
  const between = place === 'json value' ? ' ' : escapeFor(place)(' ');
  return { type: 'words', choices, count, between, stream: streams.take(count) };
};

export const readEmail = (
  words: readonly string[],
  { streams, place }: Reading,
  choices: readonly string[] = [],
): ReadArguments => {
  if (words.length > 0) return undefined;
  const names = choices.map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ''));
  const domain = isEscapedPlace(place) ? escapeFor(place)(usualDomain) : usualDomain;
  return { type: 'email', choices: names, domain, stream: streams.take() };
};
