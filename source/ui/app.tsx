// The root of the screen: exactly the terminal's size, and in it the screen that is open.

import { Box, useWindowSize } from 'ink';
import { useMemo } from 'react';
import { isArmed, withFields } from './armed-view.ts';
import { isTooSmall } from './layout.ts';
import type { Briefing } from './lobby.ts';
import { noTerminal, type TerminalFacts } from './screen-cost.ts';
import { ArmedScreen } from './screens/armed.tsx';
import { Dashboard } from './screens/dashboard.tsx';
import { Help } from './screens/help.tsx';
import { TooSmall, TooSmallForFields } from './screens/too-small.tsx';
import { isZoomed, Zoomed } from './screens/zoomed.tsx';
import { type Seen, seenOf } from './seen.ts';
import { type Effects, useKeys } from './use-keys.ts';
import { usePast, useRunState, useSession } from './use-session.ts';
import { firstView, type View } from './view.ts';

interface ScreenProps {
  readonly state: Seen;
  readonly columns: number;
  readonly rows: number;
  readonly view: View;
  /** What the fields of the armed screen mean. */
  readonly briefing?: Briefing | undefined;
  readonly terminal?: TerminalFacts;
}

/** The screen at a size; without a keyboard, so that it can be drawn anywhere. */
export const Screen = ({ columns, rows, state, view, briefing, terminal = noTerminal }: ScreenProps) => (
  <Box width={columns} height={rows} overflow="hidden">
    {isArmed(view, state.live) && view.armed !== undefined && briefing !== undefined ? (
      isTooSmall(columns, rows) ? (
        <TooSmallForFields columns={columns} rows={rows} />
      ) : (
        <ArmedScreen armed={view.armed} briefing={briefing} columns={columns} rows={rows} state={state} view={view} />
      )
    ) : isTooSmall(columns, rows) ? (
      <TooSmall columns={columns} rows={rows} state={state} view={view} />
    ) : view.mode === 'help' ? (
      <Help columns={columns} rows={rows} state={state} view={view} terminal={terminal} />
    ) : isZoomed(columns, rows, view) ? (
      <Zoomed columns={columns} rows={rows} state={state} view={view} />
    ) : (
      <Dashboard columns={columns} rows={rows} state={state} view={view} />
    )}
  </Box>
);

interface AppProps {
  readonly effects: Effects;
  /** Nothing of the run can be changed from here. */
  readonly readOnly?: boolean | undefined;
}

export const App = ({ effects, readOnly = false }: AppProps) => {
  const { columns, rows } = useWindowSize();
  const { lobby, terminal } = useSession();
  const live = useRunState();
  const past = usePast();
  const view = useKeys(effects, { columns, rows }, live, withFields({ ...firstView, readOnly }, lobby), past);
  const state = seenOf(live, view.look, past);
  const armed = isArmed(view, live) ? view.armed : undefined;
  const texts = armed?.texts;
  const briefing = useMemo(() => texts && lobby?.check(texts), [lobby, texts]);
  // What a panel remembers of a run must not be seen in the next one.
  const run = `${view.armed?.runs ?? 0} ${live.run?.phase?.number ?? 0}`;
  return (
    <Screen
      key={run}
      columns={columns}
      rows={rows}
      state={state}
      view={view}
      briefing={briefing}
      terminal={terminal?.() ?? noTerminal}
    />
  );
};
