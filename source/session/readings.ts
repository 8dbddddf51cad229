// What probes read over time, a column for each metric for an hour. Bounded, whatever names a target invents.

import { Series } from '../common/series.ts';
import type { ProbeValue } from '../probes/probe.ts';

/** Series kept of one probe: more than any has by itself, 9 MB. */
const mostReadings = 300;

export class Readings {
  readonly #series = new Map<string, Series>();
  /** When each probe answered last. */
  readonly #readAt = new Map<string, number>();

  /** A probe's metric; undefined before its first reading. */
  get(probe: string, metric: string): Series | undefined {
    return this.#series.get(`${probe}/${metric}`);
  }

  /**
   * Enters what a probe read at run time `at`. One that asks less often than each second, or a little late, is taken to have
   * said the same until then; where an answer is missing there is a gap.
   */
  take(probe: string, at: number, values: readonly ProbeValue[], periodMs = 1000): void {
    const since = this.#readAt.get(probe) ?? Number.NEGATIVE_INFINITY;
    this.#readAt.set(probe, at);
    for (const value of values) {
      if (value.type !== 'value') continue;
      const key = `${probe}/${value.metric}`;
      const series = this.#open(probe, key);
      const step = series.stepOf(at);
      if (at - since < 1.6 * periodMs) {
        const before = series.get(series.stepOf(since));
        for (let held = series.stepOf(since) + 1; held < step; held += 1) series.set(held, before);
      }
      series.set(step, value.value);
    }
  }

  /** Names come from the target, which may invent new ones all the time: of too many, the one that was read longest ago goes. */
  #open(probe: string, key: string): Series {
    const known = this.#series.get(key);
    const series = known ?? new Series(1000, 3600);
    if (known) this.#series.delete(key);
    else {
      const own = [...this.#series.keys()].filter((name) => name.startsWith(`${probe}/`));
      if (own.length >= mostReadings) this.#series.delete(own[0]!);
    }
    // The newest stands last.
    this.#series.set(key, series);
    return series;
  }
}
