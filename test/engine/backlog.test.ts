// What waits comes out in the order in which it went in, whatever the ring does meanwhile, and a pause moves all of it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backlog, backlogLimit, type Waiting } from '../../source/engine/backlog.ts';

const blank = (): Waiting => ({ n: -1, intendedAt: -1, takenAt: -1 });

const drain = (backlog: Backlog): Waiting[] => {
  const all: Waiting[] = [];
  for (let into = blank(); backlog.shift(into); into = blank()) all.push(into);
  return all;
};

type Step = { push: number } | { shift: number } | { move: number } | 'clear';

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 900 }) }) },
    { weight: 4, arbitrary: fc.record({ shift: fc.integer({ min: 1, max: 900 }) }) },
    { weight: 1, arbitrary: fc.record({ move: fc.integer({ min: 1, max: 5000 }) }) },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  ),
  { maxLength: 25 },
);

describe('the backlog', () => {
  it('is empty at first, and leaves the caller’s object alone then', () => {
    const backlog = new Backlog();
    const into = blank();
    expect(backlog.shift(into)).toBe(false);
    expect(into).toEqual(blank());
    expect(backlog.oldestIntendedAt).toBeUndefined();
    expect(backlog.clear()).toBe(0);
  });

  it('behaves as a plain list, whatever is done to it', () => {
    fc.assert(
      fc.property(steps, (todo) => {
        const backlog = new Backlog();
        let list: Waiting[] = [];
        let n = 0;
        for (const step of todo) {
          if (step === 'clear') {
            expect(backlog.clear()).toBe(list.length);
            list = [];
          } else if ('push' in step) {
            for (let count = 0; count < step.push; count += 1, n += 1) {
              expect(backlog.push(n, n * 2, n * 2 + 0.5)).toBe(true);
              list.push({ n, intendedAt: n * 2, takenAt: n * 2 + 0.5 });
            }
          } else if ('shift' in step) {
            for (let count = 0; count < step.shift; count += 1) {
              const into = blank();
              expect(backlog.shift(into)).toBe(list.length > 0);
              if (list.length > 0) expect(into).toEqual(list.shift());
            }
          } else {
            backlog.move(step.move);
            for (const waiting of list) {
              waiting.intendedAt += step.move;
              waiting.takenAt += step.move;
            }
          }
          expect(backlog.size).toBe(list.length);
          expect(backlog.oldestIntendedAt).toBe(list[0]?.intendedAt);
        }
        expect(drain(backlog)).toEqual(list);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses what is above its limit, keeps what it has, and has room again later', () => {
    const backlog = new Backlog();
    for (let n = 0; n < backlogLimit; n += 1) backlog.push(n, n, n);
    expect(backlog.push(backlogLimit, 0, 0)).toBe(false);
    expect(backlog.size).toBe(backlogLimit);
    const into = blank();
    backlog.shift(into);
    expect(into.n).toBe(0);
    expect(backlog.push(backlogLimit, 7, 8)).toBe(true);
    expect(backlog.oldestIntendedAt).toBe(1);
  });
});
