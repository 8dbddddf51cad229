// What the terminal shows and what it should show: takes what Ink writes, gives the bytes that are to be sent next. Pure
// state without input and output; when bytes are sent, and whether the terminal takes them, is cell-writer.ts.

import { diffCells } from './cell-diff.ts';
import { CellGrid, type Cells, type Token, tokenize } from './cell-grid.ts';
import { PaintedLines } from './painted-lines.ts';

const beginUpdate = '\u001b[?2026h';
const endUpdate = '\u001b[?2026l';
const showCursor = '\u001b[?25h';
const hideCursor = '\u001b[?25l';
const alternateScreens = new Set(['47', '1047', '1049']);

const isDrawing = ({ type }: Token): boolean => type !== 'mode' && type !== 'aside' && type !== 'unknown';

export class CellScreen {
  /** Lines that what is taken may have characters for. */
  readonly painted = new PaintedLines();
  /** Frames that were composed. */
  frames = 0;
  /** Frames that the next one took the place of before they were composed. */
  dropped = 0;
  /** What the program means, and what the terminal really shows (undefined: not known). */
  readonly #grid: CellGrid;
  #sent: Cells | undefined;
  #fullscreen = false;
  /** The grid may differ from the terminal. */
  #dirty = false;
  /** Between the marks of a synchronised update; erased and not yet written again: neither is a frame to show. */
  #updating = false;
  #hollow = false;
  #cursorWanted = true;
  #cursorShown = true;
  /** Where the terminal's cursor stands while it is shown; empty where that is not known. */
  #cursorAt = '';
  /** Private modes that are on and must be off when the program has gone, by number. */
  readonly #modes = new Set<string>();
  /** Sequences that go out before the next frame, in order. */
  #queue = '';

  constructor(columns: number, rows: number) {
    this.#grid = new CellGrid(columns, rows, this.painted);
  }

  /**
   * Takes what a program writes. On the alternate screen it becomes cells; elsewhere it goes through as it is. What is
   * not understood goes through too, and all cells are painted anew after it. True when the alternate screen was left.
   */
  take(text: string): boolean {
    const tokens = tokenize(text);
    const before = this.#fullscreen;
    if (this.#isWhole() && tokens.some(isDrawing)) this.dropped += 1;
    if (this.#fullscreen && tokens.some((token) => token.type === 'unknown')) {
      this.#queue += this.painted.unfold(text);
      // Not painted over at once: what went through may be the newest frame.
      this.#sent = undefined;
      this.#cursorAt = '';
    } else {
      for (const token of tokens) this.#takeToken(token);
    }
    return before && !this.#fullscreen;
  }

  /** Everything is painted anew with the next frame. */
  repaint(): void {
    this.#sent = undefined;
    this.#cursorAt = '';
    this.#dirty = this.#fullscreen;
  }

  /** The terminal has another size; what it made of its cells is not known. */
  resize(columns: number, rows: number): void {
    this.#grid.resize(columns, rows);
    this.repaint();
  }

  /** The bytes to send next, as text: waiting sequences, then the newest frame where there is one. Empty for none. */
  compose(): string {
    const queue = this.#queue;
    this.#queue = '';
    if (!this.#isWhole()) return queue;
    this.#dirty = false;
    const cells = diffCells(this.#sent, this.#grid);
    if (cells !== '') {
      this.#sent = this.#grid.copy();
      this.#cursorAt = '';
      this.frames += 1;
    }
    const body = cells + this.#cursor();
    return body === '' ? queue : queue + beginUpdate + body + endUpdate;
  }

  /** Whether there is a frame that could be sent. */
  #isWhole(): boolean {
    return this.#fullscreen && this.#dirty && !this.#updating && !this.#hollow;
  }

  /** What gives the terminal back: waiting sequences, modes off, the alternate screen left, the cursor shown. */
  leave(): string {
    const modes = [...this.#modes].sort((a, b) => Number(alternateScreens.has(a)) - Number(alternateScreens.has(b)));
    const text = this.#queue + modes.map((mode) => `\u001b[?${mode}l`).join('') + (this.#cursorShown ? '' : showCursor);
    this.#queue = '';
    this.#modes.clear();
    this.#fullscreen = false;
    this.#cursorWanted = true;
    this.#cursorShown = true;
    return text;
  }

  #takeToken(token: Token): void {
    if (token.type === 'mode') {
      for (const mode of token.parameters.split(';')) this.#setMode(mode, token.final === 'h');
    } else if (!this.#fullscreen || token.type === 'aside') {
      this.#queue += token.raw;
    } else {
      this.#grid.take(token);
      this.#dirty = true;
      // Ink clears in one write and draws in a later one.
      if (token.type === 'text') this.#hollow = false;
      else if (token.final === 'J' || token.final === 'K') this.#hollow = true;
    }
  }

  #setMode(mode: string, on: boolean): void {
    if (mode === '2026') {
      this.#updating = on && this.#fullscreen;
    } else if (mode === '25') {
      this.#cursorWanted = on;
      this.#dirty = this.#fullscreen;
      if (!this.#fullscreen) this.#queue += this.#cursor();
    } else {
      this.#queue += `\u001b[?${mode}${on ? 'h' : 'l'}`;
      if (on) this.#modes.add(mode);
      else this.#modes.delete(mode);
      if (alternateScreens.has(mode)) this.#switchScreen(on);
    }
  }

  #switchScreen(on: boolean): void {
    this.#fullscreen = on;
    this.#grid.reset();
    this.repaint();
    this.#hollow = on;
    this.#updating = false;
    if (!on) this.#queue += this.#cursor();
  }

  /** Shows, hides or moves the cursor, where that is due; a hidden cursor stands anywhere. */
  #cursor(): string {
    let text = '';
    if (this.#cursorWanted && this.#fullscreen) {
      const at = `\u001b[${this.#grid.y + 1};${Math.min(this.#grid.x, this.#grid.columns - 1) + 1}H`;
      if (at !== this.#cursorAt) text += at;
      this.#cursorAt = at;
    }
    if (this.#cursorWanted !== this.#cursorShown) text += this.#cursorWanted ? showCursor : hideCursor;
    this.#cursorShown = this.#cursorWanted;
    return text;
  }
}
