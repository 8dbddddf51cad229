// One HTTP/2 connection of the load (RFC 9113) on node:http2, and the exchanges on it: a stream each. What is
// measured here is seen from the stream itself: when its bytes are out, and that a failure is its own.

import http2 from 'node:http2';
import type { Socket } from 'node:net';
import { soon } from '../common/clock.ts';
import type { AddressCounter } from '../measure/recorder.ts';
import type { AnswerHeaders } from '../measure/status-cause.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { ConnectionClosedError, CutOffError, NoHttp2Error } from './engine-errors.ts';
import { type Carrier, Exchange, type ExchangeListener } from './exchange.ts';
import type { Request } from './request.ts';
import { type UploadBody, UploadPump } from './upload.ts';

/** What a session goes over, and what went wrong with it. */
interface Line {
  readonly socket: Socket;
  fault: Error | undefined;
  /** Streams that are open on it. */
  streams: number;
}

export class Http2Connection implements Carrier {
  readonly exchanges: readonly Http2Exchange[];
  readonly settings: ConnectionSettings;
  readonly listener: ExchangeListener;
  retired = false;
  counter: AddressCounter | undefined;
  #session: http2.ClientHttp2Session | undefined;
  #line: Line | undefined;
  #connecting = false;
  #destroyed = false;
  /** Exchanges that wait for the session, or for a stream of it. */
  #waiting: Http2Exchange[] = [];
  /** The target has said how many streams it takes on this session. */
  #settled = false;

  constructor(settings: ConnectionSettings, listener: ExchangeListener) {
    this.settings = settings;
    this.listener = listener;
    this.exchanges = Array.from({ length: settings.perConnection }, () => new Http2Exchange(this));
  }

  /** Starts the request of an exchange when there is a stream for it. */
  enqueue(exchange: Http2Exchange): void {
    this.#waiting.push(exchange);
    this.#startWaiting();
  }

