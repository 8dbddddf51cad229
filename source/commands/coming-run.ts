// A run from the first moment of its preparation on: what asks it to end, and what is to be told of it, is kept until it has
// begun, and goes to its session from then on. Before that nothing was sent, so that it ends at once.

import { UserError } from '../common/errors.ts';
import type { Command, CommandSource, Reply } from '../session/commands.ts';
import type { Session } from '../session/session.ts';
import { type EndSignal, unbegunCode } from './exit-code.ts';

export class ComingRun {
  readonly #stopping = new AbortController();
  readonly #notes: string[] = [];
  #session: Session | undefined;
  #stoppedBy: CommandSource | undefined;
  #aborted = false;

  /** Fires where it is to end before it has begun. */
  get stopped(): AbortSignal {
    return this.#stopping.signal;
  }

  /** It is steered through its session from now on. */
  begun(session: Session): void {
    this.#session = session;
    for (const note of this.#notes.splice(0)) session.note(note);
  }

  /** Asks something of it; before it has begun, there is nothing but to end. */
  dispatch(command: Command, source: CommandSource): Reply {
    if (this.#session) return this.#session.dispatch(command, source);
    if (command.type !== 'run/stop' && command.type !== 'run/abort')
      return { type: 'refused', text: 'the run has not begun yet' };
    this.#aborted ||= command.type === 'run/abort';
    this.#stoppedBy ??= source;
    this.#stopping.abort();
    return { type: 'done', text: 'ending before the load began' };
  }

  note(text: string): void {
    if (this.#session) this.#session.note(text);
    else this.#notes.push(text);
  }

  raise(source: string, text: string): void {
    if (this.#session) this.#session.raise(source, text);
    else this.#notes.push(`${source}: ${text}`);
  }

  /** What is said of a run that was ended before it had begun. */
  fault(signal: EndSignal): UserError {
    return unbegunFault(this.#stoppedBy, signal, this.#aborted);
  }
}

/** What is said where somebody ended it all before anything was sent. */
export const unbegunFault = (stoppedBy: CommandSource | undefined, signal: EndSignal, aborted: boolean): UserError =>
  new UserError(`stopped by ${stoppedBy ?? 'nobody'} before the load began`, {
    hint: 'no load was sent',
    exitCode: unbegunCode(signal, aborted),
  });

/**
 * Waits for work that may take long, and for no more of it once `stopped` fires.
 * @throws the reason of `stopped`
 */
export const unlessStopped = async <Result>(work: Promise<Result>, stopped: AbortSignal): Promise<Result> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(stopped.reason);
  stopped.addEventListener('abort', stop, { once: true });
  if (stopped.aborted) stop();
  try {
    return await Promise.race([work, promise]);
  } finally {
    stopped.removeEventListener('abort', stop);
  }
};
