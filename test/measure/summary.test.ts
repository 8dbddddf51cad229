// A distribution in milliseconds, and nothing where nothing was measured.

import { describe, expect, it } from 'vitest';
import { Histogram } from '../../source/measure/histogram.ts';
import { summarise } from '../../source/measure/summary.ts';

describe('the summary of a distribution', () => {
  it('is null, not 0, without data', () => {
    for (const none of [undefined, new Histogram()]) {
      const { count, ...values } = summarise(none);
      expect(count).toBe(0);
      expect(Object.keys(values)).toHaveLength(8);
      for (const value of Object.values(values)) expect(value).toBeNull();
    }
  });

  it('is in milliseconds, within 0.1 %', () => {
    const histogram = new Histogram();
    for (let ms = 1; ms <= 1000; ms += 1) histogram.record(ms);
    const summary = summarise(histogram);
    expect(summary.count).toBe(1000);
    for (const [got, wanted] of [
      [summary.minMs, 1],
      [summary.meanMs, 500.5],
      [summary.p50Ms, 500],
      [summary.p90Ms, 900],
      [summary.p95Ms, 950],
      [summary.p99Ms, 990],
      [summary.p999Ms, 999],
      [summary.maxMs, 1000],
    ] as const) {
      expect(Math.abs(got! - wanted) / wanted).toBeLessThan(0.0011);
    }
  });

  it('tells spans of no length from no spans', () => {
    const histogram = new Histogram();
    histogram.record(0);
    expect(summarise(histogram)).toMatchObject({ count: 1, minMs: 0, p99Ms: 0, maxMs: 0 });
  });
});
