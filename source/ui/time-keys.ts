// The rows of the key table that are about time: freezing, the time cursor, the window of charts, and whose response times.
// What they make of the view is look-keys.ts.

import type { KeyBinding } from './key-binding.ts';
import { whyNoFreeze, whyNoLatencyGroup, whyNoTime, whyNoWindow } from './look-keys.ts';

export const timeKeys: readonly KeyBinding[] = [
  {
    keys: ['f'],
    shown: 'f',
    label: 'freeze the view, and go on',
    group: 'time',
    where: 'screen',
    intent: { type: 'freeze' },
    // Where it is frozen, Esc says the way back: it never gives way.
    footer: (_, { look }) => (look.frozen === undefined ? 'f freeze' : undefined),
    givesWay: 9,
    disabled: (state, { look }) => whyNoFreeze(state, look),
  },
  {
    keys: ['left', 'right', 'shift+left', 'shift+right'],
    shown: '← →',
    label: 'time cursor: 1 s; Shift: 10 s',
    group: 'time',
    where: 'screen',
    intent: { type: 'time' },
    footer: (_, { look }) => (look.frozen === undefined ? undefined : '←→ time'),
    disabled: (_, { look }) => whyNoTime(look),
  },
  {
    keys: ['['],
    shown: '[',
    label: 'shorter time window of charts',
    group: 'time',
    where: 'screen',
    intent: { type: 'shorter window' },
    footer: () => '[] window',
    givesWay: 10,
    disabled: (_, { look }) => whyNoWindow(look, -1),
  },
  {
    keys: [']'],
    shown: ']',
    label: 'longer time window of charts',
    group: 'time',
    where: 'screen',
    intent: { type: 'longer window' },
    disabled: (_, { look }) => whyNoWindow(look, 1),
  },
  {
    keys: ['g'],
    shown: 'g',
    label: 'times of good or not good ones',
    group: 'time',
    where: 'screen',
    intent: { type: 'latency group' },
    disabled: (state, { look }) => whyNoLatencyGroup(state, look),
  },
];
