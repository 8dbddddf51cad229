// Small helpers for pieces of lines: shorthands for meanings, and the choice of wording by the room there is.

import { splitCells } from '../display-width.ts';
import { displayWidth, lineWidth } from '../format.ts';
import type { Line, Role, Run } from '../theme.ts';

export const run = (text: string, role: Role = 'text'): Run => ({ text, role });
export const dim = (text: string): Run => ({ text, role: 'dim' });

/** The first wording that fits into `width` cells, else the last. */
export const firstThatFits = (wordings: readonly Line[], width: number): Line =>
  wordings.find((line) => lineWidth(line) <= width) ?? wordings.at(-1) ?? [];

/** Pieces of a line with `gap` between them; empty ones are left out. */
export const joined = (pieces: readonly Line[], gap = '  '): Line =>
  pieces
    .filter((piece) => lineWidth(piece) > 0)
    .flatMap((piece, index) => (index === 0 ? piece : [run(gap), ...piece]));

/** As many pieces as fit into lines of `width` cells, one after the other. */
export const flowed = (pieces: readonly Line[], width: number, gap = '   '): Line[] => {
  const lines: Line[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && lineWidth(last) + gap.length + lineWidth(piece) <= width) {
      lines[lines.length - 1] = joined([last, piece], gap);
    } else lines.push(piece);
  }
  return lines;
};

/**
 * A text in lines of at most `width` cells, broken between words, and within one that is longer than a line; `most` lines,
 * the last one keeps the rest.
 */
export const wrapped = (text: string, width: number, most: number): string[] => {
  const lines: string[] = [];
  for (const { piece, gap } of text.split(' ').flatMap((word) => broken(word, width))) {
    const last = lines.at(-1);
    const fits = last !== undefined && gap !== '' && displayWidth(last) + 1 + displayWidth(piece) <= width;
    if (last !== undefined && (fits || lines.length >= most)) lines[lines.length - 1] = `${last}${gap}${piece}`;
    else lines.push(piece);
  }
  return lines.slice(0, Math.max(0, most));
};

/** A word in pieces that fit into a line, each with what stands between it and the piece before. */
const broken = (word: string, width: number): { readonly piece: string; readonly gap: '' | ' ' }[] => {
  if (width <= 0 || displayWidth(word) <= width) return [{ piece: word, gap: ' ' }];
  const pieces: string[] = [];
  let used = width;
  for (const cell of splitCells(word)) {
    if (used + cell.width > width) {
      pieces.push('');
      used = 0;
    }
    pieces[pieces.length - 1] += cell.text;
    used += cell.width;
  }
  return pieces.map((piece, index) => ({ piece, gap: index === 0 ? ' ' : '' }));
};
