// Goes over a file of rows once, before the run: finds where each row begins and what its columns come to at most, and refuses
// what is broken with its line. Rows themselves are read while the run lasts (row-reader.ts).

import { isUtf8 } from 'node:buffer';
import { statSync } from 'node:fs';
import { errorMessage, UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import type { FeederTable, FileSource } from '../profile/data.ts';
import { ColumnBook } from './column-book.ts';
import { delimiterOf, readCsvRow } from './csv-row.ts';
import { nestedEnd, readJsonRow, skipSpace } from './json-row.ts';
import { Offsets } from './offsets.ts';
import { RowFields } from './row-fields.ts';
import { RowSource } from './row-source.ts';

/** What may be set in tests: how much is kept, and how large a piece is. */
export interface IndexLimits {
  readonly mostKept?: number;
  readonly piece?: number;
}

/**
 * The index of a file of rows.
 * @throws UserError naming the file, and the line of a row that is broken
 */
export const indexRows = (source: Omit<FileSource, 'type'>, { mostKept, piece }: IndexLimits = {}): FeederTable => {
  const { file, format } = source;
  const rows = open(file, mostKept, piece);
  try {
    refuseForeign(file, rows);
    const found = format === 'csv' ? indexCsv(file, rows) : indexJson(file, rows, format);
    if (found.offsets.count === 0) throw new UserError(`${file}: found no rows, expected at least one`);
    const { name, order } = source;
    return {
      name,
      file,
      format,
      order,
      delimiter: found.delimiter,
      columns: found.book.columns(),
      rows: found.offsets.count,
      offsets: found.offsets.close(rows.offset),
      bytes: rows.kept,
    };
  } finally {
    rows.close();
  }
};

const open = (file: string, mostKept: number | undefined, piece: number | undefined): RowSource => {
  try {
    if (!statSync(file).isFile()) throw new Error('not a file');
    return new RowSource(file, mostKept, piece);
  } catch (error) {
    const trouble =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'no such file' : errorMessage(error);
    throw new UserError(`${file}: ${trouble}, expected a file of rows`, { cause: error });
  }
};

/** Steps over the mark of UTF-8; other encodings have marks that nothing else begins with. */
const refuseForeign = (file: string, rows: RowSource): void => {
  const [first, second, third] = rows.bytes.subarray(0, Math.min(3, rows.to));
  if (first === undefined) throw new UserError(`${file}: found an empty file, expected rows`);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UserError(`${file}: found UTF-16, expected UTF-8`);
  }
  if (first === 0xef && second === 0xbb && third === 0xbf) rows.at = 3;
};

/** Old spreadsheets write one byte for each letter: in JSON such bytes would make a request invalid. */
const refuseBytes = (file: string, row: Uint8Array, line: number): void => {
  if (isUtf8(row)) return;
  throw new UserError(`${file}:${line}: found bytes that are no UTF-8, expected UTF-8`, {
    hint: 'a file of Windows or an old spreadsheet: iconv -f windows-1252 -t utf-8 FILE',
  });
};

interface Found {
  readonly book: ColumnBook;
  readonly offsets: Offsets;
  readonly delimiter: number;
}

const broken = (file: string, line: number, what: string, expected = 'a row'): UserError =>
  new UserError(`${file}:${line}: found ${what}, expected ${expected}`);

/** Columns that a header may have. */
const mostColumns = 16_384;

const indexCsv = (file: string, rows: RowSource): Found => {
  const delimiter = delimiterOf(rows.bytes.subarray(rows.at, rows.to));
  let line = 1;
  /** Reads the next row; undefined at the end of the file. */
  const next = (fields: RowFields): number | undefined => {
    for (;;) {
      if (rows.at >= rows.to && rows.isLast) return undefined;
      const end = readCsvRow(fields, rows.at, rows, delimiter);
      if (fields.fault !== undefined) throw broken(file, line, fields.fault);
      if (end >= 0) return end;
      if (!rows.more()) throw broken(file, line, 'a row of more than 16 MiB', 'a row: does a quote not end?');
    }
  };
  const head = new RowFields(mostColumns);
  const headEnd = next(head) ?? rows.to;
  refuseBytes(file, rows.bytes.subarray(rows.at, headEnd), line);
  const book = new ColumnBook(headerNames(file, head));
  rows.at = headEnd;
  line += head.lines;
  const offsets = new Offsets();
  const fields = new RowFields(book.names.length);
  for (let end = next(fields); end !== undefined; end = next(fields)) {
    const isBlank = fields.count === 1 && fields.starts[0] === fields.ends[0] && fields.kinds[0] === 0;
    // A column of its own may well hold nothing, but an empty line is not meant as a row.
    if (!isBlank || isQuotedEmpty(fields)) {
      if (fields.count !== book.names.length) {
        const wanted = `${book.names.length} as in the first line`;
        throw broken(file, line, `${fields.count} ${fields.count === 1 ? 'field' : 'fields'}`, wanted);
      }
      refuseBytes(file, rows.bytes.subarray(rows.at, end), line);
      offsets.add(rows.offset);
      book.enter(fields, line);
    }
    rows.at = end;
    line += fields.lines;
  }
  return { book, offsets, delimiter };
};

