// What a step counts when its request ends, as the recorder has it.

import { describe, expect, it } from 'vitest';
import { countEnded } from '../../source/engine/counts.ts';
import type { Exchange } from '../../source/engine/exchange.ts';
import { Recorder } from '../../source/measure/recorder.ts';
import { noStocks } from '../../source/measure/second.ts';
import type { CompiledCount } from '../../source/profile/compile-counts.ts';

const counted = (count: Omit<CompiledCount, 'metric'>, good: boolean, answer?: unknown) => {
  const recorder = new Recorder(0, 1, 0, [{ kind: count.kind, unit: undefined }]);
  const exchange = {
    ...{ intendedAt: 10, startedAt: 12, endedAt: 42.5, bodyIn: 70, bytesIn: 200, scratch: { bodyBytes: 30 } },
    hearing: answer === undefined ? undefined : { valueAt: (path: string) => (path === '$.n' ? answer : undefined) },
  };
  countEnded([{ metric: 0, ...count }], exchange as unknown as Exchange, good, recorder);
  const [metric] = recorder.close(0, noStocks(), { loopUtilisation: 0, loopDelayMs: 0 }).metrics;
  return metric && { count: metric.count, sum: metric.sum, at: metric.lastAt };
};

describe('a request that ends', () => {
  it.each([
    ['a number', { kind: 'counter', value: 10 }, 10],
    ['the bytes of its body', { kind: 'counter', value: 'request.bytes' }, 30],
    ['the bytes of the answer', { kind: 'trend', value: 'response.bytes' }, 70],
    ['its response time', { kind: 'trend', value: 'response.ms' }, 32.5],
    ['that it was good', { kind: 'counter', value: 'good' }, 1],
    ['the share of good ones', { kind: 'rate', value: 'good' }, 1],
    ['the share of failed ones', { kind: 'rate', value: 'failed' }, 0],
  ] as const)('counts %s', (_, count, sum) => {
    expect(counted(count, true)).toEqual({ count: 1, sum, at: 42.5 });
  });

  it('counts of one that was not good only that', () => {
    expect(counted({ kind: 'counter', value: 10 }, false)).toBeUndefined();
    expect(counted({ kind: 'trend', value: 'response.ms' }, false)).toBeUndefined();
    expect(counted({ kind: 'counter', value: 'good' }, false)).toBeUndefined();
    expect(counted({ kind: 'counter', value: 'failed' }, true)).toBeUndefined();
    expect(counted({ kind: 'counter', value: 'failed' }, false)).toMatchObject({ sum: 1 });
    expect(counted({ kind: 'rate', value: 'failed' }, false)).toMatchObject({ count: 1, sum: 1 });
    expect(counted({ kind: 'rate', value: 'good' }, false)).toMatchObject({ count: 1, sum: 0 });
  });

  it('counts a number of the answer, where it holds one', () => {
    const value = { json: '$.n' };
    expect(counted({ kind: 'gauge', value }, true, 7)).toMatchObject({ sum: 7 });
    expect(counted({ kind: 'rate', value }, true, 7)).toMatchObject({ count: 1, sum: 1 });
    expect(counted({ kind: 'rate', value }, true, false)).toMatchObject({ count: 1, sum: 0 });
    expect(counted({ kind: 'gauge', value }, true, 'seven')).toBeUndefined();
    // Two of these would be Infinity, and a sum is told as JSON.
    expect(counted({ kind: 'counter', value }, true, 1e308)).toBeUndefined();
    expect(counted({ kind: 'counter', value }, true, Infinity)).toBeUndefined();
    expect(counted({ kind: 'gauge', value }, true)).toBeUndefined();
  });
});
