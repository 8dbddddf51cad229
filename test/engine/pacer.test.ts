// The load model is called at the instant it asked for, looked at now and then when it asked for none, and never after stop.

import { describe, expect, it } from 'vitest';
import { Pacer } from '../../source/engine/pacer.ts';
import { ManualClock } from '../helpers/manual-clock.ts';

/** A pacer whose pump notes when it was called and asks for what `next` says. */
const paced = (next: (now: number) => number) => {
  const clock = new ManualClock();
  const calls: number[] = [];
  const pacer = new Pacer(clock, () => {
    calls.push(clock.now());
    return next(clock.now());
  });
  return { clock, calls, pacer };
};

describe('the pacer', () => {
  it('pumps at once and then at the instants that are asked for', () => {
    const { clock, calls, pacer } = paced((now) => now + 7);
    pacer.run();
    clock.pass(21);
    expect(calls).toEqual([0, 7, 14, 21]);
  });

  it('does not wait for an instant that has passed', () => {
    const instants = [-50, 0, 30];
    const { clock, calls, pacer } = paced(() => instants.shift() ?? Infinity);
    pacer.run();
    clock.pass(50);
    expect(calls).toEqual([0, 0, 0, 30]);
  });

  it('looks every 100 ms at a plan without arrivals', () => {
    const { clock, calls, pacer } = paced(() => Infinity);
    pacer.run();
    clock.pass(250);
    expect(calls).toEqual([0, 100, 200]);
  });

  it('looks anew when it is run again, and keeps one timer only', () => {
    const { clock, calls, pacer } = paced((now) => now + 10);
    pacer.run();
    clock.pass(4);
    pacer.run();
    expect(clock.waiting).toBe(1);
    clock.pass(11);
    expect(calls).toEqual([0, 4, 14]);
  });

  it('is silent after stop, even where somebody runs it again', () => {
    const { clock, calls, pacer } = paced((now) => now + 10);
    pacer.run();
    pacer.stop();
    pacer.run();
    clock.pass(1000);
    expect(calls).toEqual([0]);
    expect(clock.waiting).toBe(0);
  });
});
