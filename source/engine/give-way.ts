// On Linux a thread has a priority of its own: the main thread, which merges, draws and records, gives way to the threads
// that send, where there are fewer cores than threads. Elsewhere the call would slow the whole program, and is not made.

import os from 'node:os';

/** Priority of the main thread (nice): a ninth of the weight of a worker. */
const mainNice = 10;

const setPriority = (nice: number): void => {
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(0, nice);
  } catch {
    // Only a privileged process may raise a priority again; a worker that was started late then runs with the lower one.
  }
};

/** Lowers the priority of the calling thread. Threads that it starts from now on inherit that: see `takePrecedence`. */
export const giveWay = (): void => setPriority(mainNice);

/** Gives the calling thread the usual priority, where that is allowed. */
export const takePrecedence = (): void => setPriority(0);
