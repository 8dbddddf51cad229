// Finds the templates in paths, headers and bodies: functions in double braces, `{{integer 1 100}}`. They are read once,
// before the run, into parts that the engine puts together for each request; the functions are template-functions.ts.

import { UserError } from '../common/errors.ts';
import { noTemplateData, type TemplateScope } from './data.ts';
import { streamsOfFunction } from './functions.ts';
import { isCaptured, readCaptured } from './template-captures.ts';
import { isColumn, readColumn } from './template-columns.ts';
import { JsonPlace } from './template-escape.ts';
import { isNumberTemplate, isTemplateFunction, readFunction, type Streams } from './template-functions.ts';
import type { TemplateValue } from './template-value.ts';

/** A piece of a text: as it stands, or drawn for each request. */
export type TextPart = string | TemplateValue;

/** Text of a request. Without templates it is a string, else the parts in order; no two strings follow each other. */
export type Text = string | readonly TextPart[];

/** Where a template stands: from its first brace up to the character after its last. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly words: readonly Word[];
}

// Only the name of a column may stand in quotes: {{people."full name"}}.
const nameInside = /\s*([^\s{}."]+\.\\*"[^"{}]*"|[^\s{}]*)/y;
// Backslashes in front of a quote are those of text that went through JSON; the same then end it.
const quote = /\s+(\\*["'])/y;
const plainWord = /\s+([^\s{}]+)/y;
const afterWord = /\s|\}\}/y;
const end = /\s*\}\}/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

interface Word {
  readonly text: string;
  readonly to: number;
  /** It begins with a quote that does not end. */
  readonly isOpen: boolean;
}

const wordAt = (text: string, at: number): Word | undefined => {
  const opening = matchAt(quote, text, at);
  if (opening) {
    const [space, mark = ''] = opening;
    const from = at + space.length;
    const to = text.indexOf(mark, from);
    if (to >= 0 && matchAt(afterWord, text, to + mark.length)) {
      return { text: text.slice(from, to), to: to + mark.length, isOpen: false };
    }
  }
  const plain = matchAt(plainWord, text, at);
  if (!plain || !matchAt(afterWord, text, at + plain[0].length)) return undefined;
  return { text: plain[1]!, to: at + plain[0].length, isOpen: opening !== null };
};

const placeAt = (text: string, from: number): Place | undefined => {
  const [before, name = ''] = matchAt(nameInside, text, from + 2)!;
  let at = from + 2 + before.length;
  const words: Word[] = [];
  for (let word = wordAt(text, at); word; word = wordAt(text, at)) {
    words.push(word);
    at = word.to;
  }
  const closing = matchAt(end, text, at);
  return closing ? { from, to: at + closing[0].length, name, words } : undefined;
};

function* placesOf(text: string): Generator<Place> {
  let from = text.indexOf('{{');
  while (from >= 0) {
    const place = placeAt(text, from);
    if (place) yield place;
    from = text.indexOf('{{', place ? place.to : from + 1);
  }
}

/** The text with each template replaced, for a look at what stands around them. */
export const replaceTemplates = (text: string, by: string): string => {
  let replaced = '';
  let at = 0;
  for (const place of placesOf(text)) {
    replaced += text.slice(at, place.from) + by;
    at = place.to;
  }
  return replaced + text.slice(at);
};

/** A function or a column that a text calls. */
export interface Call {
  readonly name: string;
  readonly words: readonly string[];
  /** As it is written, its braces included. */
  readonly source: string;
}

/** What the templates of a text call; `number` and `text` are looked through. */
export const callsIn = (text: string): readonly Call[] =>
  [...placesOf(text)].map((place) => {
    const words = place.words.map((word) => word.text);
    const isCast = (place.name === 'number' || place.name === 'text') && words[0] !== undefined;
    const source = text.slice(place.from, place.to);
    return isCast ? { name: words[0]!, words: words.slice(1), source } : { name: place.name, words, source };
  });

/** Whether a text is one template, and nothing else, that stands for a number under `json`. */
export const isNumberText = (text: string): boolean => {
  const [place] = placesOf(text);
  return (
    place?.from === 0 &&
    place.to === text.length &&
    isNumberTemplate(
      place.name,
      place.words.map((word) => word.text),
    )
  );
};

/**
 * The text in parts.
 * @param where said in the error: `body of "POST /events"`
 * @param scope what values come from, and where they go; at `json value` a whole JSON text is meant
 * @throws UserError for double braces that are no function, or one with wrong arguments.
 */
export const readTemplates = (text: string, where: string, streams: Streams, scope = noTemplateData): Text => {
  refuseUnclosed(text, where);
  return partsOf(text, { where, streams, scope, isOurs: () => true, literal: (value) => value });
};

/**
 * The same for bytes, each a character of the parts. Double braces that are no function stay as they are.
 * @throws UserError for a function with wrong arguments.
 */
