// Rows of a file by the number of the arrival: which row a number has is a formula, where the row begins stands in the index.
// Its bytes are in memory: all of them where the file is small, else those of the numbers that come next (row-pages.ts).

import { fractionOf, keyOf } from '../common/random.ts';
import type { Feeder } from '../profile/data.ts';
import { readCsvRow } from './csv-row.ts';
import { keyBytes, readJsonRow } from './json-row.ts';
import { RowFields } from './row-fields.ts';
import { RowPages } from './row-pages.ts';

/** Arrivals of a share whose rows are read ahead. */
const arrivalsAhead = 512;

export class RowReader {
  readonly table: Feeder;
  /** The fields of the row that was loaded last. */
  readonly fields: RowFields;
  readonly #offsets: Float64Array;
  readonly #bytes: Buffer | undefined;
  readonly #pages: RowPages | undefined;
  readonly #keys: readonly Uint8Array[];
  readonly #key: number;
  /** Numbers between two arrivals of this share. */
  readonly #stride: number;
  readonly #source: { bytes: Uint8Array; to: number; readonly isLast: true } = {
    bytes: new Uint8Array(),
    to: 0,
    isLast: true,
  };
  #loaded = -1;

  /** @param stride numbers between two arrivals of the share */
  constructor(table: Feeder, seed: number, stride: number) {
    this.table = table;
    this.fields = new RowFields(table.columns.length);
    this.#offsets = new Float64Array(table.offsets);
    this.#bytes = table.bytes && Buffer.from(table.bytes);
    this.#pages = table.bytes ? undefined : new RowPages(table.file, table.order === 'random');
    this.#keys = table.format === 'csv' ? [] : table.columns.map(({ name }) => keyBytes(name));
    this.#key = keyOf(seed, table.stream);
    this.#stride = stride;
  }

  /** The row of a number, from 0. */
  rowOf(n: number): number {
    const { order, rows } = this.table;
    return order === 'random' ? Math.floor(fractionOf(this.#key, n) * rows) : n % rows;
  }

  /** Finds the fields of the row of number `n`. @param perArrival numbers that each arrival has */
  load(n: number, perArrival: number): void {
    if (n === this.#loaded) return;
    this.#loaded = n;
    const row = this.rowOf(n);
    const from = this.#offsets[row]!;
    const to = this.#offsets[row + 1]!;
    const source = this.#source;
    if (this.#bytes) {
      source.bytes = this.#bytes;
      source.to = to;
      this.#read(from);
      return;
    }
    const pages = this.#pages!;
    source.bytes = pages.read(from, to);
    source.to = pages.from + to - from;
    this.#read(pages.from);
    const next = this.rowOf(n + arrivalsAhead * this.#stride * perArrival);
    pages.expect(this.#offsets[next]!, this.#offsets[next + 1]!);
  }

  #read(from: number): void {
    if (this.table.format === 'csv') readCsvRow(this.fields, from, this.#source, this.table.delimiter);
    else readJsonRow(this.fields, from, this.#source, this.#keys);
  }
}
