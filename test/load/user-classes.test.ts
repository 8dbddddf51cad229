// Users that keep a scenario: as many of each as its weight says, whatever their number, and the same one for every iteration.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCounts, userClasses } from '../../source/load/user-classes.ts';

const someWeights = (weight: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.array(weight, { minLength: 1, maxLength: 8 }).filter((weights) => weights.some((one) => one > 0));
const wholeWeights = someWeights(fc.nat({ max: 50 }));
const anyWeights = someWeights(
  fc.double({ min: 0, max: 100, noNaN: true }).map((weight) => (weight < 0.01 ? 0 : weight)),
);

describe('the scenarios of users', () => {
  it('have their shares of any number of users, to within one', () => {
    fc.assert(
      fc.property(fc.oneof(wholeWeights, anyWeights), (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const classOf = userClasses(weights);
        const counts = weights.map(() => 0);
        for (let users = 1; users <= 200; users += 1) {
          counts[classOf(users - 1)]! += 1;
          for (const [index, count] of counts.entries()) {
            expect(Math.abs(count - (users * weights[index]!) / total)).toBeLessThan(1 + 1e-6);
          }
        }
      }),
    );
  });

  it('are exactly as the weights where their sum divides the number of users', () => {
    fc.assert(
      fc.property(wholeWeights, fc.integer({ min: 1, max: 5 }), (weights, times) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        expect(classCounts(weights, times * total)).toEqual(weights.map((weight) => weight * times));
      }),
    );
    expect(classCounts([4, 2, 1, 3], 25)).toEqual([10, 5, 2, 8]);
    expect(classCounts([1, 0, 1], 1000)).toEqual([500, 0, 500]);
  });

  it('do not depend on the order in which they are asked for', () => {
    fc.assert(
      fc.property(wholeWeights, fc.array(fc.nat({ max: 500 }), { minLength: 1 }), (weights, users) => {
        const inOrder = userClasses(weights);
        const asked = userClasses(weights);
        const all = Array.from({ length: 501 }, (_, user) => inOrder(user));
        expect(users.map(asked)).toEqual(users.map((user) => all[user]));
      }),
    );
  });
});
