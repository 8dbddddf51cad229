// Files of rows for tests, in a folder of their own that goes with the test, and what is read from them as it would be sent.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type IndexLimits, indexRows } from '../../source/engine/row-index.ts';
import { RowReader } from '../../source/engine/row-reader.ts';
import { plainSource, writerOf } from '../../source/engine/template-value.ts';
import type { FeederTable, RowOrder } from '../../source/profile/data.ts';
import type { ValuePlace } from '../../source/profile/template-value.ts';

/** A file with some content; it goes when the test ends. */
export const fileOf = (content: string | Uint8Array, name = 'people.csv'): string => {
  const folder = mkdtempSync(join(tmpdir(), 'loadtop-rows-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

export interface TableOptions extends IndexLimits {
  readonly format?: 'csv' | 'json' | 'ndjson';
  readonly order?: RowOrder;
}

/** The index of a file with some content. */
export const tableOf = (content: string | Uint8Array, options: TableOptions = {}): FeederTable => {
  const { format = 'csv', order = 'sequential', ...limits } = options;
  return indexRows({ name: 'people', format, order, file: fileOf(content) }, limits);
};

/** The value of a column for a number, as it is written at a place. */
export const columnText = (reader: RowReader, column: string, n: number, place: ValuePlace = 'text'): string => {
  const index = reader.table.columns.findIndex(({ name }) => name === column);
  const value = writerOf({ type: 'column', feeder: 0, column: index, place }, { ...plainSource(1, 0), rows: [reader] });
  const bytes = Buffer.alloc(value.most + 1, '~');
  const end = value.write(bytes, 0, n);
  if (bytes[value.most] !== 0x7e || end > value.most) throw new Error(`more than ${value.most} bytes were written`);
  return bytes.toString('utf8', 0, end);
};

/** A reader of a table, as the only worker of a run has it. */
export const readerOf = (table: FeederTable, seed = 1, stride = 1): RowReader =>
  new RowReader({ ...table, stream: 100 }, seed, stride);
