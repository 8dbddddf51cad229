// A text of a request that is put together anew each time: what was captured, escaped for where it stands, between values
// that are drawn. Costs a string for each piece, which templates without captured values need not (template.ts).

import { type JsonPath, valueAt } from '../common/json-path.ts';
import { encodeForm, encodeQuery, quoteName } from '../common/url-encoding.ts';
import type { SingleValue, ValuePlace } from '../profile/template-value.ts';
import type { Text, TextPart } from '../profile/templates.ts';
import { InvalidRequestError, ValueMissingError } from './engine-errors.ts';
import { Template } from './template.ts';
import type { ValueSource } from './template-value.ts';
import type { Walk } from './walk.ts';

type Piece = (walk: Walk) => string;

export interface TextOptions {
  /** What a captured value becomes where nothing was captured; undefined: that is an error. */
  readonly missing?: string;
  /** Each character is a byte: what is captured is encoded. */
  readonly bytes?: boolean;
}

/** A text for each request. @throws InvalidRequestError, ValueMissingError where it cannot be made */
export const generalText = (text: Text, source: ValueSource, options: TextOptions = {}): Piece => {
  if (typeof text === 'string') return () => text;
  const pieces = text.map((part) => pieceOf(part, source, options));
  return (walk) => {
    let made = '';
    for (const piece of pieces) made += piece(walk);
    return made;
  };
};

const pieceOf = (part: TextPart, source: ValueSource, options: TextOptions): Piece => {
  if (typeof part === 'string') return () => part;
  if (part.type === 'captured') return capturedPiece(part, options);
  const template = new Template([part], source);
  const bytes = Buffer.alloc(template.most);
  const isOfArrival = ofArrival.has(part.type);
  return (walk) => {
    const length = template.write(bytes, isOfArrival ? walk.arrival : walk.draw, false);
    return bytes.toString('latin1', 0, length);
  };
};

/** Values that an iteration has one of, however often its steps are repeated. */
const ofArrival = new Set<string>(['arrival', 'sequence', 'column']);

const capturedPiece = (
  { name, path, place }: Extract<SingleValue, { type: 'captured' }>,
  { missing, bytes = false }: TextOptions,
): Piece => {
  const write = writers[place];
  return (walk) => {
    const value = captured(walk, name, path);
    if (value === undefined) {
      if (missing === undefined) throw new ValueMissingError(name);
      return missing;
    }
    const text = write(value, name);
    return bytes ? Buffer.from(text).toString('latin1') : text;
  };
};

const captured = (walk: Walk, name: string, path: JsonPath): unknown => {
  const value = walk.value(name);
  return path.length === 0 ? value : valueAt(value, path);
};

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const notInHeader = /[^\t\x20-\x7e\x80-\xff]/;

/** How a value is written at a place. */
const writers: Readonly<Record<ValuePlace, (value: unknown, name: string) => string>> = {
  text: plain,
  path: (value) => encodeURIComponent(plain(value).toWellFormed()),
  query: (value) => encodeQuery(plain(value)),
  form: (value) => encodeForm(plain(value)),
  quoted: (value) => quoteName(plain(value)),
  header: (value, name) => {
    const text = plain(value);
    const found = notInHeader.exec(text)?.[0];
    if (found === undefined) return text;
    const what = found < ' ' || found === '\u007f' ? 'a control character' : `the character ${JSON.stringify(found)}`;
    throw new InvalidRequestError(`{{${name}}} holds ${what}, which cannot stand in a header`);
  },
  'json string': (value) => JSON.stringify(plain(value)).slice(1, -1),
  'json value': (value) => JSON.stringify(value),
};
