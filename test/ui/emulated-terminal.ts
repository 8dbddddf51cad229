// A terminal emulator as a target for the cell writer's tests: what it shows, cell by cell, as text to compare.
import xterm from '@xterm/headless';
import type { Sink, Terminal } from '../../source/ui/cell-writer.ts';
import { displayWidth } from '../../source/ui/display-width.ts';

/** As a terminal of today measures: emoji are wide, and what belongs together is one cell, or two. */
const zeroWidthJoiner = 0x200d;
const joins = /^[\p{Mark}\p{Emoji_Modifier}\u200c\u200d]$/u;
const isFlagPart = (codePoint: number): boolean => codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;

/** Of a joined cell: 24 bits for what it ends with, two for its width, one for whether this character joined it. */
const property = (state: number, width: number, joined: boolean): number =>
  ((state & 0xff_ffff) << 3) | ((width & 3) << 1) | (joined ? 1 : 0);

const graphemes: xterm.IUnicodeVersionProvider = {
  version: 'graphemes',
  wcwidth: (codePoint) => {
    const width = displayWidth(String.fromCodePoint(codePoint));
    return width === 0 ? 0 : width === 1 ? 1 : 2;
  },
  charProperties: (codePoint, preceding) => {
    const before = preceding >> 3;
    const widthBefore = (preceding >> 1) & 3;
    const pair = isFlagPart(codePoint) && isFlagPart(before);
    if (before !== 0 && (joins.test(String.fromCodePoint(codePoint)) || before === zeroWidthJoiner || pair)) {
      const wide = codePoint === 0xfe0f || pair;
      // A pair is whole: a third flag letter begins another one.
      return property(pair ? 1 : codePoint, wide ? 2 : widthBefore, true);
    }
    return property(codePoint, graphemes.wcwidth(codePoint), false);
  },
};

export class EmulatedTerminal {
  readonly emulator: xterm.Terminal;

  /** @param modern measures characters by the graphemes that they are part of, as not all terminals do */
  constructor(columns: number, rows: number, modern = false) {
    this.emulator = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      convertEol: true,
      scrollback: 0,
    });
    if (!modern) return;
    this.emulator.unicode.register(graphemes);
    this.emulator.unicode.activeVersion = graphemes.version;
  }

  /** Resolves when the emulator has worked off what it was fed. */
  feed(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.emulator.write(bytes, resolve);
    });
  }

  /** Lines of text, without what is blank at their ends. */
  text(): string[] {
    const buffer = this.emulator.buffer.active;
    return Array.from({ length: this.emulator.rows }, (_, y) => buffer.getLine(y)!.translateToString(true).trimEnd());
  }

  /** Each cell with what can be seen of it: a colour of the foreground cannot be seen on a blank. */
  cells(): string[] {
    const buffer = this.emulator.buffer.active;
    const cells: string[] = [];
    for (let y = 0; y < this.emulator.rows; y += 1) {
      for (let x = 0; x < this.emulator.cols; x += 1) {
        const cell = buffer.getLine(y)!.getCell(x)!;
        const text = cell.getChars() || ' ';
        const seen = [cell.getBgColorMode(), cell.getBgColor(), cell.isInverse(), cell.isUnderline()];
        const colour = [cell.getFgColorMode(), cell.getFgColor(), cell.isBold(), cell.isDim(), cell.isItalic()];
        const looks = text === ' ' && cell.isInverse() === 0 ? seen : [...seen, ...colour];
        cells.push(`${y},${x} ${cell.getWidth() === 0 ? '' : text} ${looks.join(' ')}`);
      }
    }
    return cells;
  }

  cursor(): readonly [x: number, y: number] {
    const { cursorX, cursorY } = this.emulator.buffer.active;
    return [cursorX, cursorY];
  }
}

/** A tty's stream as far as its size goes. */
export class FakeTerminal implements Terminal {
  columns: number;
  rows: number;
  readonly #listeners = new Set<() => void>();

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  on(_event: 'resize', listener: () => void): void {
    this.#listeners.add(listener);
  }

  off(_event: 'resize', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    for (const listener of this.#listeners) listener();
  }
}

/** A sink that takes all at once, nothing while it is stalled, or a part where `most` or `budget` says so. */
export class FakeSink implements Sink {
  stalled = false;
  /** Bytes that are taken before it stalls. */
  budget = Number.POSITIVE_INFINITY;
  closed = false;
  most = Number.POSITIVE_INFINITY;
  readonly #parts: Uint8Array[] = [];

  write(bytes: Uint8Array, done: (taken: number) => void): void {
    done(this.writeNow(bytes));
  }

  writeNow(bytes: Uint8Array): number {
    if (this.stalled) return 0;
    const part = bytes.slice(0, Math.min(this.most, this.budget));
    this.budget -= part.length;
    this.#parts.push(part);
    return part.length;
  }

  close(): void {
    this.closed = true;
  }

  /** What was taken since the last call. */
  take(): string {
    return Buffer.concat(this.#parts.splice(0)).toString();
  }
}
