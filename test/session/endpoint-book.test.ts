// What the table of endpoints shows of each series: rates and percentiles over ten seconds, totals since the start.

import { expect, it } from 'vitest';
import { Histogram } from '../../source/measure/histogram.ts';
import { joinHistograms, spanKey } from '../../source/measure/interval.ts';
import type { Second } from '../../source/measure/second.ts';
import { EndpointBook } from '../../source/session/endpoint-book.ts';
import { fixtureSecond } from '../helpers/events.ts';

const names = ['GET /a', 'POST /b'];

interface Did {
  readonly series: number;
  readonly goodMs: readonly number[];
  readonly notGood?: number;
}

const secondOf = (second: number, did: readonly Did[], patch: Partial<Second> = {}): Second => {
  const cells = joinHistograms(
    did.map(({ series, goodMs }) => {
      const histogram = new Histogram();
      for (const ms of goodMs) histogram.record(ms);
      return [spanKey(series, 0, 0), histogram.sparse()];
    }),
  );
  const series = did.map(({ series, goodMs, notGood = 0 }) => ({
    series,
    good: goodMs.length,
    notGood,
    bytesOut: 100,
    bytesIn: 50,
    outcomes: [],
  }));
  return fixtureSecond(second, { cells, series, ...patch });
};

it('has all series from the first second on, those without requests too', () => {
  const rows = new EndpointBook().take(secondOf(0, [{ series: 1, goodMs: [10, 20], notGood: 2 }]), names);
  expect(rows.map(({ name, perSecond, total, totalNotGood }) => [name, perSecond, total, totalNotGood])).toEqual([
    ['GET /a', 0, 0, 0],
    ['POST /b', 4, 4, 2],
  ]);
  expect(rows[0]).toMatchObject({ notGoodShare: Number.NaN, good: { count: 0 } });
  expect(rows[1]).toMatchObject({ notGoodShare: 0.5, bytesOut: 100, bytesIn: 50, good: { count: 2 } });
});

it('reads rates from ten seconds, and percentiles from their merged histograms', () => {
  const book = new EndpointBook();
  book.take(secondOf(0, [{ series: 0, goodMs: [900] }]), names);
  for (let second = 1; second < 10; second += 1) book.take(secondOf(second, [{ series: 0, goodMs: [10] }]), names);
  const [before] = book.take(secondOf(9, [], { late: true }), names);
  expect([before!.good.count, Math.round(before!.good.max)]).toEqual([10, 900]);
  const [after] = book.take(secondOf(10, [{ series: 0, goodMs: [10, 10] }]), names);
  expect([after!.good.count, Math.round(after!.good.max), after!.perSecond, after!.total]).toEqual([11, 10, 1.1, 12]);
  const [quiet] = book.take(secondOf(30, []), names);
  expect(quiet).toMatchObject({ perSecond: 0, total: 12, good: { count: 0 } });
});

it('takes in what came late, and makes a rate of as long as the run has lasted', () => {
  const book = new EndpointBook();
  book.take(secondOf(0, [{ series: 0, goodMs: [10] }], { lengthMs: 500 }), names);
  const [row] = book.take(secondOf(0, [{ series: 0, goodMs: [40], notGood: 2 }], { late: true }), names);
  expect(row).toMatchObject({ perSecond: 8, total: 4, totalNotGood: 2, notGoodShare: 0.5, good: { count: 2 } });
  expect(Math.round(row!.good.max)).toBe(40);
});

it('tells what requests hold per second, by the word of the profile', () => {
  const book = new EndpointBook();
  const second = secondOf(0, [{ series: 1, goodMs: [10, 20] }], { lengthMs: 500 });
  const series = second.series.map((counts) => (counts.series === 1 ? { ...counts, items: 200 } : counts));
  const rows = book.take({ ...second, series }, names, [null, 'events']);
  expect(rows.map(({ items }) => items)).toEqual([undefined, { name: 'events', perSecond: 400 }]);
  expect(book.take(secondOf(30, []), names)[1]?.items).toEqual({ name: 'events', perSecond: 0 });
});
