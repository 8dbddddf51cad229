// Entry of the thread that sleeps for a worker: see alarm.ts. It computes nothing and talks to nobody; all it knows lies in
// the shared memory.

import { readlinkSync, writeFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { monotonicNow } from '../common/clock.ts';
import { alarmCells, alarmInstants, leadMs } from './alarm.ts';

/** Longest sleep, ms, so that a stop that was missed is still seen. */
const longestMs = 1000;
/** How long the worker is given to take up what is due before it is looked at again, ms. */
const graceMs = 0.5;
/** Linux lets a sleep be 50 µs longer than asked for, to save power; this thread is here to be exact. */
const sleepExactly = (): void => {
  try {
    const id = readlinkSync('/proc/thread-self').split('/').at(-1);
    writeFileSync(`/proc/${id}/timerslack_ns`, '1000');
  } catch {
    // Other systems have no such file, some forbid it: 50 µs later, then.
  }
};

const run = (memory: SharedArrayBuffer): void => {
  const counters = new Int32Array(memory, 0, alarmCells.counters);
  const instants = new Float64Array(memory, alarmCells.counters * 4);
  Atomics.store(counters, alarmCells.ready, 1);
  let rangAt = Number.NEGATIVE_INFINITY;
  let rangFor = 0;
  while (Atomics.load(counters, alarmCells.stop) === 0) {
    const kicks = Atomics.load(counters, alarmCells.kicks);
    const sets = Atomics.load(counters, alarmCells.sets);
    // Once it has rung for a setting, what comes next is known already.
    const told = sets !== rangFor;
    const next = instants[told ? alarmInstants.at : alarmInstants.after]! - leadMs;
    const now = monotonicNow();
    const left = Math.max(next, rangAt + instants[alarmInstants.least]!) - now;
    if (left > 0) Atomics.wait(counters, alarmCells.kicks, kicks, Math.min(left, longestMs));
    else if (told) {
      rangAt = now;
      rangFor = sets;
      Atomics.add(counters, alarmCells.wakes, 1);
      Atomics.notify(counters, alarmCells.wakes);
    } else Atomics.wait(counters, alarmCells.kicks, kicks, graceMs);
  }
};

sleepExactly();
run(workerData);
