// The root of the screen: exactly the terminal's size, and in it the screen that is open.

import { Box, useWindowSize } from 'ink';
import { Dashboard } from './screens/dashboard.tsx';
import { Help } from './screens/help.tsx';
import { isZoomed, Zoomed } from './screens/zoomed.tsx';
import { type Seen, seenOf } from './seen.ts';
import { type Effects, useKeys } from './use-keys.ts';
import { useRunState } from './use-session.ts';
import type { View } from './view-state.ts';

interface ScreenProps {
  readonly state: Seen;
  readonly columns: number;
  readonly rows: number;
  readonly view: View;
}

/** The screen at a size; without a keyboard, so that it can be drawn anywhere. */
export const Screen = ({ columns, rows, state, view }: ScreenProps) => (
  <Box width={columns} height={rows} overflow="hidden">
    {view.mode === 'help' ? (
      <Help columns={columns} rows={rows} state={state} view={view} />
    ) : isZoomed(columns, rows, view) ? (
      <Zoomed columns={columns} rows={rows} state={state} view={view} />
    ) : (
      <Dashboard columns={columns} rows={rows} state={state} view={view} />
    )}
  </Box>
);

export const App = ({ effects }: { readonly effects: Effects }) => {
  const { columns, rows } = useWindowSize();
  const view = useKeys(effects, { columns, rows });
  const live = useRunState();
  return <Screen columns={columns} rows={rows} state={seenOf(live, view.look)} view={view} />;
};
