// The screen of a state as text, without a terminal.

import { renderToString } from 'ink';
import type { RunState } from '../../source/session/state.ts';
import { Screen } from '../../source/ui/app.tsx';
import { seenOf } from '../../source/ui/seen.ts';
import type { Theme } from '../../source/ui/theme.ts';
import { SessionContext, ThemeContext } from '../../source/ui/use-session.ts';
import { firstView, type View } from '../../source/ui/view-state.ts';
import { FixtureStore } from './run-state.ts';

/** Everything but colours: what stays when the text is copied. */
export const plainUnicode: Theme = { color: false, attributes: false, ascii: false };

interface FrameOptions {
  readonly theme?: Theme;
  readonly view?: Partial<View>;
}

/** The frame as Ink would draw it in a terminal of this size; blanks at the ends of lines are gone. */
export const frameOf = (state: RunState, columns: number, rows: number, options: FrameOptions = {}): string => {
  const view = { ...firstView, ...options.view };
  const session = { store: new FixtureStore(state), dispatch: () => {} };
  return renderToString(
    <SessionContext value={session}>
      <ThemeContext value={options.theme ?? plainUnicode}>
        <Screen columns={columns} rows={rows} state={seenOf(state, view.look)} view={view} />
      </ThemeContext>
    </SessionContext>,
    { columns },
  );
};
