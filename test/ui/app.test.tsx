// The application as a whole in Ink's own test renderer: which screen is open, and the way there and back by keys.

import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { App } from '../../source/ui/app.tsx';
import { plainTheme } from '../../source/ui/theme.ts';
import { SessionContext, ThemeContext } from '../../source/ui/use-session.ts';
import { FixtureStore, fixtureStates } from '../helpers/run-state.ts';

describe('the application', () => {
  it('opens the help with ? and comes back to the dashboard with Esc', async () => {
    const store = new FixtureStore(fixtureStates.healthy);
    const { lastFrame, stdin, unmount } = render(
      <SessionContext value={{ store, dispatch: () => {} }}>
        <ThemeContext value={plainTheme}>
          <App effects={{ onSuspend: () => {} }} />
        </ThemeContext>
      </SessionContext>,
    );
    try {
      await expect.poll(() => lastFrame(), { timeout: 5000 }).toContain('throughput');
      stdin.write('?');
      await expect.poll(() => lastFrame(), { timeout: 5000 }).toContain('double the rate');
      expect(lastFrame()).not.toContain('throughput');
      stdin.write('\u001b');
      await expect.poll(() => lastFrame(), { timeout: 5000 }).toContain('throughput');
    } finally {
      unmount();
    }
  });
});
