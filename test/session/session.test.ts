// A session on an engine that sends nothing: what it makes of commands and of what the engine tells.

import { describe, expect, it, onTestFinished } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { BurstRound } from '../../source/measure/burst.ts';
import { readObjective } from '../../source/measure/objective.ts';
import type { ProbeSample } from '../../source/probes/sampler.ts';
import { readEnd } from '../../source/profile/end-condition.ts';
import type { EventBody, RunEvent, RunInfo } from '../../source/session/events.ts';
import { Session } from '../../source/session/session.ts';
import type { ProbeSource, SessionParts } from '../../source/session/session-parts.ts';
import { fixtureRound } from '../helpers/burst-round.ts';
import { fixtureHealth, fixtureRunInfo } from '../helpers/events.ts';
import { FakeEngine } from '../helpers/fake-engine.ts';
import { intervalOf } from '../helpers/intervals.ts';

type Ends = Pick<SessionParts, 'endsOnBroken' | 'until' | 'sharesBeside' | 'afterwards' | 'madeBefore'>;

const begin = (patch: Partial<RunInfo> = {}, rate = 100, probes: readonly ProbeSource[] = [], ends: Ends = {}) => {
  const opened = open(patch, rate, probes, ends);
  opened.session.start();
  return opened;
};

const open = (patch: Partial<RunInfo> = {}, rate = 100, probes: readonly ProbeSource[] = [], ends: Ends = {}) => {
  const engine = new FakeEngine();
  const events: RunEvent[] = [];
  const { startedAtWall: _, timeZone: __, probes: ___, ...run } = fixtureRunInfo({ durationMs: 60_000, ...patch });
  const session = new Session({
    run,
    segments: constantSegments(rate, 60_000),
    engine,
    probes,
    ...ends,
    output: (event) => events.push(event),
    graceMs: 4000,
    publishMs: 250,
  });
  onTestFinished(async () => {
    session.dispatch({ type: 'run/abort' }, 'key');
    await session.ended;
  });
  const of = <Type extends EventBody['type']>(type: Type) =>
    events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
  return {
    engine,
    session,
    of,
    events,
    state: () => session.store.getState(),
    log: () => session.store.getState().log.map(({ text }) => text),
  };
};

const round = (index: number, notGood = 0): BurstRound =>
  fixtureRound({
    ...{ round: index, releasedAt: index * 1000, totalMs: 84.1, good: 1000 - notGood, notGood },
    failures: notGood > 0 ? [{ outcome: '429', count: notGood }] : [],
  });

it('each second is published, also of several that close together at the end', async () => {
  const { engine, session } = begin({ workers: 1 });
  const seen = new Set<number>();
  session.store.subscribe(() => seen.add(session.store.getState().history.column('offered', 1000).newest));
  for (let slice = 0; slice < 25; slice += 1) engine.tells.interval(intervalOf(0, slice, { goodMs: [5] }));
  session.dispatch({ type: 'run/stop' }, 'key');
  await session.ended;
  expect([...seen].filter((second) => second >= 0)).toEqual([0, 1, 2]);
});

it('ends for the next phase as at its planned end, and says so', async () => {
  const { engine, session } = begin({ phase: { name: 'validate', number: 1, count: 2, load: '100/s' } });
  expect(session.dispatch({ type: 'phase/next' }, 'control socket').type).toBe('done');
  const { summary, aborted } = await session.ended;
  expect(summary).toMatchObject({
    endReason: 'the next phase was asked for by control socket',
    phase: { name: 'validate', number: 1, count: 2 },
  });
  expect([aborted, engine.graces]).toEqual([false, [4000]]);
});

