// A heat map: how many requests had which response time when, as the background of cells, or as shades where a terminal
// has too few colours. Columns in, lines of coloured runs out. Axes are not here but in axis.ts.

import type { LatencyGrid } from '../../session/state.ts';
import { heatSteps } from '../palettes.ts';
import type { Span } from '../parts/cell-window.ts';
import type { Line, Role, Run } from '../theme.ts';
import { drawOverlay, type Ground, type Overlay } from './overlay.ts';
import { niceAbove, type Scale } from './scale.ts';
import { cellOfStep } from './time-cells.ts';

/** What a cell shows how much there is by: its background, or a glyph in it. */
export type HeatInk = 'background' | 'shades' | 'ascii';

/** Glyphs of few to many; the first one is for none. */
const shades = [...' ░▒▓█'];
const asciiShades = [...' .:-=+*#%@'];

/** Steps from few to many that there are. */
export const heatLevels = (ink: HeatInk): number =>
  ink === 'background' ? heatSteps : (ink === 'ascii' ? asciiShades : shades).length - 1;

/** A cell of such a step, for a legend. */
export const heatSample = (level: number, ink: HeatInk): Run => {
  if (ink === 'background') return { text: ' ', role: 'text', heat: level };
  return { text: (ink === 'ascii' ? asciiShades : shades)[level] ?? ' ', role: 'text' };
};

/** A line over the map, a value for each column; NaN is a gap. */
export interface HeatLine {
  readonly values: Float64Array;
  readonly role: Role;
  readonly glyph: string;
}

export interface HeatMap extends Overlay {
  /** In cells. */
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
  /** Requests per second of each cell, row by row from the top; NaN in columns of which nothing is known. */
  readonly counts: Float64Array;
  /** What the strongest step stands for: `heatMost`. */
  readonly most: number;
  /** Steps of the window and the number of its first one, for markers. */
  readonly steps: number;
  readonly first: number;
  /** Later ones cover earlier ones. */
  readonly lines: readonly HeatLine[];
  readonly ink: HeatInk;
  readonly ascii: boolean;
}

/** 0 for none, 1 for the fewest, and as many steps on as the logarithm of the number says. */
export const heatLevel = (count: number, most: number, levels: number): number => {
  if (!(count > 0)) return 0;
  const share = Math.log1p(count) / Math.log1p(Math.max(most, 1));
  return Math.min(levels, 1 + Math.floor(share * levels));
};

/**
 * Requests per second of each cell of a map.
 * @param spans the seconds of each column
 * @param grid rows of different heights are divided among the map's rows by the part that they share
 */
export const heatCounts = (grid: LatencyGrid, spans: readonly Span[], height: number, scale: Scale): Float64Array => {
  const parts = partsOf(grid.edges, height, scale);
  const width = spans.length;
  const counts = new Float64Array(width * height).fill(Number.NaN);
  let before: Span | undefined;
  for (const [column, span] of spans.entries()) {
    if (before !== undefined && before.from === span.from && before.to === span.to) {
      for (let row = 0; row < height; row += 1) counts[row * width + column] = counts[row * width + column - 1]!;
      continue;
    }
    before = span;
    const rows = meanRows(grid, span);
    if (rows === undefined) continue;
    for (let row = 0; row < height; row += 1) counts[row * width + column] = 0;
    for (const { from, to, share } of parts) counts[to * width + column]! += rows[from]! * share;
  }
  return counts;
};

/** That share of the grid's row `from` lies in the map's row `to`. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

const partsOf = (edges: readonly number[], height: number, scale: Scale): Part[] => {
  const parts: Part[] = [];
  for (let from = 0; from + 1 < edges.length; from += 1) {
    // Heights from the top, in rows.
    const top = (1 - scale.position(edges[from + 1]!)) * height;
    const bottom = (1 - scale.position(edges[from]!)) * height;
    const first = Math.min(height - 1, Math.floor(top));
    const last = Math.min(height - 1, Math.max(first, Math.ceil(bottom) - 1));
    for (let to = first; to <= last; to += 1) {
      const shared = Math.min(bottom, to + 1) - Math.max(top, to);
      parts.push({ from, to, share: first === last ? 1 : shared / (bottom - top) });
    }
  }
  return parts;
};

/** Requests per second of each row of the grid; undefined where no second of the span is known. */
const meanRows = (grid: LatencyGrid, { from, to }: Span): Float64Array | undefined => {
  let sum: Float64Array | undefined;
  let seconds = 0;
  for (let second = from; second < to; second += 1) {
    const row = grid.row(second);
    if (row === undefined) continue;
    sum ??= new Float64Array(grid.edges.length - 1);
    for (let at = 0; at < sum.length; at += 1) sum[at]! += row[at]!;
    seconds += 1;
  }
  return seconds > 1 ? sum?.map((count) => count / seconds) : sum;
};

