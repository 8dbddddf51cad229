// What becomes of each command in each phase: carried out, or refused with a reason a person can act on.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantSegments, type Segment } from '../../source/load/arrival-plan.ts';
import { type Change, type Steering, steer, stepOf, unsteered } from '../../source/load/steer.ts';
import type { Command } from '../../source/session/commands.ts';
import { type Decision, decide, type Situation } from '../../source/session/controller.ts';
import type { Phase } from '../../source/session/events.ts';

const minute = constantSegments(500, 60_000);

const at = 10_000;

const steered = (segments: readonly Segment[], ...changes: Change[]): Steering =>
  changes.reduce((steering, change) => steer(steering, change, at - 1000).steering, unsteered(segments));

const situation = (patch: Partial<Situation> = {}): Situation => ({
  phase: 'running',
  model: 'open',
  steering: unsteered(minute),
  at,
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
  { type: 'run/pause' },
  { type: 'run/pause', dropBacklog: true },
  { type: 'run/resume' },
  { type: 'run/extend', byMs: 1000 },
  { type: 'marker/set' },
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
    { type: 'rate/set', rate: 10_000_001 },
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
