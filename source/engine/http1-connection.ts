// One HTTP/1.1 connection of the load and the exchanges on it: one, or several pipelined. The client is ours, because it
// is most of what the engine costs: a request is one write of bytes that were made beforehand, an answer one pass over the
// bytes that came (answer-parser.ts).

import type { Socket } from 'node:net';
import { soon } from '../common/clock.ts';
import type { AddressCounter } from '../measure/recorder.ts';
import { type AnswerListener, AnswerParser } from './answer-parser.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { Dialled, Reading } from './dial.ts';
import { BrokenAnswerError, ConnectionClosedError, CutOffError, ResentError } from './engine-errors.ts';
import { type Carrier, Exchange, type ExchangeListener } from './exchange.ts';
import { Outbox } from './outbox.ts';
import type { Request } from './request.ts';

// One read buffer serves every connection of the thread, because what is read is consumed before the next read begins.
// 64 KiB is what libuv would allocate for each read.
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** A connection that may be idle for so long is not used in its last moments, ms. */
const idleMarginMs = 100;

export class Http1Connection implements Carrier, AnswerListener {
  readonly exchanges: readonly Http1Exchange[];
  readonly settings: ConnectionSettings;
  readonly listener: ExchangeListener;
  retired = false;
  counter: AddressCounter | undefined;
  #socket: Socket | undefined;
  #parser: AnswerParser;
  #connecting = false;
  #destroyed = false;
  /** Exchanges that wait for the connection, in order. */
  #waiting: Http1Exchange[] = [];
  /** Exchanges that wait for their answer, in the order of their requests. */
  readonly #order: Http1Exchange[] = [];
  readonly #outbox: Outbox<Http1Exchange>;
  /** Requests that were out before the last read: what follows the answers to them was not asked for. */
  #asked = 0;
  #fault: Error | undefined;
  /** Instant of the last read, and how long after it the target keeps the connection; 0: it does not say. */
  #readAt = 0;
  #idleMs = 0;
  /** The target closes the connection after the answer that came. */
  #spent = false;

  constructor(settings: ConnectionSettings, listener: ExchangeListener) {
    this.settings = settings;
    this.listener = listener;
    this.exchanges = Array.from({ length: settings.perConnection }, () => new Http1Exchange(this));
    this.#parser = new AnswerParser(this);
    this.#outbox = new Outbox(settings.origin.secure);
  }

