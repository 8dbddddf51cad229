// A ring of numbers over time keeps the newest, forgets the oldest, and never shows an old value or a 0 for a gap.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Series } from '../../source/common/series.ts';

describe('a series', () => {
  it('is all gaps before the first value', () => {
    const series = new Series(1000, 4);
    expect(series.newest).toBe(-1);
    expect([...series.read(-2, 3)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  it('puts an instant into the step that covers it', () => {
    const series = new Series(100, 4);
    expect([0, 99.9, 100, 1250].map((t) => series.stepOf(t))).toEqual([0, 0, 1, 12]);
  });

  it('shows skipped steps as gaps, even where the ring held a value before', () => {
    const series = new Series(1000, 4);
    for (const step of [0, 1, 2, 3]) series.set(step, step + 1);
    series.set(6, 7);
    expect([...series.read(2, 8)]).toEqual([Number.NaN, 4, Number.NaN, Number.NaN, 7, Number.NaN]);
  });

  it('corrects a step that it still holds and ignores one that it does not', () => {
    const series = new Series(1000, 3);
    for (const step of [0, 1, 2, 3, 4]) series.set(step, step);
    series.set(2, 20);
    series.set(1, 10);
    series.set(-1, 99);
    expect([...series.read(0, 5)]).toEqual([Number.NaN, Number.NaN, 20, 3, 4]);
    expect(series.newest).toBe(4);
  });

  it('reads nothing from an empty or reversed range', () => {
    const series = new Series(1000, 3);
    series.set(0, 1);
    expect(series.read(2, 2)).toHaveLength(0);
    expect(series.read(3, 1)).toHaveLength(0);
  });

  it('behaves as a table of the last values, whatever is set in whatever order', () => {
    const sets = fc.array(fc.tuple(fc.integer({ min: -2, max: 60 }), fc.double({ noNaN: true })), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), sets, (capacity, values) => {
        const series = new Series(1000, capacity);
        const table = new Map<number, number>();
        let newest = -1;
        for (const [step, value] of values) {
          series.set(step, value);
          if (step < 0 || step <= newest - capacity) continue;
          table.set(step, value);
          newest = Math.max(newest, step);
        }
        expect(series.newest).toBe(newest);
        for (let step = -3; step < 64; step += 1) {
          const held = step > newest - capacity ? table.get(step) : undefined;
          expect(series.get(step)).toBe(held ?? Number.NaN);
        }
        for (const [from, to] of [
          [-3, 64],
          [5, 9],
          [newest - 2, newest + 3],
          [newest - capacity, newest],
        ] as const) {
          expect([...series.read(from, to)]).toEqual(
            Array.from({ length: to - from }, (_, at) => series.get(from + at)),
          );
        }
      }),
    );
  });
});
