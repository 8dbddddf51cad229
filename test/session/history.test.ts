// Columns over time in three grains: gaps stay gaps, late seconds are corrected, percentiles are never averaged.

import { describe, expect, it } from 'vitest';
import { noFlows } from '../../source/measure/interval.ts';
import { histogramIn, percentilesOf, type Second, type Slice } from '../../source/measure/second.ts';
import type { ProbeValue } from '../../source/probes/probe.ts';
import { RunHistory } from '../../source/session/history.ts';
import { type ColumnName, columnNames } from '../../source/session/state.ts';
import { fixtureCells, fixtureSecond } from '../helpers/events.ts';
import { intervalOf, noStocks } from '../helpers/intervals.ts';

/** A second with these response times, as many arrivals due. */
const secondOf = (second: number, goodMs: readonly number[], patch: Partial<Second> = {}): Second => {
  const { cells, series } = intervalOf(0, second * 10, { goodMs });
  const good = percentilesOf(histogramIn(cells, (key) => key.type === 'span' && key.span === 'response'));
  const flows = { ...noFlows(), due: goodMs.length, started: goodMs.length, good: goodMs.length };
  return fixtureSecond(second, { cells, series, good, flows, stocks: noStocks, pacingP99Ms: Number.NaN, ...patch });
};

const sliceOf = (slice: number, goodMs: readonly number[]): Slice => {
  const { cells, flows, stocks } = intervalOf(0, slice, { goodMs, stocks: { inFlight: 3, backlog: 1 } });
  return {
    slice,
    partial: false,
    flows,
    stocks,
    revision: 0,
    requests: { good: goodMs.length, notGood: 0 },
    outcomes: [],
    cells: [cells],
  };
};

const of = (history: RunHistory, name: ColumnName, stepMs: 100 | 1000 | 10_000, step: number): number =>
  history.column(name, stepMs).get(step);

describe('the columns of a run', () => {
  it('are gaps before anything was measured', () => {
    const history = new RunHistory();
    for (const name of columnNames) {
      for (const stepMs of [100, 1000, 10_000] as const) expect(of(history, name, stepMs, 0)).toBeNaN();
    }
  });

  it('hold a minute, an hour and a day', () => {
    const history = new RunHistory();
    const spans = ([100, 1000, 10_000] as const).map((stepMs) => history.column('offered', stepMs).capacity * stepMs);
    expect(spans).toEqual([60_000, 3_600_000, 86_400_000]);
  });

  it('hold slices as rates per second, and stocks as they were', () => {
    const history = new RunHistory();
    history.takeSlice(sliceOf(4, [1, 2, 3, 4, 5]));
    expect(of(history, 'offered', 100, 4)).toBe(50);
    expect(of(history, 'inFlight', 100, 4)).toBe(3);
    expect(of(history, 'backlog', 100, 4)).toBe(1);
    expect(of(history, 'offered', 100, 3)).toBeNaN();
  });

  it('hold everything of a second, achieved without what got no response', () => {
    const history = new RunHistory();
    const flows = { ...noFlows(), due: 100, good: 60, notGood: 40, noResponse: 30 };
    const stocks = { ...noStocks, inFlight: 9, backlog: 2 };
    history.takeSecond(secondOf(7, [10, 20], { flows, stocks, pacingP99Ms: 1.5, loopUtilisation: 0.4 }), 1);
    const row = (
      [
        'offered',
        'achieved',
        'good',
        'notGood',
        'inFlight',
        'backlog',
        'bytesOut',
        'bytesIn',
        'pacingP99Ms',
        'loopUtilisation',
        'trouble',
      ] as const
    ).map((name) => of(history, name, 1000, 7));
    expect(row).toEqual([100, 70, 60, 40, 9, 2, 200, 100, 1.5, 0.4, 1]);
    expect(Math.round(of(history, 'max', 1000, 7))).toBe(20);
  });

  it('tell a second without requests, which has rates of 0 and no percentiles, from one without data', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(0, [10]), 0);
    history.takeSecond(secondOf(1, []), 0);
    history.takeSecond(secondOf(3, [10]), 0);
    expect([0, 1, 2, 3].map((step) => of(history, 'offered', 1000, step))).toEqual([1, 0, Number.NaN, 1]);
    expect([1, 2].map((step) => of(history, 'p99', 1000, step))).toEqual([Number.NaN, Number.NaN]);
  });

  it('have the rates and bytes of a second corrected by what came late, and nothing else', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(2, [10, 10], { stocks: { ...noStocks, inFlight: 5 } }), 2);
    history.takeSecond(secondOf(2, [30, 30, 30], { late: true, loopUtilisation: Number.NaN }), 0);
    expect(
      (['offered', 'good', 'bytesOut', 'inFlight', 'trouble', 'loopUtilisation'] as const).map((name) =>
        of(history, name, 1000, 2),
      ),
    ).toEqual([5, 5, 500, 5, 2, 0.21]);
    history.takeSecond(secondOf(1, [30], { late: true }), 0);
    expect(of(history, 'offered', 1000, 1)).toBeNaN();
  });
});

