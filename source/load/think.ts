// Think time: how long a user waits after an iteration, or after a step. Drawn by number, so that a run can be repeated
// whichever worker has the user.

import { fractionOf } from '../common/random.ts';

export type Think =
  | { readonly type: 'fixed'; readonly ms: number }
  | { readonly type: 'uniform'; readonly leastMs: number; readonly mostMs: number }
  /** With this mean, and no bound: the times between events that know nothing of each other. */
  | { readonly type: 'exponential'; readonly meanMs: number };

/** The stream of randomness (common/random.ts) of the waits between iterations. */
export const betweenIterations = 3;

/** The wait of number `n`, ms. @param key of the seed and a stream, as `keyOf` makes it */
export const thinkMs = (think: Think, key: number, n: number): number => {
  switch (think.type) {
    case 'fixed':
      return think.ms;
    case 'uniform':
      return think.leastMs + (think.mostMs - think.leastMs) * fractionOf(key, n);
    case 'exponential':
      return -think.meanMs * Math.log(1 - fractionOf(key, n));
  }
};

/** The mean of the wait, ms. */
export const meanThinkMs = (think: Think): number => {
  if (think.type === 'uniform') return (think.leastMs + think.mostMs) / 2;
  return think.type === 'fixed' ? think.ms : think.meanMs;
};
