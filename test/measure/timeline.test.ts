import { describe, expect, it } from 'vitest';
import { GeneratorWatch, OwnLimitWatch } from '../../source/measure/generator.ts';
import { noFlows } from '../../source/measure/interval.ts';
import type { Second } from '../../source/measure/second.ts';
import { Tally } from '../../source/measure/tally.ts';
import { Timeline } from '../../source/measure/timeline.ts';
import { type IntervalPatch, intervalOf } from '../helpers/intervals.ts';

const secondOf = (patch: IntervalPatch, index = 0): Second => {
  const timeline = new Timeline(1);
  timeline.advance(index * 1000 + 600);
  for (let slice = index * 10; slice < index * 10 + 10; slice += 1) timeline.take(intervalOf(0, slice, patch));
  return timeline.advance(index * 1000 + 1600).seconds.at(-1)!;
};

describe('the timeline', () => {
  it('closes a slice when every share has reported it, and a second after ten', () => {
    const timeline = new Timeline(2);
    timeline.take(intervalOf(0, 0, { goodMs: [10] }));
    expect(timeline.advance(150).slices).toEqual([]);
    timeline.take(intervalOf(1, 0, { goodMs: [20, 30], stocks: { inFlight: 2 } }));
    const [slice] = timeline.advance(150).slices;
    expect(slice).toMatchObject({ slice: 0, partial: false, flows: { due: 3, good: 3 }, stocks: { inFlight: 2 } });
    for (let index = 1; index < 10; index += 1) {
      for (const share of [0, 1]) timeline.take(intervalOf(share, index, { goodMs: [index] }));
    }
    const { slices, seconds } = timeline.advance(1010);
    expect(slices).toHaveLength(9);
    expect(seconds).toHaveLength(1);
    expect(seconds[0]).toMatchObject({ second: 0, late: false, partial: false, flows: { good: 21 } });
    expect(seconds[0]!.good).toMatchObject({ count: 21, max: 30.015 });
  });

  it('does not wait for a share longer than 500 ms, says so, and adds what comes later', () => {
    const timeline = new Timeline(2);
    for (let slice = 0; slice < 20; slice += 1) timeline.take(intervalOf(0, slice, { goodMs: [1] }));
    expect(timeline.advance(1099 + 400).slices).toHaveLength(9);
    const closed = timeline.advance(1510);
    expect(closed.slices[0]).toMatchObject({ slice: 9, partial: true });
    expect(closed.seconds[0]).toMatchObject({ second: 0, partial: true, flows: { good: 10 } });
    for (let slice = 0; slice < 11; slice += 1) timeline.take(intervalOf(1, slice, { goodMs: [5] }));
    const late = timeline.advance(1520).seconds;
    expect(late).toHaveLength(1);
    expect(late[0]).toMatchObject({ second: 0, late: true, flows: { good: 10 } });
    expect(late[0]!.good.count).toBe(10);
  });

  it('keeps each worker of a second: how busy its loop was, and how late at the most', () => {
    const timeline = new Timeline(2);
    for (let slice = 0; slice < 10; slice += 1) {
      timeline.take(intervalOf(1, slice, { loopUtilisation: slice === 0 ? 1 : 0 }));
      timeline.take(intervalOf(0, slice, { loopUtilisation: 0.5, ...(slice === 4 && { loopDelayMs: 31 }) }));
    }
    const [second] = timeline.advance(1010).seconds;
    expect(second!.workers).toEqual([
      { share: 0, loopUtilisation: expect.closeTo(0.5), loopDelayMs: 31 },
      { share: 1, loopUtilisation: 0.1, loopDelayMs: Number.NaN },
    ]);
    expect(second!.loopUtilisation).toBeCloseTo(0.5);
    timeline.take(intervalOf(0, 3, { goodMs: [1], loopDelayMs: 900 }));
    expect(timeline.advance(1020).seconds[0]).toMatchObject({ late: true, workers: [] });
  });

  it('tells how late a worker was that could say so only when its second was closed', () => {
    const timeline = new Timeline(1);
    timeline.take(intervalOf(0, 0, { loopDelayMs: 1 }));
    expect(timeline.advance(1600).seconds[0]).toMatchObject({ second: 0, workers: [{ loopDelayMs: 1 }] });
    // It stood still for 1.6 s: the delay stands in the interval that ended the second in which it began.
    for (let slice = 1; slice < 20; slice += 1) {
      timeline.take(intervalOf(0, slice, { loopDelayMs: slice === 9 ? 1580 : slice < 10 ? 0 : Number.NaN }));
    }
    const seconds = timeline.advance(2010).seconds;
    expect(seconds.find(({ late }) => late)).toMatchObject({ second: 0, workers: [] });
    expect(seconds.find(({ late }) => !late)).toMatchObject({ second: 1, workers: [{ share: 0, loopDelayMs: 1580 }] });
    for (let slice = 20; slice < 30; slice += 1) timeline.take(intervalOf(0, slice, { loopDelayMs: 2 }));
    expect(timeline.advance(3010).seconds[0]).toMatchObject({ second: 2, workers: [{ loopDelayMs: 2 }] });
  });

  it('loses nothing, whatever the order in which shares report', () => {
    const timeline = new Timeline(3);
    const tally = new Tally();
    const take = (seconds: readonly Second[]) => {
      for (const second of seconds) tally.take(second);
    };
    // Share 2 is 900 ms behind, share 1 stands still for two seconds.
    for (let tick = 0; tick < 60; tick += 1) {
      timeline.take(intervalOf(0, tick, { goodMs: [1] }));
      if (tick < 20 || tick >= 40) timeline.take(intervalOf(1, tick, { goodMs: [2] }));
      if (tick === 39)
        for (let slice = 20; slice < 40; slice += 1) timeline.take(intervalOf(1, slice, { goodMs: [2] }));
      if (tick >= 9) timeline.take(intervalOf(2, tick - 9, { goodMs: [3] }));
      take(timeline.advance((tick + 1) * 100 + 5).seconds);
    }
    for (let slice = 51; slice < 60; slice += 1) timeline.take(intervalOf(2, slice, { goodMs: [3] }));
    take(timeline.finish().seconds);
    expect(tally.flows.good).toBe(180);
    const summary = tally.summary(frame, ['GET /']);
    expect(summary).toMatchObject({ completed: 180, good: 180, balanced: true, bytesOut: 18_000, bytesIn: 9000 });
    expect(summary.response.good).toMatchObject({ count: 180, minMs: 1, maxMs: 3.001 });
  });

  it('adds up what requests held, over slices, shares and series', () => {
    const timeline = new Timeline(2);
    const tally = new Tally();
    for (let slice = 0; slice < 20; slice += 1) {
      for (const share of [0, 1]) {
        const interval = intervalOf(share, slice, { goodMs: [1] });
        const [first] = interval.series;
        const series = [
          { ...first!, items: 10 },
          { ...first!, series: 1, items: 100 },
          { ...first!, series: 2 },
        ];
        timeline.take({ ...interval, series });
      }
    }
    for (const second of timeline.finish().seconds) tally.take(second);
    const summary = tally.summary({ ...frame, durationMs: 2000 }, ['a', 'b', 'c'], ['events', 'events', null]);
    expect(summary.items).toEqual([{ name: 'events', count: 4400, rate: 2200 }]);
    expect(summary.series.map(({ items }) => items?.count)).toEqual([400, 4000, undefined]);
    expect(new Tally().summary(frame, ['a'])).not.toHaveProperty('items');
  });

  it('does not wait for a share that is forgotten', () => {
    const timeline = new Timeline(2);
    timeline.forget(1);
    timeline.take(intervalOf(0, 0));
    expect(timeline.advance(110).slices).toHaveLength(1);
  });

  it('counts what a share that left still reports, without waiting for it, until it is back', () => {
    const timeline = new Timeline(2);
    for (const share of [0, 1]) timeline.take(intervalOf(share, 0, { goodMs: [1] }));
    timeline.leave(1);
    timeline.take(intervalOf(1, 1, { goodMs: [1] }));
    timeline.take(intervalOf(0, 1, { goodMs: [1] }));
    timeline.take(intervalOf(0, 2, { goodMs: [1] }));
    expect(timeline.advance(310).slices.map(({ flows, partial }) => [flows.good, partial])).toEqual([
      [2, false],
      [2, false],
      [1, false],
    ]);
    timeline.join(1);
    timeline.take(intervalOf(1, 3, { goodMs: [1] }));
    timeline.take(intervalOf(0, 3, { goodMs: [1] }));
    timeline.take(intervalOf(0, 4, { goodMs: [1] }));
    expect(timeline.advance(510).slices).toHaveLength(1);
  });

  it('knows a share that joined from its first interval on: what closed before it is whole', () => {
    const timeline = new Timeline(1);
    timeline.join(1);
    for (let slice = 0; slice < 3; slice += 1) timeline.take(intervalOf(0, slice, { goodMs: [1] }));
    timeline.take(intervalOf(1, 2, { goodMs: [1] }));
    const { slices } = timeline.advance(310);
    expect(slices.map(({ flows, partial }) => [flows.good, partial])).toEqual([
      [1, false],
      [1, false],
      [2, false],
    ]);
  });

  it('adds up users, stuck requests and addresses of all shares', () => {
    const timeline = new Timeline(2);
    for (let slice = 0; slice < 10; slice += 1) {
      timeline.take(
        intervalOf(0, slice, {
          stocks: { users: 3, stuck: 1 },
          addresses: [{ address: '10.0.0.2', requests: 5, notGood: 1 }],
        }),
      );
      timeline.take(
        intervalOf(1, slice, {
          stocks: { users: 4, stuck: 0 },
          addresses: [
            { address: '10.0.0.1', requests: 2, notGood: 0 },
            { address: '10.0.0.2', requests: 1, notGood: 0 },
          ],
        }),
      );
    }
    const [second] = timeline.advance(1010).seconds;
    expect(second!.stocks).toMatchObject({ users: 7, stuck: 1 });
    expect(second!.addresses).toEqual([
      { address: '10.0.0.1', requests: 20, notGood: 0 },
      { address: '10.0.0.2', requests: 60, notGood: 10 },
    ]);
  });
});

