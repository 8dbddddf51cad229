// The newest five seconds of a run, for figures that move with every slice: rates over a second, percentiles over all of
// it. Where no slices come, as from a recording, it is filled with whole seconds.

import { Histogram, type SparseCounts } from '../measure/histogram.ts';
import {
  addFlows,
  eachHistogram,
  type Flows,
  metricKey,
  noFlows,
  type OutcomeCount,
  spanKey,
  spans,
} from '../measure/interval.ts';
import {
  mergeOutcomes,
  outcomesOf,
  type Percentiles,
  percentilesOf,
  type Second,
  type Slice,
} from '../measure/second.ts';

const windowSlices = 50;
const slicesPerSecond = 10;

/** A stretch that was entered; a late addition has no length of its own. */
interface Stretch {
  /** Its last slice. */
  readonly slice: number;
  readonly slices: number;
  readonly flows: Flows;
  readonly requests: number;
  readonly outcomes: readonly OutcomeCount[];
  readonly good: SparseCounts;
  readonly notGood: SparseCounts;
}

/** What the newest stretches add up to. */
export interface RecentSum {
  readonly flows: Flows;
  readonly requests: number;
  /** Of those requests, by cause. */
  readonly outcomes: readonly OutcomeCount[];
  /** How long they are together, ms. */
  readonly lengthMs: number;
}

export class Recent {
  readonly #stretches: Stretch[] = [];
  #newest = -1;

  takeSlice({ slice, flows, requests, outcomes, cells }: Slice): void {
    const { good, notGood } = responses(cells);
    this.#take({ slice, slices: 1, flows, requests: requests.good + requests.notGood, outcomes, good, notGood });
  }

  /** Enters a second of which there were no slices, or what came late of one; whether it was one of these. */
  takeSecond(second: Second): boolean {
    const { lengthMs, late, flows, series, cells } = second;
    const first = second.second * slicesPerSecond;
    if (!late && this.#newest >= first) return false;
    const slices = late ? 0 : Math.max(1, Math.round(lengthMs / 100));
    const requests = series.reduce((sum, counts) => sum + counts.good + counts.notGood, 0);
    const last = late ? first + slicesPerSecond - 1 : first + slices - 1;
    this.#take({ slice: last, slices, flows, requests, outcomes: outcomesOf(second), ...responses([cells]) });
    return true;
  }

  /** The newest stretches, up to one second of them. */
  lastSecond(): RecentSum {
    const flows = noFlows();
    let requests = 0;
    let outcomes: readonly OutcomeCount[] = [];
    let slices = 0;
    for (const stretch of this.#stretches) {
      if (stretch.slice <= this.#newest - slicesPerSecond) continue;
      addFlows(flows, stretch.flows);
      requests += stretch.requests;
      outcomes = mergeOutcomes(outcomes, stretch.outcomes);
      slices += stretch.slices;
    }
    return { flows, requests, outcomes, lengthMs: slices * 100 };
  }

  /** Percentiles over all that is kept, merged from its histograms. */
  window(): { windowMs: number; good: Percentiles; notGood: Percentiles } {
    const slices = this.#stretches.reduce((sum, stretch) => sum + stretch.slices, 0);
    return { windowMs: slices * 100, good: this.#percentiles('good'), notGood: this.#percentiles('notGood') };
  }

  #take(stretch: Stretch): void {
    this.#stretches.push(stretch);
    this.#newest = Math.max(this.#newest, stretch.slices > 0 ? stretch.slice : -1);
    const kept = this.#stretches.filter(({ slice }) => slice > this.#newest - windowSlices);
    this.#stretches.splice(0, this.#stretches.length, ...kept);
  }

  #percentiles(group: 'good' | 'notGood'): Percentiles {
    merged.reset();
    for (const stretch of this.#stretches) merged.add(stretch[group]);
    return percentilesOf(merged);
  }
}

/** Made once: a histogram is 88 kB, and these figures are read ten times a second. */
const merged = new Histogram();

const responseSpan = spans.indexOf('response');
/** From here on keys are those of trends of what the profile counts. */
const firstTrend = metricKey(0);

/** 0 for the response times of good requests, 1 for those of others, in whatever series; -1 for other keys. */
export const responseGroup = (key: number): -1 | 0 | 1 => {
  const first = spanKey(0, 0, 0);
  if (key < first || key >= firstTrend || (key - first) % spans.length !== responseSpan) return -1;
  return Math.floor((key - first) / spans.length) % 2 === 0 ? 0 : 1;
};

/** The response times over all series, by group. */
export const responses = (
  parts: readonly Uint32Array[],
): { readonly good: SparseCounts; readonly notGood: SparseCounts } => {
  const found: [SparseCounts[], SparseCounts[]] = [[], []];
  for (const cells of parts) {
    eachHistogram(cells, (key, pairs) => {
      const group = responseGroup(key);
      if (group >= 0 && pairs.length > 0) found[group as 0 | 1].push(pairs);
    });
  }
  return { good: joined(found[0]), notGood: joined(found[1]) };
};

/** Several histograms as one; a single one is copied, as it is a view of what its sender may drop. */
export const joined = (parts: readonly SparseCounts[]): SparseCounts => {
  if (parts.length === 0) return nothing;
  if (parts.length === 1) return parts[0]!.slice();
  merged.reset();
  for (const pairs of parts) merged.add(pairs);
  return merged.sparse();
};

const nothing = new Uint32Array(0);
