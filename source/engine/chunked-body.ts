// A chunked body (RFC 9112, section 7.1): sizes, extensions and trailers are looked at, what stands in chunks is passed on.

import { BrokenAnswerError } from './engine-errors.ts';
import { carriageReturn, lineFeed, space, tab } from './head-bytes.ts';

const semicolon = 59;

const inSize = 0;
const behindSize = 1;
const inExtension = 2;
const atLineEnd = 3;
const inChunk = 4;
const behindChunk = 5;
const atChunkEnd = 6;
const inTrailer = 7;
const over = 8;

/** Takes what stands in a chunk, as far as it has come: bytes from `from` to `to`, valid during the call. */
export type TakeChunk = (bytes: Buffer, from: number, to: number) => void;

export class ChunkedBody {
  readonly #take: TakeChunk;
  #state = inSize;
  /** Bytes of the chunk that are still to come. */
  #left = 0;
  /** The size of a chunk so far; -1 before its first digit. */
  #size = -1;
  /** Bytes in the line of the trailer so far. */
  #trailer = 0;

  constructor(take: TakeChunk) {
    this.#take = take;
  }

  /** Its last byte was read. */
  get isOver(): boolean {
    return this.#state === over;
  }

  /** A new body begins. */
  begin(): void {
    this.#awaitChunk();
  }

  /**
   * Reads from `from` to the end of the bytes or of the body; returns where it came to.
   * @throws BrokenAnswerError where a chunk does not begin with its size, or does not end where it says
   */
  read(bytes: Buffer, from: number): number {
    const end = bytes.length;
    let at = from;
    while (at < end && this.#state !== over) {
      if (this.#state === inChunk) {
        const count = Math.min(this.#left, end - at);
        this.#take(bytes, at, at + count);
        at += count;
        this.#left -= count;
        if (this.#left === 0) this.#state = behindChunk;
      } else {
        this.#readAround(bytes[at]!);
        at += 1;
      }
    }
    return at;
  }

  /** Reads a byte that is not in a chunk. */
  #readAround(byte: number): void {
    switch (this.#state) {
      case inSize:
        this.#readSize(byte);
        return;
      case behindSize:
        this.#readBehindSize(byte);
        return;
      case inExtension:
        if (byte === lineFeed) this.#beginChunk();
        return;
      case atLineEnd:
        if (byte !== lineFeed) throw brokenChunk();
        this.#beginChunk();
        return;
      case behindChunk:
        if (byte === lineFeed) this.#awaitChunk();
        else if (byte === carriageReturn) this.#state = atChunkEnd;
        else throw brokenChunk();
        return;
      case atChunkEnd:
        if (byte !== lineFeed) throw brokenChunk();
        this.#awaitChunk();
        return;
      default:
        // A line of the trailer; an empty one ends it.
        if (byte !== lineFeed) this.#trailer += byte === carriageReturn ? 0 : 1;
        else if (this.#trailer === 0) this.#state = over;
        else this.#trailer = 0;
    }
  }

  #readSize(byte: number): void {
    const digit = hexadecimal(byte);
    if (digit >= 0) {
      this.#size = Math.max(0, this.#size) * 16 + digit;
      if (this.#size > Number.MAX_SAFE_INTEGER)
        throw new BrokenAnswerError('body', 'a chunk is larger than can be read');
    } else if (this.#size < 0) throw brokenChunk();
    else this.#readBehindSize(byte);
  }

  #readBehindSize(byte: number): void {
    if (byte === carriageReturn) this.#state = atLineEnd;
    else if (byte === lineFeed) this.#beginChunk();
    else if (byte === semicolon) this.#state = inExtension;
    else if (byte === space || byte === tab) this.#state = behindSize;
    else throw brokenChunk();
  }

  #awaitChunk(): void {
    this.#state = inSize;
    this.#size = -1;
  }

  #beginChunk(): void {
    this.#left = this.#size;
    this.#trailer = 0;
    this.#state = this.#size === 0 ? inTrailer : inChunk;
  }
}

const brokenChunk = (): BrokenAnswerError =>
  new BrokenAnswerError('chunk', 'a chunk of the body does not begin with its size, or does not end where it says');

const hexadecimal = (byte: number): number => {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
};
