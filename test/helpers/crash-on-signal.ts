// Preloaded into loadtop (--import): a bug that strikes at SIGUSR2. CRASH says how: an error that nobody catches, or a
// promise that nobody awaits.

import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.env.CRASH !== undefined) {
  process.on('SIGUSR2', () => {
    const bug = new Error('a bug for the test');
    if (process.env.CRASH === 'rejection') void Promise.reject(bug);
    else throw bug;
  });
}
