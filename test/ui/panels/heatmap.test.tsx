// The heat map as a terminal shows it: backgrounds are blank in a text, so that they are read from an emulator.
import { Box, renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../../source/session/state.ts';
import { firstLook, type Look } from '../../../source/ui/look.ts';
import { heatRamp } from '../../../source/ui/palettes.ts';
import { HeatmapPanel } from '../../../source/ui/panels/heatmap.tsx';
import { seenOf } from '../../../source/ui/seen.ts';
import { plainTheme, type Theme } from '../../../source/ui/theme.ts';
import { ThemeContext } from '../../../source/ui/use-session.ts';
import { fixtureGrid } from '../../helpers/latency-grid.ts';
import { fixtureStates, turn, wave } from '../../helpers/run-state.ts';
import { EmulatedTerminal } from '../emulated-terminal.ts';

const rich: Theme = { color: true, attributes: true, ascii: false, depth: 256, background: 'dark' };
const { overload } = fixtureStates;

const withGrid = (state: RunState, from = 0): RunState => {
  const grid = fixtureGrid(turn(240, wave(18, 0.08), wave(84, 0.05)), 8000, from);
  return { ...state, history: { ...state.history, latencies: () => grid } };
};

const width = 74;
const height = 14;

const drawn = (state: RunState, theme: Theme, look: Partial<Look> = {}, size = { width, height }): string =>
  renderToString(
    <ThemeContext value={theme}>
      <Box {...size}>
        <HeatmapPanel rect={{ x: 0, y: 0, ...size }} state={seenOf(state, { ...firstLook, ...look })} />
      </Box>
    </ThemeContext>,
    { columns: size.width },
  );

/** The background of each cell of the chart, top row first; -1 for none. */
const backgrounds = async (text: string): Promise<number[][]> => {
  const terminal = new EmulatedTerminal(width, height);
  await terminal.feed(text.replaceAll('\n', '\r\n'));
  const buffer = terminal.emulator.buffer.active;
  return Array.from({ length: height - 3 }, (_, row) =>
    Array.from({ length: width - 7 }, (_, column) => {
      const cell = buffer.getLine(row + 1)!.getCell(column + 7)!;
      return cell.isBgDefault() ? -1 : cell.getBgColor();
    }),
  );
};

const stripped = (painted: string): string => painted.replaceAll(/\u001b\[[0-9;]*m/g, '');

const text = (state: RunState, theme: Theme, look: Partial<Look> = {}): string[] =>
  drawn(state, theme, look).split('\n');

describe('the heat map', () => {
  it('shows in backgrounds how many requests had which response time', async () => {
    const cells = await backgrounds(drawn(withGrid(overload), rich));
    const ramp = [...heatRamp('dark')];
    for (const cell of cells.flat()) expect([-1, ...ramp]).toContain(cell);
    // Bright is where most are: around the median, which rises from 18 to 84 ms.
    const brightest = (column: number): number => {
      const levels = cells.map((row) => ramp.indexOf(row[column]!));
      return levels.indexOf(Math.max(...levels));
    };
    expect(brightest(5)).toBeGreaterThan(brightest(width - 9));
    expect(new Set(cells.flat()).size).toBe(1 + ramp.length);
  });

  it('is blank where nothing is known', async () => {
    const cells = await backgrounds(drawn(withGrid(overload, 222), rich));
    expect(new Set(cells.flatMap((row) => row.slice(0, 30)))).toEqual(new Set([-1]));
    expect(cells.some((row) => row.at(-1) !== -1)).toBe(true);
  });

  it('has an axis and percentiles that stand in line with the other charts', () => {
    const lines = text(withGrid(overload), { ...plainTheme, ascii: false });
    expect(lines).toHaveLength(height);
    expect(lines[0]).toMatch(/^─ heat map ms, good ─+ few ░▒▓█ 5k\/s {2}p50 ━ +84 {2}p95 ─ +312 {2}p99 ┄ +431 ─$/);
    for (const line of lines.slice(1, -2)) expect(line).toMatch(/^ {0,4}\d*k? {0,6}[┤│]/);
    expect(lines.at(-2)).toMatch(/^ {6}└─+┬─+┬─+$/);
    expect(lines.at(-1)).toMatch(/^ {5}-60s .*now$/);
    for (const glyph of ['━', '─', '┄', '░', '▒', '▓', '█', '┋']) expect(lines.slice(1, -2).join('')).toContain(glyph);
  });

  it('is drawn with ASCII where there is nothing else', () => {
    const lines = text(withGrid(overload), plainTheme);
    expect(lines.join('\n')).toMatch(/^[ -~\n]+$/);
    for (const glyph of [...':=+*#%59^']) expect(lines.slice(1, -2).join('')).toContain(glyph);
  });

  it('says what few and many look like where there is room', () => {
    const size = { width: 110, height };
    const [title] = drawn(withGrid(overload), { ...plainTheme, ascii: false }, {}, size).split('\n');
    expect(title).toMatch(/ few ░▒▓█ \dk\/s {2}p50 /);
  });

  it('moves as it is: what was drawn changes no more on its way to the left', async () => {
    for (const windowMs of [60_000, 300_000]) {
      const state = withGrid({ ...overload, markers: [] });
      const at = (end: number): Promise<number[][]> =>
        backgrounds(drawn(state, rich, { windowMs, frozen: { end, cursor: -1000 } }));
      const [before, after] = [await at(250_000), await at(251_000)];
      const shift = Math.ceil((251 * 67_000) / windowMs - 1e-9) - Math.ceil((250 * 67_000) / windowMs - 1e-9);
      for (const [row, cells] of before.entries())
        expect(after[row]!.slice(0, 66 - shift)).toEqual(cells.slice(shift, 66));
    }
  });

  it('says what a closed model cannot see, and is whole without any data', () => {
    expect(text(fixtureStates['full speed'], rich)[0]).toContain('waiting is not seen');
    expect(text(fixtureStates.fresh, plainTheme)).toHaveLength(height);
    expect(text(fixtureStates.fresh, plainTheme).join('')).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('shows bounds of response times', () => {
    const objective = {
      text: 'p99<300ms',
      metric: 'p99',
      bound: 300,
      status: 'broken',
      value: 431,
      brokenSince: 1,
    } as const;
    const lines = text({ ...withGrid(overload), objectives: [objective] }, { ...plainTheme, ascii: false });
    expect(lines.join('\n')).toContain(' objective p99 300 ···');
    // Over a background it is drawn right across, and takes none of it away.
    const over = { ...withGrid(overload), objectives: [{ ...objective, bound: 150 }] };
    const crossed = stripped(drawn(over, rich));
    expect(crossed).toMatch(/ objective p99 150 ·+/);
  });
});
