// The screen of a state as text, without a terminal.

import { renderToString } from 'ink';
import type { RunState } from '../../source/session/state.ts';
import { Screen } from '../../source/ui/app.tsx';
import type { Briefing } from '../../source/ui/lobby.ts';
import type { PastStates } from '../../source/ui/past.ts';
import type { TerminalFacts } from '../../source/ui/screen-cost.ts';
import { seenOf } from '../../source/ui/seen.ts';
import { plainTheme, type Theme } from '../../source/ui/theme.ts';
import { SessionContext, ThemeContext } from '../../source/ui/use-session.ts';
import { firstView, type View } from '../../source/ui/view.ts';
import { FixtureStore } from './run-state.ts';

/** Everything but colours: what stays when the text is copied. */
export const plainUnicode: Theme = { ...plainTheme, ascii: false };

interface FrameOptions {
  readonly theme?: Theme;
  readonly view?: Partial<View>;
  readonly briefing?: Briefing;
  /** What is known of earlier seconds. */
  readonly past?: PastStates;
  readonly terminal?: TerminalFacts;
}

/** The frame as Ink would draw it in a terminal of this size; blanks at the ends of lines are gone. */
export const frameOf = (state: RunState, columns: number, rows: number, options: FrameOptions = {}): string => {
  const { past, terminal } = options;
  const view = { ...firstView, ...options.view };
  const session = { store: new FixtureStore(state), dispatch: () => undefined };
  return renderToString(
    <SessionContext value={session}>
      <ThemeContext value={options.theme ?? plainUnicode}>
        <Screen
          columns={columns}
          rows={rows}
          state={seenOf(state, view.look, past)}
          view={view}
          briefing={options.briefing}
          {...(terminal && { terminal })}
        />
      </ThemeContext>
    </SessionContext>,
    { columns },
  );
};
