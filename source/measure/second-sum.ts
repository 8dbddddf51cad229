// The second that is being filled: counts and histograms of all shares that grow until they are read out. When a second
// closes is timeline.ts.

import { Histogram, type SparseCounts } from './histogram.ts';
import {
  type AddressCount,
  addFlows,
  eachHistogram,
  type Flows,
  type Interval,
  joinHistograms,
  noFlows,
  type SeriesCount,
} from './interval.ts';
import { type MetricCount, mergeMetrics } from './metric.ts';
import { histogramIn, mergeAddresses, mergeSeries, percentilesOf, type Second } from './second.ts';

/** Counts that grow until they are read out. */
export class Sum {
  readonly flows: Flows = noFlows();
  readonly series = new Map<number, SeriesCount>();
  readonly metrics = new Map<number, MetricCount>();
  readonly addresses = new Map<string, AddressCount>();
  readonly #histograms = new Map<number, Histogram>();
  ownErrors = 0;
  empty = true;

  add(interval: Interval): void {
    this.empty = false;
    addFlows(this.flows, interval.flows);
    mergeSeries(this.series, interval.series);
    mergeMetrics(this.metrics, interval.metrics);
    mergeAddresses(this.addresses, interval.addresses);
    this.ownErrors += interval.ownErrors;
    eachHistogram(interval.cells, (key, pairs) => this.#histogram(key).add(pairs));
  }

  /** The histograms, joined. */
  cells(): Uint32Array {
    const parts: [number, SparseCounts][] = [];
    for (const [key, histogram] of this.#histograms) if (histogram.count > 0) parts.push([key, histogram.sparse()]);
    return joinHistograms(parts);
  }

  reset(): void {
    Object.assign(this.flows, noFlows());
    this.series.clear();
    this.metrics.clear();
    this.addresses.clear();
    for (const histogram of this.#histograms.values()) histogram.reset();
    this.ownErrors = 0;
    this.empty = true;
  }

  #histogram(key: number): Histogram {
    const known = this.#histograms.get(key);
    if (known) return known;
    const made = new Histogram();
    this.#histograms.set(key, made);
    return made;
  }
}

/** The second with what was summed up. */
export const secondOf = (
  sum: Sum,
  second: number,
  rest: Pick<Second, 'lengthMs' | 'late' | 'partial' | 'stocks' | 'loopUtilisation' | 'workers'>,
): Second => {
  const cells = sum.cells();
  const good = histogramIn(cells, (key) => key.type === 'span' && key.span === 'response' && key.group === 'good');
  const service = histogramIn(cells, (key) => key.type === 'span' && key.span === 'service' && key.group === 'good');
  const pacing = histogramIn(cells, (key) => key.type === 'wait' && key.wait === 'pacing');
  return {
    second,
    ...rest,
    flows: { ...sum.flows },
    series: [...sum.series.values()].sort((a, b) => a.series - b.series),
    metrics: [...sum.metrics.values()].sort((a, b) => a.metric - b.metric),
    addresses: [...sum.addresses.values()].sort((a, b) => (a.address < b.address ? -1 : 1)),
    cells,
    ownErrors: sum.ownErrors,
    good: percentilesOf(good),
    serviceP50Ms: service.percentile(0.5) / 1000,
    pacingP99Ms: pacing.percentile(0.99) / 1000,
  };
};
