import fc from 'fast-check';
import { renderToString, Text } from 'ink';
import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { splitCells } from '../../source/ui/display-width.ts';
import {
  cut,
  cutWords,
  displayWidth,
  fitLine,
  fitText,
  lineWidth,
  numberCell,
  quantity,
  rule,
  ruleLine,
  spread,
  spreadLine,
} from '../../source/ui/format.ts';
import { plainText } from '../../source/ui/theme.ts';

describe('the width of a text on the screen', () => {
  it.each([
    ['', 0],
    ['plain', 5],
    ['─┤⣀▏●▲…→', 8],
    ['日本語', 6],
    ['한글', 4],
    ['ａ', 2],
    ['e\u0301', 1],
    ['\u200b', 0],
    ['👍', 2],
    ['👨‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['1️⃣', 2],
    ['⚠️', 2],
    ['⚠', 1],
    ['a日\u0301b', 4],
    ['น้ำ', 2],
    ['ນ້ຳ', 2],
  ])('of %j is %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('is what Ink lays out by', () => {
    const pieces = ['a', ' ', 'é', 'e\u0301', '日', '語', '한', 'ａ', '⣀', '│', '…', '👍', '⚠️', '🇩🇪', 'ｱ'];
    const texts = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const width = displayWidth(text);
        // Ink cuts a text that is one cell too long for its columns, and leaves one that fits.
        const shown = (columns: number) =>
          renderToString(createElement(Text, { wrap: 'truncate' }, `${text}|`), { columns });
        expect(shown(width + 1)).toBe(`${text}|`);
        expect(shown(width)).not.toBe(`${text}|`);
      }),
      { numRuns: 60 },
    );
  });

  it('is the sum of the cells of its graphemes, which make up the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const cells = [...splitCells(text)];
        expect(cells.map((cell) => cell.text).join('')).toBe(text);
        expect(cells.reduce((sum, cell) => sum + cell.width, 0)).toBe(displayWidth(text));
      }),
    );
  });
});

describe('fitting a text', () => {
  it.each([
    ['short', 8, 'short   '],
    ['exactly8', 8, 'exactly8'],
    ['much too long', 8, 'much to…'],
    ['日本語日本語', 8, '日本語… '],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%j into %d cells gives %j', (text, width, expected) => {
    expect(fitText(text, width)).toBe(expected);
  });

  it('aligns right, and cuts with a tilde in ASCII', () => {
    expect(fitText('12', 5, { align: 'right' })).toBe('   12');
    expect(fitText('much too long', 8, { ascii: true })).toBe('much to~');
    expect(cut('short', 8)).toBe('short');
  });

  it('always gives exactly the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 30 }), (text, width) => {
        expect(displayWidth(fitText(text, width))).toBe(width);
        const line = [
          { text, role: 'text' as const },
          { text: 'end', role: 'good' as const },
        ];
        expect(lineWidth(fitLine(line, width))).toBe(width);
        expect(lineWidth(spreadLine(line, [{ text, role: 'dim' }], width))).toBe(width);
        expect(displayWidth(rule(text, 'right', width))).toBe(width);
      }),
    );
  });

  it('says where a line of several meanings was cut', () => {
    const line = [
      { text: 'abcd', role: 'text' as const },
      { text: 'efgh', role: 'good' as const },
    ];
    expect(plainText(fitLine(line, 4))).toBe('abc…');
    expect(fitLine(line, 6)).toEqual([line[0], { text: 'e…', role: 'good' }]);
    expect(fitLine(line, 8)).toBe(line);
  });
});

it('a line of which only blanks are cut off says nothing of it', () => {
  const blanks = { text: '   ', role: 'text' as const };
  expect(plainText(fitLine([{ text: 'abc  ', role: 'good' }, blanks], 3))).toBe('abc');
  expect(plainText(fitLine([{ text: 'abc', role: 'good' }, blanks], 3))).toBe('abc');
  expect(plainText(fitLine([{ text: 'abc', role: 'good' }, blanks, { text: 'd', role: 'text' }], 3))).toBe('ab…');
  expect(plainText(fitLine([{ text: '日本 ', role: 'good' }], 4))).toBe('日本');
});

