// Think times are drawn by number and have the mean they say; numbers of iterations are one for each user and iteration.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanThinkMs, type Think, thinkMs } from '../../source/load/think.ts';
import { iterationNumber } from '../../source/load/user-numbers.ts';

const thinks: readonly Think[] = [
  { type: 'fixed', ms: 250 },
  { type: 'uniform', leastMs: 1000, mostMs: 5000 },
  { type: 'exponential', meanMs: 2000 },
];

describe('think time', () => {
  it.each(thinks)('%o has its mean over many iterations, and the same for each number again', (think) => {
    const drawn = Array.from({ length: 50_000 }, (_, n) => thinkMs(think, 7, n));
    const mean = drawn.reduce((sum, ms) => sum + ms, 0) / drawn.length;
    expect(mean / meanThinkMs(think)).toBeCloseTo(1, 1);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(think.type === 'uniform' ? 1000 : 0);
    if (think.type === 'uniform') expect(Math.max(...drawn)).toBeLessThan(5000);
    expect(drawn.every(Number.isFinite)).toBe(true);
    expect(thinkMs(think, 7, 41)).toBe(drawn[41]);
    if (think.type !== 'fixed') expect(thinkMs(think, 8, 41)).not.toBe(drawn[41]);
  });
});

describe('the number of an iteration', () => {
  it('is no other’s, also of users that the plan did not speak of', () => {
    const place = fc.tuple(fc.nat(999_999), fc.nat(1_000_000));
    fc.assert(
      fc.property(
        place,
        place,
        fc.integer({ min: 1, max: 1_000_000 }),
        ([user, iteration], [other, another], users) => {
          const number = iterationNumber(user, iteration, users);
          expect(Number.isSafeInteger(number)).toBe(true);
          const same = user === other && iteration === another;
          expect(number === iterationNumber(other, another, users)).toBe(same);
        },
      ),
    );
  });

  it('comes in turn while all are equally fast', () => {
    const numbers = [0, 1, 2].flatMap((iteration) => [0, 1, 2, 3].map((user) => iterationNumber(user, iteration, 4)));
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, n) => n));
  });
});
