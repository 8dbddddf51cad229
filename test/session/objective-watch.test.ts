// What the session makes of objectives: what is an event, when one is met again, and what the summary says in the end.

import { describe, expect, it } from 'vitest';
import { Histogram } from '../../source/measure/histogram.ts';
import { joinHistograms, noFlows, spanKey } from '../../source/measure/interval.ts';
import { readObjective } from '../../source/measure/objective.ts';
import type { Second } from '../../source/measure/second.ts';
import type { EventBody } from '../../source/session/events.ts';
import { ObjectiveWatch } from '../../source/session/objective-watch.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';

/** A second with so many good requests of `ms` each, and so many that were not good. */
const secondOf = (second: number, ms: number, good = 100, notGood = 0): Second => {
  const histogram = new Histogram();
  for (let n = 0; n < good; n += 1) histogram.record(ms);
  return fixtureSecond(second, {
    flows: { ...noFlows(), due: good + notGood, good, notGood },
    series: [{ series: 0, good, notGood, bytesOut: 0, bytesIn: 0, outcomes: [] }],
    cells: joinHistograms([[spanKey(0, 0, 0), histogram.sparse()]]),
  });
};

/** A run of which each second is given by its response time; `undefined` for one in which nothing ended. */
const watched = (texts: readonly string[], seconds: readonly (number | undefined)[], warmupMs = 0) => {
  const watch = new ObjectiveWatch(texts.map(readObjective), warmupMs);
  const changes = seconds.flatMap((ms, second) =>
    watch
      .take(ms === undefined ? secondOf(second, 0, 0) : secondOf(second, ms))
      .changes.map((event) => ({ second, event })),
  );
  return { watch, changes: changes.map(({ second, event }) => [second, ...inShort(event)]) };
};

const inShort = (event: EventBody): (string | number | undefined)[] =>
  event.type === 'objective/changed' ? [`${event.before} → ${event.status}`, event.brokenForMs] : [event.type];

const planned = (patch: Partial<Extract<EventBody, { type: 'plan/changed' }>>, level = 100): EventBody => ({
  type: 'plan/changed',
  plan: { revision: 1, segments: [{ at: patch.from ?? 0, lengthMs: Infinity, from: level, to: level }] },
  from: 0,
  command: { type: 'run/pause' },
  source: 'key',
  wantedBefore: 100,
  wanted: 100,
  overMs: 0,
  endsAt: null,
  remainingMs: null,
  paused: false,
  manual: false,
  ...patch,
});

/** From a rate to zero by hand, and on. */
const ramp = (from: number, level: number, overMs: number): EventBody =>
  planned({
    from,
    manual: true,
    wanted: 0,
    overMs,
    plan: {
      revision: 1,
      segments: [
        { at: from, lengthMs: overMs, from: level, to: 0 },
        { at: from + overMs, lengthMs: Infinity, from: 0, to: 0 },
      ],
    },
  });

const at = (ms: number, count: number): number[] => Array(count).fill(ms);

