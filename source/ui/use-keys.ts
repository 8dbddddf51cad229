// From the keyboard to the run: what Ink hears goes through view-state.ts, commands go to the session, effects to whoever
// mounted the screen.

import { useApp, useInput, usePaste } from 'ink';
import { useEffect, useRef, useState } from 'react';
import { monotonicNow, SystemClock } from '../common/clock.ts';
import type { RunState } from '../session/state.ts';
import { answered } from './armed-state.ts';
import { runBegun } from './armed-view.ts';
import type { PastStates } from './past.ts';
import { told } from './told.ts';
import { useSession } from './use-session.ts';
import { type Effect, expire, ofNextRun, type View } from './view.ts';
import { handleInput, handlePaste } from './view-state.ts';
import type { Size } from './zoom-keys.ts';

/** What the program does when it is asked to. */
export interface Effects {
  /** Stop the process; comes back when it goes on. The terminal has been given back. */
  readonly onSuspend: () => void | Promise<void>;
}

const clock = new SystemClock();

/** The pause has to reach the workers before the process stands still: it holds from 50 ms after the key. */
const suspendDelayMs = 100;

/**
 * The view as the keys have made it.
 * @param size of the terminal now
 * @param drawn the state of the run that is drawn now
 * @param first the view before any key
 * @param past the states of earlier seconds
 */
export const useKeys = (
  effects: Effects,
  size: Size,
  { question, history }: RunState,
  first: View,
  past: PastStates,
): View => {
  const { store, dispatch, lobby } = useSession();
  const { suspendTerminal } = useApp();
  const [view, setView] = useState(first);
  // Keys may come faster than React draws: the next one must see what the last one did.
  const newest = useRef(view);
  // An answer is to the question that was in sight, not to one that came while the key was under way.
  const asked = useRef(question);
  useEffect(() => {
    asked.current = question;
  }, [question]);
  const stateInSight = (): RunState => {
    const state = store.getState();
    return state.question === asked.current ? state : { ...state, question: undefined };
  };
  const show = (next: View): void => {
    newest.current = next;
    setView(next);
  };
  const begin = (): void => {
    const { armed } = newest.current;
    if (lobby === undefined || armed?.status.type !== 'starting') return;
    void lobby.start(armed.texts, armed.status.agreed).then((reply) => {
      const { armed: now } = newest.current;
      if (now !== undefined) show({ ...newest.current, armed: answered(now, reply) });
    });
  };
  const run = useRef(history);
  useEffect(() => {
    if (run.current === history) return;
    run.current = history;
    show(ofNextRun(newest.current));
  });
  const take = (effect: Effect | undefined): void => {
    // Quitting and aborting are commands to the run; the screen goes when the run has ended.
    if (effect === 'quit') lobby?.leave();
    if (effect === 'start') begin();
    if (effect === 'suspend') {
      void suspendTerminal(async () => {
        await clock.sleep(suspendDelayMs);
        await effects.onSuspend();
      });
    }
  };
  useInput((chunk, key) => {
    const handled = handleInput(newest.current, chunk, key, stateInSight(), monotonicNow(), size, past);
    show(handled.view);
    for (const asked of handled.commands) {
      const reply = dispatch(asked.command, asked.source);
      if (reply !== undefined) show(told(newest.current, asked, reply, monotonicNow()));
    }
    take(handled.effect);
  });
  usePaste((text) => show(handlePaste(newest.current, text, monotonicNow())));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what show does never changes.
  useEffect(() => lobby?.onStart(() => show(runBegun(newest.current))), [lobby]);
  const until = view.toast?.until;
  useEffect(() => {
    if (until === undefined) return;
    // A timer may be a millisecond early: at that moment it counts as expired all the same.
    const over = (): void => show(expire(newest.current, Math.max(until, monotonicNow())));
    return clock.after(Math.max(0, until - monotonicNow()), over);
  });
  return view;
};
