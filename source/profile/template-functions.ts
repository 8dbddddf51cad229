// The functions that may stand in double braces, each with the arguments it takes and what it becomes. Where templates
// stand in a text is templates.ts; writing their values into a request is the engine's.

import { didYouMean } from '../common/did-you-mean.ts';
import { noTemplateData, type TemplateScope } from './data.ts';
import type { Streams } from './streams.ts';
import {
  bare,
  jsonNumber,
  listed,
  readCycle,
  readEmail,
  readFloat,
  readHex,
  readInteger,
  readLetters,
  readNow,
  readPick,
  readSequence,
  readWeighted,
  readWords,
  type TemplateFunction,
} from './template-arguments.ts';
import { readCaptured } from './template-captures.ts';
import { escapeFor, isEscapedPlace } from './template-escape.ts';
import type { TemplateValue, ValuePlace } from './template-value.ts';

export { Streams } from './streams.ts';
export type { TemplateValue } from './template-value.ts';

/** What was expected in place of a template that is none. */
export interface TemplateFault {
  readonly expected: string;
  readonly hint: string | undefined;
}

/** Every function, by the name that it is called by. */
export const templateFunctions: Readonly<Record<string, TemplateFunction>> = {
  arrival: {
    usage: '{{arrival}}',
    example: '{{arrival}}',
    gives: 'the number of the arrival, from 0',
    isNumber: true,
    read: bare({ type: 'arrival' }),
  },
  sequence: {
    usage: '{{sequence [START]}}',
    example: '{{sequence 1000}}',
    gives: 'START (or 0) and the number of the arrival added up',
    isNumber: true,
    read: readSequence,
  },
  uuid: {
    usage: '{{uuid}}',
    example: '{{uuid}}',
    gives: 'a UUID of version 4',
    read: (words, { streams }) => (words.length === 0 ? { type: 'uuid', stream: streams.take(4) } : undefined),
  },
  integer: {
    usage: '{{integer MIN MAX}}',
    example: '{{integer 1 100}}',
    gives: 'a whole number between the two, both included',
    isNumber: true,
    read: readInteger,
  },
  float: {
    usage: '{{float MIN MAX DIGITS}}',
    example: '{{float 0 9.99 2}}',
    gives: 'a number between the two, both included, with so many digits after the point (0 to 9)',
    isNumber: true,
    read: readFloat,
  },
  pick: {
    usage: '{{pick A B …}}',
    example: '{{pick red green "dark blue"}}',
    gives: 'one of the choices, each as likely as the others',
    read: readPick,
  },
  cycle: {
    usage: '{{cycle A B …}}',
    example: '{{cycle red green blue}}',
    gives: 'the choices in turn, by the number of the arrival',
    read: readCycle,
  },
  weighted: {
    usage: '{{weighted A:N B:N …}}',
    example: '{{weighted card:3 cash:1}}',
    gives: 'one of the choices, as likely as the number after its last colon',
    read: readWeighted,
  },
  hex: {
    usage: '{{hex N}}',
    example: '{{hex 16}}',
    gives: 'so many hexadecimal digits (1 to 4,096)',
    read: readHex,
  },
  string: {
    usage: '{{string N}}',
    example: '{{string 12}}',
    gives: 'so many letters, a to z (1 to 4,096)',
    read: readLetters,
  },
  now: {
    usage: '{{now}}, {{now seconds}} or {{now iso}}',
    example: '{{now iso}}',
    forms: ['{{now}}', '{{now seconds}}', '{{now iso}}'],
    gives:
      'the instant for which the request is intended: milliseconds or seconds since 1970, or as `2026-01-31T12:00:00.000Z`',
    isNumber: (words) => words[0] !== 'iso',
    read: readNow,
  },
  name: {
    usage: '{{name}}',
    example: '{{name}}',
    gives: 'a first and a last name',
    list: () => 'person.fullName',
    read: listed,
  },
  first_name: {
    usage: '{{first_name}}',
    example: '{{first_name}}',
    gives: 'a first name',
    list: () => 'person.firstName',
    read: listed,
  },
  last_name: {
    usage: '{{last_name}}',
    example: '{{last_name}}',
    gives: 'a last name',
    list: () => 'person.lastName',
    read: listed,
  },
  email: {
    usage: '{{email}}',
    example: '{{email}}',
    gives: 'an address at example.com, another for each arrival',
    list: () => 'person.firstName',
    takesPlain: true,
    read: readEmail,
  },
  word: { usage: '{{word}}', example: '{{word}}', gives: 'an English word', list: () => 'word.sample', read: listed },
  words: {
    usage: '{{words N}}',
    example: '{{words 5}}',
    gives: 'so many words with spaces between (1 to 100)',
    list: () => 'word.sample',
    read: readWords,
  },
  sentence: {
    usage: '{{sentence}}',
    example: '{{sentence}}',
    gives: 'a sentence (Latin)',
    list: () => 'lorem.sentence',
    read: listed,
  },
  faker: {
    usage: '{{faker MODULE.FUNCTION}}',
    example: '{{faker commerce.productName}}',
    gives: 'one of 1,000 values of a function of [Faker](https://fakerjs.dev/api/) that needs no arguments',
    list: (words) => (words.length === 1 ? words[0] : undefined),
    read: (words, scope, values) =>
      words.length === 1 ? listed([], scope, values) : 'a function such as commerce.productName',
  },
};

