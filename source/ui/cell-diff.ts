// From the cells that a terminal shows to the cells that it should show, in few bytes: moves, styles and changed cells.
// Pure; never relies on where the cursor stands after a character whose width terminals disagree about.

import type { Cells } from './cell-grid.ts';
import { type CellStyle, plainStyle, sgrBetween } from './cell-style.ts';
import { isCertain } from './display-width.ts';

const eraseScreen = '\u001b[m\u001b[2J';

// Below this many cells, writing blanks is no longer than moving, resetting the style and erasing to the end of the line.
const eraseFrom = 9;

// Unchanged cells up to this many are written again: a cursor move takes four bytes at least.
const rewriteUpTo = 3;

/** Writes the difference; `from` undefined means that nothing is known, and everything is painted on an erased screen. */
export const diffCells = (from: Cells | undefined, to: Cells): string => {
  const known = from && from.columns === to.columns && from.rows === to.rows ? from : undefined;
  const painter = new Painter(to);
  for (let y = 0; y < to.rows; y += 1) diffRow(painter, known, to, y);
  return (known ? '' : eraseScreen) + painter.end();
};

const diffRow = (painter: Painter, from: Cells | undefined, to: Cells, y: number): void => {
  const row = y * to.columns;
  const differs = (x: number): boolean => cellDiffers(from, to, row + x);
  let end = to.columns;
  while (end > 0 && isBlank(to, row + end - 1)) end -= 1;
  let blanks = 0;
  for (let x = end; x < to.columns; x += 1) if (differs(x)) blanks += 1;
  const erase = blanks >= eraseFrom;
  for (let x = 0; x < (erase ? end : to.columns); x += 1) {
    // The second cell of a wide character comes and goes with the first.
    if (to.text[row + x] !== '' && differs(x)) painter.put(x, y);
  }
  if (erase) painter.eraseLine(end, y);
};

const isBlank = (cells: Cells, index: number): boolean =>
  cells.text[index] === ' ' && cells.style[index] === plainStyle;

const cellDiffers = (from: Cells | undefined, to: Cells, index: number): boolean => {
  if (!from) return !isBlank(to, index);
  return from.text[index] !== to.text[index] || from.style[index] !== to.style[index];
};

class Painter {
  readonly #cells: Cells;
  #out = '';
  /** Where the terminal's cursor is; -1 where that is not certain. */
  #x = -1;
  #y = -1;
  #pen: CellStyle = plainStyle;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /** Writes the character of a cell and leaves the cursor behind it. */
  put(x: number, y: number): void {
    const { columns, text, style } = this.#cells;
    const index = y * columns + x;
    const character = text[index]!;
    let width = 1;
    while (x + width < columns && text[index + width] === '') width += 1;
    this.#moveTo(x, y);
    this.#styleFor(character, style[index]!);
    const certain = character.length === 1 && character <= '~' ? true : isCertain(character);
    if (!certain) {
      // A terminal that takes it for narrower would leave the old cell beside it.
      this.#out += ' '.repeat(width);
      this.#x = -1;
      this.#moveTo(x, y);
    }
    this.#out += character;
    // Behind the last column terminals differ in where they say that the cursor is.
    this.#x = certain && x + width < columns ? x + width : -1;
  }

  eraseLine(x: number, y: number): void {
    this.#moveTo(x, y);
    this.#styleFor('', plainStyle);
    this.#out += '\u001b[K';
  }

  /** What was written; the style is the terminal's own again. */
  end(): string {
    this.#styleFor('', plainStyle);
    return this.#out;
  }

  #styleFor(character: string, style: CellStyle): void {
    // A blank inherits a colour that cannot be seen on it.
    if (character === ' ' && style === plainStyle && this.#pen.blank) return;
    this.#out += sgrBetween(this.#pen, style);
    this.#pen = style;
  }

  #moveTo(x: number, y: number): void {
    if (this.#x >= 0 && this.#y === y && this.#x <= x) {
      const gap = x - this.#x;
      if (gap > 0 && !this.#rewrite(gap)) this.#out += gap === 1 ? '\u001b[C' : `\u001b[${gap}C`;
    } else {
      this.#out += x === 0 ? `\u001b[${y + 1}H` : `\u001b[${y + 1};${x + 1}H`;
    }
    this.#x = x;
    this.#y = y;
  }

  /** Goes over a few unchanged cells by writing them again, where their style is the one at hand. */
  #rewrite(gap: number): boolean {
    if (gap > rewriteUpTo) return false;
    const start = this.#y * this.#cells.columns + this.#x;
    let text = '';
    for (let index = start; index < start + gap; index += 1) {
      const character = this.#cells.text[index]!;
      const style = this.#cells.style[index]!;
      const inherits = character === ' ' && style === plainStyle && this.#pen.blank;
      // Only what is one byte long.
      if (character.length !== 1 || character > '~' || (style !== this.#pen && !inherits)) return false;
      text += character;
    }
    this.#out += text;
    return true;
  }
}
