// Puts the screen on a terminal and takes it off again, on every way out of the program. What ends the run, and in which
// order, is the caller's.

import { render } from 'ink';
import { SystemClock } from '../common/clock.ts';
import { safeText } from '../common/safe-text.ts';
import type { RunStore } from '../session/store.ts';
import { App } from './app.tsx';
import { openCellOutput } from './cell-output.ts';
import { CellWriter } from './cell-writer.ts';
import type { Lobby } from './lobby.ts';
import { CostMeter, type ScreenCounts, type TerminalFacts } from './screen-cost.ts';
import { detectTheme, type ThemeName } from './theme.ts';
import type { Effects } from './use-keys.ts';
import { type Dispatch, SessionContext, ThemeContext } from './use-session.ts';

export interface UiOptions extends Partial<Effects> {
  readonly store: RunStore;
  readonly dispatch: Dispatch;
  /** A tty: its keys are read in raw mode. */
  readonly stdin: NodeJS.ReadStream;
  /** A tty, of which only the descriptor is written to: drawing never makes the program wait for the terminal. */
  readonly stdout: NodeJS.WriteStream | CellWriter;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False: the user asked for no colours. Otherwise the environment decides. */
  readonly color?: boolean | undefined;
  /** True: the user asked for ASCII. Otherwise the environment decides. */
  readonly ascii?: boolean | undefined;
  /** Runs are started from fields; without it, one goes on already. */
  readonly lobby?: Lobby | undefined;
  /** True: nothing of the run can be changed from here. */
  readonly readOnly?: boolean | undefined;
  /** How often the store publishes, per second. */
  readonly fps?: number | undefined;
  /** The theme that the user asked for. Otherwise the environment decides. */
  readonly theme?: ThemeName | undefined;
}

export interface MountedUi {
  /** Takes the screen off and gives the terminal back; resolves when that is written. A second call does nothing. */
  unmount(): Promise<void>;
  /** Resolves when the screen is off; rejects with what broke it. */
  readonly waitUntilExit: Promise<void>;
}

/** Ink draws more often than the store publishes: keys show at once, and no published state falls between two frames. */
const inkFps = (fps: number): number => Math.max(30, 2 * fps);

const stopProcess = (): void => {
  process.kill(process.pid, 'SIGTSTP');
};
const nothing = (): void => {};

const writerOn = (stdout: UiOptions['stdout']): CellWriter => {
  if (stdout instanceof CellWriter) return stdout;
  // Node's types do not know that a tty's stream has one.
  if (!('fd' in stdout) || typeof stdout.fd !== 'number') throw new Error('the screen needs a terminal');
  return openCellOutput(Object.assign(stdout, { fd: stdout.fd }));
};

const countsOf = ({ bytesSent, framesSent, framesDropped }: CellWriter): ScreenCounts => ({
  bytesSent,
  framesSent,
  framesDropped,
});

/** Draws the run on the alternate screen until `unmount`. Every way out of the program but a crash ends with `unmount`. */
export const mountUi = (options: UiOptions): MountedUi => {
  const { store, dispatch, stdin, stdout, env, color, ascii, theme: name, readOnly, lobby, fps = 4 } = options;
  const { onSuspend = stopProcess } = options;
  const asked = { color: color === false ? false : undefined, ascii: ascii || undefined, name };
  const theme = detectTheme(env, true, asked);
  const output = writerOn(stdout);
  const meter = new CostMeter(() => countsOf(output), new SystemClock());
  const terminal = (): TerminalFacts => ({ name: safeText(env.TERM ?? 'unknown', 20), fps, cost: meter.read() });
  // Ink listens only after its first frame: a key that is pressed in between would be echoed into it.
  stdin.setRawMode(true);
  const instance = render(
    <SessionContext value={{ store, dispatch, lobby, terminal, painted: output.painted }}>
      <ThemeContext value={theme}>
        <App effects={{ onSuspend }} readOnly={readOnly} />
      </ThemeContext>
    </SessionContext>,
    {
      stdin,
      stdout: output.stream,
      alternateScreen: true,
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
      maxFps: inkFps(fps),
    },
  );
  // Where the program ends without unmounting, by an uncaught error for one, Ink leaves the screen on exit, and this makes
  // sure that it was written.
  const restore = (): void => output.restore();
  process.once('exit', restore);
  const exited = instance.waitUntilExit().then(nothing);
  const closed = exited.finally(async () => {
    meter.close();
    await output.close();
    // What a stalled terminal did not take comes before anything else that is printed: the way back to its normal screen.
    if (output.unsent.length > 0 && !(stdout instanceof CellWriter)) stdout.write(output.unsent);
    process.off('exit', restore);
  });
  // Whoever does not wait for the end must not be ended by it.
  closed.catch(nothing);
  return {
    waitUntilExit: closed,
    unmount: async () => {
      instance.unmount();
      await closed.catch(nothing);
    },
  };
};
