// The rows of the key table that change the rate, or the number of users, step by step.

import { hasRate, hasUsers, whyNoRate } from '../session/availability.ts';
import type { RunState } from '../session/state.ts';
import type { Intent, KeyBinding } from './key-binding.ts';

const whyNoScale = (state: RunState): string | undefined => {
  const reason = whyNoRate(state);
  if (reason !== undefined || state.plan.wanted !== 0) return reason;
  return hasUsers(state) ? 'there are no users: + or :users 50 sets them' : 'the rate is 0: + or :rate 500 sets one';
};

const whyNoLess = (state: RunState): string | undefined => {
  const reason = whyNoRate(state);
  if (reason !== undefined || state.plan.wanted !== 0) return reason;
  return hasUsers(state) ? 'there are no users already' : 'the rate is 0 already';
};

const steps = (count: number): Intent => ({ type: 'command', command: { type: 'rate/step', steps: count } });
const scale = (factor: number): Intent => ({ type: 'command', command: { type: 'rate/scale', factor } });

export const rateKeys: readonly KeyBinding[] = [
  {
    keys: ['up', 'k', '+'],
    shown: '↑ k +',
    label: 'raise rate/users by one step',
    group: 'rate',
    where: 'screen',
    intent: steps(1),
    footer: (state) => (hasUsers(state) ? '↑↓ users' : hasRate(state) ? '↑↓ rate' : undefined),
    disabled: whyNoRate,
  },
  {
    keys: ['down', 'j', '-'],
    shown: '↓ j -',
    label: 'lower rate/users by one step',
    group: 'rate',
    where: 'screen',
    intent: steps(-1),
    disabled: whyNoLess,
  },
  {
    keys: ['K'],
    shown: 'K',
    label: 'raise rate/users by ten steps',
    group: 'rate',
    where: 'screen',
    intent: steps(10),
    disabled: whyNoRate,
  },
  {
    keys: ['J'],
    shown: 'J',
    label: 'lower rate/users by ten steps',
    group: 'rate',
    where: 'screen',
    intent: steps(-10),
    disabled: whyNoLess,
  },
  {
    keys: ['>'],
    shown: '>',
    label: 'double the rate/users',
    group: 'rate',
    where: 'screen',
    intent: scale(2),
    // Where a panel is chosen, the footer is for what can be done with it; the keys work all the same.
    footer: (state, { zoom: { focus }, look }) =>
      focus === undefined && !look.frozen && hasRate(state) ? '>< ×2 ÷2' : undefined,
    givesWay: 2,
    disabled: whyNoScale,
  },
  {
    keys: ['<'],
    shown: '<',
    label: 'halve the rate/users',
    group: 'rate',
    where: 'screen',
    intent: scale(0.5),
    disabled: whyNoScale,
  },
];
