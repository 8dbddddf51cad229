// What people type is read with its unit, what is printed keeps its promise at every border, and what is printed can be
// typed again.

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  formatBitRate,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatMs,
  formatRate,
  formatRateNumber,
  formatShare,
  formatShort,
  parseCount,
  parseDuration,
  parseRate,
  UnitError,
} from '../../source/common/units.ts';

it('a count is grouped without making a format of it each time', () => {
  const making = vi.spyOn(Number.prototype, 'toLocaleString');
  expect([0, 999, 1234.4, -12_345, 9_876_543_210, Number.NaN].map(formatCount)).toEqual([
    '0',
    '999',
    '1,234',
    '-12,345',
    '9,876,543,210',
    'n/a',
  ]);
  expect(making).not.toHaveBeenCalled();
  making.mockRestore();
});

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['30', 30_000],
    ['1.5', 1500],
    ['30s', 30_000],
    [' 3M ', 180_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['84 ms', 84],
    ['1,204 ms', 1204],
    ['2d', 172_800_000],
    ['0', 0],
  ])('is read from "%s"', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', ' ', '5x', '-5s', '1h-30m', 's', '1.s', '.5s', '1e3', '1,5s', '1,20', 'Infinity', '5 5s', '30s:5'])(
    'is not read from "%s", and what was expected is said',
    (text) => {
      expect(() => parseDuration(text)).toThrow(UnitError);
      expect(() => parseDuration(text)).toThrow(/500ms.*1h30m/);
    },
  );

  it.each([
    [0, '0 ms'],
    [0.6, '0.6 ms'],
    [9.996, '10 ms'],
    [84, '84 ms'],
    [999.6, '1,000 ms'],
    [1204, '1,204 ms'],
    [9999, '9,999 ms'],
    [9999.6, '10.0 s'],
    [12_345, '12.3 s'],
    [59_940, '59.9 s'],
    [59_999, '1m'],
    [60_000, '1m'],
    [61_000, '1m 1s'],
    [3_599_600, '1h'],
    [5_400_000, '1h 30m'],
    [3_601_000, '1h'],
    [90_061_000, '1d 1h'],
    [Number.NaN, 'n/a'],
    [Infinity, 'n/a'],
  ])('of %s ms is printed as "%s"', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('that was printed can be typed again, to the precision it was printed with', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 30 * 86_400_000, noNaN: true }), (ms) => {
        const again = parseDuration(formatDuration(ms));
        // Two units are printed, of which the second may be left out: 1d 23h 59m is 1d 23h.
        const unit = ms < 60_000 ? 50 : ms < 3_600_000 ? 500 : ms < 86_400_000 ? 60_000 : 3_600_000;
        expect(Math.abs(again - ms)).toBeLessThanOrEqual(Math.max(0.01, Math.min(unit, ms)));
      }),
    );
  });
});

describe('a rate', () => {
  it.each([
    ['500', 500],
    ['2.5k', 2500],
    ['1M', 1e6],
    ['50/s', 50],
    ['9,400/s', 9400],
    ['1,234,567', 1_234_567],
    ['3000/m', 50],
    ['3k/min', 50],
    ['3600/h', 1],
    ['0', 0],
  ])('is read from "%s"', (text, rate) => {
    expect(parseRate(text)).toBe(rate);
  });

  it.each(['', 'max', '-5', '5/d', '1,5', '12,34', '1_000', 'k', '5 /s', '1e5'])('is not read from "%s"', (text) => {
    expect(() => parseRate(text)).toThrow(UnitError);
  });

  it.each([
    [0, '0/s'],
    [0.5, '0.50/s'],
    [0.0001, '0.0001/s'],
    [0.0049, '0.005/s'],
    [0.05, '0.05/s'],
    [0.999, '1.0/s'],
    [3, '3/s'],
    [3.04, '3.0/s'],
    [99.94, '99.9/s'],
    [99.97, '100/s'],
    [9400.4, '9,400/s'],
    [Number.NaN, 'n/a/s'],
  ])('of %s is printed as "%s"', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });

  it('that was printed can be typed again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (rate) => {
        const printed = formatRate(rate);
        expect(formatRate(parseRate(printed))).toBe(printed.replace(/^(\d+)\.0+\//, '$1/'));
        expect(formatRateNumber(rate)).toBe(printed.slice(0, -2));
      }),
    );
  });
});

