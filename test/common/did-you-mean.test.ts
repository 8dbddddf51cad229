import { describe, expect, test } from 'vitest';
import { didYouMean } from '../../source/common/did-you-mean.ts';

const known = ['connections', 'rate', 'stages', 'max-in-flight', 'seed', 'maxInFlight'];

describe('the nearest known word', () => {
  test.each([
    ['conections', 'connections'],
    ['connectoins', 'connections'],
    ['CONNECTIONS', 'connections'],
    ['conn', 'connections'],
    ['rat', 'rate'],
    ['rtae', 'rate'],
    ['sead', 'seed'],
    ['max_in_flight', 'max-in-flight'],
    ['maxinflght', 'max-in-flight'],
  ])('of %s is %s', (word, expected) => {
    expect(didYouMean(word, known)).toBe(expected);
  });

  test.each(['', 'x', 'pipelining', 'zzzz', 'a'.repeat(100_000)])('of %.20s is none', (word) => {
    expect(didYouMean(word, known)).toBeUndefined();
  });
});
