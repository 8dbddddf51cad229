// A ramp by hand: from what the load is to what is wanted, past pauses, and given up by the next change.

import { describe, expect, it } from 'vitest';
import { constantSegments, rateAt } from '../../source/load/arrival-plan.ts';
import { steer, unsteered, wantedRate } from '../../source/load/steer.ts';

const begun = unsteered(constantSegments(100, 60_000));
const ramped = steer(begun, { type: 'rate', rate: 300, overMs: 2000 }, 1000).steering;
const rates = ({ plan }: { readonly plan: { readonly segments: Parameters<typeof rateAt>[0] } }, ...at: number[]) =>
  at.map((t) => rateAt(plan.segments, t));

describe('a ramp', () => {
  it('goes from the rate of now to the wanted one, and stays', () => {
    expect(rates(ramped, 999, 1000, 2000, 3000, 59_999, 60_000)).toEqual([100, 100, 200, 300, 300, 0]);
    expect(wantedRate(ramped, 1500)).toBe(300);
  });

  it('is cut by the end of the run', () => {
    const late = steer(begun, { type: 'rate', rate: 300, overMs: 2000 }, 59_000).steering;
    expect(rates(late, 59_500, 59_999, 60_000)).toEqual([150, expect.closeTo(199.9, 5), 0]);
  });

  it('begins anew from where another has come to', () => {
    const again = steer(ramped, { type: 'rate', rate: 0, overMs: 1000 }, 2000).steering;
    expect(rates(again, 2000, 2500, 3000)).toEqual([200, 100, 0]);
  });

  it('to nothing drops nothing; a jump to nothing does', () => {
    expect(steer(begun, { type: 'rate', rate: 0, overMs: 1000 }, 2000).switch.dropBacklog).toBe(false);
    expect(steer(begun, { type: 'rate', rate: 0 }, 2000).switch.dropBacklog).toBe(true);
  });

  it('stands still in a pause and goes on after it', () => {
    const paused = steer(ramped, { type: 'pause' }, 2000).steering;
    expect(rates(paused, 2500)).toEqual([0]);
    const resumed = steer(paused, { type: 'resume' }, 5000).steering;
    expect(rates(resumed, 5000, 5500, 6000, 62_999, 63_000)).toEqual([200, 250, 300, 300, 0]);
  });

  it('that was asked for in a pause begins when it ends', () => {
    const paused = steer(begun, { type: 'pause' }, 2000).steering;
    const asked = steer(paused, { type: 'rate', rate: 200, overMs: 1000 }, 3000).steering;
    const resumed = steer(asked, { type: 'resume' }, 5000).steering;
    expect(rates(resumed, 4999, 5000, 5500, 6000)).toEqual([0, 100, 150, 200]);
  });

  it('is given up for the plan', () => {
    const back = steer(ramped, { type: 'plan' }, 2000).steering;
    expect(rates(back, 2000, 10_000)).toEqual([100, 100]);
  });
});
