// A thread's own event loop, held up on purpose.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
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

it('slices that are read together were as busy as the stretch that they are parts of', async () => {
  const watch = new LoopWatch();
  try {
    await sleep(20);
    watch.read(false);
    await sleep(400);
    const first = watch.read(false).loopUtilisation;
    expect(first).toBeLessThan(0.5);
    expect([watch.read(false), watch.read(false)].map((read) => read.loopUtilisation)).toEqual([first, first]);
  } finally {
    watch.close();
  }
});

it('a loop whose process was stopped in the midst of its work was not busy meanwhile', async () => {
  const program = path.resolve(import.meta.dirname, '../helpers/stop-in-callback.ts');
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const goOn = setInterval(() => child.kill('SIGCONT'), 2000);
  try {
    const [said] = await once(child.stdout, 'data');
    expect(Number(String(said))).toBe(0);
  } finally {
    clearInterval(goOn);
    child.kill('SIGKILL');
  }
});
