// The two contexts of the screen, and no third: the session (state of the run, and the way to ask something of it) and
// the theme (what this terminal can show).

import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Command, CommandSource, Reply } from '../session/commands.ts';
import type { RunState } from '../session/state.ts';
import type { RunStore } from '../session/store.ts';
import type { Lobby } from './lobby.ts';
import type { PaintedLines } from './painted-lines.ts';
import { Past, type PastStates } from './past.ts';
import type { TerminalFacts } from './screen-cost.ts';
import { plainTheme, type Theme } from './theme.ts';

/** Asks something of the run; what becomes of it shows in the state. Undefined where nobody tells. */
export type Dispatch = (command: Command, source: Extract<CommandSource, 'key' | 'command line'>) => Reply | undefined;

export interface UiSession {
  readonly store: RunStore;
  readonly dispatch: Dispatch;
  /** Where runs are started from fields. */
  readonly lobby?: Lobby | undefined;
  /** What is drawn on, and what was sent to it so far. */
  readonly terminal?: () => TerminalFacts;
  /** Lines that need not go through Ink; without it, they do. */
  readonly painted?: PaintedLines;
}

export const SessionContext = createContext<UiSession | undefined>(undefined);
export const ThemeContext = createContext<Theme>(plainTheme);

export const useSession = (): UiSession => {
  const session = useContext(SessionContext);
  if (!session) throw new Error('the screen is used outside of its session');
  return session;
};

/** What lines go past Ink with; undefined where they go through it. */
export const usePaintedLines = (): PaintedLines | undefined => useContext(SessionContext)?.painted;

export const useTheme = (): Theme => useContext(ThemeContext);

/** The state of the run, read anew whenever the store publishes. */
export const useRunState = (): RunState => {
  const { store } = useSession();
  const read = (): RunState => store.getState();
  return useSyncExternalStore((listener) => store.subscribe(listener), read, read);
};

/** The states of the run as they went by while the screen is there. */
export const usePast = (): PastStates => {
  const { store } = useSession();
  const [past] = useState(() => new Past());
  useEffect(() => {
    const take = (): void => past.take(store.getState());
    take();
    return store.subscribe(take);
  }, [store, past]);
  return past;
};
