import { describe, expect, it } from 'vitest';
import { firstLook } from '../../source/ui/look.ts';
import { sparkWindow } from '../../source/ui/parts/cell-window.ts';
import { courseOf } from '../../source/ui/parts/reading-row.ts';
import { columnWindow, growth, stepInWindow, windowEnd, windowSteps } from '../../source/ui/parts/window.ts';
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
  const read = (from: number, to: number): Float64Array => cpu!.read(from, to);

  it.each([30_000, 60_000, 120_000, 300_000])('cover the same time as charts, a window of %i ms', (windowMs) => {
    const seen = { ...counting, look: { ...firstLook, windowMs } };
    for (const width of [8, 14, 29, 40]) {
      const values = sparkWindow(seen, width, read);
      expect(values).toHaveLength(width);
      const perCell = windowMs / 1000 / width;
      for (const [cell, value] of values.entries()) {
        // The newest second of a cell, but for the part of one that its border falls into.
        const oldest = windowEnd(seen) - windowSteps(seen) + cell * perCell;
        if (oldest >= 0) expect(Math.abs(value - oldest)).toBeLessThanOrEqual(2 * perCell + 1);
      }
      expect(values.at(-1)).toBe(251);
    }
  });

  it('keep the height of a peak from fixed times on, and look back from the newest cell as far as from any other', () => {
    const peaked = (end: number): Float64Array =>
      sparkWindow({ ...counting, look: { ...firstLook, frozen: { end: end * 1000, cursor: 0 } } }, 12, (from, to) =>
        Float64Array.from({ length: to - from }, (_, index) => (from + index === 223 ? 9 : 1)),
      );
    for (let end = 229; end < 260; end += 1) expect([...peaked(end)].filter((value) => value === 9)).toHaveLength(1);
    for (const end of [224, 225, 226, 227]) expect(peaked(end).at(-1)).toBe(9);
  });

  it('are gaps for a metric that was never read', () => {
    const reading = { metric: 'never', kind: 'gauge' } as const;
    expect(courseOf(counting, { id: 'host' }, reading)(10).every(Number.isNaN)).toBe(true);
    expect(courseOf(counting, { id: 'host' }, reading)(0)).toHaveLength(0);
    const fresh = seenOf(fixtureStates.fresh, firstLook);
    expect(courseOf(fresh, { id: 'host' }, reading)(8).every(Number.isNaN)).toBe(true);
  });

  it('of a counter are what it grew by in a second, in narrow cells and in wide ones', () => {
    const course = courseOf(counting, { id: 'host' }, { metric: 'cpu', kind: 'counter' });
    for (const cells of [7, 14, 60, 100]) expect([...course(cells)]).toEqual(new Array(cells).fill(1));
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
