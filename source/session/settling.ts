// What a change of the load came to: the five seconds before it against five that begin three seconds after it was
// carried out, by when its effect has settled. Fed with every event of a live run; one change is watched at a time.

import type { LoadFigures } from '../measure/effect.ts';
import { Histogram, type SparseCounts } from '../measure/histogram.ts';
import { addFlows, type Flows, noFlows, sliceMs } from '../measure/interval.ts';
import { changeOfLoad } from './change-text.ts';
import type { EventBody, RunEvent } from './events.ts';
import { responses } from './recent.ts';
import type { RunState } from './state.ts';

const windowMs = 5000;
const restMs = 3000;
const windowSlices = windowMs / sliceMs;

/** The stretch before a change is read so many slices after it: until then something may come late of it. */
const lateSlices = 20;

/** Slices that are kept. */
const keptSlices = 2 * windowSlices;

type Settled = Extract<EventBody, { type: 'change/settled' }>;

interface Kept {
  readonly slice: number;
  /** 0 for what came late. */
  readonly lengthMs: number;
  readonly flows: Flows;
  readonly good: SparseCounts;
}

interface Watched {
  readonly change: number;
  readonly name: string;
  /** First slice of the change, and of the stretch in which its effect is measured. */
  readonly from: number;
  readonly settledFrom: number;
  before: LoadFigures | undefined;
}

export class Settling {
  #slices: Kept[] = [];
  #newest = -1;
  #watched: Watched | undefined;

  /** Takes an event. @param before the state before it @returns what has settled with it */
  take(before: RunState, event: RunEvent): Settled | undefined {
    if (event.type === 'slice/closed') return this.#takeSlice(event);
    if (event.type === 'second/closed' && event.second.late) this.#takeLate(event);
    // Of a run that ends, nothing settles any more.
    if (event.type === 'phase/changed' && event.phase === 'draining') this.#watched = undefined;
    const name = changeOfLoad(before, event);
    if (name !== undefined) this.#watched = watchedOf(before, event, name);
    return undefined;
  }

  #takeSlice({ slice }: Extract<RunEvent, { type: 'slice/closed' }>): Settled | undefined {
    this.#newest = slice.slice;
    const { good } = responses(slice.cells);
    this.#keep({ slice: slice.slice, lengthMs: sliceMs, flows: slice.flows, good });
    const watched = this.#watched;
    if (!watched) return undefined;
    const { change, name, from, settledFrom } = watched;
    if (slice.slice >= from - 1 + lateSlices) watched.before ??= this.#figures(from - windowSlices, from);
    if (slice.slice < settledFrom + windowSlices - 1) return undefined;
    this.#watched = undefined;
    const after = this.#figures(settledFrom, settledFrom + windowSlices);
    return watched.before && after && { type: 'change/settled', change, name, before: watched.before, after };
  }

  /** What came late is known by second: it counts where the middle of that is. */
  #takeLate({ second: { second, flows, cells } }: Extract<RunEvent, { type: 'second/closed' }>): void {
    const slice = Math.floor(((second + 0.5) * 1000) / sliceMs);
    this.#keep({ slice, lengthMs: 0, flows, good: responses([cells]).good });
  }

  #keep(kept: Kept): void {
    this.#slices = [...this.#slices, kept].filter(({ slice }) => slice > this.#newest - keptSlices);
  }

  /** Of the slices from one to another (exclusive); undefined where there are none. */
  #figures(from: number, to: number): LoadFigures | undefined {
    const kept = this.#slices.filter(({ slice }) => slice >= from && slice < to);
    const lengthMs = kept.reduce((sum, each) => sum + each.lengthMs, 0);
    if (lengthMs === 0) return undefined;
    const flows = noFlows();
    const merged = new Histogram();
    for (const each of kept) {
      addFlows(flows, each.flows);
      merged.add(each.good);
    }
    const ended = flows.good + flows.notGood;
    return {
      goodPerSecond: (flows.good * 1000) / lengthMs,
      p99Ms: merged.count === 0 ? null : merged.percentile(0.99) / 1000,
      notGoodRatio: ended === 0 ? null : flows.notGood / ended,
    };
  }
}

/** Nothing is told of a pause and of its end: on one side of them there is nothing to compare with. */
const watchedOf = (before: RunState, event: RunEvent, name: string): Watched | undefined => {
  const isPlan = event.type === 'plan/changed';
  if (before.phase === 'paused' || (isPlan && event.paused)) return undefined;
  const from = isPlan ? event.from : event.at;
  return {
    change: event.sequence,
    name,
    from: Math.floor(from / sliceMs),
    settledFrom: Math.ceil((from + (isPlan ? event.overMs : 0) + restMs) / sliceMs),
    before: undefined,
  };
};
