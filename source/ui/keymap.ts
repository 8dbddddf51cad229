// The one table of keys: what each does, where, and why it may do nothing now. The footer, the help screen and README's
// key table are made from it (key-texts.ts, help-lines.ts); carrying an intent out is carry-out.ts.

import { followed, hasRate, whyNoNext, whyNoRate, whyNoRun } from '../session/availability.ts';
import type { RunState } from '../session/state.ts';
import { armedKeys } from './armed-keys.ts';
import type { KeyBinding, KeyPlace } from './key-binding.ts';
import { panelKeys } from './panel-keys.ts';
import { rateKeys } from './rate-keys.ts';
import { timeKeys } from './time-keys.ts';

const whyNoReport = (state: RunState): string | undefined =>
  state.phase === 'closed' || state.run === undefined ? whyNoRun(state) : undefined;

/** Every key, in the order of the help screen. */
export const keymap: readonly KeyBinding[] = [
  ...rateKeys,
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
    footer: (state, { zoom: { zoomed } }) => (hasRate(state) && !zoomed ? '0 zero' : undefined),
    givesWay: 1,
    disabled: whyNoRate,
  },
  {
    keys: ['z'],
    shown: 'z',
    label: 'undo the last change of the load',
    group: 'rate',
    where: 'screen',
    intent: { type: 'command', command: { type: 'change/undo' } },
    footer: () => 'z undo',
    givesWay: 8,
    disabled: whyNoRun,
  },
  {
    keys: [':'],
    shown: ':',
    label: 'command line, as in :rate 1.2k',
    group: 'run',
    where: 'screen',
    intent: { type: 'prompt' },
    footer: () => ': command',
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
    keys: ['s'],
    shown: 's',
    label: 'write a report of the run so far',
    group: 'run',
    where: 'screen',
    intent: { type: 'command', command: { type: 'report/write' } },
    disabled: whyNoReport,
  },
  {
    keys: ['e'],
    shown: 'e',
    label: 'end the phase, begin the next; asks',
    group: 'run',
    where: 'screen',
    intent: { type: 'command', command: { type: 'phase/next', ask: true } },
    footer: (state) => (followed(state) ? 'e next phase' : undefined),
    givesWay: 3,
    disabled: whyNoNext,
  },
  ...timeKeys,
  ...panelKeys,
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
  ...armedKeys,
];

const byKey = (where: KeyPlace): ReadonlyMap<string, KeyBinding> =>
  new Map(
    keymap
      .filter((binding) => binding.where === where || binding.where === 'anywhere')
      // What a key does at its own place goes before what it does anywhere.
      .toSorted((a, b) => Number(a.where === where) - Number(b.where === where))
      .flatMap((binding) => binding.keys.map((key) => [key, binding] as const)),
  );

const tables = {
  screen: byKey('screen'),
  question: byKey('question'),
  armed: byKey('armed'),
  anywhere: byKey('anywhere'),
};

/** The binding of a key token at a place; undefined for a key that means nothing there. */
export const bindingOf = (key: string, where: KeyPlace): KeyBinding | undefined => tables[where].get(key);
