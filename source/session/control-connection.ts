// One client of the control socket: takes its bytes apart into lines, answers each, and sends the seconds that it watches.
// A client that sends much or reads nothing costs a bounded amount of memory and time, and nobody else anything.

import { soon } from '../common/clock.ts';
import { jsonLine } from '../common/json-text.ts';
import { bareLine } from './command-line.ts';
import type { Answer } from './control-answer.ts';

/** Longest line that is taken, characters. */
export const longestLine = 4096;
/**
 * A client that has so much unread, bytes, is not read from, and sees no further second until it has caught up. What a run
 * says last it gets all the same: there is one of it, and whoever watches ends with it.
 */
const mostUnread = 65_536;
/** Lines that are carried out before everything else has its turn. */
const linesAtOnce = 16;

/** The part of a socket that is used. */
export interface Wire {
  readonly writableLength: number;
  readonly destroyed: boolean;
  write(text: string): unknown;
  end(): unknown;
  destroy(): unknown;
  pause(): unknown;
  resume(): unknown;
  on(event: 'data', listener: (text: string) => void): unknown;
  on(event: 'end' | 'drain' | 'error' | 'close', listener: () => void): unknown;
}

export class ControlConnection {
  readonly #wire: Wire;
  readonly #answer: (line: string) => Answer | Promise<Answer>;
  /** What was received and not yet carried out: at most a chunk and a line. */
  #received = '';
  /** The rest of a line that is too long, which was answered already. */
  #skipping = false;
  /** A turn is to come. */
  #waiting = false;
  #ended = false;
  #watches = false;

  /** @param answer carries out a line; where that takes a while, further ones wait @param closed is told once the client has gone */
  constructor(wire: Wire, answer: (line: string) => Answer | Promise<Answer>, closed: () => void) {
    this.#wire = wire;
    this.#answer = answer;
    wire.on('data', (text) => this.#take(text));
    wire.on('end', () => {
      this.#ended = true;
      this.#work();
    });
    wire.on('drain', () => this.#work());
    // A client that goes in the middle of an answer is no fault; `close` follows.
    wire.on('error', () => {});
    wire.on('close', closed);
  }

  /** Sends seconds. */
  get watches(): boolean {
    return this.#watches && !this.#wire.destroyed;
  }

  /** Sends a line to a client that watches; one that has not read what was sent before misses it, unless it is the `last` of a run. */
  show(line: string, last: boolean): void {
    if (this.watches && (last || this.#wire.writableLength <= mostUnread)) this.#wire.write(line);
  }

  /** Ends the connection once what was answered is out. */
  end(): void {
    this.#wire.end();
  }

  destroy(): void {
    this.#wire.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    this.#work();
  }

  #work(): void {
    if (this.#waiting) return;
    for (let count = 0; count < linesAtOnce; count += 1) {
      if (this.#wire.destroyed || this.#wire.writableLength > mostUnread) break;
      const line = this.#nextLine();
      if (line === undefined) {
        this.#wire.resume();
        // One who only sends and then watches, as `echo watch | nc -U` does, stays.
        if (this.#ended && !this.#watches) this.#wire.end();
        return;
      }
      this.#carryOut(line);
      if (this.#waiting) break;
    }
    // Nothing more is read until this is done: what was received is at most one chunk.
    this.#wire.pause();
    if (this.#waiting || this.#wire.destroyed || this.#wire.writableLength > mostUnread) return;
    this.#waiting = true;
    soon(() => {
      this.#waiting = false;
      this.#work();
    });
  }

  /** The next whole line; the last one need not end with a line feed. Undefined where there is none yet. */
  #nextLine(): string | undefined {
    const end = this.#received.indexOf('\n');
    if (end < 0 && this.#skipping) this.#received = '';
    if (end < 0 && this.#received.length > longestLine) {
      const begun = this.#received;
      this.#received = '';
      this.#skipping = true;
      return begun;
    }
    if (end < 0 && !(this.#ended && this.#received.trim() !== '')) return undefined;
    const line = end < 0 ? this.#received : this.#received.slice(0, end);
    this.#received = end < 0 ? '' : this.#received.slice(end + 1);
    if (!this.#skipping) return line;
    this.#skipping = false;
    return this.#nextLine();
  }

  #carryOut(line: string): void {
    if (line.length > longestLine) {
      const error = `found a line of more than ${longestLine} characters, expected a command; help lists them`;
      this.#reply({ ok: false, error });
    } else if (bareLine(line).toLowerCase() === 'watch') {
      this.#watches = true;
      this.#reply({ ok: true, text: 'an object each second from now on' });
    } else {
      const answer = this.#answer(line);
      if (answer instanceof Promise) void this.#await(answer);
      else this.#reply(answer);
    }
  }

  /** Answers are in the order of their lines. */
  async #await(answer: Promise<Answer>): Promise<void> {
    this.#waiting = true;
    this.#reply(await answer);
    this.#waiting = false;
    this.#work();
  }

  #reply(answer: Answer): void {
    this.#wire.write(jsonLine(answer));
  }
}
