// Wakes a worker at exact instants: a timer of the event loop is up to 1 ms late, a thread that sleeps on a futex a few
// hundredths of that. The thread only sleeps and wakes; what is due is the worker's to know (pacer.ts). Without the thread
// the pacer's timer goes on alone, later but no less right.

import { Worker } from 'node:worker_threads';
import { monotonicNow } from '../common/clock.ts';

/** Cells of the shared memory: counters first, then instants. */
export const alarmCells = { wakes: 0, kicks: 1, stop: 2, sets: 3, ready: 4, counters: 6 } as const;
/** Float64, ms of the monotonic clock: when to wake next, when after that, and the least time between two wakes. */
export const alarmInstants = { at: 0, after: 1, least: 2 } as const;
/** Waking the worker takes so long at the least, ms: the alarm rings as much before the instant. */
export const leadMs = 0.015;

const bytes = alarmCells.counters * 4 + 3 * 8;

const threadUrl = new URL(import.meta.url.endsWith('.ts') ? './alarm-thread.ts' : './alarm-thread.js', import.meta.url);

export class Alarm {
  readonly #counters: Int32Array;
  readonly #instants: Float64Array;
  readonly #ring: () => void;
  readonly #thread: Worker;
  #alive = true;

  /** @param ring called when an instant has come; also without a reason */
  constructor(ring: () => void) {
    const memory = new SharedArrayBuffer(bytes);
    this.#counters = new Int32Array(memory, 0, alarmCells.counters);
    this.#instants = new Float64Array(memory, alarmCells.counters * 4);
    this.#instants[alarmInstants.at] = Infinity;
    this.#instants[alarmInstants.after] = Infinity;
    this.#ring = ring;
    this.#thread = new Worker(threadUrl, {
      workerData: memory,
      name: 'alarm',
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
    const stop = (): void => {
      this.#alive = false;
    };
    this.#thread.on('error', stop);
    this.#thread.on('exit', stop);
    this.#thread.unref();
    this.#listen();
  }

  /** Whether the thread is there; without it nothing rings. */
  get running(): boolean {
    return this.#alive && Atomics.load(this.#counters, alarmCells.ready) === 1;
  }

  /**
   * Sets when to ring; replaces what was set before.
   * @param at the next ring, monotonic ms @param after the one behind it, should it not be set anew in time: the thread
   * sleeps on without waiting to be told @param leastMs least time between two rings
   */
  set(at: number, after: number, leastMs: number): void {
    const before = this.#instants[alarmInstants.at]!;
    const expected = monotonicNow() < before - leadMs ? before : this.#instants[alarmInstants.after]!;
    this.#instants[alarmInstants.at] = at;
    this.#instants[alarmInstants.after] = after;
    this.#instants[alarmInstants.least] = leastMs;
    Atomics.add(this.#counters, alarmCells.sets, 1);
    // The thread sleeps until what it read: only a clearly earlier instant is worth waking it for.
    if (at + leastMs < expected) this.#kick();
  }

  close(): void {
    this.#alive = false;
    Atomics.store(this.#counters, alarmCells.stop, 1);
    this.#kick();
  }

  #kick(): void {
    Atomics.add(this.#counters, alarmCells.kicks, 1);
    Atomics.notify(this.#counters, alarmCells.kicks);
  }

  #listen(): void {
    if (!this.#alive) return;
    const seen = Atomics.load(this.#counters, alarmCells.wakes);
    const { async, value } = Atomics.waitAsync(this.#counters, alarmCells.wakes, seen);
    if (async) void value.then(this.#rang);
    else queueMicrotask(this.#rang);
  }

  readonly #rang = (): void => {
    // Listening comes first: what rings while the work is done is not missed.
    this.#listen();
    if (this.#alive) this.#ring();
  };
}
