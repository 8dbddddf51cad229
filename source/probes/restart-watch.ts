// Sees from a scrape that the target was restarted, and tells that from several processes that answer in turn behind one URL:
// a restart is said each time, the others once.

import { formatLength } from '../common/units.ts';
import type { Notice } from './probe.ts';

/** What a scrape tells of the process behind it. */
export interface ProcessSigns {
  /** When it started, s since 1970, by its own clock; undefined where it does not say. */
  readonly startedAt: number | undefined;
  /** For how long it has been up, s; NaN where nothing is known. */
  readonly upSeconds: number;
  /** Share of the counters that fell back, of those that could. */
  readonly fallen: number;
}

/** From this share of the counters on, falling back is the process's, not one series' own. */
const mostCounters = 0.5;

/** Nobody restarts in each of so few scrapes. */
const tooSoon = 5;

export class RestartWatch {
  #before: ProcessSigns | undefined;
  #toldOfOthers = false;
  #sinceLast = Number.POSITIVE_INFINITY;

  /** What there is to say beside the scrape before. */
  take(signs: ProcessSigns): Notice[] {
    const before = this.#before;
    this.#before = signs;
    this.#sinceLast += 1;
    if (!before || this.#toldOfOthers) return [];
    const moved = signs.startedAt !== undefined && before.startedAt !== undefined;
    // Some exporters reckon it anew each time: a second more or less is no restart.
    const by = moved ? signs.startedAt - before.startedAt : 0;
    if (by < -1) return this.#tellOfOthers();
    if (!(moved ? by > 1 : signs.fallen >= mostCounters)) return [];
    if (this.#sinceLast < tooSoon) return this.#tellOfOthers();
    this.#sinceLast = 0;
    const was = before.upSeconds > 0 ? `, was up ${formatLength(before.upSeconds * 1000)}` : '';
    return [{ what: 'restart', level: 'warn', text: moved ? `restarted${was}` : 'restarted: its counters began anew' }];
  }

  #tellOfOthers(): Notice[] {
    this.#toldOfOthers = true;
    const text = 'begins anew again and again: several processes behind one URL? Its rates cannot be trusted';
    return [{ what: 'change', level: 'warn', text }];
  }
}
