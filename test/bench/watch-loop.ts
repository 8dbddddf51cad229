// Preloaded into loadtop (--import, which its worker threads inherit): writes down when a thread's event loop stood still,
// and for how long, a line for each time above 10 ms: wall-clock ms of its end, length in ms. A file for each thread: the
// path in BENCH_LOOPS, a dot, the thread's number (0 is the main thread).

import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

const file = process.env.BENCH_LOOPS;
const everyMs = 5;
const leastMs = 10;

if (file !== undefined) {
  let last = performance.now();
  appendFileSync(`${file}.${threadId}`, '');
  setInterval(() => {
    const stall = performance.now() - last - everyMs;
    if (stall >= leastMs) appendFileSync(`${file}.${threadId}`, `${Date.now()} ${stall}\n`);
    // Writing is not to be taken for a stall of the program.
    last = performance.now();
  }, everyMs).unref();
}
