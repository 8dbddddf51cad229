import { describe, expect, it } from 'vitest';
import { firstLook } from '../../source/ui/look.ts';
import {
  columnWindow,
  growth,
  sparkWindow,
  stepInWindow,
  windowEnd,
  windowSteps,
} from '../../source/ui/parts/window.ts';
import { seenOf } from '../../source/ui/seen.ts';
import { fixtureHistory, fixtureState, fixtureStates } from '../helpers/run-state.ts';

/** A run in which the value of each second is its number; 252 of them have closed. */
const counting = seenOf(
  fixtureState({ history: fixtureHistory({ offered: (s) => s }, { 'host/cpu': (s) => s }) }),
  firstLook,
);
const cpu = counting.history.reading('host', 'cpu');

describe('the window of time', () => {
  it('ends with the newest second that closed', () => {
    expect(windowEnd(counting)).toBe(252);
    const values = columnWindow(counting, 'offered');
    expect([values.length, values[0], values.at(-1)]).toEqual([windowSteps(counting), 192, 251]);
  });

  it('has gaps where nothing was measured', () => {
    expect(columnWindow(counting, 'p99').every(Number.isNaN)).toBe(true);
    expect(columnWindow(seenOf(fixtureStates.fresh, firstLook), 'offered').every(Number.isNaN)).toBe(true);
  });

  it('knows where an instant lies in it', () => {
    expect(stepInWindow(counting, 192_000)).toBe(0);
    expect(stepInWindow(counting, 251_500)).toBe(59.5);
    expect(stepInWindow(counting, 1000)).toBeLessThan(0);
  });
});

describe('the values of a sparkline', () => {
  it('are a whole number of steps for each cell, from fixed times on', () => {
    // 60 steps in 14 cells are 5 steps each; the cell that begins at 250 has seen two of its five.
    const values = sparkWindow(cpu, counting, 14);
    expect(values).toHaveLength(70);
    expect(values[0]).toBe(185);
    expect([...values.slice(60, 65)]).toEqual([245, 246, 247, 248, 249]);
    expect([...values.slice(65)]).toEqual([250, 251, 247, 248, 249]);
  });

  it('are gaps for a metric that was never read', () => {
    expect(sparkWindow(undefined, counting, 10).every(Number.isNaN)).toBe(true);
    expect(sparkWindow(cpu, counting, 0)).toHaveLength(0);
    expect(sparkWindow(undefined, seenOf(fixtureStates.fresh, firstLook), 8).every(Number.isNaN)).toBe(true);
  });

  it('of a counter are what it grew by, with a gap where it was set back', () => {
    expect([...growth(Float64Array.of(5, 7, 7, 2, Number.NaN, 4, 9))]).toEqual([
      Number.NaN,
      2,
      0,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      5,
    ]);
  });
});
