// One round of the burst model, over all shares: what was released at once, and how it came out.

export interface BurstRound {
  /** From 0. */
  readonly round: number;
  /** Requests released at once. */
  readonly size: number;
  /** Run time of the release, ms. */
  readonly releasedAt: number;
  /** From the release to the last byte of the last request that was sent, ms: how far from "at once" it was. */
  readonly sendSpreadMs: number;
  /** From the release to the end of the last request, ms. */
  readonly totalMs: number;
  readonly good: number;
  readonly notGood: number;
}
