// What went on while a round of bursts was out: how many requests were stuck, and what became of the loads beside it, held
// against the time in which those were alone. So the question "do uploads hurt the others" has a number for each round.

import type { BurstRound, OthersFigures, RoundBeside } from './burst.ts';
import { Histogram, type SparseCounts } from './histogram.ts';
import { eachHistogram, readKey, sliceMs } from './interval.ts';
import type { Slice } from './second.ts';

/** What a slice says of the loads beside. */
interface Seen {
  readonly slice: number;
  readonly stuck: number;
  readonly good: readonly SparseCounts[];
  readonly notGood: number;
}

/** A stretch of slices of the loads beside, added up. */
class Stretch {
  readonly #good = new Histogram();
  #notGood = 0;

  add({ good, notGood }: Seen): void {
    for (const pairs of good) this.#good.add(pairs);
    this.#notGood += notGood;
  }

  get figures(): Pick<OthersFigures, 'good' | 'notGood' | 'p50' | 'p95'> {
    const [p50 = Number.NaN, p95 = Number.NaN] = this.#good.percentiles([0.5, 0.95]);
    return { good: this.#good.count, notGood: this.#notGood, p50: p50 / 1000, p95: p95 / 1000 };
  }
}

/** Slices that are kept for rounds: of one that takes longer than these ten minutes, what went on beside its last ones. */
const mostSeen = 6000;

type Weighed = readonly { readonly round: number; readonly size: number; readonly beside: RoundBeside }[];

export class RoundWatch {
  readonly #series: ReadonlySet<number>;
  readonly #fromSlice: number;
  /** Slices that a round may still ask for. */
  #seen: Seen[] = [];
  /** Rounds that have ended, but for whose last slice. */
  #rounds: BurstRound[] = [];
  #alone: Stretch | undefined;
  /** What was before the slices that are kept, as long as no round was weighed: a run may be long, or without rounds. */
  #before: Stretch | undefined;

  /** @param series those of the loads beside @param fromMs run time from which it counts how they are alone: the warm-up's end */
  constructor(series: readonly number[], fromMs: number) {
    this.#series = new Set(series);
    this.#fromSlice = Math.ceil(fromMs / sliceMs);
  }

  /** A round has ended. */
  ended(round: BurstRound): void {
    this.#rounds.push(round);
  }

  /** The rounds of which all is known after the slice. */
  take(slice: Slice): Weighed {
    this.#seen.push(this.#look(slice));
    if (this.#seen.length > mostSeen) this.#fold(this.#seen.shift()!);
    return this.#weigh(slice.slice);
  }

  /** The rounds that are left at the end of the run. */
  finish(): Weighed {
    return this.#weigh(Infinity);
  }

  #fold(seen: Seen): void {
    if (this.#alone || this.#series.size === 0 || seen.slice < this.#fromSlice) return;
    this.#before ??= new Stretch();
    this.#before.add(seen);
  }

  #look({ slice, stocks, cells }: Slice): Seen {
    const good: SparseCounts[] = [];
    let notGood = 0;
    if (this.#series.size > 0) {
      for (const buffer of cells) {
        eachHistogram(buffer, (key, pairs) => {
          const cell = readKey(key);
          if (cell.type !== 'span' || cell.span !== 'response' || !this.#series.has(cell.series)) return;
          if (cell.group === 'good') good.push(pairs);
          else for (let at = 1; at < pairs.length; at += 2) notGood += pairs[at]!;
        });
      }
    }
    return { slice, stuck: stocks.stuck, good, notGood };
  }

  #weigh(newest: number): Weighed {
    const known = this.#rounds.filter((round) => lastSliceOf(round) <= newest);
    this.#rounds = this.#rounds.filter((round) => lastSliceOf(round) > newest);
    return known.map((round) => ({ round: round.round, size: round.size, beside: this.#besideOf(round) }));
  }

  #besideOf(round: BurstRound): RoundBeside {
    const first = Math.floor(round.releasedAt / sliceMs);
    const last = lastSliceOf(round);
    this.#alone ??= this.#stretch(
      this.#seen.filter(({ slice }) => slice >= this.#fromSlice && slice < first),
      this.#before,
    );
    const during = this.#seen.filter(({ slice }) => slice >= first && slice <= last);
    // Rounds come one after the other: no later one asks for what was before.
    this.#seen = this.#seen.filter(({ slice }) => slice > last);
    const stuck = during.reduce((most, seen) => Math.max(most, seen.stuck), 0);
    return this.#series.size === 0 ? { stuck } : { stuck, others: this.#othersOf(this.#stretch(during)) };
  }

  #stretch(seen: readonly Seen[], stretch = new Stretch()): Stretch {
    for (const one of seen) stretch.add(one);
    return stretch;
  }

  #othersOf(during: Stretch): OthersFigures {
    const alone = this.#alone?.figures;
    const { figures } = during;
    if (!alone || alone.good === 0) return figures;
    const ratio = figures.good === 0 ? {} : { p95Ratio: figures.p95 / alone.p95 };
    return { ...figures, ...ratio, alone };
  }
}

const lastSliceOf = ({ releasedAt, totalMs }: BurstRound): number => Math.floor((releasedAt + totalMs) / sliceMs);
