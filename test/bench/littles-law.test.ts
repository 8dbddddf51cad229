import { describe, expect, it } from 'vitest';
import { keyOf } from '../../source/common/random.ts';
import { type Think, thinkMs } from '../../source/load/think.ts';
import { type Crowd, lawChance, lawCount, lawRate } from './littles-law.ts';

const uniform: Think = { type: 'uniform', leastMs: 1000, mostMs: 5000 };
const exponential: Think = { type: 'exponential', meanMs: 2000 };

/** When users begin an iteration, ms: each draws its think times, and every answer takes as long. */
const begun = ({ users, spawnRate, lengthMs }: Crowd, think: Think, responseMs: number): number[] =>
  Array.from({ length: users }, (_, user) => {
    const key = keyOf(7, user);
    const at: number[] = [];
    for (let now = (user * 1000) / spawnRate; now < lengthMs; now += responseMs + thinkMs(think, key, at.length)) {
      at.push(now);
    }
    return at;
  }).flat();

describe('the law of Little', () => {
  it.each([
    [1000, uniform, 20, 331.1258],
    [10, { type: 'fixed', ms: 900 }, 100, 10],
    [10, exponential, 500, 4],
  ] as const)('for %d users with %j and answers in %d ms says %d/s', (users, think, responseMs, rate) => {
    expect(lawRate(users, think, responseMs)).toBeCloseTo(rate, 3);
  });

  it('holds for users that are drawn, within three standard deviations of chance', () => {
    const [from, to] = [15_000, 75_000];
    const at = begun({ users: 1000, spawnRate: Infinity, lengthMs: to }, uniform, 20);
    const count = at.filter((instant) => instant >= from).length;
    const expected = lawRate(1000, uniform, 20) * 60;
    expect(Math.abs(count / expected - 1)).toBeLessThan(3 * lawChance(uniform, 20, expected));
  });
});

describe('chance', () => {
  it('is as much as counts of the same run scatter in fact', () => {
    const counts = Array.from({ length: 200 }, (_, user) => {
      const [from, to] = [15_000, 315_000];
      const key = keyOf(user, 3);
      let count = 0;
      for (let now = 0, n = 0; now < to; now += 20 + thinkMs(uniform, key, n), n += 1) if (now >= from) count += 1;
      return count;
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const scatter = Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1));
    expect(scatter / mean / lawChance(uniform, 20, mean)).toBeGreaterThan(0.85);
    expect(scatter / mean / lawChance(uniform, 20, mean)).toBeLessThan(1.15);
  });

  it('is nothing where nothing is drawn, and a hundredth of a second for each of 1,000 users in a minute', () => {
    expect(lawChance({ type: 'fixed', ms: 1000 }, 20, 100)).toBe(0);
    expect(lawChance(uniform, 20, 20_000)).toBeCloseTo(0.0027, 4);
  });
});

describe('iterations of a whole run', () => {
  it.each([
    [{ users: 100, spawnRate: Infinity, lengthMs: 60_000 }, uniform, 20],
    [{ users: 1000, spawnRate: 50, lengthMs: 120_000 }, uniform, 5],
    [{ users: 500, spawnRate: 10, lengthMs: 100_000 }, { type: 'uniform', leastMs: 1000, mostMs: 3000 }, 45],
    [{ users: 100, spawnRate: 100, lengthMs: 60_000 }, exponential, 500],
  ] as const)('of %j', (crowd, think, responseMs) => {
    const expected = lawCount(crowd, think, responseMs);
    const drawn = begun(crowd, think, responseMs).length;
    expect(Math.abs(drawn / expected - 1)).toBeLessThan(Math.max(0.005, 3 * lawChance(think, responseMs, expected)));
  });

  it('are one for each user where there is no time for another, and none of those who never begin', () => {
    expect(lawCount({ users: 10, spawnRate: Infinity, lengthMs: 1 }, uniform, 20)).toBe(10);
    expect(lawCount({ users: 10, spawnRate: 1, lengthMs: 4500 }, uniform, 20)).toBeLessThan(10);
  });
});
