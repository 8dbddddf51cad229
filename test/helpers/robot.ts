// A person at a terminal: starts the built program in a real pty, reads its screen through a terminal emulator, presses
// keys.

import path from 'node:path';
import pty from '@lydell/node-pty';
import headless from '@xterm/headless';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

export interface RobotOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In place of the program: a shell command line. */
  readonly shell?: string;
}

export class Robot {
  readonly #pty: pty.IPty;
  readonly #terminal: headless.Terminal;
  readonly #exited: Promise<{ exitCode: number; signal?: number | undefined }>;
  /** Everything that was written to the terminal. */
  raw = '';

  constructor(args: readonly string[], options: RobotOptions = {}) {
    const { columns = 120, rows = 40, env = {}, cwd, shell } = options;
    this.#terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 2000 });
    const [file, argv] =
      shell === undefined ? [process.execPath, [cli, ...args]] : ['/bin/bash', ['--norc', '-i', '-c', shell]];
    this.#pty = pty.spawn(file, argv, {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd: cwd ?? process.cwd(),
      env: { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env },
    });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#terminal.write(data);
    });
    this.#exited = new Promise((resolve) => this.#pty.onExit(resolve));
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** The lines on the screen now, without trailing blanks. */
  get lines(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  get screen(): string {
    return this.lines.join('\n');
  }

  /** Everything that can be scrolled back to on the normal screen. */
  get printed(): string {
    const { normal } = this.#terminal.buffer;
    return Array.from({ length: normal.length }, (_, row) => normal.getLine(row)?.translateToString(true) ?? '').join(
      '\n',
    );
  }

  get onAlternateScreen(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** Whether the cursor was last shown or hidden. */
  get cursorShown(): boolean {
    return this.raw.lastIndexOf('\u001b[?25h') >= this.raw.lastIndexOf('\u001b[?25l');
  }

  press(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Stops and starts taking what the program writes. */
  pauseReading(): void {
    this.#pty.pause();
  }

  resumeReading(): void {
    this.#pty.resume();
  }

  kill(signal: NodeJS.Signals): void {
    this.#pty.kill(signal);
  }

  /** Waits until the screen shows something; throws with the screen when it does not in time. */
  async see(what: string | RegExp | ((screen: string) => boolean), withinMs = 8000): Promise<string> {
    const shows = (): boolean => {
      const { screen } = this;
      if (typeof what === 'function') return what(screen);
      return typeof what === 'string' ? screen.includes(what) : what.test(screen);
    };
    const until = Date.now() + withinMs;
    while (!shows()) {
      if (Date.now() > until) throw new Error(`not seen within ${withinMs} ms: ${String(what)}\n${this.screen}`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    return this.screen;
  }

  /** The exit code, when the program has ended. */
  async ended(withinMs = 15_000): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not ended within ${withinMs} ms\n${this.screen}`)), withinMs);
    });
    const { exitCode } = await Promise.race([this.#exited, late]);
    clearTimeout(timer);
    // What the emulator still has to parse.
    await new Promise<void>((resolve) => this.#terminal.write('', resolve));
    return exitCode;
  }

  /** Ends the program for good, whatever it does. */
  async stop(): Promise<void> {
    try {
      this.#pty.kill('SIGKILL');
    } catch {
      // It has ended already.
    }
    await this.#exited;
  }
}
