// What is asked before the load goes up: a finger that slips must not bring a target down, and nobody must be asked about
// what is ordinary. Who answers, and what then happens, is controller.ts.

import { formatCount, formatLength, formatLoad } from '../common/units.ts';
import { rateAt, type Segment } from '../load/arrival-plan.ts';
import { levelAt, wantedRate } from '../load/steer.ts';
import type { Command } from './commands.ts';
import type { Situation } from './decision.ts';

/** Rates above this are a slip of the fingers, not a plan for one machine. */
export const highestCeiling = 1_000_000_000;

/** Below these nobody is asked: per second, and users. */
const smallRate = 50;
const smallUsers = 10;

/** More than this many times the load asks; a key that doubles does not, nor the last digit that was rounded. */
const mostTimes = 2.0001;

/** The highest rate, or number of users, that segments reach from `at` on, up to `until`. */
export const highestFrom = (segments: readonly Segment[], at: number, until = Infinity): number =>
  segments
    .filter((segment) => segment.at + segment.lengthMs > at && segment.at < until)
    .reduce((most, segment) => {
      const first = rateAt([segment], Math.max(at, segment.at));
      const last = segment.at + segment.lengthMs > until ? rateAt([segment], until) : segment.to;
      return Math.max(most, first, last);
    }, 0);

/**
 * What is asked before the load goes to `amount` (per second, or users); undefined where it may go there without.
 *
 * - Above the ceiling: yes raises it to that.
 * - More than twice the load of this moment, at once or by a ramp, where that is at least 50/s or 10 users, and where
 *   the run has not been driven at as much before: that is known ground.
 *
 * Of users that begin one by one, the number that is on its way is the load of this moment.
 */
export const loadQuestion = (amount: number, situation: Situation, command: Command): string | undefined => {
  const { model, limits, steering, at, reached } = situation;
  const isAbove = amount > limits.ceiling;
  const now =
    model === 'closed'
      ? Math.round(steering.manualRate ?? wantedRate(steering, at))
      : levelAt(steering, steering.pausedAt ?? at);
  const isSmall = amount < (model === 'closed' ? smallUsers : smallRate);
  const isLeap = amount > now * mostTimes && amount > reached && !isSmall;
  if (!isAbove && !isLeap) return undefined;
  const over = command.type === 'rate/ramp' ? ` over ${formatLength(command.overMs)}` : '';
  const way = `from ${formatLoad(model, now)} to ${formatLoad(model, amount)}${over}`;
  const times = now > 0 ? ` is ${timesText(amount / now)} times as much` : '';
  const ceiling = `above the ceiling, ${formatLoad(model, limits.ceiling)}: raise it and go there?`;
  if (!isAbove) return `${way}${times}: go there?`;
  return isLeap ? `${way}${times}, and ${ceiling}` : `${formatLoad(model, amount)}${over} is ${ceiling}`;
};

const timesText = (ratio: number): string => (ratio < 10 ? String(Math.round(ratio * 10) / 10) : formatCount(ratio));
