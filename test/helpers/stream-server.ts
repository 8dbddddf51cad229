// Starts and stops the server of stream-server-process.ts.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { StreamLogged } from './stream-server-process.ts';

export interface StreamServer {
  readonly port: number;
  /** All answers so far. */
  log(): Promise<readonly StreamLogged[]>;
  stop(): void;
}

export const startStreamServer = async (protocol: 'http1' | 'http2'): Promise<StreamServer> => {
  const child = fork(new URL('./stream-server-process.ts', import.meta.url), [protocol], { serialization: 'advanced' });
  const answer = async <Answer>(): Promise<Answer> => {
    const [message] = await once(child, 'message');
    return message as Answer;
  };
  const { port } = await answer<{ port: number }>();
  return {
    port,
    log: async () => {
      const answered = answer<{ log: StreamLogged[] }>();
      child.send('log');
      return (await answered).log;
    },
    stop: () => void child.kill('SIGKILL'),
  };
};
