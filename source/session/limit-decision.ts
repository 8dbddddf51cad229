// Decisions on limits that are changed while the load runs: within bounds, and never so that the load would be above its
// own ceiling. What becomes of connections above a limit is the engine's business.

import type { Model } from '../common/model.ts';
import { formatCount, formatDuration, formatLoad } from '../common/units.ts';
import type { Command } from './commands.ts';
import { type Decision, refuse, type Situation } from './decision.ts';
import { highestCeiling, highestFrom } from './load-question.ts';
import type { LimitState } from './state.ts';

type LimitCommand = Extract<Command, { type: 'limit/set' }>;

/** Bounds of the limits. */
const mostConnections = 1_000_000;
const timeoutBounds = { leastMs: 1, mostMs: 86_400_000 };

/** Why connections and what is in flight are no limits of their own, where they follow from something else. */
const ownConnections: Partial<Record<Model, string>> = {
  closed: 'each user has a connection of its own: :users says how many',
  burst: 'each request of a burst has a connection of its own',
};

/** The decision on a limit. */
export const decideLimit = ({ limit, value }: LimitCommand, situation: Situation): Decision => {
  const { limits, model } = situation;
  const to = (patch: Partial<LimitState>): Decision => ({ type: 'limit', limits: { ...limits, ...patch } });
  const isCount = Number.isInteger(value) && value >= 1 && value <= mostConnections;
  const owned = limit === 'connections' || limit === 'max in flight' ? ownConnections[model] : undefined;
  if (owned) return refuse(owned);
  switch (limit) {
    case 'connections':
      if (!isCount) return refuse(`connections are a whole number from 1 to ${formatCount(mostConnections)}`);
      if (model !== 'full speed') return to({ connections: value });
      // Every connection is busy all the time: with the connections goes what is in flight.
      return to({
        connections: value,
        maxInFlight: value * Math.max(1, Math.round(limits.maxInFlight / limits.connections)),
      });
    case 'max in flight':
      if (model === 'full speed') return refuse('at full speed every connection is busy: :connections says how many');
      if (!isCount) return refuse(`max in flight is a whole number from 1 to ${formatCount(mostConnections)}`);
      return to({ maxInFlight: value });
    case 'timeout':
      if (!(value >= timeoutBounds.leastMs && value <= timeoutBounds.mostMs)) {
        const { leastMs, mostMs } = timeoutBounds;
        return refuse(`a timeout is from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`);
      }
      return to({ timeoutMs: value });
    case 'ceiling':
      return decideCeiling(value, situation, to);
  }
};

const decideCeiling = (
  ceiling: number,
  { model, steering, at }: Situation,
  to: (patch: Partial<LimitState>) => Decision,
): Decision => {
  if (model === 'full speed' || model === 'burst') return refuse(`${model} has no rate that a ceiling could hold`);
  if (!(ceiling > 0 && ceiling <= highestCeiling))
    return refuse(`a ceiling is above 0 and at most ${formatLoad(model, highestCeiling)}`);
  const planned = steering.manualRate ?? highestFrom(steering.stages, steering.pausedAt ?? at);
  if (planned > ceiling) return refuse(`the load goes up to ${formatLoad(model, planned)}: lower it first`);
  return to({ ceiling });
};
