// A worker's part of the arrivals: every count-th, from index on. A thread and a fleet node differ in nothing else, and no
// share ever has to hear of another.

/** Part `index` of `count`; index from 0. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/** How many of the first `total` arrivals belong to the share. */
export const countOfShare = (share: Share, total: number): number =>
  Math.max(0, Math.ceil((total - share.index) / share.count));

/** The first arrival of the share that is not before arrival `n`. */
export const firstOfShareFrom = (share: Share, n: number): number =>
  share.index + Math.max(0, Math.ceil((n - share.index) / share.count)) * share.count;

/** The share's part of a total that it has to itself, such as connections: as even as can be, at least 1. */
export const partOfTotal = (share: Share, total: number): number => Math.max(1, countOfShare(share, total));