describe('a second that was cut short by the end of the run', () => {
  it('has rates over the time that it lasted, in seconds and, weighted by that, in 10 s', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(0, new Array<number>(100).fill(10)), 0);
    history.takeSecond(secondOf(1, new Array<number>(40).fill(10), { lengthMs: 400 }), 0);
    const names = ['offered', 'achieved', 'good', 'bytesIn', 'bytesOut'] as const;
    const full = names.map((name) => of(history, name, 1000, 0));
    expect(full.slice(0, 3)).toEqual([100, 100, 100]);
    expect(names.map((name) => of(history, name, 1000, 1))).toEqual(full);
    expect(names.map((name) => of(history, name, 10_000, 0))).toEqual(full);
  });

  it('counts in 10 s for as long as it lasted', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(0, new Array<number>(100).fill(10)), 0);
    history.takeSecond(secondOf(1, [], { lengthMs: 250 }), 0);
    expect(of(history, 'offered', 10_000, 0)).toBe(80);
  });
});

describe('the columns of 10 s', () => {
  it('are means of rates, over the seconds that were seen', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(10, [1, 1, 1, 1]), 0);
    expect(of(history, 'offered', 10_000, 1)).toBe(4);
    history.takeSecond(secondOf(12, [1, 1]), 0);
    expect(of(history, 'offered', 10_000, 1)).toBe(3);
    expect(of(history, 'offered', 10_000, 0)).toBeNaN();
  });

  it('have percentiles of all requests together, not means of percentiles', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(0, new Array<number>(98).fill(10)), 0);
    history.takeSecond(secondOf(1, [1000, 1000]), 0);
    expect(Math.round(of(history, 'p50', 10_000, 0))).toBe(10);
    expect(Math.round(of(history, 'p95', 10_000, 0))).toBe(10);
    expect(Math.abs(of(history, 'p99', 10_000, 0) - 1000)).toBeLessThan(1);
  });

  it('begin anew every 10 s', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(9, [1000]), 2);
    history.takeSecond(secondOf(10, [10]), 0);
    expect(Math.round(of(history, 'max', 10_000, 1))).toBe(10);
    expect([0, 1].map((step) => of(history, 'trouble', 10_000, step))).toEqual([2, 0]);
  });

  it('keep the worst of pacing delay and trouble', () => {
    const history = new RunHistory();
    for (const [second, pacingP99Ms] of [5, 80, Number.NaN].entries()) {
      history.takeSecond(secondOf(second, [1], { pacingP99Ms }), second === 1 ? 2 : 0);
    }
    expect([of(history, 'pacingP99Ms', 10_000, 0), of(history, 'trouble', 10_000, 0)]).toEqual([80, 2]);
  });

  it('have gaps, not zeros, where no second had a value', () => {
    const history = new RunHistory();
    for (let second = 0; second < 10; second += 1) history.takeSecond(secondOf(second, []), 0);
    expect((['p50', 'max', 'pacingP99Ms'] as const).map((name) => of(history, name, 10_000, 0))).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(of(history, 'offered', 10_000, 0)).toBe(0);
  });

  it('count what came late for one of their seconds', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(0, [10, 10]), 0);
    history.takeSecond(secondOf(1, [10, 10]), 0);
    history.takeSecond(secondOf(0, [500, 500], { late: true, loopUtilisation: Number.NaN }), 0);
    expect(of(history, 'offered', 10_000, 0)).toBe(3);
    expect(Math.abs(of(history, 'max', 10_000, 0) - 500)).toBeLessThan(1);
    expect(of(history, 'loopUtilisation', 10_000, 0)).toBe(0.21);
  });
});

