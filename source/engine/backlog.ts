// Arrivals that are due and wait for room, first in, first out, in growing flat memory: a stalled target at 10,000/s
// leaves a million of them in 100 s.

const fields = 3;
const firstCapacity = 1024;

/** Arrivals one worker keeps waiting at the most (100 MB); further ones are dropped, and that is said. */
export const backlogLimit = 4_194_304;

/** A waiting arrival: its number, its intended instant and when it was taken up. */
export interface Waiting {
  n: number;
  intendedAt: number;
  takenAt: number;
}

export class Backlog {
  #ring = new Float64Array(firstCapacity * fields);
  #capacity = firstCapacity;
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The intended instant of the arrival that waits longest; undefined when none does. */
  get oldestIntendedAt(): number | undefined {
    return this.#size === 0 ? undefined : this.#ring[this.#head * fields + 1];
  }

  /** Adds an arrival; false when the limit is reached. */
  push(n: number, intendedAt: number, takenAt: number): boolean {
    if (this.#size === this.#capacity && !this.#grow()) return false;
    const at = ((this.#head + this.#size) % this.#capacity) * fields;
    this.#ring[at] = n;
    this.#ring[at + 1] = intendedAt;
    this.#ring[at + 2] = takenAt;
    this.#size += 1;
    return true;
  }

  /** Takes the oldest arrival out, into an object that the caller keeps for that; false when there is none. */
  shift(into: Waiting): boolean {
    if (this.#size === 0) return false;
    const at = this.#head * fields;
    into.n = this.#ring[at]!;
    into.intendedAt = this.#ring[at + 1]!;
    into.takenAt = this.#ring[at + 2]!;
    this.#head = (this.#head + 1) % this.#capacity;
    this.#size -= 1;
    return true;
  }

  /** Forgets all; returns how many there were. */
  clear(): number {
    const size = this.#size;
    this.#head = 0;
    this.#size = 0;
    return size;
  }

  /** Moves the intended instants and the waiting of all by `ms`: they were held by a pause of that length. */
  move(ms: number): void {
    for (let index = 0; index < this.#size; index += 1) {
      const at = ((this.#head + index) % this.#capacity) * fields;
      this.#ring[at + 1]! += ms;
      this.#ring[at + 2]! += ms;
    }
  }

  #grow(): boolean {
    if (this.#capacity >= backlogLimit) return false;
    const next = new Float64Array(this.#capacity * 2 * fields);
    const first = this.#ring.subarray(this.#head * fields);
    next.set(first);
    next.set(this.#ring.subarray(0, this.#head * fields), first.length);
    this.#ring = next;
    this.#capacity *= 2;
    this.#head = 0;
    return true;
  }
}
