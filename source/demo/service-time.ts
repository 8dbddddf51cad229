// How long the demo target takes for an answer, as a formula.

/**
 * Service time in ms: the base with nothing else to do (`fill` 0), six times that when full (1), because requests
 * compete for what is behind them; the square makes it grow late and then fast, as queues do. A fifth of it is exponential
 * (`u` is uniform in [0, 1)): median 0.94, p99 1.7 of the mean.
 */
export const serviceTime = (baseMs: number, fill: number, u: number): number =>
  baseMs * (1 + 5 * fill * fill) * (0.8 - 0.2 * Math.log(1 - u));
