// A round of a burst for tests: a thousand requests of which three failed.

import type { BurstRound } from '../../source/measure/burst.ts';

export const fixtureRound = (patch: Partial<BurstRound> = {}): BurstRound => ({
  round: 0,
  size: 1000,
  releasedAt: 0,
  sendSpreadMs: 12.2,
  totalMs: 84,
  good: 997,
  notGood: 3,
  failures: [
    { outcome: '429', count: 2 },
    { outcome: 'timeout', count: 1 },
  ],
  response: { p50: 40.1, p95: 71.3, max: 83.9 },
  ...patch,
});

/** One that went well. */
export const fineRound = (patch: Partial<BurstRound> = {}): BurstRound => {
  const { size } = fixtureRound(patch);
  return fixtureRound({ good: size, notGood: 0, failures: [], ...patch });
};
