// Which row an arrival has is a function of its number; the row comes from memory or from pages of the file, always the same.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RowPages } from '../../source/engine/row-pages.ts';
import { columnText, readerOf, tableOf } from '../helpers/feeder-rows.ts';

const rows = 5000;
const content = `id,text\n${Array.from({ length: rows }, (_, row) => `${row},"${'x'.repeat(row % 97)}"`).join('\n')}\n`;

describe('rows in order', () => {
  it('begin again at the end', () => {
    const reader = readerOf(tableOf(content));
    expect([0, 1, rows - 1, rows, 3 * rows + 7].map((n) => columnText(reader, 'id', n))).toEqual([
      '0',
      '1',
      String(rows - 1),
      '0',
      '7',
    ]);
  });
});

describe('rows by chance', () => {
  it('are the same for the same seed, and all alike', () => {
    const table = tableOf(content, { order: 'random' });
    const [one, other, third] = [readerOf(table), readerOf(table, 1, 3), readerOf(table, 2)];
    const numbers = Array.from({ length: 20_000 }, (_, n) => n);
    const drawn = numbers.map((n) => one.rowOf(n));
    expect(numbers.map((n) => other.rowOf(n))).toEqual(drawn);
    expect(numbers.map((n) => third.rowOf(n))).not.toEqual(drawn);
    const mean = drawn.reduce((sum, row) => sum + row, 0) / drawn.length;
    expect(mean / rows).toBeCloseTo(0.5, 1);
    expect(new Set(drawn).size).toBeGreaterThan(rows * 0.95);
  });
});

describe('a file that is too large to be kept', () => {
  it.each(['sequential', 'random'] as const)('gives the same rows (%s)', async (order) => {
    const kept = readerOf(tableOf(content, { order }));
    const paged = readerOf(tableOf(content, { order, mostKept: 0 }));
    for (let n = 0; n < 12_000; n += 1) {
      expect(columnText(paged, 'text', n)).toBe(columnText(kept, 'text', n));
      // Pages come while requests go on.
      if (n % 500 === 0) await sleep(1);
    }
    expect(columnText(paged, 'id', 3)).toBe(columnText(kept, 'id', 3));
  });

  it('is read ahead of the arrivals of a share', async () => {
    const reader = readerOf(tableOf(content, { mostKept: 0 }), 1, 3);
    for (let n = 1; n < rows; n += 3) {
      columnText(reader, 'id', n);
      if (n % 300 === 1) await sleep(1);
    }
    expect(columnText(reader, 'id', rows + 1)).toBe('1');
  });
});

describe('all columns of a request', () => {
  it('come from one row, escaped for where they stand', () => {
    const reader = readerOf(tableOf('a,b,c\n"say ""hi""\n",1.50,ü /?\n0x1,-2e3,007\n'));
    expect(columnText(reader, 'a', 0)).toBe('say "hi"\n');
    expect(columnText(reader, 'a', 0, 'json string')).toBe('say \\"hi\\"\\n');
    expect(columnText(reader, 'a', 0, 'json value')).toBe('"say \\"hi\\"\\n"');
    expect(columnText(reader, 'a', 0, 'path')).toBe('say%20%22hi%22%0A');
    expect(columnText(reader, 'a', 0, 'quoted')).toBe('say %22hi%22%0A');
    expect(columnText(reader, 'c', 0, 'query')).toBe('%C3%BC%20%2F%3F');
    expect(columnText(reader, 'c', 0, 'form')).toBe('%C3%BC+%2F%3F');
    expect(columnText(reader, 'b', 0, 'json value')).toBe('1.50');
    expect(columnText(reader, 'c', 0, 'path')).toBe('%C3%BC%20%2F%3F');
    expect(columnText(reader, 'a', 1, 'json value')).toBe('"0x1"');
    expect(columnText(reader, 'b', 1, 'json value')).toBe('-2e3');
    expect(columnText(reader, 'c', 1, 'json value')).toBe('"007"');
  });
});

describe('rows that come from the disk', () => {
  it('are read ahead, and are the same', async () => {
    const table = tableOf(content, { order: 'random', mostKept: 0 });
    const offsets = new Float64Array(table.offsets);
    // Every read counts as one from the disk.
    const pages = new RowPages(table.file, true, -1);
    const file = readFileSync(table.file);
    const reader = readerOf(table);
    for (let n = 0; n < 3000; n += 1) {
      const row = reader.rowOf(n);
      const [start, end] = [offsets[row]!, offsets[row + 1]!];
      const bytes = pages.read(start, end);
      expect(bytes.toString('latin1', pages.from, pages.from + end - start)).toBe(file.toString('latin1', start, end));
      const next = reader.rowOf(n + 64);
      pages.expect(offsets[next]!, offsets[next + 1]!);
      if (n % 32 === 0) await sleep(1);
    }
  });
});
