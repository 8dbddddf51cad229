// The functions that may stand in double braces, each with the arguments it takes and what it becomes. Where templates
// stand in a text is templates.ts; writing their values into a request is the engine's.

import { didYouMean } from '../common/did-you-mean.ts';

/**
 * What a template stands for, read and checked: plain data that crosses into worker threads. `stream` is the first of
 * the streams of randomness (common/random.ts) that are its own, so that no two templates of a run draw alike.
 */
export type TemplateValue =
  | { readonly type: 'arrival' }
  /** Milliseconds since 1970. */
  | { readonly type: 'now' }
  /** The same, as `2026-01-31T12:00:00.000Z`. */
  | { readonly type: 'now iso' }
  | { readonly type: 'uuid'; readonly stream: number }
  | { readonly type: 'hex'; readonly digits: number; readonly stream: number }
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly stream: number }
  /** Bounds in units of the last digit: 150 is 1.50 where `digits` is 2. */
  | {
      readonly type: 'float';
      readonly min: number;
      readonly max: number;
      readonly digits: number;
      readonly stream: number;
    }
  | { readonly type: 'pick'; readonly choices: readonly string[]; readonly stream: number };

/** Hands out streams of randomness, each once in a run. */
export class Streams {
  // The streams before are those of the load: scenario choice and arrivals.
  #next = 100;

  /** The first of `count` streams that nobody else has. */
  take(count = 1): number {
    const first = this.#next;
    this.#next += count;
    return first;
  }
}

/** What was expected in place of a template that is none. */
export interface TemplateFault {
  readonly expected: string;
  readonly hint: string | undefined;
}

interface TemplateFunction {
  readonly usage: string;
  readonly example: string;
  /** Undefined, or what is missing in words, where the arguments do not fit. */
  read(words: readonly string[], streams: Streams): TemplateValue | string | undefined;
}

/** Numbers of up to 15 digits are exact, whatever is reckoned with them here. */
const mostDigits = 15;
const mostHexDigits = 4096;
const mostFloatDigits = 9;

const wholeNumber = (word: string | undefined): number | undefined =>
  word !== undefined && /^-?\d{1,15}$/.test(word) ? Number(word) : undefined;

/** A decimal number in units of its last of `digits` digits, read from its text so that none is lost. */
const scaledNumber = (word: string, digits: number): number | undefined => {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(word) ?? [];
  if (whole === undefined || fraction.length > digits) return undefined;
  return wholeNumber(`${sign}${`${whole}${fraction.padEnd(digits, '0')}`.replace(/^0+(?=\d)/, '')}`);
};

const bare =
  (value: TemplateValue) =>
  (words: readonly string[]): TemplateValue | undefined =>
    words.length === 0 ? value : undefined;

const readInteger = (words: readonly string[], streams: Streams): TemplateValue | string | undefined => {
  const [min, max] = words.map(wholeNumber);
  if (words.length !== 2 || min === undefined || max === undefined) {
    return `two whole numbers of at most ${mostDigits} digits`;
  }
  return min > max ? 'MIN not above MAX' : { type: 'integer', min, max, stream: streams.take() };
};

const readFloat = (words: readonly string[], streams: Streams): TemplateValue | string | undefined => {
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

const readHex = (words: readonly string[], streams: Streams): TemplateValue | string | undefined => {
  const digits = wholeNumber(words[0]) ?? 0;
  if (words.length !== 1 || digits < 1 || digits > mostHexDigits)
    return `a number of digits from 1 to ${mostHexDigits}`;
  return { type: 'hex', digits, stream: streams.take(Math.ceil(digits / 8)) };
};

const functions: Readonly<Record<string, TemplateFunction>> = {
  arrival: { usage: '{{arrival}}', example: '{{arrival}}', read: bare({ type: 'arrival' }) },
  uuid: {
    usage: '{{uuid}}',
    example: '{{uuid}}',
    read: (words, streams) => (words.length === 0 ? { type: 'uuid', stream: streams.take(4) } : undefined),
  },
  integer: { usage: '{{integer MIN MAX}}', example: '{{integer 1 100}}', read: readInteger },
  float: { usage: '{{float MIN MAX DIGITS}}', example: '{{float 0 9.99 2}}', read: readFloat },
  pick: {
    usage: '{{pick A B …}}',
    example: '{{pick red green "dark blue"}}',
    read: (choices, streams) =>
      choices.length < 2 ? 'two choices or more' : { type: 'pick', choices, stream: streams.take() },
  },
  now: {
    usage: '{{now}} or {{now iso}}',
    example: '{{now iso}}',
    read: (words) => {
      if (words.length === 0) return { type: 'now' };
      return words.length === 1 && words[0] === 'iso' ? { type: 'now iso' } : undefined;
    },
  },
  hex: { usage: '{{hex N}}', example: '{{hex 16}}', read: readHex },
};

const names = Object.keys(functions);

/** Whether a word is the name of a function. */
export const isTemplateFunction = (name: string): boolean => Object.hasOwn(functions, name);

/** What a function with its arguments stands for, or why it stands for nothing. */
export const readFunction = (
  name: string,
  words: readonly string[],
  streams: Streams,
): TemplateValue | TemplateFault => {
  const known = isTemplateFunction(name) ? functions[name] : undefined;
  if (!known) return unknownFunction(name);
  const value = known.read(words, streams);
  if (typeof value === 'object') return value;
  const { usage, example } = known;
  return {
    expected: value === undefined ? usage : `${usage}: ${value}`,
    hint: usage === example ? undefined : `such as ${example}`,
  };
};

const unknownFunction = (name: string): TemplateFault => {
  const near = didYouMean(name, names);
  return {
    expected: `one of ${names.map((word) => `{{${word}}}`).join(', ')}`,
    hint: near
      ? `did you mean ${functions[near]!.usage}?`
      : 'text with other double braces can be sent as it is from a bodyFile',
  };
};
