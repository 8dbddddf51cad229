// The run as the screen shows it: a state of the run, now or at an earlier second, and what of it is looked at. Panels get
// this and nothing else.

import type { Details, RunState } from '../session/state.ts';
import { columnValue } from './column-values.ts';
import { type Look, secondMs } from './look.ts';
import { type Kept, noPast, type PastStates } from './past.ts';
import { unknownSecond } from './unknown-second.ts';
import { wholeRun } from './whole-run.ts';

/** The state that is shown. What steers and what can be steered follows `live`. */
export interface Seen extends RunState {
  readonly look: Look;
  /** The newest state, whatever is shown. */
  readonly live: RunState;
  /**
   * Of which second the numbers are while the view is frozen, ms: the time cursor's, or one shortly before where only
   * that is kept. Undefined where they are of now, and where they are not known any more.
   */
  readonly numbersOf: number | undefined;
  /** The run has ended, and the numbers are over all of it. */
  readonly whole: boolean;
}

/**
 * What is seen of a run whose newest state is `live`; once it has ended, all of it. While frozen the numbers are the cursor's; columns and markers are
 * all there are, so that charts can go on to the right of the cursor.
 */
export const seenOf = (live: RunState, look: Look, past: PastStates = noPast): Seen => {
  if (look.frozen === undefined) {
    const whole = wholeRun(live);
    return { ...(whole ?? live), look, live, numbersOf: undefined, whole: whole !== undefined };
  }
  const second = look.frozen.cursor / secondMs;
  const kept = past.at(second);
  const { run, history, historyVersion, markers, question } = live;
  return {
    ...(kept === undefined ? unknownSecond(live, second) : atSecond(kept)),
    ...{ run, history, historyVersion, markers, question },
    details: noDetails,
    look,
    live,
    numbersOf: kept === undefined ? undefined : kept.second * secondMs,
    whole: false,
  };
};

/** A state was published a moment after its second had closed: its rates are those of the second itself, as charts show it. */
const atSecond = ({ second, state }: Kept): RunState => {
  const { history, rates } = state;
  const exact = { ...rates };
  for (const name of ['offered', 'achieved', 'good', 'notGood'] as const) {
    const value = columnValue(history, name, second);
    if (Number.isFinite(value)) exact[name] = value;
  }
  return { ...state, rates: exact };
};

/** Tables are asked for when somebody looks, and tell of now. */
const noDetails: Details = { tables: () => [] };
