// The state of a run as readers see it after its events: the plan's figures in every situation, rates, outcomes, probes.

import { describe, expect, it } from 'vitest';
import { constantSegments, type PlanData, type Segment } from '../../source/load/arrival-plan.ts';
import { type CauseName, causeIndex } from '../../source/measure/cause.ts';
import { noFlows } from '../../source/measure/interval.ts';
import type { Second, Slice } from '../../source/measure/second.ts';
import type { EventBody, RunInfo } from '../../source/session/events.ts';
import { beginning, type Folded, reduce } from '../../source/session/reduce.ts';
import type { RunState } from '../../source/session/state.ts';
import { fineRound } from '../helpers/burst-round.ts';
import {
  fixtureHealth,
  fixtureRun,
  fixtureRunInfo,
  fixtureSecond,
  fixtureSecondClosed,
  fixtureSummary,
  numbered,
} from '../helpers/events.ts';
import { intervalOf, noStocks } from '../helpers/intervals.ts';

type Timed = readonly [at: number, body: EventBody];

const fold = (events: readonly Timed[]): RunState =>
  numbered(events).reduce<Folded>((folded, event) => reduce(folded, event), beginning()).state;

const opened = (segments: readonly Segment[], run: Partial<RunInfo> = {}): Timed => {
  const last = segments.at(-1);
  const end = last ? last.at + last.lengthMs : 0;
  return [
    0,
    {
      type: 'run/opened',
      run: fixtureRunInfo(run),
      plan: { revision: 0, segments },
      endsAt: Number.isFinite(end) ? end : null,
    },
  ];
};

/** Time goes on without anything that changes the plan. */
const look = (at: number): Timed => [
  at,
  { type: 'command/refused', command: { type: 'run/resume' }, reason: 'the load is not paused' },
];

type PlanChange = Extract<EventBody, { type: 'plan/changed' }>;

const changed = (plan: PlanData, patch: Partial<PlanChange> = {}): PlanChange => ({
  type: 'plan/changed',
  plan,
  from: 3000,
  command: { type: 'rate/set', rate: 800 },
  source: 'key',
  wantedBefore: 500,
  wanted: 800,
  overMs: 0,
  endsAt: 10_000,
  remainingMs: 7000,
  paused: false,
  manual: true,
  ...patch,
});

const ten = constantSegments(500, 10_000);
const raised: PlanData = {
  revision: 1,
  segments: [...constantSegments(500, 3000), { at: 3000, lengthMs: 7000, from: 800, to: 800 }],
};
const held: PlanData = {
  revision: 1,
  segments: [...constantSegments(500, 3000), { at: 3000, lengthMs: Infinity, from: 0, to: 0 }],
};
const pause = (patch: Partial<PlanChange> = {}): PlanChange =>
  changed(held, { command: { type: 'run/pause' }, wanted: 500, paused: true, endsAt: null, manual: false, ...patch });

const sliceOf = (slice: number, flows: Partial<Slice['flows']>, goodMs: readonly number[] = []): Timed => [
  slice * 100 + 120,
  {
    type: 'slice/closed',
    slice: {
      slice,
      partial: false,
      flows: { ...noFlows(), ...flows },
      stocks: { ...noStocks, inFlight: slice },
      revision: 0,
      requests: { good: flows.good ?? 0, notGood: flows.notGood ?? 0 },
      outcomes: flows.good
        ? [{ cause: causeIndex('2xx'), count: flows.good, firstAt: 0, lastAt: 1, example: undefined }]
        : [],
      cells: [intervalOf(0, slice, { goodMs }).cells],
    },
  },
];

