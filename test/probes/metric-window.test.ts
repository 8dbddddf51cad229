// Increases with restarts and gaps, and quantiles as PromQL gives them.
import { expect, test } from 'vitest';
import { bucketQuantile, ObservationWindow } from '../../source/probes/metric-window.ts';
import { Scraped } from './scraped.ts';

const counters = (...lines: readonly string[]): string => `# TYPE a counter\n${lines.join('\n')}\n`;

test('the first scrape gives no rate, the second one the increase over its time', () => {
  const target = new Scraped().take(1000, counters('a 10'));
  expect(target.now('a')).toBeNaN();
  expect(target.take(3500, counters('a 60')).now('a')).toBe(20);
});

test('series of a family are summed', () => {
  const target = new Scraped().take(0, counters('a{x="1"} 1', 'a{x="2"} 100'));
  expect(target.take(1000, counters('a{x="1"} 2', 'a{x="2"} 110')).now('a')).toBe(11);
});

test('a counter that went back grew by what it shows now', () => {
  const target = new Scraped().take(0, counters('a{x="1"} 1000', 'a{x="2"} 7'));
  expect(target.take(1000, counters('a{x="1"} 30', 'a{x="2"} 9')).now('a')).toBe(32);
});

test('one bucket that went back restarts its whole histogram, and no other', () => {
  const text = (low: number, all: number, other: number): string =>
    `# TYPE h histogram\nh_bucket{le="1"} ${low}\nh_bucket{le="+Inf"} ${all}\nh_bucket{le="+Inf",x="2"} ${other}\n`;
  const target = new Scraped().take(0, text(5, 9, 100)).take(1000, text(2, 10, 103));
  expect([...target.book.observed('h')!.buckets]).toEqual([
    [1, 2],
    [Number.POSITIVE_INFINITY, 10 + 3],
  ]);
});

test('a series born between two scrapes counts from 0, one that was missed for a scrape does not', () => {
  const target = new Scraped().take(0, counters('a{x="1"} 1', 'a{x="2"} 1000'));
  expect(target.take(1000, counters('a{x="1"} 1', 'a{x="new"} 4')).now('a')).toBe(4);
  expect(target.take(2000, counters('a{x="1"} 1', 'a{x="2"} 1003', 'a{x="new"} 4')).now('a')).toBe(3);
});

test('NaN is a gap, not a fall', () => {
  const target = new Scraped().take(0, counters('a 10'));
  expect(target.take(1000, counters('a NaN')).now('a')).toBeNaN();
  expect(target.take(2000, counters('a 14')).now('a')).toBe(4);
});

test('a quantile of a summary that falls says nothing of its count, its sum, or a restart', () => {
  const text = (p99: number, n: number): string =>
    `# TYPE s summary\ns{quantile="0.5"} 0.1\ns{quantile="0.99"} ${p99}\ns_sum ${n / 2}\ns_count ${n}\n`;
  const target = new Scraped().take(0, text(0.9, 100_000)).take(1000, text(0.2, 100_010));
  expect(target.now('s')).toBe(10);
  expect(target.book.observed('s')).toMatchObject({ count: 10, sum: 5 });
  expect(target.book.notices()).toEqual([]);
});

test('the window is ten seconds of scrapes', () => {
  const window = new ObservationWindow(10_000);
  const buckets = new Map([[Number.POSITIVE_INFINITY, 1]]);
  for (let second = 1; second <= 30; second += 1)
    window.take(second * 1000, { ms: 1000, count: second, sum: 2, buckets });
  expect(window.whole).toMatchObject({ ms: 10_000, count: 255, sum: 20 });
  expect([...window.whole!.buckets.values()]).toEqual([10]);
});

test('churning series do not pile up, and one that was forgotten counts as born', () => {
  const target = new Scraped();
  for (let turn = 0; turn < 2000; turn += 1) {
    target.take(turn, counters(`a{x="stays"} ${turn}`, `a{x="s${turn}"} 1`));
  }
  expect(target.cache.size).toBeLessThan(200);
  expect(target.take(3000, counters('a{x="stays"} 2010', 'a{x="s0"} 5')).now('a')).toBeCloseTo((11 + 5) / 1.001, 9);
});

test('the baseline is a first value, a mean rate over a long life, or the first rate', () => {
  const text = (start: string, value: number): string =>
    `# TYPE g gauge\ng ${value}\n${start}${counters(`a ${value}`)}`;
  const old = `# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ${1_000_000 - 100}\n`;
  const aged = new Scraped().take(0, text(old, 500)).take(1000, text(old, 900));
  expect(aged.book.course('a')).toEqual({ now: 400, baseline: 5 });
  expect(aged.book.course('g')).toEqual({ now: 900, baseline: 500 });
  const young = new Scraped().take(0, text('', 500)).take(1000, text('', 700)).take(2000, text('', 800));
  expect(young.book.course('a')).toEqual({ now: 100, baseline: 200 });
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
