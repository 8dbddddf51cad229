// From a profile to the figures of a run: which end counts, what rate it holds, and totals that divide by the workers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRun, type Surroundings } from '../../source/commands/plan-run.ts';
import { completeProfile, type ProfileDraft } from '../../source/profile/defaults.ts';
import type { Load } from '../../source/profile/profile.ts';

const constant: Load = { model: 'constant', rate: 50 };
const fast: Load = { model: 'full speed' };
const stages: Load = {
  model: 'open',
  stages: [
    { lengthMs: 10_000, rate: 100 },
    { lengthMs: 20_000, rate: 100 },
    { lengthMs: 10_000, rate: 0 },
  ],
};

const planned = (draft: Partial<ProfileDraft>, surroundings: Partial<Surroundings> = {}) =>
  planRun(completeProfile({ name: 'run', origin: 'http://127.0.0.1:3000', scenarios: [], ...draft }), {
    cores: 3,
    descriptorLimit: 65_536,
    tui: false,
    ...surroundings,
  });

describe('the end of a run', () => {
  it.each<[string, Partial<ProfileDraft>, number | undefined, number | undefined]>([
    // Without a TUI, then with one.
    ['nothing', { load: constant }, 30_000, 3_600_000],
    ['nothing, at full speed', { load: fast }, 30_000, 3_600_000],
    ['-z', { load: constant, durationMs: 5000 }, 5000, 5000],
    ['-z at full speed', { load: fast, durationMs: 5000 }, 5000, 5000],
    ['-z 0', { load: constant, durationMs: 0 }, undefined, undefined],
    ['-z 0 at full speed', { load: fast, durationMs: 0 }, undefined, undefined],
    ['-n', { load: constant, limit: 100 }, undefined, undefined],
    ['-n at full speed', { load: fast, limit: 100 }, undefined, undefined],
    ['-n and -z', { load: constant, limit: 100, durationMs: 5000 }, 5000, 5000],
    ['-n and -z 0', { load: constant, limit: 100, durationMs: 0 }, undefined, undefined],
    ['stages', { load: stages }, 40_000, 40_000],
    ['stages and a longer -z', { load: stages, durationMs: 60_000 }, 40_000, 40_000],
    ['stages and a -z of their length', { load: stages, durationMs: 40_000 }, 40_000, 40_000],
    ['stages and a shorter -z', { load: stages, durationMs: 15_000 }, 15_000, 15_000],
    ['stages and -z 0', { load: stages, durationMs: 0 }, undefined, undefined],
    ['stages and -n', { load: stages, limit: 100 }, 40_000, 40_000],
    ['stages, -n and a shorter -z', { load: stages, limit: 100, durationMs: 15_000 }, 15_000, 15_000],
  ])('is, with %s, after %o', (_, draft, plain, tui) => {
    for (const [shown, expected] of [
      [false, plain],
      [true, tui],
    ] as const) {
      const plan = planned(draft, { tui: shown });
      expect(plan.durationMs).toBe(expected);
      expect(plan.limit).toBe(draft.limit ?? Infinity);
      const last = plan.segments.at(-1)!;
      expect(last.at + last.lengthMs).toBe(expected ?? Infinity);
    }
  });
});

describe('the plan of a run', () => {
  it('holds a rate, which is 50/s where nobody says otherwise', () => {
    expect(planned({}).segments).toEqual([{ at: 0, lengthMs: 30_000, from: 50, to: 50 }]);
    expect(planned({ load: constant, durationMs: 0 }).segments).toEqual([
      { at: 0, lengthMs: Infinity, from: 50, to: 50 },
    ]);
  });

  it('has no arrivals of its own at full speed', () => {
    expect(planned({ load: fast })).toMatchObject({ model: 'full speed', segments: [{ from: 0, to: 0 }] });
  });

  it('is cut by a shorter -z at the rate that it would have then', () => {
    const ramp: Load = {
      model: 'open',
      stages: [
        { lengthMs: 10_000, rate: 100 },
        { lengthMs: 10_000, rate: 300 },
      ],
    };
    expect(planned({ load: ramp, durationMs: 4000 }).segments).toEqual([{ at: 0, lengthMs: 4000, from: 0, to: 40 }]);
    expect(planned({ load: ramp, durationMs: 15_000 }).segments).toEqual([
      { at: 0, lengthMs: 10_000, from: 0, to: 100 },
      { at: 10_000, lengthMs: 5000, from: 100, to: 200 },
    ]);
    expect(planned({ load: ramp, durationMs: 10_000 }).segments).toHaveLength(1);
  });

  it('stays at the last rate with -z 0, also where that is reached by a jump', () => {
    const held = (rates: readonly [number, number][]) =>
      planned({ load: { model: 'open', stages: rates.map(([lengthMs, rate]) => ({ lengthMs, rate })) }, durationMs: 0 })
        .segments;
    expect(held([[10_000, 100]]).at(-1)).toEqual({ at: 10_000, lengthMs: Infinity, from: 100, to: 100 });
    expect(
      held([
        [10_000, 100],
        [0, 500],
      ]).at(-1),
    ).toEqual({ at: 10_000, lengthMs: Infinity, from: 500, to: 500 });
    expect(held([[0, 500]])).toEqual([{ at: 0, lengthMs: Infinity, from: 500, to: 500 }]);
  });
});

