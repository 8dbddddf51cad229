// Increases with restarts and gaps, and quantiles as PromQL gives them.
import { expect, test } from 'vitest';
import { bucketQuantile, type CounterPoint, CounterWindow } from '../../source/probes/metric-window.ts';

const point = (key: string, value: number, group = 'all', unit = key): CounterPoint => ({ key, unit, group, value });

const amountOf = (window: CounterWindow, group = 'all'): number | undefined => window.latest?.amounts.get(group);

test('the first poll gives nothing, the second one the increase and its time', () => {
  const window = new CounterWindow();
  window.push(1000, [point('a', 10)]);
  expect(window.latest).toBeUndefined();
  expect(window.whole).toBeUndefined();
  window.push(2500, [point('a', 40)]);
  expect(window.latest).toMatchObject({ ms: 1500, restarted: false });
  expect(amountOf(window)).toBe(30);
});

test('series of a group are summed, other groups stand apart', () => {
  const window = new CounterWindow();
  window.push(0, [point('a', 1), point('b', 100), point('c', 5, 'other')]);
  window.push(1000, [point('a', 2), point('b', 110), point('c', 5, 'other')]);
  expect([amountOf(window), amountOf(window, 'other')]).toEqual([11, 0]);
});

test('a counter that went back grew by what it shows now', () => {
  const window = new CounterWindow();
  window.push(0, [point('a', 1000), point('b', 7)]);
  window.push(1000, [point('a', 30), point('b', 9)]);
  expect(window.latest?.restarted).toBe(true);
  expect(amountOf(window)).toBe(32);
});

test('one bucket that went back restarts its whole histogram', () => {
  const window = new CounterWindow();
  window.push(0, [point('le1', 5, '1', 'h'), point('inf', 9, '+Inf', 'h')]);
  window.push(1000, [point('le1', 2, '1', 'h'), point('inf', 10, '+Inf', 'h')]);
  expect([amountOf(window, '1'), amountOf(window, '+Inf')]).toEqual([2, 10]);
});

test('a series born between two polls counts from 0, one that was missed for a poll does not', () => {
  const window = new CounterWindow();
  window.push(0, [point('a', 1), point('b', 1000)]);
  window.push(1000, [point('a', 1), point('new', 4)]);
  expect(amountOf(window)).toBe(4);
  window.push(2000, [point('a', 1), point('b', 1003), point('new', 4)]);
  expect(amountOf(window)).toBe(3);
});

test('NaN is a gap, not a fall', () => {
  const window = new CounterWindow();
  window.push(0, [point('a', 10)]);
  window.push(1000, [point('a', Number.NaN)]);
  expect(amountOf(window)).toBeUndefined();
  window.push(2000, [point('a', 14)]);
  expect([amountOf(window), window.latest?.restarted]).toEqual([4, false]);
});

test('a poll that brings nothing, or does not advance, changes nothing', () => {
  const window = new CounterWindow();
  window.push(1000, [point('a', 10)]);
  window.push(2000, []);
  window.push(1000, [point('a', 99)]);
  window.push(3000, [point('a', 20)]);
  expect(window.latest).toMatchObject({ ms: 2000 });
  expect(amountOf(window)).toBe(10);
});

test('the whole window is ten seconds of polls', () => {
  const window = new CounterWindow(10_000);
  for (let second = 0; second <= 30; second += 1) window.push(second * 1000, [point('a', second * second)]);
  expect(window.whole?.ms).toBe(10_000);
  expect(window.whole?.amounts.get('all')).toBe(30 * 30 - 20 * 20);
});

test('churning series do not pile up', () => {
  const window = new CounterWindow();
  for (let turn = 0; turn < 2000; turn += 1) window.push(turn, [point('stays', turn), point(`s${turn}`, 1)]);
  window.push(3000, [point('stays', 2010), point('s0', 5)]);
  // s0 was forgotten, so it counts as born.
  expect(amountOf(window)).toBe(11 + 5);
});

const inf = Number.POSITIVE_INFINITY;

// [name, q, buckets (bound, cumulative count), value, at least]; values checked by hand against PromQL's definition.
test.each<[string, number, [number, number][], number, boolean]>([
  [
    'the middle of a bucket',
    0.5,
    [
      [1, 0],
      [2, 10],
      [inf, 10],
    ],
    1.5,
    false,
  ],
  [
    'the first bucket from 0',
    0.5,
    [
      [2, 10],
      [inf, 10],
    ],
    1,
    false,
  ],
  [
    'a first bound of 0',
    0.1,
    [
      [0, 5],
      [1, 10],
      [inf, 10],
    ],
    0,
    false,
  ],
  [
    'a negative first bound',
    0.1,
    [
      [-1, 5],
      [1, 10],
      [inf, 10],
    ],
    -1,
    false,
  ],
  [
    'between negative bounds',
    0.75,
    [
      [-2, 0],
      [-1, 10],
      [inf, 10],
    ],
    -1.25,
    false,
  ],
  [
    'above the highest bound',
    0.95,
    [
      [1, 5],
      [10, 6],
      [inf, 10],
    ],
    10,
    true,
  ],
  [
    'exactly a bound',
    0.5,
    [
      [1, 5],
      [2, 10],
      [inf, 10],
    ],
    1,
    false,
  ],
  [
    'q of 0',
    0,
    [
      [1, 5],
      [2, 10],
      [inf, 10],
    ],
    0,
    false,
  ],
  [
    'q of 1',
    1,
    [
      [1, 5],
      [2, 10],
      [inf, 10],
    ],
    2,
    false,
  ],
  [
    'q below 0',
    -0.1,
    [
      [1, 5],
      [inf, 10],
    ],
    -inf,
    false,
  ],
  [
    'q above 1',
    1.1,
    [
      [1, 5],
      [inf, 10],
    ],
    inf,
    false,
  ],
  [
    'q of NaN',
    Number.NaN,
    [
      [1, 5],
      [inf, 10],
    ],
    Number.NaN,
    false,
  ],
  [
    'no +Inf bucket',
    0.5,
    [
      [1, 5],
      [2, 10],
    ],
    Number.NaN,
    false,
  ],
  ['one bucket', 0.5, [[inf, 10]], Number.NaN, false],
  ['no buckets', 0.5, [], Number.NaN, false],
  [
    'no observations',
    0.5,
    [
      [1, 0],
      [inf, 0],
    ],
    Number.NaN,
    false,
  ],
  [
    'counts that fall',
    0.5,
    [
      [1, 6],
      [2, 4],
      [inf, 10],
    ],
    5 / 6,
    false,
  ],
  [
    'bounds out of order',
    0.5,
    [
      [inf, 10],
      [2, 10],
      [1, 0],
    ],
    1.5,
    false,
  ],
])('quantile: %s', (_, q, buckets, value, atLeast) => {
  const quantile = bucketQuantile(q, new Map(buckets));
  if (Number.isNaN(value)) expect(quantile.value).toBeNaN();
  else expect(quantile.value).toBeCloseTo(value, 12);
  expect(quantile.atLeast).toBe(atLeast);
});