describe('the clean-up after a run', () => {
  /** Ends as planned, and removes what its set-up made until it is skipped. */
  const cleaning = async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const afterwards: SessionParts['afterwards'] = {
      cleanUp: async (_, __, skip) => {
        started.resolve(skip);
        return new Promise((resolve) => skip.addEventListener('abort', () => resolve('it was skipped')));
      },
      tearDown: undefined,
    };
    const made = { made: ['DELETE /1'], removed: [], madeCount: 1, goneCount: 0, unansweredCount: 0 };
    const opened = begin({ limit: 0 }, 100, [], { afterwards, madeBefore: made });
    opened.engine.tells.interval(intervalOf(0, 0, { goodMs: [5] }));
    return { ...opened, skip: await started.promise };
  };

  it.each(['key', 'command line', 'SIGINT'] as const)('is skipped by %s, which is no end at once', async (source) => {
    const { session, skip } = await cleaning();
    expect(session.dispatch({ type: 'run/stop' }, source).type).toBe('done');
    expect(skip.aborted).toBe(true);
    const { aborted, summary } = await session.ended;
    expect(aborted).toBe(false);
    expect(summary.resources).toMatchObject({ left: 1, reason: 'it was skipped' });
  });

  it.each(['SIGTERM', 'SIGHUP', 'control socket', 'closed output'] as const)('is not skipped by %s', async (source) => {
    const { session, skip } = await cleaning();
    expect(session.dispatch({ type: 'run/stop' }, source).type).toBe('refused');
    expect(skip.aborted).toBe(false);
  });
});

describe('a run that has not begun', () => {
  it.each([
    ['run/stop', 'stopped by SIGINT', 4000],
    ['run/abort', 'stopped at once by SIGINT', 0],
  ] as const)('takes %s as the first that happens to it', async (type, reason, graceMs) => {
    const { engine, session, events } = open();
    session.raise('stdout', 'no space left');
    expect(session.dispatch({ type }, 'SIGINT')).toEqual({ type: 'done', text: 'ending as soon as it has begun' });
    expect(events).toEqual([]);
    session.start();
    const { summary } = await session.ended;
    expect(summary.endReason).toBe(reason);
    expect(engine.graces[0]).toBe(graceMs);
    expect(events.map((event) => event.type)).toEqual(['run/opened', 'problem/raised', 'phase/changed', 'run/closed']);
  });

  it('refuses everything else, and leaves no trace of it', () => {
    const { session, events } = open();
    expect(session.dispatch({ type: 'rate/step', steps: 1 }, 'key')).toEqual({
      type: 'refused',
      text: 'the run has not begun yet',
    });
    session.start();
    expect(events.map(({ type }) => type)).toEqual(['run/opened']);
  });
});

describe('a limit', () => {
  it('that is set reaches the engine, the state and the log', () => {
    const { engine, session, of, state, log } = begin();
    session.dispatch({ type: 'limit/set', limit: 'max in flight', value: 2000 }, 'command line');
    session.dispatch({ type: 'limit/set', limit: 'timeout', value: 250 }, 'command line');
    expect(engine.limits).toEqual([
      { connections: 1000, maxInFlight: 2000, timeoutMs: 10_000 },
      { connections: 1000, maxInFlight: 2000, timeoutMs: 250 },
    ]);
    expect(of('limits/changed')).toMatchObject([
      { limits: { maxInFlight: 2000 }, ceiling: 10_000_000, source: 'command line' },
      { limits: { timeoutMs: 250 }, command: { type: 'limit/set', limit: 'timeout', value: 250 } },
    ]);
    expect(state().limits).toEqual({ connections: 1000, maxInFlight: 2000, timeoutMs: 250, ceiling: 10_000_000 });
    expect(log().slice(1)).toEqual([
      'max in flight 1,000 → 2,000 by command line',
      'timeout 10 s → 250 ms by command line',
    ]);
  });

  it('on the rate is kept here: the engine is not asked, and a rate above it is', () => {
    const { engine, session, state } = begin();
    session.dispatch({ type: 'limit/set', limit: 'ceiling', value: 150 }, 'command line');
    session.dispatch({ type: 'rate/scale', factor: 2 }, 'key');
    expect(engine.limits).toEqual([]);
    expect(engine.switches).toEqual([]);
    expect(state().limits?.ceiling).toBe(150);
    expect(state().question?.text).toBe('200/s is above the ceiling, 150/s: raise it and go there?');
  });
});

