// How far the generator fell short: only seconds in which it was out of CPU say something of machines.

import { describe, expect, it } from 'vitest';
import { noFlows } from '../../source/measure/interval.ts';
import { ShortBook } from '../../source/measure/short-book.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';

const second = (due: number, started: number, loopUtilisation: number) =>
  fixtureSecond(0, { flows: { ...noFlows(), due, started }, loopUtilisation });

const shortOf = (...seconds: readonly (readonly [number, number, number])[]) => {
  const book = new ShortBook();
  for (const one of seconds) book.take(second(...one));
  return book.summary();
};

describe('what the generator fell short of', () => {
  it('is what was due against what was begun', () => {
    expect(shortOf([100_000, 41_000, 0.99], [100_000, 39_000, 1])).toEqual({
      wantedRate: 100_000,
      sentRate: 40_000,
      machines: 3,
    });
  });

  it('takes one machine more where all was sent, but late', () => {
    expect(shortOf([20_000, 20_000, 0.97])?.machines).toBe(2);
  });

  it('is nothing where the machine stood still, or nobody sent anything', () => {
    expect(shortOf([100_000, 10, 0.01], [500, 500, 0.6], [1000, 0, 1])).toBeUndefined();
    expect(shortOf([500, 500, Number.NaN])).toBeUndefined();
  });
});
