// Exchanges whose user rests until an instant of its own: a binary heap, as thousands of users think at once.

import type { Exchange } from './exchange.ts';

interface Rest {
  readonly exchange: Exchange;
  readonly until: number;
}

export class Resting {
  #heap: Rest[] = [];

  /** When the first of them goes on (run clock, ms); Infinity without any. */
  get nextAt(): number {
    return this.#heap[0]?.until ?? Infinity;
  }

  add(exchange: Exchange, until: number): void {
    const heap = this.#heap;
    heap.push({ exchange, until });
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.until <= heap[at]!.until) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Takes out the first of those that have rested, in the order of their instants; undefined where none has. */
  take(now: number): Rest | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.until > now) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  /** Takes out all for which `leaves` holds. */
  dismiss(leaves: (exchange: Exchange) => boolean): readonly Exchange[] {
    const gone = this.#heap.filter(({ exchange }) => leaves(exchange));
    if (gone.length === 0) return [];
    const rest = this.#heap.filter(({ exchange }) => !leaves(exchange));
    this.#heap = [];
    for (const { exchange, until } of rest) this.add(exchange, until);
    return gone.map(({ exchange }) => exchange);
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && heap[right]!.until < heap[left]!.until ? right : left;
      if (heap[at]!.until <= heap[child]!.until) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}