describe('the plan of a run', () => {
  it('is wanted and applied from the start, with the time that is left', () => {
    const { plan } = fold([opened(ten), look(4000)]);
    expect(plan).toEqual({
      revision: 0,
      appliedRevision: 0,
      wanted: 500,
      applied: 500,
      step: 20,
      manual: false,
      remainingMs: 6000,
    });
  });

  it('rises along a ramp as time goes on, without an event that says so', () => {
    const ramp: Segment[] = [{ at: 0, lengthMs: 10_000, from: 0, to: 1000 }];
    const at = (t: number) => fold([opened(ramp), look(t)]).plan;
    expect([0, 2500, 5000, 9999].map((t) => Math.round(at(t).wanted))).toEqual([0, 250, 500, 1000]);
    expect(at(2500).applied).toBe(250);
    expect(at(2500).step).toBe(10);
    expect(at(12_000)).toMatchObject({ wanted: 0, applied: 0, remainingMs: 0 });
  });

  it('is wanted anew at the key press, and applied when the workers follow', () => {
    const pressed: Timed[] = [opened(ten), [2950, changed(raised)]];
    expect(fold(pressed).plan).toMatchObject({
      wanted: 800,
      applied: 500,
      revision: 1,
      appliedRevision: 0,
      manual: true,
    });
    expect(fold([...pressed, look(3020)]).plan).toMatchObject({ wanted: 800, applied: 500 });
    const applied: Timed = [3040, { type: 'plan/applied', revision: 1, wanted: 800 }];
    expect(fold([...pressed, applied]).plan).toMatchObject({ wanted: 800, applied: 800, appliedRevision: 1 });
  });

  it('does not count a revision as applied that was overtaken', () => {
    const second = {
      revision: 2,
      segments: [...raised.segments.slice(0, 1), { ...raised.segments[1]!, from: 900, to: 900 }],
    };
    const { plan } = fold([
      opened(ten),
      [2900, changed(raised)],
      [2950, changed(second)],
      [3040, { type: 'plan/applied', revision: 1, wanted: 900 }],
    ]);
    expect(plan).toMatchObject({ wanted: 900, revision: 2, appliedRevision: 0 });
  });

  it('keeps, while paused, what would come back and the time that is left', () => {
    const events: Timed[] = [
      opened(ten),
      [2950, pause()],
      [2950, { type: 'phase/changed', phase: 'paused', reason: 'by key' }],
      [3040, { type: 'plan/applied', revision: 1, wanted: 500 }],
    ];
    for (const t of [3100, 60_000]) {
      expect(fold([...events, look(t)]).plan).toMatchObject({ wanted: 500, applied: 0, step: 20, remainingMs: 7000 });
    }
    expect(fold([...events, look(3100)]).phase).toBe('paused');
    const later: PlanData = {
      revision: 2,
      segments: [
        ...held.segments.slice(0, 1),
        { at: 3000, lengthMs: 60_000, from: 0, to: 0 },
        { at: 63_000, lengthMs: 7000, from: 500, to: 500 },
      ],
    };
    const resumed = changed(later, {
      command: { type: 'run/resume' },
      from: 63_000,
      wanted: 500,
      endsAt: 70_000,
      remainingMs: 7000,
      manual: false,
    });
    const { plan } = fold([
      ...events,
      [62_950, resumed],
      [63_040, { type: 'plan/applied', revision: 2, wanted: 500 }],
      look(65_000),
    ]);
    expect(plan).toMatchObject({ wanted: 500, applied: 500, remainingMs: 5000 });
  });

  it('has no time left to show where it has no end, paused or not', () => {
    const endless = opened(constantSegments(500, Infinity), { durationMs: undefined });
    expect(fold([endless, look(9e6)]).plan).toMatchObject({ wanted: 500, applied: 500, remainingMs: undefined });
    expect(fold([endless, [2950, pause({ remainingMs: null })]]).plan.remainingMs).toBeUndefined();
  });

  it('has no rate at full speed, but an end', () => {
    const fast = opened(constantSegments(0, 10_000), { model: 'full speed' });
    expect(fold([fast, look(4000)]).plan).toMatchObject({
      wanted: Number.NaN,
      applied: Number.NaN,
      step: 1,
      remainingMs: 6000,
    });
    expect(fold([fast, [2950, pause()], look(5000)]).plan).toMatchObject({ wanted: Number.NaN, remainingMs: 7000 });
  });

  it('has none in a burst', () => {
    const burst = opened(constantSegments(0, 10_000), { model: 'burst' });
    expect(fold([burst, look(4000)]).plan).toMatchObject({ wanted: Number.NaN, applied: Number.NaN });
  });

  it('of users is the number that they come to, while those that are there follow', () => {
    const closed = opened(constantSegments(100, Infinity), { model: 'closed', spawnRate: 10 });
    const segments: Segment[] = [
      { at: 3000, lengthMs: 10_000, from: 100, to: 200 },
      { at: 13_000, lengthMs: Infinity, from: 200, to: 200 },
    ];
    const change = {
      plan: { revision: 1, segments },
      from: 3000,
      wantedBefore: 100,
      wanted: 200,
      overMs: 10_000,
      endsAt: null,
      manual: true,
    };
    const { plan } = fold([
      closed,
      [2950, pause({ ...change, paused: false, remainingMs: null })],
      [3040, { type: 'plan/applied', revision: 1, wanted: 100 }],
      look(8000),
    ]);
    expect(plan).toMatchObject({ wanted: 200, applied: 150, step: 10, spawnRate: 10 });
  });

  it('wants nothing more once the run is stopped before its end', () => {
    const { plan, phase } = fold([
      opened(ten),
      [4000, { type: 'phase/changed', phase: 'draining', reason: 'stopped by key' }],
      look(4500),
    ]);
    expect(phase).toBe('draining');
    expect(plan).toMatchObject({ wanted: 0, applied: 0, remainingMs: 0 });
  });
});

