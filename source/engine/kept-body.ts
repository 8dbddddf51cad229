// The body of an answer as far as it is kept to be looked at: up to 1 MiB, which is what a check is for; decoded where the
// target compressed it.

import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { errorCode } from '../common/errors.ts';
import { formatBytes } from '../common/units.ts';

/** Bodies above this are not looked at (bytes), compressed or not. */
export const mostKeptBytes = 1_048_576;

/** Nobody encodes more often, and each time may take as long as 1 MiB does. */
const mostEncodings = 4;

const nothing: Buffer = Buffer.alloc(0);

/** A body that cannot be looked at; the message says why. */
export class UnreadableBodyError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'UnreadableBodyError';
  }
}

export class KeptBody {
  /** Bytes that came, kept or not. */
  size = 0;
  /** Its beginning is what was kept: a list of pieces would cost a hundred times as much where they are small. */
  #bytes: Buffer = nothing;

  /** Takes a piece, which may be overwritten after the call. */
  take(bytes: Buffer, from: number, to: number): void {
    const kept = this.size;
    this.size += to - from;
    if (this.size > mostKeptBytes) {
      this.#bytes = nothing;
      return;
    }
    if (this.size > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.size, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, kept));
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, kept, from, to);
  }

  /**
   * All of it, decoded.
   * @param encoding the header Content-Encoding; undefined where there is none
   * @throws UnreadableBodyError
   */
  read(encoding: string | undefined): Buffer {
    if (this.size > mostKeptBytes) throw new UnreadableBodyError(`body of ${formatBytes(this.size)}, more than 1 MiB`);
    const bytes = this.#bytes.subarray(0, this.size);
    // What was encoded last stands last.
    const encodings = (encoding ?? '').split(',').reverse();
    if (encodings.length > mostEncodings) {
      throw new UnreadableBodyError(`body encoded ${encodings.length} times, which is not read here`);
    }
    return bytes.length === 0 ? nothing : encodings.reduce((decoded, name) => decode(decoded, name), bytes);
  }

  /** Lets go of what was kept. */
  clear(): void {
    this.#bytes = nothing;
  }
}

const options: ZlibOptions = { maxOutputLength: mostKeptBytes };

const decode = (bytes: Buffer, encoding: string): Buffer => {
  const name = encoding.trim().toLowerCase();
  try {
    switch (name) {
      case '':
      case 'identity':
        return bytes;
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, options);
      case 'deflate':
        return inflate(bytes);
      case 'br':
        return brotliDecompressSync(bytes, options);
    }
  } catch (error) {
    const isTooLarge = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    throw new UnreadableBodyError(
      isTooLarge ? `body of more than 1 MiB once its ${name} is decoded` : `body that is not valid ${name}`,
    );
  }
  throw new UnreadableBodyError(`body encoded as ${name}, which is not read here`);
};

/** With or without the header of zlib: servers send both under this name. */
const inflate = (bytes: Buffer): Buffer =>
  (bytes[0]! & 0x0f) === 8 && (bytes[0]! * 256 + (bytes[1] ?? 0)) % 31 === 0
    ? inflateSync(bytes, options)
    : inflateRawSync(bytes, options);
