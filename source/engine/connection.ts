// One connection of the load and the request that is on it: an undici Client of its own and a handler that is used again
// for every request, so that a request allocates nothing of ours. It knows the request's instants (README, "How it
// measures"); what an outcome means for the iteration is iteration.ts.

import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { soon } from '../common/clock.ts';
import { CutOffError, DeadlineError } from './classify-error.ts';
import { type AddressBook, connect, type SocketWatcher } from './connector.ts';
import type { Origin } from './protocol.ts';
import type { Request } from './request.ts';

/** What a connection tells of the request on it. All are called outside of undici's own error handling. */
export interface ConnectionListener {
  /** A response ended; `connection` holds status and instants. The connection may be used again at once. */
  answered(connection: Connection): void;
  /** No complete response came. The connection may be used again at once. */
  failed(connection: Connection, error: Error): void;
  /** A new connection was made. */
  connected(ms: number): void;
}

export interface ConnectionSettings {
  readonly origin: Origin;
  readonly book: AddressBook;
  readonly connectTimeoutMs: number;
  /** Run clock, ms. */
  readonly now: () => number;
}

export class Connection implements Dispatcher.DispatchHandler, SocketWatcher {
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
  status = 0;
  statusText = '';
  headers: IncomingHttpHeaders = {};
  /** The answer began before the request was out. */
  early = false;
  /** Bytes of the request, heads included. */
  bytesOut = 0;
  bytesIn = 0;
  /** Its iteration began before any arrival had to wait for room. */
  unhindered = false;
  /** A request is on it. */
  busy = false;
  /** Full speed: not to be used before this instant, after a failure. */
  notBefore = 0;

  readonly #settings: ConnectionSettings;
  readonly #listener: ConnectionListener;
  readonly #client: Client;
  #controller: Dispatcher.DispatchController | undefined;
  #socket: Socket | undefined;
  #unwritten = 0;
  #fault: Error | undefined;
  /** The response ended while the request's body was still going out. */
  #answeredEarly = false;

  constructor(settings: ConnectionSettings, listener: ConnectionListener) {
    this.#settings = settings;
    this.#listener = listener;
    const { origin, book, connectTimeoutMs } = settings;
    const host = origin.hostname.includes(':') ? `[${origin.hostname}]` : origin.hostname;
    this.#client = new Client(`${origin.secure ? 'https' : 'http'}://${host}:${origin.port}`, {
      pipelining: 1,
      // Off by default would be wrong for undici 8, which negotiates HTTP/2 where it can.
      allowH2: false,
      // undici's timers are 0.3 to 0.5 s late; the worker's own look at deadlines is not.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 600_000,
      keepAliveMaxTimeout: 600_000,
      connect: (_options, done) => {
        connect(origin, book, connectTimeoutMs, this, (error, socket) => {
          if (error) done(error, null);
          else if (socket) done(null, socket);
        });
      },
    });
  }

  /** Sends a request; its fate is told to the listener, always later. */
  send(request: Request): void {
    this.startedAt = 0;
    this.sentAt = 0;
    this.firstByteAt = 0;
    this.endedAt = 0;
    this.status = 0;
    this.early = false;
    this.bytesOut = 0;
    this.bytesIn = 0;
    this.busy = true;
    this.#unwritten = 0;
    this.#fault = undefined;
    this.#answeredEarly = false;
    this.#controller = undefined;
    this.#client.dispatch(request.options(this.arrival), this);
  }

  /** Ends the request when it has run for longer than `limitMs`. Connecting has its own limit, kept by the connector. */
  checkDeadline(now: number, limitMs: number): void {
    if (!this.busy || this.startedAt === 0 || now - this.startedAt <= limitMs) return;
    // It has its answer, but the target does not take the rest of the request: only the connection is given up.
    if (this.#answeredEarly) this.#socket?.destroy();
    else this.#controller?.abort(new DeadlineError(limitMs, this.firstByteAt > 0 ? 'body' : 'headers'));
  }

  /** Ends the request that is on it, as cut off by the end of the run. */
  cutOff(): void {
    if (this.#answeredEarly) this.#socket?.destroy();
    else if (this.#controller) this.#controller.abort(new CutOffError());
    else void this.#client.destroy(new CutOffError());
  }

  /** Closes the connection; a request on it fails. */
  destroy(): void {
    void this.#client.destroy(new CutOffError());
  }

  // What undici tells of the request.

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.startedAt = this.#settings.now();
  }

  /** Not in undici's types: called at the first byte of a response. */
  onResponseStarted(): void {
    this.firstByteAt = this.#settings.now();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    text?: string,
  ): void {
    if (this.firstByteAt === 0) this.firstByteAt = this.#settings.now();
    this.status = status;
    this.headers = headers;
    this.statusText = text ?? '';
    if (this.#unwritten > 0) {
      this.early = true;
      this.sentAt = this.firstByteAt;
    }
  }

  onResponseData(): void {
    // Bytes are counted at the socket; bodies of static and templated steps are not kept.
  }

  onResponseEnd(): void {
    this.endedAt = this.#settings.now();
    // A body without a length ends with its connection: undici takes a reset for its end.
    if (this.#fault) this.#fail(this.#fault);
    else if (this.#unwritten > 0) this.#answeredEarly = true;
    else this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.endedAt = this.#settings.now();
    this.#fail(error);
  }

  #fail(error: Error): void {
    // undici is still taking the connection apart: a dispatch from here would hit an assertion of its own.
    soon(() => {
      this.busy = false;
      this.#listener.failed(this, error);
    });
  }

  #finishEarly(): void {
    this.#answeredEarly = false;
    this.#finish();
  }

  #finish(): void {
    this.busy = false;
    this.#listener.answered(this);
  }

  // What the socket tells.

  connected(ms: number, socket: Socket): void {
    this.#socket = socket;
    this.#listener.connected(ms);
  }

  get awaitsHead(): boolean {
    return this.busy && this.status < 200;
  }

  faulted(error: Error): void {
    this.#fault = error;
  }

  closed(): void {
    this.#socket = undefined;
    if (this.#answeredEarly) this.#finishEarly();
  }

  writing(bytes: number): void {
    this.#unwritten += 1;
    this.bytesOut += bytes;
  }

  written(): void {
    this.#unwritten -= 1;
    if (this.#unwritten > 0) return;
    if (!this.early) this.sentAt = this.#settings.now();
    // The answer came before the request was out; only now is the connection free for another.
    if (this.#answeredEarly) this.#finishEarly();
  }

  received(bytes: number): void {
    this.bytesIn += bytes;
  }
}
