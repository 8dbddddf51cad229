// Decisions on the rate, and on the number of users, which is what the closed model has in its place: within bounds, whole
// users only. What is asked about is load-question.ts; what a change does to the plan is load/steer.ts.

import { formatLength, formatLoad, formatRate } from '../common/units.ts';
import { rateAt } from '../load/arrival-plan.ts';
import { levelAt, stepOf, wantedRate } from '../load/steer.ts';
import type { Command } from './commands.ts';
import { type Decision, refuse, type Situation } from './decision.ts';
import { highestCeiling, highestFrom, loadQuestion } from './load-question.ts';

export type RateCommand = Extract<Command, { type: `rate/${string}` | 'users/set' | 'spawn/set' }>;

/** A ramp is not longer than this, ms. */
const longestRampMs = 86_400_000;
/** Users per second: above it, all begin at once. */
const highestSpawnRate = 1_000_000;

/** The decision on a command about the rate or the users, in a run whose load goes on. */
export const decideRate = (command: RateCommand, situation: Situation): Decision => {
  switch (situation.model) {
    case 'full speed':
      return refuse('full speed has no rate to change; start with -q and a number');
    case 'burst':
      return refuse('a burst has no rate to change; start with -q and a number');
    case 'closed':
      return decideUsers(command, situation);
    case 'open':
      return decideOpen(command, situation);
  }
};

const decideOpen = (command: RateCommand, situation: Situation): Decision => {
  const { steering, at } = situation;
  // Of a ramp the rate that it has reached: less is never more, wherever it goes.
  const now = levelAt(steering, steering.pausedAt ?? at);
  switch (command.type) {
    case 'users/set':
    case 'spawn/set':
      return refuse('the open model has a rate, not users: :rate sets it; start with -u for users');
    case 'rate/hold':
      return hold(situation);
    case 'rate/plan':
      return backToPlan(situation);
    case 'rate/zero':
      return setRate(0, situation);
    case 'rate/set':
      return setRate(command.rate, situation);
    case 'rate/ramp':
      return setRate(command.rate, situation, command.overMs);
    case 'rate/step':
      return setRate(Math.max(0, now + command.steps * stepOf(now)), situation);
    case 'rate/scale':
      if (now === 0) return refuse('the rate is 0: there is nothing to multiply; type one with :rate');
      return setRate(now * command.factor, situation);
  }
};

const setRate = (rate: number, situation: Situation, overMs?: number): Decision => {
  if (!Number.isFinite(rate) || rate < 0) return refuse('a rate is a number of at least 0');
  const exact = exactRate(rate);
  const command: Command =
    overMs === undefined ? { type: 'rate/set', rate: exact } : { type: 'rate/ramp', rate: exact, overMs };
  return change(exact, situation, command, overMs);
};

/**
 * A hundredth of an arrival a second is all that people tell apart: 3.0000000000000004 is 3. Below 1 it would be too
 * coarse: 10/h is not 0, which drops what waits.
 */
const exactRate = (rate: number): number => (rate >= 1 ? Math.round(rate * 100) / 100 : Number(rate.toPrecision(6)));

/** To stay where the load is now. Users are whole. */
const hold = (situation: Situation): Decision => {
  const { model, steering, at } = situation;
  const now = steering.pausedAt ?? at;
  const level = levelAt(steering, now);
  const ahead = steering.manualRate === undefined ? steering.stages : [];
  const moves = [
    steering.manualRate ?? level,
    ...ahead.filter((each) => each.at + each.lengthMs > now).map(({ to }) => to),
  ];
  const what = model === 'closed' ? 'the number of users' : 'the rate';
  if (moves.every((to) => to === level)) return refuse(`${what} stays as it is: nothing moves it`);
  return { type: 'steer', change: { type: 'rate', rate: model === 'closed' ? Math.round(level) : exactRate(level) } };
};