  /** Sends the request of an exchange, now or as soon as there is a connection. */
  send(exchange: Http1Exchange): void {
    this.#leaveIfSpent();
    if (this.#socket) this.#write(exchange);
    else {
      this.#waiting.push(exchange);
      this.#connect();
    }
  }

  /** Calls `ready` when there is a connection. */
  open(exchange: Http1Exchange, ready: () => void): void {
    this.#leaveIfSpent();
    if (this.#socket) {
      soon(ready);
      return;
    }
    exchange.whenOpen = ready;
    this.#waiting.push(exchange);
    this.#connect();
  }

  /** Ends the request of an exchange with an error of ours; those pipelined with it are lost. */
  abort(exchange: Http1Exchange, error: Error): void {
    const waiting = this.#waiting.indexOf(exchange);
    if (waiting >= 0) {
      this.#waiting.splice(waiting, 1);
      exchange.fail(error);
      return;
    }
    const isAwaited = this.#order.includes(exchange);
    // One whose answer came before the request was out ends with its connection, and may begin anew at once.
    const isAnswered = !isAwaited && this.isSending(exchange);
    const lost = this.#leave();
    const unwritten = isAwaited ? this.#waiting.indexOf(exchange) : -1;
    if (unwritten >= 0) this.#waiting.splice(unwritten, 1);
    for (const one of lost) one.fail(one === exchange ? error : new ResentError());
    if (!isAnswered && !lost.includes(exchange)) exchange.fail(error);
    this.#goOn();
  }

  destroy(): void {
    this.#destroyed = true;
    for (const exchange of [...this.#leave(), ...this.#waiting.splice(0)]) exchange.fail(new CutOffError());
  }

  // What the parser tells.

  isAwaited(): boolean {
    return this.#asked > 0;
  }

  isToHead(): boolean {
    return this.#order[0]?.isHead === true;
  }

  wantsBody(): boolean {
    return this.#order[0]?.hearing !== undefined;
  }

  body(bytes: Buffer, from: number, to: number): void {
    this.#order[0]!.hearing?.take(bytes, from, to, this.#readAt);
  }

  began(): void {
    this.#order[0]!.firstByteAt = this.#readAt;
  }

  head(status: number, bytes: Buffer, from: number, to: number): void {
    this.#order[0]!.answerBegan(status, bytes, from, to, this.#readAt);
  }

  ended(reusable: boolean, idleMs: number): void {
    const exchange = this.#order.shift()!;
    this.#asked -= 1;
    exchange.endedAt = this.#readAt;
    exchange.bodyIn = this.#parser.bodyBytes;
    this.#idleMs = idleMs;
    this.#spent = !reusable || !this.settings.keepAlive;
    // Where its request is still going out, the connection is needed until it is out.
    const lost = this.#spent && !this.isSending(exchange) ? this.#leave() : [];
    exchange.answerEnded();
    for (const one of lost) one.fail(new ResentError());
    this.#goOn();
  }

  /** Leaves a connection that the target closes, or is about to. */
  #leaveIfSpent(): void {
    if (!this.#socket || !(this.#spent || this.#isStale())) return;
    for (const one of this.#leave()) one.fail(new ResentError());
  }

  #isStale(): boolean {
    return (
      this.#idleMs > 0 && this.#order.length === 0 && this.settings.now() - this.#readAt > this.#idleMs - idleMarginMs
    );
  }

  #connect(): void {
    if (this.#connecting || this.#destroyed) return;
    this.#connecting = true;
    this.settings.dialler.open(this.#reading, (error, dialled) => {
      this.#connecting = false;
      if (this.#destroyed) dialled?.socket.destroy();
      else if (dialled) this.#opened(dialled);
      else for (const exchange of this.#waiting.splice(0)) exchange.fail(error ?? new ConnectionClosedError());
    });
  }

  #opened({ socket, ms, address, direct }: Dialled): void {
    this.#socket = socket;
    this.#parser = new AnswerParser(this);
    this.#fault = undefined;
    this.#idleMs = 0;
    this.#spent = false;
    this.counter = this.settings.counterOf(address);
    this.#outbox.attach(socket);
    if (!direct) socket.on('data', (chunk: Buffer) => this.#read(socket, chunk));
    socket.on('error', (fault) => {
      if (this.#socket === socket) this.#fault ??= fault;
    });
    socket.on('end', () => this.#lost(socket));
    socket.on('close', () => this.#lost(socket));
    this.listener.connected(ms);
    this.#goOn();
  }

  /** Sends what waits for the connection; makes one where there is none. */
  #goOn(): void {
    if (this.#waiting.length === 0) return;
    if (!this.#socket) {
      this.#connect();
      return;
    }
    for (const exchange of this.#waiting.splice(0)) {
      const { whenOpen } = exchange;
      exchange.whenOpen = undefined;
      if (whenOpen) whenOpen();
      // Telling of one may have lost the connection for the next.
      else if (this.#socket) this.#write(exchange);
      else this.#waiting.push(exchange);
    }
  }

  readonly #reading: Reading = {
    buffer: readBuffer,
    take: (socket, count) => this.#read(socket, readBuffer.subarray(0, count)),
  };

  #read(socket: Socket, chunk: Buffer): void {
    // A connection that was left may still have something to say.
    if (this.#socket !== socket) return;
    this.#readAt = this.settings.now();
    this.#asked = this.#order.length;
    const exchange = this.#order[0];
    if (exchange) {
      exchange.bytesIn += chunk.length;
      exchange.movedAt = this.#readAt;
    }
    // What is sent meanwhile goes out in one piece, and only if the connection is still good then.
    this.#outbox.gather();
    try {
      this.#parser.read(chunk);
    } catch (error) {
      if (!(error instanceof BrokenAnswerError)) throw error;
      this.#break(error);
    }
    this.#outbox.release();
  }

  #write(exchange: Http1Exchange): void {
    const { request, scratch } = exchange;
    exchange.startedAt = this.settings.now();
    this.#order.push(exchange);
    this.listener.started(exchange);
    scratch.intendedAt = exchange.intendedAt;
    const head = request!.http1(exchange.arrival, scratch);
    const { rest } = scratch;
    const upload = request!.streams ? scratch.upload : null;
    exchange.bytesOut = head.length + (rest?.length ?? 0);
    this.#outbox.put(exchange, head, rest, upload);
  }

  /** Whether bytes of an exchange's request are still on their way. */
  isSending(exchange: Http1Exchange): boolean {
    return this.#outbox.holds(exchange);
  }

  /** The connection is gone, by whoever's doing. */
  #lost(socket: Socket): void {
    if (this.#socket !== socket) return;
    const fault = this.#fault;
    // An answer without a length ends with its connection, but not with a broken one.
    if (!fault && this.#parser.endsWithConnection) {
      this.#readAt = this.settings.now();
      this.#parser.close();
    } else this.#break(fault ?? new ConnectionClosedError());
  }

  /** Gives the connection up: the first request on it fails with `error`, those behind it are not sent again. */
  #break(error: Error): void {
    for (const [index, exchange] of this.#leave().entries()) exchange.fail(index === 0 ? error : new ResentError());
    this.#goOn();
  }

  /** Closes the connection; returns the exchanges that were waiting for an answer. */
  #leave(): Http1Exchange[] {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#asked = 0;
    // What was gathered was never written: it waits for the next connection.
    const { unsent, gathered } = this.#outbox.leave();
    const lost = this.#order.splice(0, this.#order.length - gathered);
    for (const exchange of this.#order) exchange.wasNotWritten();
    this.#waiting.unshift(...this.#order.splice(0));
    socket?.destroy();
    // Their answers are there; what was not sent of their requests never will be.
    for (const exchange of unsent) if (!lost.includes(exchange)) exchange.connectionLeft();
    return lost;
  }
}

export class Http1Exchange extends Exchange {
  readonly carrier: Http1Connection;
  request: Request | undefined;
  /** Set while only the connection is waited for. */
  whenOpen: (() => void) | undefined;
  /** The answer ended while the request was still going out. */
  #answeredEarly = false;

  constructor(connection: Http1Connection) {
    super();
    this.carrier = connection;
  }

  get isHead(): boolean {
    return this.request?.method === 'HEAD';
  }

  send(request: Request): void {
    this.reset();
    this.#answeredEarly = false;
    this.request = request;
    this.carrier.send(this);
  }

  prepare(request: Request, ready: () => void): void {
    this.reset();
    this.#answeredEarly = false;
    this.request = request;
    this.carrier.open(this, ready);
  }

  release(): void {
    this.carrier.send(this);
  }

  abort(error: Error): void {
    this.carrier.abort(this, error);
  }

  // What the connection tells.

  answerBegan(status: number, bytes: Buffer, from: number, to: number, at: number): void {
    this.status = status;
    this.headComplete = true;
    // Where it leads stands in the head of a redirect.
    const isWanted = status >= 400 || this.keepsHead || (status >= 300 && this.follow !== undefined);
    this.headText = isWanted ? bytes.toString('latin1', from, to) : '';
    if (this.sentAt === 0) {
      this.early = true;
      this.sentAt = Math.min(at, this.firstByteAt || at);
    }
  }

  answerEnded(): void {
    if (this.early && this.carrier.isSending(this)) this.#answeredEarly = true;
    else this.#finish();
  }

  /** The request is out. */
  wasSent(): void {
    if (!this.early) {
      this.sentAt = this.carrier.settings.now();
      if (this.request!.streams) this.carrier.listener.uploaded(this);
    }
    // The answer came before the request was out; only now is the connection free for another.
    if (this.#answeredEarly) this.#finishEarly();
  }

  moved(bytes: number): void {
    this.wentAt = this.carrier.settings.now();
    this.bytesOut += bytes;
    this.bytesMoved += bytes;
    this.carrier.listener.moved(this, bytes);
  }

  cannotSend(error: Error): void {
    this.carrier.abort(this, error);
  }

  /** The connection was closed before anything of the request was written: it waits for the next one. */
  wasNotWritten(): void {
    this.startedAt = 0;
    this.bytesOut = 0;
  }

  /** The connection was closed before the request was out. */
  connectionLeft(): void {
    if (this.#answeredEarly) this.#finishEarly();
  }

  /** No complete answer came. */
  fail(error: Error): void {
    this.endedAt = this.carrier.settings.now();
    this.whenOpen = undefined;
    this.busy = false;
    this.carrier.listener.failed(this, error);
  }

  #finishEarly(): void {
    this.#answeredEarly = false;
    this.#finish();
  }

  #finish(): void {
    this.busy = false;
    this.carrier.listener.answered(this);
  }
}
