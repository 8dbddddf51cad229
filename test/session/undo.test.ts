// Taking changes back, on a session whose engine sends nothing: each undo is one change, and what cannot go back says so.

import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Segment } from '../../source/load/arrival-plan.ts';
import { type Command, limitNames } from '../../source/session/commands.ts';
import type { EventBody, RunEvent, RunInfo } from '../../source/session/events.ts';
import { Session } from '../../source/session/session.ts';
import { fixtureRunInfo } from '../helpers/events.ts';
import { FakeEngine } from '../helpers/fake-engine.ts';

/** A run that goes on until it is ended. */
const begun = (
  patch: Partial<RunInfo> = {},
  segments: readonly Segment[] = [{ at: 0, lengthMs: 60_000, from: 100, to: 100 }],
) => {
  const engine = new FakeEngine();
  const events: RunEvent[] = [];
  const { startedAtWall: _, timeZone: __, probes: ___, ...run } = fixtureRunInfo({ durationMs: 60_000, ...patch });
  const output = (event: RunEvent): void => void events.push(event);
  const session = new Session({ run, segments, engine, probes: [], output, graceMs: 4000, publishMs: 250 });
  session.start();
  const of = <Type extends EventBody['type']>(type: Type) =>
    events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
  const ask = (command: Command) => session.dispatch(command, 'key');
  return { engine, session, of, ask, undo: () => ask({ type: 'change/undo' }), state: () => session.store.getState() };
};

/** The same, ended with the test. */
const begin = (...parts: Parameters<typeof begun>): ReturnType<typeof begun> => {
  const run = begun(...parts);
  onTestFinished(async () => {
    run.session.dispatch({ type: 'run/abort' }, 'key');
    await run.session.ended;
  });
  return run;
};

