// Bars on top of each other over time: how requests ended, a column for each moment, a glyph and a meaning for each way.
// Columns in, lines of coloured runs out. Axes are not here but in axis.ts.

import type { Line, Role, Run } from '../theme.ts';
import { drawOverlay, type Ground, type Overlay } from './overlay.ts';
import type { Scale } from './scale.ts';
import { cellOfStep } from './time-cells.ts';

/** One way, the lowest layer first. */
export interface Layer {
  /** A value for each column; NaN is a gap. */
  readonly values: Float64Array;
  readonly role: Role;
  readonly glyph: string;
}

export interface Stack extends Overlay {
  /** In cells. */
  readonly width: number;
  readonly height: number;
  /** From 0. */
  readonly scale: Scale;
  readonly layers: readonly Layer[];
  /** Steps of the window and the number of its first one, for markers. */
  readonly steps: number;
  readonly first: number;
  readonly ascii: boolean;
}

/** The bars as `height` lines of exactly `width` cells, top first. */
export const drawStack = (stack: Stack): Line[] => {
  const ground = new StackGround(stack);
  const places = {
    column: (step: number) => cellOfStep(stack, step),
    row: () => undefined,
  };
  drawOverlay(ground, places, stack);
  return ground.lines();
};

/**
 * How many cells of a column each layer gets, the lowest first. Together they reach as high as the sum; what is more
 * than nothing has a cell, which the highest layer lends.
 */
export const stackCells = (values: readonly number[], scale: Scale, height: number): number[] => {
  const cells: number[] = [];
  let sum = 0;
  let below = 0;
  for (const value of values) {
    sum += value > 0 ? value : 0;
    const upTo = Math.round(scale.position(sum) * height);
    cells.push(upTo - below);
    below = upTo;
  }
  for (const [layer, value] of values.entries()) {
    if (!(value > 0) || cells[layer]! > 0) continue;
    const highest = cells.indexOf(Math.max(...cells));
    if (cells[highest]! > 1) cells[highest]! -= 1;
    else if (below >= height) continue;
    else below += 1;
    cells[layer] = 1;
  }
  return cells;
};

class StackGround implements Ground {
  readonly width: number;
  readonly height: number;
  readonly ascii: boolean;
  readonly #cells: (Run | undefined)[];
  readonly #under: (Run | undefined)[];

  constructor({ width, height, ascii, scale, layers }: Stack) {
    this.width = width;
    this.height = height;
    this.ascii = ascii;
    this.#cells = new Array<Run | undefined>(width * height).fill(undefined);
    this.#under = new Array<Run | undefined>(width * height).fill(undefined);
    const looks = layers.map(({ glyph, role }) => ({ text: glyph, role }));
    for (let column = 0; column < width; column += 1) {
      const values = layers.map((layer) => layer.values[column] ?? Number.NaN);
      let row = height - 1;
      for (const [layer, count] of stackCells(values, scale, height).entries()) {
        for (let cell = 0; cell < count && row >= 0; cell += 1, row -= 1)
          this.#cells[row * width + column] = looks[layer];
      }
    }
  }

  isFree(column: number, row: number): boolean {
    return this.#cells[row * this.width + column] === undefined;
  }

  under(column: number, row: number, text: string, role: Role): void {
    if (column >= 0 && row >= 0 && column < this.width && row < this.height) {
      this.#under[row * this.width + column] = { text, role };
    }
  }

  lines(): Line[] {
    return Array.from({ length: this.height }, (_, row) => {
      const runs: Run[] = [];
      for (let column = 0; column < this.width; column += 1) {
        const at = row * this.width + column;
        const { text, role } = this.#cells[at] ?? this.#under[at] ?? { text: ' ', role: runs.at(-1)?.role ?? 'text' };
        const last = runs.at(-1);
        if (last?.role === role) runs[runs.length - 1] = { text: last.text + text, role };
        else runs.push({ text, role });
      }
      return runs;
    });
  }
}
