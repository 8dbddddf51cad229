import { describe, expect, it } from 'vitest';
import { countedRank, dispersion, lineThrough, median, nearestRank, quantile, ratios, spread } from './statistics.ts';

describe('medians and quartiles', () => {
  it.each([
    [[3], 0.5, 3],
    [[1, 2], 0.5, 1.5],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[5, 1, 3, 2, 4], 0.25, 2],
    [[5, 1, 3, 2, 4], 0.75, 4],
    [[1, 2, 3, 4], 0.25, 1.75],
    [[7, 7, 7], 1, 7],
  ])('of %j at %d is %d', (values, q, expected) => {
    expect(quantile(values, q)).toBeCloseTo(expected, 12);
  });

  it('leave their values as they were', () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });

  it('are not a number where there are no values', () => {
    expect(median([])).toBeNaN();
    expect(spread([])).toMatchObject({ count: 0, median: Number.NaN });
  });

  it('say between which values the middle half lies', () => {
    expect(spread([1, 2, 3, 4, 100])).toEqual({ median: 3, low: 2, high: 4, count: 5 });
  });
});

describe('ratios of pairs', () => {
  it('are taken within a round', () => {
    // The third round was twice as slow for both: the ratio does not see it.
    expect(ratios([10, 12, 20], [5, 6, 10])).toEqual([2, 2, 2]);
  });

  it('leave out rounds in which one side failed', () => {
    expect(ratios([10, undefined, 9, 8], [5, 5, undefined, 0])).toEqual([2]);
  });
});

describe('the nearest rank', () => {
  it.each([
    [0.5, 50],
    [0.99, 99],
    [0.999, 100],
    [1, 100],
    [0, 1],
  ])('of 1 to 100 at %d is %d', (q, expected) => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(nearestRank(values, q)).toBe(expected);
  });

  it('is not a number where there are no values', () => {
    expect(nearestRank([], 0.5)).toBeNaN();
  });
});

describe('the rank among counted values', () => {
  it.each([0, 0.5, 0.94, 0.95, 0.99, 1])('at %d is that of all of them one by one', (q) => {
    const counts = [
      [9, 1],
      [1, 60],
      [2, 34],
      [5, 5],
    ] as const;
    const all = counts.flatMap(([value, count]) => new Array<number>(count).fill(value)).sort((a, b) => a - b);
    expect(countedRank(counts, q)).toBe(nearestRank(all, q));
  });

  it('is nothing without values', () => {
    expect(countedRank([], 0.5)).toBeUndefined();
  });
});

describe('a line through points', () => {
  it('has the slope of points that lie on it, without scatter', () => {
    const line = lineThrough([
      [0, 5],
      [1, 7],
      [2, 9],
    ]);
    expect(line.slope).toBeCloseTo(2, 12);
    expect(line.scatter).toBeCloseTo(0, 12);
  });

  it('sees no slope in noise about a level', () => {
    const line = lineThrough(Array.from({ length: 100 }, (_, x) => [x, 100 + (x % 2)] as const));
    expect(Math.abs(line.slope)).toBeLessThan(0.001);
    expect(line.scatter).toBeCloseTo(0.5, 1);
  });

  it('is not a number through one point', () => {
    expect(lineThrough([[1, 1]]).slope).toBeNaN();
  });
});

describe('the index of dispersion', () => {
  it('is 0 for a metronome', () => {
    const times = Array.from({ length: 1000 }, (_, n) => n + 0.5);
    expect(dispersion(times, 10, 0, 1000)).toBe(0);
  });

  it('is the size of a burst where arrivals come in bursts of one bin in ten', () => {
    // 100 at once every 100 ms: mean 10 a bin, variance about 10 x 90.
    const times = Array.from({ length: 1000 }, (_, n) => Math.floor(n / 100) * 100 + 1);
    expect(dispersion(times, 10, 0, 1000)).toBeCloseTo(90.9, 0);
  });

  it('counts only what lies in whole bins of the window', () => {
    const times = [-1, 5, 15, 25, 29.9, 30, 35, 400];
    expect(dispersion(times, 10, 0, 39)).toBeCloseTo(1 / 3 / (4 / 3), 12);
  });

  it('is not a number where fewer than two bins fit', () => {
    expect(dispersion([1, 2], 10, 0, 19)).toBeNaN();
  });
});
