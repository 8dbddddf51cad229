// The terminal that the screen is drawn on: opens the descriptor of a tty so that a write never waits, and puts the
// cell writer before it. The only file of the UI that writes to a descriptor.

import fs from 'node:fs';
import { errorCode } from '../common/errors.ts';
import { CellWriter, type Sink, type Terminal } from './cell-writer.ts';

/**
 * What Ink draws on instead of `process.stdout`: `render(<App />, { stdout: output.stream, … })`. Call `close()` when
 * Ink has unmounted, and `restore()` in a handler of the process's `exit`.
 */
export const openCellOutput = (terminal: Terminal & { readonly fd: number }): CellWriter =>
  new CellWriter(terminal, openSink(terminal.fd));

const isBusy = (error: unknown): boolean => errorCode(error) === 'EAGAIN' || errorCode(error) === 'EINTR';

/** A sink for a descriptor: without waiting where the terminal can be opened so, else in the thread pool. */
const openSink = (fd: number): Sink => {
  const own = reopen(fd);
  return own === undefined ? pooledSink(fd) : directSink(own);
};

/**
 * The terminal behind `fd`, opened anew so that writes return at once when it takes nothing; undefined where that cannot
 * be had. The descriptor of stdout itself must stay as it is: other processes share it, and Node makes it wait.
 */
const reopen = (fd: number): number | undefined => {
  const flags = fs.constants.O_WRONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY;
  const isTerminal = fs.fstatSync(fd).isCharacterDevice();
  for (const path of [`/proc/self/fd/${fd}`, ...(isTerminal ? ['/dev/tty'] : [])]) {
    try {
      return fs.openSync(path, flags);
    } catch {
      // Not on this system, or a terminal that belongs to another user: the next way.
    }
  }
  return undefined;
};

const directSink = (fd: number): Sink => {
  const writeNow = (bytes: Uint8Array): number => {
    try {
      return fs.writeSync(fd, bytes);
    } catch (error) {
      if (isBusy(error)) return 0;
      throw error;
    }
  };
  return {
    writeNow,
    write: (bytes, done) => {
      let taken = 0;
      try {
        taken = writeNow(bytes);
      } catch (error) {
        done(0, error);
        return;
      }
      done(taken);
    },
    close: () => fs.closeSync(fd),
  };
};

/**
 * Writes that may wait, in the thread pool: one at a time, so that at most one of its threads stands still. The end of
 * the process waits for that thread, until the terminal goes on or hangs up; that is why this is only the last resort.
 */
const pooledSink = (fd: number): Sink => {
  let pending = false;
  return {
    write: (bytes, done) => {
      pending = true;
      fs.write(fd, bytes, (error, written) => {
        pending = false;
        if (error && !isBusy(error)) done(0, error);
        else done(error ? 0 : written);
      });
    },
    // While a write is pending, the terminal is standing still, most likely: another one would stand still with it.
    writeNow: (bytes) => (pending ? 0 : fs.writeSync(fd, bytes)),
    close: () => {},
  };
};
