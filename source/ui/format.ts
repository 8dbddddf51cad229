// Layout of text on the screen: widths in cells, cutting, padding, lines with a left and a right part, numbers that sit
// still. How a quantity is worded is common/units.ts.

import { quantity, type Unit } from '../common/quantity.ts';
import { formatShort } from '../common/units.ts';
import { displayWidth, isNarrow, splitCells } from './display-width.ts';
import { type Line, plainText, type Role, type Run } from './theme.ts';

export { quantity } from '../common/quantity.ts';
export { displayWidth } from './display-width.ts';

export interface FitTextOptions {
  readonly align?: 'left' | 'right' | undefined;
  readonly ascii?: boolean | undefined;
}

/** The longest part of `text` that takes at most `width` cells; nothing is added. */
const head = (text: string, width: number): string => {
  if (isNarrow(text)) return text.slice(0, width);
  let taken = '';
  let used = 0;
  for (const { text: cell, width: cells } of splitCells(text)) {
    if (used + cells > width) break;
    taken += cell;
    used += cells;
  }
  return taken;
};

/** `text` in at most `width` cells; where it is cut, an ellipsis (`~` in ASCII) says so. */
export const cut = (text: string, width: number, ascii = false): string => {
  if (displayWidth(text) <= width) return text;
  return width <= 0 ? '' : `${head(text, width - 1)}${ascii ? '~' : '…'}`;
};

/** A sentence in at most `width` cells, cut behind a word: half a number would be another one. */
export const cutWords = (text: string, width: number, ascii = false): string => {
  if (displayWidth(text) <= width) return text;
  const part = head(text, width - 1);
  const end = /[\s,:;)]/.test(text[part.length] ?? '') ? part.length : part.lastIndexOf(' ');
  const words = part.slice(0, Math.max(0, end)).replace(/[\s,:;(]+$/, '');
  // Of a long word, as a URL is, half says more than nothing.
  return words === '' || displayWidth(words) < width / 2 ? cut(text, width, ascii) : `${words}${ascii ? '~' : '…'}`;
};

/** `text` in exactly `width` cells: cut with an ellipsis or padded, aligned left unless said otherwise. */
export const fitText = (text: string, width: number, options: FitTextOptions = {}): string => {
  const short = cut(text, width, options.ascii);
  const padding = ' '.repeat(Math.max(0, width - displayWidth(short)));
  return options.align === 'right' ? padding + short : short + padding;
};

/**
 * A name in at most `width` cells. Of a path the end tells most: what stands before the first space, as the method does,
 * stays, and the rest is cut at its left.
 */
export const cutName = (name: string, width: number, ascii = false): string => {
  if (displayWidth(name) <= width) return name;
  const sign = ascii ? '~' : '…';
  const space = name.indexOf(' ');
  const first = space > 0 && space <= Math.min(8, Math.floor(width / 2)) ? name.slice(0, space + 1) : '';
  const room = width - displayWidth(first) - 1;
  return room <= 0 ? cut(name, width, ascii) : `${first}${sign}${tail(name.slice(first.length), room)}`;
};

/** The longest end of `text` that takes at most `width` cells. */
export const tail = (text: string, width: number): string => {
  if (isNarrow(text)) return text.slice(Math.max(0, text.length - width));
  const cells = [...splitCells(text)];
  let used = 0;
  let from = cells.length;
  while (from > 0 && used + cells[from - 1]!.width <= width) {
    from -= 1;
    used += cells[from]!.width;
  }
  return cells
    .slice(from)
    .map((cell) => cell.text)
    .join('');
};

/** Cells that a line takes. */
export const lineWidth = (line: Line): number => displayWidth(plainText(line));

