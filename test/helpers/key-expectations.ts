// What must be seen when a key of ui/keymap.ts is pressed: a row for each binding, by what the table shows of it. A binding
// without a row fails test/ui/key-expectations.test.ts. Pressed, at three sizes, by test/acceptance/every-key.test.ts.

import type { KeyBinding } from '../../source/ui/key-binding.ts';
import { keymap } from '../../source/ui/keymap.ts';

/** What the screen must come to show; `before` is what it showed when the keys were pressed. */
export type Seen = string | RegExp | ((screen: string, before: string) => boolean);

/** Keys that are pressed together, and what must then be seen. */
export type Step = readonly [keys: string, seen: Seen];

export interface KeyExpectation {
  /** From a run at 100/s, some of whose requests fail, with nothing open. What they leave open is closed afterwards. */
  readonly steps: readonly Step[];
  /** Pressed elsewhere: in a run of its own, which it ends or suspends; in turn, on a screen that begins armed. */
  readonly own?: 'ends' | 'comes back paused' | 'armed';
}

/** The row of a binding: what the table shows of its keys, with its place where keys have another meaning there. */
export const expectationName = ({ where, shown }: Pick<KeyBinding, 'where' | 'shown'>): string =>
  where === 'screen' || where === 'anywhere' ? shown : `${where}: ${shown}`;

/** A number behind a word on the screen: `wanted 1,050/s`. */
export const figure = (screen: string, name: string): number =>
  Number(new RegExp(`${name}\\s+([\\d,.]+)`).exec(screen)?.[1]?.replaceAll(',', '') ?? Number.NaN);

const steps = (...list: readonly Step[]): KeyExpectation => ({ steps: list });

const armed = (...list: readonly Step[]): KeyExpectation => ({ steps: list, own: 'armed' });

const wanted =
  (rate: number): Seen =>
  (screen) =>
    figure(screen, 'wanted') === rate;

/** The panel that is chosen. */
const chosen = (screen: string): string | undefined => /━ ([a-z][a-z ]*[a-z]) /.exec(screen)?.[1];
const anotherPanel: Seen = (screen, before) => chosen(screen) !== undefined && chosen(screen) !== chosen(before);
const oneBig: Seen = (screen) => chosen(screen) !== undefined && !/(?:^| |\d)─ log /m.test(screen);
/** A zoomed panel, and the help, have the screen for themselves. */
const dashboard = (screen: string): boolean => /(?:^| |\d)[─━] log /m.test(screen);
const nothingChosen: Seen = (screen) => dashboard(screen) && chosen(screen) === undefined;

/** What is open beside the dashboard; empty for nothing. Escape closes one after the other. */
export const openOn = (screen: string): string => {
  const last = screen.split('\n').at(-1) ?? '';
  const question = /y \/ n/.test(last) ? 'question' : '';
  const typing = last.includes('▏') ? 'typing' : '';
  const other = dashboard(screen) ? '' : 'another screen';
  return [chosen(screen), question, typing, other, screen.includes('FROZEN') ? 'frozen' : ''].join('');
};

/** The rows in sight of a zoomed list: `1 to 18 of 154 rows`. */
const body = (screen: string): string =>
  screen
    .split('\n')
    .slice(4, -1)
    .join('\n')
    .replaceAll(/[▁-█\d.,]/g, '');
const scrolled: Seen = (screen, before) => body(screen) !== body(before);

/** The second at which a frozen view stands. */
const frozenAt = (screen: string): number => {
  const [, minutes, seconds] = /FROZEN at (\d+):(\d+)/.exec(screen) ?? [];
  return Number(minutes) * 60 + Number(seconds);
};
const live: Seen = (screen) => screen.includes('RUNNING') && !screen.includes('FROZEN');
const earlier: Seen = (screen, before) => frozenAt(screen) < frozenAt(before);
const later: Seen = (screen, before) => frozenAt(screen) > frozenAt(before);

/** The armed screen with what is to be filled in. */
const fields = 'nothing is sent before Enter';

const up = '\u001b[A';
const down = '\u001b[B';
const right = '\u001b[C';
const left = '\u001b[D';
const shiftTab = '\u001b[Z';
const pageUp = '\u001b[5~';
const pageDown = '\u001b[6~';
const home = '\u001b[H';
const end = '\u001b[F';
const escapeKey = '\u001b';

