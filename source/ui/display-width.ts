// How many cells of a terminal a text takes: East Asian wide characters and emoji take two, combining marks and
// invisible characters none. Ink lays out by such a measure too, but does not export it.

// Every character of these takes one cell and never joins its neighbours: ASCII, Latin, Greek, Cyrillic, dashes and
// quotes, arrows, mathematical signs, box drawing, blocks, most geometric shapes, braille.
const narrowRange =
  '\\u0020-\\u007e\\u00a0-\\u00a8\\u00aa-\\u00ac\\u00af-\\u02ff\\u0370-\\u0482\\u048a-\\u052f\\u2010-\\u2027\\u2030-\\u203b\\u2070-\\u20a0\\u2190-\\u2193\\u2200-\\u22ff\\u2500-\\u25a9\\u25ac-\\u25b5\\u25b7-\\u25bf\\u25c1-\\u25fa\\u2713\\u2717\\u2800-\\u28ff';
const narrowOnly = new RegExp(`^[${narrowRange}]*$`);
const narrowRun = new RegExp(`[${narrowRange}]+`, 'y');

/** Whether every UTF-16 unit of `text` is a cell of its own. */
export const isNarrow = (text: string): boolean => narrowOnly.test(text);

// East_Asian_Width W and F (Unicode 16, UAX #11), emoji left out: those are told by their property below.
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4dc0, 0x4dff],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** Whether this code point takes two cells, emoji left out. */
const isWide = (codePoint: number): boolean => {
  if (codePoint < 0x1100) return false;
  return wideRanges.some(([from, to]) => codePoint >= from && codePoint <= to);
};

const emoji =
  /^(?:(?!\p{Regional_Indicator})\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)/u;
const invisible =
  /[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/gu;
// The halfwidth sound marks join the kana before them and still take a cell, and so does AM of Thai and Lao.
const spacingMark = /[\p{Spacing_Mark}\uFF9E\uFF9F\u0E33\u0EB3]/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cells of one grapheme: 0, 1 or 2 (more for a consonant with spacing marks). */
const graphemeWidth = (grapheme: string): number => {
  if (emoji.test(grapheme)) return 2;
  const visible = grapheme.replaceAll(invisible, '');
  const first = visible.codePointAt(0);
  if (first === undefined) return 0;
  let width = isWide(first) ? 2 : 1;
  for (const character of visible.slice(first > 0xffff ? 2 : 1)) if (spacingMark.test(character)) width += 1;
  return width;
};

/** A grapheme and the cells it takes. */
export interface Cell {
  readonly text: string;
  readonly width: number;
}

/** The graphemes of a text without control sequences, in order. */
export function* splitCells(text: string): Generator<Cell> {
  let at = 0;
  while (at < text.length) {
    narrowRun.lastIndex = at;
    const run = narrowRun.exec(text)?.[0] ?? '';
    const atEnd = at + run.length === text.length;
    // What follows may be a mark that joins the last character of the run.
    const plain = atEnd ? run.length : run.length - 1;
    for (let index = 0; index < plain; index += 1) yield { text: run[index]!, width: 1 };
    at += Math.max(0, plain);
    if (atEnd) return;
    const end = nextNarrow(text, at + (run.length > 0 ? 1 : 0));
    for (const { segment } of segmenter.segment(text.slice(at, end))) yield cellOf(segment);
    at = end;
  }
}

const narrowChar = new RegExp(`[${narrowRange}]`, 'g');

/** Where the next narrow character stands, from `from` on: a grapheme never reaches into it, but for keycaps. */
const nextNarrow = (text: string, from: number): number => {
  narrowChar.lastIndex = from;
  return narrowChar.exec(text)?.index ?? text.length;
};

const cellOf = (segment: string): Cell => ({ text: segment, width: graphemeWidth(segment) });

/** Whether terminals agree on the width of this grapheme; of emoji and of what is joined of several marks they do not. */
export const isCertain = (grapheme: string): boolean => {
  const codePoint = grapheme.codePointAt(0) ?? 0;
  return grapheme.length === (codePoint > 0xffff ? 2 : 1) && (isNarrow(grapheme) || isWide(codePoint));
};

/** Cells that a text without control sequences takes. */
export const displayWidth = (text: string): number => {
  if (isNarrow(text)) return text.length;
  let width = 0;
  for (const cell of splitCells(text)) width += cell.width;
  return width;
};
