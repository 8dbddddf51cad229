// A character that stands for a painted line is that line, to the cell and its style, wherever Ink puts it; and no two lines of
// a frame are taken for each other, however many have been before.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellGrid, tokenize } from '../../source/ui/cell-grid.ts';
import { PaintedLines } from '../../source/ui/painted-lines.ts';
import { heatSteps } from '../../source/ui/palettes.ts';
import { detectTheme, type Line, paint, roles } from '../../source/ui/theme.ts';

const columns = 60;
const rows = 8;
const theme = detectTheme({ TERM: 'xterm-256color', LANG: 'C.UTF-8' }, true);

const run = fc.record({
  text: fc.string({ unit: fc.constantFrom('a', ' ', '─', '⣿', '9', '█'), minLength: 1, maxLength: 12 }),
  role: fc.constantFrom(...roles),
  heat: fc.option(fc.integer({ min: 1, max: heatSteps }), { nil: undefined }),
});
const line: fc.Arbitrary<Line> = fc.array(run, { minLength: 1, maxLength: 5 });
/** Lines of a row beside each other, with blanks between them. */
const row = fc.array(fc.record({ before: fc.integer({ min: 0, max: 10 }), line }), { maxLength: 3 });

const widthOf = (each: Line): number => each.reduce((sum, { text }) => sum + text.length, 0);

const gridOf = (text: string, painted?: PaintedLines): CellGrid => {
  const grid = new CellGrid(columns, rows, painted);
  for (const token of tokenize(text)) grid.take(token);
  return grid;
};

/** What Ink would write of rows, a line being what `write` makes of it and blanks that keep its room. */
const rowsAs = (
  all: readonly (readonly { before: number; line: Line }[])[],
  write: (painted: string) => string,
): string =>
  all
    .map((parts) => {
      let text = '';
      let at = 0;
      for (const { before, line: each } of parts) {
        const width = widthOf(each);
        if (at + before + width > columns) break;
        const written = write(paint([each], theme));
        const isWhole = !/^[\u{f0000}-\u{f0fff}]$/u.test(written);
        text += `${' '.repeat(before)}${written}${isWhole ? '' : ' '.repeat(width - 1)}`;
        at += before + width;
      }
      return text;
    })
    .join('\n');

describe('a character that stands for a painted line', () => {
  it('becomes the same cells as the line itself, beside whatever else there is', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: rows }), (all) => {
        const painted = new PaintedLines();
        const short = gridOf(
          rowsAs(all, (text) => painted.characterOf(text)),
          painted,
        );
        const whole = gridOf(rowsAs(all, (text) => text));
        expect(short.text).toEqual(whole.text);
        expect(short.style).toEqual(whole.style);
      }),
    );
  });

  it('is one Ink can measure: one cell, one character', () => {
    const painted = new PaintedLines();
    expect([...painted.characterOf('abc')]).toHaveLength(1);
    expect(painted.characterOf('abc')).toBe(painted.characterOf('abc'));
    expect(painted.characterOf('abc')).not.toBe(painted.characterOf('abd'));
  });

  it('ends at the edge of the screen, and leaves what follows the room alone', () => {
    const painted = new PaintedLines();
    const character = painted.characterOf('x'.repeat(10));
    const at = (column: number, behind = ''): string =>
      gridOf(`${' '.repeat(column)}${character}${behind}`, painted)
        .text.slice(0, columns)
        .join('');
    expect(at(columns - 4)).toBe(`${' '.repeat(columns - 4)}xxxx`);
    expect(at(0, `${' '.repeat(9)}b`).trimEnd()).toBe(`${'x'.repeat(10)}b`);
    expect(at(0, '\u001b[1;5H     ').trimEnd()).toBe('xxxx     x');
  });

  it('is a mere character where no line was given for it', () => {
    expect(gridOf('\u{f0123}a', new PaintedLines()).text.slice(0, 2)).toEqual(['\u{f0123}', 'a']);
  });

  it('can be undone in text that goes another way', () => {
    const painted = new PaintedLines();
    expect(painted.unfold(`a ${painted.characterOf('1234')}    b \u{f0fff}`)).toBe('a 1234 b \u{f0fff}');
  });

  it('stands for no other line of its frame, after a hundred thousand lines too', () => {
    const painted = new PaintedLines();
    for (let frame = 0; frame < 500; frame += 1) {
      const lines = Array.from({ length: 200 }, (_, index) => (index < 60 ? `still ${index}` : `${frame} ${index}`));
      const characters = lines.map((each) => painted.characterOf(each));
      const shown = characters.map((each) => painted.runOf(each)!.text.join(''));
      if (frame % 50 === 0 || frame > 450) expect(shown).toEqual(lines);
      expect(new Set(characters).size).toBe(lines.length);
    }
  });
});
