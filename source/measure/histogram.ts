// Histograms of spans in microseconds, in the index layout of HdrHistogram with 3 significant digits (Tene,
// hdrhistogram.org): linear up to 2,047 µs, then 1,024 sub-buckets for each doubling. Counting is ours, because it is on
// the request path (1 ns an entry); the exchange format (HdrHistogram V2, compressed, base64) is hdr-histogram-js's.

import hdr from 'hdr-histogram-js';

/** The largest span that is told apart: 2³¹ − 1 µs, 35 minutes. Longer ones count as this. */
export const largestUs = 0x7fff_ffff;

/** Number of counters of a histogram. */
export const slotCount = 22_528;

/** The counter of a span of whole microseconds, 0 to `largestUs`. */
export const slotOf = (us: number): number => {
  if (us < 2048) return us;
  const shift = 21 - Math.clz32(us);
  return ((shift + 1) << 10) + ((us >>> shift) - 1024);
};

/** The smallest span that falls into a counter (µs). */
export const lowestOf = (slot: number): number => {
  if (slot < 2048) return slot;
  const shift = (slot >> 10) - 1;
  return ((slot & 1023) + 1024) * 2 ** shift;
};

/** The largest span that falls into a counter (µs). HdrHistogram reports percentiles as this. */
const highestOf = (slot: number): number => (slot < 2048 ? slot : lowestOf(slot) + 2 ** ((slot >> 10) - 1) - 1);

/** (slot, count) pairs, ascending by slot: how a histogram travels from a worker. */
export type SparseCounts = Uint32Array;

/** Counts of spans. A bare counter array with the range that was touched, so that reading it out is cheap. */
export class Histogram {
  readonly counts = new Uint32Array(slotCount);
  #low = slotCount;
  #high = -1;
  #total = 0;

  /** Number of spans recorded. */
  get count(): number {
    return this.#total;
  }

  /** Records a span of `ms` milliseconds; below 0 counts as 0, above 35 minutes as 35 minutes. */
  record(ms: number): void {
    const us = ms * 1000;
    const slot = slotOf(us >= largestUs ? largestUs : us > 0 ? (us + 0.5) | 0 : 0);
    this.counts[slot]! += 1;
    this.#total += 1;
    if (slot < this.#low) this.#low = slot;
    if (slot > this.#high) this.#high = slot;
  }

  /** Adds counts that were taken elsewhere. */
  add(pairs: SparseCounts): void {
    for (let at = 0; at < pairs.length; at += 2) {
      const slot = pairs[at]!;
      const count = pairs[at + 1]!;
      this.counts[slot]! += count;
      this.#total += count;
      if (slot < this.#low) this.#low = slot;
      if (slot > this.#high) this.#high = slot;
    }
  }

  /** Takes away counts that were added before. */
  remove(pairs: SparseCounts): void {
    for (let at = 0; at < pairs.length; at += 2) {
      const count = pairs[at + 1]!;
      this.counts[pairs[at]!]! -= count;
      this.#total -= count;
    }
    while (this.#low <= this.#high && this.counts[this.#low] === 0) this.#low += 1;
    while (this.#high >= this.#low && this.counts[this.#high] === 0) this.#high -= 1;
    if (this.#high < this.#low) this.reset();
  }

  /** Adds all of another histogram. */
  merge(other: Histogram): void {
    this.add(other.sparse());
  }

  /** The counters that are not 0. */
  sparse(): SparseCounts {
    const { counts } = this;
    let used = 0;
    for (let slot = this.#low; slot <= this.#high; slot += 1) if (counts[slot]! > 0) used += 1;
    const pairs = new Uint32Array(used * 2);
    let at = 0;
    for (let slot = this.#low; slot <= this.#high; slot += 1) {
      const count = counts[slot]!;
      if (count === 0) continue;
      pairs[at] = slot;
      pairs[at + 1] = count;
      at += 2;
    }
    return pairs;
  }

  /** Forgets everything; costs as much as the range that was touched. */
  reset(): void {
    if (this.#high >= 0) this.counts.fill(0, this.#low, this.#high + 1);
    this.#low = slotCount;
    this.#high = -1;
    this.#total = 0;
  }

  /**
   * The span (µs) that `share` of all recorded spans do not exceed, within 0.1 %; NaN without data.
   * @param share 0 to 1, such as 0.99
   */
  percentile(share: number): number {
    return this.percentiles([share])[0]!;
  }

  /** Several percentiles in one pass, as `percentile`. @param shares ascending */
  percentiles(shares: readonly number[]): number[] {
    if (this.#total === 0) return shares.map(() => Number.NaN);
    const found: number[] = [];
    let slot = this.#low;
    let seen = this.counts[slot]!;
    for (const share of shares) {
      // As HdrHistogram: the smallest value whose cumulative count reaches the share, at least one.
      const wanted = Math.max(1, Math.ceil(share * this.#total - 1e-9));
      while (seen < wanted && slot < this.#high) {
        slot += 1;
        seen += this.counts[slot]!;
      }
      found.push(highestOf(slot));
    }
    return found;
  }

  /** Mean (µs), within 0.1 %; NaN without data. */
  get mean(): number {
    let sum = 0;
    for (let slot = this.#low; slot <= this.#high; slot += 1) {
      const count = this.counts[slot]!;
      if (count > 0) sum += count * ((lowestOf(slot) + highestOf(slot)) / 2);
    }
    return this.#total === 0 ? Number.NaN : sum / this.#total;
  }

  /** The smallest recorded span (µs), within 0.1 %; NaN without data. */
  get min(): number {
    return this.#total === 0 ? Number.NaN : lowestOf(this.#low);
  }

  /** The largest recorded span (µs), within 0.1 %; NaN without data. */
  get max(): number {
    return this.#total === 0 ? Number.NaN : highestOf(this.#high);
  }
}

/** Must be awaited once before `encodeCounts` is used: hdr-histogram-js loads its WebAssembly. */
export const readyToEncode = async (): Promise<void> => {
  await hdr.initWebAssembly();
};

/** The counts as HdrHistogram V2, deflated and in base64, values in microseconds. Every HdrHistogram tool reads it. */
export const encodeCounts = (pairs: SparseCounts): string => {
  const histogram = hdr.build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: largestUs,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: true,
  });
  try {
    for (let at = 0; at < pairs.length; at += 2) {
      histogram.recordValueWithCount(highestOf(pairs[at]!), pairs[at + 1]!);
    }
    return hdr.encodeIntoCompressedBase64(histogram);
  } finally {
    histogram.destroy();
  }
};

/**
 * The counts of a histogram that `encodeCounts`, or another HdrHistogram tool, wrote.
 * @throws Error where the text is none
 */
export const decodeCounts = (text: string): SparseCounts => {
  const decoded = hdr.decodeFromCompressedBase64(text, 32, false);
  if (!(decoded instanceof hdr.JsHistogram))
    throw new Error('hdr-histogram-js decoded into a histogram it does not name');
  const histogram = new Histogram();
  const recorded = decoded.recordedValuesIterator;
  recorded.reset();
  while (recorded.hasNext()) {
    const { valueIteratedTo, countAtValueIteratedTo } = recorded.next();
    histogram.add(Uint32Array.of(slotOf(Math.min(valueIteratedTo, largestUs)), countAtValueIteratedTo));
  }
  return histogram.sparse();
};
