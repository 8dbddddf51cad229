// How many requests ended in each way, second by second for an hour: a column for each class that was seen.

import { Series } from '../common/series.ts';
import { classOfCause } from '../measure/cause.ts';
import { type OutcomeClass, outcomeClasses } from '../measure/outcome.ts';
import type { Second } from '../measure/second.ts';

const capacity = 3600;

export class OutcomeColumns {
  readonly #columns = new Map<OutcomeClass, Series>();
  /** 1 for each second that was measured: a class that is new was not seen in these. */
  readonly #measured = new Series(1000, capacity);

  /** Requests per second; undefined for a class that was not seen. */
  get(name: OutcomeClass): Series | undefined {
    return this.#columns.get(name);
  }

  /** Enters a second, or what came late of one that was measured. */
  take({ second, late, lengthMs, series }: Second): void {
    if (late && Number.isNaN(this.#measured.get(second))) return;
    if (!late) {
      this.#measured.set(second, 1);
      for (const column of this.#columns.values()) column.set(second, 0);
    }
    const scale = late ? 1 : 1000 / Math.max(1, lengthMs);
    for (const { outcomes } of series) {
      for (const { cause, count } of outcomes) {
        const column = this.#columnOf(outcomeClasses[classOfCause(cause)]!.name);
        column.set(second, column.get(second) + count * scale);
      }
    }
  }

  #columnOf(name: OutcomeClass): Series {
    const known = this.#columns.get(name);
    if (known) return known;
    const made = new Series(1000, capacity);
    this.#columns.set(name, made);
    const { newest } = this.#measured;
    for (let second = Math.max(0, newest - capacity + 1); second <= newest; second += 1) {
      if (!Number.isNaN(this.#measured.get(second))) made.set(second, 0);
    }
    return made;
  }
}