const names = Object.keys(templateFunctions);

/** What may stand before a function under `json`: which of the two its value is there. */
const casts = ['number', 'text'];

/** Whether a word is the name of a function. */
export const isTemplateFunction = (name: string): boolean =>
  Object.hasOwn(templateFunctions, name) || casts.includes(name);

/** Whether a template that is a whole value under `json` stands for a number there. */
export const isNumberTemplate = (name: string, words: readonly string[]): boolean => {
  if (name === 'number') return true;
  const isNumber = Object.hasOwn(templateFunctions, name) ? templateFunctions[name]?.isNumber : undefined;
  return typeof isNumber === 'function' ? isNumber(words) : isNumber === true;
};

/** The list of values that a function draws from, by its name in Faker; undefined where it has none. */
export const listOf = (name: string, words: readonly string[]): string | undefined =>
  Object.hasOwn(templateFunctions, name) ? templateFunctions[name]?.list?.(words) : undefined;

/** What a function with its arguments stands for, or why it stands for nothing. */
export const readFunction = (
  name: string,
  words: readonly string[],
  streams: Streams,
  scope: TemplateScope = noTemplateData,
): TemplateValue | string | TemplateFault => {
  if (casts.includes(name)) return readCast(name, words, streams, scope);
  const known = Object.hasOwn(templateFunctions, name) ? templateFunctions[name] : undefined;
  if (!known) return unknownFunction(name, [...(scope.captured ?? []), ...(scope.run?.names ?? [])]);
  const list = known.list?.(words);
  const values = list === undefined ? undefined : scope.data.lists.get(list);
  if (list !== undefined && !values) return { expected: 'values that were made before the run', hint: undefined };
  const written = known.takesPlain ? values : values?.map(escapeFor(scope.place));
  const value = known.read(words, { ...scope, streams }, written);
  if (typeof value === 'object') return values ? value : escaped(value, scope.place);
  const { usage, example } = known;
  return {
    expected: value === undefined ? usage : `${usage}: ${value}`,
    hint: usage === example ? undefined : `such as ${example}`,
  };
};

/** Choices that the profile says itself are escaped where the text around them is; values of a list have been. */
const escaped = (value: TemplateValue, place: ValuePlace): TemplateValue =>
  isEscapedPlace(place) && 'choices' in value ? { ...value, choices: value.choices.map(escapeFor(place)) } : value;

const readCast = (
  cast: string,
  [name, ...words]: readonly string[],
  streams: Streams,
  scope: TemplateScope,
): TemplateValue | string | TemplateFault => {
  if (name === undefined) {
    return { expected: `a function after ${cast}`, hint: `such as {{${cast} integer 1 100}}` };
  }
  // What is wholly a number in words is one without quotes; only JSON has any.
  const isBare = cast === 'number' && scope.place.startsWith('json');
  const captured = readCaptured(name, words, isBare ? { ...scope, place: 'text' } : scope);
  const value = captured ?? readFunction(name, words, streams, scope);
  if (typeof value === 'string' || !('type' in value) || cast === 'text' || value.type === 'captured') return value;
  const choices = 'choices' in value ? value.choices : undefined;
  if (isNumberTemplate(name, words) || value.type === 'column' || choices?.every((choice) => jsonNumber.test(choice))) {
    return value;
  }
  return { expected: 'numbers as JSON has them after {{number …}}', hint: 'such as {{number pick 5 10 20}}' };
};

const unknownFunction = (name: string, captured: readonly string[]): TemplateFault => {
  const near = didYouMean(name, [...captured, ...names]);
  return {
    expected: `one of ${[...captured, ...names].map((word) => `{{${word}}}`).join(', ')}`,
    hint:
      near === undefined
        ? 'text with other double braces can be sent as it is from a bodyFile'
        : `did you mean ${captured.includes(near) ? `{{${near}}}` : templateFunctions[near]!.usage}?`,
  };
};
