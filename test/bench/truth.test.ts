import { describe, expect, it } from 'vitest';
import { type Logged, parseLog } from './arrival-server.ts';
import { isTrue, percentiles, truthByNumber, truthByOrder } from './truth.ts';

const logged = (number: number, came: number, ended: number): Logged => ({ number, came, ended });

describe('the log of arrivals', () => {
  it('is read in ms, a request without a number as -1', () => {
    const bytes = Buffer.from(BigInt64Array.from([7n, 1_500_000n, 2_000_000n, -1n, 3_000_000n, 0n]).buffer);
    expect(parseLog(bytes)).toEqual([logged(7, 1.5, 2), logged(-1, 3, 0)]);
  });

  it('is read where its bytes lie anywhere in a larger buffer', () => {
    const bytes = Buffer.from(BigInt64Array.from([7n, 1_500_000n, 2_000_000n]).buffer);
    expect(parseLog(Buffer.concat([Buffer.alloc(3), bytes]).subarray(3))).toEqual([logged(7, 1.5, 2)]);
  });
});

describe('the truth', () => {
  it('by number is measured from the instants of the plan, whatever the order of the answers', () => {
    // 1,000/s: arrival n is due at n + 0.5 ms after the origin, here 100. Arrival 1 was sent 30 ms late.
    const log = [logged(0, 100.5, 120.5), logged(2, 102.5, 122.5), logged(1, 131.5, 151.5), logged(3, 103.5, 0)];
    expect(truthByNumber(log, 1000, 10_000).map(Math.round)).toEqual([20, 20, 50]);
  });

  it('by order gives the k-th answer to the k-th arrival of the rate', () => {
    const log = [logged(-1, 10, 30), logged(-1, 11, 31), logged(-1, 52, 72), logged(-1, 53, 0)];
    expect(truthByOrder(log, 1000)).toEqual([20, 20, 60]);
  });

  it('by order counts what came in a burst, before its instant, from when it came', () => {
    const log = [logged(-1, 10, 30), logged(-1, 10, 30), logged(-1, 10, 31)];
    expect(truthByOrder(log, 1000)).toEqual([20, 20, 21]);
  });

  it('of nothing is nothing', () => {
    expect(truthByNumber([], 1000, 1000)).toEqual([]);
    expect(percentiles(truthByOrder([], 1000)).p50).toBeNaN();
  });

  it.each([
    [1990, 2000, true],
    [1979, 2000, false],
    [20.9, 20, true],
    [21.1, 20, false],
    [undefined, 20, undefined],
  ])('%d beside %d: true %j', (claim, truth, expected) => {
    expect(isTrue(claim, truth)).toBe(expected);
  });
});