describe('undo', () => {
  it('goes back change by change, at last to the plan', () => {
    const { ask, undo, state } = begin();
    ask({ type: 'rate/set', rate: 120 });
    ask({ type: 'rate/step', steps: 1 });
    expect(state().plan.wanted).toBe(125);
    expect(undo()).toEqual({
      type: 'done',
      text: 'rate 125/s → 120/s, undo by key',
    });
    expect(state().plan).toMatchObject({ wanted: 120, manual: true });
    expect(undo().text).toBe('rate 120/s → 100/s, back to the plan, undo by key');
    expect(state().plan).toMatchObject({ wanted: 100, manual: false });
    expect(undo()).toEqual({ type: 'refused', text: 'nothing to undo' });
  });

  it('takes back zero, a return to the plan and a hold', () => {
    const { ask, undo, state } = begin({}, [{ at: 0, lengthMs: 60_000, from: 100, to: 400 }]);
    ask({ type: 'rate/hold' });
    ask({ type: 'rate/plan' });
    ask({ type: 'rate/zero' });
    undo();
    expect(state().plan).toMatchObject({ manual: false });
    undo();
    expect(state().plan.manual).toBe(true);
    undo();
    expect(state().plan.manual).toBe(false);
  });

  it('takes up a ramp again that a change had cut short', () => {
    const { ask, undo, of } = begin();
    ask({ type: 'rate/ramp', rate: 180, overMs: 20_000 });
    ask({ type: 'rate/hold' });
    undo();
    const back = of('plan/changed').at(-1)!;
    expect(back).toMatchObject({ wanted: 180, undoes: expect.stringMatching(/^rate held at 100(\.\d+)?\/s$/) });
    expect(back.overMs).toBeGreaterThan(19_000);
    expect(back.overMs).toBeLessThanOrEqual(20_000);
  });

  it('takes back limits, and with a ceiling that was agreed to the rate and the ceiling at once', () => {
    const { ask, undo, state, engine } = begin();
    ask({ type: 'limit/set', limit: 'timeout', value: 250 });
    ask({ type: 'limit/set', limit: 'ceiling', value: 150 });
    expect(ask({ type: 'rate/scale', factor: 2 }).type).toBe('asked');
    ask({ type: 'question/answer', yes: true });
    expect(state()).toMatchObject({ plan: { wanted: 200 }, limits: { ceiling: 200 } });
    undo();
    expect(state()).toMatchObject({ plan: { wanted: 100 }, limits: { ceiling: 150 } });
    undo();
    undo();
    expect(state().limits).toMatchObject({ ceiling: 10_000_000, timeoutMs: 10_000 });
    expect(engine.limits.at(-1)).toMatchObject({ timeoutMs: 10_000 });
  });

  it('takes back a pause, and a resume', () => {
    const { ask, undo, state } = begin();
    ask({ type: 'run/pause' });
    expect(undo().text).toBe('resumed at 100/s, undo by key');
    expect(state().phase).toBe('running');
    ask({ type: 'run/pause' });
    ask({ type: 'run/resume' });
    expect(undo().text).toBe('paused, undo by key');
    expect(state().phase).toBe('paused');
  });

  it('takes back users and how fast they begin', () => {
    const { ask, undo, state, of } = begin({ model: 'closed', spawnRate: 10 });
    ask({ type: 'users/set', users: 150 });
    ask({ type: 'spawn/set', perSecond: 50 });
    expect(undo().text).toBe('spawn rate 50/s → 10/s, undo by key');
    undo();
    expect(state().plan).toMatchObject({ wanted: 100, manual: false, spawnRate: 10 });
    expect(of('plan/changed').at(-1)?.undoes).toBe('users 100 → 150 over 5 s');
  });

  it('says that an extension stays, and takes back what was before it when asked once more', () => {
    const { ask, undo, state } = begin();
    ask({ type: 'rate/set', rate: 120 });
    ask({ type: 'run/extend', byMs: 1000 });
    ask({ type: 'marker/set', name: 'x' });
    expect(undo()).toEqual({
      type: 'refused',
      text: 'the run was extended, which cannot be taken back; once more takes back: rate 100/s → 120/s',
    });
    undo();
    expect(state().plan.wanted).toBe(100);
  });

  it('of all that was changed leaves everything as it was', () => {
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({ type: fc.constant('rate/set' as const), rate: fc.integer({ min: 0, max: 400 }) }),
      fc.record({ type: fc.constant('rate/step' as const), steps: fc.integer({ min: -9, max: 9 }) }),
      fc.record({
        type: fc.constant('rate/ramp' as const),
        rate: fc.integer({ min: 0, max: 400 }),
        overMs: fc.integer({ min: 1, max: 60_000 }),
      }),
      fc.record({
        type: fc.constant('limit/set' as const),
        limit: fc.constantFrom(...limitNames),
        value: fc.integer({ min: 1, max: 300 }),
      }),
      fc.constantFrom<Command>(
        { type: 'rate/zero' },
        { type: 'rate/plan' },
        { type: 'rate/hold' },
        { type: 'run/pause' },
        { type: 'run/resume' },
        { type: 'rate/scale', factor: 2 },
      ),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const { session, ask, undo, state } = begun();
        for (const each of commands) if (ask(each).type === 'asked') ask({ type: 'question/answer', yes: true });
        for (let left = 50; left > 0 && undo().type === 'done'; left -= 1);
        const { plan, limits, phase } = state();
        expect({ wanted: plan.wanted, manual: plan.manual, limits, phase }).toEqual({
          wanted: 100,
          manual: false,
          limits: { connections: 1000, maxInFlight: 1000, timeoutMs: 10_000, ceiling: 10_000_000 },
          phase: 'running',
        });
        session.dispatch({ type: 'run/abort' }, 'key');
      }),
      { numRuns: 50 },
    );
  });

  it('takes the steps of a held key back at once, but not those of another direction, key or time', () => {
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ now: 0 });
    const { session, ask, undo, state } = begun();
    const steps = (...all: readonly number[]): void => {
      for (const each of all) ask({ type: 'rate/step', steps: each });
    };
    steps(1, 1, 1);
    expect(state().plan.wanted).toBe(115);
    steps(-1);
    vi.advanceTimersByTime(1200);
    steps(-1, -1);
    session.dispatch({ type: 'rate/step', steps: -1 }, 'control socket');
    expect(state().plan.wanted).toBe(95);
    expect(undo().text).toBe('rate 95/s → 100/s, undo by key');
    expect(undo().text).toBe('rate 100/s → 110/s, undo by key');
    expect(undo().text).toBe('rate 110/s → 115/s, undo by key');
    expect(undo().text).toBe('rate 115/s → 100/s, back to the plan, undo by key');
    expect(undo().text).toBe('nothing to undo');
    session.dispatch({ type: 'run/abort' }, 'key');
  });

  it('keeps fifty changes', () => {
    const { ask, undo } = begin();
    for (let n = 1; n <= 60; n += 1) ask({ type: 'rate/set', rate: 100 + n });
    let undone = 0;
    while (undo().type === 'done') undone += 1;
    expect(undone).toBe(50);
  });
});

