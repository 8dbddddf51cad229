// A disk, or the database on it, that uploads share: each of n gets an n-th of its bandwidth, so that the time of an
// upload grows with how many others there are. A model: nothing is written.

interface Job {
  /** What every job alike must have been served by then for this one to be done, in bytes. */
  readonly doneAt: number;
  readonly done: () => void;
}

/** Looks again after this long at the latest, in ms, because the rate may have been changed. */
const longestWaitMs = 100;

export class SharedDisk {
  readonly #rate: () => number;
  readonly #now: () => number;
  /** The first to be done stands last. */
  #jobs: Job[] = [];
  /** Bytes that a job would have got that was there all the time. */
  #served = 0;
  #at: number;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param rate bytes per second, asked again and again
   * @param now a clock in ms that never goes back
   */
  constructor(rate: () => number, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#at = now();
  }

  /** Jobs in work. */
  get size(): number {
    return this.#jobs.length;
  }

  /** Calls `done` when so many bytes have gone through. */
  write(bytes: number, done: () => void): void {
    this.#advance();
    const job: Job = { doneAt: this.#served + bytes, done };
    const after = this.#jobs.findIndex((other) => other.doneAt <= job.doneAt);
    this.#jobs.splice(after < 0 ? this.#jobs.length : after, 0, job);
    this.#schedule();
  }

  /** Forgets the jobs; none of them is done any more. */
  stop(): void {
    this.#jobs = [];
    clearTimeout(this.#timer);
  }

  #advance(): void {
    const now = this.#now();
    let seconds = (now - this.#at) / 1000;
    this.#at = now;
    const rate = this.#rate();
    // Whoever is done leaves its part to the rest from that moment on.
    for (let job = this.#jobs.at(-1); job; job = this.#jobs.at(-1)) {
      const needed = ((job.doneAt - this.#served) * this.#jobs.length) / rate;
      if (needed > seconds) break;
      seconds -= needed;
      this.#served = job.doneAt;
      this.#jobs.pop();
      job.done();
    }
    if (this.#jobs.length > 0) this.#served += (seconds * rate) / this.#jobs.length;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const next = this.#jobs.at(-1);
    if (!next) return;
    const ms = ((next.doneAt - this.#served) * this.#jobs.length * 1000) / this.#rate();
    this.#timer = setTimeout(
      () => {
        this.#advance();
        this.#schedule();
      },
      Math.min(longestWaitMs, Math.ceil(ms)),
    );
    // An upload that nobody waits for any more must not keep the process.
    this.#timer.unref();
  }
}
