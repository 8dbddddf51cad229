// The application before and between runs, in Ink's own test renderer: what it asks of whoever starts runs, and what it
// shows of the answers.

import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { SwitchStore } from '../../source/session/switch-store.ts';
import { App } from '../../source/ui/app.tsx';
import type { FieldTexts, Lobby, StartReply } from '../../source/ui/lobby.ts';
import { plainTheme } from '../../source/ui/theme.ts';
import { SessionContext, ThemeContext } from '../../source/ui/use-session.ts';
import { FixtureStore, fixtureStates } from '../helpers/run-state.ts';

const first: FieldTexts = {
  target: 'http://localhost:3000/',
  load: 'rate',
  rate: '50',
  users: '10',
  spawn: '',
  duration: '',
  connections: '',
};

/** Answers as it is told, and keeps what it was asked. */
class FakeLobby implements Lobby {
  readonly first = first;
  readonly fixed = {};
  readonly asked: (readonly [rate: string, agreed: string | undefined])[] = [];
  readonly answers: StartReply[] = [];
  left = 0;
  begin: () => void = () => {};

  check({ rate }: FieldTexts) {
    const lines = [{ label: 'load', text: `${rate} a second` }];
    return { errors: {}, standIns: {}, lines, fault: undefined, runs: [] };
  }

  async start({ rate }: FieldTexts, agreed?: string): Promise<StartReply> {
    this.asked.push([rate, agreed]);
    return this.answers.shift() ?? { type: 'started' };
  }

  onStart(listener: () => void): () => void {
    this.begin = listener;
    return () => {
      this.begin = () => {};
    };
  }

  leave(): void {
    this.left += 1;
  }
}

const unmounts: (() => void)[] = [];
afterEach(() => {
  for (const unmount of unmounts.splice(0)) unmount();
});

const setUp = async () => {
  const lobby = new FakeLobby();
  const store = new SwitchStore();
  const { lastFrame, stdin, unmount } = render(
    <SessionContext value={{ store, dispatch: () => {}, lobby }}>
      <ThemeContext value={plainTheme}>
        <App effects={{ onSuspend: () => {} }} />
      </ThemeContext>
    </SessionContext>,
  );
  unmounts.push(unmount);
  const see = (text: string | RegExp) => expect.poll(() => lastFrame(), { timeout: 5000 }).toMatch(text);
  await see('nothing is sent before Enter');
  return { lobby, store, see, press: (keys: string) => stdin.write(keys) };
};

describe('before a run', () => {
  it('checks what is typed, and shows what it would be', async () => {
    const { press, see } = await setUp();
    await see('50 a second');
    press('0');
    await see('500 a second');
  });

  it('starts what stands in the fields, once it may, and gives way to the run', async () => {
    const { lobby, store, press, see } = await setUp();
    lobby.answers.push({ type: 'refused', fault: { message: 'no such name', hint: 'mend it' } });
    lobby.answers.push({ type: 'asks', question: 'Send load there?' });
    press('\r');
    await see(/! no such name\s+mend it/);
    press('\r');
    await see(/! Send load there\?[\s\S]*y sends load there/);
    press('y');
    await expect
      .poll(() => lobby.asked)
      .toEqual([
        ['50', undefined],
        ['50', undefined],
        ['50', 'Send load there?'],
      ]);
    store.switchTo(new FixtureStore(fixtureStates.healthy));
    lobby.begin();
    await see('throughput');
  });

  it('leaves without a run', async () => {
    const { lobby, press } = await setUp();
    press('q');
    await expect.poll(() => lobby.left).toBe(1);
    expect(lobby.asked).toEqual([]);
  });
});

describe('between runs', () => {
  it('stays at the last picture, and comes back to the fields as they were', async () => {
    const { lobby, store, press, see } = await setUp();
    press('0');
    const run = new FixtureStore(fixtureStates.healthy);
    store.switchTo(run);
    lobby.begin();
    await see('RUNNING');
    run.set(fixtureStates.ended);
    await see(/ENDED[\s\S]*Enter or r: fields/);
    press('\r');
    await see(/run 2[\s\S]*> rate +500/);
    press('\r');
    await expect.poll(() => lobby.asked).toEqual([['500', undefined]]);
    store.switchTo(new FixtureStore(fixtureStates['closed model']));
    lobby.begin();
    await see(/closed .*RUNNING/);
  });

  it('shows a run that somebody else started', async () => {
    const { store, see } = await setUp();
    store.switchTo(new FixtureStore(fixtureStates.healthy));
    await see('RUNNING');
  });
});
