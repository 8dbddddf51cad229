// Runs that are started from fields, one after the other (`--armed`): one screen, mounted once, and for each run a session,
// an engine and a recording of its own, of which nothing is left when the next one begins. What a run is made of is
// prepare-run.ts.

import { type Cancel, SystemClock } from '../common/clock.ts';
import { type ExitCode, errorMessage, exitCodes, UserError } from '../common/errors.ts';
import { ProbeRemarks } from '../outputs/probe-remarks.ts';
import { recordingFolder } from '../outputs/recording-place.ts';
import { completeProfile } from '../profile/defaults.ts';
import type { Profile } from '../profile/profile.ts';
import type { Command, CommandSource, Reply } from '../session/commands.ts';
import type { Session } from '../session/session.ts';
import { SwitchStore } from '../session/switch-store.ts';
import { type Briefing, type Fault, type FieldTexts, fieldNames, type Lobby, type StartReply } from '../ui/lobby.ts';
import { briefingLines, shortLoad, standIns } from './armed-briefing.ts';
import { fieldOfFault, firstTexts, profileOf } from './armed-fields.ts';
import { faultsOf, unlessStopped } from './coming-run.ts';
import { type Control, outputsOf } from './control.ts';
import { EndedRuns, pathOfRun } from './ended-runs.ts';
import { exitCodeOf } from './exit-code.ts';
import { Hangup } from './hangup.ts';
import { noData, type PreparedData, prepareData } from './prepare-data.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import { sendQuestion } from './run.ts';
import type { RunOptions } from './run-screen.ts';
import type { RunSource } from './run-source.ts';
import { keepAlive, mountScreen, Printer } from './screen-parts.ts';
import { Signals } from './signals.ts';
import { type RunSketch, sketchRun } from './sketch-run.ts';
import { canShowTui, type Io } from './terminal.ts';

/** Load goes outside, and nobody has agreed to that yet. */
class Unagreed extends Error {
  readonly question: string;

  constructor(question: string) {
    super(question);
    this.question = question;
  }
}

const leaving = new UserError('the screen is being left');

/** @throws UserError where there is no terminal to show fields on. */
export const requireScreen = (options: RunOptions, io: Io): void => {
  if (options.tui && !options.json && canShowTui(io)) return;
  throw new UserError('--armed: found no terminal, expected one to show the fields on', {
    hint: 'leave --armed out: the load then starts at once',
  });
};

/** Shows the fields and carries out what is started from them, until it is left; the exit code is that of the last run. */
export class ArmedRuns implements Lobby {
  readonly #source: RunSource;
  readonly #options: RunOptions;
  readonly #io: Io;
  readonly #printer: Printer;
  readonly #control: Control | undefined;
  readonly #store = new SwitchStore();
  readonly #listeners = new Set<() => void>();
  readonly #ended = new EndedRuns();
  /** What came too late for the log and the summary of a run. */
  readonly #untold: string[] = [];
  readonly #left = Promise.withResolvers<void>();
  /** Questions that were answered with yes: they are not asked twice. */
  readonly #agreed = new Set<string>();
  #texts: FieldTexts;
  /** What requests are made of, as it was found last. */
  #data: PreparedData = noData;
  #standIns: Briefing['standIns'] = {};
  #signals: Signals | undefined;
  /** The newest run that was started, whether it goes on or has ended. */
  #current: Session | undefined;
  #goesOn = false;
  #leaving = false;
  /** Fires when the screen is left: nothing that is only being prepared is waited for. */
  readonly #leave = new AbortController();
  /** Fires when the screen is left once more: what a set-up did is not undone any more. */
  readonly #skip = new AbortController();
  #begun = 0;
  /** What is under way: preparing a run, or following it to its end. */
  #preparing: Promise<StartReply> | undefined;
  #following: Promise<void> = Promise.resolve();
  /** Whether the newest run that was prepared has begun. */
  #beginning: Promise<boolean> = Promise.resolve(false);

  readonly first: FieldTexts;
  readonly fixed: Lobby['fixed'];

