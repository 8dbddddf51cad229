// The screen on an emulated terminal: keys in, commands out, the terminal given back.
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { Series } from '../../source/common/series.ts';
import type { Command } from '../../source/session/commands.ts';
import { CellWriter } from '../../source/ui/cell-writer.ts';
import { type MountedUi, mountUi, type UiOptions } from '../../source/ui/mount.tsx';
import { FixtureStore, fixtureState, fixtureStates } from '../helpers/run-state.ts';
import { EmulatedTerminal, FakeSink, FakeTerminal } from './emulated-terminal.ts';

/** A tty's input as far as Ink looks at it. */
class FakeKeyboard extends PassThrough {
  readonly isTTY = true;
  raw = false;

  setRawMode(on: boolean): this {
    this.raw = on;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

const mounted: MountedUi[] = [];
afterEach(async () => {
  for (const ui of mounted.splice(0)) await ui.unmount();
});

const setUp = (options: Partial<UiOptions> & { readonly columns?: number; readonly rows?: number } = {}) => {
  const { columns = 100, rows = 30 } = options;
  const terminal = new FakeTerminal(columns, rows);
  const sink = new FakeSink();
  const shown = new EmulatedTerminal(columns, rows);
  const keyboard = new FakeKeyboard();
  const store = new FixtureStore(fixtureState());
  const commands: [Command, string][] = [];
  const ui = mountUi({
    store,
    dispatch: (command, source) => {
      commands.push([command, source]);
      return undefined;
    },
    stdin: keyboard as unknown as NodeJS.ReadStream,
    stdout: new CellWriter(terminal, sink),
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    onSuspend: () => {},
    ...options,
  });
  mounted.push(ui);
  const screen = async (): Promise<string[]> => {
    await shown.feed(sink.take());
    return shown.text();
  };
  const see = (text: string | RegExp) =>
    expect.poll(async () => (await screen()).join('\n'), { timeout: 10_000 }).toMatch(text);
  return { terminal, shown, sink, keyboard, store, commands, ui, screen, see };
};

/** Whether any cell has a colour of its own. */
const coloured = ({ emulator }: EmulatedTerminal): boolean => {
  const active = emulator.buffer.active;
  for (let y = 0; y < emulator.rows; y += 1) {
    for (let x = 0; x < emulator.cols; x += 1) if (!active.getLine(y)!.getCell(x)!.isFgDefault()) return true;
  }
  return false;
};

const buffer = (shown: EmulatedTerminal): string => shown.emulator.buffer.active.type;

describe('the mounted screen', () => {
  it('takes the keys before it draws: none may be echoed into the first frame', () => {
    const { keyboard } = setUp();
    expect(keyboard.raw).toBe(true);
  });

  it('draws on the alternate screen and gives the terminal back', async () => {
    const { ui, shown, screen, keyboard, see } = setUp();
    await see(/loadtop events-full/);
    expect(buffer(shown)).toBe('alternate');
    expect(keyboard.raw).toBe(true);
    const lines = await screen();
    expect(lines).toHaveLength(30);
    expect(lines.at(-1)).toMatch(/q quit/);
    await ui.unmount();
    await screen();
    expect(buffer(shown)).toBe('normal');
    expect(keyboard.raw).toBe(false);
    await ui.waitUntilExit;
  });

  it('leaves nothing behind: no subscription, no listener, no raw mode, and a second unmount is harmless', async () => {
    const exits = process.listenerCount('exit');
    const { ui, store, terminal, see } = setUp();
    await see(/wanted 7,800/);
    expect(store.listeners).toBeGreaterThan(0);
    await ui.unmount();
    await ui.unmount();
    expect(store.listeners).toBe(0);
    expect(terminal.listenerCount).toBe(0);
    expect(process.listenerCount('exit')).toBe(exits);
  });

  it('shows what the store publishes', async () => {
    const { store, see } = setUp();
    await see(/nothing wrong seen/);
    store.set(fixtureStates.overload);
    await see(/13\.7 % not good: 429, 503/);
    store.set(fixtureStates.ended);
    await see(/ENDED/);
    await see(/q leaves with the summary/);
  });

  it('turns keys into commands, several in one chunk', async () => {
    const { keyboard, commands, see } = setUp();
    await see(/q quit/);
    keyboard.write('++p');
    keyboard.write('\u001b[A');
    await expect
      .poll(() => commands)
      .toEqual([
        [{ type: 'rate/step', steps: 1 }, 'key'],
        [{ type: 'rate/step', steps: 1 }, 'key'],
        [{ type: 'run/pause' }, 'key'],
        [{ type: 'rate/step', steps: 1 }, 'key'],
      ]);
  });

  it('runs a typed line and shows what was wrong with another', async () => {
    const { keyboard, commands, see } = setUp();
    await see(/q quit/);
    keyboard.write(':rate abc\r');
    await see(/:rate abc.*expected a rate such as 500/);
    keyboard.write('\u0015rate 1k\r');
    await expect.poll(() => commands).toEqual([[{ type: 'rate/set', rate: 1000 }, 'command line']]);
    await see(/q quit/);
  });

  it('asks before it quits, and takes Esc for a no', async () => {
    const { keyboard, commands, see } = setUp();
    await see(/q quit/);
    keyboard.write('q');
    await see(/stop the run\? y \/ n/);
    keyboard.write('\u001b');
    await see(/q quit/);
    expect(commands).toEqual([]);
    keyboard.write('q');
    await see(/stop the run/);
    keyboard.write('y');
    await expect.poll(() => commands).toEqual([[{ type: 'run/stop' }, 'key']]);
  });

  it('ends gracefully at the first Ctrl+C and at once at the second', async () => {
    const { keyboard, commands, see } = setUp();
    await see(/q quit/);
    keyboard.write('\u0003');
    keyboard.write('\u0003');
    await expect.poll(() => commands.map(([command]) => command.type)).toEqual(['run/stop', 'run/abort']);
  });

  it('pauses and drops the backlog, gives the terminal back while suspended, and repaints afterwards', async () => {
    let goOn: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { keyboard, commands, shown, screen, see } = setUp({ onSuspend: () => stopped });
    await see(/q quit/);
    keyboard.write('\u001a');
    await expect.poll(async () => [await screen(), buffer(shown)][1]).toBe('normal');
    expect(commands).toEqual([[{ type: 'run/pause', dropBacklog: true }, 'key']]);
    expect(keyboard.raw).toBe(false);
    goOn();
    await see(/q quit/);
    expect(buffer(shown)).toBe('alternate');
    expect(keyboard.raw).toBe(true);
  });

  it('stands still with f while the run goes on, shows earlier seconds, and comes back', async () => {
    const { keyboard, store, commands, see, screen } = setUp();
    await see(/nothing wrong seen/);
    const good = new Series(1000, 3600);
    const history = { ...fixtureState().history, column: () => good };
    good.set(252, 7252);
    store.set(fixtureState({ history, rates: { ...fixtureState().rates, good: 7253 } }));
    await see(/good 7,253/);
    keyboard.write('f');
    await see(/FROZEN at 4:12, the newest second/);
    good.set(255, 8112);
    store.set({ ...fixtureStates.overload, history });
    await see(/FROZEN at 4:12, 3 s ago .* 9,400\/s/);
    expect((await screen())[1]).toMatch(/good 7,252/);
    keyboard.write('+');
    await expect.poll(() => commands).toEqual([[{ type: 'rate/step', steps: 1 }, 'key']]);
    keyboard.write('\u001b[F');
    await see(/FROZEN at 4:15, the newest second/);
    keyboard.write('\u001b');
    await see(/13\.7 % not good: 429, 503/);
    keyboard.write('f');
    await see(/FROZEN/);
    // Another run.
    store.set(fixtureState());
    await see(/RUNNING/);
  });

  it('answers a question that is in sight, and no other', async () => {
    const { keyboard, store, commands, see } = setUp();
    await see(/q quit/);
    keyboard.write('y?');
    await see(/keys and commands/);
    const question = { command: { type: 'rate/set', rate: 4000 }, text: 'to 4,000/s: go there?' } as const;
    store.set(fixtureState({ question }));
    await see(/to 4,000\/s: go there\? +y \/ n/);
    expect(commands).toEqual([]);
    keyboard.write('y');
    await expect.poll(() => commands).toEqual([[{ type: 'question/answer', yes: true }, 'key']]);
    store.set(fixtureState());
    await see(/q quit/);
  });

  it('says in the help what it has sent', async () => {
    const { keyboard, see, screen, store } = setUp({ fps: 10 });
    await see(/q quit/);
    keyboard.write('?');
    await see(/keys and commands/);
    keyboard.write('\u001b[F');
    await see(/sends .*--fps 10/);
    const state = store.getState();
    // What was sent is looked at each second, and shown with the next state.
    const poked = async (): Promise<string> => {
      store.set({ ...state });
      return (await screen()).join('\n');
    };
    await expect.poll(poked, { timeout: 10_000 }).toMatch(/sent +[\d.]+ KiB in \d+ frames/);
    await see(/terminal +xterm-256color, colours, Unicode/);
  });

  it('steers nothing with what is pasted, and takes it in the command line without running it', async () => {
    const { keyboard, commands, see } = setUp();
    await see(/q quit/);
    keyboard.write('\u001b[200~++qy\u001b[201~');
    await see(/pasted text steers nothing/);
    keyboard.write(':');
    await see(/Enter runs/);
    keyboard.write('\u001b[200~mark deploy 7\nabort\n\u001b[201~');
    await see(/:mark deploy 7/);
    expect(commands).toEqual([]);
    keyboard.write('\r');
    await expect.poll(() => commands).toEqual([[{ type: 'marker/set', name: 'deploy 7' }, 'command line']]);
  });

  it('says why a key does nothing, for three seconds', async () => {
    const { keyboard, store, commands, see } = setUp();
    store.set(fixtureStates['full speed']);
    await see(/closed model: waiting is not seen/);
    keyboard.write('+');
    await see(/\+: full speed has no rate to change; give -q a number/);
    expect(commands).toEqual([]);
    await see(/q quit/);
  });

  it('follows the size of the terminal down to the smallest and says below it what it needs', async () => {
    const { terminal, shown, screen, see } = setUp({ columns: 120, rows: 40 });
    await see(/this machine/);
    for (const [columns, rows, text] of [
      [80, 24, /─ server ─/],
      [60, 20, /\? help {2}q quit/],
      [40, 10, /40x10 is too small/],
      [200, 60, /this machine/],
    ] as const) {
      shown.emulator.resize(columns, rows);
      terminal.resize(columns, rows);
      await see(text);
      const lines = await screen();
      expect(lines).toHaveLength(rows);
    }
  });

  it('writes nothing but ASCII and no colour where the terminal has neither', async () => {
    for (const options of [
      { env: { TERM: 'xterm', LANG: 'C', NO_COLOR: '1' } },
      { color: false, ascii: true },
      { theme: 'mono', ascii: true } as const,
    ]) {
      const { see, screen, shown } = setUp(options);
      await see(/loadtop events-full > http/);
      expect((await screen()).join('')).toMatch(/^[ -~]+$/);
      expect(coloured(shown)).toBe(false);
    }
  });

  it('uses the colours of the palette where the terminal has them', async () => {
    const { see, shown } = setUp();
    await see(/q quit/);
    expect(coloured(shown)).toBe(true);
  });
});
