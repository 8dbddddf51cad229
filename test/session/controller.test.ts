// What becomes of each command in each phase: carried out, or refused with a reason a person can act on.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantSegments, type Segment } from '../../source/load/arrival-plan.ts';
import { type Change, type Steering, steer, stepOf, unsteered } from '../../source/load/steer.ts';
import type { Command, LimitName } from '../../source/session/commands.ts';
import { decide } from '../../source/session/controller.ts';
import type { Decision, Situation } from '../../source/session/decision.ts';
import type { Phase } from '../../source/session/events.ts';
import type { LimitState } from '../../source/session/state.ts';

const minute = constantSegments(500, 60_000);

const at = 10_000;

const steered = (segments: readonly Segment[], ...changes: Change[]): Steering =>
  changes.reduce((steering, change) => steer(steering, change, at - 1000).steering, unsteered(segments));

const situation = (patch: Partial<Situation> = {}): Situation => ({
  phase: 'running',
  model: 'open',
  steering: unsteered(minute),
  at,
  limits: { connections: 1000, maxInFlight: 1000, timeoutMs: 10_000, ceiling: 10_000_000 },
  spawnRate: Infinity,
  // It has been everywhere: nothing is asked about but the ceiling.
  reached: 10_000_000,
  question: undefined,
  confirmed: false,
  undoable: [],
  markers: [],
  ...patch,
});

const paused = (patch: Partial<Situation> = {}): Situation =>
  situation({ phase: 'paused', steering: steered(minute, { type: 'pause' }), ...patch });

const withRate = (rate: number): Situation => situation({ steering: unsteered(constantSegments(rate, 60_000)) });

const rateOf = (decision: Decision): number | undefined =>
  decision.type === 'steer' && decision.change.type === 'rate' ? decision.change.rate : undefined;

const every: readonly Command[] = [
  { type: 'rate/set', rate: 100 },
  { type: 'rate/step', steps: 1 },
  { type: 'rate/scale', factor: 2 },
  { type: 'rate/zero' },
  { type: 'rate/plan' },
  { type: 'rate/ramp', rate: 200, overMs: 5000 },
  { type: 'users/set', users: 10 },
  { type: 'spawn/set', perSecond: 10 },
  { type: 'limit/set', limit: 'timeout', value: 500 },
  { type: 'run/pause' },
  { type: 'run/pause', dropBacklog: true },
  { type: 'run/resume' },
  { type: 'run/extend', byMs: 1000 },
  { type: 'marker/set' },
  { type: 'phase/next' },
  { type: 'run/stop' },
  { type: 'run/abort' },
];

describe('a run that is ending', () => {
  it.each(every)('$type is carried out while it drains only where it ends the run or marks it', (command) => {
    const decision = decide(command, situation({ phase: 'draining' }));
    const expected = command.type === 'run/abort' ? 'abort' : command.type === 'marker/set' ? 'mark' : 'refuse';
    expect(decision.type).toBe(expected);
  });

  it.each(every)('$type is refused once it has ended', (command) => {
    expect(decide(command, situation({ phase: 'closed' }))).toEqual({
      type: 'refuse',
      reason: expect.stringMatching(/ended|ending/),
    });
  });

  it.each<Phase>(['running', 'paused'])('can be stopped and ended at once while it is %s', (phase) => {
    expect(decide({ type: 'run/stop' }, situation({ phase }))).toEqual({ type: 'stop' });
    expect(decide({ type: 'run/abort' }, situation({ phase }))).toEqual({ type: 'abort' });
  });
});

describe('the next phase', () => {
  const first = { name: 'validate', number: 1, count: 2, load: '500/s' };

  it('begins when this one is ended, which is asked about where that was asked for', () => {
    expect(decide({ type: 'phase/next' }, situation({ of: first }))).toEqual({ type: 'next' });
    expect(decide({ type: 'phase/next', ask: true }, situation({ of: first }))).toEqual({
      type: 'ask',
      command: { type: 'phase/next' },
      text: 'end phase 1 of 2 and go on to the next?',
    });
    const question = { command: { type: 'phase/next' }, text: 'end it?' } as const;
    expect(decide({ type: 'question/answer', yes: true }, situation({ of: first, question }))).toEqual({
      type: 'next',
    });
  });

  it.each([
    ['the profile has no phases', undefined],
    ['this is the last phase: stop ends it', { ...first, number: 2 }],
  ])('is refused where there is none: %s', (reason, of) => {
    expect(decide({ type: 'phase/next' }, situation({ of }))).toEqual({ type: 'refuse', reason });
  });
});

