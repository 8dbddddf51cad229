// Bursts are read in each of their forms, grow as they say, and never without an end.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnitError } from '../../source/common/units.ts';
import { burstSizes, burstWords, readBurst, readErrorLimit, readFactor } from '../../source/profile/burst-sizes.ts';

describe('a burst', () => {
  it.each([
    ['1000', [1000]],
    ['1,000 x 3', [1000, 1000, 1000]],
    ['1KX2', [1000, 1000]],
    ['10×2', [10, 10]],
    ['10..40+10', [10, 20, 30, 40]],
    ['10..45+10', [10, 20, 30, 40]],
    ['25..800*2', [25, 50, 100, 200, 400, 800]],
    ['1..5*1.1', [1, 2, 3, 4, 5]],
    ['5..5+1', [5]],
  ])('of %s is %j', (text, expected) => {
    expect(readBurst(text)).toEqual(expected);
  });

  it.each([
    '',
    'x5',
    '5x0',
    '5x5x5',
    '2Mx2',
    '10..5+1',
    '10..20',
    '10..20+0',
    '1..1M+1',
    '10..20*1',
    '..20+1',
    '1x10001',
  ])('is not %j', (text) => {
    expect(() => readBurst(text)).toThrow(UnitError);
  });

  it('grows from round to round, up to the largest', () => {
    const size = fc.integer({ min: 1, max: 1000 });
    const growth = fc.oneof(
      fc.record({ step: fc.integer({ min: 1, max: 100 }) }),
      fc.record({ factor: fc.double({ min: 1.01, max: 10, noNaN: true }) }),
    );
    fc.assert(
      fc.property(size, growth, fc.integer({ min: 0, max: 2000 }), (first, grows, more) => {
        const sizes = burstSizes({ size: first, most: first + more, ...grows });
        expect(sizes[0]).toBe(first);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(first + more);
        expect(sizes.every((each, index) => index === 0 || each > sizes[index - 1]!)).toBe(true);
      }),
    );
  });

  it('has as many rounds as it says where it says so', () => {
    expect(burstSizes({ size: 10, step: 10, rounds: 3 })).toEqual([10, 20, 30]);
    expect(burstSizes({ size: 10, step: 10, rounds: 9, most: 25 })).toEqual([10, 20]);
    expect(() => burstSizes({ size: 10, step: 10 })).toThrow('most: 1000');
  });

  it.each([
    [[1000], 'one burst of 1,000'],
    [[10, 10, 10], '3 bursts of 10'],
    [[10, 20], '2 bursts of 10, 20'],
    [[10, 20, 30], '3 bursts of 10, 20, 30'],
    [[10, 20, 30, 1000], '4 bursts of 10, 20 … 1,000'],
  ])('of sizes %j is said as %s', (sizes, words) => {
    expect(burstWords(sizes)).toBe(words);
  });

  it('is stopped by a number of errors or a share of them', () => {
    expect(readErrorLimit('0')).toEqual({ type: 'count', most: 0 });
    expect(readErrorLimit('10 %')).toEqual({ type: 'share', most: 0.1 });
    for (const text of ['', '-1', '101%', '1.5', 'ten', '%']) expect(() => readErrorLimit(text)).toThrow(UnitError);
    for (const text of ['1', '0', '101', 'x', '']) expect(() => readFactor(text)).toThrow(UnitError);
  });
});
