// A port that the kernel leaves connections to unanswered: a listener that never accepts, its queue filled.

import { fork } from 'node:child_process';
import net from 'node:net';

export const deafPort = async (): Promise<{ readonly port: number; readonly close: () => Promise<void> }> => {
  const child = fork(new URL('./deaf-listener.ts', import.meta.url));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(Number(message))));
  const fillers: net.Socket[] = [];
  const connects = (): Promise<boolean> =>
    new Promise((resolve) => {
      const filler = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => {});
      fillers.push(filler);
      // Sockets are looked at between a timer and an immediate, however late the timer is.
      setTimeout(() => setImmediate(() => resolve(false)), 250);
    });
  while (await connects()) if (fillers.length >= 50) throw new Error('the queue of a deaf listener is never full');
  const close = (): Promise<void> => {
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
    return gone;
  };
  return { port, close };
};