const isQuotedEmpty = ({ bytes, starts }: RowFields): boolean => starts[0]! > 0 && bytes[starts[0]! - 1] === 0x22;

const headerNames = (file: string, { bytes, starts, ends, kinds, count }: RowFields): readonly string[] => {
  if (count > mostColumns) throw broken(file, 1, `${count} columns`, `at most ${mostColumns}`);
  const names = Array.from({ length: count }, (_, index) => {
    const text = Buffer.from(bytes.subarray(starts[index], ends[index])).toString();
    return (kinds[index] === 1 ? text.replaceAll('""', '"') : text).trim();
  });
  for (const [index, name] of names.entries()) {
    const shown = safeText(name);
    if (name === '' && count > 1)
      throw broken(file, 1, `no name for column ${index + 1}`, 'a first line with the names of the columns');
    if (names.indexOf(name) < index) throw broken(file, 1, `two columns ${shown}`, 'names that differ');
  }
  if (names.join('') === '') throw broken(file, 1, 'an empty line', 'a first line with the names of the columns');
  return names;
};

const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const comma = 0x2c;

const indexJson = (file: string, rows: RowSource, format: 'json' | 'ndjson'): Found => {
  const found: Found = { book: new ColumnBook([]), offsets: new Offsets(), delimiter: 0 };
  const walk = new JsonWalk(file, rows);
  if (format === 'ndjson') {
    while (walk.step()) walk.enter(found);
    return found;
  }
  if (!walk.step() || !walk.isAt(openBracket)) throw walk.broken('no list', 'a list of objects: [{ … }, …]');
  rows.at += 1;
  while (walk.step()) {
    if (walk.isAt(closeBracket)) return found;
    walk.enter(found);
    if (!walk.step()) break;
    if (walk.isAt(comma)) rows.at += 1;
    else if (!walk.isAt(closeBracket)) throw walk.broken('no comma behind a row', 'a comma or the end of the list');
  }
  throw walk.broken('the end of the file', 'the end of the list, ]');
};

/** Goes over a file of JSON object by object. */
class JsonWalk {
  readonly #file: string;
  readonly #rows: RowSource;
  #line = 1;

  constructor(file: string, rows: RowSource) {
    this.#file = file;
    this.#rows = rows;
  }

  /** Whether a byte stands at the place that was come to. */
  isAt(byte: number): boolean {
    return this.#rows.bytes[this.#rows.at] === byte;
  }

  broken(what: string, expected?: string): UserError {
    return broken(this.#file, this.#line, what, expected);
  }

  /** Steps over spaces; whether anything follows. */
  step(): boolean {
    const rows = this.#rows;
    for (;;) {
      this.#goTo(skipSpace(rows.bytes, rows.at, rows.to));
      if (rows.at < rows.to) return true;
      if (rows.isLast || !rows.more()) return false;
    }
  }

  /** Enters the object that begins here, and steps over it. */
  enter({ book, offsets }: Found): void {
    const rows = this.#rows;
    if (!this.isAt(openBrace)) throw this.broken('a row that is no object', 'an object: { … }');
    const end = this.#objectEnd();
    const row = parseRow(this.#file, rows.bytes.subarray(rows.at, end), this.#line);
    offsets.add(rows.offset);
    book.know(Object.keys(row), this.#line);
    readJsonRow(book.fields, rows.at, { bytes: rows.bytes, to: end }, book.keys);
    book.enter(book.fields, this.#line);
    this.#goTo(end);
  }

  #goTo(place: number): void {
    this.#line += linesIn(this.#rows.bytes.subarray(this.#rows.at, place));
    this.#rows.at = place;
  }

  /** Where the object that begins here ends. */
  #objectEnd(): number {
    const rows = this.#rows;
    for (;;) {
      const end = nestedEnd(rows.bytes, rows.at, rows.to);
      if (end >= 0) return end;
      if (rows.isLast) throw this.broken('an object that does not end', 'its closing brace');
      if (!rows.more()) throw this.broken('a row of more than 16 MiB');
    }
  }
}

const parseRow = (file: string, bytes: Uint8Array, line: number): object => {
  refuseBytes(file, bytes, line);
  try {
    const row: unknown = JSON.parse(Buffer.from(bytes).toString());
    if (typeof row === 'object' && row !== null) return row;
  } catch (error) {
    throw broken(file, line, `no JSON (${safeText(errorMessage(error), 100)})`, 'an object in JSON');
  }
  throw broken(file, line, 'no object');
};

const linesIn = (bytes: Uint8Array): number => {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
};
