// Finds the fields of a row of CSV (RFC 4180): quoted or not, with line feeds inside quotes, lines ended by LF or CRLF.

import { fieldKinds, type RowFields } from './row-fields.ts';

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Bytes in which a row is looked for. */
export interface RowBytes {
  readonly bytes: Uint8Array;
  readonly to: number;
  /** Nothing follows after `to`. */
  readonly isLast: boolean;
}

/**
 * Reads the row that begins at `from` into `fields`.
 * @returns where the next one begins; -1 where this one does not end before `to` and more follows
 */
export const readCsvRow = (fields: RowFields, from: number, source: RowBytes, delimiter: number): number => {
  const { bytes, to, isLast } = source;
  fields.begin(bytes);
  let at = from;
  for (;;) {
    if (at < to && bytes[at] === quote) {
      at = readQuoted(fields, at, source);
      if (at < 0 || fields.fault !== undefined) return at;
      if (at < to && bytes[at] === carriageReturn) at += 1;
      if (at >= to) return isLast ? to : -1;
      if (bytes[at] === lineFeed) {
        fields.lines += 1;
        return at + 1;
      }
      if (bytes[at] !== delimiter) {
        fields.fault = 'text behind a closing quote';
        return at;
      }
      at += 1;
      continue;
    }
    let end = at;
    while (end < to && bytes[end] !== delimiter && bytes[end] !== lineFeed) end += 1;
    if (end >= to && !isLast) return -1;
    if (end < to && bytes[end] === delimiter) {
      fields.add(at, end, fieldKinds.plain);
      at = end + 1;
      continue;
    }
    const isCrLf = end > at && bytes[end - 1] === carriageReturn;
    fields.add(at, isCrLf ? end - 1 : end, fieldKinds.plain);
    fields.lines += 1;
    return Math.min(end + 1, to);
  }
};

/** Enters a field in quotes; returns what follows its last one. */
const readQuoted = (fields: RowFields, from: number, { bytes, to, isLast }: RowBytes): number => {
  let kind: number = fieldKinds.plain;
  for (let at = from + 1; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === lineFeed) fields.lines += 1;
    if (byte !== quote) continue;
    if (at + 1 >= to && !isLast) return -1;
    if (at + 1 < to && bytes[at + 1] === quote) {
      kind = fieldKinds.doubled;
      at += 1;
      continue;
    }
    fields.add(from + 1, at, kind);
    return at + 1;
  }
  if (!isLast) return -1;
  fields.fault = 'a quote that does not end';
  return to;
};

const delimiters = [0x2c, 0x3b, 0x09];

/** What stands between the fields of a header line: comma, semicolon or tab, whichever occurs most outside quotes. */
export const delimiterOf = (header: Uint8Array): number => {
  const counts = new Map(delimiters.map((delimiter) => [delimiter, 0]));
  let inQuotes = false;
  for (const byte of header) {
    if (byte === lineFeed && !inQuotes) break;
    if (byte === quote) inQuotes = !inQuotes;
    else if (!inQuotes && counts.has(byte)) counts.set(byte, counts.get(byte)! + 1);
  }
  return delimiters.reduce((best, delimiter) => (counts.get(delimiter)! > counts.get(best)! ? delimiter : best));
};
