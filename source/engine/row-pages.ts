// Pages of a file too large to be kept: those that will be needed are read ahead, so that no request waits for the disk. A
// row that is not there yet, as at the beginning, is read at once; the index has just gone over the file, so that it lies
// in the memory of the system. As long as it does, drawn rows are read at once each time: 3 µs, a fifth of what a page that
// is read ahead costs.

import { openSync, read, readSync } from 'node:fs';
import { monotonicNow } from '../common/clock.ts';

/** Memory for pages, in each worker (bytes). */
const memoryBytes = 16 * 1024 * 1024;
/** Rows that follow each other share large pages; drawn ones are far from each other. */
const pageBytes = { inOrder: 262_144, drawn: 4096 };
/** A read that takes longer came from the disk (ms). */
const fromDiskMs = 0.15;
/** What a read from the disk weighs against rows that did not need one: more than one in a hundred is no accident. */
const diskWeight = 100;
/** Drawn rows are read ahead above the lower weight; the upper one is how long that lasts. */
const weights = { ahead: 1000, most: 50_000 };

export class RowPages {
  /** Where the row that was read last begins in what `read` returned. */
  from = 0;
  readonly #file: number;
  readonly #size: number;
  readonly #isDrawn: boolean;
  readonly #fromDiskMs: number;
  /** Reads from the disk, weighed against the rows since. */
  #diskWeight = 0;
  readonly #memory: Buffer;
  /** Slots by page, and pages by slot; -1 for none. */
  readonly #slots = new Map<number, number>();
  readonly #pages: Float64Array;
  /** 1 while a page is read into a slot. */
  readonly #coming: Uint8Array;
  #next = 0;
  /** A row that does not lie in one page. */
  #row = Buffer.alloc(0);

  /**
   * @param isDrawn rows that follow each other in time are far from each other in the file
   * @param fromDisk a read that takes longer came from the disk (ms)
   */
  constructor(path: string, isDrawn: boolean, fromDisk = fromDiskMs) {
    this.#fromDiskMs = fromDisk;
    this.#file = openSync(path, 'r');
    this.#isDrawn = isDrawn;
    this.#size = isDrawn ? pageBytes.drawn : pageBytes.inOrder;
    this.#memory = Buffer.allocUnsafeSlow(memoryBytes);
    this.#pages = new Float64Array(memoryBytes / this.#size).fill(-1);
    this.#coming = new Uint8Array(this.#pages.length);
  }

  /** The bytes that hold a row; it begins at `from` in them. Valid until the next call. */
  read(start: number, end: number): Buffer {
    const first = Math.floor(start / this.#size);
    const slot = this.#slots.get(first);
    if (slot !== undefined && this.#coming[slot] === 0 && end <= (first + 1) * this.#size) {
      this.from = slot * this.#size + start - first * this.#size;
      return this.#memory;
    }
    this.from = 0;
    const length = end - start;
    if (this.#row.length < length) this.#row = Buffer.allocUnsafeSlow(2 * length);
    this.#fill(start, end);
    return this.#row;
  }

  /** Has the pages of a row read that will be needed. */
  expect(start: number, end: number): void {
    if (this.#isDrawn) {
      this.#diskWeight = Math.max(0, this.#diskWeight - 1);
      if (this.#diskWeight < weights.ahead) return;
    }
    const last = Math.floor((end - 1) / this.#size);
    for (let page = Math.floor(start / this.#size); page <= last; page += 1) {
      if (!this.#slots.has(page)) this.#fetch(page);
    }
  }

  /** Puts a row together from pages, or reads it. */
  #fill(start: number, end: number): void {
    for (let at = start; at < end; ) {
      const page = Math.floor(at / this.#size);
      const slot = this.#slots.get(page);
      if (slot === undefined || this.#coming[slot] === 1) {
        this.#readNow(start, end);
        return;
      }
      const until = Math.min(end, (page + 1) * this.#size);
      const from = slot * this.#size + at - page * this.#size;
      this.#memory.copy(this.#row, at - start, from, from + until - at);
      at = until;
    }
  }

  #readNow(start: number, end: number): void {
    const before = monotonicNow();
    const length = readSync(this.#file, this.#row, 0, end - start, start);
    if (monotonicNow() - before > this.#fromDiskMs) {
      this.#diskWeight = Math.min(weights.most, this.#diskWeight + diskWeight);
    }
    // What the file has lost since it was indexed is missing here too.
    this.#row.fill(0x20, length, end - start);
  }

  #fetch(page: number): void {
    const slot = this.#next;
    if (this.#coming[slot] === 1) return;
    this.#next = (slot + 1) % this.#pages.length;
    this.#slots.delete(this.#pages[slot]!);
    this.#pages[slot] = page;
    this.#slots.set(page, slot);
    this.#coming[slot] = 1;
    read(this.#file, this.#memory, slot * this.#size, this.#size, page * this.#size, (error) => {
      this.#coming[slot] = 0;
      if (!error) return;
      this.#slots.delete(page);
      this.#pages[slot] = -1;
    });
  }
}
