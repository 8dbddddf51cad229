// Writes the value of a column into a request, escaped for where it stands. All columns of a request come from one row.

import type { SingleValue } from '../profile/template-value.ts';
import { type Copy, copyForm, copyJson, copyPath, copyPlain, copyQuery, copyQuoted } from './escape-bytes.ts';
import { fieldKinds } from './row-fields.ts';
import type { RowReader } from './row-reader.ts';
import type { Value, ValueSource } from './template-value.ts';

type Column = Extract<SingleValue, { type: 'column' }>;

const quote = 0x22;

/** The writer of a column. */
export const columnValue = ({ feeder, column, place }: Column, { rows, perArrival }: ValueSource): Value => {
  const reader = rows[feeder]!;
  const { text, path, field, json } = reader.table.columns[column]!.most;
  const most = {
    text,
    header: text,
    path,
    query: field,
    form: field,
    quoted: field,
    'json string': json,
    'json value': json + 2,
  }[place];
  const put = {
    text: putText(copyPlain),
    header: putText(copyPlain),
    path: putText(copyPath),
    query: putText(copyQuery),
    form: putText(copyForm),
    quoted: putText(copyQuoted),
    'json string': putString,
    'json value': putValue,
  }[place];
  const write = (bytes: Buffer, at: number, n: number): number => {
    reader.load(n, perArrival);
    return put(reader, column, bytes, at);
  };
  return { least: 0, most, write };
};

type Put = (reader: RowReader, column: number, into: Buffer, at: number) => number;

const putText =
  (copy: Copy): Put =>
  ({ fields }, column, into, at) => {
    const { bytes, starts, ends, kinds } = fields;
    const kind = kinds[column]!;
    const start = starts[column]!;
    const end = ends[column]!;
    if (kind === fieldKinds.jsonEscaped) {
      const text = decoded(bytes, start, end);
      return copy(text, 0, text.length, into, at, false);
    }
    return copy(bytes, start, end, into, at, kind === fieldKinds.doubled);
  };

/** A JSON string with backslashes, outside of JSON: rare, so that it may cost. */
const decoded = (bytes: Uint8Array, start: number, end: number): Buffer =>
  Buffer.from(String(JSON.parse(`"${Buffer.from(bytes.subarray(start, end)).toString()}"`)));

const putString: Put = ({ fields }, column, into, at) => {
  const { bytes, starts, ends, kinds } = fields;
  const kind = kinds[column]!;
  const isEscaped = kind === fieldKinds.jsonText || kind === fieldKinds.jsonEscaped;
  const copy = isEscaped ? copyPlain : copyJson;
  return copy(bytes, starts[column]!, ends[column]!, into, at, kind === fieldKinds.doubled);
};

/** Numbers, true, false and null as they are; what is none of these becomes a string. */
const putValue: Put = (reader, column, into, at) => {
  const { bytes, starts, ends, kinds } = reader.fields;
  const start = starts[column]!;
  const end = ends[column]!;
  const kind = kinds[column]!;
  if (kind === fieldKinds.json || (kind === fieldKinds.plain && isJsonScalar(bytes, start, end))) {
    return copyPlain(bytes, start, end, into, at, false);
  }
  into[at] = quote;
  const next = putString(reader, column, into, at + 1);
  into[next] = quote;
  return next + 1;
};

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const words = ['true', 'false', 'null'].map((word) => Buffer.from(word));

const isWord = (word: Uint8Array, bytes: Uint8Array, start: number): boolean => {
  for (let index = 0; index < word.length; index += 1) if (bytes[start + index] !== word[index]) return false;
  return true;
};

const isJsonScalar = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (const word of words) if (end - start === word.length && isWord(word, bytes, start)) return true;
  return isNumber(bytes, start, end);
};

const digitsEnd = (bytes: Uint8Array, start: number, end: number): number => {
  let at = start;
  while (at < end && isDigit(bytes[at])) at += 1;
  return at;
};

/** A number as JSON has it (RFC 8259, section 6). */
const isNumber = (bytes: Uint8Array, start: number, end: number): boolean => {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  let at = digitsEnd(bytes, first, end);
  if (at === first || (bytes[first] === 0x30 && at > first + 1)) return false;
  if (at < end && bytes[at] === 0x2e) {
    const fraction = digitsEnd(bytes, at + 1, end);
    if (fraction === at + 1) return false;
    at = fraction;
  }
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    const sign = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
    const exponent = digitsEnd(bytes, sign, end);
    if (exponent === sign) return false;
    at = exponent;
  }
  return at === end;
};
