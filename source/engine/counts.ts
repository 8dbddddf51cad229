// Counts what a profile counts of a request when it ends. On the path of every step: a short list that was made beforehand,
// nothing is allocated, and without counts it is not walked. What is counted is the profile's business (profile/counts.ts).

import type { Recorder } from '../measure/recorder.ts';
import type { CompiledCount } from '../profile/compile-counts.ts';
import type { CountedValue } from '../profile/counts.ts';
import type { Exchange } from './exchange.ts';
import { countedKey } from './expected-answer.ts';

/**
 * Enters what a step counts of a request that ended, at its end. `good` and `failed` are counted of every request, all else of
 * those that were good.
 */
export const countEnded = (
  counts: readonly CompiledCount[],
  exchange: Exchange,
  good: boolean,
  recorder: Recorder,
): void => {
  for (let index = 0; index < counts.length; index += 1) {
    const { metric, kind, value } = counts[index]!;
    if (value === 'good' || value === 'failed') {
      const is = good === (value === 'good');
      // A counter is of those that were so, a rate their share of all.
      if (is || kind === 'rate') recorder.metric(metric, is ? 1 : 0, exchange.endedAt);
    } else if (good) {
      const number = numberOf(value, exchange);
      if (!Number.isNaN(number))
        recorder.metric(metric, kind === 'rate' ? Number(number !== 0) : number, exchange.endedAt);
    }
  }
};

/** NaN where there is none, which is not counted. */
const numberOf = (value: Exclude<CountedValue, 'good' | 'failed'>, exchange: Exchange): number => {
  if (typeof value === 'number') return value;
  switch (value) {
    case 'request.bytes':
      return exchange.scratch.bodyBytes;
    case 'response.bytes':
      return exchange.bodyIn;
    case 'response.ms':
      return exchange.endedAt - exchange.intendedAt;
    default:
      return numberIn(exchange.hearing?.valueAt(countedKey(value)));
  }
};

/** JSON may hold 1e999: what is larger than what can be told apart would spoil the sum of all others. */
export const isCountable = (found: unknown): found is number =>
  typeof found === 'number' && Math.abs(found) <= Number.MAX_SAFE_INTEGER;

/** A number of a JSON answer; what is true counts as 1, what is false as 0. */
const numberIn = (found: unknown): number => {
  if (typeof found === 'boolean') return found ? 1 : 0;
  return isCountable(found) ? found : Number.NaN;
};
