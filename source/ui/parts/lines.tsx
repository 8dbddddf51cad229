// Finished lines as one Ink text of exactly the given size: the only place where lines become what Ink draws.

import { Box, type DOMElement, measureElement, Text, Transform, useIsScreenReaderEnabled } from 'ink';
import { useRef } from 'react';
import { steeringCharacters } from '../../common/safe-text.ts';
import { isNarrow, splitCells } from '../display-width.ts';
import { fitLine } from '../format.ts';
import { type Line, paint, plainText, type Run, type Theme } from '../theme.ts';
import { usePaintedLines, useTheme } from '../use-session.ts';

interface LinesProps {
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

/** Exactly `height` lines of exactly `width` cells: what is too much is cut, what is missing is blank. */
export const Lines = ({ lines, width, height }: LinesProps) => {
  const theme = useTheme();
  const isRead = useIsScreenReaderEnabled();
  const shown = fitted(lines, width, height, theme);
  // Terminals and Ink may disagree about the width of what is not narrow: there Ink measures and cuts.
  const measured = isRead || !shown.every((line) => isNarrow(plainText(line)));
  return measured ? <Text wrap="truncate">{paint(shown, theme)}</Text> : <Ready lines={shown} width={width} />;
};

const fitted = (lines: readonly Line[], width: number, height: number, theme: Theme): Line[] =>
  Array.from({ length: height }, (_, row) => {
    const line = fitLine((lines[row] ?? []).map(harmless), width, theme.ascii);
    return theme.ascii ? line.map((run) => ({ ...run, text: toAscii(run.text) })) : line;
  });

/**
 * Lines of which every character is a cell. Ink would parse and measure all of it four times a frame, which is half of what
 * drawing costs; so it gets blanks to lay out, and the lines when it writes them.
 */
const Ready = ({ lines, width }: { readonly lines: readonly Line[]; readonly width: number }) => {
  const theme = useTheme();
  const kept = usePaintedLines();
  const box = useRef<DOMElement>(null);
  const painted = paint(lines, theme).split('\n');
  const lineOf = (row: number): string => {
    const room = box.current === null ? width : roomFor(box.current);
    if (room >= width) return painted[row] ?? '';
    // The terminal has become narrower and the panels do not know it yet.
    return room <= 0 ? '' : paint([fitLine(lines[row] ?? [], room, theme.ascii)], theme);
  };
  const write = (_: string, row: number): string => {
    const line = lineOf(row);
    return kept === undefined || line === '' ? line : kept.characterOf(line);
  };
  return (
    <Box ref={box} flexShrink={0}>
      <Transform transform={write}>{blanks(lines.length)}</Transform>
    </Box>
  );
};

const blanks = (count: number): string => Array.from({ length: count }, () => ' ').join('\n');

/** Cells from the left edge of an element to the right edge of the screen. */
const roomFor = (element: DOMElement): number => {
  let root = element;
  while (root.parentNode !== undefined) root = root.parentNode;
  return measureElement(root).width - measureElement(element).x;
};

// Texts come clean from those who make them; one that does not must still not steer the terminal.
const steering = new RegExp(`[\\u0000-\\u001f${steeringCharacters}]`, 'g');

const harmless = (run: Run): Run => {
  const text = run.text.replaceAll(steering, ' ');
  return text === run.text ? run : { ...run, text };
};

// Cell for cell, so that nothing moves.
const likeness: Readonly<Record<string, string>> = {
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '▲': '!',
  '△': '^',
  '●': '*',
  '·': '-',
  '─': '-',
  '±': '~',
  '×': 'x',
  '÷': '/',
  '━': '=',
  '…': '~',
  '‖': '|',
  '▏': '|',
  '≥': '>',
  '≤': '<',
  µ: 'u',
};

const ascii = /^[\u0020-\u007e]*$/;

// By what is one on the screen: code points that join have fewer cells than each of them alone.
const toAscii = (text: string): string => {
  if (ascii.test(text)) return text;
  let plain = '';
  for (const cell of splitCells(text)) {
    plain += ascii.test(cell.text) ? cell.text : (likeness[cell.text] ?? '?'.repeat(cell.width));
  }
  return plain;
};
