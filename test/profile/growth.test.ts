// A rate grows as it says, step by step, and never beyond its largest.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnitError } from '../../source/common/units.ts';
import { growingStages } from '../../source/profile/growth.ts';

describe('a rate that grows', () => {
  it('holds each step for as long as it says, and doubles', () => {
    expect(growingStages(100, { factor: 2, everyMs: 30_000, most: 500 })).toEqual([
      { lengthMs: 0, rate: 100 },
      { lengthMs: 30_000, rate: 100 },
      { lengthMs: 0, rate: 200 },
      { lengthMs: 30_000, rate: 200 },
      { lengthMs: 0, rate: 400 },
      { lengthMs: 30_000, rate: 400 },
    ]);
  });

  it('rises with each step, up to the largest', () => {
    const growth = fc.oneof(
      fc.record({ factor: fc.double({ min: 1.1, max: 10, noNaN: true }) }),
      fc.record({ step: fc.double({ min: 1, max: 100, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.double({ min: 1, max: 100, noNaN: true }), growth, fc.nat(900), (rate, grows, more) => {
        const stages = growingStages(rate, { ...grows, everyMs: 1000, most: rate + more });
        const held = stages.filter(({ lengthMs }) => lengthMs > 0).map((stage) => stage.rate);
        expect(held[0]).toBe(rate);
        expect(Math.max(...held)).toBeLessThanOrEqual(rate + more);
        expect(held.every((level, index) => index === 0 || level > held[index - 1]!)).toBe(true);
      }),
    );
  });

  it.each([
    [0, { factor: 2, everyMs: 1000, most: 10 }],
    [20, { factor: 2, everyMs: 1000, most: 10 }],
    [1, { step: 1, everyMs: 1000, most: 100_000 }],
  ])('is none from %d with %j', (rate, growth) => {
    expect(() => growingStages(rate, growth)).toThrow(UnitError);
  });
});
