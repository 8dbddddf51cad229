import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalPlan, constantSegments, type Segment, segmentsOfStages } from '../../source/load/arrival-plan.ts';
import { PoissonArrivals, uniform } from '../../source/load/arrivals.ts';
import { scenarioChoice } from '../../source/load/scenario-choice.ts';
import { countOfShare, firstOfShareFrom } from '../../source/load/share.ts';
import { remainingMs, type Steering, steer, stepOf, unsteered, wantedRate } from '../../source/load/steer.ts';

const planOf = (segments: readonly Segment[], arrivals = uniform) =>
  new ArrivalPlan({ revision: 0, segments }, arrivals);

const stages = fc.array(
  fc.record({ lengthMs: fc.integer({ min: 1, max: 20_000 }), rate: fc.double({ min: 0, max: 5000, noNaN: true }) }),
  { minLength: 1, maxLength: 6 },
);

describe('an arrival plan', () => {
  it('gives rate × time arrivals at a constant rate, the first half a gap after the start', () => {
    const plan = planOf(constantSegments(50, 10_000));
    expect(plan.dueBy(10_000)).toBe(500);
    expect(plan.timeOf(0)).toBeCloseTo(10, 9);
    expect(plan.timeOf(499)).toBeCloseTo(9990, 9);
    expect(plan.timeOf(500)).toBe(Infinity);
  });

  it('gives the area of the trapezium for a ramp', () => {
    const plan = planOf(
      segmentsOfStages([
        { lengthMs: 10_000, rate: 100 },
        { lengthMs: 5000, rate: 100 },
        { lengthMs: 10_000, rate: 0 },
      ]),
    );
    expect(plan.dueBy(25_000)).toBe(500 + 500 + 500);
    expect(plan.rateAt(5000)).toBe(50);
    expect(plan.rateAt(24_000)).toBeCloseTo(10);
    expect(plan.endsAt).toBe(25_000);
  });

  it('has nothing due at rate 0, and jumps at a stage of length 0', () => {
    expect(planOf(constantSegments(0, Infinity)).dueBy(1e9)).toBe(0);
    const jump = planOf(
      segmentsOfStages([
        { lengthMs: 0, rate: 100 },
        { lengthMs: 1000, rate: 100 },
      ]),
    );
    expect(jump.rateAt(0)).toBe(100);
    expect(jump.dueBy(1000)).toBe(100);
  });

  it.each([
    ['uniform', () => uniform],
    ['Poisson', () => new PoissonArrivals(7)],
  ])('has timeOf and dueBy as inverses (%s)', (_, arrivals) => {
    fc.assert(
      fc.property(stages, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const plan = planOf(segmentsOfStages(given), arrivals());
        const total = plan.dueBy(plan.endsAt);
        fc.pre(total > 0);
        const n = Math.min(total - 1, Math.floor(share * total));
        const at = plan.timeOf(n);
        expect(at).toBeLessThanOrEqual(plan.endsAt);
        expect(plan.dueBy(at)).toBeGreaterThanOrEqual(n + 1);
        // Arrivals closer than the arithmetic can tell apart may fall on one instant.
        const apart = plan.timeOf(n + 1) - at;
        if (apart > 1e-3) expect(plan.dueBy(at)).toBe(n + 1);
        if (n > 0) expect(plan.timeOf(n - 1)).toBeLessThanOrEqual(at);
        if (rateNear(plan, at) > 1) expect(plan.dueBy(at - 0.01)).toBeLessThanOrEqual(n + 1);
      }),
      { numRuns: 300 },
    );
  });

  it('stays exact after hours at a million arrivals a second', () => {
    const plan = planOf(constantSegments(1e6, Infinity));
    for (const n of [3_600_000_000, 3_600_000_001, 20_000_000_007]) expect(plan.dueBy(plan.timeOf(n))).toBe(n + 1);
  });
});

const rateNear = (plan: ArrivalPlan, at: number): number => Math.min(plan.rateAt(at - 1), plan.rateAt(at));

describe('shares', () => {
  it('sum to the whole, and each arrival belongs to one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 100_000 }), (count, total) => {
        const shares = Array.from({ length: count }, (_, index) => ({ index, count }));
        expect(shares.reduce((sum, share) => sum + countOfShare(share, total), 0)).toBe(total);
        const owners = shares.filter((share) => firstOfShareFrom(share, total) === total);
        expect(owners).toHaveLength(1);
      }),
    );
  });

  it('begin with their first arrival that is not before a given one', () => {
    expect(firstOfShareFrom({ index: 1, count: 3 }, 0)).toBe(1);
    expect(firstOfShareFrom({ index: 1, count: 3 }, 2)).toBe(4);
    expect(firstOfShareFrom({ index: 1, count: 3 }, 4)).toBe(4);
  });
});

