// A thread's own event loop, held up on purpose.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LoopWatch } from '../../source/engine/loop-watch.ts';

const block = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until) Math.sqrt(until);
};

it('a loop that stood still is late by so much until its second ends, and was busy meanwhile', async () => {
  const watch = new LoopWatch();
  try {
    expect(watch.read(true).loopDelayMs).toBeNaN();
    await sleep(60);
    watch.read(false);
    block(200);
    await sleep(60);
    const held = watch.read(false);
    expect(held.loopDelayMs).toBeGreaterThan(120);
    expect(held.loopUtilisation).toBeGreaterThan(0.4);
    await sleep(60);
    expect(watch.read(true).loopDelayMs).toBe(held.loopDelayMs);
    // The machine may hold it up as well, but not all the time.
    await expect
      .poll(() => watch.read(true).loopDelayMs, { interval: 100, timeout: 3000 })
      .toBeLessThan(held.loopDelayMs / 2);
  } finally {
    watch.close();
  }
});
