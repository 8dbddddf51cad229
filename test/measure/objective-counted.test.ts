// Objectives on what a profile counts: what their text means, which metrics they fit, and what they come to.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../source/measure/metric.ts';
import { objectiveValue, objectiveWords, readObjective, statusOf } from '../../source/measure/objective.ts';
import { countedFault } from '../../source/measure/objective-counted.ts';
import { ObjectiveWindow, sampleOf } from '../../source/measure/objective-window.ts';
import { Recorder } from '../../source/measure/recorder.ts';
import { noStocks, type Second } from '../../source/measure/second.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';

const own = { source: 'profile', series: undefined, unit: undefined } as const;
const metrics: readonly Metric[] = [
  { ...own, name: 'events_sent', kind: 'counter' },
  { ...own, name: 'event_size_bytes', kind: 'trend', unit: 'bytes' },
  { ...own, name: 'errors', kind: 'rate' },
  { ...own, name: 'queue', kind: 'gauge' },
  { ...own, name: 'took', kind: 'trend', unit: 'ms' },
  { ...own, name: 'bytes_sent', kind: 'counter', unit: 'bytes' },
  { ...own, name: 'status 202', kind: 'rate', source: 'expectation', series: 0 },
  { ...own, name: '$.ok is true', kind: 'rate', source: 'expectation', series: 0 },
];

const meaning = (text: string): unknown => {
  const { counted, comparison, bound, windowMs } = readObjective(text);
  return [counted?.name, counted?.figure, counted?.unit, comparison, bound, windowMs];
};

