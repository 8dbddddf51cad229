// Users go on in the order of their instants, each when its rest is over, and those that are sent away do not.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../source/engine/exchange.ts';
import { Resting } from '../../source/engine/resting.ts';

const exchange = (user: number): Exchange => ({ user }) as unknown as Exchange;

describe('those that rest', () => {
  it('go on in the order of their instants, but for those that left', () => {
    const rests = fc.array(fc.record({ until: fc.integer({ min: 0, max: 1000 }), leaves: fc.boolean() }));
    fc.assert(
      fc.property(rests, fc.integer({ min: 0, max: 1000 }), (all, now) => {
        const resting = new Resting();
        for (const [user, { until }] of all.entries()) resting.add(exchange(user), until);
        const gone = resting.dismiss(({ user }) => all[user]!.leaves).map(({ user }) => user);
        const staying = all.flatMap(({ until, leaves }, user) => (leaves ? [] : [{ user, until }]));
        expect(gone.length + staying.length).toBe(all.length);
        expect(resting.nextAt).toBe(Math.min(Infinity, ...staying.map(({ until }) => until)));
        const taken = [];
        for (let rest = resting.take(now); rest; rest = resting.take(now)) taken.push(rest);
        expect(taken.map(({ until }) => until)).toEqual(
          staying
            .map(({ until }) => until)
            .filter((until) => until <= now)
            .toSorted((a, b) => a - b),
        );
        for (const { exchange: one, until } of taken) expect(all[one.user]!.until).toBe(until);
        expect(resting.nextAt).toBeGreaterThan(now);
      }),
    );
  });
});