  /** @throws UserError where flags and profile do not fit together */
  constructor(source: RunSource, options: RunOptions, io: Io, control?: Control) {
    this.#source = source;
    this.#options = options;
    this.#io = io;
    this.#printer = new Printer(io, options);
    this.#control = control;
    control?.attach(undefined);
    control?.starts(() => this.#startNow());
    this.first = firstTexts(source, completeProfile(source.draft(source.target, source.values)));
    this.#texts = this.first;
    this.fixed = source.fixed === undefined ? {} : { target: source.fixed };
  }

  /** Shows the screen until it is left, prints the summaries. */
  async show(): Promise<ExitCode> {
    const { draft, target, values } = this.#source;
    this.#data = await this.#prepareData(completeProfile(draft(target, values)), (text) =>
      this.#io.stderr.write(`${text}\n`),
    );
    const { stdin, stdout } = this.#io;
    const told = { note: (text: string) => this.#current?.note(text) };
    const hangup = new Hangup(stdin, true, this.#options.onHangup === 'continue');
    const signals = new Signals({
      stop: (signal) => this.#stop(signal),
      abort: (signal) => this.dispatch({ type: 'run/abort' }, signal),
      ...hangup.handler(told),
    });
    this.#signals = signals;
    const endWatch = hangup.watch(signals);
    this.#printer.whenGone = (fault) => {
      if (fault !== undefined || !hangup.takes(stdout, told, signals)) this.#stop('closed output');
    };
    const stayAlive = keepAlive();
    try {
      const ui = await mountScreen(this.#io, this.#options, {
        store: this.#store,
        dispatch: (command, from) => this.dispatch(command, from),
        lobby: this,
      });
      // What goes on without its terminal is the run; fields that nobody sees are left.
      hangup.onLost = () => {
        void ui.unmount();
        this.leave();
      };
      // Load that nobody sees or steers any more is not what was asked for.
      ui.waitUntilExit.catch((error: unknown) => {
        this.#current?.raise('screen', errorMessage(error));
        this.#stop('closed output');
      });
      const failed = await this.#left.promise.then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      await ui.unmount();
      await this.#preparing;
      await this.#following;
      this.#ended.print(this.#printer);
      this.#printer.untold(this.#untold);
      if (failed) throw failed.error;
      const hungUp = signals.received === 'SIGHUP';
      return this.#printer.exitCode(hungUp ? exitCodes.hangup : (this.#ended.code ?? exitCodes.fine));
    } finally {
      stayAlive();
      endWatch();
      signals.release();
    }
  }