describe('pausing', () => {
  it('holds what waits, unless it is to be dropped', () => {
    expect(decide({ type: 'run/pause' }, situation())).toEqual({
      type: 'steer',
      change: { type: 'pause', dropBacklog: false },
    });
    expect(decide({ type: 'run/pause', dropBacklog: true }, situation())).toEqual({
      type: 'steer',
      change: { type: 'pause', dropBacklog: true },
    });
  });

  it('is refused while paused, but dropping what waits is not', () => {
    expect(decide({ type: 'run/pause' }, paused())).toEqual({ type: 'refuse', reason: 'the load is paused already' });
    expect(decide({ type: 'run/pause', dropBacklog: true }, paused()).type).toBe('steer');
  });

  it('ends with a resume, which nothing else accepts', () => {
    expect(decide({ type: 'run/resume' }, paused())).toEqual({ type: 'steer', change: { type: 'resume' } });
    expect(decide({ type: 'run/resume' }, situation()).type).toBe('refuse');
  });

  it('leaves the rate to be set for afterwards', () => {
    expect(rateOf(decide({ type: 'rate/step', steps: 1 }, paused()))).toBe(520);
    expect(rateOf(decide({ type: 'rate/set', rate: 7 }, paused()))).toBe(7);
  });
});

describe('a ramp', () => {
  it('goes to a rate over a time', () => {
    const ramp = { type: 'rate', rate: 2000, overMs: 30_000 };
    expect(decide({ type: 'rate/ramp', rate: 2000, overMs: 30_000 }, situation())).toEqual({
      type: 'steer',
      change: ramp,
    });
  });

  it.each([0, -1, Number.NaN, Infinity, 86_400_001])('over %d ms is refused', (overMs) => {
    expect(decide({ type: 'rate/ramp', rate: 2000, overMs }, situation())).toEqual({
      type: 'refuse',
      reason: expect.stringContaining('a ramp takes a time'),
    });
  });
});

const closed = (users: number, patch: Partial<Situation> = {}): Situation =>
  situation({ model: 'closed', steering: unsteered(constantSegments(users, 60_000)), spawnRate: 10, ...patch });

const changeOf = (decision: Decision): Change | undefined => (decision.type === 'steer' ? decision.change : undefined);

describe('holding', () => {
  const rising: Segment[] = [{ at: 0, lengthMs: 30_000, from: 0, to: 1000 }];
  const stairs: Segment[] = [
    { at: 0, lengthMs: 20_000, from: 100, to: 100 },
    { at: 20_000, lengthMs: 20_000, from: 300, to: 300 },
  ];

  it('stays at the rate of this moment, of a stage that rises and before one that will', () => {
    const hold = (segments: readonly Segment[]) =>
      decide({ type: 'rate/hold' }, situation({ steering: unsteered(segments) }));
    expect(changeOf(hold(rising))).toEqual({ type: 'rate', rate: 333.33 });
    expect(changeOf(hold(stairs))).toEqual({ type: 'rate', rate: 100 });
  });

  it('stays where a ramp is, in the closed model at whole users', () => {
    const ramp = steered(minute, { type: 'rate', rate: 1000, overMs: 3000 });
    expect(changeOf(decide({ type: 'rate/hold' }, situation({ steering: ramp })))).toEqual({
      type: 'rate',
      rate: 666.67,
    });
    const users = steered(constantSegments(100, 60_000), { type: 'rate', rate: 200, overMs: 3000 });
    expect(changeOf(decide({ type: 'rate/hold' }, closed(0, { steering: users })))).toEqual({
      type: 'rate',
      rate: 133,
    });
  });

  it('is refused where nothing moves', () => {
    expect(decide({ type: 'rate/hold' }, situation())).toEqual({
      type: 'refuse',
      reason: 'the rate stays as it is: nothing moves it',
    });
    const set = steered(minute, { type: 'rate', rate: 1000, overMs: 500 });
    expect(decide({ type: 'rate/hold' }, situation({ steering: set })).type).toBe('refuse');
    expect(decide({ type: 'rate/hold' }, closed(5))).toMatchObject({ reason: expect.stringContaining('of users') });
  });

  it('holds the rate that a pause would come back to', () => {
    const steering = steered(rising, { type: 'pause' });
    expect(changeOf(decide({ type: 'rate/hold' }, situation({ phase: 'paused', steering })))).toEqual({
      type: 'rate',
      rate: 300,
    });
  });
});

