import { describe, expect, it } from 'vitest';
import { drawLines, lineCells } from '../../source/ui/charts/line.ts';
import { linearScale } from '../../source/ui/charts/scale.ts';
import { readingRow, readingText } from '../../source/ui/parts/reading-row.ts';
import { flowed, joined, run, wrapped } from '../../source/ui/parts/runs.ts';
import { troubleMarks } from '../../source/ui/parts/trouble-marks.ts';
import { plainText } from '../../source/ui/theme.ts';

const reading = { type: 'value', metric: 'm', label: 'm', kind: 'gauge', rank: 0 } as const;

describe('the number of a reading', () => {
  it.each([
    [{ unit: 'count', value: 98, limit: 100 }, '98 of 100'],
    [{ unit: 'bytes', value: 312 * 2 ** 20, limit: 512 * 2 ** 20 }, '312 of 512 MiB'],
    [{ unit: 'bytes', value: 312 * 2 ** 20, limit: 2 * 2 ** 30 }, '312 MiB of 2 GiB'],
    [{ unit: 'ratio', value: 0.063 }, '6.3 %'],
    [{ unit: 'ms', value: 31.24 }, '31.2'],
    [{ unit: 's', value: 3.5 }, '3.5 s'],
    [{ unit: 's', value: 187_200 }, '2d 4h'],
    [{ unit: 'bytes/s', value: 2 ** 20 }, '1 MiB/s'],
    [{ unit: 'bytes/s', value: 187_500_000, metric: 'net.out' }, '1.5 Gbit/s'],
    [{ unit: 'count', value: Number.NaN }, 'n/a'],
    [{ unit: 'count', value: 5, limit: Number.NaN }, '5 of n/a'],
  ] as const)('%j: %s', (value, text) => {
    expect(readingText({ ...reading, ...value })).toBe(text);
  });
});

describe('the row of a reading', () => {
  it('has a course, but for what does nothing but rise', () => {
    const course = () => Float64Array.from([1, 2, 3, 4]);
    const row = (metric: string): string =>
      plainText(readingRow({ ...reading, metric, unit: 's', value: 4 }, course, { width: 20, spark: 4, ascii: false }));
    expect(row('m')).toBe('m           4 s ▁▃▆█');
    expect(row('uptime')).toBe('m           4 s     ');
  });
});

describe('pieces of lines', () => {
  const piece = (text: string) => [run(text)];

  it('flow into lines that they fit in', () => {
    const lines = flowed(['mongodb ok', 'kafka ok', 'redis down', 'a very long one that fits nowhere'].map(piece), 24);
    expect(lines.map(plainText)).toEqual(['mongodb ok   kafka ok', 'redis down', 'a very long one that fits nowhere']);
  });

  it('are joined without the empty ones', () => {
    expect(plainText(joined([piece('a'), [], piece(''), piece('b')]))).toBe('a  b');
  });

  it.each([
    ['one two three', 7, 5, ['one two', 'three']],
    ['one two three', 7, 1, ['one two three']],
    ['one two three', 7, 0, []],
    ['unbreakable', 4, 3, ['unbr', 'eaka', 'ble']],
    ['of unbreakable words', 4, 3, ['of', 'unbr', 'eakable words']],
    ['日本語 x', 4, 3, ['日本', '語 x']],
  ] as const)('wrap %j into %i cells and %i lines', (text, width, most, lines) => {
    expect(wrapped(text, width, most)).toEqual(lines);
  });
});

describe('the marks of seconds not to be trusted', () => {
  it('stand under their seconds and nowhere else', () => {
    const trouble = Float64Array.of(0, 1, 2, 2, Number.NaN);
    const line = troubleMarks('  └──────────', 3, trouble, lineCells({ width: 10, steps: 5, ascii: false }));
    expect(plainText(line)).toBe('  └─────▲▲▲▲─');
    expect(line.filter(({ role }) => role === 'alarm').map(({ text }) => text)).toEqual(['▲▲▲▲']);
  });

  it('are there even where a second is narrower than a cell', () => {
    const trouble = new Float64Array(60);
    trouble[30] = 2;
    const cellOf = lineCells({ width: 10, steps: 60, ascii: false });
    expect(plainText(troubleMarks('└──────────', 1, trouble, cellOf))).toBe('└─────▲────');
  });

  it('stand under the spike of their second wherever the window begins', () => {
    for (const first of [0, 1, 2, 3, 4]) {
      const [trouble, values] = [new Float64Array(300), new Float64Array(300).fill(Number.NaN)];
      trouble[133] = 2;
      values[133] = 1;
      const given = { width: 71, steps: 300, first, ascii: false };
      const scale = linearScale(0, 1, 1);
      const [line] = drawLines({ ...given, height: 1, scale, series: [{ values, role: 'p50' }] });
      const marks = plainText(troubleMarks(`└${'─'.repeat(71)}`, 1, trouble, lineCells(given)));
      expect(marks.indexOf('▲') - 1).toBe(plainText(line!).search(/[^ ]/));
    }
  });

  it('are none in a run that can be trusted', () => {
    expect(troubleMarks('└───┬───', 1, new Float64Array(60), () => 0)).toEqual([{ text: '└───┬───', role: 'axis' }]);
  });
});