describe('an objective on a metric', () => {
  it.each<[string, unknown]>([
    ['events_sent>9k/s over 30s', ['events_sent', 'rate', '/s', '>', 9000, 30_000]],
    ['events_sent >= 9,000/s', ['events_sent', 'rate', '/s', '>=', 9000, 10_000]],
    ['bytes_sent<9MiB/s', ['bytes_sent', 'rate', 'bytes/s', '<', 9 * 1024 * 1024, 10_000]],
    ['event_size_bytes:p95<2KiB', ['event_size_bytes', 'p95', 'bytes', '<', 2048, 10_000]],
    ['took:max<=1.5s', ['took', 'max', 'ms', '<=', 1500, 10_000]],
    ['took:mean<300ms', ['took', 'mean', 'ms', '<', 300, 10_000]],
    ['queue<1,000', ['queue', 'newest', 'count', '<', 1000, 10_000]],
    ['checks>99%', [undefined, 'share', 'ratio', '>', 0.99, 10_000]],
    ['metric.errors<1%', ['errors', 'share', 'ratio', '<', 0.01, 10_000]],
    ['metric.status 202>99.9%', ['status 202', 'share', 'ratio', '>', 0.999, 10_000]],
    ['metric.checks>1/s', ['checks', 'rate', '/s', '>', 1, 10_000]],
  ])('is read from %s', (text, expected) => {
    expect(meaning(text)).toEqual(expected);
    const fault = countedFault(readObjective(text).counted!, metrics, objectiveWords);
    if (!text.startsWith('metric.checks')) expect(fault).toBeUndefined();
  });

  it('leaves the words for requests what they are', () => {
    expect(readObjective('errors<1%').counted).toBeUndefined();
    expect(readObjective('rate>5/s').counted).toBeUndefined();
  });

  it.each<[string, RegExp]>([
    ['event_sent>9k/s', /metric of the profile \(events_sent, .*\); did you mean events_sent\?$/],
    ['latency<300ms', /^one of p50, .*, good, checks or a metric of the profile \(events_sent/],
    ['events_sent>99%', /^the rate of events_sent, a counter, such as events_sent>9k\/s$/],
    ['events_sent>9MiB/s', /^the rate of events_sent/],
    ['metric.errors<1/s', /^the share of errors, a rate, such as errors>99%$/],
    ['queue:p95<4', /^the value of queue, a gauge, such as queue<1000$/],
    ['took<300ms', /^a figure of took, a trend, such as took:p95<2KiB$/],
    ['took:p95<2KiB', /^a bound in the unit of took, ms$/],
    ['event_size_bytes:p95<300', /^a bound in the unit of event_size_bytes, bytes$/],
  ])('%s is told what was expected', (text, words) => {
    expect(countedFault(readObjective(text).counted!, metrics, objectiveWords)).toMatch(words);
  });

  it('on all expectations wants some', () => {
    expect(countedFault(readObjective('checks>99%').counted!, [], objectiveWords)).toMatch(
      /^expectations in the profile/,
    );
    expect(countedFault(readObjective('sent>9/s').counted!, [], objectiveWords)).toMatch(/which declares none/);
  });

  it.each<[string, number, string, string]>([
    ['checks>99%', 1, 'met', '100 %'],
    ['checks>99%', 0.9908, 'at risk', '99.08 %'],
    ['checks>99%', 0.98, 'broken', '98.0 %'],
    ['checks>=100%', 1, 'met', '100 %'],
    ['events_sent>9k/s', 9100, 'at risk', '9,100/s'],
    ['events_sent>9k/s', 12_000, 'met', '12,000/s'],
    ['event_size_bytes:p95<2KiB', 1024, 'met', '1 KiB'],
    ['event_size_bytes:p95<2KiB', 2048, 'broken', '2 KiB'],
    ['bytes_sent<9MiB/s', 1024, 'met', '1 KiB/s'],
    ['took:max<1s', 950, 'at risk', '950 ms'],
  ])('%s with %d is %s', (text, value, status, words) => {
    const objective = readObjective(text);
    expect(statusOf(objective, value)).toBe(status);
    expect(objectiveValue(objective.metric, value, objective.counted)).toBe(words);
  });
});

type Counted = readonly (readonly [metric: number, value: number])[];

const secondOf = (second: number, values: Counted, late = false): Second => {
  const recorder = new Recorder(0, 1, second * 1000, metrics);
  for (const [index, [metric, value]] of values.entries()) recorder.metric(metric, value, second * 1000 + index);
  const { metrics: counted, cells } = recorder.close(0, noStocks(), { loopUtilisation: 0, loopDelayMs: 0 });
  return fixtureSecond(second, { metrics: counted, cells, late });
};

describe('the window of an objective on a metric', () => {
  const values = fc.array(fc.tuple(fc.nat(metrics.length - 1), fc.integer({ min: 0, max: 5000 })), { maxLength: 40 });
  const runs = fc.array(fc.tuple(values, values), { minLength: 1, maxLength: 8 });
  const asRate = (metric: number, value: number): number => ([2, 6, 7].includes(metric) ? value % 2 : value);

  it('has the figure of all that was counted in it, with what came late', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const texts = ['events_sent>1/s', 'checks>50%', 'metric.errors<50%', 'queue<9', 'took:mean<5s', 'took:max<5s'];
        const windows = texts.map((text) => new ObjectiveWindow(readObjective(`${text} over 3s`), metrics));
        const counted = run.map(([own, late]) =>
          [own, late].map((list) => list.map(([metric, value]) => [metric, asRate(metric, value)] as const)),
        );
        for (const [second, [on = []]] of counted.entries()) {
          for (const window of windows) window.take(sampleOf(secondOf(second, on)));
        }
        const from = Math.max(0, run.length - 3);
        for (const [second, [, late = []]] of counted.entries()) {
          for (const window of windows) window.takeLate(sampleOf(secondOf(second, late, true)));
        }
        const all = counted.slice(from).flat(2);
        const of = (...wanted: number[]): number[] =>
          all.filter(([metric]) => wanted.includes(metric)).map(([, value]) => value);
        const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
        const mean = (list: readonly number[]): number => (list.length === 0 ? Number.NaN : sum(list) / list.length);
        const [rate, checks, errors, queue, took, max] = windows.map(({ value }) => value);
        expect(rate).toBeCloseTo(sum(of(0)) / Math.min(3, run.length), 6);
        expect(checks).toEqual(mean(of(6, 7)));
        expect(errors).toEqual(mean(of(2)));
        if (of(3).length === 0) expect(queue).toBeNaN();
        else expect(of(3)).toContain(queue);
        expect(took).toEqual(mean(of(4)));
        if (of(4).length > 0)
          expect(Math.abs(max! - Math.max(...of(4)))).toBeLessThanOrEqual(Math.max(...of(4)) / 1000 + 0.001);
      }),
      { numRuns: 25 },
    );
  });

  it('judges a share and a percentile only of enough, a rate always', () => {
    const statusesAfter = (text: string, second: Second): string => {
      const window = new ObjectiveWindow(readObjective(`${text} over 1s`), metrics);
      window.take(sampleOf(second));
      return window.status();
    };
    const few = secondOf(0, [
      [6, 1],
      [0, 5],
      [4, 3],
    ]);
    expect(statusesAfter('checks>99%', few)).toBe('not enough data');
    expect(statusesAfter('took:p95<5s', few)).toBe('not enough data');
    expect(statusesAfter('events_sent>1/s', few)).toBe('met');
    expect(statusesAfter('queue<5', few)).toBe('not enough data');
    const many = secondOf(
      0,
      Array.from({ length: 30 }, (_, index) => [index % 2 === 0 ? 6 : 7, 1] as const),
    );
    expect(statusesAfter('checks>99%', many)).toBe('met');
  });
});
