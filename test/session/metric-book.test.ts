// What the screen is told of metrics: totals, the last second, ten seconds, and their course; late parts find their place.

import { expect, it } from 'vitest';
import type { Metric } from '../../source/measure/metric.ts';
import { Recorder } from '../../source/measure/recorder.ts';
import { noStocks, type Second } from '../../source/measure/second.ts';
import { MetricBook } from '../../source/session/metric-book.ts';
import { replay, stateAt } from '../../source/session/replay.ts';
import { statusOf } from '../../source/session/status.ts';
import { fixtureRun, fixtureRunInfo, fixtureSecondClosed, numbered } from '../helpers/events.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';
import { recordingLines } from '../helpers/recording-lines.ts';

const own = { unit: undefined, source: 'profile', series: undefined } as const;
const metrics: readonly Metric[] = [
  { ...own, name: 'sent', kind: 'counter' },
  { ...own, name: 'status 202', kind: 'rate', source: 'expectation', series: 0 },
  { ...own, name: 'queue', kind: 'gauge' },
  { ...own, name: 'size', kind: 'trend', unit: 'bytes' },
];

/** A second in which these values were counted of the metrics. */
const secondOf = (
  second: number,
  values: readonly (readonly [metric: number, value: number])[],
  late = false,
): Second => {
  const recorder = new Recorder(0, 1, second * 1000, metrics);
  for (const [index, [metric, value]] of values.entries()) {
    const at = second * 1000 + index;
    if (metric === 1) recorder.passed(1, value > 0, at, () => `found ${value}\u001b[31m at ${second}`);
    else recorder.metric(metric, value, at);
  }
  const interval = recorder.close(0, noStocks(), { loopUtilisation: 0, loopDelayMs: 0 });
  return fixtureSecond(second, { metrics: interval.metrics, cells: interval.cells, late });
};

const bookOf = () => {
  const book = new MetricBook();
  const course = new Map<string, number>();
  const take = (second: Second) =>
    book.take(second, metrics, ['POST /events'], (metric, at, value) => course.set(`${metric} at ${at}`, value));
  return { take, course };
};

it('has all metrics from the first second on, those of which nothing was counted too', () => {
  const { take } = bookOf();
  expect(
    take(
      secondOf(0, [
        [0, 10],
        [0, 5],
      ]),
    ),
  ).toMatchObject([
    { name: 'sent', count: 2, sum: 15, perSecond: 15, newest: 5 },
    { name: 'status 202', series: 'POST /events', count: 0, share: Number.NaN },
    { name: 'queue', newest: Number.NaN },
    { name: 'size', unit: 'bytes', recent: { count: 0 } },
  ]);
});

it('reads shares and percentiles over ten seconds, rates over the last one, and keeps the first failure', () => {
  const { take } = bookOf();
  take(
    secondOf(0, [
      [1, 0],
      [3, 9000],
      [2, 7],
    ]),
  );
  for (let second = 1; second < 10; second += 1)
    take(
      secondOf(second, [
        [1, 1],
        [3, 100],
      ]),
    );
  const [, rate, gauge, trend] = take(secondOf(9, [], true));
  expect(rate).toMatchObject({
    count: 10,
    sum: 9,
    share: 0.9,
    perSecond: 1,
    example: 'found 0 [31m at 0',
    exampleAt: 0,
  });
  expect(gauge).toMatchObject({ newest: 7 });
  expect(trend).toMatchObject({ recent: { count: 10, p50: 100, max: 9000 } });
  const [, after, , later] = take(
    secondOf(10, [
      [1, 1],
      [3, 100],
    ]),
  );
  expect(after).toMatchObject({ count: 11, sum: 10, share: 1, example: 'found 0 [31m at 0' });
  expect(later).toMatchObject({ count: 11, recent: { count: 10, max: 100 } });
});

it('takes in what came late, in the totals and in the course', () => {
  const { take, course } = bookOf();
  take(
    secondOf(0, [
      [0, 10],
      [1, 1],
      [2, 3],
      [3, 200],
    ]),
  );
  take(secondOf(1, [[0, 20]]));
  const [sent, rate, , size] = take(
    secondOf(
      0,
      [
        [0, 5],
        [1, 0],
        [3, 400],
      ],
      true,
    ),
  );
  expect(sent).toMatchObject({ sum: 35, perSecond: 20 });
  expect(rate).toMatchObject({ share: 0.5 });
  expect(size).toMatchObject({ recent: { count: 2, max: 400 } });
  expect(Object.fromEntries(course)).toMatchObject({
    ...{ '0 at 0': 15, '0 at 1': 20, '1 at 0': 0.5, '2 at 0': 3, '2 at 1': 3, '3 at 0': 400 },
  });
  expect(course.get('1 at 1')).toBeNaN();
});

it('says the same of a recording as of the run', async () => {
  const [opened] = fixtureRun();
  if (opened?.type !== 'run/opened') throw new Error('found no head');
  const run = fixtureRunInfo({ metrics });
  const seconds = [
    secondOf(0, [
      [0, 10],
      [1, 0],
      [3, 300],
    ]),
    secondOf(1, [
      [0, 4],
      [2, 8],
    ]),
    secondOf(0, [[3, 500]], true),
  ];
  const events = [
    { ...opened, run },
    ...numbered(seconds.map((second, index) => [1000 + index, fixtureSecondClosed(second)] as const)),
  ];
  const lived = stateAt(events);
  const again = stateAt(replay(await recordingLines(events)));
  expect(again.metrics).toEqual(lived.metrics);
  expect(again.metrics).toMatchObject([{ sum: 14 }, { example: 'found 0 [31m at 0' }, { newest: 8 }, { count: 2 }]);
  expect(again.history.metric(0)?.read(0, 2)).toEqual(Float64Array.of(10, 4));
});

it('is in the status that others ask for', () => {
  const [opened] = fixtureRun();
  if (opened?.type !== 'run/opened') throw new Error('found no head');
  const counted = [
    [0, 10],
    [1, 0],
  ] as const;
  const closed = numbered([[1000, fixtureSecondClosed(secondOf(0, counted))]]);
  const state = stateAt([{ ...opened, run: fixtureRunInfo({ metrics }) }, ...closed]);
  expect(statusOf(state)).toMatchObject({
    metricsWindowMs: 10_000,
    metrics: [
      { name: 'sent', kind: 'counter', source: 'profile', series: null, sum: 10, perSecond: 10, firstFailure: null },
      {
        name: 'status 202',
        series: 'POST /events',
        shareRatio: 0,
        firstFailure: 'found 0 [31m at 0',
        firstFailureAtMs: 1,
      },
      { name: 'queue', recent: null },
      { name: 'size', unit: 'bytes', recent: { count: 0 } },
    ],
  });
});
