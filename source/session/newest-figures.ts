// The figures of this moment: rates over the last second, response times over the last five.

import { achievedOf } from '../measure/interval.ts';
import type { RunHistory } from './history.ts';
import type { RateState, RunState } from './state.ts';

/** What moves with each slice; of a recording, which has none, with each second. */
export const newestOf = (history: RunHistory): Pick<RunState, 'rates' | 'latency'> => ({
  rates: ratesOf(history),
  latency: history.window(),
});

const ratesOf = (history: RunHistory): RateState => {
  const { flows, requests, lengthMs } = history.lastSecond();
  const perSecond = 1000 / lengthMs;
  return {
    offered: flows.due * perSecond,
    started: flows.started * perSecond,
    achieved: achievedOf(flows) * perSecond,
    good: flows.good * perSecond,
    notGood: flows.notGood * perSecond,
    dropped: flows.dropped * perSecond,
    notSent: flows.notSent * perSecond,
    requests: requests * perSecond,
  };
};
