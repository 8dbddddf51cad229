// What was counted beside the requests, as the screen shows it: totals since the start, and the last seconds of each metric,
// whose figures are read once a second. There may be hundreds of metrics; only so many have a course over time.

import { safeText } from '../common/safe-text.ts';
import { Histogram, type SparseCounts } from '../measure/histogram.ts';
import { eachHistogram, readKey } from '../measure/interval.ts';
import { addMetric, type Metric, type MetricCount } from '../measure/metric.ts';
import { noTrend, trendFigures } from '../measure/metric-figures.ts';
import type { Second } from '../measure/second.ts';
import { type MetricState, metricWindowMs } from './state.ts';

const windowSeconds = metricWindowMs / 1000;

/** What was counted of a metric in a second; what came late stands beside the one it belongs to. */
interface Part {
  readonly second: number;
  readonly counted: MetricCount;
  readonly values: SparseCounts | undefined;
}

interface Account {
  readonly metric: Metric;
  parts: Part[];
  total: MetricCount | undefined;
  state: MetricState;
}

/** Keeps the course of a metric; see `RunHistory`. */
export type Enter = (metric: number, second: number, value: number) => void;

export class MetricBook {
  readonly #accounts: Account[] = [];
  readonly #merged = new Histogram();
  #newest = -1;
  #lengthMs = 1000;

  /**
   * Enters a second, or what came late of one.
   * @param metrics of the run @param series names of its series, by index @param enter takes the value of a second
   */
  take(second: Second, metrics: readonly Metric[], series: readonly string[], enter: Enter): readonly MetricState[] {
    if (!second.late) {
      this.#newest = second.second;
      this.#lengthMs = Math.max(1, second.lengthMs);
    }
    for (let index = this.#accounts.length; index < metrics.length; index += 1) {
      const metric = metrics[index]!;
      this.#accounts.push({ metric, parts: [], total: undefined, state: uncounted(metric, series) });
    }
    const trends = second.metrics.length === 0 ? undefined : trendsIn(second.cells);
    for (const counted of second.metrics) {
      const account = this.#accounts[counted.metric];
      if (!account) continue;
      account.total = sumOf(account.total, counted);
      account.parts.push({ second: second.second, counted, values: trends?.get(counted.metric) });
      if (second.late) this.#read(counted.metric, account, second.second, enter);
    }
    if (!second.late) {
      for (const [index, account] of this.#accounts.entries()) this.#read(index, account, second.second, enter);
    }
    return this.#accounts.map(({ state }) => state);
  }

  /** Reads the figures of a metric anew, and the value of the second that changed. */
  #read(index: number, account: Account, changed: number, enter: Enter): void {
    const { metric, total } = account;
    account.parts = account.parts.filter(({ second }) => second > this.#newest - windowSeconds);
    const { parts } = account;
    const recent = this.#figures(metric, parts);
    const latest = countedIn(parts, this.#newest);
    account.state = {
      ...account.state,
      ...(total && { count: total.count, sum: total.sum, newest: total.last, exampleAt: total.exampleAt }),
      ...(total?.example !== undefined && { example: safeText(total.example) }),
      perSecond: ((metric.kind === 'counter' ? (latest?.sum ?? 0) : (latest?.count ?? 0)) * 1000) / this.#lengthMs,
      share: recent.share,
      recent: recent.trend,
    };
    // What came later than it is kept has no value of its own any more.
    if (changed > this.#newest - windowSeconds) enter(index, changed, this.#valueAt(account, changed));
  }

  /** The value of a second in the course of a metric; NaN where there is none. */
  #valueAt({ metric, parts, total }: Account, second: number): number {
    const own = parts.filter((part) => part.second === second);
    switch (metric.kind) {
      case 'counter':
        return ((countedIn(own, second)?.sum ?? 0) * 1000) / (second === this.#newest ? this.#lengthMs : 1000);
      case 'rate':
        return this.#figures(metric, own).share;
      case 'gauge':
        return countedIn(own, second)?.last ?? total?.last ?? Number.NaN;
      case 'trend':
        return this.#figures(metric, own).trend.p95;
    }
  }

  #figures(metric: Metric, parts: readonly Part[]) {
    const counted = parts.reduce<MetricCount | undefined>((sum, part) => sumOf(sum, part.counted), undefined);
    if (counted === undefined) return { share: Number.NaN, trend: noTrend };
    const share = metric.kind === 'rate' ? counted.sum / counted.count : Number.NaN;
    if (metric.kind !== 'trend') return { share, trend: noTrend };
    this.#merged.reset();
    for (const { values } of parts) if (values) this.#merged.add(values);
    return { share, trend: trendFigures(metric, counted, this.#merged) };
  }
}

const uncounted = (metric: Metric, series: readonly string[]): MetricState => ({
  ...metric,
  name: safeText(metric.name),
  series: metric.series === undefined ? undefined : series[metric.series],
  ...{ count: 0, sum: 0, perSecond: 0, share: Number.NaN, newest: Number.NaN },
  ...{ recent: noTrend, example: undefined, exampleAt: undefined },
});

const sumOf = (a: MetricCount | undefined, b: MetricCount): MetricCount => (a === undefined ? b : addMetric(a, b));

const countedIn = (parts: readonly Part[], second: number): MetricCount | undefined =>
  parts
    .filter((part) => part.second === second)
    .reduce<MetricCount | undefined>((sum, { counted }) => sumOf(sum, counted), undefined);

const trendsIn = (cells: Uint32Array): Map<number, SparseCounts> => {
  const found = new Map<number, SparseCounts>();
  eachHistogram(cells, (key, pairs) => {
    const cell = readKey(key);
    if (cell.type === 'metric') found.set(cell.metric, pairs);
  });
  return found;
};
