// A grid of dots over a grid of cells: braille (2 x 4 dots a cell), or three heights in ASCII (1 x 3). Knows nothing of
// values and scales. Each cell remembers who drew in it last, for its colour.

import type { Line, Role, Run } from '../theme.ts';
import type { Ground } from './overlay.ts';

// U+2800 and a bit for each dot, numbered by column and row.
const brailleBits = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80] as const;
const brailleBase = 0x2800;
// By the bits of top (1), middle (2) and bottom (4).
const asciiGlyphs = [' ', "'", '-', "'", '.', ':', '.', '|'] as const;

/** Dots of so many cells. */
export const dotsAcross = (width: number, ascii: boolean): number => width * (ascii ? 1 : 2);

export class Canvas implements Ground {
  /** Size in cells. */
  readonly width: number;
  readonly height: number;
  /** Size in dots; (0, 0) is top left. */
  readonly dotsX: number;
  readonly dotsY: number;
  readonly ascii: boolean;
  readonly #bits: Uint8Array;
  /** 1 + the index into `#roles`; 0 for an empty cell. */
  readonly #owner: Uint8Array;
  readonly #shared: Uint8Array;
  readonly #roles: Role[] = [];
  readonly #under: (Run | undefined)[];
  #current = 0;
  #dotted = false;

  constructor(width: number, height: number, ascii: boolean) {
    this.width = Math.max(0, Math.floor(width));
    this.height = Math.max(0, Math.floor(height));
    this.ascii = ascii;
    this.dotsX = dotsAcross(this.width, ascii);
    this.dotsY = this.height * (ascii ? 3 : 4);
    this.#bits = new Uint8Array(this.width * this.height);
    this.#owner = new Uint8Array(this.width * this.height);
    this.#shared = new Uint8Array(this.width * this.height);
    this.#under = new Array<Run | undefined>(this.width * this.height).fill(undefined);
  }

  /**
   * What is drawn from now on has this meaning, and takes the colour of cells it shares.
   * @param dotted level pieces get only every other dot
   */
  use(role: Role, dotted = false): void {
    this.#current = this.#roles.push(role);
    this.#dotted = dotted;
  }

  /** Sets a dot; outside of the canvas nothing happens. */
  dot(x: number, y: number): void {
    // What is steep is drawn whole: a peak between two dots would be lost.
    if (!(this.#dotted && (x & 1) === 1)) this.#set(x, y);
  }

  /** As `dot`, where nothing stands beside it that would show in its place. */
  lone(x: number, y: number): void {
    this.#set(x, y);
  }

  #set(x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.dotsX || y >= this.dotsY) return;
    const perY = this.ascii ? 3 : 4;
    const column = this.ascii ? x : x >> 1;
    const row = Math.floor(y / perY);
    const cell = row * this.width + column;
    const within = y - row * perY;
    this.#bits[cell]! |= this.ascii ? 1 << within : brailleBits[(x & 1) * 4 + within]!;
    const owner = this.#owner[cell]!;
    if (owner !== 0 && owner !== this.#current) this.#shared[cell] = 1;
    this.#owner[cell] = this.#current;
  }

  /** All dots of a column between two rows, both included. */
  column(x: number, fromY: number, toY: number): void {
    if (fromY === toY) this.dot(x, fromY);
    else for (let y = Math.min(fromY, toY); y <= Math.max(fromY, toY); y += 1) this.#set(x, y);
  }

  /** A connected line between two dots, both included: one column for each x, joined where the next begins. */
  line(fromX: number, fromY: number, toX: number, toY: number): void {
    let last = fromY;
    this.dot(fromX, fromY);
    for (let x = fromX + 1; x <= toX; x += 1) {
      const y = Math.round(fromY + ((toY - fromY) * (x - fromX)) / (toX - fromX));
      if (y > last + 1) this.column(x, last + 1, y);
      else if (y < last - 1) this.column(x, last - 1, y);
      else this.dot(x, y);
      last = y;
    }
  }

  /** Whether no dot is in this cell. */
  isFree(column: number, row: number): boolean {
    return this.#bits[row * this.width + column] === 0;
  }

  /** A glyph that shows only where no dot is. */
  under(column: number, row: number, text: string, role: Role): void {
    if (column < 0 || row < 0 || column >= this.width || row >= this.height) return;
    this.#under[row * this.width + column] = { text, role };
  }

  /** The lines, top first, each exactly `width` cells; blanks take the meaning of what stands before them. */
  lines(): Line[] {
    return Array.from({ length: this.height }, (_, row) => {
      const runs: Run[] = [];
      let text = '';
      let role: Role | undefined;
      for (let column = 0; column < this.width; column += 1) {
        const cell = this.#cell(row * this.width + column);
        if (cell && role !== undefined && cell.role !== role) {
          runs.push({ text, role });
          text = '';
        }
        role = cell?.role ?? role;
        text += cell?.text ?? ' ';
      }
      if (text !== '') runs.push({ text, role: role ?? 'text' });
      return runs;
    });
  }

  #cell(index: number): Run | undefined {
    const bits = this.#bits[index]!;
    if (bits === 0) return this.#under[index];
    const role = this.#roles[this.#owner[index]! - 1] ?? 'text';
    if (!this.ascii) return { text: String.fromCharCode(brailleBase + bits), role };
    return { text: this.#shared[index] === 1 ? '*' : asciiGlyphs[bits]!, role };
  }
}
