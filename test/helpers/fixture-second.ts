// The seconds of the fixture's run (events.ts): 500 arrivals each, 1,000 from the fourth on, with some 429s then. Spans
// are the same ones each time.

import { type CauseName, causeIndex } from '../../source/measure/cause.ts';
import { Histogram } from '../../source/measure/histogram.ts';
import { joinHistograms, noFlows, spanKey, spans, type Wait, waitKey, waits } from '../../source/measure/interval.ts';
import { histogramIn, percentilesOf, type Second } from '../../source/measure/second.ts';

/** Length of the fixture's run in seconds. */
export const fixtureSeconds = 5;

/** Arrivals per second of the fixture's second. */
const rateOf = (second: number): number => (second < 3 ? 500 : 1000);

/** 429s in each second after the rate was raised. */
const limited = 20;

const median: Readonly<Record<Wait, number>> = {
  pacing: 0.05,
  room: 0.01,
  connect: 0.4,
  sending: 0.03,
  waiting: 5,
  receiving: 0.1,
};

/** Spans around a median (ms), from half of it to twice of it; the same ones each time. */
const spread = (count: number, middleMs: number): Histogram => {
  const histogram = new Histogram();
  for (let n = 0; n < count; n += 1) histogram.record(middleMs * 2 ** ((2 * (n + 0.5)) / count - 1));
  return histogram;
};

/** Histograms of all waits and of the spans of series 0, for so many requests. */
export const fixtureCells = (good: number, notGood: number): Uint32Array => {
  const all = good + notGood;
  const of = (key: number, count: number, ms: number): [number, Uint32Array] => [key, spread(count, ms).sparse()];
  const parts = [
    ...waits.map((wait, index) => of(waitKey(index), all, median[wait])),
    ...spans.map((_, span) => of(spanKey(0, 0, span), good, 5.5 - span / 10)),
    ...(notGood > 0 ? spans.map((_, span) => of(spanKey(0, 1, span), notGood, 1.2 - span / 10)) : []),
  ];
  return joinHistograms(parts);
};

/** One second of the run; `patch` replaces fields. */
export const fixtureSecond = (second: number, patch: Partial<Second> = {}): Second => {
  const due = rateOf(second);
  const notGood = second < 3 ? 0 : limited;
  const good = due - notGood;
  const cells = patch.cells ?? fixtureCells(good, notGood);
  const at = second * 1000;
  const count = (name: CauseName, number: number, example?: string) => ({
    cause: causeIndex(name),
    count: number,
    firstAt: at + 1,
    lastAt: at + 999,
    example,
  });
  const read = (wanted: Parameters<typeof histogramIn>[1]): Histogram => histogramIn(cells, wanted);
  return {
    second,
    lengthMs: 1000,
    late: false,
    partial: false,
    flows: { ...noFlows(), due, started: due, good, notGood },
    stocks: { inFlight: 3, backlog: 0, connections: 8, users: 0, stuck: 0, oldestInFlightMs: 6, oldestBacklogMs: 0 },
    series: [
      {
        series: 0,
        good,
        notGood,
        bytesOut: due * 210,
        bytesIn: due * 180,
        outcomes: [count('2xx', good), ...(notGood > 0 ? [count('429', notGood, 'rate limit exceeded')] : [])],
      },
    ],
    metrics: [],
    addresses: [{ address: '127.0.0.1', requests: due, notGood }],
    cells,
    loopUtilisation: 0.21,
    workers: [{ share: 0, loopUtilisation: 0.21, loopDelayMs: 1.5 }],
    ownErrors: 0,
    good: percentilesOf(read((key) => key.type === 'span' && key.group === 'good' && key.span === 'response')),
    serviceP50Ms:
      read((key) => key.type === 'span' && key.group === 'good' && key.span === 'service').percentile(0.5) / 1000,
    pacingP99Ms: read((key) => key.type === 'wait' && key.wait === 'pacing').percentile(0.99) / 1000,
    ...patch,
  };
};
