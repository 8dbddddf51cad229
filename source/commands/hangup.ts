// A lost terminal (an SSH link that breaks, a window that is closed): how it is noticed where no signal comes, and whether
// the run ends or goes on without its screen. What its streams say then is no fault of the run.

import type { Cancel } from '../common/clock.ts';
import type { RunOptions } from './run-screen.ts';
import type { Signals } from './signals.ts';
import type { Io } from './terminal.ts';

/** What is told of it: a run. */
interface Told {
  note(text: string): unknown;
}

export class Hangup {
  readonly #stdin: Io['stdin'];
  readonly #raw: boolean;
  readonly #goOn: boolean;
  #isLost = false;
  #onLost: () => void = () => {};

  /** @param raw keys are read one by one: no key ends the input @param goOn the run goes on without its terminal */
  constructor(stdin: Io['stdin'], raw: boolean, goOn: boolean) {
    this.#stdin = stdin;
    this.#raw = raw;
    this.#goOn = goOn;
  }

  /** What gives the screen up; called at once where the terminal is lost already. */
  set onLost(giveUp: () => void) {
    this.#onLost = giveUp;
    if (this.#isLost) giveUp();
  }

  /** The run goes on without its terminal. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** What SIGHUP does where it does not end the run. */
  handler(session: Told): { readonly lost?: () => void } {
    return this.#goOn ? { lost: () => this.#survive(session) } : {};
  }

  /** Takes the end of the terminal's input for a hang-up: a shell may keep the signal to itself. */
  watch(signals: Pick<Signals, 'hangUp'>): Cancel {
    const hungUp = (): void => {
      if (this.#stdin.isTTY) signals.hangUp();
    };
    // A terminal that is gone answers a read with EIO, or with the end.
    const events = this.#raw ? ['error', 'end'] : ['error'];
    for (const event of events) this.#stdin.on(event, hungUp);
    return () => {
      for (const event of events) this.#stdin.off(event, hungUp);
      // The screen is still to be taken off, and reads until then.
      this.#stdin.on('error', () => {});
    };
  }

  /** Whether that nothing can be written any more is a hang-up, or is lived with as with one. */
  takes({ isTTY }: Io['stdout'], session: Told, signals: Pick<Signals, 'hangUp'>): boolean {
    if (isTTY) signals.hangUp();
    else if (this.#goOn) this.#survive(session);
    return isTTY || this.#goOn;
  }

  #survive(session: Told): void {
    if (this.#isLost) return;
    this.#isLost = true;
    session.note('the terminal was lost: the run goes on without it');
    this.#onLost();
  }
}

/** What is said at the start of a run that goes on without its terminal. */
export const hangupNotes = ({ onHangup, control }: Pick<RunOptions, 'onHangup' | 'control'>): readonly string[] =>
  onHangup === 'continue' && control === undefined
    ? ['without --control PATH nobody can steer the run once its terminal is lost (--on-hangup continue)']
    : [];
