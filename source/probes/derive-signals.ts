// Turns signals into readings, one scrape after the other: keeps for each signal the window that its rate or quantile
// is taken from, and says why there is no number where there is none yet.

import { safeText } from '../common/safe-text.ts';
import { bucketQuantile, CounterWindow, type Increase } from './metric-window.ts';
import type { ProbeValue, Reading } from './probe.ts';
import { type Signal, wanted } from './signal.ts';

type Derived = { readonly value: number; readonly atLeast?: boolean } | { readonly reason: string };

const first = 'needs a second reading';

export class SignalDeriver {
  readonly #windows = new Map<string, CounterWindow>();

  /**
   * The readings of a scrape, ranked in the order of its signals.
   * @param at local monotonic time at which the scrape came, ms
   */
  read(at: number, signals: readonly Signal[]): ProbeValue[] {
    const shown = new Set(signals.map(({ metric }) => metric));
    for (const metric of this.#windows.keys()) if (!shown.has(metric)) this.#windows.delete(metric);
    return signals.map((signal, rank) => this.#value(at, signal, rank));
  }

  #value(at: number, signal: Signal, rank: number): ProbeValue {
    const { source } = signal;
    const metric = safeText(signal.metric, 80);
    const { label } = signal;
    const number = this.#number(at, signal);
    if ('reason' in number) return { type: 'gap', metric, label, rank, reason: number.reason };
    if (!Number.isFinite(number.value)) {
      const reason = Number.isNaN(number.value) ? 'the target says NaN' : 'the target says infinity';
      return { type: 'gap', metric, label, rank, reason };
    }
    const reading = { type: 'value', metric, label, value: number.value, rank } as const;
    if (source.type === 'gauge') {
      const gauge: Reading = { ...reading, kind: 'gauge', unit: source.unit };
      return source.limit === undefined ? gauge : { ...gauge, limit: source.limit };
    }
    if (source.type === 'rate') return { ...reading, kind: 'rate', unit: source.unit };
    return { ...reading, label: number.atLeast ? `${label} ≥` : label, kind: 'gauge', unit: 'ms' };
  }

  #number(at: number, { metric, source }: Signal): Derived {
    if (source.type === 'gap') return source;
    if (source.type === 'gauge') return source;
    let window = this.#windows.get(metric);
    if (!window) {
      window = new CounterWindow();
      this.#windows.set(metric, window);
    }
    window.push(at, source.points);
    if (source.type === 'rate') return perSecond(window.latest, source.scale);
    return source.type === 'quantile'
      ? quantile(window.whole, source.q, source.scale)
      : mean(window.whole, source.scale);
  }
}

const perSecond = (increase: Increase | undefined, scale: number): Derived => {
  if (!increase) return { reason: first };
  if (increase.amounts.size === 0) return { reason: 'the target says NaN' };
  return { value: ((increase.amounts.get(wanted) ?? 0) / increase.ms) * 1000 * scale };
};

const quantile = (increase: Increase | undefined, q: number, scale: number): Derived => {
  if (!increase) return { reason: first };
  const buckets = new Map<number, number>();
  for (const [bound, amount] of increase.amounts) {
    const upper = /^\+?inf$/i.test(bound) ? Number.POSITIVE_INFINITY : Number(bound);
    // The same bound may be written as `1` and `1.0`.
    buckets.set(upper, (buckets.get(upper) ?? 0) + amount);
  }
  const found = bucketQuantile(q, buckets);
  if (Number.isNaN(found.value)) return { reason: nothing };
  return { value: found.value * scale, atLeast: found.atLeast };
};

const nothing = 'nothing observed in the last 10 s';

const mean = (increase: Increase | undefined, scale: number): Derived => {
  if (!increase) return { reason: first };
  const count = increase.amounts.get('count') ?? 0;
  const sum = increase.amounts.get('sum') ?? Number.NaN;
  if (!(count > 0) || Number.isNaN(sum)) return { reason: nothing };
  return { value: (sum / count) * scale };
};