describe('an objective', () => {
  it('is judged from when its window is full, and changes are events', () => {
    const { changes, watch } = watched(['max<300ms over 2s'], [10, 10, 10, 400, 10, 10, 10, 10]);
    expect(changes).toEqual([
      [1, 'not enough data → met', undefined],
      [3, 'met → broken', undefined],
      // Broken in seconds 3 and 4; three seconds within the bound make it met again.
      [7, 'broken → met', 2000],
    ]);
    expect(watch.summary()).toMatchObject([
      {
        verdict: 'broken',
        judgedMs: 7000,
        brokenMs: 2000,
        broken: [{ fromMs: 3000, toMs: 5000 }],
        worstAtMs: 4000,
        unit: 'ms',
      },
    ]);
  });

  it('that wavers about its bound is broken until it has settled, and the summary counts the seconds beyond it', () => {
    const { changes, watch } = watched(['max<300ms over 1s'], [400, 10, 400, 10, 400, 10, 10, 10]);
    expect(changes).toEqual([
      [0, 'not enough data → broken', undefined],
      [7, 'broken → met', 5000],
    ]);
    expect(watch.summary()).toMatchObject([{ brokenMs: 3000, broken: [{}, {}, {}] }]);
  });

  it('says since when it is broken', () => {
    const watch = new ObjectiveWatch([readObjective('max<300ms over 1s')]);
    watch.take(secondOf(0, 10));
    watch.take(secondOf(1, 400));
    const { standings } = watch.take(secondOf(2, 500));
    expect(standings).toMatchObject([{ status: 'broken', brokenSince: 1000 }]);
    expect(standings[0]!.value).toBeCloseTo(500, 0);
  });

  it('is not judged by the warm-up', () => {
    const { changes, watch } = watched(['max<300ms over 1s'], [400, 400, 10, 10], 1500);
    expect(changes).toEqual([[2, 'not enough data → met', undefined]]);
    expect(watch.summary()).toMatchObject([{ verdict: 'met', judgedMs: 2000, brokenMs: 0 }]);
  });

  it('needs enough requests', () => {
    const watch = new ObjectiveWatch(
      ['p99<300ms over 1s', 'errors<1% over 1s', 'max<300ms over 1s'].map(readObjective),
    );
    const few = watch.take(secondOf(0, 400, 19)).standings.map(({ status }) => status);
    expect(few).toEqual(['not enough data', 'not enough data', 'broken']);
    const enough = watch.take(secondOf(1, 400, 19, 1)).standings.map(({ status }) => status);
    expect(enough).toEqual(['not enough data', 'broken', 'broken']);
  });

  it('that can no longer be judged says so once', () => {
    const { changes } = watched(['p99<300ms over 1s'], [400, undefined, undefined, 10]);
    expect(changes).toEqual([
      [0, 'not enough data → broken', undefined],
      [1, 'broken → not enough data', 1000],
      [3, 'not enough data → met', undefined],
    ]);
  });

  it('with a window longer than the run is judged at its end, by all of it', () => {
    const { watch, changes } = watched(['p99<300ms over 30s', 'p50<1s over 30s'], [10, 400, 10]);
    expect(changes).toEqual([]);
    expect(watch.finish().map(inShort)).toEqual([
      ['not enough data → broken', undefined],
      ['not enough data → met', undefined],
    ]);
    expect(watch.summary()).toMatchObject([
      { verdict: 'broken', brokenMs: 3000, broken: [{ fromMs: 0, toMs: 3000 }] },
      { verdict: 'met', brokenMs: 0 },
    ]);
    expect(watch.finish()).toEqual([]);
  });

  it('without a request is not judged at all', () => {
    const { watch } = watched(
      ['p99<300ms over 1s'],
      at(0, 3).map(() => undefined),
    );
    expect(watch.finish()).toEqual([]);
    expect(watch.summary()).toMatchObject([{ verdict: 'not enough data', worst: null, worstAtMs: null, judgedMs: 0 }]);
  });

  it('takes what is late into its window, and leaves the past as it was judged', () => {
    const watch = new ObjectiveWatch([readObjective('max<300ms over 2s')]);
    watch.take(secondOf(0, 10));
    watch.take(secondOf(1, 10));
    expect(watch.take({ ...secondOf(1, 400), late: true }).changes).toEqual([]);
    expect(watch.summary()).toMatchObject([{ brokenMs: 0 }]);
    expect(watch.take(secondOf(2, 10)).standings).toMatchObject([{ status: 'broken' }]);
  });
});

