// The client's side of a control socket: connects, sends a line, waits for its answer, or takes what comes until the run
// ends. What is printed of it, and the exit code, is ctl.ts.

import fs from 'node:fs';
import net from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { SystemClock } from '../common/clock.ts';
import { errorCode, errorMessage, UserError } from '../common/errors.ts';
import { formatLength } from '../common/units.ts';

/** An answer as it came, and whether what was asked for was done. */
export interface Answered {
  readonly line: string;
  readonly ok: boolean;
}

const howToListen = 'a run listens there with --control PATH, for as long as it lasts';

export class ControlClient {
  readonly #socket: net.Socket;
  readonly #lines: Interface;
  readonly #limitMs: number;
  readonly #over = Promise.withResolvers<void>();
  #ended = false;
  /** Who waits for an answer. */
  #asked: { readonly answered: (answer: Answered) => void; readonly failed: (error: UserError) => void } | undefined;
  /** Lines that nobody waited for: seconds, until somebody follows. */
  #unasked: string[] = [];
  #show: ((line: string) => void) | undefined;

  private constructor(socket: net.Socket, limitMs: number) {
    this.#socket = socket;
    this.#limitMs = limitMs;
    this.#lines = createInterface({ input: socket });
    // It passes the socket's errors on.
    this.#lines.on('error', () => this.#lines.close());
    this.#lines.on('line', (line) => this.#take(line));
    // The end, however it comes: every line before it has been told by then.
    this.#lines.on('close', () => this.#end());
    socket.on('error', () => this.#lines.close());
  }

  /**
   * @param limitMs how long the other side may take to take the connection, and for each answer
   * @throws UserError where nobody listens
   */
  static async connect(path: string, limitMs: number): Promise<ControlClient> {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    if (!found) throw new UserError(`no socket at ${path}`, { hint: howToListen });
    if (!found.isSocket())
      throw new UserError(`found something else at ${path}, expected a socket`, { hint: howToListen });
    const socket = net.connect(path);
    await new Promise<void>((resolve, reject) => {
      const cancel = new SystemClock().after(limitMs, () => {
        socket.destroy();
        reject(noAnswer(limitMs));
      });
      socket.once('connect', () => {
        cancel();
        resolve();
      });
      socket.once('error', (error) => {
        cancel();
        reject(cannotConnect(path, error));
      });
    });
    return new ControlClient(socket, limitMs);
  }

  /** Resolves when the other side has ended, or `close` was called. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /**
   * Sends a line and waits for its answer. One at a time.
   * @throws UserError where none comes
   */
  async ask(line: string): Promise<Answered> {
    if (this.#ended) throw endedEarly();
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const cancel = new SystemClock().after(this.#limitMs, () => reject(noAnswer(this.#limitMs)));
    this.#asked = { answered: resolve, failed: reject };
    this.#socket.write(`${line}\n`);
    try {
      return await promise;
    } finally {
      cancel();
    }
  }

  /** Hands over each line that is no answer, from the last answer on. `show` says whether it can take more, and calls `onceReady` once it can. */
  follow(show: (line: string, onceReady: () => void) => boolean): void {
    this.#show = (line) => {
      if (!show(line, () => this.#socket.resume())) this.#socket.pause();
    };
    for (const line of this.#unasked.splice(0)) this.#show(line);
  }

  close(): void {
    this.#lines.close();
    this.#socket.destroy();
  }

  #take(line: string): void {
    const ok = okOf(line);
    if (ok === undefined && this.#show) this.#show(line);
    else if (ok === undefined) this.#unasked.push(line);
    else {
      this.#unasked = [];
      this.#asked?.answered({ line, ok });
    }
  }

  #end(): void {
    this.#ended = true;
    this.#asked?.failed(endedEarly());
    this.#over.resolve();
  }
}

const endedEarly = (): UserError =>
  new UserError('the other side ended without an answer', { hint: 'the run has ended, most likely' });

/** Whether a line is an answer, and of which kind. */
const okOf = (line: string): boolean | undefined => {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === 'object' && said !== null && 'ok' in said ? said.ok === true : undefined;
  } catch {
    return undefined;
  }
};

const noAnswer = (limitMs: number): UserError =>
  new UserError(`no answer within ${formatLength(limitMs)}`, {
    hint: 'the run stands still, or something else listens there; -t waits longer',
  });

const cannotConnect = (path: string, error: unknown): UserError => {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') {
    return new UserError(`nobody listens at ${path} any more: the run that did was ended from without`, {
      hint: 'a new run with the same --control replaces what it left behind',
    });
  }
  const why = code === 'EACCES' ? 'it belongs to another user' : errorMessage(error);
  return new UserError(`cannot connect to ${path}: ${why}`, { hint: howToListen, cause: error });
};
