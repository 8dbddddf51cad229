// What a slice saw is read out once, whole, and forgotten; examples are wanted of what went wrong, and only of that.

import { describe, expect, it } from 'vitest';
import { causeIndex } from '../../source/measure/cause.ts';
import { type Interval, noFlows, spans, type Wait } from '../../source/measure/interval.ts';
import { connect, type Instants, pacing, Recorder } from '../../source/measure/recorder.ts';
import { histogramIn } from '../../source/measure/second.ts';
import { noStocks } from '../helpers/intervals.ts';

const ok = causeIndex('2xx');
const bad = causeIndex('other 4xx');

const at = (endedAt: number, patch: Partial<Instants> = {}): Instants => ({
  intendedAt: endedAt - 9,
  startedAt: endedAt - 7,
  firstByteAt: endedAt - 2,
  endedAt,
  ...patch,
});

const close = (recorder: Recorder): Interval => recorder.close(0, noStocks, { loopUtilisation: 0.5, loopDelayMs: 2 });

/** Count and largest span (ms) of a series' histogram. */
const spanOf = ({ cells }: Interval, group: 'good' | 'notGood', span: (typeof spans)[number], series = 0) => {
  const found = histogramIn(
    cells,
    (key) => key.type === 'span' && key.series === series && key.group === group && key.span === span,
  );
  return [found.count, Math.round(found.max / 1000)];
};

const waitOf = ({ cells }: Interval, wait: Wait): number =>
  histogramIn(cells, (key) => key.type === 'wait' && key.wait === wait).count;

