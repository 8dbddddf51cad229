// What an objective's window says, held against a plain computation over all that was ever taken.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../source/measure/histogram.ts';
import { leastRequests, readObjective, statusOf } from '../../source/measure/objective.ts';
import { type ObjectiveSample, ObjectiveWindow, sampleOf } from '../../source/measure/objective-window.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';

const timesOf = (values: readonly number[]): Uint32Array => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.sparse();
};

interface Given {
  readonly times: readonly number[];
  readonly notGood: number;
}

const sample = (second: number, { times, notGood }: Given, late = false): ObjectiveSample => ({
  second,
  lengthMs: 1000,
  late,
  times: timesOf(times),
  ended: times.length + notGood,
  notGood,
  good: times.length,
});

const given: fc.Arbitrary<Given> = fc.record({
  times: fc.array(fc.double({ min: 0.001, max: 5000, noNaN: true }), { maxLength: 40 }),
  notGood: fc.integer({ min: 0, max: 10 }),
});

/** As HdrHistogram: the smallest value that so large a share does not exceed, within its precision. */
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length - 1e-9)) - 1]!;

const near = (actual: number, expected: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(expected * 0.001 + 0.001);
};

describe('a window', () => {
  it.each([
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
    ['max', 1],
  ] as const)('has the %s of all its requests together, with what came late of its seconds', (metric, share) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(given, given), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        (seconds, length) => {
          const window = new ObjectiveWindow(readObjective(`${metric}<1s over ${length}s`));
          for (const [second, [first, late]] of seconds.entries()) {
            window.take(sample(second, first));
            // Of the second before, and of one that the window has left behind.
            if (second > 0) window.takeLate(sample(second - 1, late, true));
            window.takeLate(sample(second - length, late, true));
            const values = seconds.slice(0, second + 1).flatMap(([one], index) => {
              if (index <= second - length) return [];
              const isLate = index < second ? seconds[index + 1]![1].times : [];
              return [...one.times, ...isLate];
            });
            if (values.length === 0) expect(window.value).toBeNaN();
            else near(window.value, percentile(values, share));
            const enough = values.length >= (metric === 'max' ? 1 : leastRequests);
            const judged = enough && second + 1 >= length;
            expect(window.status()).toBe(
              judged ? statusOf(readObjective(`${metric}<1s`), window.value) : 'not enough data',
            );
          }
        },
      ),
    );
  });

  it('has the share of errors, and the good ones per second, of its seconds together', () => {
    fc.assert(
      fc.property(
        fc.array(given, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        (seconds, length) => {
          const errors = new ObjectiveWindow(readObjective(`errors<1% over ${length}s`));
          const rate = new ObjectiveWindow(readObjective(`rate>=10/s over ${length}s`));
          for (const [second, one] of seconds.entries()) {
            errors.take(sample(second, one));
            rate.take(sample(second, one));
            const last = seconds.slice(Math.max(0, second + 1 - length), second + 1);
            const notGood = last.reduce((sum, each) => sum + each.notGood, 0);
            const good = last.reduce((sum, each) => sum + each.times.length, 0);
            if (notGood + good === 0) expect(errors.value).toBeNaN();
            else expect(errors.value).toBeCloseTo(notGood / (notGood + good), 12);
            expect(rate.value).toBeCloseTo(good / last.length, 9);
            expect(rate.isFull).toBe(second + 1 >= length);
          }
        },
      ),
    );
  });

  it('stands still while no load is wanted, takes in what still ends, and begins anew', () => {
    const window = new ObjectiveWindow(readObjective('max<1s over 2s'));
    const of = (...times: number[]): Given => ({ times, notGood: 0 });
    window.take(sample(0, of(10)));
    window.take(sample(1, of(20)));
    window.hold(sample(2, of(700)));
    window.hold(sample(9, of()));
    near(window.value, 700);
    expect(window.status()).toBe('met');
    window.take(sample(10, of(30)));
    near(window.value, 30);
    expect(window.status()).toBe('not enough data');
    window.take(sample(11, of(40)));
    near(window.value, 40);
    expect(window.status()).toBe('met');
  });

  it('keeps of a long rest what ended in it, and lets go empty seconds as long ago as the window is long', () => {
    const window = new ObjectiveWindow(readObjective('max<1s over 3s'));
    const of = (...times: number[]): Given => ({ times, notGood: 0 });
    window.take(sample(0, of(10)));
    for (let second = 1; second <= 9; second += 1) window.hold(sample(second, second === 2 ? of(300) : of()));
    window.takeLate(sample(6, of(900), true));
    near(window.value, 300);
    window.takeLate(sample(2, of(500), true));
    near(window.value, 500);
    window.takeLate(sample(7, of(700), true));
    near(window.value, 700);
    window.takeLate(sample(0, of(800), true));
    near(window.value, 800);
  });

  it('of a rate leaves out the seconds in which no load is wanted', () => {
    const window = new ObjectiveWindow(readObjective('rate>=2/s over 2s'));
    const two: Given = { times: [1, 1], notGood: 0 };
    for (const second of [0, 1]) window.take(sample(second, two));
    for (const second of [2, 3, 4]) window.hold(sample(second, { times: [], notGood: 0 }));
    expect(window.value).toBe(2);
  });

  it('is judged as it is where a run was shorter than it', () => {
    const window = new ObjectiveWindow(readObjective('p99<1s over 30s'));
    window.take(sample(0, { times: Array(leastRequests).fill(2000), notGood: 0 }));
    expect(window.status()).toBe('not enough data');
    expect(window.status(true)).toBe('broken');
    expect(window.covered).toEqual({ fromMs: 0, lengthMs: 1000 });
  });

  it('is fed with good response times of all series, requests, and good iterations', () => {
    const second = fixtureSecond(4);
    const { ended, notGood, good, times } = sampleOf(second);
    expect({ ended, notGood, good }).toEqual({ ended: 1000, notGood: 20, good: 980 });
    expect(times.filter((_, index) => index % 2 === 1).reduce((sum, count) => sum + count, 0)).toBe(980);
  });
});

describe('a histogram', () => {
  it('is as if what is taken away had never been added', () => {
    const spans = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(spans, spans, (kept, removed) => {
        const histogram = new Histogram();
        histogram.add(timesOf(removed));
        histogram.add(timesOf(kept));
        histogram.remove(timesOf(removed));
        const plain = new Histogram();
        plain.add(timesOf(kept));
        expect(histogram.sparse()).toEqual(plain.sparse());
        expect([histogram.count, histogram.min, histogram.max]).toEqual([plain.count, plain.min, plain.max]);
      }),
    );
  });
});
