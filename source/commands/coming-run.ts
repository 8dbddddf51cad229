// A run from the first moment of its preparation on: what asks it to end, and what is to be told of it, is kept until it has
// begun, and goes to its session from then on. Before that no load was sent, so that it ends at once, but for what its set-up
// made.

import { UserError } from '../common/errors.ts';
import type { Command, CommandSource, Reply } from '../session/commands.ts';
import type { Steerable } from '../session/control-answer.ts';
import { beginning } from '../session/reduce.ts';
import type { Session } from '../session/session.ts';
import { type EndSignal, unbegunCode } from './exit-code.ts';

/** The set-up of a run was stopped. */
export class SetUpStopped extends Error {
  /** What went wrong when it was undone. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super('the set-up was stopped');
    this.faults = faults;
  }
}

export class ComingRun implements Steerable {
  readonly #stopping = new AbortController();
  readonly #skipping = new AbortController();
  readonly #notes: string[] = [];
  #session: Session | undefined;
  #stoppedBy: CommandSource | undefined;
  #aborted = false;

  /** Fires where it is to end before it has begun. */
  get stopped(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Fires where what its set-up did is not undone any more, either. */
  get skip(): AbortSignal {
    return this.#skipping.signal;
  }

  /** The state of its session; before it has begun, that of a run without one. */
  get store(): Steerable['store'] {
    return this.#session?.store ?? { newest: beginning().state };
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
    if (this.#aborted) this.#skipping.abort();
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

  /** What is said of a run that was ended before it had begun. @param error what came of its preparation */
  fault(signal: EndSignal, error: unknown): UserError {
    return unbegunFault(this.#stoppedBy, { signal, aborted: this.#aborted }, error);
  }
}

/** What is said where somebody ended it all before the load began. @param error what came of its preparation */
export const unbegunFault = (
  stoppedBy: CommandSource | undefined,
  { signal, aborted }: { readonly signal: EndSignal; readonly aborted: boolean },
  error: unknown,
): UserError =>
  new UserError(`stopped by ${stoppedBy ?? 'nobody'} before the load began`, {
    hint: ['no load was sent', ...faultsOf(error)].join('; '),
    exitCode: unbegunCode(signal, aborted),
  });

/** What a set-up that was stopped left behind. */
export const faultsOf = (error: unknown): readonly string[] => (error instanceof SetUpStopped ? error.faults : []);

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
