import { describe, expect, it } from 'vitest';
import { bar, gauge, gaugeRole, rowGauge } from '../../../source/ui/charts/bars.ts';
import { sparkline } from '../../../source/ui/charts/sparkline.ts';
import { plainText } from '../../../source/ui/theme.ts';

const gap = Number.NaN;
const ramp = Array.from({ length: 8 }, (_, index) => index);

describe('a sparkline', () => {
  it.each([
    ['runs from the smallest to the largest value', ramp, undefined, '▁▂▃▄▅▆▇█'],
    ['shows a gap as a space', [0, gap, 7, gap, gap, 0, 7, 7], undefined, '▁ █  ▁██'],
    ['shows zeros as a low line', [0, 0, 0, 0, 0, 0, 0, 0], undefined, '▁▁▁▁▁▁▁▁'],
    ['shows zeros as a low line under a limit', [0, 0, 0, 0, 0, 0, 0, 0], 10, '▁▁▁▁▁▁▁▁'],
    ['shows what is flat at half height', [7, 7, 7, 7, 7, 7, 7, 7], undefined, '▄▄▄▄▄▄▄▄'],
    ['makes no mountains of noise', [1000, 1001, 1000, 1001, 1000, 1001, 1000, 1001], undefined, '▄▄▄▄▄▄▄▄'],
    ['holds values against a limit', [5, 5, 5, 5, 10, 10, 10, 12], 10, '▅▅▅▅████'],
    ['is blank without data', [gap, gap, gap, gap, gap, gap, gap, gap], undefined, '        '],
    ['knows negative values', [-7, -6, -5, -4, -3, -2, -1, 0], undefined, '▁▂▃▄▅▆▇█'],
  ])('%s', (_name, values, limit, expected) => {
    expect(sparkline({ values: Float64Array.from(values), width: 8, limit, ascii: false })).toBe(expected);
  });

  it('keeps the largest of the steps in a cell, and stretches few steps', () => {
    const values = new Float64Array(80).fill(0);
    values[42] = 5;
    expect(sparkline({ values, width: 8, ascii: false })).toBe('▁▁▁▁█▁▁▁');
    expect(sparkline({ values: Float64Array.of(0, 7), width: 8, ascii: false })).toBe('▁▁▁▁████');
    expect(sparkline({ values: new Float64Array(0), width: 3, ascii: false })).toBe('   ');
  });

  it('is made of ASCII alone where that is asked for', () => {
    expect(sparkline({ values: Float64Array.from([0, 1, 2, 3, 4, gap]), width: 6, ascii: true })).toBe('_.-=# ');
  });
});

describe('a bar', () => {
  it.each([
    [0, '          '],
    [0.001, '▏         '],
    [0.13, '█▎        '],
    [0.5, '█████     '],
    [0.999, '█████████▉'],
    [1, '██████████'],
    [1.7, '██████████'],
    [-1, '          '],
    [gap, '          '],
  ])('for %d is %j', (ratio, expected) => {
    expect(bar(ratio, 10, { ascii: false })).toBe(expected);
  });

  it('is made of ASCII alone where that is asked for', () => {
    expect([0.001, 0.5, 0.999, 1].map((ratio) => bar(ratio, 4, { ascii: true }))).toEqual([
      '#   ',
      '##  ',
      '### ',
      '####',
    ]);
  });

  it('of one cell does not claim to be full', () => {
    expect(bar(0.99, 1, { ascii: false })).toBe('▉');
    expect(bar(0.5, 0, { ascii: false })).toBe('');
  });
});

describe('a gauge', () => {
  it('shows how much of a limit is used, in the colour of how near it is', () => {
    expect(gauge(5000, 10_000, 8, { ascii: false })).toEqual([
      { text: '████', role: 'good' },
      { text: '░░░░', role: 'dim' },
    ]);
    expect(gauge(10_000, 10_000, 4, { ascii: false })).toEqual([{ text: '████', role: 'alarm' }]);
    expect(plainText(gauge(1, 2, 4, { ascii: true }))).toBe('##..');
    expect(plainText(gauge(gap, 10, 4, { ascii: false }))).toBe('░░░░');
    expect(plainText(gauge(3, 0, 4, { ascii: false }))).toBe('░░░░');
  });

  it('stand in rows below each other, and only where they crowd out neither name nor number', () => {
    const at = (width: number, left: number, right: number) =>
      rowGauge(98, 100, { width, left, right, ascii: true })?.at;
    expect(at(53, 11, 9)).toBe(20);
    expect(at(53, 4, 16)).toBe(20);
    expect(at(53, 20, 9)).toBeUndefined();
    expect(at(53, 11, 29)).toBeUndefined();
    expect(at(35, 6, 9)).toBeUndefined();
    expect(rowGauge(98, undefined, { width: 53, left: 4, right: 9, ascii: true })).toBeUndefined();
    expect(rowGauge(98, 0, { width: 53, left: 4, right: 9, ascii: true })).toBeUndefined();
    const line = rowGauge(98, 100, { width: 53, left: 4, right: 9, ascii: true })!.line;
    expect(line).toEqual([
      { text: '#########', role: 'alarm' },
      { text: '.', role: 'dim' },
    ]);
    // With a sign before the number the gauge is smaller, and still there.
    const cells = (right: number) =>
      plainText(rowGauge(98, 100, { width: 38, left: 6, right, ascii: true })!.line).length;
    expect([cells(12), cells(16), cells(18)]).toEqual([10, 6, 4]);
    // A probe that judges knows better than a share.
    expect(rowGauge(98, 100, { width: 53, left: 4, right: 9, ascii: true, role: 'good' })!.line[0]!.role).toBe('good');
  });

  it.each([
    [10, 'good'],
    [80, 'warn'],
    [95, 'alarm'],
    [gap, 'dim'],
  ])('at %d of 100 is %s', (used, role) => {
    expect(gaugeRole(used, 100)).toBe(role);
  });
});
