// One worker more while the busiest is too busy, one less after a long while in which fewer would do.

import { describe, expect, it } from 'vitest';
import { Staffing } from '../../source/engine/staffing.ts';

/** Reports of all workers for so many slices; the number of workers after them. */
const report = (staffing: Staffing, workers: number, utilisation: number, slices: number): number => {
  for (let slice = 0; slice < slices; slice += 1) {
    for (let share = workers - 1; share >= 0; share -= 1) {
      const wanted = staffing.take(share, utilisation, workers);
      if (wanted !== workers) return wanted;
    }
  }
  return workers;
};

describe('the staffing', () => {
  it('adds a worker after two busy seconds, up to the most', () => {
    const staffing = new Staffing(1, 3);
    expect(report(staffing, 1, 0.9, 19)).toBe(1);
    expect(report(staffing, 1, 0.9, 1)).toBe(2);
    expect(report(staffing, 2, 0.9, 30)).toBe(3);
    expect(report(staffing, 3, 0.99, 200)).toBe(3);
  });

  it('does not mind a busy moment', () => {
    const staffing = new Staffing(1, 3);
    for (let round = 0; round < 20; round += 1) {
      expect(report(staffing, 1, 0.95, 5)).toBe(1);
      expect(report(staffing, 1, 0.3, 10)).toBe(1);
    }
  });

  it('sends a worker away after half a minute in which fewer would do, down to the least', () => {
    const staffing = new Staffing(1, 4);
    expect(report(staffing, 3, 0.2, 299)).toBe(3);
    expect(report(staffing, 3, 0.2, 1)).toBe(2);
    expect(report(staffing, 2, 0.1, 310)).toBe(1);
    expect(report(staffing, 1, 0.01, 1000)).toBe(1);
  });

  it('keeps a worker whose load the others could not carry', () => {
    const staffing = new Staffing(1, 4);
    expect(report(staffing, 2, 0.3, 1000)).toBe(2);
  });
});