describe('lines of two parts', () => {
  it('stand at both ends, and the left one gives way', () => {
    expect(spread('left', 'right', 14)).toBe('left     right');
    expect(spread('a long left part', 'right', 14)).toBe('a long … right');
    expect(spread('left', 'right', 3)).toBe('ri…');
    expect(spread('left', '', 6)).toBe('left  ');
  });
});

describe('a rule', () => {
  it.each([
    ['throughput /s', 'good 8,112', 40, '─ throughput /s ─────────── good 8,112 ─'],
    ['log', '', 12, '─ log ──────'],
    ['a title', 'right part', 24, '─ a title ─ right part ─'],
    ['a title', 'right part', 23, '─ a title ─────────────'],
    ['a long title', '', 10, '─ a lon… ─'],
    ['', 'right', 12, '─── right ─'.padEnd(12, '─')],
    ['title', '', 3, '───'],
  ])('%j, %j in %d cells', (title, right, width, expected) => {
    if (title === '') expect(rule(title, right, width)).toMatch(/^─+ right ─$/);
    else expect(rule(title, right, width)).toBe(expected);
    expect(displayWidth(rule(title, right, width))).toBe(width);
  });

  it.each([
    ['throughput /s', 'good 8,112', 40, '1─ throughput /s ────────── good 8,112 ─'],
    ['a title', 'right part', 25, '1─ a title ─ right part ─'],
    ['a title', 'right part', 24, '1─ a title ─────────────'],
    ['a long title', '', 10, '1─ a lo… ─'],
  ])('with a digit before %j keeps it, whatever else goes', (title, right, width, expected) => {
    expect(rule(title, right, width, { digit: '1' })).toBe(expected);
  });

  it('keeps the meanings of its parts, and is ASCII where that is asked for', () => {
    const line = ruleLine('t', [{ text: 'x 1', role: 'offered' }], 12, { role: 'focus', ascii: true });
    expect(plainText(line)).toBe('- t -- x 1 -');
    expect(line).toContainEqual({ text: 'x 1', role: 'offered' });
    expect(line[0]!.role).toBe('focus');
  });
});

describe('numbers', () => {
  it.each([
    [9400, 'count', '9,400'],
    [1.5, 'count', '1.5'],
    [327_155_712, 'bytes', '312 MiB'],
    [1024, 'bytes/s', '1 KiB/s'],
    [1_500_000_000, 'bit/s', '1.5 Gbit/s'],
    [1204.4, 'ms', '1,204'],
    [0.061, 's', '0.06'],
    [0.863, 'ratio', '86.3 %'],
    [0.5, '/s', '0.50'],
    [Number.NaN, 'ms', 'n/a'],
  ] as const)('%d %s is %j', (value, unit, expected) => {
    expect(quantity(value, unit)).toBe(expected);
  });

  it.each([
    [9400, 8, '   9,400'],
    [1_914_220, 9, '1,914,220'],
    [1_914_220, 7, '  1.91M'],
    [1_914_220, 5, '1.91M'],
    [1_914_220, 3, '###'],
    [Number.NaN, 5, '  n/a'],
  ])('%d in %d cells is %j', (value, width, expected) => {
    expect(numberCell(value, 'count', width)).toBe(expected);
  });
});

it.each([
  ['connection refused: nothing listens', 35, 'connection refused: nothing listens'],
  ['connection refused: nothing listens', 34, 'connection refused: nothing…'],
  ['connection refused: nothing listens', 28, 'connection refused: nothing…'],
  ['connection refused: nothing listens', 27, 'connection refused…'],
  ['connection refused: nothing listens', 19, 'connection refused…'],
  ['pacing p99 118.6 ms', 15, 'pacing p99…'],
  ['pacing p99 118.6 ms', 5, 'paci…'],
  ['http://localhost:3000/health', 12, 'http://loca…'],
  ['検索 結果 長い', 10, '検索 結果…'],
  ['anything', 0, ''],
])('the sentence %j in %i cells is %j', (text, width, cutText) => {
  expect(cutWords(text, width)).toBe(cutText);
  expect(displayWidth(cutWords(text, width, true))).toBeLessThanOrEqual(width);
});
