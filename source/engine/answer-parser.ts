// Reads the answers of HTTP/1.1 (RFC 9112) from the bytes of a connection, as they come and however they are cut: where the
// head ends and what it says of the framing, where the body ends. Bodies are passed over, or passed on to who wants
// them. One pass over the head, nothing allocated: this is most of what an answer costs.

import { ChunkedBody } from './chunked-body.ts';
import { BrokenAnswerError } from './engine-errors.ts';
import {
  carriageReturn,
  endOfValue,
  isWord,
  lineFeed,
  numberAt,
  space,
  standsAt,
  tab,
  textOf,
  valueAt,
} from './head-bytes.ts';

/** What the parser tells. Bytes are only valid during the call. */
export interface AnswerListener {
  /** The first byte of an answer came, interim answers included. */
  began(): void;
  /** The head of a final answer is complete; it lies in `bytes` from `from` to `to`, its empty line included. */
  head(status: number, bytes: Buffer, from: number, to: number): void;
  /** Whether the answer that is read now is one to HEAD: then it has no body, whatever its head says. */
  isToHead(): boolean;
  /** An answer is complete. @param reusable the connection may be used for another @param idleMs how long, where it says so */
  ended(reusable: boolean, idleMs: number): void;
  /** Bytes came although no answer is awaited; whether one is. */
  isAwaited(): boolean;
  /** Whether the body of the answer that is read now is to be told of. */
  wantsBody(): boolean;
  /** A piece of the body, from `from` to `to`. */
  body(bytes: Buffer, from: number, to: number): void;
}

/** A head that is longer is not read (bytes). */
const longestHead = 65_536;

const inHead = 0;
const inBody = 1;
const inChunks = 2;
const untilClose = 3;

const equals = 61;

const nothing = Buffer.alloc(0);

export class AnswerParser {
  readonly #listener: AnswerListener;
  #state = inHead;
  #begun = false;
  /** A head that has come in part, and how much of it. */
  #partial: Buffer = nothing;
  #kept = 0;
  /** From the start of the head: the line that is not complete, and what has been looked at. */
  #line = 0;
  #scanned = 0;
  /** Bytes of the body that are still to come. */
  #left = 0;
  readonly #chunks: ChunkedBody;
  /** The body is told of. */
  #tells = false;
  // What the head says.
  #status = 0;
  #minor = 1;
  #length = -1;
  #chunked = false;
  #coded = false;
  #closes = false;
  #stays = false;
  #idleMs = -1;
  #reusable = true;
  #bodyBytes = 0;

