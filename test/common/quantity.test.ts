import { expect, test } from 'vitest';
import { measuredText, metricValue, passedShare } from '../../source/common/quantity.ts';

test.each([
  ['cores are counted as cores, not as percents of one of them', 'cpu', 'ratio', 0.2289, 2, '0.23 of 2 cores'],
  ['one core too', 'cpu', 'ratio', 0.5, 1, '0.5 of 1 core'],
  ['without a number of cores it is a share', 'cpu', 'ratio', 0.38, undefined, '38.0 %'],
  ['a share with a limit of its own stays one', 'cache.dirty', 'ratio', 0.031, 0.2, '3.1 of 20.0 %'],
  ['networks are spoken of in bits', 'net.out', 'bytes/s', 187_500_000, undefined, '1.5 Gbit/s'],
  ['a number stands beside its limit', 'heap', 'bytes', 312 * 2 ** 20, 512 * 2 ** 20, '312 of 512 MiB'],
] as const)('%s', (_, metric, unit, value, limit, text) => {
  expect(measuredText({ metric, unit, value, limit })).toBe(text);
});

test.each([
  [1, '100 %'],
  [0.999999, '99.99 %'],
  [0.9991, '99.91 %'],
  [0.99, '99.00 %'],
  [0.9876, '98.8 %'],
  [0, '0.0 %'],
  [Number.NaN, 'n/a'],
])('a share of %d that passed is the whole only where it is', (ratio, text) => {
  expect(passedShare(ratio)).toBe(text);
});

test.each([
  [1536, 'bytes', '1.5 KiB'],
  [22_790_143, 'bytes/s', '21.7 MiB/s'],
  [84.2, 'ms', '84.2 ms'],
  [42, 'jobs', '42 jobs'],
  [9400, undefined, '9,400'],
  [Number.NaN, 'ms', 'n/a'],
])('a metric of %d %s is worded with its unit', (value, unit, text) => {
  expect(metricValue(value, unit)).toBe(text);
});
