// How many users there are follows from the plan alone: ramps bring and send them away one by one, jumps all at once.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOfShare } from '../../source/load/share.ts';
import { UserPlan } from '../../source/load/user-plan.ts';

const planOf = (
  ...segments: readonly (readonly [at: number, lengthMs: number, from: number, to: number])[]
): UserPlan =>
  new UserPlan({ revision: 0, segments: segments.map(([at, lengthMs, from, to]) => ({ at, lengthMs, from, to })) });

describe('the users of a plan', () => {
  it('come one by one at the spawn rate, the first at once, and stay', () => {
    const plan = planOf([0, 2000, 0, 20], [2000, 8000, 20, 20]);
    const counts = [0, 99, 101, 950, 1999, 2000, 9999, 10_000].map((t) => plan.usersAt(t));
    expect(counts).toEqual([1, 1, 2, 10, 20, 20, 20, 0]);
  });

  it('are intended for the instant at which the ramp reaches them', () => {
    const plan = planOf([0, 2000, 0, 20], [2000, 8000, 20, 20]);
    expect(plan.reachedAt(0, 50)).toBe(0);
    expect(plan.reachedAt(3, 400)).toBeCloseTo(300, 9);
    expect(plan.reachedAt(3, 5000)).toBe(2000);
  });

  it('come all at once with a jump', () => {
    const plan = planOf([0, 1000, 5, 5], [1000, 1000, 50, 50]);
    expect(plan.usersAt(999)).toBe(5);
    expect(plan.usersAt(1000)).toBe(50);
    expect(plan.nextChange(5, 10)).toBe(1000);
    expect(plan.reachedAt(30, 1002)).toBe(1000);
  });

  it('leave one by one', () => {
    const plan = planOf([0, 1000, 10, 0]);
    expect(plan.usersAt(0)).toBe(10);
    expect(plan.usersAt(150)).toBe(9);
    expect(plan.usersAt(950)).toBe(1);
    expect(plan.usersAt(1000)).toBe(0);
  });

  it('change at the instant that is foretold, and not before, for every share', () => {
    const ramp = fc.record({
      from: fc.nat(300),
      to: fc.nat(300),
      lengthMs: fc.integer({ min: 200, max: 60_000 }),
      count: fc.integer({ min: 1, max: 5 }),
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    });
    fc.assert(
      fc.property(ramp, ({ from, to, lengthMs, count, at }) => {
        const plan = planOf([0, lengthMs, from, to], [lengthMs, 1000, to, to]);
        const t = at * lengthMs;
        for (let index = 0; index < count; index += 1) {
          const share = { index, count };
          const wanted = countOfShare(share, plan.usersAt(t));
          const next = plan.nextChange(index + wanted * count, t);
          expect(next).toBeGreaterThan(t);
          const before = t + (next - t) * 0.99;
          if (to >= from) expect(countOfShare(share, plan.usersAt(before))).toBe(wanted);
        }
      }),
    );
  });
});