  /** An exchange that was waiting no longer does. */
  forget(exchange: Http2Exchange): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== exchange);
  }

  /** Calls `done` when the session stands; a failure ends the exchange. */
  connected(exchange: Http2Exchange, done: () => void): void {
    if (this.#session && !this.#session.closed && !this.#session.destroyed) {
      soon(done);
      return;
    }
    exchange.whenConnected = done;
    this.enqueue(exchange);
  }

  /** A stream of an exchange is gone. */
  streamClosed(line: Line): void {
    line.streams -= 1;
    // A connection for each request: nothing else is to come on this one.
    if (!this.settings.keepAlive) this.#session?.close();
    this.#startWaiting();
  }

  destroy(): void {
    this.#destroyed = true;
    this.#session?.destroy();
    for (const exchange of this.#waiting.splice(0)) exchange.fail(new CutOffError());
  }

  #startWaiting(): void {
    if (this.#waiting.length === 0 || this.#destroyed) return;
    const session = this.#session;
    // A session that is going away says so some time after it takes no more streams.
    if (!session || session.closed || session.destroyed) {
      this.#session = undefined;
      this.#connect();
      return;
    }
    // Before it is known how many streams the target takes, one is safe: a second might be refused through our own fault.
    const most = this.#settled ? (session.remoteSettings.maxConcurrentStreams ?? Infinity) : 1;
    const line = this.#line!;
    while (this.#waiting.length > 0 && line.streams < most) {
      const exchange = this.#waiting.shift()!;
      if (exchange.whenConnected) {
        const done = exchange.whenConnected;
        exchange.whenConnected = undefined;
        done();
        continue;
      }
      line.streams += 1;
      exchange.start(session, line);
    }
  }

  #connect(): void {
    if (this.#connecting) return;
    this.#connecting = true;
    const { dialler, counterOf, origin } = this.settings;
    dialler.open(undefined, (error, dialled) => {
      this.#connecting = false;
      if (this.#destroyed) {
        dialled?.socket.destroy();
        return;
      }
      const unspoken = dialled && 'alpnProtocol' in dialled.socket && dialled.socket.alpnProtocol !== 'h2';
      if (!dialled || unspoken) {
        dialled?.socket.destroy();
        this.#failWaiting(error ?? new NoHttp2Error());
        return;
      }
      this.counter = counterOf(dialled.address);
      this.listener.connected(dialled.ms);
      const scheme = origin.secure ? 'https' : 'http';
      const session = http2.connect(`${scheme}://${authorityOf(origin)}`, {
        createConnection: () => dialled.socket,
        settings: { enablePush: false, initialWindowSize: 1_048_576 },
        // Bodies on their way count; above 10 MB, the default, Node refuses answers in the target's name. In MB.
        maxSessionMemory: 100_000,
      });
      this.#session = session;
      const line: Line = { socket: dialled.socket, fault: undefined, streams: 0 };
      this.#line = line;
      this.#settled = false;
      session.on('error', (thrown) => {
        line.fault = thrown;
      });
      // No new stream on a session that is going away; those it has may finish.
      session.on('goaway', () => this.#leave(session));
      session.on('close', () => {
        this.#leave(session);
        if (line.fault && this.#waiting.length > 0 && !this.#connecting) this.#failWaiting(line.fault);
        else this.#startWaiting();
      });
      session.on('remoteSettings', () => {
        if (this.#session === session) this.#settled = true;
        this.#startWaiting();
      });
      this.#startWaiting();
    });
  }

  #leave(session: http2.ClientHttp2Session): void {
    if (this.#session === session) this.#session = undefined;
  }

  #failWaiting(error: Error): void {
    for (const exchange of this.#waiting.splice(0)) exchange.fail(error);
  }
}

/** Host and port as a URL has them. */
export const authorityOf = ({ hostname, port }: { readonly hostname: string; readonly port: number }): string =>
  `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;

export class Http2Exchange extends Exchange {
  readonly carrier: Http2Connection;
  /** Set while only the connection is waited for. */
  whenConnected: (() => void) | undefined;
  request: Request | undefined;
  #stream: http2.ClientHttp2Stream | undefined;
  #line: Line | undefined;
  #pump: UploadPump | undefined;
  #error: Error | undefined;
  #headers: AnswerHeaders = {};
  #ended = false;

  constructor(connection: Http2Connection) {
    super();
    this.carrier = connection;
  }

  override get headers(): AnswerHeaders {
    return this.#headers;
  }

  override get headerLines(): readonly (readonly [name: string, value: string])[] {
    return Object.entries(this.#headers).flatMap(([name, value]): [string, string][] =>
      name.startsWith(':') ? [] : (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]),
    );
  }

  override valuesOf(name: string): readonly string[] {
    const value = this.#headers[name];
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  }

  send(request: Request): void {
    this.reset();
    this.request = request;
    this.carrier.enqueue(this);
  }

  prepare(request: Request, ready: () => void): void {
    this.reset();
    this.request = request;
    this.carrier.connected(this, ready);
  }

  release(): void {
    this.carrier.enqueue(this);
  }

  /** Starts the request on a stream of its own. */
  start(session: http2.ClientHttp2Session, line: Line): void {
    this.#line = line;
    const { now } = this.carrier.settings;
    this.#ended = false;
    this.#error = undefined;
    this.startedAt = now();
    this.carrier.listener.started(this);
    this.scratch.intendedAt = this.intendedAt;
    const headers = this.request!.http2Headers(this.arrival, this.scratch);
    const upload = this.request!.streams ? this.scratch.upload : null;
    const { body } = this.scratch;
    let stream: http2.ClientHttp2Stream;
    try {
      stream = session.request(headers, { endStream: body === null && upload === null });
    } catch (error) {
      // The session went away a moment ago.
      this.carrier.streamClosed(line);
      this.fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#stream = stream;
    // What comes of a stream that was given up belongs to nobody.
    const isMine = (): boolean => this.#stream === stream;
    stream.on('response', (answer) => {
      if (!isMine()) return;
      this.firstByteAt = now();
      this.movedAt = this.firstByteAt;
      this.status = answer[':status'] ?? 0;
      this.#headers = answer;
      this.headComplete = true;
      if (this.sentAt === 0) {
        this.early = true;
        this.sentAt = this.firstByteAt;
      }
    });
    stream.on('data', (chunk: Buffer) => {
      if (!isMine()) return;
      this.bytesIn += chunk.length;
      this.bodyIn += chunk.length;
      this.movedAt = now();
      this.hearing?.take(chunk, 0, chunk.length, this.movedAt);
    });
    stream.on('end', () => {
      if (!isMine()) return;
      this.#ended = true;
      this.endedAt = now();
    });
    stream.on('error', (error) => {
      if (isMine()) this.#error ??= error;
    });
    stream.on('close', () => this.#closed(stream));
    if (upload) this.#upload(stream, upload);
    else if (body === null) this.sentAt = this.startedAt;
    else {
      this.bytesOut += body.length;
      stream.end(body, () => {
        if (isMine() && !this.early && !stream.destroyed) this.sentAt = now();
      });
    }
  }

  /** Sends a body piece by piece. */
  #upload(stream: http2.ClientHttp2Stream, body: UploadBody): void {
    const { listener, settings } = this.carrier;
    this.#pump = new UploadPump(body, {
      write: (bytes, isLast, done) => void (isLast ? stream.end(bytes, done) : stream.write(bytes, done)),
      moved: (bytes) => {
        this.wentAt = settings.now();
        this.bytesOut += bytes;
        this.bytesMoved += bytes;
        listener.moved(this, bytes);
      },
      ended: () => {
        if (this.early) return;
        this.sentAt = settings.now();
        listener.uploaded(this);
      },
      failed: (error) => this.abort(error),
    });
    this.#pump.start();
  }

  abort(error: Error): void {
    this.#pump?.stop();
    const stream = this.#stream;
    // A stream whose connection takes nothing any more is closed when it does: perhaps never.
    this.#stream = undefined;
    if (stream) {
      stream.close(http2.constants.NGHTTP2_CANCEL);
      this.carrier.streamClosed(this.#line!);
    } else this.carrier.forget(this);
    this.fail(error);
  }

  /** Ends the request without an answer. */
  fail(error: Error): void {
    this.endedAt = this.carrier.settings.now();
    this.whenConnected = undefined;
    soon(() => {
      this.busy = false;
      this.carrier.listener.failed(this, error);
    });
  }

  #closed(stream: http2.ClientHttp2Stream): void {
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    this.#pump?.stop();
    this.carrier.streamClosed(this.#line!);
    // An answer without a body has ended with its head, which is no 'end' where the rest of the request was not wanted.
    const ended = this.#ended || stream.endAfterHeaders;
    // A stream that is cut has an 'end' as well; only its code tells.
    const code = stream.rstCode ?? http2.constants.NGHTTP2_NO_ERROR;
    if (code === http2.constants.NGHTTP2_NO_ERROR && this.#error === undefined && ended && this.headComplete) {
      if (!this.#ended) this.endedAt = this.firstByteAt;
      this.busy = false;
      this.carrier.listener.answered(this);
    } else {
      this.fail(this.#error ?? this.#loss() ?? new StreamClosedError(code));
    }
  }

  /** Why the connection is gone, where it is: Node then says of its streams that they were cancelled, or nothing. */
  #loss(): Error | undefined {
    const line = this.#line;
    return line?.fault ?? (line?.socket.destroyed ? (line.socket.errored ?? new ConnectionClosedError()) : undefined);
  }
}

/** Names of error codes, in their order (RFC 9113, section 7). */
const errorNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** A stream ended without an answer, and without an error that says why. */
class StreamClosedError extends Error {
  readonly code = 'ERR_HTTP2_STREAM_ERROR';

  constructor(code: number) {
    const name = errorNames[code];
    super(`Stream closed with error code ${name === undefined ? code : `NGHTTP2_${name}`}`);
    this.name = 'StreamClosedError';
  }
}