export const readByteTemplates = (
  bytes: Uint8Array,
  where: string,
  streams: Streams,
  scope = noTemplateData,
): Uint8Array | readonly TextPart[] => {
  if (!hasBraces(bytes)) return bytes;
  const isOurs = ({ name }: Place): boolean =>
    isTemplateFunction(name) || isCaptured(name, scope) || isColumn(name, scope.data);
  const characters = charactersOf(bytes);
  const text = partsOf(characters, { where, streams, scope, isOurs, literal: bytesOfText });
  if (typeof text !== 'string') return text;
  return text === characters ? bytes : Uint8Array.from(text, (character) => character.charCodeAt(0));
};

/** The text with `change` applied to what stands in it and to what its templates may pick. */
export const mapText = (text: Text, change: (piece: string) => string): Text =>
  typeof text === 'string' ? change(text) : text.map((part) => mapPart(part, change));

/** The same for one part. */
export const mapPart = (part: TextPart, change: (piece: string) => string): TextPart => {
  if (typeof part === 'string') return change(part);
  if (part.type === 'items') {
    return { ...part, items: part.items.map((item) => item.map((piece) => mapPart(piece, change))) };
  }
  return 'choices' in part ? { ...part, choices: part.choices.map(change) } : part;
};

const encoder = new TextEncoder();

/** Text as its bytes, each a character. */
export const bytesOfText = (text: string): string => charactersOf(encoder.encode(text));

/** Bytes as text in which each character is one byte. */
export const charactersOf = (bytes: Uint8Array): string => {
  // TextDecoder's latin1 is Windows-1252, which moves 27 bytes elsewhere.
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
};

const hasBraces = (bytes: Uint8Array): boolean => {
  const brace = 0x7b;
  for (let at = bytes.indexOf(brace); at >= 0; at = bytes.indexOf(brace, at + 1)) {
    if (bytes[at + 1] === brace) return true;
  }
  return false;
};

/** What the templates of one text are read with. */
interface Reader {
  readonly where: string;
  readonly streams: Streams;
  readonly scope: TemplateScope;
  readonly isOurs: (place: Place) => boolean;
  /** A value that is known already, as it stands between the templates. */
  readonly literal: (value: string) => string;
}

const partsOf = (text: string, reader: Reader): Text => {
  const { scope } = reader;
  const json = scope.place === 'json value' ? new JsonPlace() : undefined;
  const parts: TextPart[] = [];
  let at = 0;
  for (const place of placesOf(text)) {
    if (!reader.isOurs(place)) continue;
    const before = text.slice(at, place.from);
    add(parts, before);
    json?.read(before);
    const part = readPlace(place, text, { ...reader, scope: json ? { ...scope, place: json.place } : scope });
    add(parts, typeof part === 'string' ? reader.literal(part) : part);
    at = place.to;
  }
  if (at === 0) return text;
  add(parts, text.slice(at));
  const [only = '', second] = parts;
  return second === undefined && typeof only === 'string' ? only : parts;
};

/** Adds a part; texts that follow each other are one. */
const add = (parts: TextPart[], part: TextPart): void => {
  const last = parts.at(-1);
  if (part === '') return;
  if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
  else parts.push(part);
};

const readPlace = (place: Place, text: string, { where, streams, scope }: Reader): TextPart => {
  const found = `{{${text.slice(place.from + 2, place.to - 2).trim()}}}`;
  if (place.words.some(({ isOpen }) => isOpen)) {
    throw new UserError(`${where}: found ${found}, expected the quote to end before a space or the braces`);
  }
  const words = place.words.map((word) => word.text);
  const value =
    readProfileFunction(place.name, words, streams, scope) ??
    readCaptured(place.name, words, scope) ??
    readColumn(place.name, words, scope) ??
    readFunction(place.name, words, streams, scope);
  if (typeof value === 'string' || 'type' in value) return value;
  throw new UserError(
    `${where}: found ${found}, expected ${value.expected}`,
    value.hint === undefined ? {} : { hint: value.hint },
  );
};

/** What stands for a function of the profile: written by nobody, see functionText. */
const readProfileFunction = (
  name: string,
  words: readonly string[],
  streams: Streams,
  { functions = 0, place }: TemplateScope,
): TemplateValue | undefined => {
  const index = Number(words[0]);
  if (name !== 'function' || words.length !== 1 || !(index < functions)) return undefined;
  return { type: 'function', index, stream: streams.take(streamsOfFunction), place };
};

/** A function whose braces do not end would be sent as it stands, which nobody means. */
export const unclosedIn = (text: string): { readonly found: string; readonly expected: string } | undefined => {
  for (const { index, 1: name } of text.matchAll(/\{\{\s*(\w+)(?![\w.-])/g)) {
    if (!isTemplateFunction(name!) || placeAt(text, index)) continue;
    return { found: text.slice(index, index + 40), expected: `{{${name} …}} with its end` };
  }
  return undefined;
};

const refuseUnclosed = (text: string, where: string): void => {
  const unclosed = unclosedIn(text);
  if (!unclosed) return;
  throw new UserError(`${where}: found ${unclosed.found}, expected ${unclosed.expected}`, {
    hint: 'an argument with spaces or braces stands in quotes',
  });
};