describe('an objective on the rate', () => {
  const rate = () => new ObjectiveWatch([readObjective('rate>=90/s over 2s')]);
  const statuses = (watch: ObjectiveWatch, seconds: readonly [number, number][]): string[] =>
    seconds.map(([second, good]) => watch.take(secondOf(second, 10, good)).standings[0]!.status);

  it.each<[string, EventBody, EventBody]>([
    ['a pause', planned({ from: 2300, paused: true, wanted: 100 }), planned({ from: 4500 })],
    ['a zero by hand', planned({ from: 2300, manual: true, wanted: 0 }, 0), planned({ from: 4500, manual: true })],
  ])('is not broken by %s', (_, rest, goOn) => {
    const watch = rate();
    expect(
      statuses(watch, [
        [0, 100],
        [1, 100],
      ]),
    ).toEqual(['not enough data', 'met']);
    watch.follow(rest, 2250);
    watch.follow(goOn, 4450);
    expect(
      statuses(watch, [
        [2, 30],
        [3, 0],
        [4, 50],
      ]),
    ).toEqual(['met', 'met', 'met']);
    expect(
      statuses(watch, [
        [5, 100],
        [6, 80],
      ]),
    ).toEqual(['not enough data', 'at risk']);
    expect(statuses(watch, [[7, 80]])).toEqual(['broken']);
    expect(watch.summary()).toMatchObject([{ judgedMs: 3000, brokenMs: 1000, worst: 80 }]);
  });

  it('is broken by a zero that was planned, and by a rate that was lowered', () => {
    for (const change of [planned({ from: 0, wanted: 0 }, 0), planned({ from: 0, manual: true, wanted: 10 }, 10)]) {
      const watch = rate();
      watch.follow(change, 0);
      expect(
        statuses(watch, [
          [0, 10],
          [1, 10],
        ]),
      ).toEqual(['not enough data', 'broken']);
    }
  });

  it('is broken on the way down to zero by hand, and not any more once it is there', () => {
    const watch = rate();
    statuses(watch, [
      [0, 100],
      [1, 100],
    ]);
    watch.follow(ramp(2000, 100, 3000), 1950);
    const down: [number, number][] = [
      [2, 80],
      [3, 50],
      [4, 20],
      [5, 0],
      [6, 0],
    ];
    expect(statuses(watch, down)).toEqual(['at risk', 'broken', 'broken', 'broken', 'broken']);
    expect(watch.summary()).toMatchObject([{ brokenMs: 2000 }]);
  });

  it('is not spared by a zero that was to come and does not', () => {
    const watch = rate();
    watch.follow(ramp(0, 100, 3000), 0);
    watch.follow(planned({ from: 1000, manual: true, wanted: 50 }, 50), 950);
    expect(
      statuses(watch, [
        [3, 50],
        [4, 50],
      ]),
    ).toEqual(['not enough data', 'broken']);
  });

  it('rests in a pause on the way to zero, and after that not until it is there', () => {
    const watch = rate();
    statuses(watch, [
      [0, 100],
      [1, 100],
    ]);
    watch.follow(ramp(2000, 100, 8000), 1950);
    watch.follow(planned({ from: 3000, paused: true, manual: true }, 0), 2950);
    watch.follow(ramp(5000, 80, 3000), 4950);
    const seconds: [number, number][] = [
      [2, 98],
      [3, 0],
      [4, 0],
      [5, 60],
      [6, 40],
    ];
    expect(statuses(watch, seconds)).toEqual(['met', 'met', 'met', 'not enough data', 'broken']);
    expect(watch.take(secondOf(8, 10, 0)).standings).toMatchObject([{ value: 50 }]);
  });

  it('is not broken by what ends after the end of the load', () => {
    const watch = rate();
    statuses(watch, [
      [0, 100],
      [1, 100],
    ]);
    watch.follow({ type: 'phase/changed', phase: 'draining', reason: 'the planned end' }, 2400);
    expect(
      statuses(watch, [
        [2, 40],
        [3, 1],
      ]),
    ).toEqual(['met', 'met']);
    expect(watch.finish()).toEqual([]);
  });

  it('with a window longer than the run is judged at its end', () => {
    const watch = new ObjectiveWatch([readObjective('rate>=110/s over 30s')]);
    statuses(watch, [
      [0, 100],
      [1, 100],
    ]);
    watch.follow({ type: 'phase/changed', phase: 'draining', reason: 'the planned end' }, 2000);
    statuses(watch, [[2, 1]]);
    expect(watch.finish().map(inShort)).toEqual([['not enough data → broken', undefined]]);
  });
});

describe('an objective on times', () => {
  it('counts the slow ones that end after the load, beside those before them', () => {
    const watch = new ObjectiveWatch([readObjective('p99<300ms over 2s')]);
    watch.take(secondOf(0, 10, 1000));
    watch.take(secondOf(1, 10, 1000));
    watch.follow({ type: 'phase/changed', phase: 'draining', reason: 'the planned end' }, 2000);
    // Ten of 2,010 are no hundredth, though nothing else ends any more.
    for (const second of [2, 3, 4, 5]) watch.take(secondOf(second, 900, second === 2 ? 10 : 0));
    expect(watch.summary()).toMatchObject([{ verdict: 'met' }]);
    watch.take(secondOf(6, 900, 30));
    expect(watch.summary()).toMatchObject([{ verdict: 'broken', brokenMs: 1000 }]);
  });
});
