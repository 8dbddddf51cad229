// Rates of runs that are longer than what is kept second by second.

import { describe, expect, it } from 'vitest';
import { PaceBook } from '../../source/measure/pace-book.ts';
import { fixtureSecond } from '../helpers/events.ts';

const first = fixtureSecond(0);

describe('the rates of a run', () => {
  it('leave out what came in after the load had ended', () => {
    const book = new PaceBook();
    for (let second = 0; second < 4; second += 1) book.take({ ...first, second });
    expect(book.rates(2500, 2500)).toEqual({ achieved: 600, good: 600, requests: 600 });
    expect(book.rates(4000, 4000)).toEqual({ achieved: 500, good: 500, requests: 500 });
  });

  it('are those of all its seconds, however many', () => {
    const book = new PaceBook();
    for (let second = 0; second < 5000; second += 1) book.take({ ...first, second });
    // Late additions to a second that is folded already, and to one that is not.
    book.take({ ...first, second: 10, late: true });
    book.take({ ...first, second: 4990, late: true });
    expect(book.rates(5_000_000, 5_000_000).good).toBeCloseTo((500 * 5002) / 5000, 9);
  });
});
