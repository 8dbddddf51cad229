// The one table of keys: what each does, where, and why it may do nothing now. The footer, the help screen and README's
// key table are made from it (key-texts.ts, screens/help.tsx); carrying an intent out is view-state.ts.

import { hasUsers, whyNoRate, whyNoRun } from '../session/availability.ts';
import type { Command } from '../session/commands.ts';
import type { RunState } from '../session/state.ts';
import type { View } from './view-state.ts';
import { whyNoFilter, whyNoScroll } from './zoom.ts';

/** What a key is meant to do. */
export type Intent =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'pause' | 'prompt' | 'help' | 'quit' | 'interrupt' | 'suspend' | 'back' | 'yes' | 'no' }
  /** To the next panel or the one before, to a page or an end: the key itself says which. */
  | { readonly type: 'focus' | 'zoom' | 'filter' | 'scroll' };

export type KeyGroup = 'rate' | 'run' | 'screen';

/** Part of the screen's state in which a key means something. */
export type KeyPlace = 'screen' | 'question' | 'anywhere';

export interface KeyBinding {
  /** Tokens as view-state.ts makes them: a character, `up`, `escape`, `ctrl+c`. */
  readonly keys: readonly string[];
  /** The keys as people read them. */
  readonly shown: string;
  readonly label: string;
  readonly group: KeyGroup;
  readonly where: KeyPlace;
  readonly intent: Intent;
  /** Its place in the footer; rows without one, or with nothing to say now, are found in the help only. */
  readonly footer?: (state: RunState, view: View) => string | undefined;
  /** Which footer entries give way first in a narrow terminal: higher ones. */
  readonly givesWay?: number;
  /** Why the key does nothing now; undefined where it works. */
  readonly disabled?: (state: RunState, view: View) => string | undefined;
}

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

/** Every key, in the order of the help screen. */
export const keymap: readonly KeyBinding[] = [
  {
    keys: ['up', 'k', '+'],
    shown: '↑ k +',
    label: 'raise rate/users by one step',
    group: 'rate',
    where: 'screen',
    intent: steps(1),
    footer: (state) => (hasUsers(state) ? '↑↓ users' : '↑↓ rate'),
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
    footer: (_, { zoom: { focus } }) => (focus === undefined ? '>< ×2 ÷2' : undefined),
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
  {
    keys: ['p'],
    shown: 'p',
    label: 'pause, go on; holds what waits',
    group: 'run',
    where: 'screen',
    intent: { type: 'pause' },
    footer: (state) => (state.phase === 'paused' ? 'p go on' : 'p pause'),
    disabled: whyNoRun,
  },
  {
    keys: ['0'],
    shown: '0',
    label: 'to zero; drops what waits',
    group: 'rate',
    where: 'screen',
    intent: { type: 'command', command: { type: 'rate/zero' } },
    footer: () => '0 zero',
    givesWay: 1,
    disabled: whyNoRate,
  },
  {
    keys: [':'],
    shown: ':',
    label: 'command line, as in :rate 1.2k',
    group: 'run',
    where: 'screen',
    intent: { type: 'prompt' },
    footer: (_, { zoom: { zoomed } }) => (zoomed ? undefined : ': command'),
    givesWay: 5,
  },
  {
    keys: ['a'],
    shown: 'a',
    label: 'marker: a line on every chart',
    group: 'run',
    where: 'screen',
    intent: { type: 'command', command: { type: 'marker/set' } },
    footer: () => 'a mark',
    givesWay: 7,
    disabled: whyNoRun,
  },
  {
    keys: ['tab', 'shift+tab'],
    shown: 'Tab',
    label: 'next panel; Shift+Tab: back',
    group: 'screen',
    where: 'screen',
    intent: { type: 'focus' },
    footer: (_, { zoom: { zoomed } }) => (zoomed ? undefined : 'Tab panel'),
    givesWay: 4,
  },
  {
    keys: ['return'],
    shown: 'Enter',
    label: 'zoom the panel, and back',
    group: 'screen',
    where: 'screen',
    intent: { type: 'zoom' },
    footer: (_, { zoom: { focus, zoomed } }) => (focus === undefined || zoomed ? undefined : 'Enter zoom'),
    givesWay: 1,
    disabled: (_, { zoom: { focus } }) =>
      focus === undefined ? 'no panel is chosen: Tab goes from one to the next' : undefined,
  },
  {
    keys: ['escape'],
    shown: 'Esc',
    label: 'back: closes what is open',
    group: 'screen',
    where: 'anywhere',
    intent: { type: 'back' },
    footer: (_, { zoom: { focus, zoomed } }) => (zoomed || focus !== undefined ? 'Esc back' : undefined),
  },
  {
    keys: ['pageup', 'pagedown', 'home', 'end'],
    shown: 'PgUp PgDn',
    label: 'scroll the zoomed panel',
    group: 'screen',
    where: 'screen',
    intent: { type: 'scroll' },
    footer: (_, { zoom }) => (whyNoScroll(zoom) === undefined ? 'PgDn scroll' : undefined),
    givesWay: 3,
    disabled: (_, { zoom }) => whyNoScroll(zoom),
  },
  {
    keys: ['/'],
    shown: '/',
    label: 'filter rows, by default metrics',
    group: 'screen',
    where: 'screen',
    intent: { type: 'filter' },
    footer: (state, { zoom }) => (zoom.zoomed && whyNoFilter(state, zoom) !== undefined ? undefined : '/ filter'),
    givesWay: 6,
    disabled: (state, { zoom }) => whyNoFilter(state, zoom),
  },
  {
    keys: ['?'],
    shown: '?',
    label: 'this help, and back',
    group: 'screen',
    where: 'screen',
    intent: { type: 'help' },
    footer: () => '? help',
  },
  {
    keys: ['q'],
    shown: 'q',
    label: 'quit; asks while load runs',
    group: 'screen',
    where: 'screen',
    intent: { type: 'quit' },
    footer: () => 'q quit',
  },
  {
    keys: ['y', 'Y'],
    shown: 'y',
    label: 'yes, where the screen asks',
    group: 'screen',
    where: 'question',
    intent: { type: 'yes' },
  },
  {
    keys: ['n', 'N'],
    shown: 'n',
    label: 'no, where the screen asks',
    group: 'screen',
    where: 'question',
    intent: { type: 'no' },
  },
  {
    keys: ['ctrl+c'],
    shown: 'Ctrl+C',
    label: 'end the run; twice: at once',
    group: 'run',
    where: 'anywhere',
    intent: { type: 'interrupt' },
  },
  {
    keys: ['ctrl+z'],
    shown: 'Ctrl+Z',
    label: 'suspend; fg comes back paused',
    group: 'run',
    where: 'anywhere',
    intent: { type: 'suspend' },
  },
];

const byKey = (where: KeyPlace): ReadonlyMap<string, KeyBinding> =>
  new Map(
    keymap
      .filter((binding) => binding.where === where || binding.where === 'anywhere')
      .flatMap((binding) => binding.keys.map((key) => [key, binding] as const)),
  );

const tables = { screen: byKey('screen'), question: byKey('question'), anywhere: byKey('anywhere') };

/** The binding of a key token at a place; undefined for a key that means nothing there. */
export const bindingOf = (key: string, where: KeyPlace): KeyBinding | undefined => tables[where].get(key);
