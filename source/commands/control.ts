// --control: the socket by which a run is steered from outside, put together with what its clients watch, and taken away on
// every way out of the program.

import { safeText } from '../common/safe-text.ts';
import type { Output } from '../outputs/output.ts';
import { WatchedSeconds } from '../outputs/watched-seconds.ts';
import type { Answer, Steerable } from '../session/control-answer.ts';
import { ControlSocket } from '../session/control-socket.ts';
import type { StartReply } from '../ui/lobby.ts';

const deadlySignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lives as long as the program; the runs behind it may change. */
export class Control {
  readonly #socket: ControlSocket;
  readonly #remove = (): void => this.#socket.remove();
  readonly #listeners = deadlySignals.map((signal) => [signal, () => this.#die(signal)] as const);

  constructor(path: string) {
    this.#socket = new ControlSocket(path);
  }

  /** What a run hands its events to, so that it can be watched; for one run. */
  output(): Output {
    return new WatchedSeconds(this.#socket);
  }

  /** Puts a run behind the socket; none while it waits to be started. */
  attach(run: Steerable | undefined): void {
    this.#socket.attach(run);
  }

  /** Tells whoever watches something that nobody may miss. @param line with its line feed */
  tell(line: string): void {
    this.#socket.show(line, true);
  }

  /** Lets runs be started through the socket. @param start never rejects */
  starts(start: () => Promise<StartReply>): void {
    this.#socket.starts(async () => startAnswer(await start()));
  }

  /**
   * Begins to listen.
   * @throws UserError where it cannot be had at this path
   */
  async open(): Promise<void> {
    await this.#socket.open();
    process.once('exit', this.#remove);
    for (const [signal, listener] of this.#listeners) process.on(signal, listener);
  }

  async close(): Promise<void> {
    process.off('exit', this.#remove);
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
    await this.#socket.close();
  }

  /** Where nobody else listens for a signal, it ends the program in the midst: the socket goes first. */
  #die(signal: NodeJS.Signals): void {
    if (process.listenerCount(signal) > 1) return;
    this.#remove();
    for (const [name, listener] of this.#listeners) process.off(name, listener);
    process.kill(process.pid, signal);
  }
}

/** What became of a start, as the socket says it. */
const startAnswer = (reply: StartReply): Answer => {
  switch (reply.type) {
    case 'started':
      return { ok: true, text: 'started' };
    case 'asks':
      return { ok: false, error: `${reply.question} Only the screen can say so, or --yes beforehand` };
    case 'refused': {
      const { message, hint } = reply.fault;
      return { ok: false, error: safeText([message, hint].filter((part) => part !== undefined).join('; '), 1000) };
    }
  }
};

/** What a run hands its events to so that it can be watched; nothing without a control socket. */
export const outputsOf = (control: Control | undefined): readonly Output[] => (control ? [control.output()] : []);

/**
 * Listens at the path, where one is given, for as long as `work` takes.
 * @throws UserError where it cannot be had at this path
 */
export const withControl = async <Result>(
  path: string | undefined,
  work: (control: Control | undefined) => Promise<Result>,
): Promise<Result> => {
  if (path === undefined) return work(undefined);
  const control = new Control(path);
  await control.open();
  try {
    return await work(control);
  } finally {
    await control.close();
  }
};
