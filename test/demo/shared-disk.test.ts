// The disk that uploads share: how long each takes, on a clock of the test's.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SharedDisk } from '../../source/demo/shared-disk.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const diskOf = (rate: () => number): SharedDisk => new SharedDisk(rate, () => performance.now());

/** Writes these, each at its instant in ms; tells when each was done, in the order in which they were given. */
const doneTimes = (writes: readonly { at: number; bytes: number }[], rate = 1000): number[] => {
  const disk = diskOf(() => rate);
  const begin = performance.now();
  const times = writes.map(() => Number.NaN);
  for (const [index, { at, bytes }] of writes.entries()) {
    setTimeout(() => {
      disk.write(bytes, () => {
        times[index] = performance.now() - begin;
      });
    }, at);
  }
  vi.advanceTimersByTime(10_000_000);
  return times;
};

describe('a shared disk', () => {
  it('gives one write all of its bandwidth, and two half each', () => {
    expect(doneTimes([{ at: 0, bytes: 500 }])).toEqual([500]);
    expect(
      doneTimes([
        { at: 0, bytes: 500 },
        { at: 0, bytes: 500 },
      ]),
    ).toEqual([1000, 1000]);
  });

  it('gives the part of who is done to the rest', () => {
    const [short, long] = doneTimes([
      { at: 0, bytes: 100 },
      { at: 0, bytes: 500 },
    ]);
    expect([short, long]).toEqual([200, 600]);
  });

  it('is never idle while there is work: the last is done when all bytes are through', () => {
    const write = fc.record({ at: fc.nat(2000), bytes: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 12 }), (writes) => {
        const times = doneTimes(writes);
        let busyUntil = 0;
        for (const { at, bytes } of [...writes].sort((a, b) => a.at - b.at))
          busyUntil = Math.max(busyUntil, at) + bytes;
        // A timer is up to 1 ms late, for each write at the most.
        expect(Math.max(...times)).toBeGreaterThanOrEqual(busyUntil - 0.001);
        expect(Math.max(...times)).toBeLessThanOrEqual(busyUntil + writes.length + 1);
      }),
      { numRuns: 100 },
    );
  });

  it('takes a new rate up while it writes', () => {
    let rate = 1000;
    const disk = diskOf(() => rate);
    let done = Number.NaN;
    const begin = performance.now();
    disk.write(10_000, () => {
      done = performance.now() - begin;
    });
    vi.advanceTimersByTime(1000);
    rate = 9000;
    vi.advanceTimersByTime(10_000);
    expect(done).toBeGreaterThanOrEqual(1900);
    expect(done).toBeLessThanOrEqual(2101);
  });

  it('forgets its work when it is stopped', () => {
    const disk = diskOf(() => 1000);
    const done = vi.fn();
    disk.write(10, done);
    disk.stop();
    vi.advanceTimersByTime(1000);
    expect([disk.size, done.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });
});