const frame = {
  name: 'test',
  target: 'http://localhost',
  model: 'open',
  startedAt: '2026-01-01T00:00:00.000Z',
  timeZone: 'UTC',
  endReason: 'the planned end',
  durationMs: 6000,
  seed: 1,
  recording: null,
  problems: [],
} as const;

describe('the generator’s verdict', () => {
  const few = Array.from({ length: 50 }, () => 1);

  it.each([
    ['all well', { pacingMs: few }, 'good', []],
    ['late arrivals', { pacingMs: few.map(() => 20) }, 'warn', ['pacing delay p99 20.0 ms']],
    ['very late arrivals', { pacingMs: few.map(() => 80) }, 'bad', ['pacing delay p99 80.1 ms']],
    ['a busy loop', { pacingMs: few, loopUtilisation: 0.85 }, 'warn', ['loop is 85 % busy']],
    ['a full loop', { pacingMs: few, loopUtilisation: 0.95 }, 'bad', ['loop is 95 % busy']],
    [
      'errors of our own',
      { goodMs: [...few, ...few, ...few, ...few, ...few, ...few, ...few, ...few], ownErrors: 1 },
      'warn',
      ['10 requests failed for want'],
    ],
    ['many errors of our own', { goodMs: few, ownErrors: 5 }, 'bad', ['50 requests failed for want']],
    ['arrivals never sent', { flows: { due: 3, notSent: 3 } }, 'bad', ['30 arrivals were more than 1 s late']],
    [
      'a backlog and a wait for room',
      { pacingMs: few, roomMs: few.map(() => 900), stocks: { backlog: 5000 } },
      'good',
      [],
    ],
  ] as const)('with %s is %s', (_, patch, level, reasons) => {
    const verdict = new GeneratorWatch('open').judge(secondOf(patch));
    expect(verdict.level).toBe(level);
    expect(verdict.reasons).toHaveLength(reasons.length);
    for (const [index, reason] of reasons.entries()) expect(verdict.reasons[index]).toContain(reason);
  });

  it('names what functions of the profile took of a worker', () => {
    const workers = [
      { share: 0, loopUtilisation: 0.4, functionsRatio: 0.01, loopDelayMs: 0 },
      { share: 1, loopUtilisation: 0.95, functionsRatio: 0.43, loopDelayMs: 0 },
    ];
    const reasons = (patch: object) => new GeneratorWatch('open').judge({ ...secondOf({}), ...patch }).reasons;
    const busy = { ...secondOf({ loopUtilisation: 0.95, pacingMs: few }), workers };
    expect(reasons(busy)).toEqual(["a worker's loop is 95 % busy, of which 43 % in functions of the profile"]);
    const late = { ...secondOf({ pacingMs: few.map(() => 80) }), workers };
    expect(reasons(late)[0]).toMatch(/wanted at most 10 ms; functions of the profile took 43 % of a worker$/);
    expect(reasons({ ...late, workers: workers.slice(0, 1) })[0]).toMatch(/wanted at most 10 ms$/);
  });

  it.each(['full speed', 'closed', 'burst'] as const)('does not blame a full loop with the model %s', (model) => {
    expect(new GeneratorWatch(model).judge(secondOf({ loopUtilisation: 0.99 })).level).toBe('good');
  });

  it('blames late arrivals in every model that has an instant for them, and only in seconds that had such', () => {
    const watch = new GeneratorWatch('closed');
    expect(watch.judge(secondOf({ pacingMs: few.map(() => 80) })).level).toBe('bad');
    expect(watch.judge(secondOf({ goodMs: few }, 1)).level).toBe('good');
  });

  it('is on a second in which nothing came due neither late nor busy, and has no number for it', () => {
    const watch = new GeneratorWatch('open');
    const late = watch.judge(secondOf({ pacingMs: few.map(() => 42) }));
    expect(late).toMatchObject({ level: 'warn', pacingP99Ms: expect.closeTo(42, 0) });
    const rest = watch.judge(secondOf({ loopUtilisation: 0.99 }, 1));
    expect(rest).toMatchObject({ level: 'good', pacingP99Ms: Number.NaN });
    expect(watch.judge(secondOf({ pacingMs: [1] }, 2))).toMatchObject({
      level: 'warn',
      pacingP99Ms: expect.closeTo(42, 0),
    });
  });

  it('forgets what was before where it starts afresh', () => {
    const watch = new GeneratorWatch('open');
    watch.judge(secondOf({ goodMs: few, pacingMs: few.map(() => 80), ownErrors: 5 }));
    watch.startAfresh();
    expect(watch.judge(secondOf({ pacingMs: few }, 1)).level).toBe('good');
  });

  it('looks back as far as 200 arrivals need, and at least 5 s', () => {
    const watch = new GeneratorWatch('open');
    watch.judge(secondOf({ pacingMs: [80] }));
    for (let index = 1; index < 15; index += 1) {
      expect(watch.judge(secondOf({ pacingMs: [1] }, index)).level).toBe('bad');
    }
    for (let index = 15; index < 22; index += 1) watch.judge(secondOf({ pacingMs: few }, index));
    expect(watch.judge(secondOf({ pacingMs: few }, 22)).level).toBe('good');
  });

  it('is bad while a share has no worker', () => {
    const watch = new GeneratorWatch('open');
    watch.lost(0);
    expect(watch.judge(secondOf({})).level).toBe('bad');
    watch.takenOver(0);
    // It was still missing when this second began.
    expect(watch.judge(secondOf({}, 1)).level).toBe('bad');
    expect(watch.judge(secondOf({}, 2)).level).toBe('good');
  });

  it('makes a run not valid when it was bad for more than 5 % of the seconds', () => {
    const base = secondOf({});
    const summaryOf = (bad: number) => {
      const tally = new Tally();
      for (let second = 0; second < 100; second += 1) {
        const level = second < bad ? 'bad' : 'good';
        tally.judge(
          { ...base, second },
          { level, reasons: level === 'bad' ? ['late'] : [], pacingP99Ms: 1, loopUtilisation: 0.1 },
          false,
        );
      }
      return tally.summary(frame, []).generator;
    };
    expect(summaryOf(5)).toMatchObject({ valid: true, verdict: 'warn' });
    expect(summaryOf(6)).toMatchObject({
      valid: false,
      verdict: 'bad',
      bad: [{ fromMs: 0, toMs: 6000, reasons: ['late'] }],
    });
  });

  it('makes a run not valid when more than 1 % of what was due was not sent', () => {
    const notSent = (count: number) => {
      const tally = new Tally();
      tally.take({ ...secondOf({}), flows: { ...noFlows(), due: 1000, good: 1000 - count, notSent: count } });
      return tally.summary(frame, []).generator.valid;
    };
    expect(notSent(10)).toBe(true);
    expect(notSent(11)).toBe(false);
  });
});