describe('a rate', () => {
  it('is stepped as the screen says: from where a ramp is, and steps add up', () => {
    const { session, of, state } = begin();
    session.dispatch({ type: 'rate/ramp', rate: 120, overMs: 60_000 }, 'command line');
    expect(state().plan.step).toBe(5);
    session.dispatch({ type: 'rate/step', steps: -1 }, 'key');
    session.dispatch({ type: 'rate/step', steps: -1 }, 'key');
    const steps = of('plan/changed').slice(1);
    expect(steps.map(({ wantedBefore }) => Math.round(wantedBefore))).toEqual([100, 95]);
    expect(steps.map(({ wanted }) => Math.round(wanted))).toEqual([95, 90]);
    session.dispatch({ type: 'change/undo' }, 'key');
    expect(state().log.at(-1)?.text).toMatch(/→ 120\/s over (60|59\.\d) s, undo by key/);
  });

  it('that a pause will end with is the one of now, wherever a ramp goes', () => {
    const { session, state, log } = begin();
    session.dispatch({ type: 'rate/ramp', rate: 200, overMs: 60_000 }, 'command line');
    session.dispatch({ type: 'run/pause' }, 'key');
    expect(state().plan.wanted).toBeCloseTo(100, 0);
    session.dispatch({ type: 'rate/ramp', rate: 150, overMs: 60_000 }, 'command line');
    expect(state().plan.wanted).toBeCloseTo(100, 0);
    session.dispatch({ type: 'run/resume' }, 'key');
    expect(log().at(-1)).toMatch(/^resumed at 100(\.\d+)?\/s by key$/);
  });
});

describe('users', () => {
  it('come and go as fast as the spawn rate says, and the target is what is wanted', () => {
    const { engine, session, of, state, log } = begin({ model: 'closed', spawnRate: 10 });
    session.dispatch({ type: 'users/set', users: 200 }, 'command line');
    const [ramp] = of('plan/changed');
    expect(ramp).toMatchObject({ wantedBefore: 100, wanted: 200, overMs: 10_000, manual: true });
    expect(engine.switches).toHaveLength(1);
    expect(state().plan).toMatchObject({ wanted: 200, spawnRate: 10 });
    // On the way there, a step is one from the target.
    session.dispatch({ type: 'rate/step', steps: 1 }, 'key');
    expect(of('plan/changed')[1]).toMatchObject({ wantedBefore: 200, wanted: 210 });
    expect(log().slice(1)).toEqual([
      'users 100 → 200 over 10 s by command line',
      expect.stringMatching(/^users 200 → 210 over .* by key$/),
    ]);
  });

  it('follow a spawn rate that was changed from the next change on', () => {
    const { session, of, state, log } = begin({ model: 'closed', spawnRate: 10 });
    session.dispatch({ type: 'spawn/set', perSecond: 50 }, 'command line');
    session.dispatch({ type: 'users/set', users: 50 }, 'command line');
    expect(of('spawn/changed')).toMatchObject([{ perSecondBefore: 10, perSecond: 50 }]);
    expect(of('plan/changed')).toMatchObject([{ wanted: 50, overMs: 1000 }]);
    expect(state().plan.spawnRate).toBe(50);
    expect(log()).toContain('spawn rate 10/s → 50/s by command line');
  });
});

describe('a worker', () => {
  it('that is added or leaves is told, and one that left is not waited for', async () => {
    const { engine, session, of, log } = begin();
    engine.tells.joined(2, 3);
    for (const share of [0, 1, 2]) engine.tells.interval(intervalOf(share, 0, { goodMs: [1] }));
    engine.tells.left(2, 2);
    engine.tells.interval(intervalOf(2, 1, { goodMs: [1] }));
    for (const share of [0, 1]) engine.tells.interval(intervalOf(share, 1, { goodMs: [1] }));
    await expect.poll(() => of('slice/closed').length, { interval: 20 }).toBe(2);
    expect(of('slice/closed').map(({ slice }) => [slice.partial, slice.flows.good])).toEqual([
      [false, 3],
      [false, 3],
    ]);
    expect(of('workers/changed').map(({ workers }) => workers)).toEqual([3, 2]);
    expect(log().slice(1)).toEqual(['workers: 3; one was added', 'workers: 2; one has no arrivals any more']);
    expect(session.originAt).toBeGreaterThan(0);
  });
});

