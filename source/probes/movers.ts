// Finds the families that moved most since before the load. Rows must not hop: what was chosen stays for ten seconds, and
// gives way only to what moved a good deal more.

import type { Family } from './metric-family.ts';
import type { Course, ScrapeBook } from './scrape-book.ts';
import { readingUnit } from './signal.ts';

/** How far a number moved, of what it was: 3 for four times as much; above 0 and `Infinity` never. */
export const movedBy = ({ now, baseline }: Course, least: number): number =>
  Number.isNaN(now - baseline) ? 0 : Math.abs(now - baseline) / Math.max(Math.abs(baseline), least);

/** Changes by less than this say nothing; in the unit of readings. */
const leastChange: Readonly<Record<string, number>> = { ms: 1, bytes: 1024 * 1024, ratio: 0.05 };

const choiceMs = 10_000;
/** How many times more a newcomer must have moved than the one it replaces. */
const newcomer = 2;
/** What changed by less than a half is not worth a row. */
const leastMove = 0.5;

export class Movers {
  #chosen: readonly string[] = [];
  #chosenAt = Number.NEGATIVE_INFINITY;

  /**
   * The names of the families that moved most, most first as they were when they were chosen.
   * @param at local monotonic time of the scrape, ms
   */
  choose(at: number, families: readonly Family[], book: ScrapeBook, most: number): readonly string[] {
    if (book.isFirst) return [];
    if (at - this.#chosenAt < choiceMs && this.#chosen.length > 0) return this.#chosen;
    this.#chosenAt = at;
    const scored = families
      .flatMap((family) => {
        const course = book.course(family.name);
        const score = course ? movedBy(course, leastChange[readingUnit(family).unit] ?? 1) : 0;
        const kept = this.#chosen.includes(family.name) ? newcomer : 1;
        return score >= leastMove ? [{ name: family.name, weight: score * kept }] : [];
      })
      .toSorted((a, b) => b.weight - a.weight);
    this.#chosen = scored.slice(0, most).map(({ name }) => name);
    return this.#chosen;
  }
}
