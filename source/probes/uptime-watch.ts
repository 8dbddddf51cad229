// Sees from an uptime that goes back that a service was restarted, or that another instance answered. Which number of an
// answer is the uptime is the probe's to know.

import type { Milliseconds } from '../common/clock.ts';
import { formatLength } from '../common/units.ts';
import type { Notice } from './probe.ts';

/** An uptime is a little older than its answer, and often whole seconds: so much less is no going back. */
const slackSeconds = 2;

export class UptimeWatch {
  readonly #now: () => Milliseconds;
  #newest: { readonly at: Milliseconds; readonly seconds: number } | undefined;
  #toldOfOthers = false;

  /** @param now a monotonic clock */
  constructor(now: () => Milliseconds) {
    this.#now = now;
  }

  /** What an uptime says beside the one before it. @param seconds undefined where the answer has none */
  take(seconds: number | undefined): Notice[] {
    if (seconds === undefined) return [];
    const before = this.#newest;
    const at = this.#now();
    this.#newest = { at, seconds };
    if (!before || seconds >= before.seconds - slackSeconds) return [];
    const was = formatLength(before.seconds * 1000);
    // What began after the last look was restarted; what runs for longer is somebody else, behind the same URL.
    if (seconds <= (at - before.at) / 1000 + slackSeconds) {
      return [{ what: 'restart', level: 'warn', text: `restarted, was up ${was}` }];
    }
    if (this.#toldOfOthers) return [];
    this.#toldOfOthers = true;
    const text = `is several instances: one up ${was}, one up ${formatLength(seconds * 1000)}`;
    return [{ what: 'change', level: 'info', text }];
  }
}