  constructor(listener: AnswerListener) {
    this.#listener = listener;
    this.#chunks = new ChunkedBody((bytes, from, to) => {
      this.#bodyBytes += to - from;
      if (this.#tells) listener.body(bytes, from, to);
    });
  }

  /** Bytes of the body of the answer that is read, or was last, without its framing. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  /** Whether the end of the connection is the end of an answer. */
  get endsWithConnection(): boolean {
    return this.#state === untilClose;
  }

  /**
   * Reads what came.
   * @throws BrokenAnswerError where it is no HTTP; the parser must not be used any more
   */
  read(chunk: Buffer): void {
    let at = 0;
    const end = chunk.length;
    while (at < end) {
      switch (this.#state) {
        case inHead:
          at = this.#readHead(chunk, at);
          break;
        case inBody: {
          const count = Math.min(this.#left, end - at);
          if (this.#tells) this.#listener.body(chunk, at, at + count);
          at += count;
          this.#bodyBytes += count;
          this.#left -= count;
          if (this.#left === 0) this.#end();
          break;
        }
        case inChunks:
          at = this.#chunks.read(chunk, at);
          if (this.#chunks.isOver) this.#end();
          break;
        default:
          // All that comes until the connection ends.
          this.#bodyBytes += end - at;
          if (this.#tells) this.#listener.body(chunk, at, end);
          return;
      }
    }
  }

  /** The connection has ended: so has an answer whose length is not said. */
  close(): void {
    if (this.#state === untilClose) this.#end();
  }

  /** Reads a head, or keeps what is there of it; returns where to go on. */
  #readHead(chunk: Buffer, from: number): number {
    if (!this.#begun) {
      if (!this.#listener.isAwaited()) throw new BrokenAnswerError('unasked', 'bytes came that nobody asked for');
      this.#begun = true;
      this.#listener.began();
    }
    const before = this.#kept;
    if (before === 0) {
      const to = this.#scanHead(chunk, from, chunk.length);
      if (to >= 0) return to;
    }
    // The next read overwrites the buffer.
    this.#keep(chunk, from);
    if (before > 0) {
      const to = this.#scanHead(this.#partial, 0, this.#kept);
      if (to >= 0) {
        this.#partial = nothing;
        this.#kept = 0;
        return from + to - before;
      }
    }
    if (this.#kept > longestHead) throw tooLong();
    return chunk.length;
  }

  #keep(chunk: Buffer, from: number): void {
    const kept = this.#kept + chunk.length - from;
    if (kept > this.#partial.length) {
      const grown = Buffer.allocUnsafe(Math.max(kept, 2 * this.#partial.length));
      grown.set(this.#partial.subarray(0, this.#kept));
      this.#partial = grown;
    }
    this.#partial.set(from === 0 ? chunk : chunk.subarray(from), this.#kept);
    this.#kept = kept;
  }

  /** Reads the head at `from`, or goes on with it; returns where it ends, or -1 where it is not complete. */
  #scanHead(bytes: Buffer, from: number, end: number): number {
    if (this.#scanned === 0) {
      this.#readStart(bytes, from, end);
      if (end - from < startLength) return -1;
      this.#scanned = startLength - 1;
    }
    let line = from + this.#line;
    let at = from + this.#scanned;
    for (;;) {
      while (at < end && bytes[at] !== lineFeed) at += 1;
      // What follows says whether the line is complete: it goes on where the next one begins with a space.
      const next = at + 1;
      if (next >= end) break;
      const first = bytes[next]!;
      if (first === carriageReturn && next + 1 === end) break;
      if (first !== space && first !== tab) {
        if (line > from) this.#readField(bytes, line, at);
        if (first === lineFeed) return this.#endHead(bytes, from, next + 1);
        if (first === carriageReturn && bytes[next + 1] === lineFeed) return this.#endHead(bytes, from, next + 2);
        line = next;
      }
      at = next;
    }
    this.#line = line - from;
    this.#scanned = at - from;
    return -1;
  }

  /** `HTTP/1.1 200`, as far as it is there. */
  #readStart(bytes: Buffer, from: number, end: number): void {
    const length = Math.min(end - from, start.length);
    for (let index = 0; index < length; index += 1) {
      if (bytes[from + index] !== start[index]) throw notHttp(bytes, from, end);
    }
    if (end - from < startLength) return;
    const minor = bytes[from + 7]! - 48;
    const hundreds = bytes[from + 9]! - 48;
    const tens = bytes[from + 10]! - 48;
    const ones = bytes[from + 11]! - 48;
    const after = bytes[from + 12]!;
    const isStatus = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
    const isOver = after === space || after === carriageReturn || after === lineFeed;
    if ((minor !== 0 && minor !== 1) || bytes[from + 8] !== space || !isStatus || !isOver) {
      throw notHttp(bytes, from, end);
    }
    this.#status = hundreds * 100 + tens * 10 + ones;
    this.#minor = minor;
    this.#length = -1;
    this.#chunked = false;
    this.#coded = false;
    this.#closes = false;
    this.#stays = false;
    this.#idleMs = -1;
  }

  /** Reads a header that ends at the line feed `end`. Only four say how an answer is framed. */
  #readField(bytes: Buffer, at: number, end: number): void {
    switch (bytes[at]! | 0x20) {
      case 0x63: {
        const length = valueAt(bytes, at, end, 'content-length');
        if (length >= 0) this.#readLength(bytes, length, end);
        else {
          const options = valueAt(bytes, at, end, 'connection');
          if (options >= 0) this.#readConnection(bytes, options, endOfValue(bytes, options, end));
        }
        break;
      }
      case 0x74: {
        const codings = valueAt(bytes, at, end, 'transfer-encoding');
        if (codings >= 0) this.#readCodings(bytes, codings, endOfValue(bytes, codings, end));
        break;
      }
      case 0x6b: {
        const limits = valueAt(bytes, at, end, 'keep-alive');
        if (limits >= 0) this.#readKeepAlive(bytes, limits, endOfValue(bytes, limits, end));
      }
    }
  }

  #readLength(bytes: Buffer, from: number, end: number): void {
    const length = numberAt(bytes, from, endOfValue(bytes, from, end));
    if (length < 0) throw new BrokenAnswerError('start', 'the content-length of the answer is not a number');
    if (length > Number.MAX_SAFE_INTEGER) throw new BrokenAnswerError('body', 'the body is longer than can be read');
    if (this.#length >= 0 && this.#length !== length) {
      throw new BrokenAnswerError('start', 'the answer has two lengths that contradict each other');
    }
    this.#length = length;
  }

  #readConnection(bytes: Buffer, from: number, to: number): void {
    // Almost always it is one of these, and a text costs as much as the rest of the head.
    if (isWord(bytes, from, to, 'keep-alive')) this.#stays = true;
    else if (isWord(bytes, from, to, 'close')) this.#closes = true;
    else {
      const options = textOf(bytes, from, to).split(/[\s,]+/);
      this.#closes ||= options.includes('close');
      this.#stays ||= options.includes('keep-alive');
    }
  }

  #readCodings(bytes: Buffer, from: number, to: number): void {
    this.#coded = true;
    // What counts is the last coding of all such headers.
    if (isWord(bytes, from, to, 'chunked')) this.#chunked = true;
    else {
      const codings = textOf(bytes, from, to);
      if (/[^\s,]/.test(codings)) this.#chunked = /(^|,)\s*chunked[\s,]*$/.test(codings);
    }
  }

  #readKeepAlive(bytes: Buffer, from: number, to: number): void {
    // As Node writes it; a text costs more.
    const plain = to - from > 8 && bytes[from + 7] === equals && standsAt(bytes, from, 'timeout');
    const seconds = plain ? numberAt(bytes, from + 8, to) : -1;
    if (seconds >= 0) this.#idleMs = seconds * 1000;
    else {
      const found = /(?:^|[\s,])timeout\s*=\s*"?(\d+)/.exec(textOf(bytes, from, to))?.[1];
      if (found !== undefined) this.#idleMs = Number(found) * 1000;
    }
  }

  #endHead(bytes: Buffer, from: number, to: number): number {
    if (to - from > longestHead) throw tooLong();
    this.#line = 0;
    this.#scanned = 0;
    const status = this.#status;
    if (status < 200) {
      if (status === 101) throw new BrokenAnswerError('upgrade', 'the target switched protocols without being asked');
      // An interim answer: the final one follows.
      return to;
    }
    this.#reusable = this.#mayReuse();
    this.#bodyBytes = 0;
    this.#listener.head(status, bytes, from, to);
    this.#tells = this.#listener.wantsBody();
    if (status === 204 || status === 304 || this.#listener.isToHead()) this.#end();
    else if (this.#chunked) {
      this.#chunks.begin();
      this.#state = inChunks;
    } else if (this.#coded || this.#length < 0) {
      this.#state = untilClose;
      this.#reusable = false;
    } else if (this.#length === 0) this.#end();
    else {
      this.#state = inBody;
      this.#left = this.#length;
    }
    return to;
  }

  /** Whether the head lets the connection carry another request (RFC 9112, sections 6.1 and 9.3). */
  #mayReuse(): boolean {
    if (this.#closes || this.#idleMs === 0) return false;
    // With both lengths, or a coding in HTTP/1.0, somebody on the way may have understood another end than we did.
    if (this.#coded && (this.#length >= 0 || this.#minor === 0)) return false;
    return this.#minor === 1 || this.#stays;
  }

  #end(): void {
    this.#state = inHead;
    this.#begun = false;
    this.#listener.ended(this.#reusable, Math.max(0, this.#idleMs));
  }
}

const start = Buffer.from('HTTP/1.');
/** As much as says the version and the status: `HTTP/1.1 200` and what follows it. */
const startLength = 13;

const notHttp = (bytes: Buffer, from: number, end: number): BrokenAnswerError => {
  const text = bytes.toString('latin1', from, Math.min(end, from + 40)).split(/[\r\n]/, 1)[0];
  return new BrokenAnswerError('start', `expected an answer such as HTTP/1.1 200, found "${text}"`);
};

const tooLong = (): BrokenAnswerError =>
  new BrokenAnswerError('head', `the head of the answer is longer than ${longestHead} bytes`);
