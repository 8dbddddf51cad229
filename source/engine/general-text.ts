// A text of a request that is put together anew each time: what was captured, escaped for where it stands, between values
// that are drawn. Costs a string for each piece, which templates without captured values need not (template.ts).

import { type JsonPath, valueAt } from '../common/json-path.ts';
import { placedValue, unfitForHeader } from '../common/placed-value.ts';
import type { SingleValue } from '../profile/template-value.ts';
import type { Text, TextPart } from '../profile/templates.ts';
import { InvalidRequestError, ValueMissingError } from './engine-errors.ts';
import { textMaker } from './function-values.ts';
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
  if (part.type === 'function') return functionPiece(part, source, options);
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

const functionPiece = (
  part: Extract<SingleValue, { type: 'function' }>,
  { functions, moment }: ValueSource,
  { bytes = false }: TextOptions,
): Piece => {
  // Who only looks at requests has no functions.
  if (!functions) return () => '';
  const make = textMaker(part, functions);
  return (walk) => {
    const text = make(walk, moment.at);
    return bytes ? Buffer.from(text).toString('latin1') : text;
  };
};

const capturedPiece = (
  { name, path, place }: Extract<SingleValue, { type: 'captured' }>,
  { missing, bytes = false }: TextOptions,
): Piece => {
  return (walk) => {
    const value = captured(walk, name, path);
    if (value === undefined) {
      if (missing === undefined) throw new ValueMissingError(name);
      return missing;
    }
    const text = placedValue(value, place);
    const unfit = place === 'header' ? unfitForHeader(text) : undefined;
    if (unfit !== undefined)
      throw new InvalidRequestError(`{{${name}}} holds ${unfit}, which cannot stand in a header`);
    return bytes ? Buffer.from(text).toString('latin1') : text;
  };
};

const captured = (walk: Walk, name: string, path: JsonPath): unknown => {
  const value = walk.value(name);
  return path.length === 0 ? value : valueAt(value, path);
};