describe('a count', () => {
  it.each([
    ['50', 50],
    ['1_000', 1000],
    ['1,000', 1000],
    ['10k', 10_000],
    ['1.5k', 1500],
    ['2M', 2e6],
  ])('is read from "%s"', (text, count) => {
    expect(parseCount(text)).toBe(count);
  });

  it.each(['', '0', '1.5', '-1', '1.0005k', '1,00', '9007199254740993', '1e3', '_1'])(
    'is not read from "%s"',
    (text) => {
      expect(() => parseCount(text)).toThrow('a whole number of at least 1');
    },
  );

  it('may be 0 where that is the least', () => {
    expect(parseCount('0', 0)).toBe(0);
  });

  it('is read exactly whatever scale it is written with', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (count) => {
        expect(parseCount(formatCount(count))).toBe(count);
        expect(parseCount(`${Math.floor(count / 1000)}.${String(count % 1000).padStart(3, '0')}k`)).toBe(count);
      }),
    );
  });
});

describe('a short number', () => {
  it.each([
    [0, '0'],
    [9.98, '9.98'],
    [9.999, '10'],
    [84, '84'],
    [84.25, '84.3'],
    [812, '812'],
    [999.4, '999'],
    [999.6, '1k'],
    [8112, '8.11k'],
    [999_600, '1M'],
    [1_200_000, '1.2M'],
    [999_600_000, '1G'],
    [-812, '-812'],
    [Number.NaN, 'n/a'],
    [Infinity, 'n/a'],
  ])('of %s is "%s"', (value, text) => {
    expect(formatShort(value)).toBe(text);
  });

  it.each([
    [0.0062, '0.006'],
    [0.00099, '1e-3'],
    [0.00004, '4e-5'],
    [1e-12, '0'],
    [1.5e12, '1.5T'],
    [2e15, '2e+15'],
  ])('tells very small and very large ones, as %d is "%s"', (value, text) => {
    expect(formatShort(value)).toBe(text);
  });

  it('takes five characters however large or small', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e99, noNaN: true }), (value) => {
        expect(formatShort(value).length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('takes five characters at the most and is right in three digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 9.99e11, noNaN: true }), (value) => {
        const text = formatShort(value);
        expect(text.length).toBeLessThanOrEqual(5);
        const scale = { k: 1e3, M: 1e6, G: 1e9 }[text.at(-1)!] ?? 1;
        expect(Math.abs(Number.parseFloat(text) * scale - value) / value).toBeLessThanOrEqual(0.00501);
      }),
    );
  });
});

describe('what is printed beside them', () => {
  it.each([
    [formatMs, 0.06, '0.06'],
    [formatMs, 84.24, '84.2'],
    [formatMs, 312.4, '312'],
    [formatMs, 999.7, '1,000'],
    [formatMs, 1204, '1,204'],
    [formatMs, Number.NaN, 'n/a'],
    [formatClock, -5, '0:00'],
    [formatClock, 252_400, '4:12'],
    [formatClock, 3_600_000, '60:00'],
    [formatClock, 90 * 60_000 + 59_999, '90:59'],
    [formatClock, 91 * 60_000, '1:31:00'],
    [formatClock, 7_500_000, '2:05:00'],
    [formatClock, Infinity, 'n/a'],
    [formatClock, Number.NaN, 'n/a'],
    [formatBytes, 0, '0 B'],
    [formatBytes, 812, '812 B'],
    [formatBytes, 1023.7, '1 KiB'],
    [formatBytes, 1536, '1.5 KiB'],
    [formatBytes, 2 ** 20 - 1, '1 MiB'],
    [formatBytes, 312 * 2 ** 20, '312 MiB'],
    [formatBytes, 5000 * 2 ** 40, '5000 TiB'],
    [formatBytes, Number.NaN, 'n/a'],
    [formatBitRate, 0, '0 bit/s'],
    [formatBitRate, 1000, '8 kbit/s'],
    [formatBitRate, 124_960, '1 Mbit/s'],
    [formatBitRate, 187_500_000, '1.5 Gbit/s'],
    [formatBitRate, Number.NaN, 'n/a'],
    [formatShare, 0, '0.0 %'],
    [formatShare, 0.863, '86.3 %'],
    [formatShare, 1, '100 %'],
    [formatShare, Number.NaN, 'n/a'],
  ])('%o of %s is "%s"', (format, value, text) => {
    expect(format(value)).toBe(text);
  });
});