describe('users', () => {
  it.each<[number, Command, Change]>([
    [100, { type: 'users/set', users: 200 }, { type: 'rate', rate: 200, overMs: 10_000 }],
    [100, { type: 'users/set', users: 0 }, { type: 'rate', rate: 0, overMs: 10_000 }],
    [100, { type: 'users/set', users: 100 }, { type: 'rate', rate: 100 }],
    [100, { type: 'rate/step', steps: 1 }, { type: 'rate', rate: 105, overMs: 500 }],
    [3, { type: 'rate/step', steps: -5 }, { type: 'rate', rate: 0, overMs: 300 }],
    [100, { type: 'rate/scale', factor: 2 }, { type: 'rate', rate: 200, overMs: 10_000 }],
    [5, { type: 'rate/scale', factor: 0.5 }, { type: 'rate', rate: 2, overMs: 300 }],
    [5, { type: 'rate/scale', factor: 1.1 }, { type: 'rate', rate: 6, overMs: 100 }],
    [100, { type: 'rate/zero' }, { type: 'rate', rate: 0 }],
    [100, { type: 'rate/ramp', rate: 40, overMs: 2000 }, { type: 'rate', rate: 40, overMs: 2000 }],
  ])('%d and %o make %o', (users, command, change) => {
    expect(changeOf(decide(command, closed(users)))).toEqual(change);
  });

  it('all begin at once where no spawn rate holds them back', () => {
    const decision = decide({ type: 'users/set', users: 5000 }, closed(1, { spawnRate: Infinity }));
    expect(changeOf(decision)).toEqual({ type: 'rate', rate: 5000 });
  });

  it('are stepped from the number that is on its way', () => {
    const steering = steered(constantSegments(100, 60_000), { type: 'rate', rate: 1000 });
    expect(changeOf(decide({ type: 'rate/step', steps: 1 }, closed(0, { steering })))).toMatchObject({ rate: 1050 });
  });

  it.each<[Command, RegExp]>([
    [{ type: 'rate/set', rate: 500 }, /users, not a rate: :users/],
    [{ type: 'users/set', users: 1.5 }, /whole number/],
    [{ type: 'users/set', users: -1 }, /whole number/],
    [{ type: 'users/set', users: Number.NaN }, /whole number/],
    [{ type: 'users/set', users: 1_000_000_001 }, /^1,000,000,000 users is the most/],
    [{ type: 'rate/ramp', rate: 2.5, overMs: 1000 }, /whole number/],
    [{ type: 'rate/scale', factor: 0.001 }, /cannot be halved/],
    [{ type: 'spawn/set', perSecond: 0 }, /spawn rate is above 0/],
    [{ type: 'spawn/set', perSecond: Number.NaN }, /spawn rate is above 0/],
    [{ type: 'rate/plan' }, /the number of users follows the plan/],
  ])('are not changed by %o', (command, reason) => {
    expect(decide(command, closed(100))).toEqual({ type: 'refuse', reason: expect.stringMatching(reason) });
  });

  it('of none cannot be multiplied', () => {
    expect(decide({ type: 'rate/scale', factor: 2 }, closed(0))).toMatchObject({ type: 'refuse' });
  });

  it('spawn at another rate', () => {
    expect(decide({ type: 'spawn/set', perSecond: 0.5 }, closed(10))).toEqual({ type: 'spawn', perSecond: 0.5 });
  });

  it.each<Command>([
    { type: 'users/set', users: 10 },
    { type: 'spawn/set', perSecond: 10 },
  ])('are unknown to the open model: $type', (command) => {
    expect(decide(command, situation())).toEqual({
      type: 'refuse',
      reason: expect.stringContaining('not users: :rate'),
    });
  });
});