describe('Poisson arrivals', () => {
  it('have unit mean and variance of their gaps, and the same positions in whatever order they are asked for', () => {
    const arrivals = new PoissonArrivals(42);
    const positions = Array.from({ length: 20_000 }, (_, n) => arrivals.position(n));
    const gaps = positions.map((position, n) => position - (positions[n - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeGreaterThan(0.97);
    expect(mean).toBeLessThan(1.03);
    expect(variance).toBeGreaterThan(0.93);
    expect(variance).toBeLessThan(1.07);
    const again = new PoissonArrivals(42);
    for (const n of [19_999, 5, 1024, 1023, 10_000, 0]) expect(again.position(n)).toBe(positions[n]);
    for (const n of [12_345, 3, 1500]) expect(again.countUpTo(positions[n]!)).toBe(n + 1);
  });
});

describe('the choice of scenario', () => {
  it('follows the weights, never takes a weight of 0, and depends on arrival and seed only', () => {
    const choose = scenarioChoice([1, 0, 3], 5);
    const counts = [0, 0, 0];
    for (let n = 0; n < 20_000; n += 1) counts[choose(n)]! += 1;
    expect(counts[1]).toBe(0);
    expect(counts[2]! / counts[0]!).toBeGreaterThan(2.8);
    expect(counts[2]! / counts[0]!).toBeLessThan(3.2);
    const again = scenarioChoice([1, 0, 3], 5);
    const other = scenarioChoice([1, 0, 3], 6);
    const order = (pick: (n: number) => number) => Array.from({ length: 100 }, (_, n) => pick(n)).join('');
    expect(order(again)).toBe(order(choose));
    expect(order(other)).not.toBe(order(choose));
  });
});

describe('steering', () => {
  const begun = unsteered(constantSegments(100, 60_000));
  const applied = (steering: Steering, ...changes: [Parameters<typeof steer>[1], number][]): Steering =>
    changes.reduce((state, [change, at]) => steer(state, change, at).steering, steering);
  const change = fc.oneof(
    fc.double({ min: 0, max: 5000, noNaN: true }).map((rate) => ({ type: 'rate' as const, rate })),
    fc.constant({ type: 'pause' as const }),
    fc.constant({ type: 'resume' as const }),
    fc.constant({ type: 'plan' as const }),
    fc.integer({ min: 1, max: 60_000 }).map((byMs) => ({ type: 'extend' as const, byMs })),
  );

  it('keeps what was due before, to the arrival, whatever is changed', () => {
    fc.assert(
      fc.property(
        stages,
        fc.array(fc.tuple(change, fc.integer({ min: 1, max: 9000 })), { minLength: 1, maxLength: 12 }),
        (given, changes) => {
          let steering = unsteered(segmentsOfStages(given));
          let at = 0;
          for (const [next, after] of changes) {
            at += after;
            const before = new ArrivalPlan(steering.plan);
            steering = steer(steering, next, at).steering;
            const later = new ArrivalPlan(steering.plan);
            // What is long past is kept as a number only.
            for (const t of [at - 9000, at - 3000, at - 1, at].filter((one) => one >= 0))
              expect(later.positionAt(t)).toBeCloseTo(before.positionAt(t), 5);
            const { segments } = steering.plan;
            for (const [index, segment] of segments.entries()) {
              const previous = segments[index - 1];
              if (previous) expect(segment.at).toBeCloseTo(previous.at + previous.lengthMs, 6);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('does not grow without end while a key is held', () => {
    let steering = unsteered(constantSegments(100, Infinity));
    let due = 0;
    for (let press = 1; press <= 4000; press += 1) {
      due += (100 + press - 1) * 0.03;
      steering = steer(steering, { type: 'rate', rate: 100 + press }, press * 30).steering;
    }
    expect(steering.plan.segments.length).toBeLessThan(400);
    expect(new ArrivalPlan(steering.plan).positionAt(4000 * 30)).toBeCloseTo(due, 4);
  });

  it('replaces the stages by a manual rate until the plan is asked for again', () => {
    const ramp = unsteered(segmentsOfStages([{ lengthMs: 10_000, rate: 100 }]));
    const manual = applied(ramp, [{ type: 'rate', rate: 7 }, 2000]);
    expect(wantedRate(manual, 5000)).toBe(7);
    expect(planOf(manual.plan.segments).rateAt(5000)).toBe(7);
    expect(planOf(manual.plan.segments).endsAt).toBe(10_000);
    const back = applied(manual, [{ type: 'plan' }, 6000]);
    expect(wantedRate(back, 8000)).toBeCloseTo(80);
    expect(planOf(back.plan.segments).rateAt(8000)).toBeCloseTo(80);
  });

  it('stops the plan and its end while paused, and goes on where it was', () => {
    const ramp = unsteered(segmentsOfStages([{ lengthMs: 10_000, rate: 100 }]));
    const paused = applied(ramp, [{ type: 'pause' }, 4000]);
    expect(planOf(paused.plan.segments).rateAt(1e7)).toBe(0);
    expect(remainingMs(paused, 1e7)).toBe(6000);
    expect(wantedRate(paused, 1e7)).toBeCloseTo(40);
    const { steering, switch: order } = steer(paused, { type: 'resume' }, 9000);
    expect(order.moveBacklogMs).toBe(5000);
    expect(order.gate).toBe('open');
    const plan = planOf(steering.plan.segments);
    expect(plan.rateAt(9000)).toBeCloseTo(40);
    expect(plan.rateAt(12_000)).toBeCloseTo(70);
    expect(plan.endsAt).toBe(15_000);
    expect(plan.dueBy(plan.endsAt)).toBe(500);
  });

  it('holds at a pause and drops at zero', () => {
    expect(steer(begun, { type: 'pause' }, 10).switch).toMatchObject({ gate: 'hold', dropBacklog: false });
    expect(steer(begun, { type: 'rate', rate: 0 }, 10).switch).toMatchObject({ gate: 'open', dropBacklog: true });
  });

  it('extends the last rate', () => {
    const longer = applied(begun, [{ type: 'extend', byMs: 30_000 }, 1000]);
    expect(planOf(longer.plan.segments).endsAt).toBe(90_000);
    expect(planOf(longer.plan.segments).rateAt(89_000)).toBe(100);
  });

  it.each([
    [50, 2],
    [1000, 50],
    [0, 1],
    [1, 1],
    [100, 5],
    [9400, 500],
    [25, 1],
    [100_000, 5000],
  ])('has a step of the 1-2-5 number nearest 5 %% of %d: %d', (rate, step) => expect(stepOf(rate)).toBe(step));
});
