// How busy and how late the event loop of the own thread is, from one look to the next. Whether that is too much is
// measure/generator.ts' to say.

import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Interval } from '../measure/interval.ts';

/** The delay monitor's timer, ms: an idle loop reads as this, so it is subtracted. 20 costs 0.2 % of a core, 1 costs 1.4 %. */
const resolutionMs = 20;

export class LoopWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  #utilisation = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
  }

  /**
   * How busy the loop was since the last call, and how late since the second began.
   * @param endsSecond the next call is of a new second
   */
  read(endsSecond: boolean): Pick<Interval, 'loopUtilisation' | 'loopDelayMs'> {
    const before = this.#utilisation;
    this.#utilisation = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(this.#utilisation, before);
    const lateMs = this.#delay.count === 0 ? Number.NaN : Math.max(0, this.#delay.max / 1e6 - resolutionMs);
    // Each reset leaves the monitor blind for one period: once a second that is 2 % of the time, once a slice 20 %.
    if (endsSecond) this.#delay.reset();
    return { loopUtilisation: utilization, loopDelayMs: lateMs };
  }

  close(): void {
    this.#delay.disable();
  }
}
