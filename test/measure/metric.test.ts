// Metrics of shares and slices, merged: however what was counted is split, it adds up to the same.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interval } from '../../source/measure/interval.ts';
import type { Metric } from '../../source/measure/metric.ts';
import type { MetricSummary } from '../../source/measure/metric-summary.ts';
import { Recorder } from '../../source/measure/recorder.ts';
import { noStocks, type Second } from '../../source/measure/second.ts';
import { type SummaryFrame, Tally } from '../../source/measure/tally.ts';
import { Timeline } from '../../source/measure/timeline.ts';

const common = { source: 'profile', series: undefined } as const;
const metrics: readonly Metric[] = [
  { name: 'events_sent', kind: 'counter', unit: undefined, ...common },
  { name: 'status 202', kind: 'rate', unit: undefined, source: 'expectation', series: 0 },
  { name: 'queue', kind: 'gauge', unit: undefined, ...common },
  { name: 'event_size', kind: 'trend', unit: 'bytes', ...common },
  { name: 'took', kind: 'trend', unit: 'ms', ...common },
];

interface Entry {
  readonly metric: number;
  readonly value: number;
  readonly at: number;
  readonly share: number;
}

const seconds = 3;
/** Run times are told apart, so that the newest value and the first example are one and the same each time. */
const entries = fc
  .array(
    fc.record({
      metric: fc.nat(metrics.length - 1),
      value: fc.integer({ min: 0, max: 5_000_000 }),
      share: fc.nat(2),
      at: fc.nat(seconds * 1000 - 1),
    }),
    { maxLength: 60 },
  )
  .map((list) => list.map((entry, index) => ({ ...entry, at: entry.at + index / 1000 })).sort((a, b) => a.at - b.at));

const count = (recorder: Recorder, { metric, value, at }: Entry): void => {
  if (metric === 1) recorder.passed(1, value % 2 === 0, at, () => `found ${value}`);
  else recorder.metric(metric, value, at);
};

const loop = { loopUtilisation: 0, loopDelayMs: Number.NaN };

/** What a share reports of its entries, slice by slice. */
const intervalsOf = (share: number, own: readonly Entry[]): Interval[] => {
  const recorder = new Recorder(share, 1, 0, metrics);
  return Array.from({ length: seconds * 10 }, (_, slice) => {
    for (const entry of own) if (Math.floor(entry.at / 100) === slice) count(recorder, entry);
    return recorder.close(0, noStocks(), loop);
  });
};

const summaryOf = (closed: readonly Second[]): readonly MetricSummary[] => {
  const tally = new Tally();
  for (const second of closed) tally.take(second);
  const frame: SummaryFrame = {
    ...{ name: 'x', target: 'http://localhost', model: 'open', startedAt: '', timeZone: 'UTC', endReason: '' },
    ...{ durationMs: seconds * 1000, seed: 1, recording: null, problems: [] },
  };
  return tally.summary(frame, ['POST /events'], [], metrics).metrics;
};

/** The seconds of several shares. @param lateShare reports only after its seconds were closed without it */
const merged = (list: readonly Entry[], shares: number, lateShare = -1): Second[] => {
  const timeline = new Timeline(shares);
  const all = Array.from({ length: shares }, (_, share) =>
    intervalsOf(
      share,
      list.filter((entry) => entry.share % shares === share),
    ),
  );
  for (const [share, intervals] of all.entries())
    if (share !== lateShare) for (const one of intervals) timeline.take(one);
  const closed = [...timeline.advance(seconds * 1000 + 600).seconds];
  for (const one of all[lateShare] ?? []) timeline.take(one);
  return [...closed, ...timeline.advance(seconds * 1000 + 700).seconds, ...timeline.finish().seconds];
};

describe('metrics', () => {
  it('add up to the same, whichever shares counted them and whichever came late', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const one = summaryOf(merged(list, 1));
        for (const split of [merged(list, 2), merged(list, 3), merged(list, 3, 1), merged(list, 2, 0)]) {
          expect(summaryOf(split)).toEqual(one);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('add up to what was counted', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const [counter, rate, gauge, size] = summaryOf(merged(list, 3));
        const values = (metric: number): number[] =>
          list.filter((one) => one.metric === metric).map(({ value }) => value);
        const sum = (of: readonly number[]): number => of.reduce((total, value) => total + value, 0);
        expect(counter).toMatchObject({ count: values(0).length, sum: sum(values(0)), perSecond: sum(values(0)) / 3 });
        const failed = list.filter(({ metric, value }) => metric === 1 && value % 2 === 1);
        expect(rate).toMatchObject({
          passed: values(1).length - failed.length,
          failed: failed.length,
          firstFailure: failed[0] ? `found ${failed[0].value}` : null,
          firstFailureAtMs: failed[0]?.at ?? null,
          series: 'POST /events',
        });
        expect(gauge).toMatchObject({ newest: values(2).at(-1) ?? null });
        const sizes = values(3).toSorted((a, b) => a - b);
        if (size?.kind !== 'trend' || sizes.length === 0) return;
        expect(size).toMatchObject({ count: sizes.length, sum: sum(sizes), min: sizes[0], max: sizes.at(-1) });
        const median = sizes[Math.ceil(sizes.length / 2) - 1]!;
        expect(Math.abs(size.p50! - median)).toBeLessThanOrEqual(median / 1000);
      }),
      { numRuns: 60 },
    );
  });

  it('of a trend have percentiles in their unit, never beyond the largest value', () => {
    const list = [0.25, 12.5, 700].map((value, index) => ({ metric: 4, value, at: index, share: 0 }));
    const took = summaryOf(merged(list, 1))[4];
    expect(took).toMatchObject({
      kind: 'trend',
      unit: 'ms',
      count: 3,
      mean: 712.75 / 3,
      min: 0.25,
      max: 700,
      p99: 700,
    });
    expect(took?.kind === 'trend' && took.p50).toBeCloseTo(12.5, 1);
  });

  it('of which nothing was counted say so', () => {
    expect(summaryOf(merged([], 1))).toMatchObject([
      { kind: 'counter', sum: 0, perSecond: 0 },
      { kind: 'rate', passed: 0, failed: 0, shareRatio: null, firstFailure: null },
      { kind: 'gauge', newest: null },
      { kind: 'trend', count: 0, mean: null, p99: null, max: null },
      { kind: 'trend', count: 0 },
    ]);
  });
});
