// How a value that was captured is written where it is put: escaped for a path, a query, a form, JSON. Pure; for values that are
// known before the run as well as for those of each request.

import { encodeForm, encodeQuery, quoteName } from './url-encoding.ts';

/**
 * Where a value is put, and so how it is escaped. `json string`: between the quotes of one; `json value`: outside; `quoted`: a
 * name in quotes in the head of a part of multipart/form-data.
 */
export type ValuePlace = 'text' | 'path' | 'query' | 'form' | 'quoted' | 'header' | 'json string' | 'json value';

/** The value as text. */
const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const writers: Readonly<Record<ValuePlace, (value: unknown) => string>> = {
  text: plain,
  path: (value) => encodeURIComponent(plain(value).toWellFormed()),
  query: (value) => encodeQuery(plain(value)),
  form: (value) => encodeForm(plain(value)),
  quoted: (value) => quoteName(plain(value)),
  header: plain,
  'json string': (value) => JSON.stringify(plain(value)).slice(1, -1),
  'json value': (value) => JSON.stringify(value),
};

/** How a value is written at a place. */
export const placedValue = (value: unknown, place: ValuePlace): string => writers[place](value);

const notInHeader = /[^\t\x20-\x7e\x80-\xff]/;

/** What keeps a text from standing in a header, in words; undefined where nothing does. */
export const unfitForHeader = (text: string): string | undefined => {
  const found = notInHeader.exec(text)?.[0];
  if (found === undefined) return undefined;
  return found < ' ' || found === '\u007f' ? 'a control character' : `the character ${JSON.stringify(found)}`;
};
