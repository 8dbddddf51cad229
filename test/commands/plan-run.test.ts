// From a profile to the figures of a run: which end counts, what rate or how many users it holds, connections, workers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRun, type Surroundings } from '../../source/commands/plan-run.ts';
import { UserError } from '../../source/common/errors.ts';
import { readObjective } from '../../source/measure/objective.ts';
import { completeProfile, type ProfileDraft } from '../../source/profile/defaults.ts';
import type { Load } from '../../source/profile/profile.ts';

const constant: Load = { model: 'constant', rate: 50 };
const fast: Load = { model: 'full speed' };
const users = (count: number, spawnRate = Infinity): Load => ({ model: 'closed', users: count, spawnRate });
const burst = (size: number, rounds = 1, pauseMs = 1000): Load => ({
  ...{ model: 'burst', sizes: new Array<number>(rounds).fill(size), afterMs: 0, pauseMs },
  errorLimit: undefined,
});
const stages: Load = {
  model: 'open',
  stages: [
    { lengthMs: 10_000, rate: 100 },
    { lengthMs: 20_000, rate: 100 },
    { lengthMs: 10_000, rate: 0 },
  ],
};

const stagedUsers: Load = {
  model: 'closed',
  users: [
    { lengthMs: 0, rate: 20 },
    { lengthMs: 30_000, rate: 20 },
    { lengthMs: 0, rate: 100 },
    { lengthMs: 10_000, rate: 0 },
  ],
  spawnRate: Infinity,
};

const planned = (draft: Partial<ProfileDraft>, surroundings: Partial<Surroundings> = {}) =>
  planRun(completeProfile({ name: 'run', origin: 'http://127.0.0.1:3000', scenarios: [], ...draft }), {
    cores: 3,
    descriptorLimit: 65_536,
    tui: false,
    ...surroundings,
  });

