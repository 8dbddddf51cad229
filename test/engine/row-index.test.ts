// Files of rows are gone over once: each row is found again where it begins, whatever is in it, and what is broken is said
// with its line.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { encodeForm, encodeQuery, quoteName } from '../../source/common/url-encoding.ts';
import { indexRows } from '../../source/engine/row-index.ts';
import { columnText, fileOf, readerOf, tableOf } from '../helpers/feeder-rows.ts';

const faultOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(/^.*people\.csv/, 'people.csv');
    throw error;
  }
  return expect.unreachable('nothing was thrown');
};

const field = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r\n', 'a', 'ü', ' ', '{{'), maxLength: 6 }),
);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const plainOrQuoted = (text: string): string => (/[",;\t\r\n]/.test(text) || text === '' ? quoted(text) : text);

/** Limits under which a file is kept whole, and under which it is read piece by piece. */
const ways = [{}, { mostKept: 0, piece: 64 }];

describe('CSV', () => {
  it.each(ways)('gives back every field that was put into it (%o)', (limits) => {
    const rows = fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 30 });
    const ends = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(rows, ends, fc.boolean(), fc.constantFrom(',', ';', '\t'), (list, end, hasEnd, delimiter) => {
        const text = [['a', 'b', 'c'], ...list].map((row) => row.map(plainOrQuoted).join(delimiter)).join(end);
        const table = tableOf(`${text}${hasEnd ? end : ''}`, limits);
        const reader = readerOf(table);
        expect(table.rows).toBe(list.length);
        for (const [n, row] of list.entries()) {
          expect(['a', 'b', 'c'].map((column) => columnText(reader, column, n))).toEqual(
            row.map((text) => text.toWellFormed()),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('may begin with a byte order mark, and hold empty lines', () => {
    const table = tableOf('\ufeffid,name\r\n\r\n1,ada\r\n\r\n2,bob\r\n\r\n');
    expect(table).toMatchObject({ rows: 2, columns: [{ name: 'id' }, { name: 'name' }] });
    expect(columnText(readerOf(table), 'name', 1)).toBe('bob');
  });

  it('of one column may hold an empty value in quotes', () => {
    expect(tableOf('id\n""\n\n1\n').rows).toBe(2);
  });

  it.each([
    ['', 'people.csv: found an empty file, expected rows'],
    ['id,name\n', 'people.csv: found no rows, expected at least one'],
    ['\n1\n', 'people.csv:1: found an empty line, expected a first line with the names of the columns'],
    ['id,\n1,2\n', 'people.csv:1: found no name for column 2, expected a first line with the names of the columns'],
    ['id,id\n1,2\n', 'people.csv:1: found two columns id, expected names that differ'],
    ['id,name\n1,a\n2\n', 'people.csv:3: found 1 field, expected 2 as in the first line'],
    ['id,name\n1,"a\nb"\n2,b,c\n', 'people.csv:4: found 3 fields, expected 2 as in the first line'],
    ['id,name\n1,"a"b\n', 'people.csv:2: found text behind a closing quote, expected a row'],
    ['id,name\n1,a\n2,"b\n3,c\n', 'people.csv:3: found a quote that does not end, expected a row'],
  ])('%j is refused', (content, message) => {
    for (const limits of ways) expect(faultOf(() => tableOf(content, limits))).toBe(message);
  });

  it('in bytes that are no UTF-8 is refused with its line', () => {
    expect(faultOf(() => tableOf(Buffer.from('id\n1\nM\u00fcller\n', 'latin1')))).toBe(
      'people.csv:3: found bytes that are no UTF-8, expected UTF-8',
    );
    expect(faultOf(() => tableOf(Buffer.from('{"a":"\u00fc"}', 'latin1'), { format: 'ndjson' }))).toMatch(
      /:1: found bytes/,
    );
  });

  it('in another encoding is refused', () => {
    expect(faultOf(() => tableOf(Buffer.from('\ufeffid\n1', 'utf16le')))).toBe(
      'people.csv: found UTF-16, expected UTF-8',
    );
  });
});

describe('JSON', () => {
  const row = fc.record({ a: fc.oneof(fc.string(), fc.integer(), fc.boolean()), b: fc.string({ maxLength: 8 }) });

  it.each(ways)('gives back what was put into it, in a list and by lines (%o)', (limits) => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), fc.constantFrom(0, 2), (rows, indent) => {
        const list = tableOf(JSON.stringify(rows, null, indent), { ...limits, format: 'json' });
        const lines = tableOf(rows.map((each) => JSON.stringify(each)).join('\n'), { ...limits, format: 'ndjson' });
        for (const table of [list, lines]) {
          const reader = readerOf(table);
          expect(table.rows).toBe(rows.length);
          for (const [n, { a, b }] of rows.entries()) {
            expect(columnText(reader, 'a', n)).toBe(String(a).toWellFormed());
            expect(JSON.parse(`"${columnText(reader, 'b', n, 'json string')}"`)).toBe(b);
            expect(JSON.parse(columnText(reader, 'a', n, 'json value'))).toBe(a);
            expect(decodeURIComponent(columnText(reader, 'b', n, 'path'))).toBe(b.toWellFormed());
            expect(columnText(reader, 'b', n, 'query')).toBe(encodeQuery(b));
            expect(columnText(reader, 'b', n, 'form')).toBe(encodeForm(b));
            expect(columnText(reader, 'b', n, 'quoted')).toBe(quoteName(b.toWellFormed()));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('tells of the first row without a column that others have', () => {
    const { columns } = tableOf('{"a":1}\n{"a":2,"b":{"c":[1]}}\n\n{"b":3}\n', { format: 'ndjson' });
    expect(columns).toMatchObject([
      { name: 'a', missingAt: 4 },
      { name: 'b', missingAt: 1 },
    ]);
  });

  it.each([
    ['{}', 'people.csv:1: found no list, expected a list of objects: [{ … }, …]'],
    ['[]', 'people.csv: found no rows, expected at least one'],
    ['[{"a":1},\n2]', 'people.csv:2: found a row that is no object, expected an object: { … }'],
    ['[{"a":1}\n{"a":2}]', 'people.csv:2: found no comma behind a row, expected a comma or the end of the list'],
    ['[{"a":1}', 'people.csv:1: found the end of the file, expected the end of the list, ]'],
    ['[\n{"a":1', 'people.csv:2: found an object that does not end, expected its closing brace'],
  ])('%j is refused', (content, message) => {
    for (const limits of ways) expect(faultOf(() => tableOf(content, { ...limits, format: 'json' }))).toBe(message);
  });

  it('that is none is refused with its line', () => {
    expect(faultOf(() => tableOf('{"a":1}\n{"a":}\n', { format: 'ndjson' }))).toMatch(/^people\.csv:2: found no JSON/);
  });
});

describe('a control character', () => {
  it('is noted with its line, so that no header gets it', () => {
    expect(tableOf('a,b\n1,x\n2,"y\nz"\n').columns).toMatchObject([{ controlAt: undefined }, { controlAt: 3 }]);
    expect(tableOf('{"a":"x\\ty"}', { format: 'ndjson' }).columns).toMatchObject([{ controlAt: 1 }]);
  });
});

describe('a file that is not there', () => {
  it('is said by its name', () => {
    const source = { name: 'people', format: 'csv', order: 'random', file: '/nowhere/people.csv' } as const;
    expect(faultOf(() => indexRows(source))).toBe('people.csv: no such file, expected a file of rows');
    expect(faultOf(() => indexRows({ ...source, file: `${fileOf('x')}/..` }))).toMatch(/a file of rows$/);
  });
});
