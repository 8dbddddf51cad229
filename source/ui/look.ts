// What of the run is looked at: how long the window of charts is, where it ends, which second the numbers are of, and
// whose response times. Pure: a part of the view, changed by view-state.ts; the numbers it selects are seen.ts.

/** Lengths of the window that can be chosen, ms. */
export const windows = [30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000] as const;

/** Response times of good requests, or of those that were answered but not as expected. */
export type LatencyGroup = 'good' | 'notGood';

export interface Look {
  /** Length of the window of charts and sparklines, ms: one of `windows`. */
  readonly windowMs: number;
  /** While the view is frozen; collection goes on. Undefined: everything shows the newest. */
  readonly frozen: Frozen | undefined;
  readonly latency: LatencyGroup;
}

/** Both are run times in ms, whole seconds. */
export interface Frozen {
  /** The right edge of charts: the end of the newest second in sight. */
  readonly end: number;
  /** The beginning of the second whose numbers are shown: where the time cursor stands. */
  readonly cursor: number;
}

export const firstLook: Look = { windowMs: 60_000, frozen: undefined, latency: 'good' };
