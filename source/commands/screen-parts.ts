// What a screen of one run and one of several have in common: stdout and stderr, the mounted UI, the printed summary, and
// what keeps the process alive.

import { type Cancel, SystemClock } from '../common/clock.ts';
import { type ExitCode, exitCodes } from '../common/errors.ts';
import type { ProbeRemarks } from '../outputs/probe-remarks.ts';
import { summarySentences } from '../outputs/summary-sentences.ts';
import { summaryText } from '../outputs/summary-text.ts';
import type { Ending } from '../session/session-parts.ts';
import type { MountedUi, UiOptions } from '../ui/mount.tsx';
import type { RunOptions } from './run-screen.ts';
import { type Io, type Writer, writerTo } from './terminal.ts';

/** Where text goes, and what is printed there at the end. */
export class Printer {
  readonly #io: Io;
  readonly #options: RunOptions;
  readonly stdout: Writer;
  readonly stderr: Writer;
  /** Is told when stdout takes no more. */
  whenGone: (fault: string | undefined) => void = () => {};

  constructor(io: Io, options: RunOptions) {
    this.#io = io;
    this.#options = options;
    this.stdout = writerTo(io.stdout, (fault) => this.whenGone(fault));
    this.stderr = writerTo(io.stderr, () => {});
  }

  /** Prints the summary of a run; to stderr where stdout is for JSON. */
  summary({ summary }: Ending, probes: ProbeRemarks): void {
    const { json, plain } = this.#options;
    if (plain) {
      this.stdout.write(summarySentences(summary, probes));
      return;
    }
    (json ? this.stderr : this.stdout).write(summaryText(summary, { colour: this.colour, probes }));
  }

  /** Sets the summary of a run off from what follows. */
  separate(): void {
    if (!this.#options.plain) (this.#options.json ? this.stderr : this.stdout).write('\n');
  }

  /** Whether the text of summaries may have colours. */
  get colour(): boolean {
    const { stdout, stderr, env } = this.#io;
    const { isTTY } = this.#options.json ? stderr : stdout;
    return this.#options.color && isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  }

  /** Prints what came too late for the log and the summary. */
  untold(lines: readonly string[]): void {
    for (const line of lines) this.stderr.write(`loadtop: ${line}\n`);
  }

  /** The exit code, when nothing more is printed: a summary that could not be written makes a fine run a failed one. */
  exitCode(code: ExitCode): ExitCode {
    if (this.stdout.fault === undefined) return code;
    this.stderr.write(`loadtop: stdout could not be written: ${this.stdout.fault}\n`);
    return code === exitCodes.fine ? exitCodes.failed : code;
  }
}

/** Puts the screen on the terminal. */
export const mountScreen = async (
  { stdin, stdout, env }: Io,
  { color, ascii, theme, fps, readOnly }: RunOptions,
  parts: Pick<UiOptions, 'store' | 'dispatch' | 'lobby'>,
): Promise<MountedUi> => {
  // Ink and React are loaded only where they are shown: they cost a tenth of a second.
  const { mountUi } = await import('../ui/mount.tsx');
  return mountUi({ ...parts, stdin, stdout, env, color, ascii, theme, fps, readOnly });
};

/** The engine's threads and timers do not keep the process alive by themselves; a run does. */
export const keepAlive = (): Cancel => {
  const clock = new SystemClock();
  let cancel: Cancel = () => {};
  const again = (): void => {
    cancel = clock.after(60_000, again);
  };
  again();
  return () => cancel();
};