/** A line in exactly `width` cells: cut with an ellipsis or padded. */
export const fitLine = (line: Line, width: number, ascii = false): Line => {
  const total = lineWidth(line);
  if (total < width) return [...line, { text: ' '.repeat(width - total), role: 'text' }];
  if (total === width) return line;
  const kept: Run[] = [];
  let left = width;
  for (const [index, run] of line.entries()) {
    const cells = displayWidth(run.text);
    // The run that reaches the last cell is the one to cut: something follows it or it is too long itself.
    if (cells >= left) {
      const whole = head(run.text, left);
      const lost = run.text.slice(whole.length) + plainText(line.slice(index + 1));
      // Of blanks nobody misses any.
      const text = lost.trim() === '' ? whole : `${run.text}  `;
      kept.push({ ...run, text: fitText(text, left, { ascii }) });
      break;
    }
    kept.push(run);
    left -= cells;
  }
  return width <= 0 ? [] : kept;
};

/** Both parts in exactly `width` cells, the left one cut where they do not fit, one space at least between them. */
export const spread = (left: string, right: string, width: number, ascii = false): string =>
  plainText(spreadLine([{ text: left, role: 'text' }], [{ text: right, role: 'text' }], width, ascii));

/** As `spread`, with meanings. */
export const spreadLine = (left: Line, right: Line, width: number, ascii = false): Line => {
  const rightWidth = lineWidth(right);
  if (rightWidth === 0) return fitLine(left, width, ascii);
  if (rightWidth >= width) return fitLine(right, width, ascii);
  return [...fitLine(left, width - rightWidth - 1, ascii), { text: ' ', role: 'text' }, ...right];
};

export interface RuleOptions {
  /** Meaning of the rule itself; a focused panel's is `focus`. */
  readonly role?: Role | undefined;
  /** Meaning of the title. */
  readonly titleRole?: Role | undefined;
  readonly ascii?: boolean | undefined;
  /** Drawn with heavy dashes: what is focused stands out where there is no colour, too. */
  readonly heavy?: boolean | undefined;
  /** The key that shows and hides what is below, in front. */
  readonly digit?: string | undefined;
}

/** `─ title ───── right ─` in exactly `width` cells. Where both do not fit, the right part goes, then the title is cut. */
export const rule = (title: string, right: string, width: number, options: RuleOptions = {}): string =>
  plainText(ruleLine(title, right === '' ? [] : [{ text: right, role: 'text' }], width, options));

/** As `rule`, with meanings: the numbers at the right keep their colours. */
export const ruleLine = (title: string, right: Line, width: number, options: RuleOptions = {}): Line => {
  const { role = 'dim', titleRole = 'title', ascii = false, heavy = false, digit } = options;
  const dash = heavy ? (ascii ? '=' : '━') : ascii ? '-' : '─';
  if (width < 5) return [{ text: dash.repeat(Math.max(0, width)), role }];
  const rightWidth = lineWidth(right);
  // The way to hide a panel is said before its numbers are: where room is short, they go and the title is cut.
  const lead: Line = digit && title !== '' && width > digit.length + 5 ? [{ text: digit, role: 'dim' }] : [];
  const room = width - lineWidth(lead);
  // "─ title ─ right ─": seven cells that are neither title nor right part.
  const showRight = rightWidth > 0 && displayWidth(title) + rightWidth + 7 <= room;
  const name = cut(title, room - 4, ascii);
  const filling = room - displayWidth(name) - (name === '' ? 1 : 3) - (showRight ? rightWidth + 3 : 0);
  return [
    ...lead,
    { text: name === '' ? dash : `${dash} `, role },
    ...(name === '' ? [] : [{ text: name, role: titleRole }]),
    { text: `${name === '' ? '' : ' '}${dash.repeat(filling)}${showRight ? ' ' : ''}`, role },
    ...(showRight ? [...right, { text: ` ${dash}`, role }] : []),
  ];
};

/**
 * A number right-aligned in exactly `width` cells, so that it does not move when it changes. One that does not fit is
 * shown in three significant digits with a scale letter; where even that does not fit, as `#`, never cut to another number.
 */
export const numberCell = (value: number, unit: Unit, width: number): string => {
  const whole = quantity(value, unit);
  if (whole.length <= width) return whole.padStart(width);
  const short = unit === 'ratio' ? `${Math.round(value * 100)}%` : formatShort(value);
  return short.length <= width ? short.padStart(width) : '#'.repeat(Math.max(0, width));
};
