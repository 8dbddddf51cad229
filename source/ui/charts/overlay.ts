// What runs through every chart over time: markers as vertical lines with their names, objectives as horizontal lines
// with their labels. Drawn where the chart leaves room; the chart itself goes before.

import { displayWidth, splitCells } from '../display-width.ts';
import type { Role } from '../theme.ts';

export interface ChartMarker {
  /** Where it lies in the window, in steps from its left edge, fractions allowed. */
  readonly step: number;
  /** Set by somebody, or a change of the load. */
  readonly kind: 'mark' | 'change';
  readonly name: string;
}

export interface ChartObjective {
  readonly value: number;
  /** `objective p99 300`. */
  readonly label: string;
}

/** The name of a line, where it ends. */
export interface ChartEnd {
  /** Its newest value. */
  readonly value: number;
  readonly label: string;
  readonly role: Role;
}

export interface Overlay {
  /** Vertical lines; those outside of the window are left out. */
  readonly markers?: readonly ChartMarker[] | undefined;
  /** The step at which the time cursor stands: a vertical line that is told apart from markers by its sign. */
  readonly cursor?: number | undefined;
  /** Horizontal lines; those outside of the scale are left out. */
  readonly objectives?: readonly ChartObjective[] | undefined;
  /** Names of the lines at their right ends, where no colour tells them apart. */
  readonly ends?: readonly ChartEnd[] | undefined;
}

/** A grid of cells in which a chart is already drawn. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  readonly ascii: boolean;
  /** Whether the chart has nothing in this cell. */
  isFree(column: number, row: number): boolean;
  /** Draws a cell where the chart leaves it free. */
  under(column: number, row: number, text: string, role: Role): void;
}

const glyphs = { mark: ['┋', '|'], change: ['┊', ':'] } as const;
const objectiveGlyphs = ['·', '~'] as const;
const cursorGlyphs = ['┃', '!'] as const;

/** A marker's column and an objective's row; undefined where it is out of sight. */
export interface Places {
  column(step: number): number | undefined;
  row(value: number): number | undefined;
}

/** Draws lines first, then as many labels and names as have room, the newest marker first. */
export const drawOverlay = (ground: Ground, places: Places, overlay: Overlay): void => {
  const { markers = [], objectives = [], cursor, ends = [] } = overlay;
  if (markers.length + objectives.length + ends.length === 0 && cursor === undefined) return;
  const texts = new Texts(ground);
  const look = ground.ascii ? 1 : 0;
  const rows = objectives.map(({ value }) => places.row(value));
  const columns = markers.map(({ step }) => places.column(step));
  for (const row of rows) drawAcross(ground, row, objectiveGlyphs[look]);
  for (const [index, { kind }] of markers.entries()) texts.upright(columns[index], glyphs[kind][look], 'marker');
  if (cursor !== undefined) texts.upright(places.column(cursor), cursorGlyphs[look], 'cursor');
  for (const end of ends) placeEnd(texts, end, places.row(end.value));
  for (const [index, { label }] of objectives.entries()) placeLabel(texts, label, rows[index]);
  for (let index = markers.length - 1; index >= 0; index -= 1) placeName(texts, markers[index]!, columns[index]);
};

const drawAcross = (ground: Ground, row: number | undefined, glyph: string): void => {
  if (row === undefined) return;
  for (let column = 0; column < ground.width; column += 1) ground.under(column, row, glyph, 'objective');
};

/** At the left end of its line, else as near to that as there is room: at fixed places, so that it seldom moves. */
const placeLabel = (texts: Texts, label: string, row: number | undefined): void => {
  if (row === undefined) return;
  const text = ` ${label} `;
  const last = texts.ground.width - 1 - displayWidth(text);
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    if (texts.put(text, Math.round(1 + part * (last - 1)), row, 'objective')) return;
  }
};

/** So many cells left of its end a line still has its name, where a marker runs through the end. */
const endCells = 12;

/** Above the end of its line or below it, as near as there is room. */
const placeEnd = (texts: Texts, { label, role }: ChartEnd, row: number | undefined): void => {
  if (row === undefined) return;
  const last = texts.ground.width - displayWidth(label);
  for (let column = last; column >= last - endCells; column -= 1) {
    for (const by of [-1, 1, -2, 2, -3, 3]) {
      const at = row + by;
      if (at >= 0 && at < texts.ground.height && texts.put(label, column, at, role)) return;
    }
  }
};

/** Right of its line at the top or the foot of the chart, else left of it. */
const placeName = (texts: Texts, { name, kind }: ChartMarker, column: number | undefined): void => {
  if (column === undefined) return;
  const width = displayWidth(name);
  // What somebody named is short; what was changed is told in the log, too.
  if (name === '' || (kind === 'change' && width > texts.ground.width / 3)) return;
  for (const row of [0, texts.ground.height - 1]) {
    if (texts.put(name, column + 1, row, 'marker')) return;
    if (texts.put(name, column - width, row, 'marker')) return;
  }
};

/** Texts on a ground, none of which covers the chart, a marker or another text. */
class Texts {
  readonly ground: Ground;
  readonly #taken = new Set<number>();
  readonly #lines = new Set<number>();

  constructor(ground: Ground) {
    this.ground = ground;
  }

  /** A vertical line, which no text covers. */
  upright(column: number | undefined, glyph: string, role: Role): void {
    if (column === undefined) return;
    this.#lines.add(column);
    for (let row = 0; row < this.ground.height; row += 1) this.ground.under(column, row, glyph, role);
  }

  /** Whether there was room for the text, from this cell on. */
  put(text: string, column: number, row: number, role: Role): boolean {
    const { width, ascii } = this.ground;
    const cells = displayWidth(text);
    if (column < 0 || column + cells > width) return false;
    for (let at = column; at < column + cells; at += 1) if (!this.#isFree(at, row)) return false;
    let at = column;
    for (const cell of splitCells(text)) {
      if (cell.width === 0) continue;
      const shown = ascii && cell.width > 1 ? '?'.repeat(cell.width) : cell.text;
      this.ground.under(at, row, shown, role);
      // The second cell of a wide character comes with the first.
      for (let more = 1; more < cell.width; more += 1) this.ground.under(at + more, row, '', role);
      at += cell.width;
    }
    // A blank at both ends, or two texts read as one.
    for (let taken = column - 1; taken <= at; taken += 1) this.#taken.add(row * width + taken);
    return true;
  }

  #isFree(column: number, row: number): boolean {
    const { width } = this.ground;
    return !this.#lines.has(column) && !this.#taken.has(row * width + column) && this.ground.isFree(column, row);
  }
}
