import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extent, latencyScale, niceAbove, niceBelow, rateScale, type Scale } from '../../../source/ui/charts/scale.ts';

const positive = fc.double({ min: 1e-4, max: 1e9, noNaN: true });

describe('round numbers', () => {
  it.each([
    [0.3, 0.2, 0.5],
    [1, 1, 1],
    [1.5, 1, 2],
    [7, 5, 10],
    [9400, 5000, 10_000],
    [0.001, 0.001, 0.001],
    [0.05, 0.05, 0.05],
    [2.0000001, 2, 5],
  ])('%d lies between %d and %d', (value, below, above) => {
    expect(niceBelow(value)).toBe(below);
    expect(niceAbove(value)).toBe(above);
  });

  it('enclose every value', () => {
    fc.assert(
      fc.property(positive, (value) => {
        expect(niceAbove(value)).toBeGreaterThanOrEqual(value * (1 - 1e-8));
        expect(niceBelow(value)).toBeLessThanOrEqual(value * (1 + 1e-8));
        expect(niceAbove(value) / niceBelow(value)).toBeLessThanOrEqual(2.5 + 1e-9);
      }),
    );
  });
});

describe('the extent of columns', () => {
  it('leaves gaps out', () => {
    expect(extent([Float64Array.of(Number.NaN, 3, 8), Float64Array.of(1, Number.NaN)])).toEqual({ min: 1, max: 8 });
    expect(extent([Float64Array.of(Number.NaN)])).toEqual({ min: Number.NaN, max: Number.NaN });
  });
});

describe('a scale for rates', () => {
  it.each([
    [9400, 2, [0, 5000, 10_000]],
    [9400, 5, [0, 2000, 4000, 6000, 8000, 10_000]],
    [5100, 3, [0, 2000, 4000, 6000]],
    [0.3, 3, [0, 0.1, 0.2, 0.3]],
    [0, 2, [0, 0.5, 1]],
    [Number.NaN, 2, [0, 0.5, 1]],
  ])('for %d in %d intervals has the ticks %j', (highest, intervals, ticks) => {
    expect(rateScale(highest, { intervals }).ticks).toEqual(ticks);
  });

  it('has 0 at the bottom, its top at 1, and no place for a gap', () => {
    const scale = rateScale(9400);
    expect(scale.position(0)).toBe(0);
    expect(scale.position(10_000)).toBe(1);
    expect(scale.position(12_000)).toBe(1);
    expect(scale.position(-1)).toBe(0);
    expect(scale.position(Number.NaN)).toBeNaN();
  });

  it('always holds the data', () => {
    fc.assert(
      fc.property(positive, fc.integer({ min: 1, max: 8 }), (highest, intervals) => {
        const scale = rateScale(highest, { intervals });
        expect(scale.max).toBeGreaterThanOrEqual(highest * (1 - 1e-8));
        expect(scale.ticks.length - 1).toBeLessThanOrEqual(intervals);
      }),
    );
  });

  it('stays while the data moves up and down below its top, grows at once, and shrinks below half', () => {
    const first = rateScale(9400, { intervals: 2 });
    const next = (highest: number, previous: Scale): Scale => rateScale(highest, { previous, intervals: 2 });
    expect(next(9990, first)).toBe(first);
    expect(next(5100, first)).toBe(first);
    expect(next(Number.NaN, first)).toBe(first);
    expect(next(10_100, first).max).toBe(20_000);
    const smaller = next(4900, first);
    expect(smaller.max).toBe(5000);
    expect(next(4000, smaller)).toBe(smaller);
  });
});

describe('a scale for response times', () => {
  it('is logarithmic from a decade on, between 1-2-5 numbers, with ticks at decades', () => {
    const scale = latencyScale(10, 431);
    expect(scale.type).toBe('log');
    expect(scale.ticks).toEqual([10, 100, 500]);
    expect(scale.position(10)).toBe(0);
    expect(scale.position(500)).toBe(1);
    expect(scale.position(Math.sqrt(10 * 500))).toBeCloseTo(0.5);
    expect(scale.position(0)).toBe(0);
    expect(scale.position(Number.NaN)).toBeNaN();
  });

  it('is linear from 0 where the data spans less', () => {
    expect(latencyScale(84, 95).type).toBe('linear');
    expect(latencyScale(84, 95).min).toBe(0);
    expect(latencyScale(84, 95).max).toBe(100);
  });

  it('has a scale without data, too', () => {
    expect(latencyScale(Number.NaN, Number.NaN).type).toBe('linear');
    const previous = latencyScale(1, 500);
    expect(latencyScale(Number.NaN, Number.NaN, { previous })).toBe(previous);
  });

  it('does not change between the two with each second', () => {
    const previous = latencyScale(10, 200);
    expect(previous.type).toBe('log');
    expect(latencyScale(20, 190, { previous })).toBe(previous);
    expect(latencyScale(60, 190, { previous }).type).toBe('linear');
    expect(latencyScale(20, 190).type).toBe('linear');
  });

  it('always holds the data', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 1e5, noNaN: true }),
        fc.double({ min: 1, max: 1e4, noNaN: true }),
        (low, ratio) => {
          const scale = latencyScale(low, low * ratio);
          expect(scale.min).toBeLessThanOrEqual(low * (1 + 1e-8));
          expect(scale.max).toBeGreaterThanOrEqual(low * ratio * (1 - 1e-8));
          expect([...scale.ticks].sort((a, b) => a - b)).toEqual(scale.ticks);
          expect(scale.ticks[0]).toBe(scale.min);
          expect(scale.ticks.at(-1)).toBe(scale.max);
        },
      ),
    );
  });
});
