// The bytes of a file in one pass: at once where it is small enough to be kept, else piece by piece, so that its size is
// never that of this process.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Files up to this are kept whole, once for all threads (bytes). */
const mostKeptBytes = 64 * 1024 * 1024;
const pieceBytes = 4 * 1024 * 1024;
/** A row above this is a quote that does not end (bytes). */
const longestRow = 16 * 1024 * 1024;

/** A file that is gone over once. Rows are looked for from `at` up to `to`. */
export class RowSource {
  bytes: Buffer;
  at = 0;
  to: number;
  /** Nothing follows after `to`. */
  isLast: boolean;
  /** All bytes, where they are kept. */
  readonly kept: SharedArrayBuffer | undefined;
  readonly #file: number;
  readonly #size: number;
  /** Where `bytes` begins in the file. */
  #base = 0;

  /** @param mostKept files up to this are kept whole */
  constructor(path: string, mostKept = mostKeptBytes, piece = pieceBytes) {
    this.#file = openSync(path, 'r');
    this.#size = fstatSync(this.#file).size;
    this.kept = this.#size <= mostKept ? new SharedArrayBuffer(this.#size) : undefined;
    this.bytes = this.kept ? Buffer.from(this.kept) : Buffer.allocUnsafeSlow(piece);
    this.to = this.#fill(0);
    this.isLast = this.to >= this.#size || this.kept !== undefined;
  }

  /** Where `at` is in the file. */
  get offset(): number {
    return this.#base + this.at;
  }

  /** Reads on, from `at`; false where a row is longer than any can be. */
  more(): boolean {
    const left = this.to - this.at;
    if (left > longestRow) return false;
    const bytes = left > this.bytes.length / 2 ? Buffer.allocUnsafeSlow(this.bytes.length * 2) : this.bytes;
    this.bytes.copy(bytes, 0, this.at, this.to);
    this.bytes = bytes;
    this.#base += this.at;
    this.at = 0;
    this.to = this.#fill(left);
    this.isLast = this.#base + this.to >= this.#size || this.to === left;
    return true;
  }

  close(): void {
    closeSync(this.#file);
  }

  #fill(from: number): number {
    let to = from;
    while (to < this.bytes.length) {
      const length = readSync(this.#file, this.bytes, to, this.bytes.length - to, this.#base + to);
      if (length === 0) break;
      to += length;
    }
    return to;
  }
}
