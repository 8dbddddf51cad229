// The flusher: its rate, that nothing is saved up or lost, and what it does when its sink fails.
import { describe, expect, it } from 'vitest';
import { BoundedBuffer } from '../../source/demo/buffer.ts';
import { Flusher, type Sink } from '../../source/demo/flusher.ts';

/** A sink in memory that can be told to fail and to refuse odd numbers. */
class MemorySink implements Sink<number> {
  readonly stored: number[] = [];
  failing = false;
  refusing = false;

  async write(items: readonly number[]): Promise<{ readonly refused: number }> {
    if (this.failing) throw new Error('out of order');
    const kept = items.filter((item) => !this.refusing || item % 2 === 0);
    this.stored.push(...kept);
    return { refused: items.length - kept.length };
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const setUp = (items: number, rate: number) => {
  const state = { rate };
  const buffer = new BoundedBuffer<number>(() => 100_000);
  const sink = new MemorySink();
  buffer.add(upTo(items));
  return { state, buffer, sink, flusher: new Flusher(buffer, sink, () => state.rate) };
};

describe('Flusher', () => {
  it('takes what its rate allows, fractions carried over', async () => {
    const { buffer, sink, flusher } = setUp(1000, 125);
    for (let step = 0; step < 100; step += 1) await flusher.flush(20); // 2.5 events a step
    expect(sink.stored).toEqual(upTo(250));
    expect([flusher.flushed, buffer.size]).toEqual([250, 750]);
  });

  it('flushes less than one event a second', async () => {
    const { flusher } = setUp(10, 0.5);
    for (let step = 0; step < 50; step += 1) await flusher.flush(100);
    expect(flusher.flushed).toBe(2);
  });

  it('saves nothing up while there is nothing to do', async () => {
    const { buffer, flusher } = setUp(0, 1000);
    for (let step = 0; step < 50; step += 1) await flusher.flush(20);
    buffer.add(upTo(500));
    await flusher.flush(20);
    expect(flusher.flushed).toBe(20);
  });

  it('writes one batch a turn, whatever comes meanwhile', async () => {
    const buffer = new BoundedBuffer<number>(() => 100);
    const batches: number[] = [];
    const sink: Sink<number> = {
      write: async (items) => {
        batches.push(items.length);
        buffer.add(upTo(5));
        return { refused: 0 };
      },
    };
    const flusher = new Flusher(buffer, sink, () => 1000);
    buffer.add(upTo(10));
    await flusher.flush(20);
    expect(batches).toEqual([10]);
    await flusher.flush(20);
    expect(batches).toEqual([10, 5]);
  });

  it('makes up for one second of silence, not for more', async () => {
    const { flusher } = setUp(5000, 1000);
    await flusher.flush(10_000);
    expect(flusher.flushed).toBe(1000);
  });

  it('takes nothing at rate 0, and goes on at the rate it is given then', async () => {
    const { state, flusher } = setUp(100, 0);
    await flusher.flush(1000);
    expect(flusher.flushed).toBe(0);
    state.rate = 50;
    await flusher.flush(1000);
    expect(flusher.flushed).toBe(50);
  });

  it('keeps what its sink does not take, in order', async () => {
    const { buffer, sink, flusher } = setUp(30, 1000);
    sink.failing = true;
    expect(await flusher.flush(10)).toBe(false);
    expect([flusher.flushed, buffer.size]).toEqual([0, 30]);
    sink.failing = false;
    expect(await flusher.flush(20)).toBe(true);
    expect(sink.stored).toEqual(upTo(30));
  });

  it('does not count as flushed what its sink will never take', async () => {
    const { buffer, sink, flusher } = setUp(10, 1000);
    sink.refusing = true;
    await flusher.flush(100);
    expect([flusher.flushed, flusher.refused, buffer.size]).toEqual([5, 5, 0]);
  });

  it('runs by the clock, and empties the buffer at the end whatever its rate', async () => {
    const { buffer, sink, flusher } = setUp(4000, 500);
    flusher.start();
    await expect.poll(() => flusher.flushed, { timeout: 5000, interval: 10 }).toBeGreaterThan(50);
    expect(buffer.size).toBeGreaterThan(0);
    await flusher.stop(5000);
    expect(sink.stored).toEqual(upTo(4000));
  });

  it('gives up emptying the buffer when its time is over', async () => {
    const { buffer, sink, flusher } = setUp(10, 500);
    sink.failing = true;
    flusher.start();
    await flusher.stop(150);
    expect(buffer.size).toBe(10);
  });
});