describe('bursts', () => {
  it('are told one by one, and the last one ends the run', async () => {
    const { engine, session, of, state, log } = begin({ model: 'burst' });
    engine.tells.round(round(0), 'more');
    expect(of('phase/changed')).toEqual([]);
    engine.tells.round(round(1, 3), 'done');
    const { summary } = await session.ended;
    expect(engine.graces[0]).toBe(4000);
    const weighed = [round(0), round(1, 3)].map((each) => ({ ...each, beside: { stuck: 0 } }));
    expect(state().rounds).toEqual({ ended: 2, newest: weighed[1], kept: weighed });
    expect(summary.endReason).toBe('all bursts done');
    expect(summary.rounds).toEqual(weighed);
    expect(of('round/ended').map(({ after }) => after)).toEqual(['more', 'done']);
    expect(log().slice(1, 3)).toEqual([
      'burst 1: 1,000 at once, sent within 12.2 ms, all ended after 84.1 ms',
      'burst 2: 1,000 at once, sent within 12.2 ms, all ended after 84.1 ms, 3 not good: 429 3',
    ]);
  });

  it('are told what the loads beside them did, whose iterations are none of their limit', async () => {
    const beside = [{ name: 'list', model: 'open', load: '20/s', series: [1] }] as const;
    const { engine, session, of, log } = begin({ model: 'burst', limit: 3, beside }, 0, [], { sharesBeside: [1000] });
    engine.tells.interval(intervalOf(1000, 0, { goodMs: [1, 2, 3, 4, 5] }));
    expect(of('phase/changed')).toEqual([]);
    engine.tells.round({ ...round(0), size: 2, releasedAt: 0, totalMs: 50 }, 'more');
    engine.tells.interval(intervalOf(0, 1, { goodMs: [1, 2, 3] }));
    const { summary } = await session.ended;
    expect(summary.endReason).toBe('3 iterations done');
    expect(of('round/weighed')).toMatchObject([{ round: 0, size: 2, beside: { others: { good: 0, notGood: 0 } } }]);
    expect(log()).toContain('beside the burst of 2: no answer to the others');
  });

  it('end with one that has too many errors, and name the last good one', async () => {
    const { engine, session } = begin({ model: 'burst' });
    engine.tells.round({ ...round(0), size: 990 }, 'more');
    engine.tells.round(round(1, 3), 'errors');
    const { summary } = await session.ended;
    expect(summary.endReason).toBe('3 errors in a burst of 1,000; the last good burst was 990');
  });

  it('have no rate to change', () => {
    const { session, of } = begin({ model: 'burst' });
    session.dispatch({ type: 'rate/step', steps: 1 }, 'key');
    expect(of('command/refused')).toMatchObject([{ reason: expect.stringContaining('burst') }]);
  });
});

it('a resumed run of users comes back to those that were wanted', () => {
  const { session, of, log } = begin({ model: 'closed', spawnRate: 10 });
  session.dispatch({ type: 'run/pause' }, 'key');
  session.dispatch({ type: 'run/resume' }, 'key');
  expect(of('phase/changed').map(({ phase }) => phase)).toEqual(['paused', 'running']);
  expect(log().at(-1)).toBe('resumed at 100 users by key');
});

