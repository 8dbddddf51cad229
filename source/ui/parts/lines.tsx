// Finished lines as one Ink text of exactly the given size: the only place where lines become what Ink draws.

import { Text } from 'ink';
import { steeringCharacters } from '../../common/safe-text.ts';
import { displayWidth, fitLine } from '../format.ts';
import { type Line, paint, type Run } from '../theme.ts';
import { useTheme } from '../use-session.ts';

interface LinesProps {
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

/** Exactly `height` lines of exactly `width` cells: what is too much is cut, what is missing is blank. */
export const Lines = ({ lines, width, height }: LinesProps) => {
  const theme = useTheme();
  const fitted = Array.from({ length: height }, (_, row) =>
    fitLine((lines[row] ?? []).map(harmless), width, theme.ascii),
  );
  const shown = theme.ascii ? fitted.map((line) => line.map((run) => ({ ...run, text: toAscii(run.text) }))) : fitted;
  return <Text wrap="truncate">{paint(shown, theme)}</Text>;
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
  µ: 'u',
};

const toAscii = (text: string): string =>
  text.replaceAll(/[^\u0020-\u007e]/gu, (character) => likeness[character] ?? '?'.repeat(displayWidth(character)));
