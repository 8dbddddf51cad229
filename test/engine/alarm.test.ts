// The alarm rings when it was set for, also where it is set earlier while its thread sleeps, and is silent once closed.

import { afterEach, describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { Alarm } from '../../source/engine/alarm.ts';
import { sleep } from '../helpers/drive.ts';

let alarm: Alarm | undefined;
afterEach(() => alarm?.close());

const started = async () => {
  const rings: number[] = [];
  const made = new Alarm(() => rings.push(monotonicNow()));
  alarm = made;
  // Its thread takes a moment to start.
  made.set(monotonicNow(), Infinity, 0.1);
  await expect.poll(() => rings.length).toBeGreaterThan(0);
  rings.length = 0;
  return { alarm: made, rings };
};

describe('the alarm', () => {
  it('rings at the instant, not before', async () => {
    const { alarm, rings } = await started();
    const at = monotonicNow() + 30;
    alarm.set(at, Infinity, 0.1);
    await expect.poll(() => rings.length).toBe(1);
    expect(rings[0]).toBeGreaterThanOrEqual(at);
  });

  it('rings early enough when it is set earlier while it sleeps', async () => {
    const { alarm, rings } = await started();
    const begun = monotonicNow();
    alarm.set(begun + 60_000, Infinity, 0.1);
    await sleep(20);
    alarm.set(begun + 40, Infinity, 0.1);
    await expect.poll(() => rings.length).toBe(1);
    expect(rings[0]! - begun).toBeGreaterThanOrEqual(40);
    expect(rings[0]! - begun).toBeLessThan(1000);
  });

  it('rings once for each instant that is set', async () => {
    const { alarm, rings } = await started();
    for (let count = 1; count <= 5; count += 1) {
      alarm.set(monotonicNow() + 5, Infinity, 0.1);
      await expect.poll(() => rings.length).toBe(count);
    }
    await sleep(50);
    expect(rings).toHaveLength(5);
  });

  it('is silent once it is closed, and says so', async () => {
    const { alarm, rings } = await started();
    alarm.set(monotonicNow() + 20, Infinity, 0.1);
    alarm.close();
    await sleep(60);
    expect(rings).toEqual([]);
    expect(alarm.running).toBe(false);
  });
});
