// Where the rows of a file begin, as they are found: numbers in memory that all threads share.

export class Offsets {
  count = 0;
  #starts = new Float64Array(1024);

  add(offset: number): void {
    if (this.count + 1 >= this.#starts.length) {
      const larger = new Float64Array(this.#starts.length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.count] = offset;
    this.count += 1;
  }

  /** All of them, and behind the last one where it ends. */
  close(end: number): SharedArrayBuffer {
    const shared = new SharedArrayBuffer((this.count + 1) * Float64Array.BYTES_PER_ELEMENT);
    const offsets = new Float64Array(shared);
    offsets.set(this.#starts.subarray(0, this.count));
    offsets[this.count] = end;
    return shared;
  }
}