  check(texts: FieldTexts): Briefing {
    this.#texts = texts;
    const runs = this.#ended.lines;
    // While something is wrong empty fields stand for what they did before: the screen stays where it is.
    const nothing: Briefing = { errors: {}, standIns: this.#standIns, lines: [], fault: undefined, runs };
    try {
      const asked = profileOf(texts, this.#source);
      if (asked.type === 'errors') return { ...nothing, errors: asked.errors };
      const sketch = this.#sketch(asked.profile);
      const { out } = this.#options;
      const kept = { recording: this.#recordingText(asked.profile), out: out && this.#named(out) };
      this.#standIns = standIns(sketch);
      return { ...nothing, standIns: this.#standIns, lines: briefingLines(sketch, texts, kept) };
    } catch (error) {
      const fault = faultOf(error);
      const field = fieldOfFault(error, texts);
      return field === undefined ? { ...nothing, fault } : { ...nothing, errors: { [field]: inPlace(fault) } };
    }
  }

  /** @param texts what was checked last, unless it is given */
  async start(texts = this.#texts, agreed?: string): Promise<StartReply> {
    // One that has ended but is not put away yet is waited for.
    const goesOn = this.#goesOn && this.#store.getState().phase !== 'closed';
    if (goesOn || this.#preparing !== undefined || this.#leaving) {
      return { type: 'refused', fault: faultOf(this.#leaving ? leaving : new UserError('a run goes on already')) };
    }
    if (agreed !== undefined) this.#agreed.add(agreed);
    this.#texts = texts;
    this.#preparing = this.#begin(texts);
    try {
      return await this.#preparing;
    } finally {
      this.#preparing = undefined;
    }
  }

  /** From outside: comes back when the run can be steered. */
  async #startNow(): Promise<StartReply> {
    const reply = await this.start();
    if (reply.type !== 'started' || (await this.#beginning)) return reply;
    return { type: 'refused', fault: faultOf(leaving) };
  }

  onStart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  leave(): void {
    if (this.#leaving) this.#skip.abort();
    this.#leaving = true;
    this.#leave.abort(leaving);
    if (!this.#goesOn) this.#left.resolve();
  }

  /** Asks something of the run; before the first one there is nobody to ask. */
  dispatch(command: Command, source: CommandSource): Reply | undefined {
    return this.#current?.dispatch(command, source);
  }

  /** From outside: ends the run as planned, and leaves. */
  #stop(source: CommandSource): void {
    if (this.#goesOn) this.dispatch({ type: 'run/stop' }, source);
    this.leave();
  }

  /** Never rejects. */
  async #begin(texts: FieldTexts): Promise<StartReply> {
    try {
      // Of the run before nothing may be left.
      await this.#following;
      await unlessStopped(this.#source.read(), this.#leave.signal);
      const asked = profileOf(texts, this.#source);
      if (asked.type === 'errors') return refusedFields(asked.errors);
      this.#data = await this.#prepareData(asked.profile);
      const remarks = new ProbeRemarks();
      const prepared = await prepareRun(this.#sketch(asked.profile), {
        ...this.#options,
        out: this.#options.out && this.#named(this.#options.out),
        env: this.#io.env,
        remarks,
        outputs: [remarks, ...outputsOf(this.#control)],
        agree: async (why, { origin }) => {
          const question = sendQuestion(why, origin);
          if (!this.#agreed.has(question)) throw new Unagreed(question);
        },
        stopped: this.#leave.signal,
        skip: this.#skip.signal,
      });
      if (this.#leaving) {
        await prepared.discard();
        this.#untold.push(...prepared.untold);
        return { type: 'refused', fault: faultOf(leaving) };
      }
      // A run that cannot be followed any more is a bug: it is told like one, when the screen is off.
      this.#following = this.#follow(prepared, remarks, shortLoad(asked.profile)).catch(this.#left.reject);
      return { type: 'started' };
    } catch (error) {
      this.#untold.push(...faultsOf(error));
      if (error instanceof Unagreed) return { type: 'asks', question: error.question };
      const field = fieldOfFault(error, texts);
      return { type: 'refused', fault: field === undefined ? faultOf(error) : marked, field };
    }
  }

  /** What takes long is told before the screen is there, and not over it. */
  #prepareData(profile: Profile, tell: (text: string) => void = () => {}): Promise<PreparedData> {
    return prepareData(profile, { env: this.#io.env, tell });
  }

  #sketch(profile: Profile): RunSketch {
    const { record } = profile;
    const named = typeof record === 'string' ? { ...profile, record: this.#named(record) } : profile;
    return sketchRun(named, true, this.#data);
  }

  /** Starts the run and follows it to its end. */
  async #follow(prepared: PreparedRun, remarks: ProbeRemarks, load: string): Promise<void> {
    const { session, outputs, notes, preflight } = prepared;
    let cancel: Cancel = () => {};
    const beginning = Promise.withResolvers<boolean>();
    this.#beginning = beginning.promise;
    this.#current = undefined;
    this.#goesOn = true;
    try {
      // What Enter changed on the screen is drawn before the first request, not beside it.
      this.#store.switchTo(session.store);
      for (const listener of this.#listeners) listener();
      await new SystemClock().sleep(drawnMs);
      if (this.#leaving) {
        await prepared.discard();
        this.#left.resolve();
        return;
      }
      this.#current = session;
      this.#control?.attach(session);
      this.#begun += 1;
      session.start();
      beginning.resolve(true);
      for (const note of notes) session.note(note);
      cancel = preflight();
      const ending = await session.ended;
      const code = exitCodeOf(ending, this.#signals?.received, this.#options.judged);
      this.#ended.add({ ending, remarks, code, load });
    } finally {
      beginning.resolve(false);
      cancel();
      // Where the run could not be closed, what was recorded of it is to be whole all the same.
      await outputs.close();
      this.#untold.push(...prepared.untold.map((line) => `run ${this.#begun}: ${line}`));
      this.#control?.attach(undefined);
      this.#goesOn = false;
      await prepared.close();
    }
    if (this.#leaving) this.#left.resolve();
  }

  /** The name of a file of the run that comes next. */
  #named(path: string): string {
    return pathOfRun(path, this.#begun + 1);
  }

  #recordingText({ record }: Profile): string {
    if (record === false) return 'none: --no-record';
    if (record !== undefined) return this.#named(record);
    const folder = recordingFolder(this.#io.env);
    return folder === undefined ? 'none: neither LOADTOP_HOME nor HOME is set' : `a new file in ${folder}`;
  }
}

/** What drawing the first picture of a run takes, ms. */
const drawnMs = 100;

const faultOf = (error: unknown): Fault => ({
  message: errorMessage(error),
  hint: error instanceof UserError ? error.hint : undefined,
});

/** What is wrong stands at its field. */
const marked: Fault = { message: 'mend what is marked, then press Enter', hint: undefined };

/** A fault as it is said at its field, whose name stands there already. */
const inPlace = ({ message, hint }: Fault): string =>
  [message.replace(/^connections: /, ''), hint].filter((part) => part !== undefined).join('; ');

const refusedFields = (errors: Briefing['errors']): StartReply => ({
  type: 'refused',
  fault: marked,
  field: fieldNames.find((name) => errors[name] !== undefined),
});
