// From the keyboard to the run: what Ink hears goes through view-state.ts, commands go to the session, effects to whoever
// mounted the screen.

import { useApp, useInput, usePaste } from 'ink';
import { useEffect, useRef, useState } from 'react';
import { monotonicNow, SystemClock } from '../common/clock.ts';
import { useSession } from './use-session.ts';
import { type Effect, expire, firstView, handleInput, handlePaste, type View } from './view-state.ts';
import type { Size } from './zoom-keys.ts';

/** What the program does when it is asked to. */
export interface Effects {
  /** Stop the process; comes back when it goes on. The terminal has been given back. */
  readonly onSuspend: () => void | Promise<void>;
}

const clock = new SystemClock();

/** The pause has to reach the workers before the process stands still: it holds from 50 ms after the key. */
const suspendDelayMs = 100;

/** The view as the keys have made it. @param size of the terminal now */
export const useKeys = (effects: Effects, size: Size): View => {
  const { store, dispatch } = useSession();
  const { suspendTerminal } = useApp();
  const [view, setView] = useState(firstView);
  // Keys may come faster than React draws: the next one must see what the last one did.
  const newest = useRef(view);
  const show = (next: View): void => {
    newest.current = next;
    setView(next);
  };
  const take = (effect: Effect | undefined): void => {
    // Quitting and aborting are commands to the run; the screen goes when the run has ended.
    if (effect === 'suspend') {
      void suspendTerminal(async () => {
        await clock.sleep(suspendDelayMs);
        await effects.onSuspend();
      });
    }
  };
  useInput((chunk, key) => {
    const handled = handleInput(newest.current, chunk, key, store.getState(), monotonicNow(), size);
    show(handled.view);
    for (const { command, source } of handled.commands) dispatch(command, source);
    take(handled.effect);
  });
  usePaste((text) => show(handlePaste(newest.current, text, monotonicNow())));
  const until = view.toast?.until;
  useEffect(() => {
    if (until === undefined) return;
    // A timer may be a millisecond early: at that moment it counts as expired all the same.
    const over = (): void => show(expire(newest.current, Math.max(until, monotonicNow())));
    return clock.after(Math.max(0, until - monotonicNow()), over);
  });
  return view;
};
