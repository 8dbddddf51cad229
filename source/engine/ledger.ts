// The books of each share: every arrival that came due must be found again as good, not good, dropped, not sent, cut off,
// lost, in flight or waiting. Checked with each interval; a difference is a fault of ours and is said.

import { addFlows, type Flows, type Interval, imbalance, noFlows, type Stocks } from '../measure/interval.ts';
import { noStocks } from '../measure/second.ts';

/** Cumulative books of one share, over all workers that had it. */
export class Ledger {
  readonly #flows: Flows = noFlows();
  #stocks: Pick<Stocks, 'inFlight' | 'backlog'> = { inFlight: 0, backlog: 0 };

  /** Enters an interval; returns the imbalance after it. */
  enter(interval: Interval): number {
    addFlows(this.#flows, interval.flows);
    this.#stocks = interval.stocks;
    return imbalance(this.#flows, this.#stocks);
  }

  /**
   * What is lost with a worker that died: all it had in flight or waiting at its last report, and what it took up since.
   * @param takenUp arrivals of the share that were ever taken up
   */
  lostWithWorker(takenUp: number): Flows {
    const dueSince = takenUp - this.#flows.due;
    return { ...noFlows(), due: dueSince, lost: dueSince + this.#stocks.inFlight + this.#stocks.backlog };
  }
}

/** What is entered for a worker that died: its losses, and nothing in flight or waiting any more. */
export const intervalOfLoss = (loss: Pick<Interval, 'slice' | 'share' | 'revision' | 'flows'>): Interval => ({
  ...loss,
  stocks: noStocks(),
  series: [],
  metrics: [],
  addresses: [],
  cells: new Uint32Array(),
  loopUtilisation: 0,
  loopDelayMs: Number.NaN,
  ownErrors: 0,
});
