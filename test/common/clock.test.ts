// The threads of a run agree on one time axis, and timers can be taken back.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { monotonicNow, SystemClock, soon, wallNow } from '../../source/common/clock.ts';

describe('the monotonic clock', () => {
  it('is the same in another thread', async () => {
    const clock = new URL('../../source/common/clock.ts', import.meta.url).href;
    const code = `import { parentPort } from 'node:worker_threads';
      const { monotonicNow } = await import(${JSON.stringify(clock)});
      parentPort.on('message', () => parentPort.postMessage(monotonicNow()));
      parentPort.postMessage('ready');`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
    try {
      await once(worker, 'message');
      const before = monotonicNow();
      worker.postMessage('now');
      const [there] = await once(worker, 'message');
      const after = monotonicNow();
      // The offset of a thread is known to a fraction of a millisecond.
      expect(there).toBeGreaterThan(before - 1);
      expect(there).toBeLessThan(after + 1);
    } finally {
      await worker.terminate();
    }
  });

  it('never goes back, and counts from the origin that it was given', () => {
    const begun = monotonicNow();
    const clock = new SystemClock(begun);
    const readings = Array.from({ length: 1000 }, () => clock.now());
    expect(readings).toEqual(readings.toSorted((a, b) => a - b));
    expect(readings[0]).toBeGreaterThanOrEqual(0);
    expect(readings[0]).toBeLessThan(1000);
  });

  it('is not the wall clock, which people read', () => {
    expect(new Date(wallNow()).getUTCFullYear()).toBeGreaterThan(2024);
  });
});

describe('timers', () => {
  it('run until they are taken back', async () => {
    const clock = new SystemClock();
    const ran: string[] = [];
    const cancelEvery = clock.every(5, () => ran.push('every'));
    const cancelAfter = clock.after(5, () => ran.push('taken back'));
    clock.after(1, () => ran.push('once'));
    cancelAfter();
    cancelAfter();
    const begun = clock.now();
    await clock.sleep(60);
    expect(clock.now() - begun).toBeGreaterThan(58);
    cancelEvery();
    const seen = ran.length;
    await clock.sleep(30);
    expect(ran).toHaveLength(seen);
    expect(ran.filter((name) => name === 'once')).toHaveLength(1);
    expect(ran.filter((name) => name === 'every').length).toBeGreaterThan(1);
    expect(ran).not.toContain('taken back');
  });

  it('leave the call stack before they run what is to be done soon', async () => {
    const ran: string[] = [];
    const done = new Promise<void>((resolve) => {
      soon(() => {
        ran.push('soon');
        resolve();
      });
    });
    ran.push('first');
    await done;
    expect(ran).toEqual(['first', 'soon']);
  });
});