describe('a question', () => {
  it('stands in the state until it is answered, and a yes is said as what it does', () => {
    const { ask, state, engine } = begin();
    expect(ask({ type: 'rate/set', rate: 800 })).toEqual({
      type: 'asked',
      text: 'from 100/s to 800/s is 8 times as much: go there?',
    });
    expect(state().question).toEqual({
      command: { type: 'rate/set', rate: 800 },
      text: 'from 100/s to 800/s is 8 times as much: go there?',
    });
    expect(engine.switches).toEqual([]);
    ask({ type: 'marker/set' });
    expect(state().question).toBeDefined();
    expect(ask({ type: 'question/answer', yes: true })).toEqual({ type: 'done', text: 'rate 100/s → 800/s by key' });
    expect(state().question).toBeUndefined();
    expect(state().plan.wanted).toBe(800);
  });

  it.each<Command>([
    { type: 'question/answer', yes: false },
    { type: 'rate/step', steps: 1 },
    { type: 'run/pause' },
    { type: 'run/resume' },
    { type: 'limit/set', limit: 'timeout', value: 500 },
    { type: 'run/stop' },
  ])('is dropped by %o', (command) => {
    const { ask, state } = begin();
    ask({ type: 'rate/set', rate: 800 });
    ask(command);
    expect(state().question).toBeUndefined();
    expect(state().plan.wanted).not.toBe(800);
  });

  it('does not come for a rate that the run has been at', async () => {
    const { ask } = begin();
    ask({ type: 'rate/set', rate: 200 });
    await new Promise((resolve) => setTimeout(resolve, 80));
    ask({ type: 'rate/zero' });
    expect(ask({ type: 'rate/set', rate: 200 }).type).toBe('done');
  });
});

it('tells whoever sent a command what became of it', () => {
  const { ask } = begin();
  expect(ask({ type: 'marker/set', name: 'deploy' })).toEqual({ type: 'done', text: '‖ marker deploy' });
  expect(ask({ type: 'run/resume' })).toEqual({ type: 'refused', text: 'the load is not paused' });
  expect(ask({ type: 'report/write' })).toMatchObject({
    type: 'refused',
    text: expect.stringContaining('a whole second'),
  });
  expect(ask({ type: 'run/stop' })).toEqual({
    type: 'done',
    text: 'ending: stopped by key; waiting for what is in flight',
  });
});

it('marks each change of the load, and what changes it not yet leaves no mark', () => {
  const { ask, state } = begin();
  ask({ type: 'rate/set', rate: 120 });
  ask({ type: 'limit/set', limit: 'timeout', value: 250 });
  ask({ type: 'limit/set', limit: 'ceiling', value: 1000 });
  ask({ type: 'run/extend', byMs: 1000 });
  ask({ type: 'run/pause' });
  ask({ type: 'marker/set' });
  expect(state().markers.map(({ kind, name }) => `${kind}: ${name}`)).toEqual([
    'change: rate 100/s → 120/s',
    'change: timeout 10 s → 250 ms',
    'change: paused',
    'mark: a',
  ]);
});