describe('the slices of a recorder', () => {
  it('begin with the one that holds the start', () => {
    expect(new Recorder(0, 1, 0).slice).toBe(0);
    expect(new Recorder(0, 1, 99.9).slice).toBe(0);
    expect(new Recorder(0, 1, 12_340).slice).toBe(123);
  });

  it('are over at the instant at which the next begins', () => {
    const recorder = new Recorder(0, 1, 200);
    expect([199, 200, 299.999, 300, 5000].map((now) => recorder.isOver(now))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('are closed one by one after a standstill, the first with what was counted and the rest empty', () => {
    const recorder = new Recorder(3, 1, 0);
    recorder.flows.due += 2;
    recorder.ended(0, ok, true, at(50));
    const intervals: Interval[] = [];
    while (recorder.isOver(450)) intervals.push(close(recorder));
    expect(intervals.map(({ slice }) => slice)).toEqual([0, 1, 2, 3]);
    expect(intervals.map(({ flows }) => flows.due)).toEqual([2, 0, 0, 0]);
    expect(intervals.map(({ series }) => series.length)).toEqual([1, 0, 0, 0]);
    expect(intervals.map(({ cells }) => cells.length > 0)).toEqual([true, false, false, false]);
    expect(new Set(intervals.map(({ share }) => share))).toEqual(new Set([3]));
  });

  it('carry revision, stocks and utilisation as they were told', () => {
    const stocks = { ...noStocks, inFlight: 4, backlog: 2 };
    const interval = new Recorder(0, 1, 0).close(7, stocks, { loopUtilisation: 0.25, loopDelayMs: 3 });
    expect(interval).toMatchObject({ revision: 7, stocks, loopUtilisation: 0.25, loopDelayMs: 3 });
  });

  it('do not change after they were read out', () => {
    const recorder = new Recorder(0, 1, 0);
    recorder.flows.due = 1;
    const first = close(recorder);
    recorder.flows.due += 5;
    expect(first.flows).toEqual({ ...noFlows(), due: 1 });
    expect(close(recorder).flows.due).toBe(5);
  });
});

describe('a request that ended', () => {
  it('leaves response time from intended, service time from started, first byte from started', () => {
    const recorder = new Recorder(0, 2, 0);
    recorder.ended(1, ok, true, at(90));
    const interval = close(recorder);
    expect(spans.map((span) => spanOf(interval, 'good', span, 1))).toEqual([
      [1, 9],
      [1, 7],
      [1, 5],
    ]);
    expect(interval.series).toMatchObject([{ series: 1, good: 1, notGood: 0 }]);
  });

  it('that never started has a response time only', () => {
    const recorder = new Recorder(0, 1, 0);
    recorder.ended(0, causeIndex('refused'), false, at(90, { startedAt: 0, firstByteAt: 0 }));
    const interval = close(recorder);
    expect(spans.map((span) => spanOf(interval, 'notGood', span)[0])).toEqual([1, 0, 0]);
    expect(spanOf(interval, 'good', 'response')[0]).toBe(0);
  });

  it('keeps good and not good apart', () => {
    const recorder = new Recorder(0, 1, 0);
    for (const end of [20, 30, 40]) recorder.ended(0, ok, true, at(end));
    recorder.ended(0, bad, false, at(50, { intendedAt: 10 }));
    const interval = close(recorder);
    expect(spanOf(interval, 'good', 'response')).toEqual([3, 9]);
    expect(spanOf(interval, 'notGood', 'response')).toEqual([1, 40]);
    expect(interval.series).toMatchObject([{ good: 3, notGood: 1 }]);
  });

  it('is counted with its cause, with the first and the last instant', () => {
    const recorder = new Recorder(0, 1, 0);
    for (const end of [21, 34, 55]) {
      if (recorder.ended(0, bad, false, at(end))) recorder.example(0, bad, `example ${end}`);
    }
    recorder.ended(0, ok, true, at(40));
    expect(close(recorder).series[0]?.outcomes).toEqual([
      { cause: ok, count: 1, firstAt: 40, lastAt: 40, example: undefined },
      { cause: bad, count: 3, firstAt: 21, lastAt: 55, example: 'example 21' },
    ]);
  });

  it('is wanted as an example once a slice, series and cause, and never where it was good', () => {
    const recorder = new Recorder(0, 2, 0);
    const other = causeIndex('429');
    const wanted = (series: number, cause: number, good: boolean): boolean =>
      recorder.ended(series, cause, good, at(50));
    expect([wanted(0, ok, true), wanted(0, bad, false), wanted(0, bad, false)]).toEqual([false, true, false]);
    expect([wanted(0, other, false), wanted(1, bad, false), wanted(1, bad, false)]).toEqual([true, true, false]);
    close(recorder);
    expect([wanted(0, bad, false), wanted(0, bad, false)]).toEqual([true, false]);
  });

  it('gives an example although a good one of the same cause came first', () => {
    const recorder = new Recorder(0, 1, 0);
    recorder.ended(0, bad, true, at(10));
    expect(recorder.ended(0, bad, false, at(20))).toBe(true);
    recorder.example(0, bad, '400 bad request');
    expect(close(recorder).series[0]?.outcomes).toEqual([
      { cause: bad, count: 2, firstAt: 10, lastAt: 20, example: '400 bad request' },
    ]);
  });

  it('leaves an example of bounded length, however long a line the target sent', () => {
    const recorder = new Recorder(0, 1, 0);
    recorder.ended(0, bad, false, at(20));
    recorder.example(0, bad, 'x'.repeat(16_000));
    expect(close(recorder).series[0]?.outcomes[0]?.example).toHaveLength(300);
  });

  it('is not in the next slice, nor is its example', () => {
    const recorder = new Recorder(0, 1, 0);
    recorder.ended(0, bad, false, at(50));
    recorder.example(0, bad, 'old');
    recorder.wait(pacing, 3);
    recorder.ownError();
    expect(close(recorder)).toMatchObject({ ownErrors: 1 });
    recorder.ended(0, bad, true, at(150));
    const next = close(recorder);
    expect(next.ownErrors).toBe(0);
    expect(waitOf(next, 'pacing')).toBe(0);
    expect(spanOf(next, 'notGood', 'response')[0]).toBe(0);
    expect(next.series[0]?.outcomes).toEqual([{ cause: bad, count: 1, firstAt: 150, lastAt: 150, example: undefined }]);
  });
});

describe('waits and bytes', () => {
  it('are counted where they belong', () => {
    const recorder = new Recorder(0, 2, 0);
    recorder.wait(pacing, 0.4);
    recorder.wait(pacing, 0.6);
    recorder.wait(connect, 5);
    recorder.bytes(1, 200, 3000);
    recorder.bytes(1, 10, 0);
    const interval = close(recorder);
    expect((['pacing', 'connect', 'room'] as const).map((wait) => waitOf(interval, wait))).toEqual([2, 1, 0]);
    // Bytes of a request that is still under way show, though nothing ended.
    expect(interval.series).toEqual([{ series: 1, good: 0, notGood: 0, bytesOut: 210, bytesIn: 3000, outcomes: [] }]);
  });
});

describe('what good requests held', () => {
  it('is counted by series, and absent where there is none', () => {
    const recorder = new Recorder(0, 2, 0);
    for (const series of [0, 1]) recorder.ended(series, ok, true, at(50));
    recorder.items(1, 100);
    recorder.items(1, 10);
    expect(close(recorder).series).toMatchObject([{ good: 1 }, { items: 110 }]);
    recorder.ended(1, ok, true, at(150));
    expect(close(recorder).series[0]).not.toHaveProperty('items');
  });
});

describe('addresses', () => {
  it('have the counts of the slice, those that were used', () => {
    const recorder = new Recorder(0, 1, 0);
    const first = recorder.address('10.0.0.1');
    recorder.address('10.0.0.2');
    first.requests += 3;
    recorder.address('10.0.0.1').notGood += 1;
    expect(close(recorder).addresses).toEqual([{ address: '10.0.0.1', requests: 3, notGood: 1 }]);
    expect(close(recorder).addresses).toEqual([]);
    first.requests += 1;
    expect(close(recorder).addresses).toEqual([{ address: '10.0.0.1', requests: 1, notGood: 0 }]);
  });
});

describe('the metrics of a recorder', () => {
  const metrics = [
    { kind: 'counter', unit: undefined },
    { kind: 'rate', unit: undefined },
    { kind: 'trend', unit: 'bytes' },
    { kind: 'gauge', unit: undefined },
  ] as const;

  it('are counted by slice, and say nothing where nothing was counted', () => {
    const recorder = new Recorder(0, 1, 0, metrics);
    recorder.metric(0, 10, 5);
    recorder.metric(0, 2, 7);
    recorder.metric(3, 4, 8);
    recorder.metric(3, 3, 9);
    const common = { example: undefined, exampleAt: undefined };
    expect(close(recorder).metrics).toEqual([
      { metric: 0, count: 2, sum: 12, min: 2, max: 10, last: 2, lastAt: 7, ...common },
      { metric: 3, count: 2, sum: 7, min: 3, max: 4, last: 3, lastAt: 9, ...common },
    ]);
    expect(close(recorder).metrics).toEqual([]);
  });

  it('keep one example of what did not pass in a slice', () => {
    const recorder = new Recorder(0, 1, 0, metrics);
    const asked: string[] = [];
    const fail = (example: string): void =>
      recorder.passed(1, false, 1, () => {
        asked.push(example);
        return example;
      });
    recorder.passed(1, true, 1, () => 'never');
    fail('first');
    fail('second');
    expect(close(recorder).metrics).toMatchObject([{ metric: 1, count: 3, sum: 1, example: 'first' }]);
    fail('third');
    expect(close(recorder).metrics).toMatchObject([{ count: 1, sum: 0, example: 'third' }]);
    expect(asked).toEqual(['first', 'third']);
  });

  it('have a histogram where they are trends, in steps of their unit', () => {
    const recorder = new Recorder(0, 1, 0, metrics);
    for (const bytes of [100, 1500, 40_000_000]) recorder.metric(2, bytes, 1);
    const histogram = histogramIn(close(recorder).cells, (key) => key.type === 'metric' && key.metric === 2);
    expect(histogram.count).toBe(3);
    expect(histogram.percentile(0.5)).toBe(1500);
    expect(histogram.max / 40_000_000).toBeCloseTo(1, 2);
  });
});
