import fc from 'fast-check';
import hdr from 'hdr-histogram-js';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  decodeCounts,
  encodeCounts,
  Histogram,
  largestUs,
  readyToEncode,
  slotCount,
  slotOf,
} from '../../source/measure/histogram.ts';

const reference = () =>
  hdr.build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: largestUs,
    numberOfSignificantValueDigits: 3,
  });

const spans = fc.array(fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: largestUs })), {
  minLength: 1,
  maxLength: 300,
});

beforeAll(readyToEncode);

describe('a histogram', () => {
  it('has percentiles, minimum and maximum equal to HdrHistogram’s', () => {
    fc.assert(
      fc.property(spans, (values) => {
        const ours = new Histogram();
        const theirs = reference();
        for (const value of values) {
          ours.record(value / 1000);
          theirs.recordValue(value);
        }
        expect(ours.count).toBe(values.length);
        for (const share of [0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1]) {
          expect(ours.percentile(share)).toBe(theirs.getValueAtPercentile(share * 100));
        }
        expect(Math.abs(ours.mean - theirs.mean)).toBeLessThanOrEqual(theirs.mean * 0.001 + 1);
      }),
      { numRuns: 100 },
    );
  });

  it('is off by at most a thousandth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: largestUs }), (value) => {
        const histogram = new Histogram();
        histogram.record(value / 1000);
        for (const read of [histogram.min, histogram.max, histogram.percentile(0.5)]) {
          expect(Math.abs(read - value)).toBeLessThanOrEqual(value * 0.001 + 1);
        }
      }),
    );
  });

  it('keeps within its counters whatever is recorded', () => {
    const histogram = new Histogram();
    for (const ms of [-5, 0, 0.0004, 1e9, Infinity]) histogram.record(ms);
    expect(histogram.count).toBe(5);
    expect(histogram.min).toBe(0);
    expect(histogram.max).toBe(largestUs);
    expect(slotOf(largestUs)).toBe(slotCount - 1);
  });

  it('is the same after travelling in pieces', () => {
    const whole = new Histogram();
    const merged = new Histogram();
    const part = new Histogram();
    for (let index = 0; index < 1000; index += 1) {
      whole.record(index * 1.7);
      part.record(index * 1.7);
      if (index % 100 === 99) {
        merged.add(part.sparse());
        part.reset();
      }
    }
    expect(merged.sparse()).toEqual(whole.sparse());
    expect(part.count).toBe(0);
    expect(part.percentile(0.5)).toBeNaN();
  });

  it('says that there is no data instead of 0', () => {
    const empty = new Histogram();
    expect([empty.min, empty.max, empty.mean, empty.percentile(0.99)]).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('is read by HdrHistogram from its encoded form', () => {
    const histogram = new Histogram();
    for (const us of [0, 5, 2047, 2048, 99_999, 1_234_567]) histogram.record(us / 1000);
    const decoded = hdr.decodeFromCompressedBase64(encodeCounts(histogram.sparse()), 32, false);
    expect(decoded.totalCount).toBe(6);
    for (const share of [0.1, 0.5, 0.9, 1]) {
      expect(decoded.getValueAtPercentile(share * 100)).toBe(histogram.percentile(share));
    }
  });

  it('is read back from its encoded form, and from that of other tools', () => {
    fc.assert(
      fc.property(spans, (values) => {
        const ours = new Histogram();
        const theirs = reference();
        for (const value of values) {
          ours.record(value / 1000);
          theirs.recordValue(value);
        }
        expect(decodeCounts(encodeCounts(ours.sparse()))).toEqual(ours.sparse());
        expect(decodeCounts(hdr.encodeIntoCompressedBase64(theirs))).toEqual(ours.sparse());
      }),
      { numRuns: 50 },
    );
    const coarse = hdr.build({ numberOfSignificantValueDigits: 2, highestTrackableValue: 4e9 });
    coarse.recordValueWithCount(3_900_000_000, 2);
    expect(decodeCounts(hdr.encodeIntoCompressedBase64(coarse))).toEqual(Uint32Array.of(slotCount - 1, 2));
    expect(() => decodeCounts('no histogram')).toThrow();
  });
});
