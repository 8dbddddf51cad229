// What the user sees of a run: the TUI, plain lines or NDJSON while it goes on, the summary at its end; and what ends it
// from outside.

import { SystemClock } from '../common/clock.ts';
import { type ExitCode, errorMessage } from '../common/errors.ts';
import { JsonLines } from '../outputs/json-lines.ts';
import type { Output } from '../outputs/output.ts';
import { Plain } from '../outputs/plain.ts';
import { ProbeRemarks } from '../outputs/probe-remarks.ts';
import type { Ending } from '../session/session-parts.ts';
import type { ThemeName } from '../ui/theme.ts';
import { exitCodeOf } from './exit-code.ts';
import type { OnHangup } from './flag-values.ts';
import { Hangup } from './hangup.ts';
import { PlainMode } from './plain-mode.ts';
import type { PreparedRun } from './prepare-run.ts';
import { keepAlive, mountScreen, Printer } from './screen-parts.ts';
import { Signals } from './signals.ts';
import type { Io } from './terminal.ts';

/** How a run is shown and kept; from the command line. */
export interface RunOptions {
  readonly tui: boolean;
  readonly json: boolean;
  /** Drawings of the live view per second; by default 4. */
  readonly fps?: number | undefined;
  /** Path of the summary file. */
  readonly out: string | undefined;
  readonly color: boolean;
  readonly ascii: boolean;
  /** The live view changes nothing of the run. */
  readonly readOnly: boolean;
  readonly theme?: ThemeName | undefined;
  /** Targets outside this machine and private networks need no question. */
  readonly yes: boolean;
  /** No load unless the target says that it is well. */
  readonly checkHealth: boolean;
  /** A broken objective ends the run. */
  readonly abortOnSlo?: boolean;
  /** Sentences and typed lines in place of the screen. */
  readonly plain: boolean;
  /** Path of the control socket. */
  readonly control: string | undefined;
  readonly onHangup: OnHangup;
  /** False: the exit code does not depend on what came of the run. Default true. */
  readonly judged?: boolean;
}

/** What the first drawing of the screen takes, ms. */
const firstDrawMs = 200;

export class RunScreen {
  readonly #io: Io;
  readonly #options: RunOptions;
  readonly #tui: boolean;
  readonly #printer: Printer;
  /** What the probes said, for the summary. */
  readonly remarks = new ProbeRemarks();
  /** Sentences and typed lines, where that was asked for. */
  readonly #plain: PlainMode | undefined;
  readonly #hangup: Hangup;

  /** @param tui a TUI is wanted and can be shown */
  constructor(io: Io, options: RunOptions, tui: boolean) {
    this.#io = io;
    this.#options = options;
    this.#tui = tui;
    this.#printer = new Printer(io, options);
    this.#plain = options.plain ? new PlainMode((text) => this.#printer.stdout.write(text)) : undefined;
    this.#hangup = new Hangup(io.stdin, tui, options.onHangup === 'continue');
  }

  /** The outputs that write to stdout while the run goes on, and what listens for the summary. */
  get outputs(): Output[] {
    const write = (text: string): void => this.#printer.stdout.write(text);
    if (this.#options.json) return [new JsonLines(write), this.remarks];
    if (this.#plain) return [this.#plain.output, this.remarks];
    return this.#tui ? [this.remarks] : [new Plain(write), this.remarks];
  }

  /** Starts the session, shows it until it has ended, prints the summary; the exit code. */
  async show(prepared: PreparedRun): Promise<ExitCode> {
    const { session, outputs } = prepared;
    const signals = new Signals({
      stop: (signal) => session.dispatch({ type: 'run/stop' }, signal),
      abort: (signal) => session.dispatch({ type: 'run/abort' }, signal),
      ...this.#hangup.handler(session),
    });
    const endWatch = this.#hangup.watch(signals);
    this.#printer.whenGone = (fault) => {
      if (fault !== undefined) session.raise('stdout', fault);
      else if (this.#hangup.takes(this.#io.stdout, session, signals)) return;
      session.dispatch({ type: 'run/stop' }, 'closed output');
    };
    const endInput = this.#plain?.begin(session, this.#io.stdin);
    const stayAlive = keepAlive();
    try {
      const ending = await this.#follow(prepared);
      await outputs.close();
      this.#printer.summary(ending, this.remarks);
      return this.#printer.exitCode(exitCodeOf(ending, signals.received, this.#options.judged));
    } finally {
      endInput?.();
      stayAlive();
      endWatch();
      signals.release();
    }
  }

  async #follow({ session, notes, preflight }: PreparedRun): Promise<Ending> {
    // The screen is there before the load is: loading and first drawing it would disturb the first seconds.
    const ui = this.#tui
      ? await mountScreen(this.#io, this.#options, {
          store: session.store,
          dispatch: (command, source) => session.dispatch(command, source),
        })
      : undefined;
    try {
      this.#hangup.onLost = () => void ui?.unmount();
      if (ui) await new SystemClock().sleep(firstDrawMs);
      // A load that nobody sees or steers any more is not what was asked for.
      ui?.waitUntilExit.catch((error: unknown) => {
        session.raise('screen', errorMessage(error));
        session.dispatch({ type: 'run/stop' }, 'closed output');
      });
      session.start();
      for (const note of notes) {
        session.note(note);
        if (!ui && !this.#plain) this.#printer.stderr.write(`loadtop: ${note}\n`);
      }
      const cancel = preflight();
      try {
        return await session.ended;
      } finally {
        cancel();
      }
    } finally {
      await ui?.unmount();
    }
  }
}
