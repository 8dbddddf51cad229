// loadtop ctl: steers a run that listens at a control socket. One command and its answer, commands from stdin, or the
// seconds of the run until it ends.

import { createInterface } from 'node:readline';
import { type ExitCode, exitCodes } from '../common/errors.ts';
import { bareLine } from '../session/command-line.ts';
import { ControlClient } from './control-client.ts';
import type { Invocation } from './read-arguments.ts';
import type { Io } from './terminal.ts';

/** How long an answer is waited for where nothing else is said, ms. */
const defaultLimitMs = 5000;

type CtlInvocation = Extract<Invocation, { command: 'ctl' }>;

/**
 * Prints what is answered; 0 where it was done, 1 where it was refused or is asked back.
 * @throws UserError where nobody listens or answers
 */
export const ctl = async ({ path, line, timeoutMs }: CtlInvocation, io: Io): Promise<ExitCode> => {
  const client = await ControlClient.connect(path, timeoutMs ?? defaultLimitMs);
  const out = printerOn(io.stdout, () => client.close());
  try {
    if (line === undefined) return await askEach(client, io, out);
    return await askOne(client, line, out);
  } finally {
    client.close();
  }
};

const isWatch = (line: string): boolean => bareLine(line).toLowerCase() === 'watch';

const askOne = async (client: ControlClient, line: string, out: Printer): Promise<ExitCode> => {
  const { line: answer, ok } = await client.ask(line);
  if (ok && isWatch(line)) return watch(client, out);
  out.print(answer);
  return ok ? exitCodes.fine : exitCodes.failed;
};

/** A command on each line of stdin, each after the answer to the one before. Blank lines and `# …` are none. */
const askEach = async (client: ControlClient, io: Io, out: Printer): Promise<ExitCode> => {
  if (io.stdin.isTTY)
    io.stderr.write('loadtop: a command on each line, as after : on the screen; help lists them, Ctrl+D ends\n');
  const lines = createInterface({ input: io.stdin });
  lines.on('error', () => lines.close());
  // Once the run has ended there is nobody to ask.
  void client.over.then(() => lines.close());
  let code: ExitCode = exitCodes.fine;
  for await (const text of lines) {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) continue;
    if ((await askOne(client, line, out)) !== exitCodes.fine) code = exitCodes.failed;
  }
  return code;
};

/** Prints each second until the run ends, Ctrl+C, or nobody reads any more. */
const watch = async (client: ControlClient, out: Printer): Promise<ExitCode> => {
  const stop = (): void => client.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  client.follow((line, onceReady) => {
    const ready = out.print(line, onceReady);
    // The last one of a run; behind a screen that starts another one the socket stays.
    if (line.startsWith('{"type":"summary"')) client.close();
    return ready;
  });
  await client.over;
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  return exitCodes.fine;
};

interface Printer {
  /** Prints a line; false where the reader is slow: `onceReady` is called when it has caught up. */
  print(line: string, onceReady?: () => void): boolean;
}

/** @param gone called when nobody reads any more */
const printerOn = (stdout: NodeJS.WriteStream, gone: () => void): Printer => {
  stdout.on('error', gone);
  return {
    print: (line, onceReady) => {
      const ready = stdout.write(`${line}\n`);
      if (!ready && onceReady) stdout.once('drain', onceReady);
      return ready;
    },
  };
};
