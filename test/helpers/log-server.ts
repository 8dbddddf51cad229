// Starts and stops the logging server of log-server-process.ts.

import { type ChildProcess, fork } from 'node:child_process';
import type { Logged, LogServerSettings } from './log-server-process.ts';

export type { Logged } from './log-server-process.ts';

export interface LogServer {
  readonly port: number;
  readonly pid: number;
  set(settings: LogServerSettings): Promise<void>;
  /** All requests answered so far. */
  log(): Promise<readonly Logged[]>;
  stop(): Promise<void>;
}

export const startLogServer = async (settings: LogServerSettings = {}): Promise<LogServer> => {
  const child = fork(new URL('./log-server-process.ts', import.meta.url), { serialization: 'advanced' });
  const { port } = await answer<{ port: number }>(child);
  const ask = <Answer>(message: LogServerSettings | 'log'): Promise<Answer> => {
    const answered = answer<Answer>(child);
    child.send(message);
    return answered;
  };
  await ask(settings);
  return {
    port,
    pid: child.pid!,
    set: async (next) => {
      await ask(next);
    },
    log: async () => (await ask<{ log: Logged[] }>('log')).log,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
};

const answer = <Answer>(child: ChildProcess): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the logging server ended'));
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Answer);
    });
    child.once('exit', ended);
  });
