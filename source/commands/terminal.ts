// The terminal or pipe that the program runs in: what of it is used, and how it is written to without ever failing the run.

import { errorCode } from '../common/errors.ts';

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

/** Writes to a stream; a reader that has gone is told to `gone` once, and what follows is lost silently. */
export const writerTo = (stream: NodeJS.WriteStream, gone: () => void): ((text: string) => void) => {
  let open = true;
  stream.on('error', (error) => {
    // EPIPE: the reader ended. EIO: the terminal was closed. Neither is a fault of the run.
    if (open && ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(errorCode(error) ?? '')) gone();
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
};

/** A question that is answered with y or n; anything else is no. Only for a terminal. */
export const ask = async ({ stdin, stderr }: Io, question: string): Promise<boolean> => {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
};
