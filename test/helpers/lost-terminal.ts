// The built program in a real terminal that can be taken away from it, as when an SSH link breaks.

import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sleep } from './drive.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

export class LostTerminal {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-lost-'));
  readonly #holder;
  /** Everything that was written to the terminal. */
  raw = '';

  /** @param signal false: the shell keeps SIGHUP to itself */
  constructor(args: readonly string[], signal = true) {
    const words = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(' ');
    // As over SSH: an interactive shell has the terminal, hands the hang-up on to what runs in it, and ends. What is between
    // it and the program stays, to tell how that ended.
    const code = `${this.#folder}/code`;
    const line = `( trap : HUP; ${words}; echo $? > '${code}.part'; mv '${code}.part' '${code}' ); true`;
    this.#holder = fork(
      new URL('./terminal-process.ts', import.meta.url),
      signal ? ['-i', line] : ['+i', `trap : HUP; ${line}`],
      {
        env: { PATH: process.env.PATH, HOME: '/nonexistent', LOADTOP_HOME: this.#folder },
      },
    );
    this.#holder.on('message', (data) => {
      this.raw += String(data);
    });
  }

  press(keys: string): void {
    this.#holder.send(keys);
  }

  /** Waits until something was written. */
  async see(what: RegExp, withinMs = 10_000): Promise<void> {
    const until = Date.now() + withinMs;
    while (!what.test(this.raw)) {
      if (Date.now() > until) throw new Error(`not seen within ${withinMs} ms: ${what}\n${this.raw.slice(-2000)}`);
      await sleep(40);
    }
  }

  /** Takes the terminal away. */
  lose(): void {
    this.#holder.kill('SIGKILL');
  }

  /** The exit code of the program, once it has ended. */
  async ended(withinMs = 15_000): Promise<number> {
    const file = path.join(this.#folder, 'code');
    const until = Date.now() + withinMs;
    while (!existsSync(file)) {
      if (Date.now() > until) throw new Error(`not ended within ${withinMs} ms`);
      await sleep(40);
    }
    return Number(readFileSync(file, 'utf8'));
  }

  stop(): void {
    this.#holder.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