describe('a limit', () => {
  const { limits } = situation();

  it.each<[LimitName, number, Partial<LimitState>]>([
    ['connections', 1, { connections: 1 }],
    ['connections', 1_000_000, { connections: 1_000_000 }],
    ['max in flight', 50, { maxInFlight: 50 }],
    ['timeout', 1, { timeoutMs: 1 }],
    ['timeout', 86_400_000, { timeoutMs: 86_400_000 }],
    ['ceiling', 500, { ceiling: 500 }],
  ])('%s of %d is set, and the others stay', (limit, value, patch) => {
    const decision = decide({ type: 'limit/set', limit, value }, situation());
    expect(decision).toEqual({ type: 'limit', limits: { ...limits, ...patch } });
  });

  it.each<[LimitName, number, RegExp]>([
    ['connections', 0, /from 1 to 1,000,000/],
    ['connections', 1.5, /whole number/],
    ['connections', 1_000_001, /from 1 to 1,000,000/],
    ['max in flight', 0, /from 1 to 1,000,000/],
    ['max in flight', Number.NaN, /whole number/],
    ['timeout', 0.5, /from 1 ms to 1d/],
    ['timeout', 86_400_001, /from 1 ms to 1d/],
    ['ceiling', 0, /above 0/],
    ['ceiling', 1_000_000_001, /at most 1,000,000,000\/s/],
    ['ceiling', 499, /the load goes up to 500\/s: lower it first/],
  ])('%s of %d is refused', (limit, value, reason) => {
    expect(decide({ type: 'limit/set', limit, value }, situation())).toEqual({
      type: 'refuse',
      reason: expect.stringMatching(reason),
    });
  });

  it('on the rate holds for what the plan comes to, not for what is behind it', () => {
    const down: Segment[] = [{ at: 0, lengthMs: 20_000, from: 1000, to: 0 }];
    const ceiling = (value: number) =>
      decide({ type: 'limit/set', limit: 'ceiling', value }, situation({ steering: unsteered(down) })).type;
    expect(ceiling(500)).toBe('limit');
    expect(ceiling(499)).toBe('refuse');
  });

  it('on the rate asks before a plan is taken up again that goes above it', () => {
    const steering = steered(minute, { type: 'rate', rate: 10 });
    const low = { ...limits, ceiling: 100 };
    expect(decide({ type: 'rate/plan' }, situation({ steering, limits: low }))).toEqual({
      type: 'ask',
      command: { type: 'rate/plan' },
      text: 'the plan goes up to 500/s, above the ceiling, 100/s: raise it and go there?',
    });
    expect(decide({ type: 'rate/plan' }, situation({ steering, limits: low, confirmed: true }))).toEqual({
      type: 'steer',
      change: { type: 'plan' },
      ceiling: 500,
    });
  });

  it.each(['closed', 'burst'] as const)('of connections is not for the %s model, which has its own', (model) => {
    for (const limit of ['connections', 'max in flight'] as const) {
      expect(decide({ type: 'limit/set', limit, value: 10 }, situation({ model }))).toEqual({
        type: 'refuse',
        reason: expect.stringContaining('a connection of its own'),
      });
    }
  });

  it('at full speed is that of the connections, with which goes what is in flight', () => {
    const fast = situation({ model: 'full speed', limits: { ...limits, connections: 50, maxInFlight: 500 } });
    expect(decide({ type: 'limit/set', limit: 'connections', value: 80 }, fast)).toMatchObject({
      limits: { connections: 80, maxInFlight: 800 },
    });
    for (const limit of ['max in flight', 'ceiling'] as const) {
      expect(decide({ type: 'limit/set', limit, value: 80 }, fast).type).toBe('refuse');
    }
  });
});

