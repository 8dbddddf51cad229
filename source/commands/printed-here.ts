// What code of a profile prints in this thread: its module when it is read, and its functions where set-up, tear-down and
// clean-up call them. The screen and stdout belong to the run, so none of it goes there.

import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { tellPrinted } from '../engine/printed-lines.ts';

/** From now on what is printed goes to stderr: modules may print while they are read. */
export const keepOffStdout = (): void => {
  globalThis.console = new Console(process.stderr);
};

/**
 * What is printed is told instead, line by line, the first lines of it.
 * @param mask takes out what must not be shown
 * @returns ends that
 */
export const tellPrintedHere = (mask: (text: string) => string, tell: (text: string) => void): (() => void) => {
  const before = globalThis.console;
  const stream = new PassThrough();
  tellPrinted(stream, { mask }, tell);
  const own = new Console(stream);
  globalThis.console = own;
  return () => {
    if (globalThis.console === own) globalThis.console = before;
  };
};
