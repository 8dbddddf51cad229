// A terminal emulator as a target for the cell writer's tests: what it shows, cell by cell, as text to compare.
import xterm from '@xterm/headless';
import type { Sink, Terminal } from '../../source/ui/cell-writer.ts';

export class EmulatedTerminal {
  readonly emulator: xterm.Terminal;

  constructor(columns: number, rows: number) {
    this.emulator = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      convertEol: true,
      scrollback: 0,
    });
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

/** A sink that takes all at once, nothing while it is stalled, or a part where `most` says so. */
export class FakeSink implements Sink {
  stalled = false;
  closed = false;
  most = Number.POSITIVE_INFINITY;
  readonly #parts: Uint8Array[] = [];

  write(bytes: Uint8Array, done: (taken: number) => void): void {
    done(this.writeNow(bytes));
  }

  writeNow(bytes: Uint8Array): number {
    if (this.stalled) return 0;
    const part = bytes.slice(0, this.most);
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
