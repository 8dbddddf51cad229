// A place for one request on a connection, used again for every request, so that a request allocates nothing of ours. It
// holds the request's instants (README, "How it measures") and what the iteration on it needs; how bytes travel is
// http1-connection.ts and http2-connection.ts, what an outcome means is iteration.ts.

import type { AddressCounter } from '../measure/recorder.ts';
import type { AnswerHeaders } from '../measure/status-cause.ts';
import { Deadline } from './deadlines.ts';
import type { Hearing, Judgement } from './hearing.ts';
import type { Follow, Hops } from './redirects.ts';
import { type Request, Scratch } from './request.ts';
import type { Walk } from './walk.ts';

/** What an exchange tells of its request. */
export interface ExchangeListener {
  /** An answer ended; `exchange` holds status and instants. It may be used again at once. */
  answered(exchange: Exchange): void;
  /** No complete answer came. The exchange may be used again at once. */
  failed(exchange: Exchange, error: Error): void;
  /** The request of an exchange begins: it has `startedAt` from now on. */
  started(exchange: Exchange): void;
  /** A new connection was made. */
  connected(ms: number): void;
  /** Bytes of a body that goes out piece by piece are out. */
  moved(exchange: Exchange, bytes: number): void;
  /** All of them are: `exchange` has `sentAt`. */
  uploaded(exchange: Exchange): void;
}

/** The connection that an exchange is on. */
export interface Carrier {
  /** The connection is to be closed once nobody has an exchange of it. */
  retired: boolean;
  /** What went to its address; undefined before it was connected. */
  readonly counter: AddressCounter | undefined;
  readonly exchanges: readonly Exchange[];
  /** Closes the connection; requests on it fail as cut off. */
  destroy(): void;
}

export abstract class Exchange extends Deadline {
  abstract readonly carrier: Carrier;
  /** The request that is on it, or was. */
  abstract readonly request: Request | undefined;
  /** Number of the iteration's arrival. */
  arrival = 0;
  scenario = 0;
  step = 0;
  /** Instants of the request, run clock in ms; 0 where not reached. */
  intendedAt = 0;
  startedAt = 0;
  sentAt = 0;
  firstByteAt = 0;
  endedAt = 0;
  /** When the last byte came; 0 before. */
  movedAt = 0;
  /** When bytes of a body that goes out piece by piece were out last; 0 before. */
  wentAt = 0;
  status = 0;
  /** Why the request before ended as it did: index into `causes`. */
  cause = 0;
  /** The head of the answer as it came, where it is of use: with a status of 400 and above, and where `keepsHead`. */
  headText = '';
  keepsHead = false;
  /** Hears the answer; undefined: its body is passed over. To be set before the request is sent. */
  hearing: Hearing | undefined;
  /** The way through the scenario, where it is more than a list; of a virtual user, what it keeps. */
  walk: Walk | undefined;
  /** How redirects of its request are followed, and those that were. */
  follow: Follow | undefined;
  hops: Hops | undefined;
  /** Why its answer is not good, whatever its status. */
  fault: Extract<Judgement, { good: false }> | undefined;
  /** The answer began before the request was out. */
  early = false;
  /** The whole head of the answer came. */
  headComplete = false;
  /** Bytes of the request and of the answer, heads included where the client sees them. */
  bytesOut = 0;
  bytesIn = 0;
  /** Bytes of the body of the answer, without its framing; known when it ended. Those of the request are with the scratch. */
  bodyIn = 0;
  /** Those of `bytesOut` that were told as they left. */
  bytesMoved = 0;
  /** Its iteration began before any arrival had to wait for room. */
  unhindered = false;
  /** A request is on it. */
  busy = false;
  /** Somebody has it, with or without a request: see Pool. */
  taken = false;
  /** The virtual user that owns it; -1 outside the closed models. */
  user = -1;
  /** Number of that user in the whole run, and of its iteration that is under way, from 0; -1 where users are not told apart. */
  person = -1;
  turn = -1;
  /** Bytes of templated requests; they stay as they are until the request is out. */
  readonly scratch = new Scratch();

  /** What stands behind the status of the answer. */
  get statusText(): string {
    return /^\S+ \d+ ([^\r\n]*)/.exec(this.headText)?.[1]?.trim() ?? '';
  }

  /** Headers of the answer, by names in lower case; empty where its head is of no use. */
  get headers(): AnswerHeaders {
    return readHeaders(this.headText);
  }

  /** Headers of the answer as they came, one by one; of use where `headers` is. */
  get headerLines(): readonly (readonly [name: string, value: string])[] {
    return linesOf(this.headText).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
    });
  }

  /** The values of a header of the answer, each by itself. @param name in lower case */
  valuesOf(name: string): readonly string[] {
    const values: string[] = [];
    for (const line of linesOf(this.headText)) {
      const colon = line.indexOf(':');
      if (line.slice(0, colon).toLowerCase() === name) values.push(line.slice(colon + 1).trim());
    }
    return values;
  }

  /** Takes a request for ended that was never sent; whoever has the exchange tells the listener. @param now run clock, ms */
  refuse(now: number): void {
    this.reset();
    this.busy = false;
    this.endedAt = now;
  }

  /** Sends a request; its fate is told to the listener, always later. */
  abstract send(request: Request): void;

  /**
   * Gets everything ready for a request but its sending: the connection stands and the bytes lie in wait until `release`.
   * A connection that cannot be made is told to the listener as a failure.
   * @param ready called when it is
   */
  abstract prepare(request: Request, ready: () => void): void;

  /** Sends what was prepared. */
  abstract release(): void;

  /** Ends the request that is on it with an error of ours. */
  abstract abort(error: Error): void;

  /** Forgets the request before. */
  protected reset(): void {
    this.startedAt = 0;
    this.sentAt = 0;
    this.firstByteAt = 0;
    this.endedAt = 0;
    this.movedAt = 0;
    this.wentAt = 0;
    this.status = 0;
    this.headText = '';
    this.fault = undefined;
    this.early = false;
    this.headComplete = false;
    this.bytesOut = 0;
    this.bytesIn = 0;
    this.bodyIn = 0;
    this.bytesMoved = 0;
    this.busy = true;
  }
}

/** The lines of a head that are headers. */
const linesOf = (head: string): readonly string[] =>
  // A line that begins with a space belongs to the one before; some servers leave the carriage returns out.
  head
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .slice(1);

/** Headers of a head, by names in lower case; repeated ones are joined (RFC 9110, section 5.3). */
const readHeaders = (head: string): AnswerHeaders => {
  const headers: Record<string, string> = {};
  for (const line of linesOf(head)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
};
