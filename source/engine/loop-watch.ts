// How busy and how late the event loop of the own thread is, from one look to the next. Whether that is too much is
// measure/generator.ts' to say.

import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { monotonicNow } from '../common/clock.ts';
import type { Interval } from '../measure/interval.ts';

/** The delay monitor's timer, ms: an idle loop reads as this, so it is subtracted. 20 costs 0.2 % of a core, 1 costs 1.4 %. */
const resolutionMs = 20;

/** A stretch that is as long, and in which the whole process had no more of a core than this, is one in which it was
 * stopped: a loop that stood still in a callback all the while was not busy. */
const stoppedMs = 500;
const stoppedCores = 0.25;

export class LoopWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  #utilisation = performance.eventLoopUtilization();
  #readAt = monotonicNow();
  #cpuMs = cpuMs();
  #newest = 0;

  constructor() {
    this.#delay.enable();
  }

  /**
   * How busy the loop was since the last call, and how late since the second began.
   * @param endsSecond the next call is of a new second
   */
  read(endsSecond: boolean): Pick<Interval, 'loopUtilisation' | 'loopDelayMs'> {
    const lateMs = this.#delay.count === 0 ? Number.NaN : Math.max(0, this.#delay.max / 1e6 - resolutionMs);
    // Each reset leaves the monitor blind for one period: once a second that is 2 % of the time, once a slice 20 %.
    if (endsSecond) this.#delay.reset();
    return { loopUtilisation: this.#utilisationSince(), loopDelayMs: lateMs };
  }

  #utilisationSince(): number {
    const now = monotonicNow();
    const lengthMs = now - this.#readAt;
    // Slices that are closed together, after a stand-still, are parts of one stretch: of the microseconds between two of
    // them every loop is wholly busy.
    if (lengthMs < 1) return this.#newest;
    const cpu = cpuMs();
    const stopped = lengthMs >= stoppedMs && cpu - this.#cpuMs < stoppedCores * lengthMs;
    const before = this.#utilisation;
    this.#utilisation = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(this.#utilisation, before);
    this.#newest = stopped ? 0 : utilization;
    this.#readAt = now;
    this.#cpuMs = cpu;
    return this.#newest;
  }

  close(): void {
    this.#delay.disable();
  }
}

/** What the whole process used of its cores so far, ms. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
