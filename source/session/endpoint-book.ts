// What each series of a run did over the last seconds, for the table of endpoints: counts since the start, and the counts
// and histograms of a window, from which rates and percentiles are read once a second. There may be hundreds of series.

import { Histogram, type SparseCounts } from '../measure/histogram.ts';
import { eachHistogram, readKey, type SeriesCount } from '../measure/interval.ts';
import { noPercentiles, percentilesOf, type Second } from '../measure/second.ts';
import { responseGroup } from './recent.ts';
import { type EndpointState, endpointWindowMs } from './state.ts';

const windowSeconds = endpointWindowMs / 1000;

/** What a series did in a second; one that came late stands beside the one it belongs to. */
interface Part {
  readonly second: number;
  readonly counts: Omit<SeriesCount, 'series' | 'outcomes'>;
  /** Response times of good requests. */
  readonly good: SparseCounts;
}

interface Account {
  parts: Part[];
  total: number;
  totalNotGood: number;
  state: EndpointState;
}

const nothing = new Uint32Array(0);

export class EndpointBook {
  readonly #accounts: Account[] = [];
  readonly #merged = new Histogram();
  /** Lengths of the seconds of the window, ms, by second. */
  readonly #lengths = new Map<number, number>();
  #newest = -1;

  /**
   * Enters a second, or what came late of one.
   * @param names of the series, by index @param words what their requests hold
   */
  take(second: Second, names: readonly string[], words: readonly (string | null)[] = []): readonly EndpointState[] {
    if (!second.late) {
      this.#newest = second.second;
      this.#lengths.set(second.second, Math.max(1, second.lengthMs));
      for (const old of this.#lengths.keys()) if (old <= this.#newest - windowSeconds) this.#lengths.delete(old);
    }
    for (let index = this.#accounts.length; index < names.length; index += 1)
      this.#open(index, quiet(names[index]!, words[index]));
    const good = goodBySeries(second.cells);
    for (const { series, outcomes: _, ...counts } of second.series) {
      const account = this.#accounts[series];
      if (!account) continue;
      account.total += counts.good + counts.notGood;
      account.totalNotGood += counts.notGood;
      account.parts.push({ second: second.second, counts, good: good.get(series) ?? nothing });
      if (second.late) this.#read(account);
    }
    if (!second.late) for (const account of this.#accounts) this.#read(account);
    return this.#accounts.map(({ state }) => state);
  }

  #open(index: number, state: EndpointState): void {
    this.#accounts[index] = { parts: [], total: 0, totalNotGood: 0, state };
  }

  #read(account: Account): void {
    const { name, items } = account.state;
    const parts = account.parts.filter(({ second }) => second > this.#newest - windowSeconds);
    account.parts = parts;
    const { total, totalNotGood } = account;
    if (parts.length === 0) {
      account.state = { ...quiet(name, items?.name), total, totalNotGood };
      return;
    }
    const windowMs = [...this.#lengths.values()].reduce((sum, lengthMs) => sum + lengthMs, 0);
    const perSecond = (of: (counts: Part['counts']) => number): number =>
      (parts.reduce((sum, { counts }) => sum + of(counts), 0) * 1000) / windowMs;
    const ended = perSecond((counts) => counts.good + counts.notGood);
    this.#merged.reset();
    for (const { good } of parts) this.#merged.add(good);
    account.state = {
      name,
      perSecond: ended,
      good: percentilesOf(this.#merged),
      notGoodShare: perSecond((counts) => counts.notGood) / ended,
      bytesOut: perSecond((counts) => counts.bytesOut),
      bytesIn: perSecond((counts) => counts.bytesIn),
      ...(items && { items: { name: items.name, perSecond: perSecond((counts) => counts.items ?? 0) } }),
      total,
      totalNotGood,
    };
  }
}

/** A series of which nothing ended in the window. */
const quiet = (name: string, word?: string | null): EndpointState => ({
  name,
  perSecond: 0,
  good: noPercentiles,
  notGoodShare: Number.NaN,
  bytesOut: 0,
  bytesIn: 0,
  ...(word && { items: { name: word, perSecond: 0 } }),
  total: 0,
  totalNotGood: 0,
});

const goodBySeries = (cells: Uint32Array): Map<number, SparseCounts> => {
  const found = new Map<number, SparseCounts>();
  eachHistogram(cells, (key, pairs) => {
    if (responseGroup(key) !== 0) return;
    const cell = readKey(key);
    if (cell.type === 'span') found.set(cell.series, pairs);
  });
  return found;
};
