// What crosses from a worker is read back as it was joined, and no two histograms share a key.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addFlows,
  eachHistogram,
  flowNames,
  joinHistograms,
  noFlows,
  readKey,
  spanKey,
  spans,
  waitKey,
  waits,
} from '../../source/measure/interval.ts';

describe('the key of a histogram', () => {
  it('stands for its wait, or for its series, group and span', () => {
    for (const [index, wait] of waits.entries()) expect(readKey(waitKey(index))).toEqual({ type: 'wait', wait });
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(1), fc.nat(spans.length - 1), (series, group, span) => {
        expect(readKey(spanKey(series, group, span))).toEqual({
          type: 'span',
          series,
          group: group === 0 ? 'good' : 'notGood',
          span: spans[span],
        });
      }),
    );
  });
});

describe('cells', () => {
  it('hold histograms one after the other, empty ones too', () => {
    const pairs = fc.array(fc.tuple(fc.nat(22_527), fc.integer({ min: 1, max: 0xffff_ffff })), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5000), pairs), { maxLength: 6 }), (histograms) => {
        const cells = joinHistograms(histograms.map(([key, counts]) => [key, Uint32Array.from(counts.flat())]));
        const seen: [number, number[]][] = [];
        eachHistogram(cells, (key, counts) => seen.push([key, [...counts]]));
        expect(seen).toEqual(histograms.map(([key, counts]) => [key, counts.flat()]));
      }),
    );
  });
});

describe('flows', () => {
  it('add up, every one of them', () => {
    const total = noFlows();
    const more = noFlows();
    for (const [index, name] of flowNames.entries()) more[name] = index + 1;
    addFlows(total, more);
    addFlows(total, more);
    expect(Object.keys(total).sort()).toEqual([...flowNames].sort());
    for (const [index, name] of flowNames.entries()) expect(total[name]).toBe(2 * (index + 1));
  });
});
