// Iterations between two steps, without an engine: what a step that was held is intended for.

import { describe, expect, it } from 'vitest';
import { BetweenSteps } from '../../source/engine/between-steps.ts';
import type { Exchange } from '../../source/engine/exchange.ts';
import { Http1Exchange } from '../../source/engine/http1-connection.ts';

const exchangeOf = (endedAt: number): Exchange => {
  const exchange: Exchange = new Http1Exchange({} as ConstructorParameters<typeof Http1Exchange>[0]);
  exchange.endedAt = endedAt;
  return exchange;
};

/** What begins, with the instant it is intended for. */
const steps = () => {
  const begun: number[] = [];
  const clock = { now: 0 };
  const between = new BetweenSteps({
    begin: ({ endedAt }) => void begun.push(endedAt),
    giveUp: () => {},
    thought: (exchange) => between.next(exchange),
    now: () => clock.now,
  });
  return { begun, clock, between };
};

describe('a step that was held by a pause', () => {
  it('is intended for the instant at which the run goes on, never for a later one', () => {
    const { begun, clock, between } = steps();
    clock.now = 1000;
    between.rule('hold', 0);
    // The step before ended with the pause, and another one while it lasted.
    between.next(exchangeOf(1000));
    between.next(exchangeOf(4000));
    clock.now = 11_000;
    between.rule('go', 10_000);
    expect(begun).toEqual([11_000, 11_000]);
  });

  it('is so after think time that ended while the pause lasted', () => {
    const { begun, clock, between } = steps();
    between.think(exchangeOf(0), 0, 3000);
    clock.now = 1000;
    between.rule('hold', 0);
    clock.now = 3010;
    between.check(clock.now);
    clock.now = 6000;
    between.rule('go', 5000);
    expect(begun).toEqual([6000]);
  });
});
