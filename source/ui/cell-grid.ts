// The screen as a program means it: a grid of cells that understands what Ink writes (text, line feeds, cursor moves,
// erasing, colours) as a terminal would. What it does not understand it says, and leaves alone. No input, no output.

import { applySgr, backgroundOf, type CellStyle, plainStyle } from './cell-style.ts';
import { splitCells } from './display-width.ts';
import type { PaintedLines } from './painted-lines.ts';

/** A piece of a terminal's input. `raw` is its bytes as text. */
export interface Token {
  readonly type: 'text' | 'csi' | 'mode' | 'aside' | 'unknown';
  readonly raw: string;
  /** Parameters and final letter of a CSI sequence; the numbers of a mode sequence, and `h` or `l`. */
  readonly parameters: string;
  readonly final: string;
}

// Text; CSI with what cells understand; private modes; what touches no cell (titles, kitty keyboard, cursor shape, bell).
const tokenPattern =
  /([^\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]+)|\u001b\[([0-9;:]*)([A-HJKfm])|\u001b\[\?([0-9;]+)([hl])|(\u001b\](?!8;)[^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[[<>=?][0-9;]*u|\u001b\[[0-9]* q|\u0007)|([\s\S])/g;

/** Splits what a program writes. Anything that `Cells` does not understand is `unknown`. */
export const tokenize = (text: string): Token[] =>
  Array.from(text.matchAll(tokenPattern), (match): Token => {
    const [raw, plain, csi, final, mode, onOff, aside] = match;
    if (plain !== undefined) return { type: 'text', raw, parameters: '', final: '' };
    if (final !== undefined) return { type: 'csi', raw, parameters: csi ?? '', final };
    if (onOff !== undefined) return { type: 'mode', raw, parameters: mode ?? '', final: onOff };
    return { type: aside === undefined ? 'unknown' : 'aside', raw, parameters: '', final: '' };
  });

/** Characters of private use are beyond it. */
const lastPlain = '\ud800';

/** A grid of cells, row by row. The second cell of a wide character has the text ''. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly text: readonly string[];
  readonly style: readonly CellStyle[];
}

export class CellGrid implements Cells {
  columns: number;
  rows: number;
  text: string[];
  style: CellStyle[];
  /** The cursor; `x` is `columns` after the last cell of a row was written and before the next one is. */
  x = 0;
  y = 0;
  #pen: CellStyle = plainStyle;
  readonly #painted: PaintedLines | undefined;
  /** Blanks before this column of the row only keep the room of a painted line. */
  #roomUntil = 0;

  /** @param painted lines of which the text has only characters that stand for them */
  constructor(columns: number, rows: number, painted?: PaintedLines) {
    this.#painted = painted;
    this.columns = columns;
    this.rows = rows;
    this.text = new Array<string>(columns * rows).fill(' ');
    this.style = new Array<CellStyle>(columns * rows).fill(plainStyle);
  }

  /** A copy of the cells as they are now. */
  copy(): Cells {
    return { columns: this.columns, rows: this.rows, text: [...this.text], style: [...this.style] };
  }

  /** All blank, the cursor at the top left. */
  reset(): void {
    this.text.fill(' ');
    this.style.fill(plainStyle);
    this.#pen = plainStyle;
    this.#moveTo(0);
    this.y = 0;
  }

  /** Another size; what is in both stays where it is. */
  resize(columns: number, rows: number): void {
    const before = this.copy();
    this.columns = columns;
    this.rows = rows;
    this.text = new Array<string>(columns * rows).fill(' ');
    this.style = new Array<CellStyle>(columns * rows).fill(plainStyle);
    for (let y = 0; y < Math.min(rows, before.rows); y += 1) {
      for (let x = 0; x < Math.min(columns, before.columns); x += 1) {
        this.text[y * columns + x] = before.text[y * before.columns + x]!;
        this.style[y * columns + x] = before.style[y * before.columns + x]!;
      }
      // Half of a wide character is none.
      const cutOff = before.columns > columns && before.text[y * before.columns + columns] === '';
      if (cutOff) this.text[y * columns + columns - 1] = ' ';
    }
    this.#moveTo(Math.min(this.x, columns - 1));
    this.y = Math.min(this.y, rows - 1);
  }

  /** Takes a `text` or `csi` token as a terminal would (line feeds include the carriage return). */
  take(token: Token): void {
    if (token.type === 'csi') this.#control(token.parameters, token.final);
    else if (token.type === 'text') this.#print(token.raw);
  }

  #print(text: string): void {
    for (const line of text.split(/([\n\r])/)) {
      if (line === '\n') this.#lineFeed();
      else if (line === '\r') this.#moveTo(0);
      else for (const cell of splitCells(line)) this.#putOrUnfold(cell.text, cell.width);
    }
  }

  /** A character that stands for a painted line is the cells of that line, over the blanks that follow it. */
  #putOrUnfold(text: string, width: number): void {
    const run = text > lastPlain ? this.#painted?.runOf(text) : undefined;
    if (!run || this.x >= this.columns) {
      this.#put(text, width);
      return;
    }
    const until = Math.min(this.columns, this.x + run.text.length);
    for (let x = this.x; x < until; x += 1) this.#set(x, this.y, run.text[x - this.x]!, run.style[x - this.x]!);
    this.#roomUntil = until;
    this.x += 1;
  }

  #put(text: string, width: number): void {
    if (width === 0) {
      this.#join(text);
      return;
    }
    if (text === ' ' && this.x < this.#roomUntil) {
      this.x += 1;
      return;
    }
    if (width > this.columns) return;
    if (this.x + width > this.columns) {
      for (let x = this.x; x < this.columns; x += 1) this.#set(x, this.y, ' ', this.#pen);
      this.#lineFeed();
    }
    this.#set(this.x, this.y, text, this.#pen);
    for (let extra = 1; extra < width; extra += 1) this.#set(this.x + extra, this.y, '', this.#pen);
    this.x += width;
  }

  /** Adds a combining mark to the character before the cursor. */
  #join(mark: string): void {
    if (this.x === 0) return;
    const index = this.y * this.columns + this.x - 1;
    const base = this.text[index] === '' ? index - 1 : index;
    this.text[base] = `${this.text[base]}${mark}`;
  }

  #set(x: number, y: number, text: string, style: CellStyle): void {
    const index = y * this.columns + x;
    // Half of a wide character is none: the other half becomes blank.
    if (text !== '' && this.text[index] === '') this.text[index - 1] = ' ';
    if (x + 1 < this.columns && this.text[index + 1] === '') this.text[index + 1] = ' ';
    this.text[index] = text;
    this.style[index] = text === ' ' && style.blank ? plainStyle : style;
  }

  /** Another column of the row, or of another row, from where a line may begin. */
  #moveTo(x: number): void {
    this.x = x;
    this.#roomUntil = 0;
  }

  #lineFeed(): void {
    this.#moveTo(0);
    if (this.y < this.rows - 1) {
      this.y += 1;
      return;
    }
    this.text.copyWithin(0, this.columns);
    this.style.copyWithin(0, this.columns);
    this.#erase((this.rows - 1) * this.columns, this.rows * this.columns);
  }

  #erase(from: number, to: number): void {
    this.text.fill(' ', from, to);
    this.style.fill(backgroundOf(this.#pen), from, to);
  }

  #control(parameters: string, final: string): void {
    if (final === 'm') {
      this.#pen = applySgr(this.#pen, parameters);
      return;
    }
    const [first = 0, second = 0] = parameters.split(';').map((text) => Number.parseInt(text || '0', 10));
    if (final === 'J' || final === 'K') this.#eraseBy(first, final);
    else this.#move(first, second, final);
  }

  #eraseBy(mode: number, final: 'J' | 'K'): void {
    const row = this.y * this.columns;
    const start = final === 'J' ? 0 : row;
    const end = final === 'J' ? this.rows * this.columns : row + this.columns;
    const cursor = row + Math.min(this.x, this.columns - 1);
    if (mode === 0) this.#erase(cursor, end);
    else if (mode === 1) this.#erase(start, cursor + 1);
    else if (mode === 2) this.#erase(start, end);
  }

  #move(first: number, second: number, final: string): void {
    const by = Math.max(1, first);
    if (final === 'A' || final === 'F') this.y -= by;
    if (final === 'B' || final === 'E') this.y += by;
    if (final === 'C') this.x += by;
    if (final === 'D') this.x = Math.min(this.x, this.columns - 1) - by;
    if (final === 'E' || final === 'F') this.x = 0;
    if (final === 'G') this.x = by - 1;
    if (final === 'H' || final === 'f') {
      this.y = by - 1;
      this.x = Math.max(1, second) - 1;
    }
    this.#moveTo(Math.max(0, Math.min(this.columns - 1, this.x)));
    this.y = Math.max(0, Math.min(this.rows - 1, this.y));
  }
}
