// What is asked before the load goes up, and what is not: the rules of README, "Steering".

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { type Change, steer, unsteered } from '../../source/load/steer.ts';
import type { Command } from '../../source/session/commands.ts';
import { decide } from '../../source/session/controller.ts';
import type { Decision, Situation } from '../../source/session/decision.ts';
import { highestFrom } from '../../source/session/load-question.ts';

const at = 10_000;

const situation = (level: number, patch: Partial<Situation> = {}): Situation => ({
  phase: 'running',
  model: 'open',
  steering: unsteered(constantSegments(level, 60_000)),
  at,
  limits: { connections: 1000, maxInFlight: 1000, timeoutMs: 10_000, ceiling: 10_000 },
  spawnRate: Infinity,
  reached: level,
  question: undefined,
  confirmed: false,
  undoable: [],
  markers: [],
  ...patch,
});

const users = (level: number, patch: Partial<Situation> = {}): Situation =>
  situation(level, { model: 'closed', ...patch });

const question = (decision: Decision): string | undefined => (decision.type === 'ask' ? decision.text : undefined);

const set = (rate: number): Command => ({ type: 'rate/set', rate });

const changing = (level: number, change: Change, earlierMs = 1000): Partial<Situation> => ({
  steering: steer(unsteered(constantSegments(level, 60_000)), change, at - earlierMs).steering,
});

describe('a leap', () => {
  it.each<[Situation, Command, string]>([
    [situation(500), set(4000), 'from 500/s to 4,000/s is 8 times as much: go there?'],
    [situation(500), { type: 'rate/scale', factor: 2.5 }, 'from 500/s to 1,250/s is 2.5 times as much: go there?'],
    [situation(20), { type: 'rate/step', steps: 40 }, 'from 20/s to 60/s is 3 times as much: go there?'],
    [situation(0), set(500), 'from 0/s to 500/s: go there?'],
    [
      situation(500),
      { type: 'rate/ramp', rate: 2000, overMs: 30_000 },
      'from 500/s to 2,000/s over 30 s is 4 times as much: go there?',
    ],
    [users(10), { type: 'users/set', users: 200 }, 'from 10 users to 200 users is 20 times as much: go there?'],
    [users(1), { type: 'rate/step', steps: 20 }, 'from 1 user to 21 users is 21 times as much: go there?'],
  ])('asks: %#', (before, command, text) => {
    expect(question(decide(command, before))).toBe(text);
  });

  it.each<[Situation, Command]>([
    [situation(500), { type: 'rate/scale', factor: 2 }],
    [situation(333.33), { type: 'rate/scale', factor: 2 }],
    [situation(500), set(1000)],
    [situation(5), set(49)],
    [situation(0), { type: 'rate/step', steps: 1 }],
    [situation(100, { reached: 4000 }), set(4000)],
    [situation(0, { reached: 500 }), { type: 'rate/ramp', rate: 500, overMs: 1000 }],
    [situation(500), { type: 'rate/zero' }],
    [users(0), { type: 'users/set', users: 9 }],
    [users(7), { type: 'rate/scale', factor: 2 }],
    [users(1, { reached: 200 }), { type: 'users/set', users: 200 }],
  ])('that is small, not more than double or known is none: %#', (before, command) => {
    expect(decide(command, before).type).toBe('steer');
  });

  it('is measured from where a ramp is, not from where it goes', () => {
    const ramp = changing(100, { type: 'rate', rate: 8000, overMs: 60_000 });
    expect(question(decide(set(8000), situation(100, ramp)))).toMatch(/^from 232\/s to 8,000\/s is/);
    expect(decide({ type: 'rate/step', steps: 1 }, situation(100, ramp)).type).toBe('steer');
  });

  it('of users is measured from the number that is on its way', () => {
    const spawning = changing(100, { type: 'rate', rate: 200, overMs: 10_000 });
    expect(decide({ type: 'rate/scale', factor: 2 }, users(100, spawning)).type).toBe('steer');
  });

  it('never happens unasked, whatever the command', () => {
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({ type: fc.constant('rate/set' as const), rate: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
      fc.record({ type: fc.constant('rate/step' as const), steps: fc.integer({ min: -50, max: 50 }) }),
      fc.record({ type: fc.constant('rate/scale' as const), factor: fc.double({ min: 0, max: 100, noNaN: true }) }),
    );
    fc.assert(
      fc.property(command, fc.double({ min: 0, max: 10_000, noNaN: true }), (asked, level) => {
        const decision = decide(asked, situation(level));
        if (decision.type !== 'steer' || decision.change.type !== 'rate') return;
        expect(decision.change.rate).toBeLessThanOrEqual(Math.max(50, level * 2.001 + 0.01));
        expect(decision.ceiling).toBeUndefined();
      }),
    );
  });
});

describe('the ceiling', () => {
  it('is asked about, small steps and known ground too, and goes up with a yes', () => {
    const near = situation(9900, { reached: 12_000 });
    expect(decide(set(10_500), near)).toEqual({
      type: 'ask',
      command: set(10_500),
      text: '10,500/s is above the ceiling, 10,000/s: raise it and go there?',
    });
    expect(decide(set(10_500), { ...near, confirmed: true })).toEqual({
      type: 'steer',
      change: { type: 'rate', rate: 10_500 },
      ceiling: 10_500,
    });
  });

  it('and a leap are one question', () => {
    expect(question(decide(set(40_000), situation(500)))).toBe(
      'from 500/s to 40,000/s is 80 times as much, and above the ceiling, 10,000/s: raise it and go there?',
    );
  });
});

describe('an answer', () => {
  const asked = situation(500, { question: { command: set(4000), text: 'go there?' } });

  it('of yes carries out what was asked, in absolute figures', () => {
    expect(decide({ type: 'question/answer', yes: true }, asked)).toEqual({
      type: 'steer',
      change: { type: 'rate', rate: 4000 },
    });
    expect(decide({ type: 'rate/scale', factor: 8 }, situation(500))).toMatchObject({ command: set(4000) });
  });

  it('of no leaves it', () => {
    expect(decide({ type: 'question/answer', yes: false }, asked)).toEqual({ type: 'leave' });
  });

  it('is refused where nothing is asked, and where the run is ending', () => {
    expect(decide({ type: 'question/answer', yes: true }, situation(500)).type).toBe('refuse');
    expect(decide({ type: 'question/answer', yes: true }, { ...asked, phase: 'draining' }).type).toBe('refuse');
  });
});

it('knows the highest of a stretch, and nothing beyond it', () => {
  const ramp = [
    { at: 0, lengthMs: 1000, from: 0, to: 100 },
    { at: 1000, lengthMs: 1000, from: 500, to: 500 },
  ];
  expect([
    highestFrom(ramp, 0, 500),
    highestFrom(ramp, 0, 1000),
    highestFrom(ramp, 0, 1001),
    highestFrom(ramp, 200),
  ]).toEqual([50, 100, 500, 500]);
});
