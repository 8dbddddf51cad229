// What went on beside a round: of its own time only, against the time before the first one, whole once its last slice is.

import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { besideText } from '../../source/measure/burst.ts';
import { Histogram } from '../../source/measure/histogram.ts';
import { joinHistograms, noFlows, spanKey } from '../../source/measure/interval.ts';
import { RoundWatch } from '../../source/measure/round-watch.ts';
import { noStocks, type Slice } from '../../source/measure/second.ts';
import { fineRound } from '../helpers/burst-round.ts';

/** A slice in which requests of a series ended, each after so long (ms). */
const sliceOf = (
  slice: number,
  {
    series = 1,
    good = [],
    notGood = [],
    stuck = 0,
  }: Partial<Record<'good' | 'notGood', number[]>> & { series?: number; stuck?: number } = {},
): Slice => {
  const cells = ([good, notGood] as const).map((spans, group) => {
    const histogram = new Histogram();
    for (const ms of spans) histogram.record(ms);
    return [spanKey(series, group, 0), histogram.sparse()] as const;
  });
  return {
    slice,
    partial: false,
    flows: noFlows(),
    stocks: { ...noStocks(), stuck },
    revision: 0,
    requests: { good: good.length, notGood: notGood.length },
    outcomes: [],
    cells: [joinHistograms(cells)],
  };
};

describe('what went on beside a round', () => {
  it('is held against the time before the first, without the warm-up and without what ended between two rounds', () => {
    const watch = new RoundWatch([1, 2], 100);
    watch.take(sliceOf(0, { good: [500] }));
    watch.take(sliceOf(1, { good: [10, 10] }));
    watch.take(sliceOf(2, { series: 2, good: [10], notGood: [3] }));
    // Series 0 is that of the bursts themselves.
    watch.take(sliceOf(3, { series: 0, good: [80] }));
    watch.take(sliceOf(4, { good: [20], stuck: 3 }));
    watch.ended(fineRound({ round: 0, size: 25, releasedAt: 300, totalMs: 190 }));
    const [first] = watch.take(sliceOf(5, { good: [999] }));
    watch.take(sliceOf(6, { notGood: [5, 6], stuck: 1 }));
    watch.ended(fineRound({ round: 1, size: 50, releasedAt: 600, totalMs: 50 }));
    const [second] = watch.take(sliceOf(7));
    expect(first).toMatchObject({
      round: 0,
      size: 25,
      beside: { stuck: 3, others: { good: 1, alone: { good: 3, notGood: 1 } } },
    });
    expect(second).toMatchObject({
      round: 1,
      size: 50,
      beside: { stuck: 1, others: { good: 0, notGood: 2, p95: Number.NaN } },
    });
    expect(second).not.toHaveProperty('beside.others.p95Ratio');
  });

  it('is held against all of a long time before the first', () => {
    const watch = new RoundWatch([1], 100);
    const slice = sliceOf(0, { good: [10, 20, 30] });
    for (let at = 0; at < 20_000; at += 1) watch.take({ ...slice, slice: at });
    watch.ended(fineRound({ round: 0, size: 25, releasedAt: 2_000_000, totalMs: 90 }));
    const [told] = watch.take({ ...slice, slice: 20_000 });
    expect(told).toMatchObject({ beside: { others: { good: 3, alone: { good: 3 * 19_999 } } } });
  });

  it('needs no more memory the longer a run without rounds lasts', () => {
    v8.setFlagsFromString('--expose-gc');
    const collect: () => void = vm.runInNewContext('gc');
    const watch = new RoundWatch([], 0);
    const slice = sliceOf(0);
    collect();
    const before = process.memoryUsage().heapUsed;
    // Eleven hours.
    for (let at = 0; at < 400_000; at += 1) watch.take({ ...slice, slice: at });
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8_000_000);
    expect(watch.finish()).toEqual([]);
  });

  it('is told once the last slice of the round is closed, or the run is over', () => {
    const watch = new RoundWatch([1], 0);
    watch.take(sliceOf(0, { good: [10] }));
    watch.ended(fineRound({ round: 0, size: 25, releasedAt: 100, totalMs: 150 }));
    expect(watch.take(sliceOf(1, { good: [20] }))).toEqual([]);
    const [told] = watch.take(sliceOf(2, { good: [30], notGood: [1] }));
    expect(told).toMatchObject({
      round: 0,
      size: 25,
      beside: { stuck: 0, others: { good: 2, notGood: 1, alone: { good: 1, notGood: 0 } } },
    });
    expect(told?.beside.others?.p95Ratio).toBeCloseTo(3, 1);
    watch.ended(fineRound({ round: 1, releasedAt: 300, totalMs: 100 }));
    expect(watch.finish().map(({ round }) => round)).toEqual([1]);
    expect(watch.finish()).toEqual([]);
  });

  it('knows of what is stuck where nothing runs beside, and has nothing else to say', () => {
    const watch = new RoundWatch([], 0);
    watch.ended(fineRound({ round: 0, size: 25, releasedAt: 0, totalMs: 150 }));
    watch.take(sliceOf(0, { stuck: 12 }));
    const [told] = watch.take(sliceOf(1));
    expect(told?.beside).toEqual({ stuck: 12 });
    expect(besideText(25, told!.beside)).toBe('beside the burst of 25: 12 stuck');
    expect(besideText(25, { stuck: 0 })).toBeUndefined();
  });

  it('is one line', () => {
    const others = { good: 197, notGood: 3, p50: 12, p95: 31.2, p95Ratio: 2.6 };
    expect(besideText(50, { stuck: 0, others })).toBe(
      'beside the burst of 50: p95 of the others 31.2 ms, 2.6 times as long as alone; 3 of 200 not good',
    );
    expect(besideText(50, { stuck: 0, others: { ...others, good: 0, notGood: 0 } })).toBe(
      'beside the burst of 50: no answer to the others',
    );
  });
});
