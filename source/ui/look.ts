// What of the run is looked at: how long the window of charts is, where it ends, which second the numbers are of, and
// whose response times. Pure: a part of the view, changed by look-keys.ts; the numbers it selects are seen.ts.

/** Lengths of the window that can be chosen, ms. */
export const windows = [30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000] as const;

/** Response times of good requests, or of those that were not: answered but not as expected, or failed. */
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

/** One second, ms: what the time cursor steps by and what a step of charts is. */
export const secondMs = 1000;

/** The next longer window (`by` 1) or shorter one (-1); the longest and the shortest stay. A time cursor stays in sight. */
export const windowChanged = (look: Look, by: 1 | -1): Look => {
  const index = windows.findIndex((length) => length >= look.windowMs) + by;
  const windowMs = windows[Math.min(windows.length - 1, Math.max(0, index))]!;
  return { ...look, windowMs, frozen: look.frozen && inSight(look.frozen.cursor, look.frozen.end, windowMs) };
};

/** The view as it stands still. @param until end of the newest second that has closed, ms */
export const frozenAt = (look: Look, until: number): Look => ({
  ...look,
  frozen: { end: until, cursor: until - secondMs },
});

/**
 * The time cursor at another second, never before the beginning of the run nor after its newest second. The window stays
 * where it is while the cursor is inside it, and scrolls as far as it must.
 * @param until end of the newest second that has closed, ms
 */
export const cursorMoved = (look: Look, byMs: number, until: number): Look => {
  if (look.frozen === undefined) return look;
  const cursor = Math.max(0, Math.min(until - secondMs, look.frozen.cursor + byMs));
  return { ...look, frozen: inSight(cursor, look.frozen.end, look.windowMs) };
};

const inSight = (cursor: number, end: number, windowMs: number): Frozen => ({
  cursor,
  end: Math.max(cursor + secondMs, Math.min(end, cursor + windowMs)),
});
