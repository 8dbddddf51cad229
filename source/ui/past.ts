// The states of the run at earlier seconds, for a view that is frozen: each second of the last ten minutes, one of ten
// seconds for some hours before. Numbers only: the columns of charts are kept by the session, and for longer.

import type { RunState } from '../session/state.ts';
import { secondMs } from './look.ts';

/** A state that is kept, and the second it is of: run time / 1000. */
export interface Kept {
  readonly second: number;
  /** Without markers. */
  readonly state: RunState;
}

/** What can be looked at of the past. */
export interface PastStates {
  /** The state at a second; where that is not kept, of one shortly before; undefined where nothing is known any more. */
  at(second: number): Kept | undefined;
}

export const noPast: PastStates = { at: () => undefined };

/** Seconds of which each is kept, and the step of those before. */
const eachSeconds = 600;
const stepSeconds = 10;
/** Six hours of steps, after the ten minutes. */
const mostStates = eachSeconds + 2160;
/**
 * Values and rows that are kept in all, about 120 bytes each, so 60 MB at the very most: a target of many hundred series
 * has fewer hours of past. An ordinary run (100 values a second) needs a third of that after six hours.
 */
const mostRows = 500_000;

/** Lines of the log are shared by all states, but a list of them is not. */
const linesPerRow = 15;

export class Past implements PastStates {
  /** By second, oldest first. */
  readonly #kept = new Map<number, { readonly state: RunState; readonly rows: number }>();
  #newest: Kept | undefined;
  #rows = 0;
  /** Seconds before this one are thinned; the step that was kept last. */
  #thinnedUntil = 0;
  #lastStep = -1;

  /** Takes what the store published: the first state after a second has closed is that second's. */
  take(state: RunState): void {
    const second = newestSecond(state);
    if (this.#newest !== undefined && this.#newest.state.history !== state.history) this.#clear();
    if (second < 0 || second <= (this.#newest?.second ?? -1)) return;
    const rows = rowsOf(state, this.#newest?.state);
    // Markers are shown as they are now (seen.ts): those of each second would be a list of up to 1,500 each.
    const kept = { ...state, markers: [] };
    this.#kept.set(second, { state: kept, rows });
    this.#rows += rows;
    this.#newest = { second, state: kept };
    this.#thin(second + 1 - eachSeconds);
    while (this.#kept.size > mostStates || this.#rows > mostRows) this.#drop(this.#kept.keys().next().value!);
  }

  at(second: number): Kept | undefined {
    for (let back = 0; back < stepSeconds; back += 1) {
      const found = this.#kept.get(second - back);
      if (found) return { second: second - back, state: found.state };
    }
    return undefined;
  }

  /** States that are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /** Of the seconds before `until` the first of each step stays. */
  #thin(until: number): void {
    for (; this.#thinnedUntil < until; this.#thinnedUntil += 1) {
      const step = Math.floor(this.#thinnedUntil / stepSeconds);
      if (!this.#kept.has(this.#thinnedUntil)) continue;
      if (step === this.#lastStep) this.#drop(this.#thinnedUntil);
      this.#lastStep = step;
    }
  }

  #drop(second: number): void {
    this.#rows -= this.#kept.get(second)?.rows ?? 0;
    this.#kept.delete(second);
  }

  /** Another run has begun. */
  #clear(): void {
    this.#kept.clear();
    this.#newest = undefined;
    this.#rows = 0;
    this.#thinnedUntil = 0;
    this.#lastStep = -1;
  }
}

/** The newest second that has closed, run time / 1000; -1 before the first. */
export const newestSecond = ({ history }: Pick<RunState, 'history'>): number =>
  history.column('offered', secondMs).newest;

/** What a state holds that the one before does not. */
const rowsOf = (state: RunState, before: RunState | undefined): number => {
  const known = new Set(before?.probes.map(({ values }) => values));
  const values = state.probes.reduce((sum, probe) => sum + (known.has(probe.values) ? 0 : probe.values.length), 0);
  const endpoints = state.endpoints === before?.endpoints ? 0 : 2 * state.endpoints.length;
  const outcomes = state.outcomes.reduce((sum, { causes }) => sum + 1 + causes.length, 0);
  const metrics = state.metrics === before?.metrics ? 0 : 2 * state.metrics.length;
  const log = state.log === before?.log ? 0 : Math.ceil(state.log.length / linesPerRow);
  return 10 + values + endpoints + outcomes + metrics + log;
};