describe('what was not good', () => {
  const notGoodOf = (second: number, good: number, notGood: number, patch: Partial<Second> = {}): Second =>
    fixtureSecond(second, { cells: fixtureCells(good, notGood), ...patch });

  it('has percentiles of its own, in seconds, in 10 s and in the newest window', () => {
    const history = new RunHistory();
    history.takeSecond(notGoodOf(0, 100, 0), 0);
    expect(of(history, 'notGoodP99', 1000, 0)).toBeNaN();
    history.takeSecond(notGoodOf(1, 100, 50), 0);
    expect(of(history, 'notGoodP50', 1000, 1)).toBeCloseTo(1.2, 1);
    expect(of(history, 'notGoodMax', 1000, 1)).toBeCloseTo(2.4, 1);
    expect(of(history, 'p50', 1000, 1)).toBeCloseTo(5.5, 0);
    expect(of(history, 'notGoodP50', 10_000, 0)).toBeCloseTo(1.2, 1);
    expect(history.window()).toMatchObject({ good: { count: 200 }, notGood: { count: 50 } });
  });

  it('and came late moves the percentiles of its second', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(0, [10, 10]), 0);
    history.takeSecond(secondOf(0, [500], { late: true }), 0);
    history.takeSecond(notGoodOf(0, 0, 10, { late: true }), 0);
    expect(Math.round(of(history, 'max', 1000, 0))).toBe(500);
    expect(of(history, 'notGoodP50', 1000, 0)).toBeCloseTo(1.1, 1);
  });
});

describe('response times on a grid', () => {
  it('count each request in the row of its time, late ones too', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(3, [0.01, 1, 1, 50_000, 200_000]), 0);
    history.takeSecond(secondOf(3, [1], { late: true }), 0);
    const { edges, row } = { edges: history.latencies('good').edges, row: history.latencies('good').row(3)! };
    expect([edges.length - 1, row.length, edges[0], edges.at(-1)]).toEqual([120, 120, 0.1, 100_000]);
    const at = (ms: number) => row[edges.findLastIndex((edge) => edge <= ms * 1.0005)];
    expect([row[0], at(1), at(50_000), row[119]]).toEqual([1, 3, 1, 1]);
    expect(row.reduce((sum, count) => sum + count, 0)).toBe(6);
  });

  it('are nothing in a second without any, and not known in one that was not measured or has left the hour', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(0, [1]), 0);
    expect(
      history
        .latencies('notGood')
        .row(0)
        ?.every((count) => count === 0),
    ).toBe(true);
    expect(history.latencies('good').row(1)).toBeUndefined();
    history.takeSecond(secondOf(3600, []), 0);
    expect(history.latencies('good').row(0)).toBeUndefined();
    expect(
      history
        .latencies('good')
        .row(3600)
        ?.every((count) => count === 0),
    ).toBe(true);
  });
});

describe('outcomes over time', () => {
  it('have a column from the first time they are seen, with zeros for what was measured before', () => {
    const history = new RunHistory();
    history.takeSecond(fixtureSecond(0), 0);
    expect(history.outcome('429')).toBeUndefined();
    history.takeSecond(fixtureSecond(2), 0);
    history.takeSecond(fixtureSecond(3), 0);
    expect([...history.outcome('429')!.read(0, 4)]).toEqual([0, Number.NaN, 0, 20]);
    expect([...history.outcome('2xx')!.read(0, 4)]).toEqual([500, Number.NaN, 500, 980]);
  });

  it('take in what came late, and are rates where a second was cut short', () => {
    const history = new RunHistory();
    history.takeSecond(fixtureSecond(3), 0);
    history.takeSecond(fixtureSecond(3, { late: true }), 0);
    history.takeSecond(fixtureSecond(4, { lengthMs: 500 }), 0);
    expect([...history.outcome('429')!.read(3, 5)]).toEqual([40, 40]);
  });
});

