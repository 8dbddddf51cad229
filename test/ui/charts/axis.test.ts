import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xAxis, yAxis, yAxisWidth } from '../../../source/ui/charts/axis.ts';
import { logScale, rateScale, type Scale } from '../../../source/ui/charts/scale.ts';
import { drawTimeChart } from '../../../source/ui/charts/time-chart.ts';
import { displayWidth } from '../../../source/ui/format.ts';
import { plainText } from '../../../source/ui/theme.ts';

describe('the value axis', () => {
  it('has right-aligned labels at its ticks', () => {
    expect(yAxis({ scale: rateScale(9400, { intervals: 2 }), height: 5, ascii: false })).toEqual([
      '  10k ┤',
      '      │',
      '   5k ┤',
      '      │',
      '    0 ┤',
    ]);
  });

  it('leaves labels out that would stand in neighbouring rows, but never the ends', () => {
    const axis = yAxis({ scale: logScale(5, 500), height: 4, ascii: false });
    expect(axis).toEqual(['  500 ┤', '      │', '      │', '    5 ┤']);
  });

  it('never changes its width, whatever the scale', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 4e11, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (highest, intervals) => {
          const scale = rateScale(highest, { intervals });
          for (const line of yAxis({ scale, height: 9, ascii: false })) expect(line).toHaveLength(yAxisWidth());
        },
      ),
    );
  });

  it('stands still while a rate is stepped up and down within its half', () => {
    let previous: Scale | undefined;
    const axes = [800, 850, 900, 950, 1000, 950, 800, 700, 550].map((rate) => {
      previous = rateScale(rate, { previous, intervals: 3 });
      return yAxis({ scale: previous, height: 9, ascii: false }).join();
    });
    expect(new Set(axes).size).toBe(1);
  });

  it('takes a format, a width and ASCII', () => {
    const scale = rateScale(1, { intervals: 1 });
    expect(yAxis({ scale, height: 3, format: (value) => `${value * 100} %`, labelWidth: 6, ascii: true })).toEqual([
      ' 100 % +',
      '       |',
      '   0 % +',
    ]);
  });
});

describe('the time axis', () => {
  it('counts back from now', () => {
    expect(xAxis({ width: 40, left: 7, spanMs: 60_000, ascii: false })).toEqual([
      '      └─────────────┬────────────┬─────────────',
      '     -60s         -40s         -20s         now',
    ]);
  });

  it.each([
    [30_000, '-30s', '-20s'],
    [120_000, '-2m', '-90s'],
    [300_000, '-5m', '-4m'],
    [900_000, '-15m', '-10m'],
    [3_600_000, '-1h', '-40m'],
    [21_600_000, '-6h', '-4h'],
  ])('says %d ms in words', (spanMs, start, tick) => {
    const [, labels] = xAxis({ width: 60, left: 7, spanMs, ascii: false });
    expect(labels.trim().split(/ +/).slice(0, 2)).toEqual([start, tick]);
  });

  it('has fewer ticks where there is less room, another end while frozen, and ASCII', () => {
    expect(xAxis({ width: 24, left: 7, spanMs: 60_000, end: '4:12', ascii: true })).toEqual([
      '      +------------+-----------',
      '     -60s        -30s      4:12',
    ]);
    expect(xAxis({ width: 8, left: 7, spanMs: 60_000, ascii: false })[1]).toBe('     -60s   now');
  });
});

describe('a whole chart', () => {
  it('has exactly the size that is asked for, with both axes and without the time axis', () => {
    const values = Float64Array.from({ length: 60 }, (_, step) => step * 100);
    const base = {
      width: 60,
      height: 9,
      scale: rateScale(5900),
      series: [{ values, role: 'offered' as const }],
      ascii: false,
    };
    const withTime = drawTimeChart({ ...base, spanMs: 60_000 }).map(plainText);
    expect(withTime.map(displayWidth)).toEqual(new Array(9).fill(60));
    expect(withTime[7]).toContain('└');
    expect(withTime[8]).toMatch(/now$/);
    const without = drawTimeChart(base).map(plainText);
    expect(without).toHaveLength(9);
    expect(without[8]).toMatch(/^ {4}0 ┤⣀/);
    expect(
      drawTimeChart({ ...base, spanMs: 60_000, ascii: true })
        .map(plainText)
        .join(''),
    ).toMatch(/^[ -~]+$/);
  });
});

describe('the time axis of a view that is frozen', () => {
  it('has times of the run only, and none before its beginning', () => {
    const labels = (endMs: number): string =>
      xAxis({ width: 40, left: 7, spanMs: 60_000, end: '1:00', endMs, ascii: false })[1].trim().replaceAll(/ +/g, ' ');
    expect(labels(60_000)).toBe('0:00 0:20 0:40 1:00');
    expect(labels(30_000)).toBe('0:10 1:00');
  });
});
