// Painted lines in the place of which Ink lays out and writes one character each: Ink makes several objects for every cell it
// handles, which is most of what a frame costs, and the cells under it would be read back from its text. The character is
// of a private use area; the grid of cells knows by it which line is meant, and what cells that has become.

import { type CellRun, readRun } from './cell-run.ts';

/** From U+F0000: for private use, a cell wide for Ink and for us. */
const firstCharacter = 0xf0000;
const places = 4096;
/** A line whose place so many others may take gets a new one: no two lines of a frame share a place. */
const near = 2048;

const ours = /([\u{f0000}-\u{f0fff}])( *)/gu;

export class PaintedLines {
  readonly #lines: (string | undefined)[] = [];
  readonly #runs: (CellRun | undefined)[] = [];
  /** How many lines had been given a place before this one. */
  readonly #turns = new Map<string, number>();
  #next = 0;

  /** The character that stands for a line: one string as `paint` makes it of narrow characters, without line feeds. */
  characterOf(line: string): string {
    let turn = this.#turns.get(line);
    if (turn === undefined || this.#next - turn > places - near) {
      turn = this.#next;
      this.#place(turn, line);
    }
    return String.fromCodePoint(firstCharacter + (turn % places));
  }

  /** The cells of the line that a character stands for; undefined for any other character. */
  runOf(character: string): CellRun | undefined {
    const place = placeOf(character);
    const line = this.#lines[place];
    if (line === undefined) return undefined;
    this.#runs[place] ??= readRun(line);
    return this.#runs[place];
  }

  /** Text with the lines themselves, each in place of its character and of the blanks that keep its room. */
  unfold(text: string): string {
    return text.replaceAll(ours, (whole, character: string, blanks: string) => {
      const run = this.runOf(character);
      return run ? `${this.#lines[placeOf(character)]}${blanks.slice(run.text.length - 1)}` : whole;
    });
  }

  #place(turn: number, line: string): void {
    const place = turn % places;
    const before = this.#lines[place];
    if (before !== undefined && this.#turns.get(before) === turn - places) this.#turns.delete(before);
    this.#next = turn + 1;
    this.#lines[place] = line;
    this.#runs[place] = undefined;
    this.#turns.set(line, turn);
  }
}

const placeOf = (character: string): number => (character.codePointAt(0) ?? 0) - firstCharacter;
