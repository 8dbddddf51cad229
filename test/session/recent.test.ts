// Response times of the newest seconds come from the histograms of response times, and from no others that travel with them.

import { describe, expect, it } from 'vitest';
import { Histogram } from '../../source/measure/histogram.ts';
import { joinHistograms, metricKey, spanKey, spans, waitKey } from '../../source/measure/interval.ts';
import { responses } from '../../source/session/recent.ts';

const histogramOf = (...ms: readonly number[]) => {
  const histogram = new Histogram();
  for (const value of ms) histogram.record(value);
  return histogram.sparse();
};

const countOf = (pairs: Uint32Array): number => pairs.filter((_, at) => at % 2 === 1).reduce((sum, n) => sum + n, 0);

describe('the response times of a second', () => {
  it('are not mixed with trends of the profile, whatever their numbers', () => {
    const response = spans.indexOf('response');
    const trends = Array.from({ length: 16 }, (_, metric) => [metricKey(metric), histogramOf(100_000)] as const);
    const cells = joinHistograms([
      [waitKey(0), histogramOf(1)],
      [spanKey(0, 0, response), histogramOf(5, 6)],
      [spanKey(3, 0, response), histogramOf(7)],
      [spanKey(3, 1, response), histogramOf(8)],
      ...trends,
    ]);
    const { good, notGood } = responses([cells]);
    expect(countOf(good)).toBe(3);
    expect(countOf(notGood)).toBe(1);
  });
});
