// How many machines a load takes: from the CPU time of its requests and the cores that may be used.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machinesNeeded, requestCost, usableCores } from '../../source/preflight/capacity.ts';

const cost = requestCost(0, 0);

describe('machines', () => {
  it('are told with what was wanted, what this one carries, and from what that follows', () => {
    const items = { name: 'events', perRequest: 62.2 };
    const needed = machinesNeeded({ requestRate: 5e6, items, cost: requestCost(61.3, 12_800), cores: 2, workers: 1 });
    expect(needed).toEqual({
      requestRate: 5e6,
      carriedRate: 9000,
      count: 554,
      text:
        '5,000,000 requests/s (311,000,000 events/s) wanted at the highest; this machine carries about 9,000/s by estimate: ' +
        'about 554 machines like it are needed. 89 µs a request (25 to send as in README, Benchmarks; 2 for its 12.5 KiB; ' +
        '61 to make, measured here) on 0.8 of 2 cores',
    });
  });

  it('are as many as carry the rate, and none is told where this one does', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e7, noNaN: true }),
        fc.integer({ min: 1, max: 128 }),
        fc.integer({ min: 1, max: 127 }),
        (requestRate, cores, workers) => {
          const carried = (usableCores(cores, workers) * 1e6) / cost.us;
          const needed = machinesNeeded({ requestRate, cost, cores, workers });
          if (requestRate <= carried) expect(needed).toBeUndefined();
          else {
            expect(needed!.count * carried).toBeGreaterThanOrEqual(requestRate * (1 - 1e-9));
            expect((needed!.count - 1) * carried).toBeLessThan(requestRate * (1 + 1e-9));
          }
        },
      ),
    );
  });
});
