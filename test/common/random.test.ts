// Draws are the same whoever asks, and look random along the numbers, the streams and the seeds.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOf, draw, fractionOf, freshSeed, keyOf } from '../../source/common/random.ts';

const numbers = Array.from({ length: 20_000 }, (_, n) => n);

const correlation = (a: readonly number[], b: readonly number[]): number => {
  const sum = a.reduce((total, value, index) => total + (value - 0.5) * (b[index]! - 0.5), 0);
  return (sum / a.length) * 12;
};

describe('a draw', () => {
  it('is a pure function of seed, number and stream, in [0, 1)', () => {
    const whole = fc.integer({ min: 0, max: 0xffff_ffff });
    fc.assert(
      fc.property(whole, fc.maxSafeNat(), fc.nat(20), (seed, n, stream) => {
        const value = draw(seed, n, stream);
        expect(value).toBe(draw(seed, n, stream));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
      }),
    );
  });

  it.each([0, 1, 42, 0xffff_ffff])('is spread evenly over consecutive numbers with seed %i', (seed) => {
    const bins = new Array<number>(20).fill(0);
    for (const n of numbers) bins[Math.floor(draw(seed, n) * 20)]! += 1;
    // 1,000 expected in each; 5 standard deviations are 154.
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(154);
  });

  it('does not depend on its neighbour, another stream or another seed', () => {
    const values = numbers.map((n) => draw(7, n));
    const others = {
      neighbour: numbers.map((n) => draw(7, n + 1)),
      stream: numbers.map((n) => draw(7, n, 1)),
      seed: numbers.map((n) => draw(8, n)),
      high: numbers.map((n) => draw(7, n + 2 ** 32)),
    };
    for (const other of Object.values(others)) expect(Math.abs(correlation(values, other))).toBeLessThan(0.04);
  });
});

describe('bits', () => {
  it('are what a draw is made of', () => {
    fc.assert(
      fc.property(fc.nat(), fc.maxSafeNat(), fc.nat(2000), (seed, n, stream) => {
        const key = keyOf(seed, stream);
        expect(fractionOf(key, n)).toBe(draw(seed, n, stream));
        // 27 of the draw's 53 bits are the highest of these.
        expect(Math.floor(draw(seed, n, stream) * 2 ** 27)).toBe(bitsOf(key, n) >>> 5);
      }),
    );
  });

  it('are never the same for two numbers of one stream', () => {
    const key = keyOf(3, 100);
    const seen = new Set(Array.from({ length: 200_000 }, (_, n) => bitsOf(key, n)));
    expect(seen.size).toBe(200_000);
  });
});

describe('a fresh seed', () => {
  it('is a whole number of 31 bits, and not always the same', () => {
    const seeds = Array.from({ length: 50 }, freshSeed);
    for (const seed of seeds) expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31).toBe(true);
    expect(new Set(seeds).size).toBeGreaterThan(45);
  });
});