describe('full speed', () => {
  const fast = (patch: Partial<Situation> = {}): Situation =>
    situation({ model: 'full speed', steering: unsteered(constantSegments(0, 60_000)), ...patch });

  it.each(every.filter(({ type }) => type.startsWith('rate/')))('has no rate: $type says what to do', (command) => {
    expect(decide(command, fast())).toEqual({ type: 'refuse', reason: expect.stringContaining('-q') });
  });

  it('can be paused, resumed, extended and marked', () => {
    expect(decide({ type: 'run/pause' }, fast()).type).toBe('steer');
    const steering = steered(constantSegments(0, 60_000), { type: 'pause' });
    expect(decide({ type: 'run/resume' }, fast({ phase: 'paused', steering })).type).toBe('steer');
    expect(decide({ type: 'run/extend', byMs: 1000 }, fast()).type).toBe('steer');
    expect(decide({ type: 'marker/set' }, fast()).type).toBe('mark');
  });
});

describe('the rate', () => {
  it.each([
    [0, 1, 1],
    [0, -1, 0],
    [0, 5, 5],
    [1, -3, 0],
    [50, 1, 52],
    [50, -1, 48],
    [1000, 2, 1100],
    [10_000_000, -1, 9_500_000],
  ])('from %d by %d steps is %d', (rate, steps, expected) => {
    expect(rateOf(decide({ type: 'rate/step', steps }, withRate(rate)))).toBe(expected);
  });

  it('follows the ramp that it is stepped from, and is rounded to what people tell apart', () => {
    const ramp: Segment[] = [{ at: 0, lengthMs: 30_000, from: 0, to: 1000 }];
    const wanted = rateOf(decide({ type: 'rate/step', steps: 1 }, situation({ steering: unsteered(ramp) })));
    expect(wanted).toBe(Math.round((1000 / 3 + stepOf(1000 / 3)) * 100) / 100);
  });

  it('is changed from where a ramp by hand is, not from where it goes', () => {
    const ramp = steered(minute, { type: 'rate', rate: 5000, overMs: 3000 });
    const from = (command: Command, patch: Partial<Situation> = {}) =>
      rateOf(decide(command, situation({ steering: ramp, ...patch })));
    expect(from({ type: 'rate/step', steps: -1 })).toBe(1900);
    expect(from({ type: 'rate/step', steps: 1 })).toBe(2100);
    expect(from({ type: 'rate/scale', factor: 0.5 })).toBe(1000);
    const { steering } = steer(ramp, { type: 'pause' }, at);
    expect(from({ type: 'rate/step', steps: -1 }, { phase: 'paused', steering, at: at + 5000 })).toBe(1900);
  });

  it('is changed in a pause from what it was before, though a ramp was asked for meanwhile', () => {
    const rising: Change = { type: 'rate', rate: 5000, overMs: 3000 };
    const { steering: before } = steer(unsteered(minute), { type: 'pause' }, at - 2000);
    const { steering } = steer(before, rising, at - 1000);
    expect(rateOf(decide({ type: 'rate/step', steps: -1 }, paused({ steering })))).toBe(480);
    expect(steer(steering, rising, at).steering.ramp?.from).toBe(500);
  });

  it.each([
    [500, 2, 1000],
    [0.1, 3, 0.3],
    [3.3, 1.1, 3.63],
    [500, 0, 0],
  ])('%d times %d is %d', (rate, factor, expected) => {
    expect(rateOf(decide({ type: 'rate/scale', factor }, withRate(rate)))).toBe(expected);
  });

  it('of 0 cannot be multiplied, and the reason says how to go on', () => {
    expect(decide({ type: 'rate/scale', factor: 2 }, withRate(0))).toEqual({
      type: 'refuse',
      reason: expect.stringContaining(':rate'),
    });
  });

  it('that was set by hand is the one that is stepped', () => {
    const steering = steered(minute, { type: 'rate', rate: 1000 });
    expect(rateOf(decide({ type: 'rate/step', steps: 1 }, situation({ steering })))).toBe(1050);
  });

  it.each([10 / 3600, 1 / 60, 1 / 3600])('of less than one in a second (%d) stays as it was asked for', (rate) => {
    const set = rateOf(decide({ type: 'rate/set', rate }, situation()))!;
    expect(Math.abs(set - rate) / rate).toBeLessThan(1e-5);
  });

  it('of 0 by its own key is 0', () => {
    expect(rateOf(decide({ type: 'rate/zero' }, situation()))).toBe(0);
  });

  it.each<Command>([
    { type: 'rate/set', rate: Number.NaN },
    { type: 'rate/set', rate: Infinity },
    { type: 'rate/set', rate: -1 },
    { type: 'rate/set', rate: 1_000_000_001 },
    { type: 'rate/step', steps: Number.NaN },
    { type: 'rate/step', steps: Infinity },
    { type: 'rate/scale', factor: Number.NaN },
    { type: 'rate/scale', factor: -1 },
    { type: 'rate/scale', factor: 1e9 },
  ])('is not changed by %o', (command) => {
    expect(decide(command, situation())).toEqual({ type: 'refuse', reason: expect.stringMatching(/rate/) });
  });

  it('stays a finite number of at least 0, whatever is asked', () => {
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({ type: fc.constant('rate/set' as const), rate: fc.double() }),
      fc.record({ type: fc.constant('rate/step' as const), steps: fc.integer({ min: -50, max: 50 }) }),
      fc.record({ type: fc.constant('rate/scale' as const), factor: fc.double() }),
    );
    fc.assert(
      fc.property(command, fc.double({ min: 0, max: 1e7, noNaN: true }), (asked, rate) => {
        const set = rateOf(decide(asked, withRate(rate)));
        if (set !== undefined) expect(set >= 0 && set <= 10_000_000).toBe(true);
      }),
    );
  });

  it('goes back to the plan only where it left it', () => {
    expect(decide({ type: 'rate/plan' }, situation()).type).toBe('refuse');
    const steering = steered(minute, { type: 'rate', rate: 0 });
    expect(decide({ type: 'rate/plan' }, situation({ steering }))).toEqual({ type: 'steer', change: { type: 'plan' } });
  });
});