describe('rates and stocks', () => {
  it('are per second from the first slice on, over the last ten slices', () => {
    const flows = { due: 50, started: 50, good: 40, notGood: 10, noResponse: 4, dropped: 2, notSent: 1 };
    const expected = {
      offered: 500,
      started: 500,
      achieved: 460,
      good: 400,
      notGood: 100,
      dropped: 20,
      notSent: 10,
      requests: 500,
    };
    expect(fold([opened(ten), sliceOf(0, flows)]).rates).toEqual(expected);
    const quiet = Array.from({ length: 10 }, (_, slice) => sliceOf(slice, {}));
    const busy = Array.from({ length: 5 }, (_, index) => sliceOf(index + 10, flows));
    const { rates, stocks } = fold([opened(ten), ...quiet, ...busy]);
    expect(rates).toMatchObject({ offered: 250, achieved: 230, requests: 250 });
    expect(stocks.inFlight).toBe(14);
  });

  it('are of the same ten slices as the outcomes, with what comes late of them', () => {
    const ended = (count: number) => [{ cause: causeIndex('2xx'), count, firstAt: 0, lastAt: 1, example: undefined }];
    const seen = (...events: readonly Timed[]) => {
      const { rates, outcomes } = fold([opened(ten), ...events]);
      return [rates.requests, outcomes.reduce((sum, { perSecond }) => sum + perSecond, 0)];
    };
    const slices = Array.from({ length: 15 }, (_, index) => sliceOf(index, { good: 30 }));
    const [series] = fixtureSecond(0).series;
    const second = (good: number, patch: Partial<Second> = {}): EventBody => {
      const counted = [{ ...series!, good, notGood: 0, outcomes: ended(good) }];
      return fixtureSecondClosed(fixtureSecond(0, { series: counted, ...patch }));
    };
    expect(seen(...slices, [1500, second(300)])).toEqual([300, 300]);
    expect(seen(...slices, [1500, second(300)], sliceOf(15, { good: 130 }))).toEqual([400, 400]);
    expect(seen(...slices.slice(0, 10), [1100, second(300)], [1300, second(50, { late: true })])).toEqual([350, 350]);
  });

  it('are zeros before the first slice', () => {
    expect(Object.values(fold([opened(ten)]).rates)).toEqual(new Array(8).fill(0));
  });

  it('come with percentiles over a window that says its length, gaps where nothing ended', () => {
    expect(fold([opened(ten)]).latency).toMatchObject({ windowMs: 0, good: { count: 0, p50: Number.NaN } });
    const { latency } = fold([opened(ten), sliceOf(0, { good: 2 }, [10, 20]), sliceOf(1, {})]);
    expect(latency).toMatchObject({ windowMs: 200, good: { count: 2 } });
    expect(Math.round(latency.good.p50)).toBe(10);
    const many = Array.from({ length: 60 }, (_, slice) => sliceOf(slice, {}, slice === 0 ? [5] : []));
    expect(fold([opened(ten), ...many]).latency).toMatchObject({ windowMs: 5000, good: { count: 0 } });
  });
});

