// The cells of one painted line: its escape sequences read once, for a line that is drawn again and again.

import { tokenize } from './cell-grid.ts';
import { applySgr, type CellStyle, plainStyle } from './cell-style.ts';
import { splitCells } from './display-width.ts';

/** Cells next to each other, each of one column. */
export interface CellRun {
  readonly text: readonly string[];
  readonly style: readonly CellStyle[];
}

/** The cells of a line in which every character is a cell and the only sequences are those of styles. */
export const readRun = (line: string): CellRun => {
  const text: string[] = [];
  const style: CellStyle[] = [];
  let pen = plainStyle;
  for (const token of tokenize(line)) {
    if (token.type === 'csi') pen = applySgr(pen, token.parameters);
    if (token.type !== 'text') continue;
    for (const cell of splitCells(token.raw)) {
      text.push(cell.text);
      style.push(cell.text === ' ' && pen.blank ? plainStyle : pen);
    }
  }
  return { text, style };
};