describe('the window of the latency panel', () => {
  it('is the last 5 s of slices', () => {
    const history = new RunHistory();
    expect(history.window()).toMatchObject({ windowMs: 0, good: { count: 0, p50: Number.NaN } });
    for (let slice = 0; slice < 50; slice += 1) history.takeSlice(sliceOf(slice, [slice < 1 ? 900 : 10]));
    expect(history.window()).toMatchObject({
      windowMs: 5000,
      good: { count: 50 },
    });
    expect(Math.round(history.window().good.max)).toBe(900);
    history.takeSlice(sliceOf(50, [10]));
    expect(history.window().windowMs).toBe(5000);
    expect(Math.round(history.window().good.max)).toBe(10);
  });

  it('gives what ended in the slices of the last second', () => {
    const history = new RunHistory();
    for (let slice = 0; slice < 15; slice += 1) history.takeSlice(sliceOf(slice, slice < 5 ? [1, 1] : [1]));
    expect(history.lastSecond()).toMatchObject({ requests: 10, lengthMs: 1000, flows: { good: 10 } });
  });

  it('is made of seconds where there are no slices, and not of both', () => {
    const history = new RunHistory();
    expect(history.takeSecond(secondOf(0, [10, 20]), 0)).toBe(true);
    expect(history.lastSecond()).toMatchObject({ requests: 2, lengthMs: 1000 });
    expect(history.window()).toMatchObject({ windowMs: 1000, good: { count: 2 } });
    for (let slice = 10; slice < 20; slice += 1) history.takeSlice(sliceOf(slice, [10]));
    expect(history.takeSecond(secondOf(1, [10]), 0)).toBe(false);
    expect(history.lastSecond()).toMatchObject({ requests: 10, lengthMs: 1000 });
    expect(history.window()).toMatchObject({ windowMs: 2000, good: { count: 12 } });
    for (let second = 2; second < 9; second += 1) history.takeSecond(secondOf(second, [10]), 0);
    expect(history.window()).toMatchObject({ windowMs: 5000, good: { count: 5 } });
  });

  it('counts what came late with its second', () => {
    const history = new RunHistory();
    history.takeSecond(secondOf(0, [10, 20]), 0);
    history.takeSecond(secondOf(0, [400], { late: true }), 0);
    expect(history.lastSecond()).toMatchObject({ requests: 3, lengthMs: 1000 });
    expect(history.window()).toMatchObject({ windowMs: 1000, good: { count: 3 } });
    expect(Math.round(history.window().good.max)).toBe(400);
  });
});

describe('readings over time', () => {
  const value = (metric: string, number: number): ProbeValue => ({
    type: 'value',
    metric,
    label: metric,
    kind: 'gauge',
    unit: 'count',
    value: number,
    rank: 0,
  });

  it('are kept for each probe and metric, with gaps where there was no value', () => {
    const history = new RunHistory();
    const gap: ProbeValue = { type: 'gap', metric: 'queue', label: 'queue', rank: 0, reason: 'no data' };
    history.takeReadings('metrics', 100, [value('queue', 5)]);
    history.takeReadings('metrics', 1100, [gap]);
    history.takeReadings('metrics', 2100, [value('queue', 7)]);
    history.takeReadings('health', 2100, [value('queue', 9)]);
    expect([...history.reading('metrics', 'queue')!.read(0, 4)]).toEqual([5, Number.NaN, 7, Number.NaN]);
    expect(history.reading('health', 'queue')?.get(2)).toBe(9);
    expect(history.reading('metrics', 'other')).toBeUndefined();
  });

  it('of a probe that asks less often hold until the next answer, but not over one that is missing', () => {
    const history = new RunHistory();
    for (const [at, number] of [
      [100, 5],
      [5200, 7],
      [15_300, 9],
    ] as const) {
      history.takeReadings('metrics', at, [value('queue', number)], 5000);
    }
    const gaps = Array.from({ length: 9 }, () => Number.NaN);
    expect([...history.reading('metrics', 'queue')!.read(0, 16)]).toEqual([5, 5, 5, 5, 5, 7, ...gaps, 9]);
  });

  it('each second hold over a second that falls between two of them, not over a failure', () => {
    const history = new RunHistory();
    for (const at of [100, 990, 2010, 4010]) history.takeReadings('health', at, [value('queue', at)]);
    expect([...history.reading('health', 'queue')!.read(0, 5)]).toEqual([990, 990, 2010, Number.NaN, 4010]);
  });
});

it('keeps no more than 300 readings of a probe: of names that come and go, the newest', () => {
  const history = new RunHistory();
  for (let second = 0; second < 400; second += 1) {
    const value = (metric: string) =>
      ({ type: 'value', metric, label: metric, kind: 'gauge', unit: 'count', value: second, rank: 0 }) as const;
    history.takeReadings('health', second * 1000, [value('stays'), value(`n${second}`)]);
  }
  expect(history.reading('health', 'stays')?.get(399)).toBe(399);
  expect(history.reading('health', 'n399')).toBeDefined();
  expect(history.reading('health', 'n50')).toBeUndefined();
});
