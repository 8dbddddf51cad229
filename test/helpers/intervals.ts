// Intervals made by hand, for tests of what comes after the engine.

import { causeIndex } from '../../source/measure/cause.ts';
import { Histogram } from '../../source/measure/histogram.ts';
import {
  type Flows,
  type Interval,
  joinHistograms,
  noFlows,
  type Stocks,
  spanKey,
  waitKey,
  waits,
} from '../../source/measure/interval.ts';
import { noStocks as newStocks } from '../../source/measure/second.ts';

export interface IntervalPatch {
  readonly flows?: Partial<Flows>;
  readonly stocks?: Partial<Stocks>;
  /** Response times of good requests in series 0, ms; service times are the same. */
  readonly goodMs?: readonly number[];
  /** Service times of good requests that began before any arrival waited for room, ms. */
  readonly unhinderedMs?: readonly number[];
  readonly pacingMs?: readonly number[];
  readonly roomMs?: readonly number[];
  readonly loopUtilisation?: number;
  readonly loopDelayMs?: number;
  readonly ownErrors?: number;
  readonly revision?: number;
  readonly addresses?: Interval['addresses'];
}

export const noStocks: Stocks = newStocks();

const counts = (values: readonly number[]): Uint32Array => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.sparse();
};

/** An interval of a share in a slice. Good requests count as due, started and good. */
export const intervalOf = (share: number, slice: number, patch: IntervalPatch = {}): Interval => {
  const { goodMs = [], unhinderedMs = [], pacingMs = [], roomMs = [] } = patch;
  const good = goodMs.length;
  const parts: [number, Uint32Array][] = [];
  if (pacingMs.length > 0) parts.push([waitKey(waits.indexOf('pacing')), counts(pacingMs)]);
  if (roomMs.length > 0) parts.push([waitKey(waits.indexOf('room')), counts(roomMs)]);
  if (unhinderedMs.length > 0) parts.push([waits.length, counts(unhinderedMs)]);
  if (good > 0) parts.push([spanKey(0, 0, 0), counts(goodMs)], [spanKey(0, 0, 1), counts(goodMs)]);
  const at = slice * 100;
  return {
    slice,
    share,
    revision: patch.revision ?? 0,
    flows: { ...noFlows(), due: Math.max(good, pacingMs.length), started: good, good, ...patch.flows },
    stocks: { ...noStocks, ...patch.stocks },
    metrics: [],
    series:
      good === 0
        ? []
        : [
            {
              series: 0,
              good,
              notGood: 0,
              bytesOut: good * 100,
              bytesIn: good * 50,
              outcomes: [{ cause: causeIndex('2xx'), count: good, firstAt: at, lastAt: at + 99, example: undefined }],
            },
          ],
    addresses: patch.addresses ?? [],
    cells: joinHistograms(parts),
    loopUtilisation: patch.loopUtilisation ?? 0.1,
    loopDelayMs: patch.loopDelayMs ?? Number.NaN,
    ownErrors: patch.ownErrors ?? 0,
  };
};
