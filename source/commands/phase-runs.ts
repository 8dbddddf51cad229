// Runs of the phases of a profile, one after the other: one screen, mounted once, and for each phase a session, an engine and a
// recording of its own. What ends a run from outside ends all that would follow; only `next` goes on to the phase after it.
// What a run is made of is prepare-run.ts.

import { type Cancel, monotonicNow, SystemClock } from '../common/clock.ts';
import { type ExitCode, errorMessage, exitCodes, UserError } from '../common/errors.ts';
import { type PhasePlace, phaseText } from '../common/phase-place.ts';
import { ProbeRemarks } from '../outputs/probe-remarks.ts';
import type { Profile } from '../profile/profile.ts';
import { skipsCleanUp } from '../session/availability.ts';
import type { Command, CommandSource, Reply } from '../session/commands.ts';
import type { Steerable } from '../session/control-answer.ts';
import type { Session } from '../session/session.ts';
import { SwitchStore } from '../session/switch-store.ts';
import type { MountedUi } from '../ui/mount.tsx';
import { faultsOf, unbegunFault } from './coming-run.ts';
import { type Control, outputsOf, withControl } from './control.ts';
import { EndedPhases, pathOfPhase } from './ended-phases.ts';
import { exitCodeOf, unbegunCode, worstCode } from './exit-code.ts';
import { Hangup } from './hangup.ts';
import { prepareEach } from './prepare-data.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import { agree } from './run.ts';
import { phaseOf } from './run-info.ts';
import type { RunOptions } from './run-screen.ts';
import { RunVoices } from './run-voices.ts';
import { keepAlive, mountScreen } from './screen-parts.ts';
import { Signals } from './signals.ts';
import { type RunSketch, sketchRun } from './sketch-run.ts';
import { canShowTui, type Io, isAttended } from './terminal.ts';

/**
 * Runs profiles, the phases of one, one after the other.
 * @throws UserError where one of them cannot be carried out as asked
 */
export const runPhases = async (profiles: readonly Profile[], options: RunOptions, io: Io): Promise<ExitCode> => {
  const tui = options.tui && !options.json && !options.plain && canShowTui(io);
  const listens = options.plain && isAttended(io);
  // What is wrong with the last one is said before the first one begins.
  const data = await prepareEach(profiles, { env: io.env, tell: (text) => io.stderr.write(`${text}\n`) });
  const sketches = profiles.map((profile, index) => sketchRun(recorded(profile), tui || listens, data[index]));
  return withControl(options.control, (control) => new PhaseRuns(sketches, options, io, tui, control).show());
};

/** A file that was named for the recording becomes one for each phase. */
const recorded = (profile: Profile): Profile =>
  typeof profile.record === 'string' && profile.phase
    ? { ...profile, record: pathOfPhase(profile.record, profile.phase) }
    : profile;

/** What the first drawing of the screen takes, and that of a phase, ms. */
const firstDrawMs = 200;
const drawnMs = 100;
/** How often the time until the next phase is looked at, ms. */
const countdownMs = 200;

class PhaseRuns implements Steerable {
  readonly #phases: readonly (readonly [sketch: RunSketch, place: PhasePlace])[];
  readonly #options: RunOptions;
  readonly #io: Io;
  readonly #tui: boolean;
  readonly #control: Control | undefined;
  readonly #voices: RunVoices;
  readonly #hangup: Hangup;
  readonly #store = new SwitchStore();
  readonly #ended: EndedPhases;
  readonly #clock = new SystemClock();
  /** Fires when no further phase is to begin. */
  readonly #leave = new AbortController();
  /** Fires when what the set-up of a phase did is not undone any more. */
  readonly #skip = new AbortController();
  #stoppedBy: CommandSource | undefined;
  /** That it was ended by hand, and where. */
  #stopped: string | undefined;
  #aborted = false;
  #signals: Signals | undefined;
  #endInput: Cancel | undefined;
  #ui: MountedUi | undefined;
  /** That of the newest phase, whether it goes on or has ended. */
  #session: Session | undefined;
  #goesOn = false;
  /** Phases whose load has begun. */
  #begun = 0;
  /** Ends the rest between two phases. */
  #begin: (() => void) | undefined;
  /** Somebody agreed to load that goes outside: the target is that of all phases. */
  #agreed = false;
  /** What is to be told once the load has begun. */
  readonly #notes: string[] = [];
  /** The set-up of one was ended at once. */
  #isCut = false;
  /** What a phase left behind whose load never began. */
  readonly #untold: string[] = [];

