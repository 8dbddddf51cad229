// What the user sees of a run: the TUI, plain lines or NDJSON while it goes on, the summary at its end; and what ends it
// from outside.

import { SystemClock } from '../common/clock.ts';
import { type ExitCode, errorMessage } from '../common/errors.ts';
import { JsonLines } from '../outputs/json-lines.ts';
import type { Output } from '../outputs/output.ts';
import { Plain } from '../outputs/plain.ts';
import { ProbeRemarks } from '../outputs/probe-remarks.ts';
import type { Session } from '../session/session.ts';
import type { Ending } from '../session/session-parts.ts';
import type { MountedUi, UiOptions } from '../ui/mount.tsx';
import type { ThemeName } from '../ui/theme.ts';
import { ComingRun } from './coming-run.ts';
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

  /**
   * Prepares a run, starts it, shows it until it has ended, prints the summary; the exit code. What comes from outside is
   * heard from the beginning of the preparation on.
   * @throws UserError where it cannot be prepared, or is ended before it has begun
   */
  async show(prepare: (coming: ComingRun) => Promise<PreparedRun>): Promise<ExitCode> {
    const coming = new ComingRun();
    const signals = new Signals({
      stop: (signal) => coming.dispatch({ type: 'run/stop' }, signal),
      abort: (signal) => coming.dispatch({ type: 'run/abort' }, signal),
      ...this.#hangup.handler(coming),
    });
    const endWatch = this.#hangup.watch(signals);
    this.#printer.whenGone = (fault) => {
      if (fault !== undefined) coming.raise('stdout', fault);
      else if (this.#hangup.takes(this.#io.stdout, coming, signals)) return;
      coming.dispatch({ type: 'run/stop' }, 'closed output');
    };
    const stayAlive = keepAlive();
    try {
      const ending = await this.#carryOut(await prepare(coming), coming);
      return this.#printer.exitCode(exitCodeOf(ending, signals.received, this.#options.judged));
    } catch (error) {
      throw coming.stopped.aborted ? coming.fault(signals.received, error) : error;
    } finally {
      stayAlive();
      endWatch();
      signals.release();
    }
  }

  async #carryOut(prepared: PreparedRun, coming: ComingRun): Promise<Ending> {
    const endInput = this.#plain?.begin(prepared.session, this.#io.stdin);
    try {
      // Where the run could not be closed, what was recorded of it is to be whole all the same.
      const ending = await this.#follow(prepared, coming).finally(() => prepared.outputs.close());
      this.#printer.summary(ending, this.remarks);
      this.#printer.untold(prepared.untold);
      return ending;
    } finally {
      endInput?.();
      await prepared.close();
    }
  }

  async #follow(prepared: PreparedRun, coming: ComingRun): Promise<Ending> {
    const { session } = prepared;
    let begun = false;
    let ui: MountedUi | undefined;
    try {
      // The screen is there before the load is: loading and first drawing it would disturb the first seconds.
      ui = await this.#mount(session, coming);
      this.#hangup.onLost = () => void ui?.unmount();
      if (ui) await new SystemClock().sleep(firstDrawMs);
      coming.stopped.throwIfAborted();
      // A load that nobody sees or steers any more is not what was asked for.
      ui?.waitUntilExit.catch((error: unknown) => {
        session.raise('screen', errorMessage(error));
        session.dispatch({ type: 'run/stop' }, 'closed output');
      });
      session.start();
      begun = true;
      coming.begun(session);
      return await this.#untilEnd(prepared, ui !== undefined);
    } finally {
      await ui?.unmount();
      if (!begun) {
        await prepared.discard();
        this.#printer.untold(prepared.untold);
      }
    }
  }

  async #mount({ store }: Session, coming: ComingRun): Promise<MountedUi | undefined> {
    coming.stopped.throwIfAborted();
    if (!this.#tui || this.#hangup.isLost) return undefined;
    const dispatch: UiOptions['dispatch'] = (command, source) => coming.dispatch(command, source);
    return mountScreen(this.#io, this.#options, { store, dispatch });
  }

  async #untilEnd({ session, notes, preflight }: PreparedRun, drawn: boolean): Promise<Ending> {
    for (const note of notes) {
      session.note(note);
      if (!drawn && !this.#plain) this.#printer.stderr.write(`loadtop: ${note}\n`);
    }
    const cancel = preflight();
    try {
      return await session.ended;
    } finally {
      cancel();
    }
  }
}