describe('what is said beforehand of objectives', () => {
  const held = (text: string, draft: Partial<ProfileDraft> = {}) =>
    planned({ load: constant, durationMs: 20_000, objectives: [readObjective(text)], ...draft }).notes;

  it.each<[string, Partial<ProfileDraft>, string[]]>([
    ['p99<1s over 20s', {}, []],
    ['p99<1s over 30s', {}, ['objective p99<1s over 30s: the run is shorter than 30 s and is judged at its end']],
    ['p99<1s over 30s', { durationMs: 0 }, []],
    ['p99<1s', { warmupMs: 15_000 }, ['objective p99<1s: the run is shorter than 10 s and is judged at its end']],
    ['rate>=50/s', {}, []],
    ['rate>=51/s', {}, ['objective rate>=51/s: the load reaches 50/s at the most, unless it is steered']],
    ['rate>=90/s', { load: stages }, []],
    ['rate>=51/s', { load: users(5) }, []],
  ])('%s of %o', (text, draft, notes) => {
    expect(held(text, draft)).toEqual(notes);
  });
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
    ['users', { load: users(200) }, 30_000, 3_600_000],
    ['users and -z', { load: users(200, 10), durationMs: 60_000 }, 60_000, 60_000],
    ['users and a -z within their ramp', { load: users(200, 10), durationMs: 5000 }, 5000, 5000],
    ['users and -z 0', { load: users(200, 10), durationMs: 0 }, undefined, undefined],
    ['users and -n', { load: users(200, 10), limit: 100 }, undefined, undefined],
    ['stages of users', { load: stagedUsers }, 40_000, 40_000],
    ['stages of users and -z 0', { load: stagedUsers, durationMs: 0 }, undefined, undefined],
    ['a burst', { load: burst(100, 5) }, undefined, undefined],
    ['a burst and -z', { load: burst(100, 5), durationMs: 5000 }, 5000, 5000],
    ['a burst and -z 0', { load: burst(100, 5), durationMs: 0 }, undefined, undefined],
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

describe('virtual users', () => {
  const segmentsOf = (load: Load, durationMs?: number) => planned({ load, durationMs }).segments;

  it('are there at once, or after a ramp of so many a second', () => {
    expect(segmentsOf(users(200))).toEqual([{ at: 0, lengthMs: 30_000, from: 200, to: 200 }]);
    expect(segmentsOf(users(200, 10))).toEqual([
      { at: 0, lengthMs: 20_000, from: 0, to: 200 },
      { at: 20_000, lengthMs: 10_000, from: 200, to: 200 },
    ]);
    expect(segmentsOf(users(200, 10), 0).at(-1)).toEqual({ at: 20_000, lengthMs: Infinity, from: 200, to: 200 });
    expect(segmentsOf(users(200, 10), 5000)).toEqual([{ at: 0, lengthMs: 5000, from: 0, to: 50 }]);
    expect(segmentsOf(users(0, 10))).toEqual([{ at: 0, lengthMs: 30_000, from: 0, to: 0 }]);
  });

  it('follow stages, in which a jump takes as long as they need to begin or leave', () => {
    expect(segmentsOf(stagedUsers)).toEqual([
      { at: 0, lengthMs: 30_000, from: 20, to: 20 },
      { at: 30_000, lengthMs: 10_000, from: 100, to: 0 },
    ]);
    expect(segmentsOf({ ...stagedUsers, spawnRate: 10 })).toEqual([
      { at: 0, lengthMs: 2000, from: 0, to: 20 },
      { at: 2000, lengthMs: 30_000, from: 20, to: 20 },
      { at: 32_000, lengthMs: 8000, from: 20, to: 100 },
      { at: 40_000, lengthMs: 10_000, from: 100, to: 0 },
    ]);
  });

  it.each<[string, Partial<ProfileDraft>, number]>([
    ['as many as users', { load: users(200) }, 200],
    ['one where there are no users yet', { load: users(0) }, 1],
    ['as many as there are users at the most', { load: stagedUsers }, 100],
    ['as many as users begin before -z', { load: users(200, 10), durationMs: 5010 }, 51],
    ['more, where -c says so', { load: users(200), connections: 300 }, 300],
    ['as many with HTTP/2', { load: users(200), connection: { http2: true } }, 200],
  ])('have connections of their own: %s', (_, draft, connections) => {
    expect(planned(draft)).toMatchObject({
      model: 'closed',
      connections,
      maxInFlight: connections,
      perConnection: 1,
      notes: [],
    });
  });
});

describe('a burst', () => {
  it('opens a connection for each of its requests', () => {
    expect(planned({ load: burst(1000, 3, 500) })).toMatchObject({
      model: 'burst',
      burst: { sizes: [1000, 1000, 1000], afterMs: 0, pauseMs: 500, errorLimit: undefined },
      connections: 1000,
      maxInFlight: 1000,
      perConnection: 1,
      segments: [{ at: 0, lengthMs: Infinity, from: 0, to: 0 }],
      notes: [],
    });
    expect(planned({ load: constant }).burst).toBeUndefined();
  });

  it('needs fewer where several go over one', () => {
    expect(planned({ load: burst(1000), connection: { pipelining: 300 } })).toMatchObject({
      connections: 4,
      maxInFlight: 1000,
    });
    expect(planned({ load: burst(1000), connection: { http2: true }, connections: 1000 })).toMatchObject({
      connections: 1000,
      perConnection: 1,
    });
  });

  it.each([
    [2500, [1000, 1000, 500]],
    [1000, [1000]],
    [1, [1]],
    [9999, [1000, 1000, 1000]],
  ])('of 1,000 in 3 rounds ends with -n %i', (limit, sizes) => {
    expect(planned({ load: burst(1000, 3), limit }).burst?.sizes).toEqual(sizes);
  });

  it('says that a limit in flight does not hold it', () => {
    const { notes } = planned({ load: burst(10), maxInFlight: 5 });
    expect(notes).toEqual(['max in flight is 10: a burst is sent all at once']);
  });
});

describe('requests on a connection at once', () => {
  it.each<[string, Partial<ProfileDraft>, number, number, number]>([
    ['pipelining', { load: constant, connection: { pipelining: 10 } }, 1000, 10, 10_000],
    ['pipelining and -c', { load: constant, connections: 5, connection: { pipelining: 10 } }, 5, 10, 50],
    ['pipelining and max in flight', { load: constant, maxInFlight: 7, connection: { pipelining: 10 } }, 1000, 10, 7],
    ['pipelining at full speed', { load: fast, connection: { pipelining: 10 } }, 50, 10, 500],
    ['HTTP/2', { load: constant, connection: { http2: true } }, 10, 100, 1000],
    ['HTTP/2 and -c', { load: constant, connections: 2, connection: { http2: true } }, 2, 100, 200],
    ['HTTP/2 with so many streams', { load: constant, connection: { http2: true, pipelining: 8 } }, 10, 8, 80],
    ['HTTP/2 at full speed', { load: fast, connection: { http2: true } }, 50, 1, 50],
  ])('with %s', (_, draft, connections, perConnection, maxInFlight) => {
    expect(planned(draft)).toMatchObject({ connections, perConnection, maxInFlight, notes: [] });
  });
});

describe('what cannot be meant is refused', () => {
  const million = { load: { model: 'constant' as const, rate: 2e7 } };
  it.each<[string, Partial<ProfileDraft>, string]>([
    [
      'a rate above the ceiling',
      million,
      'the load reaches 20,000,000/s, more than the highest that is allowed, 10,000,000/s',
    ],
    [
      'a stage above it',
      { load: stages, maxRate: 99 },
      'the load reaches 100/s, more than the highest that is allowed, 99/s',
    ],
    [
      'users above it',
      { load: users(200), maxRate: 100 },
      'the load reaches 200 users, more than the highest that is allowed, 100 users',
    ],
    ['full speed below one', { load: fast, maxRate: 5 }, 'full speed cannot be held below a highest rate, 5/s'],
    ['a burst below one', { load: burst(5), maxRate: 5 }, 'a burst cannot be held below a highest rate, 5/s'],
    [
      'fewer connections than users',
      { load: users(200), connections: 199 },
      'connections: found 199, expected at least 200: each user has one of its own',
    ],
    [
      'fewer connections than a burst needs',
      { load: burst(200), connections: 99, connection: { pipelining: 2 } },
      'connections: found 99, expected at least 100: a burst is sent all at once',
    ],
    [
      'more users than descriptors',
      { load: users(70_000) },
      'the load needs 70,000 connections (each user has one of its own), but there can be 65,436, because 65,536 descriptors are allowed',
    ],
    [
      'users that pipeline',
      { load: users(5), connection: { pipelining: 2 } },
      'pipelining: found 2, expected none: a user has one request at a time',
    ],
    [
      'a warm-up as long as the run',
      { load: constant, warmupMs: 30_000 },
      'the warm-up, 30 s, leaves nothing of the run, 30 s',
    ],
  ])('%s', (_, draft, message) => {
    expect(() => planned(draft)).toThrow(UserError);
    expect(() => planned(draft)).toThrow(message);
  });

  it.each<[string, Partial<ProfileDraft>]>([
    ['a rate at the ceiling', { load: { model: 'constant', rate: 1e7 } }],
    ['a higher rate below a higher ceiling', { ...million, maxRate: 2e7 }],
    ['as many users as the ceiling', { load: users(100), maxRate: 100 }],
    ['a warm-up shorter than the run', { load: constant, warmupMs: 29_000 }],
    ['a warm-up of a run without an end', { load: constant, warmupMs: 90_000, durationMs: 0 }],
  ])('%s is not', (_, draft) => {
    expect(() => planned(draft)).not.toThrow();
  });

  it('with the ceiling of the run said for its keys', () => {
    expect(planned({ load: constant }).maxRate).toBe(10_000_000);
    expect(planned({ load: constant, maxRate: 99 }).maxRate).toBe(99);
  });
});

describe('workers', () => {
  it('are at the start as many as the highest rate needs, and leave a core', () => {
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
    expect(planned({ load: peak }, { cores: 9 }).workers).toBe(3);
    expect(planned({ load: fast }, { cores: 3 }).workers).toBe(2);
  });

  it.each<[string, Load, number]>([
    ['a few users', users(200), 1],
    ['users for one worker', users(10_000), 1],
    ['more users', users(10_001), 2],
    ['a large burst', burst(25_000), 3],
    ['a small burst', burst(1000), 1],
  ])('are as many as it takes for %s', (_, load, workers) => {
    expect(planned({ load }, { cores: 9 })).toMatchObject({ workers, mostWorkers: 8 });
  });

  it('may become more while it runs, but not where a number was asked for', () => {
    expect(planned({ load: constant }, { cores: 9 })).toMatchObject({ workers: 1, mostWorkers: 8 });
    expect(planned({ load: constant, workers: 3 }, { cores: 9 })).toMatchObject({ workers: 3, mostWorkers: 3 });
    expect(planned({ load: constant, workers: 9 }, { cores: 2 })).toMatchObject({ workers: 9, mostWorkers: 9 });
    expect(planned({ load: constant, connections: 5 }, { cores: 9 })).toMatchObject({ workers: 1, mostWorkers: 5 });
    expect(planned({ load: users(3) }, { cores: 9 })).toMatchObject({ workers: 1, mostWorkers: 3 });
  });

  it('leave the totals as they were asked for', () => {
    const plan = planned({ load: constant, workers: 3, connections: 100, maxInFlight: 50 });
    expect(plan).toMatchObject({ workers: 3, connections: 100, maxInFlight: 50, notes: [] });
  });

  it('are never more than connections, users or requests in flight, which is said', () => {
    for (const draft of [
      { load: constant, connections: 2 },
      { load: constant, maxInFlight: 2 },
      { load: users(2), connections: 50 },
      { load: burst(2) },
    ]) {
      const plan = planned({ workers: 8, ...draft });
      expect(plan.workers).toBe(2);
      expect(plan.notes[0]).toContain('2 workers instead of 8');
    }
  });

  it('always have a part of each total, and no total is above what was asked for', () => {
    const count = fc.integer({ min: 1, max: 5000 });
    const workers = fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 256 }));
    const load = fc.oneof(
      fc.constant(fast),
      fc.record({ model: fc.constant('constant' as const), rate: fc.nat(1e6) }),
      fc.nat(5000).map((wanted) => users(wanted)),
      count.map((size) => burst(size)),
    );
    fc.assert(
      fc.property(
        load,
        workers,
        fc.option(count),
        fc.option(count),
        fc.integer({ min: 1, max: 64 }),
        (what, wanted, c, f, cores) => {
          const free = what.model === 'constant' || what.model === 'full speed';
          const plan = planned(
            { load: what, workers: wanted, connections: (free ? c : null) ?? undefined, maxInFlight: f ?? undefined },
            { cores },
          );
          expect(plan.workers).toBeGreaterThanOrEqual(1);
          expect(plan.mostWorkers).toBeGreaterThanOrEqual(plan.workers);
          expect(plan.connections).toBeGreaterThanOrEqual(plan.mostWorkers);
          expect(plan.maxInFlight).toBeGreaterThanOrEqual(plan.mostWorkers);
          if (c !== null && free) expect(plan.connections).toBeLessThanOrEqual(c);
          if (f !== null && what.model === 'constant') expect(plan.maxInFlight).toBeLessThanOrEqual(f);
          if (wanted !== 'auto' && plan.workers !== wanted) expect(plan.notes).not.toEqual([]);
        },
      ),
    );
  });
});
