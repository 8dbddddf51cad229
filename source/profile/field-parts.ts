// Texts in parts: put together from pieces, and fields of a query or a form, of which what stands around the templates is encoded
// here, what they become where their values are written.

import type { Field } from './body.ts';
import type { TemplateScope } from './data.ts';
import type { Streams } from './streams.ts';
import { type EscapedPlace, escapeFor } from './template-escape.ts';
import { readTemplates, type Text, type TextPart } from './templates.ts';

/** What texts of a step are read with, at the place that is said. */
export interface TextReading {
  readonly streams: Streams;
  readonly scopeAt: (place: TemplateScope['place']) => TemplateScope;
}

/**
 * A text with templates, all of it escaped.
 * @param where said in an error: `query "a"`
 */
export const escapedParts = (
  text: string,
  place: EscapedPlace,
  where: string,
  { streams, scopeAt }: TextReading,
): readonly TextPart[] => {
  const written = escapeFor(place);
  return partsOf(readTemplates(text, where, streams, scopeAt(place))).map((part) =>
    typeof part === 'string' ? written(part) : part,
  );
};

/** `a=1&b=2`, in parts. @param where said in an error: `query` */
export const fieldParts = (
  fields: readonly Field[],
  place: 'query' | 'form',
  where: (name: string) => string,
  reading: TextReading,
): readonly TextPart[] =>
  fields.flatMap(([name, value], index) => [
    `${index === 0 ? '' : '&'}${escapeFor(place)(name)}=`,
    ...escapedParts(value, place, where(name), reading),
  ]);

/** The parts of a text. */
export const partsOf = (text: Text): readonly TextPart[] => (typeof text === 'string' ? [text] : text);

/** Parts as a text: neighbouring strings become one, and only strings a string. */
export const textOf = (parts: readonly TextPart[]): Text => {
  const joined: TextPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  const [only = '', ...others] = joined;
  return typeof only === 'string' && others.length === 0 ? only : joined;
};
