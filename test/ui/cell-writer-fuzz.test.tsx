// What the terminal shows is Ink's frame, cell by cell, whatever the frame holds and whenever the terminal's size changes:
// 100,000 random cells, drawn by Ink, sent by the cell writer, read through a terminal emulator.
import { Box, render, renderToString, Text } from 'ink';
import { afterEach, describe, expect, it } from 'vitest';
import { draw } from '../../source/common/random.ts';
import { CellWriter } from '../../source/ui/cell-writer.ts';
import { displayWidth, isCertain, splitCells } from '../../source/ui/display-width.ts';
import { EmulatedTerminal, FakeSink, FakeTerminal } from './emulated-terminal.ts';

let drawn = 0;
const random = (below: number): number => {
  drawn += 1;
  return Math.floor(draw(2026, drawn) * below);
};
const pick = <Item,>(items: readonly Item[]): Item => items[random(items.length)]!;

/** Of which every terminal knows the width. */
const certain = [
  ...'abcdefXYZ0123456789.,-/%',
  ...'      ',
  ...'─┤│└┬█▏▌▃⣀⠤⡇⢸●▲‖┊éß·→',
  ...'日本語中文한국',
  ...'Жд',
  'e\u0301',
  'n\u0303',
  'o\u0308\u0304',
];
/** About which terminals disagree. */
const disputed = ['🔥', '🛒', '✅', '☕', '👩‍💻', '👍🏽', '🇩🇪', '❤️', '☎️', '🗼'];

/** Colours of 16, 256 and 16 million, backgrounds of all kinds, attributes, and several at once. */
const looks = [
  ...['31', '92', '38;5;33', '38;5;214', '38;2;10;20;30'],
  ...['41', '103', '48;5;120', '48;5;236', '48;2;200;100;0'],
  ...['1', '2', '3', '4', '7', '1;31', '2;36;44', '7;32', '4;38;5;99;48;5;17'],
];

/** A line of `width` cells, and how many of them it filled. */
const randomLine = (width: number, glyphs: readonly string[]): { text: string; cells: number } => {
  let text = '';
  let cells = 0;
  const length = random(4) === 0 ? random(width + 1) : width;
  while (cells < length) {
    let run = '';
    for (let size = 1 + random(9); size > 0 && cells < length; size -= 1) {
      const glyph = pick(glyphs);
      const wide = displayWidth(glyph);
      if (cells + wide > length) break;
      run += glyph;
      cells += wide;
    }
    if (run === '') {
      run = ' ';
      cells += 1;
    }
    text += random(2) === 0 ? run : `\u001b[${pick(looks)}m${run}\u001b[0m`;
  }
  return { text, cells };
};

const Lines = ({ lines, columns, rows }: { lines: readonly string[]; columns: number; rows: number }) => (
  <Box width={columns} height={rows} flexDirection="column" overflow="hidden">
    {Array.from({ length: rows }, (_, y) => (
      <Text key={String(y)} wrap="truncate">
        {lines[y] ?? ''}
      </Text>
    ))}
  </Box>
);

const unmounts: (() => void)[] = [];
afterEach(() => {
  for (const unmount of unmounts.splice(0)) unmount();
});

/** Draws random lines by Ink on the cell writer; what was drawn can be compared with what the terminal shows. */
class Fuzz {
  columns: number;
  rows: number;
  cells = 0;
  readonly sink = new FakeSink();
  readonly shown: EmulatedTerminal;
  readonly output: CellWriter;
  readonly #terminal: FakeTerminal;
  readonly #modern: boolean;
  readonly #app: ReturnType<typeof render>;
  #lines: string[] = [];

  constructor(columns: number, rows: number, modern: boolean) {
    this.columns = columns;
    this.rows = rows;
    this.#modern = modern;
    this.#terminal = new FakeTerminal(columns, rows);
    this.output = new CellWriter(this.#terminal, this.sink);
    this.shown = new EmulatedTerminal(columns, rows, modern);
    this.#app = render(this.#node(), {
      stdout: this.output.stream,
      interactive: true,
      alternateScreen: true,
      patchConsole: false,
      exitOnCtrlC: false,
      maxFps: 1000,
    });
    unmounts.push(this.#app.unmount);
  }

