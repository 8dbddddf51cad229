// Starts a program at a terminal of its own, 120 columns by 40 rows, whose screen is read and thrown away.

import pty from '@lydell/node-pty';
import { type Command, cleanEnv, type Exit, pinned, type Running } from './command.ts';

export interface AtTerminal extends Running {
  press(keys: string): void;
  /** Bytes written to the terminal so far. */
  readonly written: () => number;
}

export const startInPty = (command: Command, cpu: number | undefined): AtTerminal => {
  const { file, args, env } = pinned(command, cpu);
  const terminal = pty.spawn(file, [...args], {
    name: 'xterm-256color',
    cols: 120,
    rows: 40,
    env: cleanEnv({ TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env }),
  });
  let written = 0;
  let last = '';
  terminal.onData((data) => {
    written += data.length;
    last = (last + data).slice(-2000);
  });
  const exited = new Promise<Exit>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      resolve({
        code: signal ? undefined : exitCode,
        signal: signal ? `signal ${signal}` : undefined,
        stdout: last,
        stderr: '',
      });
    });
  });
  let over = false;
  void exited.then(() => {
    over = true;
  });
  const end = (signal: NodeJS.Signals = 'SIGTERM'): void => {
    if (!over) terminal.kill(signal);
  };
  process.once('exit', () => end('SIGKILL'));
  return {
    pid: terminal.pid,
    exited,
    firstLine: Promise.resolve(''),
    end,
    press: (keys) => terminal.write(keys),
    written: () => written,
  };
};
