// The figures of this moment, which move with each slice: rates and outcomes over the last second, response times over the
// last five. A number that is told in several places is one: what is per second is of the same second everywhere.

import { achievedOf, type OutcomeCount } from '../measure/interval.ts';
import type { RunHistory } from './history.ts';
import { outcomeRows } from './outcome-rows.ts';
import type { RecentSum } from './recent.ts';
import type { RateState, RunState } from './state.ts';

/** @param totals outcomes since the start, by cause */
export const newestOf = (
  history: RunHistory,
  totals: readonly OutcomeCount[],
): Pick<RunState, 'rates' | 'latency' | 'outcomes'> => {
  const last = history.lastSecond();
  return { rates: ratesOf(last), latency: history.window(), outcomes: outcomeRows(totals, last) };
};

const ratesOf = ({ flows, requests, lengthMs }: RecentSum): RateState => {
  const rate = (count: number): number => (count * 1000) / lengthMs;
  return {
    offered: rate(flows.due),
    started: rate(flows.started),
    achieved: rate(achievedOf(flows)),
    good: rate(flows.good),
    notGood: rate(flows.notGood),
    dropped: rate(flows.dropped),
    notSent: rate(flows.notSent),
    requests: rate(requests),
  };
};
