// The rows of the key table of the armed screen, and of a run that was started there. What they make of the view is
// armed-view.ts.

import type { RunState } from '../session/state.ts';
import type { KeyBinding } from './key-binding.ts';
import type { View } from './view.ts';

const whyNoFields = ({ phase, run }: RunState, { armed }: View): string | undefined => {
  if (armed === undefined) return 'the run was not started from fields: --armed';
  return phase === 'closed' || run === undefined ? undefined : 'the run goes on: :stop ends it';
};

export const armedKeys: readonly KeyBinding[] = [
  {
    keys: ['return'],
    shown: 'Enter',
    label: 'armed: start the run',
    group: 'armed',
    where: 'armed',
    intent: { type: 'start' },
    footer: () => 'Enter starts',
  },
  {
    keys: ['tab', 'shift+tab', 'up', 'down'],
    shown: 'Tab ↑ ↓',
    label: 'armed: next field; Shift+Tab: back',
    group: 'armed',
    where: 'armed',
    intent: { type: 'field' },
    footer: () => 'Tab field',
    givesWay: 1,
  },
  {
    keys: ['left', 'right', ' '],
    shown: '← → Space',
    label: 'armed: rate or users, on that field',
    group: 'armed',
    where: 'armed',
    intent: { type: 'model' },
    footer: (_, { armed }) => (armed?.field === 'load' ? '←→ choose' : undefined),
    givesWay: 2,
  },
  {
    keys: ['escape'],
    shown: 'Esc',
    label: 'armed: what stood in the field before',
    group: 'armed',
    where: 'armed',
    intent: { type: 'restore' },
    footer: (_, { armed }) =>
      armed !== undefined && armed.texts[armed.field] !== armed.before ? 'Esc undo' : undefined,
    givesWay: 3,
  },
  {
    keys: ['?'],
    shown: '?',
    label: 'armed: help; text in the target',
    group: 'armed',
    where: 'armed',
    intent: { type: 'help' },
    footer: (_, { armed }) => (armed?.field === 'target' ? undefined : '? help'),
  },
  {
    keys: ['q'],
    shown: 'q',
    label: 'armed: leave; text in the target',
    group: 'armed',
    where: 'armed',
    intent: { type: 'quit' },
    footer: (_, { armed }) => (armed?.field === 'target' ? 'Ctrl+C leaves' : 'q leaves'),
  },
  {
    keys: ['r'],
    shown: 'r',
    label: 'armed: after a run, to the fields',
    group: 'armed',
    where: 'screen',
    intent: { type: 'fields' },
    disabled: whyNoFields,
  },
  {
    keys: ['r', 'R'],
    shown: 'r',
    label: 'armed: where q asks, end it and stay',
    group: 'armed',
    where: 'question',
    intent: { type: 'stay' },
  },
];