  constructor(sketches: readonly RunSketch[], options: RunOptions, io: Io, tui: boolean, control: Control | undefined) {
    this.#phases = sketches.flatMap((sketch) => {
      const { phase } = phaseOf(sketch.profile);
      return phase ? [[sketch, phase] as const] : [];
    });
    this.#options = options;
    this.#io = io;
    this.#tui = tui;
    this.#control = control;
    this.#voices = new RunVoices(io, options, tui);
    this.#hangup = new Hangup(io.stdin, tui, options.onHangup === 'continue');
    const names = this.#phases.map(([, { name }]) => name);
    this.#ended = new EndedPhases(names, options.out, this.#voices, control);
  }

  /** The state of the phase that goes on, or went on last. */
  get store(): Steerable['store'] {
    const { interlude } = this.#store;
    const newest = this.#session?.store.newest ?? this.#store.getState();
    return { newest: interlude === undefined ? newest : { ...newest, interlude } };
  }

  /** Carries the phases out, prints what came of them; the exit code is that of the worst. */
  async show(): Promise<ExitCode> {
    const told = { note: (text: string) => this.#note(text) };
    const signals = new Signals({
      stop: (signal) => this.dispatch({ type: 'run/stop' }, signal),
      abort: (signal) => this.dispatch({ type: 'run/abort' }, signal),
      ...this.#hangup.handler(told),
    });
    this.#signals = signals;
    const endWatch = this.#hangup.watch(signals);
    const { printer } = this.#voices;
    printer.whenGone = (fault) => {
      if (fault !== undefined) this.#note(`stdout: ${fault}`);
      else if (this.#hangup.takes(this.#io.stdout, told, signals)) return;
      this.dispatch({ type: 'run/stop' }, 'closed output');
    };
    const stayAlive = keepAlive();
    try {
      await this.#ended.open();
      this.#control?.attach(this);
      const fault = await this.#carryOutAll().catch((error: unknown) => ({ error }));
      await this.#ui?.unmount();
      await this.#ended.print(this.#tui, fault ? errorMessage(fault.error) : this.#stopped);
      printer.untold(this.#untold);
      if (fault) throw fault.error;
      const codes = [this.#ended.code, ...(this.#isCut ? [unbegunCode(signals.received, true)] : [])];
      return printer.exitCode(signals.received === 'SIGHUP' ? exitCodes.hangup : worstCode(codes));
    } finally {
      this.#endInput?.();
      stayAlive();
      endWatch();
      signals.release();
    }
  }

  /** Asks something of the phase that goes on; of the rest between two, to begin or to end. */
  dispatch(command: Command, source: CommandSource): Reply {
    const ends = command.type === 'run/stop' || command.type === 'run/abort';
    if (ends) this.#end(command.type === 'run/abort', source);
    const session = this.#goesOn ? this.#session : undefined;
    if (session) {
      // A phase that is ending already goes on to do so.
      const { newest } = session.store;
      const isEnding = command.type === 'run/stop' && newest.phase === 'draining';
      if (isEnding) session.note(`no further phase begins: stopped by ${source}`);
      if (!isEnding || skipsCleanUp(newest, source)) return session.dispatch(command, source);
    }
    if (ends) return { type: 'done', text: 'ending: no further phase begins' };
    if (command.type === 'phase/next' && this.#begin) {
      this.#begin();
      return { type: 'done', text: 'the next phase begins' };
    }
    return { type: 'refused', text: 'no phase goes on: the next one has not begun yet' };
  }

  #end(aborted: boolean, source: CommandSource): void {
    this.#aborted ||= aborted;
    this.#stoppedBy ??= source;
    this.#stopped ??= `stopped by ${source} ${this.#where}`;
    this.#leave.abort(new UserError('no further phase begins'));
    if (aborted) this.#skip.abort();
    this.#begin?.();
  }

  /** `in phase 2 of 3: stress`, `before phase 2 of 3: stress`. */
  get #where(): string {
    const { interlude } = this.#store;
    const { run } = this.store.newest;
    if (interlude) return `before ${phaseText(interlude.next)}`;
    return run?.phase ? `in ${phaseText(run.phase)}` : '';
  }

  #note(text: string): void {
    // A phase that is over takes no more of it: the next one does.
    if (!this.#session?.note(text)) this.#notes.push(text);
  }

  /** @throws what keeps a phase from beginning */
  async #carryOutAll(): Promise<undefined> {
    for (const [index, [sketch, place]] of this.#phases.entries()) {
      if (index > 0) await this.#rest(place, this.#phases[index - 1]?.[0].profile.phase?.pauseMs ?? 0);
      if (index > 0 && this.#leave.signal.aborted) return;
      try {
        if (!(await this.#carryOut(sketch, index === 0))) return;
      } catch (error) {
        if (!this.#leave.signal.aborted || this.#begun > index) throw error;
        if (index === 0) {
          throw unbegunFault(this.#stoppedBy, { signal: this.#signals?.received, aborted: this.#aborted }, error);
        }
        this.#untold.push(...faultsOf(error));
        this.#isCut = this.#aborted;
        return;
      }
    }
  }

  /** Waits between two phases, counting down, until it is over or somebody wants no more of it. */
  async #rest(next: PhasePlace, pauseMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    this.#begin = over.resolve;
    const endsAt = monotonicNow() + pauseMs;
    const show = (): void => {
      const leftMs = Math.max(0, Math.ceil((endsAt - monotonicNow()) / 1000) * 1000);
      if (this.#store.interlude?.leftMs !== leftMs) this.#store.between({ next, leftMs });
    };
    show();
    if (pauseMs > 0 && !this.#leave.signal.aborted) {
      this.#voices.rest(next, pauseMs);
      const cancels = [this.#clock.every(countdownMs, show), this.#clock.after(pauseMs, over.resolve)];
      await over.promise;
      for (const cancel of cancels) cancel();
    }
    this.#begin = undefined;
    this.#store.between({ next, leftMs: 0 });
  }

  /** Carries one phase out; whether the next one is to follow. */
  async #carryOut(sketch: RunSketch, isFirst: boolean): Promise<boolean> {
    const remarks = new ProbeRemarks();
    const prepared = await prepareRun(sketch, {
      ...this.#options,
      out: undefined,
      env: this.#io.env,
      remarks,
      outputs: [remarks, ...this.#voices.outputs(), ...outputsOf(this.#control)],
      agree: (why, { origin }) => this.#agree(why, origin),
      stopped: this.#leave.signal,
      skip: this.#skip.signal,
      // On the screen it stands that the phase is about to begin.
      tell: this.#ui ? undefined : (text) => this.#voices.printer.stderr.write(`${text}\n`),
    });
    const { session, outputs } = prepared;
    let cancel: Cancel = () => {};
    let begun = false;
    try {
      await this.#draw(session);
      this.#leave.signal.throwIfAborted();
      begun = true;
      this.#start(session);
      this.#tell(prepared, sketch.profile);
      // The way to the target is that of all phases.
      if (isFirst) cancel = prepared.preflight();
      const ending = await session.ended;
      cancel();
      // Where the run could not be closed, what was recorded of it is to be whole all the same.
      await outputs.close();
      const code = exitCodeOf(ending, this.#signals?.received, this.#options.judged);
      this.#ended.add({ ending, remarks, code, untold: prepared.untold }, this.#tui);
      const isOver = ending.summary.objectives.some(({ brokenMs }) => brokenMs > 0) && this.#options.abortOnSlo;
      return !(this.#leave.signal.aborted || ending.broken || ending.aborted || isOver);
    } finally {
      this.#goesOn = false;
      cancel();
      if (begun) await outputs.close();
      else {
        await prepared.discard();
        this.#untold.push(...prepared.untold);
      }
      await prepared.close();
    }
  }

  /** The screen is there before the load is: drawing it would disturb the first requests. */
  async #draw(session: Session): Promise<void> {
    this.#store.switchTo(session.store);
    this.#leave.signal.throwIfAborted();
    if (!this.#tui || this.#hangup.isLost) return;
    if (this.#ui) {
      await this.#clock.sleep(drawnMs);
      return;
    }
    const ui = await mountScreen(this.#io, this.#options, {
      store: this.#store,
      dispatch: (command, source) => this.dispatch(command, source),
    });
    this.#ui = ui;
    this.#hangup.onLost = () => void ui.unmount();
    // Load that nobody sees or steers any more is not what was asked for.
    ui.waitUntilExit.catch((error: unknown) => {
      this.#session?.raise('screen', errorMessage(error));
      this.dispatch({ type: 'run/stop' }, 'closed output');
    });
    await this.#clock.sleep(firstDrawMs);
  }

  #start(session: Session): void {
    this.#session = session;
    this.#goesOn = true;
    this.#begun += 1;
    // Not before: whether load may be sent there is asked at the same place.
    this.#endInput ??= this.#voices.listen(this, this.#io.stdin);
    this.#voices.follow(this);
    session.start();
    this.#store.between(undefined);
    for (const note of this.#notes.splice(0)) session.note(note);
  }

  #tell({ session, notes }: PreparedRun, { phase }: Profile): void {
    for (const note of notes) {
      session.note(note);
      this.#voices.note(phase ? `phase ${phase.name}: ${note}` : note);
    }
  }

  async #agree(why: string, origin: string): Promise<void> {
    if (this.#agreed) return;
    const listens = this.#options.plain && isAttended(this.#io);
    await agree(why, origin, this.#tui || listens ? this.#io : undefined, listens);
    this.#agreed = true;
  }
}