describe('extending', () => {
  it('moves an end, also while paused', () => {
    const change = { type: 'extend', byMs: 5000 };
    expect(decide({ type: 'run/extend', byMs: 5000 }, situation())).toEqual({ type: 'steer', change });
    expect(decide({ type: 'run/extend', byMs: 5000 }, paused())).toEqual({ type: 'steer', change });
  });

  it('is refused where there is no end', () => {
    const steering = unsteered(constantSegments(50, Infinity));
    expect(decide({ type: 'run/extend', byMs: 5000 }, situation({ steering })).type).toBe('refuse');
  });

  it.each([0, -1, Number.NaN, Infinity])('by %d ms is refused', (byMs) => {
    expect(decide({ type: 'run/extend', byMs }, situation()).type).toBe('refuse');
  });
});

describe('a marker', () => {
  it('has the name that was given, else the next letters', () => {
    expect(decide({ type: 'marker/set', name: 'deploy' }, situation({ markers: ['a'] }))).toEqual({
      type: 'mark',
      name: 'deploy',
    });
    const markers: string[] = [];
    for (let index = 0; index < 703; index += 1) {
      const decision = decide({ type: 'marker/set' }, situation({ markers }));
      markers.push(decision.type === 'mark' ? decision.name : '');
    }
    const named = [0, 1, 25, 26, 27, 51, 52, 701, 702].map((index) => markers[index]);
    expect(named).toEqual(['a', 'b', 'z', 'aa', 'ab', 'az', 'ba', 'zz', 'aaa']);
  });

  it('never takes a name that a marker has', () => {
    const decision = decide({ type: 'marker/set' }, situation({ markers: ['deploy', 'a', 'c'] }));
    expect(decision).toEqual({ type: 'mark', name: 'b' });
  });
});
