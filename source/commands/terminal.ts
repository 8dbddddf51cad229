// The terminal or pipe that the program runs in: what of it is used, and how it is written to without ever failing the run.

import { errorCode, errorMessage } from '../common/errors.ts';

/** How often the live view draws, per second: numbers are on the screen within half a second. */
export const defaultFps = 4;

/** The process's streams and environment, so that commands do not reach for globals. */
export interface Io {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether a TUI can be shown: both ends are a terminal that knows more than lines. */
export const canShowTui = ({ stdin, stdout, env }: Io): boolean =>
  stdin.isTTY === true && stdout.isTTY === true && env.TERM !== 'dumb';

/** Whether somebody sits at a terminal, whatever it can show. */
export const isAttended = ({ stdin, stdout }: Io): boolean => stdin.isTTY === true && stdout.isTTY === true;

/** Writes to a stream that may go away. */
export interface Writer {
  write(text: string): void;
  /** Why nothing more can be written, where that is a fault and not a reader that has had enough. */
  readonly fault: string | undefined;
}

/** Writes to a stream; once it takes no more, `gone` is called and what follows is lost. */
export const writerTo = (stream: NodeJS.WriteStream, gone: (fault: string | undefined) => void): Writer => {
  let open = true;
  let fault: string | undefined;
  stream.on('error', (error) => {
    if (!open) return;
    open = false;
    // EPIPE: the reader ended. EIO: the terminal was closed. Neither is a fault.
    if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(errorCode(error) ?? '')) fault = errorMessage(error);
    gone(fault);
  });
  return {
    write: (text) => {
      if (open) stream.write(text);
    },
    get fault() {
      return fault;
    },
  };
};

/** What an answer that was typed means; undefined for neither. */
export const yesOrNo = (text: string): boolean | undefined => {
  const word = text.trim().toLowerCase();
  if (['y', 'yes'].includes(word)) return true;
  return ['n', 'no'].includes(word) ? false : undefined;
};

/**
 * A question that is answered with y or n; anything else is no. Only for a terminal.
 * @param plain the line is typed as the terminal edits it, without anything that moves a cursor
 */
export const ask = async ({ stdin, stderr }: Io, question: string, plain = false): Promise<boolean> => {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: stdin, output: stderr, ...(plain ? { terminal: false } : {}) });
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  try {
    const how = plain ? 'Type yes or no: ' : '[y/N] ';
    const answer = await lines.question(`${question} ${how}`, { signal: closed.signal });
    return yesOrNo(answer) === true;
  } catch (error) {
    // Ctrl+C or Ctrl+D instead of an answer.
    if (errorCode(error) === 'ABORT_ERR') return false;
    throw error;
  } finally {
    lines.close();
  }
};