/** The response times between which requests lie in these seconds, as far as the grid tells; NaN without any. */
export const heatExtent = (
  grid: LatencyGrid,
  spans: readonly Span[],
): { readonly min: number; readonly max: number } => {
  let low = grid.edges.length;
  let high = -1;
  for (let second = spans[0]?.from ?? 0; second < (spans.at(-1)?.to ?? 0); second += 1) {
    const row = grid.row(second);
    if (row === undefined) continue;
    for (let at = 0; at < low && at < row.length; at += 1) if (row[at]! > 0) low = at;
    for (let at = row.length - 1; at > high; at -= 1) if (row[at]! > 0) high = at;
  }
  return high < 0 ? { min: Number.NaN, max: Number.NaN } : { min: grid.edges[low]!, max: grid.edges[high + 1]! };
};

/** A round number that no cell exceeds; the one before while that still fits, so that the map does not flicker. */
export const heatMost = (counts: Float64Array, previous?: number): number => {
  let largest = 0;
  for (const count of counts) if (count > largest) largest = count;
  if (previous !== undefined && largest <= previous && largest > previous / 10) return previous;
  return niceAbove(Math.max(1, largest));
};

/** The map as `height` lines of exactly `width` cells, top first. */
export const drawHeat = (map: HeatMap): Line[] => {
  const ground = new HeatGround(map);
  const { width, height, scale } = map;
  if (width === 0 || height === 0) return ground.lines();
  const rowOf = (value: number): number | undefined => {
    const share = scale.position(value);
    // A row is as high as the values that it counts; the line through the middle of a row is not at its edge.
    return Number.isNaN(share) ? undefined : Math.min(height - 1, Math.floor((1 - share) * height));
  };
  for (const { values, role, glyph } of map.lines) {
    for (let column = 0; column < width; column += 1) {
      const row = rowOf(values[column] ?? Number.NaN);
      if (row !== undefined) ground.over(column, row, glyph, role);
    }
  }
  const places = {
    column: (step: number) => cellOfStep(map, step),
    row: (value: number) => (value >= scale.min && value <= scale.max ? rowOf(value) : undefined),
  };
  drawOverlay(ground, places, map);
  return ground.lines();
};

/** Cells with a level each, lines over them, and what shows where neither is. */
class HeatGround implements Ground {
  readonly width: number;
  readonly height: number;
  readonly ascii: boolean;
  readonly #levels: Uint8Array;
  readonly #glyphs: readonly string[] | undefined;
  readonly #lines: (Run | undefined)[];
  readonly #under: (Run | undefined)[];

  constructor({ width, height, ascii, counts, most, ink }: HeatMap) {
    this.width = width;
    this.height = height;
    this.ascii = ascii;
    this.#glyphs = ink === 'background' ? undefined : ink === 'ascii' ? asciiShades : shades;
    const levels = heatLevels(ink);
    this.#levels = Uint8Array.from(counts, (count) => heatLevel(count, most, levels));
    this.#lines = new Array<Run | undefined>(width * height).fill(undefined);
    this.#under = new Array<Run | undefined>(width * height).fill(undefined);
  }

  over(column: number, row: number, text: string, role: Role): void {
    this.#lines[row * this.width + column] = { text, role };
  }

  isFree(column: number, row: number): boolean {
    const cell = row * this.width + column;
    return this.#lines[cell] === undefined && this.#hasRoom(cell);
  }

  /** Markers and the time cursor run through what is there; an objective shows only where that takes nothing away. */
  under(column: number, row: number, text: string, role: Role): void {
    if (column < 0 || row < 0 || column >= this.width || row >= this.height) return;
    const cell = row * this.width + column;
    if (role !== 'objective' || this.#hasRoom(cell)) this.#under[cell] = { text, role };
  }

  /** A glyph leaves a background as it is, but takes the place of a shade. */
  #hasRoom(cell: number): boolean {
    return this.#glyphs === undefined || this.#levels[cell] === 0;
  }

  lines(): Line[] {
    return Array.from({ length: this.height }, (_, row) => {
      const runs: Run[] = [];
      for (let column = 0; column < this.width; column += 1) append(runs, this.#cell(row * this.width + column));
      return runs;
    });
  }

  #cell(cell: number): Run {
    const level = this.#levels[cell]!;
    const over = this.#lines[cell] ?? this.#under[cell];
    const text = over?.text ?? this.#glyphs?.[level] ?? ' ';
    const role = over?.role ?? 'text';
    return this.#glyphs === undefined && level > 0 ? { text, role, heat: level } : { text, role };
  }
}

/** Adds a cell to a line; a blank takes the meaning of what stands before it. */
const append = (runs: Run[], cell: Run): void => {
  const last = runs.at(-1);
  const joins = last !== undefined && last.heat === cell.heat && (last.role === cell.role || cell.text === ' ');
  if (joins) runs[runs.length - 1] = { ...last, text: last.text + cell.text };
  else runs.push(cell);
};
