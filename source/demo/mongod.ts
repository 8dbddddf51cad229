// A mongod of the demo's own, for `--mongo auto`: found on PATH, run in a temporary folder, gone without a trace at the
// end. Nothing is downloaded.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from './flags.ts';

const startLimitMs = 30_000;
const stopLimitMs = 5000;

export interface Mongod {
  readonly uri: string;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Starts a mongod on a free port of 127.0.0.1 and resolves when it takes connections.
 * @throws UsageError where there is none on PATH; Error where it does not come up or `signal` gives up waiting.
 */
export const startMongod = async (signal: AbortSignal): Promise<Mongod> => {
  const program = findOnPath('mongod');
  if (!program) {
    throw new UsageError(
      'there is no mongod on PATH: install MongoDB, or name a server with --mongo URI, or leave the flag out',
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'loadtop-demo-mongod-'));
  const port = await freePort();
  const flags = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
  // A process group of its own: Ctrl+C must not end it before the buffer has been drained into it.
  const child = spawn(program, process.platform === 'win32' ? flags.slice(0, -1) : flags, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const tail = keepTail(child);
  const clear = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clear);
  const stop = async (): Promise<void> => {
    await end(child);
    process.off('exit', clear);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(child, port, signal, tail);
    return { uri: `mongodb://127.0.0.1:${port}/`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const findOnPath = (name: string): string | undefined => {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, file))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
};

/** A port that was free a moment ago; mongod cannot be asked to choose one. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** The last line that the server wrote, for the message when it does not start; reading also keeps its pipes empty. */
const keepTail = (child: ChildProcess): (() => string) => {
  let text = '';
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-2000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.once('error', (error) => {
    text = error.message;
  });
  return () => text.trim().split('\n').at(-1)?.slice(-300) ?? '';
};

const untilReady = async (
  child: ChildProcess,
  port: number,
  signal: AbortSignal,
  tail: () => string,
): Promise<void> => {
  const deadline = performance.now() + startLimitMs;
  while (!(await answers(port))) {
    if (signal.aborted) throw new Error('stopped while mongod was starting');
    if (child.pid === undefined || isOver(child)) throw new Error(`mongod ended at once: ${tail()}`);
    if (performance.now() > deadline) throw new Error(`mongod did not answer for ${startLimitMs / 1000} s: ${tail()}`);
    await sleep(100);
  }
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const end = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined || isOver(child)) return;
  const over = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await over;
  clearTimeout(timer);
};
