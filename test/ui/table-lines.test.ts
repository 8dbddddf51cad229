import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../source/ui/format.ts';
import type { ProbeTable } from '../../source/ui/parts/probe-values.ts';
import { tableLines } from '../../source/ui/parts/table-lines.ts';
import { plainText } from '../../source/ui/theme.ts';
import { operations } from '../helpers/probe-states.ts';

const textOf = (table: ProbeTable, width: number, matches?: (text: string) => boolean): string[] =>
  tableLines(table, width, false, matches).lines.map((line) => plainText(line()).trimEnd());

const cores: ProbeTable = {
  title: 'cores',
  columns: [{ label: 'core' }, { label: 'busy', unit: 'ratio', bar: true }, { label: 'wait', unit: 'ms' }],
  rows: [
    ['cpu0', 0.5, 1.25],
    ['cpu1', { value: 0.97, level: 'bad' }, undefined],
  ],
};

describe('a table', () => {
  it('has its columns under their heads, with units, bars and signs', () => {
    const lines = textOf(cores, 40);
    expect(lines[0]).toBe('cores');
    expect(lines[1]).toMatch(/^core {2}busy +wait ms$/);
    expect(lines[2]).toMatch(/^cpu0 {2}█+.? +50\.0 % +1\.25$/);
    for (const line of lines.slice(1)) expect(displayWidth(line)).toBe(displayWidth(lines[1]!));
    expect(textOf(cores, 40)[3]).toMatch(/^cpu1 {2}█+.? ▲ 97\.0 % +n\/a$/);
  });

  it.each([30, 40, 58, 80, 118, 198])('fits into %i cells', (width) => {
    for (const table of [cores, operations]) {
      for (const line of tableLines(table, width, false, undefined).lines.slice(0, -1)) {
        expect(displayWidth(plainText(line()))).toBeLessThanOrEqual(width);
      }
    }
  });

  it('gives up the ends of texts first, then whole columns, and never a digit', () => {
    expect(textOf(operations, 80)[2]).toMatch(/^update +events\.\S*… +▲ 41\.2 .* 1,204,332 /);
    const narrow = textOf(operations, 40);
    expect(narrow[1]).not.toMatch(/plan/);
    expect(narrow[2]).toMatch(/41\.2/);
  });

  it('says in fewer digits what comes later and is wider than the first rows', () => {
    const rows = Array.from({ length: 250 }, (_, index) => [`s${index}`, index < 240 ? index : 123_456_789]);
    const table: ProbeTable = { title: 't', columns: [{ label: 'name' }, { label: 'n', unit: 'count' }], rows };
    expect(textOf(table, 40).at(-1)).toMatch(/^s24… +#+$|^s249 +123M$|^s24… +123M$|#/);
  });

  it('keeps its title and note without rows, but not where a filter leaves none', () => {
    const empty: ProbeTable = { ...cores, rows: [], note: 'there are none' };
    expect(textOf(empty, 40)).toEqual(['cores', 'there are none']);
    expect(textOf(cores, 40, () => false)).toEqual([]);
    expect(textOf(cores, 40, (text) => text === 'cpu1')).toHaveLength(3);
  });

  it('makes the lines of thousands of rows when they are looked at', () => {
    let made = 0;
    const row = (index: number) =>
      Object.defineProperty(['', 1] as (string | number)[], 0, {
        get: () => {
          made += 1;
          return `s${index}`;
        },
      });
    const rows = Array.from({ length: 5000 }, (_, index) => row(index));
    const { lines } = tableLines(
      { title: 't', columns: [{ label: 'a' }, { label: 'b', unit: 'count' }], rows },
      80,
      false,
      undefined,
    );
    expect(lines.length).toBeGreaterThanOrEqual(5000);
    expect(made).toBeLessThan(500);
  });
});