describe('connections and requests in flight', () => {
  it.each<[string, Partial<ProfileDraft>, number, number]>([
    ['by default', { load: constant }, 1000, 1000],
    ['at full speed', { load: fast }, 50, 50],
    ['with -c', { load: constant, connections: 200 }, 200, 200],
    ['with -c at full speed', { load: fast, connections: 200 }, 200, 200],
    ['with --max-in-flight', { load: constant, maxInFlight: 64 }, 1000, 64],
    ['with both', { load: constant, connections: 200, maxInFlight: 100 }, 200, 100],
  ])('are, %s, so many', (_, draft, connections, maxInFlight) => {
    expect(planned(draft)).toMatchObject({ connections, maxInFlight, notes: [] });
  });

  it('are fewer where descriptors are, and that is said', () => {
    const plan = planned({ load: constant }, { descriptorLimit: 1024 });
    expect(plan).toMatchObject({ connections: 924, maxInFlight: 924 });
    expect(plan.notes).toEqual([expect.stringMatching(/924 connections.*1,024 descriptors/)]);
    expect(planned({ load: fast }, { descriptorLimit: 1024 }).notes).toEqual([]);
    expect(planned({ load: constant }, { descriptorLimit: undefined })).toMatchObject({ connections: 1000, notes: [] });
    expect(planned({ load: constant }, { descriptorLimit: 50 }).connections).toBe(1);
  });

  it('that were asked for are fewer where descriptors are, and that is said', () => {
    const plan = planned({ load: constant, connections: 5000 }, { descriptorLimit: 1024 });
    expect(plan.connections).toBe(924);
    expect(plan.notes).toEqual([expect.stringContaining('ulimit -n')]);
  });

  it('are the same at full speed: a limit in flight is not passed over in silence', () => {
    const plan = planned({ load: fast, connections: 50, maxInFlight: 10 });
    expect(plan.maxInFlight).toBe(50);
    expect(plan.notes).toEqual([expect.stringContaining('max in flight is 50')]);
  });
});

describe('workers', () => {
  it('are as many as the highest rate needs, and leave a core', () => {
    const auto = (rate: number, cores: number) => planned({ load: { model: 'constant', rate } }, { cores }).workers;
    expect([0, 50, 15_000, 15_001, 1e6].map((rate) => auto(rate, 5))).toEqual([1, 1, 1, 2, 4]);
    expect(auto(1e6, 1)).toBe(1);
    const peak: Load = {
      model: 'open',
      stages: [
        { lengthMs: 1000, rate: 40_000 },
        { lengthMs: 1000, rate: 0 },
      ],
    };
    expect(planned({ load: peak }, { cores: 9 }).workers).toBe(2);
    expect(planned({ load: fast }, { cores: 3 }).workers).toBe(2);
  });

  it('are a divisor of the totals, and that is said', () => {
    const plan = planned({ load: { model: 'constant', rate: 1e6 }, connections: 997 }, { cores: 9 });
    expect(plan).toMatchObject({ workers: 1, connections: 997 });
    expect(plan.notes).toEqual([expect.stringContaining('1 instead of 8')]);
  });

  it('that were asked for stay, and the totals become multiples of them, which is said', () => {
    const plan = planned({ load: constant, workers: 3, connections: 100, maxInFlight: 50 });
    expect(plan).toMatchObject({ workers: 3, connections: 99, maxInFlight: 48 });
    expect(plan.notes).toEqual([
      expect.stringContaining('connections 99 instead of 100'),
      expect.stringContaining('max in flight 48 instead of 50'),
    ]);
  });

  it('are never more than connections or requests in flight, which is said', () => {
    for (const totals of [{ connections: 2 }, { maxInFlight: 2 }]) {
      const plan = planned({ load: constant, workers: 8, ...totals });
      expect(plan.workers).toBe(2);
      expect(plan.notes[0]).toContain('2 workers instead of 8');
    }
  });

  it('always divide totals that are not above what was asked for', () => {
    const count = fc.integer({ min: 1, max: 5000 });
    const workers = fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 256 }));
    const load = fc.oneof(fc.constant(fast), fc.record({ model: fc.constant('constant' as const), rate: fc.nat(1e6) }));
    fc.assert(
      fc.property(
        load,
        workers,
        fc.option(count),
        fc.option(count),
        fc.integer({ min: 1, max: 64 }),
        (what, wanted, c, f, cores) => {
          const plan = planned(
            { load: what, workers: wanted, connections: c ?? undefined, maxInFlight: f ?? undefined },
            { cores },
          );
          expect(plan.workers).toBeGreaterThanOrEqual(1);
          expect([plan.connections % plan.workers, plan.maxInFlight % plan.workers]).toEqual([0, 0]);
          expect(plan.connections).toBeGreaterThanOrEqual(plan.workers);
          expect(plan.maxInFlight).toBeGreaterThanOrEqual(plan.workers);
          if (c !== null) expect(plan.connections).toBeLessThanOrEqual(c);
          if (f !== null && what.model !== 'full speed') expect(plan.maxInFlight).toBeLessThanOrEqual(f);
          if (wanted !== 'auto' && plan.workers !== wanted) expect(plan.notes).not.toEqual([]);
        },
      ),
    );
  });
});
