// What the user sees of a run: the TUI, plain lines or NDJSON while it goes on, the summary at its end; and what ends it
// from outside.

import { type Cancel, SystemClock } from '../common/clock.ts';
import { type ExitCode, errorMessage, exitCodes } from '../common/errors.ts';
import type { FanOut } from '../outputs/fan-out.ts';
import { JsonLines } from '../outputs/json-lines.ts';
import type { Output } from '../outputs/output.ts';
import { Plain } from '../outputs/plain.ts';
import { ProbeRemarks } from '../outputs/probe-remarks.ts';
import { summaryText } from '../outputs/summary-text.ts';
import type { Session } from '../session/session.ts';
import type { Ending } from '../session/session-parts.ts';
import type { MountedUi } from '../ui/mount.tsx';
import type { Dispatch } from '../ui/use-session.ts';
import { exitCodeOf } from './exit-code.ts';
import { Signals } from './signals.ts';
import { type Io, type Writer, writerTo } from './terminal.ts';

/** How a run is shown and kept; from the command line. */
export interface RunOptions {
  readonly tui: boolean;
  readonly json: boolean;
  /** Path of the summary file. */
  readonly out: string | undefined;
  readonly color: boolean;
  readonly ascii: boolean;
  /** Targets outside this machine and private networks need no question. */
  readonly yes: boolean;
  /** No load unless the target says that it is well. */
  readonly checkHealth: boolean;
  /** A broken objective ends the run. */
  readonly abortOnSlo?: boolean;
  /** False: the exit code does not depend on what came of the run. Default true. */
  readonly judged?: boolean;
}

/** What the first drawing of the screen takes, ms. */
const firstDrawMs = 200;

export class RunScreen {
  readonly #io: Io;
  readonly #options: RunOptions;
  readonly #tui: boolean;
  readonly #stdout: Writer;
  readonly #stderr: Writer;
  /** What the probes said, for the summary. */
  readonly remarks = new ProbeRemarks();
  #stdoutGone: (fault: string | undefined) => void = () => {};

  /** @param tui a TUI is wanted and can be shown */
  constructor(io: Io, options: RunOptions, tui: boolean) {
    this.#io = io;
    this.#options = options;
    this.#tui = tui;
    this.#stdout = writerTo(io.stdout, (fault) => this.#stdoutGone(fault));
    this.#stderr = writerTo(io.stderr, () => {});
  }

  /** The outputs that write to stdout while the run goes on, and what listens for the summary. */
  get outputs(): Output[] {
    const write = (text: string): void => this.#stdout.write(text);
    if (this.#options.json) return [new JsonLines(write), this.remarks];
    return this.#tui ? [this.remarks] : [new Plain(write), this.remarks];
  }

  /**
   * Starts the session, shows it until it has ended, prints the summary; the exit code.
   * @param begun called when the load has begun; what it returns, at its end
   */
  async show(session: Session, outputs: FanOut, notes: readonly string[], begun: () => Cancel): Promise<ExitCode> {
    const signals = new Signals({
      stop: (signal) => session.dispatch({ type: 'run/stop' }, signal),
      abort: (signal) => session.dispatch({ type: 'run/abort' }, signal),
    });
    this.#stdoutGone = (fault) => {
      if (fault !== undefined) session.raise('stdout', fault);
      session.dispatch({ type: 'run/stop' }, 'closed output');
    };
    const stayAlive = keepAlive();
    try {
      const ending = await this.#follow(session, notes, begun);
      await outputs.close();
      this.#print(ending);
      return this.#exitCode(ending, signals);
    } finally {
      stayAlive();
      signals.release();
    }
  }

  async #follow(session: Session, notes: readonly string[], begun: () => Cancel): Promise<Ending> {
    // The screen is there before the load is: loading and first drawing it would disturb the first seconds.
    const ui = this.#tui ? await this.#mount(session) : undefined;
    try {
      if (ui) await new SystemClock().sleep(firstDrawMs);
      // A load that nobody sees or steers any more is not what was asked for.
      ui?.waitUntilExit.catch((error: unknown) => {
        session.raise('screen', errorMessage(error));
        session.dispatch({ type: 'run/stop' }, 'closed output');
      });
      session.start();
      for (const note of notes) {
        session.note(note);
        if (!ui) this.#stderr.write(`loadtop: ${note}\n`);
      }
      const cancel = begun();
      try {
        return await session.ended;
      } finally {
        cancel();
      }
    } finally {
      await ui?.unmount();
    }
  }

  async #mount(session: Session): Promise<MountedUi> {
    // Ink and React are loaded only where they are shown: they cost a tenth of a second.
    const { mountUi } = await import('../ui/mount.tsx');
    const { stdin, stdout, env } = this.#io;
    const { color, ascii } = this.#options;
    const dispatch: Dispatch = (command, source) => session.dispatch(command, source);
    return mountUi({ store: session.store, dispatch, stdin, stdout, env, color, ascii });
  }

  #print({ summary }: Ending): void {
    const { color, json } = this.#options;
    const { stdout, stderr, env } = this.#io;
    const stream = json ? stderr : stdout;
    const colour = color && stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
    (json ? this.#stderr : this.#stdout).write(summaryText(summary, { colour, probes: this.remarks }));
  }

  #exitCode(ending: Ending, signals: Signals): ExitCode {
    const code = exitCodeOf(ending, signals.received, this.#options.judged);
    if (this.#stdout.fault === undefined) return code;
    this.#stderr.write(`loadtop: stdout could not be written: ${this.#stdout.fault}\n`);
    return code === exitCodes.fine ? exitCodes.failed : code;
  }
}

/** The engine's threads and timers do not keep the process alive by themselves; a run does. */
const keepAlive = (): Cancel => {
  const clock = new SystemClock();
  let cancel: Cancel = () => {};
  const again = (): void => {
    cancel = clock.after(60_000, again);
  };
  again();
  return () => cancel();
};
