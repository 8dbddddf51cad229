// The only place that reads a clock or sets a timer. Everything else gets a Clock or calls these functions, so that
// tests can run on a clock of their own and the threads of a run agree on one time axis.

/** An instant or span in milliseconds; fractional. */
export type Milliseconds = number;

/** Cancels what `every` or `after` set up. Calling it twice is harmless. */
export type Cancel = () => void;

/** Time as the program sees it. `now` is in milliseconds on an axis that never goes back. */
export interface Clock {
  now(): Milliseconds;
  /** Resolves after at least `ms`. */
  sleep(ms: Milliseconds): Promise<void>;
  /** Calls `run` every `ms` until cancelled; does not keep the process alive by itself. */
  every(ms: Milliseconds, run: () => void): Cancel;
  /** Calls `run` once, after `ms`. */
  after(ms: Milliseconds, run: () => void): Cancel;
}

// performance.now() is CLOCK_MONOTONIC less a start that differs from thread to thread; hrtime is the bare clock, the
// same in every thread and process of a machine. The offset is constant, so it is read once: the smallest of several
// readings is the one the scheduler disturbed least. performance.now() then costs 44 ns, hrtime several times that.
const offset = Math.min(
  ...Array.from({ length: 16 }, () => {
    const before = performance.now();
    return Number(process.hrtime.bigint()) / 1e6 - before;
  }),
);

/** Milliseconds of the machine's monotonic clock: comparable between threads and processes of one machine. */
export const monotonicNow = (): Milliseconds => performance.now() + offset;

/** Wall-clock time in milliseconds since 1970 (UTC). For stamps that people read, never for measuring. */
export const wallNow = (): number => Date.now();

/** Calls `run` once, as soon as pending I/O has been looked at; for work that must leave the current call stack. */
export const soon = (run: () => void): void => {
  setImmediate(run);
};

/** The machine's clock. `origin` is the monotonic instant that `now()` counts from. */
export class SystemClock implements Clock {
  readonly origin: Milliseconds;

  constructor(origin: Milliseconds = 0) {
    this.origin = origin;
  }

  now(): Milliseconds {
    return performance.now() + offset - this.origin;
  }

  sleep(ms: Milliseconds): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  }

  every(ms: Milliseconds, run: () => void): Cancel {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  }

  after(ms: Milliseconds, run: () => void): Cancel {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }
}