  #node() {
    return <Lines lines={this.#lines} columns={this.columns} rows={this.rows} />;
  }

  /** What Ink draws, as text. */
  get frame(): string {
    return renderToString(this.#node(), { columns: this.columns });
  }

  /** Other lines, some of them or all. */
  async draw(glyphs: readonly string[], keep: number): Promise<void> {
    this.#lines = Array.from({ length: this.rows }, (_, y) => {
      const before = this.#lines[y];
      if (before !== undefined && random(100) < keep) return before;
      const { text, cells } = randomLine(this.columns, glyphs);
      this.cells += cells;
      return text;
    });
    await this.flush();
  }

  async flush(): Promise<void> {
    this.#app.rerender(this.#node());
    await this.#app.waitUntilRenderFlush();
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.#lines = [];
    this.shown.emulator.resize(columns, rows);
    this.#terminal.resize(columns, rows);
  }

  /** What the terminal shows when it has taken everything, and what Ink drew, as a terminal of this size shows it. */
  async compare(): Promise<{ shows: readonly string[]; frame: readonly string[] }> {
    await expect.poll(() => this.output.unsent.length, { interval: 1 }).toBe(0);
    await this.shown.feed(this.sink.take());
    const direct = new EmulatedTerminal(this.columns, this.rows, this.#modern);
    await direct.feed(`\u001b[?25l${this.frame}`);
    return { shows: this.shown.cells(), frame: direct.cells() };
  }
}

describe('the terminal shows Ink’s frame', () => {
  it('of 100,000 random cells: wide characters, combining marks, emoji, colours, backgrounds', async () => {
    const fuzz = new Fuzz(100, 30, true);
    for (let frame = 0; fuzz.cells < 100_000; frame += 1) {
      await fuzz.draw([...certain, ...disputed], frame % 3 === 0 ? 0 : 60);
      const { shows, frame: wanted } = await fuzz.compare();
      expect(shows, `frame ${frame}`).toEqual(wanted);
    }
    expect(fuzz.cells).toBeGreaterThanOrEqual(100_000);
  });

  it('where the terminal knows no emoji: what stands beside them keeps its place', async () => {
    const fuzz = new Fuzz(60, 16, false);
    for (let frame = 0; frame < 25; frame += 1) {
      await fuzz.draw([...certain, ...certain, ...disputed], 50);
      await fuzz.compare();
      const buffer = fuzz.shown.emulator.buffer.active;
      for (const [y, line] of fuzz.frame.split('\n').entries()) {
        let x = 0;
        for (const { text, width } of splitCells(line.replaceAll(/\u001b\[[0-9;]*m/g, ''))) {
          if (isCertain(text) && text !== ' ') expect(buffer.getLine(y)!.getCell(x)!.getChars(), line).toBe(text);
          x += width;
        }
      }
    }
  });

  it('after its size was changed in the middle of a frame, however little of it was sent', async () => {
    const fuzz = new Fuzz(60, 20, true);
    for (let round = 0; round < 60; round += 1) {
      fuzz.sink.budget = random(3000);
      await fuzz.draw([...certain, ...disputed], 30);
      // What the terminal took of the frame so far is on it when its size changes.
      await fuzz.shown.feed(fuzz.sink.take());
      fuzz.resize(20 + random(100), 5 + random(30));
      if (random(2) === 0) await fuzz.draw([...certain, ...disputed], 0);
      fuzz.sink.budget = Number.POSITIVE_INFINITY;
      await fuzz.draw([...certain, ...disputed], 0);
      const { shows, frame } = await fuzz.compare();
      expect(shows, `round ${round} at ${fuzz.columns}x${fuzz.rows}`).toEqual(frame);
    }
  });
});