describe('outcomes', () => {
  const row = (state: RunState, name: string) => state.outcomes.find((outcome) => outcome.name === name);

  it('show 2xx, 429, 503, 524 and refused always, without a share before there is one', () => {
    const { outcomes } = fold([opened(ten)]);
    expect(outcomes.map(({ name }) => name)).toEqual(['2xx', '429', '503', '524', 'refused']);
    for (const { share, total, perSecond } of outcomes) expect([share, total, perSecond]).toEqual([Number.NaN, 0, 0]);
  });

  it('have shares of the newest second that add up to 1, and totals of the run', () => {
    const state = fold([
      opened(ten),
      [4120, fixtureSecondClosed(fixtureSecond(3))],
      [5120, fixtureSecondClosed(fixtureSecond(4))],
    ]);
    expect(row(state, '429')).toMatchObject({ perSecond: 20, share: 0.02, total: 40, example: 'rate limit exceeded' });
    expect(state.outcomes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(state.totals).toMatchObject({ due: 2000, good: 1960, notGood: 40 });
  });

  it('are rates where the newest second was cut short, and stay so when more of one before comes late', () => {
    const cut: Timed[] = [opened(ten), [3420, fixtureSecondClosed(fixtureSecond(3, { lengthMs: 400 }))]];
    for (const events of [
      cut,
      [...cut, [3500, fixtureSecondClosed(fixtureSecond(1, { late: true }))] satisfies Timed],
    ]) {
      const found = row(fold(events), '429');
      expect(found).toMatchObject({ perSecond: 50, share: 0.02 });
      expect(found?.causes.map(({ perSecond }) => perSecond)).toEqual([50]);
    }
  });

  it('keep the row of a class that is no longer seen, at 0', () => {
    const state = fold([
      opened(ten),
      [4120, fixtureSecondClosed(fixtureSecond(3))],
      [5120, fixtureSecondClosed(fixtureSecond(0, { second: 4 }))],
    ]);
    expect(row(state, '429')).toMatchObject({ perSecond: 0, share: 0, total: 20 });
  });

  it('count at once what came late, without taking it for the newest second', () => {
    const late = fixtureSecond(2, { late: true });
    const events: Timed[] = [
      opened(ten),
      [4120, fixtureSecondClosed(fixtureSecond(3))],
      [4300, fixtureSecondClosed(late)],
    ];
    const state = fold(events);
    expect(row(state, '2xx')).toMatchObject({ perSecond: 980, share: 0.98, total: 1480 });
    expect(state.totals.due).toBe(1500);
    expect(state.generator).toEqual(fold(events.slice(0, 2)).generator);
    expect(state.generator.workers).toEqual([{ share: 0, loopUtilisation: 0.21, loopDelayMs: 1.5 }]);
  });

  it('say why, what happens now before what happened more often', () => {
    const of = (second: number, counts: readonly (readonly [CauseName, number])[]): Second => ({
      ...fixtureSecond(second),
      series: [
        {
          ...fixtureSecond(second).series[0]!,
          outcomes: counts.map(([name, count]) => ({
            cause: causeIndex(name),
            count,
            firstAt: 0,
            lastAt: 0,
            example: `${name}\u0007`,
          })),
        },
      ],
    });
    const state = fold([
      opened(ten),
      [1120, fixtureSecondClosed(of(0, [['TLS: certificate expired', 90]]))],
      [
        2120,
        fixtureSecondClosed(
          of(1, [
            ['TLS: handshake cut off', 8],
            ['2xx', 12],
          ]),
        ),
      ],
    ]);
    expect(row(state, 'TLS')).toMatchObject({
      perSecond: 8,
      share: 0.4,
      total: 98,
      example: 'TLS: certificate expired',
    });
    expect(row(state, 'TLS')?.causes).toEqual([
      {
        name: 'TLS: handshake cut off',
        detail: 'handshake cut off',
        fault: 'target',
        perSecond: 8,
        total: 8,
        example: 'TLS: handshake cut off',
      },
      {
        name: 'TLS: certificate expired',
        detail: 'certificate expired',
        fault: 'target',
        perSecond: 0,
        total: 90,
        example: 'TLS: certificate expired',
      },
    ]);
    expect(row(state, '2xx')?.causes).toMatchObject([{ detail: '', fault: 'nobody' }]);
    expect(row(state, '429')?.causes).toEqual([]);
  });

  it('have examples that cannot steer a terminal', () => {
    const second = fixtureSecond(0);
    const [series] = second.series;
    const hostile: Second = {
      ...second,
      series: [
        {
          ...series!,
          outcomes: [{ cause: causeIndex('503'), count: 1, firstAt: 0, lastAt: 0, example: 'a\u001b[2Jb' }],
        },
      ],
    };
    expect(row(fold([opened(ten), [1120, fixtureSecondClosed(hostile)]]), '503')?.example).toBe('a [2Jb');
  });
});

describe('limits and rounds', () => {
  it('are those of the start until they are changed', () => {
    const start = opened(ten, { maxRate: 900 });
    expect(fold([start])).toMatchObject({
      limits: { connections: 1000, maxInFlight: 1000, timeoutMs: 10_000, ceiling: 900 },
      rounds: { ended: 0, newest: undefined, kept: [] },
    });
    const limits = { connections: 50, maxInFlight: 60, timeoutMs: 700 };
    const command = { type: 'limit/set', limit: 'connections', value: 50 } as const;
    const round = fineRound({ size: 10 });
    const state = fold([
      start,
      [100, { type: 'limits/changed', limits, ceiling: 800, command, source: 'key' }],
      [300, { type: 'spawn/changed', perSecondBefore: Infinity, perSecond: 5, source: 'key' }],
      [400, { type: 'round/ended', round, after: 'more' }],
    ]);
    expect(state).toMatchObject({
      limits: { ...limits, ceiling: 800 },
      rounds: { ended: 1, newest: round, kept: [round] },
    });
    expect(state.plan.spawnRate).toBe(5);
    // What the run began with stays what it was.
    expect(state.run).toMatchObject({ connections: 1000, maxRate: 900 });
  });

  it('come with the number of requests since the start', () => {
    const events = [0, 1].map((second): Timed => [1120 + second * 1000, fixtureSecondClosed(fixtureSecond(second))]);
    expect(fold([opened(ten), ...events]).totalRequests).toBe(1000);
  });
});

describe('probes', () => {
  const read = (at: number, state: 'ok' | 'degraded'): Timed => [
    at,
    { type: 'probe/read', probe: 'health', tookMs: 3, title: '200', values: fixtureHealth(state) },
  ];
  const failed = (at: number): Timed => [
    at,
    { type: 'probe/failed', probe: 'health', tookMs: 1, reason: 'refused', hint: 'look', tolerated: false },
  ];
  const health = (events: readonly Timed[]) => fold([opened(ten), ...events]).probes[0];

  it('wait for their first answer', () => {
    expect(health([])).toMatchObject({ id: 'health', status: 'waiting', values: [], lastAt: undefined });
  });

  it('are late, and keep what they knew, while a failure is only a gap', () => {
    const late: Timed = [
      2100,
      { type: 'probe/failed', probe: 'health', tookMs: 1, reason: 'no answer', hint: undefined, tolerated: true },
    ];
    const { values } = health([read(1100, 'ok'), late])!;
    expect(values).toEqual(fixtureHealth('ok'));
    expect(health([read(1100, 'ok'), late])).toMatchObject({ status: 'late', reason: 'no answer', failingSince: 2100 });
    expect(health([read(1100, 'ok'), late, failed(3100)])).toMatchObject({ status: 'failing', failingSince: 2100 });
    const { history } = fold([opened(ten), read(1100, 'ok'), late, read(3100, 'ok')]);
    expect([...history.reading('health', 'buffer_size')!.read(1, 4)]).toEqual([812, Number.NaN, 812]);
  });

  it('say since when they fail, keep what they knew, and recover', () => {
    expect(health([read(1100, 'ok'), failed(2100), failed(3100)])).toMatchObject({
      status: 'failing',
      reason: 'refused',
      hint: 'look',
      failingSince: 2100,
      lastAt: 1100,
    });
    expect(health([failed(2100), read(4100, 'ok')])).toMatchObject({
      status: 'ok',
      reason: undefined,
      hint: undefined,
      failingSince: undefined,
      lastAt: 4100,
    });
    expect(health([failed(2100), read(3100, 'ok'), failed(4100)])?.failingSince).toBe(4100);
  });

  it('do not touch one another', () => {
    const [, metrics] = fold([opened(ten), failed(1100)]).probes;
    expect(metrics?.status).toBe('waiting');
  });
});

describe('a whole run', () => {
  it('ends closed, with its summary, markers, readings and a new version of its columns for each change', () => {
    const states: Folded[] = [];
    for (const event of fixtureRun()) states.push(reduce(states.at(-1) ?? beginning(), event));
    const { state } = states.at(-1)!;
    expect(state).toMatchObject({
      phase: 'closed',
      summary: fixtureSummary(),
      markers: [
        { at: 1500, kind: 'mark', name: 'cache warm' },
        { at: 3000, kind: 'change', name: 'rate 500/s → 1,000/s' },
      ],
    });
    expect(state.totals.due).toBe(fixtureSummary().iterations.due);
    expect(state.history.reading('health', 'buffer_size')?.get(4)).toBe(9400);
    expect(state.history.column('offered', 1000).get(3)).toBe(1000);
    expect(state.history.column('trouble', 1000).get(3)).toBe(2);
    const versions = states.map((folded) => folded.state.historyVersion);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(versions.at(-1)).toBe(6);
  });

  it('of a recording, which has no slices, has rates, response times and endpoints from its seconds', () => {
    const recorded = fixtureRun().filter(({ type }) => type !== 'slice/closed');
    const at = recorded.findLastIndex(({ type }) => type === 'second/closed');
    const { state } = recorded.slice(0, at + 1).reduce<Folded>(reduce, beginning());
    expect(state.rates).toMatchObject({ offered: 1000, achieved: 1000, good: 980, notGood: 20, requests: 1000 });
    expect(state.latency).toMatchObject({ windowMs: 5000, good: { count: 3460 }, notGood: { count: 40 } });
    expect(state.latency.notGood.p50).toBeCloseTo(1.2, 1);
    expect(state.stocks.inFlight).toBe(3);
    expect(state.endpoints).toMatchObject([
      { name: 'POST /events', perSecond: 700, total: 3500, totalNotGood: 40, good: { count: 3460 } },
    ]);
    expect(state.history.outcome('429')?.get(3)).toBe(20);
    expect(
      state.history
        .latencies('good')
        .row(3)
        ?.reduce((sum, count) => sum + count, 0),
    ).toBe(980);
  });

  it('keeps the newest 500 lines of its log', () => {
    const { log } = fold([
      opened(ten),
      ...Array.from({ length: 600 }, (_, n): Timed => [n, { type: 'marker/set', name: `m${n}` }]),
    ]);
    expect(log).toHaveLength(500);
    expect(log.at(-1)?.text).toBe('‖ marker m599');
  });
});