const decideUsers = (command: RateCommand, situation: Situation): Decision => {
  // The number that is on its way counts, not how far it has come: two keys are two steps.
  const wanted = Math.round(situation.steering.manualRate ?? wantedRate(situation.steering, situation.at));
  switch (command.type) {
    case 'rate/set':
      return refuse('the closed model has users, not a rate: :users sets them');
    case 'rate/hold':
      return hold(situation);
    case 'rate/plan':
      return backToPlan(situation);
    case 'rate/zero':
      // Nothing is started from that instant: it does not wait for users to leave one by one.
      return setUsers(0, situation, command, undefined);
    case 'rate/ramp':
      return setUsers(command.rate, situation, command, command.overMs);
    case 'users/set':
      return spawned(command.users, situation);
    case 'spawn/set':
      if (!(command.perSecond > 0 && command.perSecond <= highestSpawnRate))
        return refuse(`a spawn rate is above 0 and at most ${formatRate(highestSpawnRate)}`);
      return { type: 'spawn', perSecond: command.perSecond };
    case 'rate/step':
      return spawned(Math.max(0, wanted + command.steps * stepOf(wanted)), situation);
    case 'rate/scale': {
      if (wanted === 0) return refuse('there are no users: there is nothing to multiply; :users sets them');
      const scaled = wanted * command.factor;
      const whole = command.factor < 1 ? Math.floor(scaled) : Math.ceil(scaled);
      if (whole === 0) return refuse('one user cannot be halved; 0 is the key for none');
      return spawned(whole, situation);
    }
  }
};

/** To so many users, as fast as users begin and leave. */
const spawned = (users: number, situation: Situation): Decision => {
  const overMs = spawnMs(users, situation);
  return setUsers(users, situation, { type: 'users/set', users }, overMs > 0 ? overMs : undefined);
};

/** How long it takes until so many users are there, ms. */
export const spawnMs = (users: number, { steering, at, spawnRate }: Situation): number => {
  const { pausedAt } = steering;
  const now = pausedAt === undefined ? rateAt(steering.plan.segments, at) : wantedRate(steering, at);
  return Math.round((Math.abs(users - now) / spawnRate) * 1000);
};

const setUsers = (users: number, situation: Situation, command: Command, overMs: number | undefined): Decision => {
  if (!(Number.isSafeInteger(users) && users >= 0)) return refuse('users are a whole number of at least 0');
  return change(users, situation, command, overMs);
};

/** @param command says the same in absolute figures, for when it is asked about */
const change = (amount: number, situation: Situation, command: Command, overMs: number | undefined): Decision => {
  const { model, limits, confirmed } = situation;
  if (amount > highestCeiling)
    return refuse(`${model === 'closed' ? '' : 'a rate of '}${formatLoad(model, highestCeiling)} is the most there is`);
  if (overMs !== undefined && !(overMs > 0 && overMs <= longestRampMs))
    return refuse(`a ramp takes a time above 0 and at most ${formatLength(longestRampMs)}`);
  const question = confirmed ? undefined : loadQuestion(amount, situation, command);
  if (question !== undefined) return { type: 'ask', command, text: question };
  return {
    type: 'steer',
    change: { type: 'rate', rate: amount, ...(overMs === undefined ? {} : { overMs }) },
    ...(amount > limits.ceiling ? { ceiling: amount } : {}),
  };
};

const backToPlan = (situation: Situation): Decision => {
  const { model, steering, at, limits, confirmed } = situation;
  if (steering.manualRate === undefined)
    return refuse(`${model === 'closed' ? 'the number of users' : 'the rate'} follows the plan already`);
  const highest = highestFrom(steering.stages, steering.pausedAt ?? at);
  if (highest <= limits.ceiling) return { type: 'steer', change: { type: 'plan' } };
  if (confirmed) return { type: 'steer', change: { type: 'plan' }, ceiling: highest };
  const ceiling = formatLoad(model, limits.ceiling);
  const text = `the plan goes up to ${formatLoad(model, highest)}, above the ceiling, ${ceiling}: raise it and go there?`;
  return { type: 'ask', command: { type: 'rate/plan' }, text };
};
