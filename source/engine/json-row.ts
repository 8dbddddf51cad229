// Finds the values of a JSON object in its bytes, by the keys that are wanted, without building the object. What it reads
// was held against JSON.parse when the file was indexed.

import { fieldKinds, type RowFields } from './row-fields.ts';

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** The first byte from `at` on that is no space. */
export const skipSpace = (bytes: Uint8Array, at: number, to: number): number => {
  let next = at;
  while (next < to && isSpace(bytes[next])) next += 1;
  return next;
};

/** What follows the string that begins at `from`; -1 where it does not end. */
const stringEnd = (bytes: Uint8Array, from: number, to: number): number => {
  for (let at = from + 1; at < to; at += 1) {
    if (bytes[at] === backslash) at += 1;
    else if (bytes[at] === quote) return at + 1;
  }
  return -1;
};

/** What follows the object or list that begins at `from`; -1 where it does not end before `to`. */
export const nestedEnd = (bytes: Uint8Array, from: number, to: number): number => {
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      const end = stringEnd(bytes, at, to);
      if (end < 0) return -1;
      at = end - 1;
    } else if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
};

const valueEnd = (bytes: Uint8Array, from: number, to: number): number => {
  const first = bytes[from];
  if (first === quote) return stringEnd(bytes, from, to);
  if (first === openBrace || first === openBracket) return nestedEnd(bytes, from, to);
  let at = from;
  while (at < to && bytes[at] !== comma && bytes[at] !== closeBrace && !isSpace(bytes[at])) at += 1;
  return at;
};

const isSame = (bytes: Uint8Array, from: number, to: number, key: Uint8Array): boolean => {
  if (to - from !== key.length) return false;
  for (let index = 0; index < key.length; index += 1) if (bytes[from + index] !== key[index]) return false;
  return true;
};

/** Reads the object that begins at `from` into `fields`. @param keys as they stand between quotes, by column */
export const readJsonRow = (
  fields: RowFields,
  from: number,
  { bytes, to }: { readonly bytes: Uint8Array; readonly to: number },
  keys: readonly Uint8Array[],
): void => {
  fields.begin(bytes);
  let at = skipSpace(bytes, from, to) + 1;
  for (;;) {
    const keyFrom = skipSpace(bytes, at, to);
    if (bytes[keyFrom] !== quote) return;
    const keyTo = stringEnd(bytes, keyFrom, to);
    if (keyTo < 0) return;
    const between = skipSpace(bytes, keyTo, to);
    if (bytes[between] !== colon) return;
    const start = skipSpace(bytes, between + 1, to);
    const end = valueEnd(bytes, start, to);
    if (end < 0) return;
    for (let column = 0; column < keys.length; column += 1) {
      if (isSame(bytes, keyFrom + 1, keyTo - 1, keys[column]!)) setValue(fields, column, start, end);
    }
    at = skipSpace(bytes, end, to) + 1;
  }
};

const setValue = (fields: RowFields, column: number, start: number, end: number): void => {
  if (fields.bytes[start] !== quote) {
    fields.set(column, start, end, fieldKinds.json);
    return;
  }
  let kind: number = fieldKinds.jsonText;
  for (let at = start + 1; at < end - 1; at += 1) if (fields.bytes[at] === backslash) kind = fieldKinds.jsonEscaped;
  fields.set(column, start + 1, end - 1, kind);
};

const encoder = new TextEncoder();

/** A name as it stands between the quotes of a key. */
export const keyBytes = (name: string): Uint8Array => encoder.encode(JSON.stringify(name).slice(1, -1));
