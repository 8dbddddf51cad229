// The figures that bands are judged by, over a sliding window of whole seconds: merged histograms and summed counts, nothing
// is averaged.

import type { Model } from '../common/model.ts';
import { bandWindowMs } from './band.ts';
import { type BandFigures, type Offer, offeredRatio } from './bands.ts';
import { outcomeSummaries } from './by-class.ts';
import { Histogram, type SparseCounts } from './histogram.ts';
import type { OutcomeCount } from './interval.ts';
import { histogramIn, mergeOutcomes, outcomesOf, type Second } from './second.ts';
import { summarise } from './summary.ts';

interface Entry extends Offer {
  readonly lengthMs: number;
  readonly good: number;
  readonly times: SparseCounts;
  readonly outcomes: readonly OutcomeCount[];
  readonly requests: number;
  readonly notGood: number;
}

const entryOf = (second: Second): Entry => {
  const { cells, flows, stocks, lengthMs, late, series } = second;
  const times = histogramIn(cells, (key) => key.type === 'span' && key.span === 'response' && key.group === 'good');
  const failed = histogramIn(cells, (key) => key.type === 'span' && key.span === 'response' && key.group === 'notGood');
  const busyUs = [times, failed].reduce((sum, { count, mean }) => sum + (count === 0 ? 0 : count * mean), 0);
  const notGood = series.reduce((sum, counts) => sum + counts.notGood, 0);
  return {
    lengthMs: late ? 0 : lengthMs,
    good: flows.good,
    times: times.sparse(),
    outcomes: outcomesOf(second),
    requests: notGood + series.reduce((sum, counts) => sum + counts.good, 0),
    notGood,
    due: flows.due,
    ended: flows.good + flows.notGood,
    usersMs: late ? 0 : stocks.users * lengthMs,
    busyMs: busyUs / 1000,
  };
};

export class BandWindow {
  /** Of each second, what came of it, oldest first. */
  readonly #seconds = new Map<number, Entry[]>();

  /** Takes a second in which load was wanted, or what came late of one that it still has. */
  take(second: Second): void {
    const known = this.#seconds.get(second.second);
    if (known) known.push(entryOf(second));
    else if (!second.late) this.#seconds.set(second.second, [entryOf(second)]);
    for (const old of this.#seconds.keys()) {
      if (this.#seconds.size <= bandWindowMs / 1000) break;
      this.#seconds.delete(old);
    }
  }

  figures(model: Model): BandFigures {
    const entries = [...this.#seconds.values()].flat();
    const sum = (of: (entry: Entry) => number): number => entries.reduce((total, entry) => total + of(entry), 0);
    const times = new Histogram();
    for (const entry of entries) times.add(entry.times);
    const seconds = sum(({ lengthMs }) => lengthMs) / 1000;
    const perSecond = (count: number): number => (seconds > 0 ? count / seconds : Number.NaN);
    const outcomes = entries.reduce<readonly OutcomeCount[]>((all, one) => mergeOutcomes(all, one.outcomes), []);
    const requests = sum((entry) => entry.requests);
    return {
      ended: requests,
      notGood: sum(({ notGood }) => notGood),
      classes: new Map(outcomeSummaries(outcomes).map(({ outcome, count }) => [outcome, count])),
      good: summarise(times),
      rate: perSecond(sum(({ good }) => good)),
      requests: perSecond(requests),
      offeredRatio: offeredRatio(model, {
        due: sum(({ due }) => due),
        ended: sum(({ ended }) => ended),
        usersMs: sum(({ usersMs }) => usersMs),
        busyMs: sum(({ busyMs }) => busyMs),
      }),
    };
  }
}
