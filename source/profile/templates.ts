// Finds the templates in paths, headers and bodies: functions in double braces, `{{integer 1 100}}`. They are read once,
// before the run, into parts that the engine puts together for each request; the functions are template-functions.ts.

import { UserError } from '../common/errors.ts';
import { isTemplateFunction, readFunction, type Streams, type TemplateValue } from './template-functions.ts';

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

const nameInside = /\s*([^\s{}]*)/y;
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

/**
 * The text in parts.
 * @param where said in the error: `body of "POST /events"`
 * @throws UserError for double braces that are no function, or one with wrong arguments.
 */
export const readTemplates = (text: string, where: string, streams: Streams): Text => {
  refuseUnclosed(text, where);
  return partsOf(text, where, streams, () => true);
};

/**
 * The same for bytes, each a character of the parts. Double braces that are no function stay as they are.
 * @throws UserError for a function with wrong arguments.
 */
export const readByteTemplates = (
  bytes: Uint8Array,
  where: string,
  streams: Streams,
): Uint8Array | readonly TextPart[] => {
  if (!hasBraces(bytes)) return bytes;
  const text = partsOf(charactersOf(bytes), where, streams, ({ name }) => isTemplateFunction(name));
  return typeof text === 'string' ? bytes : text;
};

/** The text with `change` applied to what stands in it and to what its templates may pick. */
export const mapText = (text: Text, change: (piece: string) => string): Text =>
  typeof text === 'string' ? change(text) : text.map((part) => mapPart(part, change));

/** The same for one part. */
export const mapPart = (part: TextPart, change: (piece: string) => string): TextPart => {
  if (typeof part === 'string') return change(part);
  return part.type === 'pick' ? { ...part, choices: part.choices.map(change) } : part;
};

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

const partsOf = (text: string, where: string, streams: Streams, isOurs: (place: Place) => boolean): Text => {
  const parts: TextPart[] = [];
  let at = 0;
  for (const place of placesOf(text)) {
    if (!isOurs(place)) continue;
    if (place.from > at) parts.push(text.slice(at, place.from));
    parts.push(readPlace(place, text, where, streams));
    at = place.to;
  }
  if (at === 0) return text;
  if (at < text.length) parts.push(text.slice(at));
  return parts;
};

const readPlace = (place: Place, text: string, where: string, streams: Streams): TemplateValue => {
  const found = `{{${text.slice(place.from + 2, place.to - 2).trim()}}}`;
  if (place.words.some(({ isOpen }) => isOpen)) {
    throw new UserError(`${where}: found ${found}, expected the quote to end before a space or the braces`);
  }
  const value = readFunction(
    place.name,
    place.words.map((word) => word.text),
    streams,
  );
  if ('type' in value) return value;
  throw new UserError(
    `${where}: found ${found}, expected ${value.expected}`,
    value.hint === undefined ? {} : { hint: value.hint },
  );
};

/** A function whose braces do not end would be sent as it stands, which nobody means. */
const refuseUnclosed = (text: string, where: string): void => {
  for (const { index, 1: name } of text.matchAll(/\{\{\s*(\w+)(?![\w.-])/g)) {
    if (!isTemplateFunction(name!) || placeAt(text, index)) continue;
    throw new UserError(`${where}: found ${text.slice(index, index + 40)}, expected {{${name} …}} with its end`, {
      hint: 'an argument with spaces or braces stands in quotes',
    });
  }
};