describe('what a probe samples', () => {
  it('is written down, then what is noticed of it, each once', () => {
    let tell: (sample: ProbeSample) => void = () => {};
    const source: ProbeSource = {
      info: { id: 'health', kind: 'health', target: 'http://a/health', unasked: false },
      start: (told) => {
        tell = told;
        return { close: async () => {} };
      },
    };
    const { of, session } = begin({}, 100, [source]);
    const sample = { probe: 'health', at: 0, tookMs: 1 };
    const failure = { reason: 'refused', hint: undefined };
    const restart = { what: 'restart', level: 'warn', text: 'restarted, was up 2d' } as const;
    tell({ ...sample, result: { values: fixtureHealth('ok') } });
    tell({ ...sample, failure: { ...failure, tolerated: true } });
    expect(session.store.newest.probes[0]).toMatchObject({ status: 'late', values: fixtureHealth('ok') });
    tell({ ...sample, failure: { ...failure, tolerated: false } });
    tell({ ...sample, failure: { ...failure, tolerated: false } });
    tell({ ...sample, result: { values: fixtureHealth('degraded'), notices: [restart] } });
    expect(of('probe/noticed').map(({ what, text }) => [what, text])).toEqual([
      ['silence', 'cannot be read: refused'],
      ['answer', expect.stringMatching(/^answers again, after \d/)],
      ['restart', 'restarted, was up 2d'],
      ['state', 'ok → degraded (buffer size 94.0 %)'],
    ]);
    const newest = session.store.newest.log.map(({ text }) => text);
    expect(newest.slice(-2)).toEqual(['health restarted, was up 2d', 'health ok → degraded (buffer size 94.0 %)']);
    // The answer stands before what it was noticed to say.
    expect(of('probe/read')[1]!.sequence).toBeLessThan(of('probe/noticed')[1]!.sequence);
  });
});

describe('an objective of a session', () => {
  const objectives = [readObjective('max<300ms over 1s')];
  /** The first second, of which every request took so long. */
  const second = (ms: number) =>
    Array.from({ length: 16 }, (_, slice) => intervalOf(0, slice, { goodMs: slice < 10 ? [ms] : [] }));

  it('stands in the state from the beginning on, and is judged with the seconds', async () => {
    const { engine, session, state, of } = begin({ objectives, workers: 1 });
    for (const interval of second(400)) session.interval(interval);
    await expect
      .poll(() => state().objectives)
      .toMatchObject([
        { text: 'max<300ms over 1s', metric: 'max', bound: 300, windowMs: 1000, status: 'not enough data' },
      ]);
    await expect.poll(() => state().objectives[0]?.status, { timeout: 3000 }).toBe('broken');
    expect(state().objectives[0]).toMatchObject({ brokenSince: 0 });
    expect(of('objective/changed')).toMatchObject([{ before: 'not enough data', status: 'broken' }]);
    expect(engine.graces).toEqual([]);
  });

  it('ends the run when it is broken, where that was asked for', async () => {
    const { session, of } = begin({ objectives, workers: 1 }, 100, [], { endsOnBroken: true });
    for (const interval of second(400)) session.interval(interval);
    const { summary, aborted } = await session.ended;
    expect(of('phase/changed')).toMatchObject([{ phase: 'draining', reason: 'objective max<300ms over 1s broken' }]);
    expect(summary.endReason).toBe('objective max<300ms over 1s broken');
    expect(summary.objectives).toMatchObject([{ verdict: 'broken', brokenMs: 1000 }]);
    expect(aborted).toBe(false);
  });

  it('ends the run where a condition of the profile comes about, which is no broken objective', async () => {
    const { session, of } = begin({ workers: 1 }, 100, [], { until: [readEnd('max>=300ms over 1s')] });
    for (const interval of second(400)) session.interval(interval);
    const { summary } = await session.ended;
    expect(summary.endReason).toBe('max>=300ms over 1s: 400 ms');
    expect(summary.objectives).toEqual([]);
    expect(of('objective/changed')).toEqual([]);
  });

  it('on the rate is broken by silence, but not by a pause', async () => {
    const onRate = [readObjective('rate>=10/s over 1s')];
    const silent = begin({ objectives: onRate, workers: 1 });
    const paused = begin({ objectives: onRate, workers: 1 });
    paused.session.dispatch({ type: 'run/pause' }, 'key');
    for (let slice = 0; slice < 16; slice += 1) {
      for (const { session } of [silent, paused]) session.interval(intervalOf(0, slice));
    }
    await expect.poll(() => silent.of('objective/changed'), { timeout: 3000 }).toMatchObject([{ status: 'broken' }]);
    await expect.poll(() => paused.of('second/closed').length, { timeout: 3000 }).toBeGreaterThan(0);
    expect(paused.of('objective/changed')).toEqual([]);
  });
});
