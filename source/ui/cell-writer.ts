// Stands in for the stdout under Ink and sends only the cells that changed, without ever making the program wait for the
// terminal. While the terminal takes nothing, frames in between are dropped; the newest one always comes. What is sent
// is cell-screen.ts, where it goes is cell-output.ts; when, and what to do while the terminal stands still, is here.

import { type Cancel, type Clock, monotonicNow, SystemClock, soon } from '../common/clock.ts';
import { CellScreen } from './cell-screen.ts';
import type { PaintedLines } from './painted-lines.ts';

/** The part of a tty's stream (`process.stdout`) that is used here: its size. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** Where bytes go. */
export interface Sink {
  /** Offers bytes; tells, at once or later, how many were taken (0: none now), or what is broken for good. */
  write(bytes: Uint8Array, done: (taken: number, error?: unknown) => void): void;
  /** As `write`, but in the current call stack. Throws what is broken for good. */
  writeNow(bytes: Uint8Array): number;
  close(): void;
}

// Pauses for a terminal that takes nothing, ms: the first one, which doubles, and the longest.
const shortestPause = 2;
const longestPause = 50;
/** How long leaving the screen may wait for the terminal, and in what steps, ms. */
const leaveLimit = 150;
const leaveStep = 5;

const nothing = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

type WriteCallback = (error?: Error | null) => void;

export class CellWriter {
  readonly isTTY = true;
  /** As of a Writable: Ink looks at them before it writes. */
  writable = true;
  destroyed = false;
  /** Bytes that the terminal took. */
  bytesSent = 0;

  readonly #terminal: Terminal;
  readonly #sink: Sink;
  readonly #clock: Clock;
  readonly #screen: CellScreen;
  readonly #listeners = new Map<string, Set<() => void>>();
  /** Bytes that were composed and not yet taken. */
  #rest: Uint8Array = nothing;
  /** The sink has not answered yet, or a pause has not ended. */
  #waiting = false;
  #broken = false;
  #pause = shortestPause;
  #cancelPause: Cancel | undefined;
  readonly #idle: (() => void)[] = [];

  constructor(terminal: Terminal, sink: Sink, clock: Clock = new SystemClock()) {
    this.#terminal = terminal;
    this.#sink = sink;
    this.#clock = clock;
    this.#screen = new CellScreen(this.columns, this.rows);
    terminal.on('resize', this.#resized);
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  get rows(): number {
    return this.#terminal.rows || 24;
  }

  /** Lines that what is written may have characters for. */
  get painted(): PaintedLines {
    return this.#screen.painted;
  }

  /** Frames that were sent; fewer than Ink drew where the terminal was slow. */
  get framesSent(): number {
    return this.#screen.frames;
  }

  /** Frames that a newer one took the place of before the terminal could take them. */
  get framesDropped(): number {
    return this.#screen.dropped;
  }

  /** This object as Ink's `stdout` option: of a tty's stream Ink uses what is implemented here. */
  get stream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }

  /**
   * Bytes that the terminal has not taken. After `close` or `restore` it is what they had to give up on: whoever then
   * prints on the terminal and can wait for it writes this first, or the text lands on the wrong screen.
   */
  get unsent(): Uint8Array {
    return this.#rest;
  }

  on(event: string, listener: () => void): this {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return this;
  }

  off(event: string, listener: () => void): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  /** Takes what Ink writes; never waits, and calls back soon whether or not the terminal has taken anything. */
  write(chunk: string | Uint8Array, encoding?: string | WriteCallback, callback?: WriteCallback): true {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) soon(() => done());
    if (!this.writable) return true;
    const left = this.#screen.take(typeof chunk === 'string' ? chunk : decoder.decode(chunk));
    // Whoever leaves is about to stop or to end the process: the shell must not come up on the wrong screen.
    if (left) this.#drain(this.#screen.compose());
    this.#pump();
    return true;
  }

  /** Everything is painted anew: for when something else wrote to the terminal. */
  repaint(): void {
    this.#screen.repaint();
    this.#pump();
  }

  /** Resolves when all was sent, but after `limit` ms at the latest; leaves the screen as `restore` does. */
  async close(limit = 300): Promise<void> {
    this.#pump();
    if (this.#waiting && !this.#broken && this.writable) {
      const idle = new Promise<void>((resolve) => {
        this.#idle.push(resolve);
      });
      const cancel = this.#clock.after(limit, () => this.#becomeIdle());
      await idle;
      cancel();
    }
    this.restore();
  }

  /**
   * Gives the terminal back in the current call stack, so that it may be called when the process exits: modes off, the
   * alternate screen left, the cursor shown. Waits only for a moment where the terminal takes nothing. Nothing is
   * written afterwards, by anyone; a second call does nothing.
   */
  restore(): void {
    if (!this.writable) return;
    this.writable = false;
    this.destroyed = true;
    this.#terminal.off('resize', this.#resized);
    this.#cancelPause?.();
    this.#drain(this.#screen.leave());
    this.#sink.close();
    this.#becomeIdle();
  }

  readonly #resized = (): void => {
    this.#screen.resize(this.columns, this.rows);
    for (const listener of [...(this.#listeners.get('resize') ?? [])]) listener();
    // Where Ink sees no reason to draw, what the terminal made of its cells is painted over all the same.
    soon(() => this.#pump());
  };

  /** Offers bytes until the terminal has everything or takes no more. */
  #pump(): void {
    while (!this.#waiting && !this.#broken && this.writable) {
      if (this.#rest.length === 0) this.#rest = encoder.encode(this.#screen.compose());
      if (this.#rest.length === 0) {
        this.#becomeIdle();
        return;
      }
      this.#offer();
    }
  }

  #offer(): void {
    this.#waiting = true;
    let later = false;
    this.#sink.write(this.#rest, (taken, error) => {
      if (error !== undefined) this.#fail();
      else if (taken > 0) this.#took(taken);
      else this.#wait();
      if (later) this.#pump();
    });
    later = true;
  }

  #took(taken: number): void {
    this.bytesSent += taken;
    this.#rest = this.#rest.subarray(taken);
    this.#pause = shortestPause;
    this.#cancelPause?.();
    this.#waiting = false;
  }

  #wait(): void {
    this.#cancelPause = this.#clock.after(this.#pause, () => {
      this.#waiting = false;
      this.#pump();
    });
    this.#pause = Math.min(longestPause, this.#pause * 2);
  }

  /** The terminal has gone (EIO after a hang-up): what is written from now on is dropped. */
  #fail(): void {
    this.#broken = true;
    this.#rest = nothing;
    this.#becomeIdle();
  }

  #becomeIdle(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Writes the rest and `text` before it returns, or gives up after a moment. */
  #drain(text: string): void {
    this.#rest = Buffer.concat([this.#rest, encoder.encode(text)]);
    const deadline = monotonicNow() + leaveLimit;
    while (this.#rest.length > 0 && !this.#broken) {
      const taken = this.#tryNow();
      if (taken > 0) this.#took(taken);
      else if (monotonicNow() >= deadline) return;
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, leaveStep);
    }
  }

  #tryNow(): number {
    try {
      return this.#sink.writeNow(this.#rest);
    } catch {
      this.#fail();
      return 0;
    }
  }
}
