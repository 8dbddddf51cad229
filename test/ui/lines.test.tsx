// Finished lines on their way through Ink: the same cells, whether Ink measures them or not.
import { Box, renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../source/ui/display-width.ts';
import { Area } from '../../source/ui/parts/panel.tsx';
import { type Line, plainTheme, type Theme } from '../../source/ui/theme.ts';
import { ThemeContext } from '../../source/ui/use-session.ts';
import { EmulatedTerminal } from './emulated-terminal.ts';

const rich: Theme = { color: true, attributes: true, ascii: false, depth: 256, background: 'dark' };

const rendered = (lines: readonly Line[], columns: number, theme: Theme = rich): string =>
  renderToString(
    <ThemeContext value={theme}>
      <Box width={40} height={lines.length} overflow="hidden">
        <Area rect={{ x: 4, y: 0, width: 36, height: lines.length }} lines={lines} />
      </Box>
    </ThemeContext>,
    { columns },
  );

const narrow: Line = [
  { text: 'p99 ', role: 'p99' },
  { text: '⠤⠒⠉ 431', role: 'alarm' },
  { text: ' '.repeat(15), role: 'text', heat: 3 },
  { text: ' end of it', role: 'dim' },
];
const wide: Line = [{ text: '日本語 e\u0301 👍 text', role: 'warn' }];

describe('lines', () => {
  it('reach the terminal with their styles, blanks with a background too', async () => {
    const terminal = new EmulatedTerminal(40, 1);
    await terminal.feed(rendered([narrow], 40));
    expect(terminal.text()).toEqual(['    p99 ⠤⠒⠉ 431                end of it']);
    const row = terminal.emulator.buffer.active.getLine(0)!;
    expect(row.getCell(4)!.getFgColor()).toBe(207);
    expect(row.getCell(20)!.getBgColor()).toBe(102);
    expect(row.getCell(31)!.isDim()).not.toBe(0);
  });

  it('may be wide: then Ink measures them', () => {
    expect(rendered([wide], 40, plainTheme)).toMatch(/^ {4}\?+ .* text$/);
    expect(rendered([wide, narrow], 40, { ...plainTheme, ascii: false })).toBe(
      '    日本語 e\u0301 👍 text\n    p99 ⠤⠒⠉ 431                end of it',
    );
  });

  it.each([
    ['a skin tone', '👍🏽 up', '?? up'],
    ['a Thai word', 'น้ำหนัก a', '????? a'],
    ['a mark above a letter', 'cafe\u0301 x', 'caf? x'],
    ['what is at least', '≥ 5 ≤', '> 5 <'],
  ])('have as many cells in ASCII as without: %s', (_, text, ascii) => {
    const line: Line = [{ text: `${text} ${'-'.repeat(40)}`, role: 'text' }];
    const [shown, whole] = [true, false].map((plain) => rendered([line], 40, { ...plainTheme, ascii: plain }).trim());
    expect(shown).toMatch(/^[ -~]{36}$/);
    expect(shown!.startsWith(`${ascii} ---`)).toBe(true);
    expect(displayWidth(whole!)).toBe(36);
  });

  it('are cut in a terminal that has just become narrower', () => {
    for (const columns of [1, 4, 5, 12, 39]) {
      const text = rendered([narrow, narrow], columns, { ...plainTheme, ascii: false });
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    }
    expect(rendered([narrow], 12, { ...plainTheme, ascii: false })).toBe('    p99 ⠤⠒⠉…');
  });

  it('follow what they are drawn from', () => {
    expect(rendered([[], [{ text: 'second', role: 'text' }]], 40, plainTheme)).toBe('\n    second');
  });
});