describe('our own limit', () => {
  const waiting = { roomMs: [50, 60, 70], stocks: { backlog: 10 } };

  it('is it when arrivals wait for room and the target is no slower than before', () => {
    const watch = new OwnLimitWatch();
    expect(watch.judge(secondOf({ goodMs: [100], unhinderedMs: [100] }))).toBe(false);
    expect(watch.judge(secondOf({ goodMs: [105], ...waiting }, 1))).toBe(true);
  });

  it('is not it when the target has become slower', () => {
    const watch = new OwnLimitWatch();
    watch.judge(secondOf({ goodMs: [100], unhinderedMs: [100] }));
    expect(watch.judge(secondOf({ goodMs: [150], ...waiting }, 1))).toBe(false);
    expect(watch.judge(secondOf({ goodMs: [120], ...waiting }, 2))).toBe(true);
  });

  it('is it from the first second on where the ceiling is too low from the start', () => {
    const first = secondOf({ goodMs: [100], unhinderedMs: [100], ...waiting });
    expect(new OwnLimitWatch().judge(first)).toBe(true);
  });

  it('is not it from the first second on where the target is full from the start', () => {
    const first = secondOf({ goodMs: [500], unhinderedMs: [10, 180, 350], ...waiting });
    expect(new OwnLimitWatch().judge(first)).toBe(false);
  });

  it('is nobody’s where nothing was measured before arrivals had to wait', () => {
    expect(new OwnLimitWatch().judge(secondOf({ goodMs: [100], ...waiting }))).toBe(false);
  });
});
