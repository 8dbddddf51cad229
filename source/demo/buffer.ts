// A queue with a bound, for events that wait for the flusher. All of a request goes in or nothing does; what comes out
// is looked at first and removed when it is safe elsewhere, so that nothing is lost between the two.

export class BoundedBuffer<T> {
  readonly #limit: () => number;
  #items: T[] = [];
  /** Items before this index are removed already. */
  #head = 0;
  #turnedAway = 0;

  /** `limit` is asked each time, because it can be changed while running. */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** Items waiting, those being written included. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  get limit(): number {
    return this.#limit();
  }

  /** Items that found no room so far. */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  /** 0 empty to 1 full. */
  get fill(): number {
    return Math.min(1, this.size / this.limit);
  }

  /** Adds all items, or none where there is no room for all; says which. */
  add(items: readonly T[]): boolean {
    if (this.size + items.length > this.limit) {
      this.#turnedAway += items.length;
      return false;
    }
    for (const item of items) this.#items.push(item);
    return true;
  }

  /** The oldest items, `count` at the most, left where they are. */
  peek(count: number): readonly T[] {
    return this.#items.slice(this.#head, this.#head + count);
  }

  /** Removes the oldest `count` items. */
  remove(count: number): void {
    this.#head = Math.min(this.#items.length, this.#head + count);
    // Moving the rest to the front each time would cost the whole buffer 50 times a second.
    if (this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