export const keyExpectations: Readonly<Record<string, KeyExpectation>> = {
  '↑ k +': steps([up, wanted(105)], ['k', wanted(110)], ['+', wanted(115)]),
  '↓ j -': steps([down, wanted(95)], ['j', wanted(90)], ['-', wanted(85)]),
  K: steps(['K', wanted(150)]),
  J: steps(['J', wanted(50)]),
  '>': steps(['>', wanted(200)]),
  '<': steps(['<', wanted(50)]),
  p: steps(['p', /PAUSED/], ['p', /RUNNING/]),
  '0': steps(['0', wanted(0)]),
  ':': steps([':', /^ :▏/m], ['rate 120', /:rate 120▏/], ['\r', wanted(120)]),
  a: steps(['a', /marker [a-z]\b/]),
  e: steps(['e', /e: the profile has no phases/]),
  Tab: steps(['\t', anotherPanel], ['\t', anotherPanel], [shiftTab, anotherPanel]),
  Enter: steps(['\t', anotherPanel], ['\r', oneBig], ['\r', dashboard]),
  Esc: steps(['\t', anotherPanel], ['\r', oneBig], [escapeKey, dashboard], [escapeKey, nothingChosen]),
  'PgUp PgDn': steps(['/', /━ metrics/], ['\r', oneBig], [pageDown, scrolled], [pageUp, scrolled]),
  'Home End': steps(['/', /━ metrics/], ['\r', oneBig], [end, scrolled], [home, scrolled]),
  '/': steps(
    ['/', /━ metrics/],
    ['heap', /━ metrics {2}\/ heap {2}\d+ of \d+ rows/],
    ['\r', /\/ heap .*rows[\s\S]*Esc back/],
  ),
  '?': steps(['?', /double the rate/], ['?', dashboard]),
  q: steps(['q', /y \/ n/], ['n', /RUNNING/]),
  'question: n': steps(['q', /y \/ n/], ['n', /\? help/]),
  'question: y': {
    steps: [
      ['q', /y \/ n/],
      ['y', /ENDING|DRAINING|ENDED|they add up/i],
    ],
    own: 'ends',
  },
  'Ctrl+C': { steps: [['\u0003', /ENDING|DRAINING|ENDED|they add up/i]], own: 'ends' },
  'Ctrl+Z': { steps: [['\u001a', /stopped/]], own: 'comes back paused' },

  // What of the screen is there, and in which order.
  'v V': steps(['v', /view [a-z]+: /], ['V', /view all: /]),
  '1-9': steps(['2', /^ 2 .*: (hidden|shown)/m], ['2', /^ 2 .*: (shown|hidden)/m]),
  'o O': steps(['o', /(highest|lowest) first|A to Z|Z to A/], ['O', /(highest|lowest) first|A to Z|Z to A/]),

  z: steps([':rate 150\r', wanted(150)], ['z', wanted(100)]),
  s: steps(['s', /report so far/]),

  // Time.
  f: steps(['f', /FROZEN/], ['f', live]),
  '← →': steps(['f', /FROZEN/], [left, earlier], [right, later], ['f', live]),
  '[': steps(['[', /30s/], [']', /60s/]),
  ']': steps([']', /2m|120s/], ['[', /60s/]),
  g: steps(['g', /NOT good/], ['g', (screen) => !screen.includes('NOT good')]),

  // The armed screen, one after the other: from its fields through a run and back to them, and out.
  'armed: ?': armed(['?', /keys of the armed screen/], ['?', fields]),
  'armed: Tab ↑ ↓': armed(['\t', /> duration/], [shiftTab, /> rate/], [up, /> load/], [down, /> rate/]),
  'armed: ← → Space': armed(
    [up, /> load/],
    [right, /\(\*\) users/],
    [left, /\(\*\) rate/],
    [' ', /\(\*\) users/],
    [' ', /\(\*\) rate/],
    [down, /> rate/],
  ),
  'armed: Esc': armed(['x', /> rate +100x/], [escapeKey, /> rate +100▏/]),
  'armed: Enter': armed(['\r', /RUNNING/]),
  'question: r': armed(['q', /y \/ n/], ['r', /the run has ended/]),
  r: armed(['r', /> rate +100▏/]),
  'armed: q': armed(['q', /they add up/]),
};

/** The rows of the bindings that there are, in the order of this table. */
export const expectedKeys = (): readonly (readonly [name: string, KeyExpectation])[] => {
  const names = new Set(keymap.map(expectationName));
  return Object.entries(keyExpectations).filter(([name]) => names.has(name));
};
