// What the keys for time make of what is looked at: the window, freezing, the time cursor, whose response times. Pure. What
// else a key does is carry-out.ts.

import type { RunState } from '../session/state.ts';
import { cursorMoved, frozenAt, type Look, secondMs, windowChanged, windows } from './look.ts';
import { newestSecond } from './past.ts';

export type LookIntent = 'shorter window' | 'longer window' | 'freeze' | 'time' | 'latency group';

/** What Shift makes of a step of the cursor. */
const longStepMs = 10 * secondMs;

/** What `key` makes of `look`. */
export const lookAfter = (look: Look, what: LookIntent, key: string, state: RunState): Look => {
  const until = (newestSecond(state) + 1) * secondMs;
  switch (what) {
    case 'shorter window':
      return windowChanged(look, -1);
    case 'longer window':
      return windowChanged(look, 1);
    case 'freeze':
      return look.frozen === undefined ? frozenAt(look, until) : { ...look, frozen: undefined };
    case 'time':
      return cursorMoved(look, stepOf(key, look), until);
    case 'latency group':
      return { ...look, latency: look.latency === 'good' ? 'notGood' : 'good' };
  }
};

/** How far a key moves the time cursor, ms. */
const stepOf = (key: string, { windowMs }: Look): number =>
  ({
    left: -secondMs,
    right: secondMs,
    'shift+left': -longStepMs,
    'shift+right': longStepMs,
    pageup: -windowMs,
    pagedown: windowMs,
    home: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  })[key] ?? 0;

/** Why the window cannot be shorter (`by` -1) or longer (1); undefined where it can. */
export const whyNoWindow = ({ windowMs }: Look, by: 1 | -1): string | undefined => {
  if (by < 0) return windowMs <= windows[0] ? 'this is the shortest window' : undefined;
  return windowMs >= windows.at(-1)! ? 'this is the longest window' : undefined;
};

/** Why the view cannot be frozen; undefined where it can, and where it is. */
export const whyNoFreeze = (state: RunState, { frozen }: Look): string | undefined =>
  frozen === undefined && newestSecond(state) < 0 ? 'no second has been measured yet' : undefined;

/** Why there is no time cursor to move. */
export const whyNoTime = ({ frozen }: Look): string | undefined =>
  frozen === undefined ? 'moves the time cursor of a frozen view: f freezes it' : undefined;

/** Why there are no other response times to look at; undefined where there are, and for the way back. */
export const whyNoLatencyGroup = ({ totals }: RunState, { latency }: Look): string | undefined =>
  latency === 'good' && totals.notGood === 0 ? 'every request was good: there are no other response times' : undefined;
