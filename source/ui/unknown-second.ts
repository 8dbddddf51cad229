// A second of which no state is kept: what columns know of it, and gaps for all the rest. Pure.

import type { ColumnName, RunState } from '../session/state.ts';
import { columnValue } from './column-values.ts';
import { secondMs } from './look.ts';

const notKept = 'not kept any more';
const none = Number.NaN;
const levels = ['good', 'warn', 'bad'] as const;

const noTotals: RunState['totals'] = {
  due: none,
  started: none,
  good: none,
  notGood: none,
  noResponse: none,
  dropped: none,
  notSent: none,
  cutOff: none,
  lost: none,
};

const noCauses = { example: undefined, causes: [] } as const;

/** The run at a second, as far as it is known. @param second run time / 1000 */
export const unknownSecond = (live: RunState, second: number): RunState => {
  const at = (name: ColumnName): number => columnValue(live.history, name, second);
  const until = (second + 1) * secondMs;
  return {
    ...live,
    now: until,
    plan: { ...live.plan, wanted: none, applied: none, step: none, spawnRate: undefined, remainingMs: undefined },
    limits: undefined,
    rounds: {
      ended: none,
      newest: undefined,
      kept: live.rounds.kept.filter(({ releasedAt, totalMs }) => releasedAt + totalMs < until),
    },
    rates: {
      offered: at('offered'),
      started: none,
      achieved: at('achieved'),
      good: at('good'),
      notGood: at('notGood'),
      dropped: none,
      notSent: none,
      requests: none,
    },
    stocks: {
      inFlight: at('inFlight'),
      backlog: at('backlog'),
      connections: none,
      users: at('users'),
      stuck: at('stuck'),
      oldestInFlightMs: none,
      oldestBacklogMs: none,
    },
    latency: {
      windowMs: secondMs,
      good: { count: none, p50: at('p50'), p95: at('p95'), p99: at('p99'), max: at('max') },
      notGood: {
        count: none,
        p50: at('notGoodP50'),
        p95: at('notGoodP95'),
        p99: at('notGoodP99'),
        max: at('notGoodMax'),
      },
    },
    outcomes: live.outcomes.map((outcome) => ({ ...outcome, perSecond: none, share: none, total: none, ...noCauses })),
    totals: noTotals,
    totalRequests: none,
    probes: live.probes.map((probe) => ({
      ...probe,
      title: undefined,
      values: probe.values.map(({ metric, label, rank }) => ({ type: 'gap', metric, label, rank, reason: notKept })),
    })),
    generator: {
      ...live.generator,
      level: levels[at('trouble')] ?? 'unknown',
      reasons: [],
      loopUtilisation: at('loopUtilisation'),
      pacingP99Ms: at('pacingP99Ms'),
      ownLimit: false,
      workers: [],
    },
    endpoints: [],
    metrics: [],
    objectives: live.objectives.map((objective) => ({
      ...objective,
      status: 'not enough data',
      value: none,
      brokenSince: undefined,
    })),
    bands: undefined,
    log: live.log.filter((line) => line.at < until),
    summary: undefined,
  };
};
