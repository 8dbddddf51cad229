// Which events deserve a line, in which words, and which are said once and not each second.

import { describe, expect, it } from 'vitest';
import type { Limits } from '../../source/engine/protocol.ts';
import type { ProbeValue } from '../../source/probes/probe.ts';
import type { Command, CommandSource } from '../../source/session/commands.ts';
import type { EventBody, RunInfo } from '../../source/session/events.ts';
import { beginning, reduce } from '../../source/session/reduce.ts';
import { fixtureHealth, fixturePlan, fixtureRunInfo, fixtureSummary, numbered } from '../helpers/events.ts';
import { objectiveChanged, objectiveOver } from '../helpers/fixture-objectives.ts';

const opened = (run: Partial<RunInfo> = {}): EventBody => ({
  type: 'run/opened',
  run: fixtureRunInfo(run),
  plan: fixturePlan,
  endsAt: 5000,
});

/** Lines that events a second apart leave behind the opening line. */
const linesOf = (bodies: readonly EventBody[], run: Partial<RunInfo> = {}): string[] =>
  numbered([opened(run), ...bodies].map((body, index) => [index * 1000, body] as const))
    .reduce(reduce, beginning())
    .state.log.slice(1)
    .map(({ level, text }) => `${level}: ${text}`);

type PlanChanged = Extract<EventBody, { type: 'plan/changed' }>;

const steered = (command: Command, source: CommandSource, wantedBefore: number, wanted: number): PlanChanged => ({
  type: 'plan/changed',
  plan: { ...fixturePlan, revision: 1 },
  from: 0,
  command,
  source,
  wantedBefore,
  wanted,
  overMs: 0,
  endsAt: 5000,
  remainingMs: 1000,
  paused: false,
  manual: false,
});

const read = (values: readonly ProbeValue[]): EventBody => ({
  type: 'probe/read',
  probe: 'health',
  tookMs: 2,
  title: undefined,
  values,
});
const failed = (): EventBody => ({
  type: 'probe/failed',
  tolerated: false,
  probe: 'health',
  tookMs: 1,
  reason: 'connection refused',
  hint: undefined,
});
const noticed = (text: string): EventBody => ({
  type: 'probe/noticed',
  probe: 'health',
  what: 'change',
  level: 'warn',
  text,
});

describe('objectives in the log', () => {
  it('have a line when one is broken and when it is met again, and none when it comes near its bound', () => {
    expect(
      linesOf([
        objectiveChanged(),
        objectiveOver('met'),
        objectiveChanged({ status: 'at risk' }),
        objectiveChanged({ before: 'at risk', status: 'met' }),
        objectiveOver('not enough data'),
      ]),
    ).toEqual([
      'bad: objective p99<300ms over 30s broken: 312 ms',
      'info: objective p99<300ms over 30s met again after 40 s',
      'info: objective p99<300ms over 30s is not judged for now; it was broken for 40 s',
    ]);
  });
});

describe('steering in the log', () => {
  it.each<[Command, CommandSource, string]>([
    [{ type: 'rate/set', rate: 9400 }, 'command line', 'info: rate 500/s → 9,400/s by command line'],
    [{ type: 'rate/step', steps: 1 }, 'key', 'info: rate 500/s → 9,400/s by key'],
    [{ type: 'rate/plan' }, 'key', 'info: rate 500/s → 9,400/s, back to the plan, by key'],
    [{ type: 'run/pause' }, 'key', 'info: paused by key'],
    [{ type: 'run/pause' }, 'dead-man', 'bad: paused: this program stood still'],
    [{ type: 'run/resume' }, 'key', 'info: resumed at 9,400/s by key'],
    [{ type: 'run/extend', byMs: 600_000 }, 'key', 'info: extended by 10m by key'],
  ])('%o by %s reads "%s"', (command, source, line) => {
    expect(linesOf([steered(command, source, 500, 9400)])).toEqual([line]);
  });

  it('does not name a rate at full speed', () => {
    const resumed = steered({ type: 'run/resume' }, 'key', 0, 0);
    expect(linesOf([resumed], { model: 'full speed' })).toEqual(['info: resumed at full speed by key']);
  });

  it.each<[Command, number, number, number, string]>([
    [{ type: 'users/set', users: 200 }, 100, 200, 10_000, 'info: users 100 → 200 over 10 s by key'],
    [{ type: 'rate/zero' }, 100, 0, 0, 'info: users 100 → 0 by key'],
    [{ type: 'run/resume' }, 100, 100, 0, 'info: resumed at 100 users by key'],
    [{ type: 'rate/plan' }, 7, 100, 0, 'info: users 7 → 100, back to the plan, by key'],
  ])('%o in the closed model speaks of users', (command, before, wanted, overMs, line) => {
    expect(linesOf([{ ...steered(command, 'key', before, wanted), overMs }], { model: 'closed' })).toEqual([line]);
  });

  it('says of a step back where it leads, once, and what it does not bring back', () => {
    const undoes = 'rate 500/s → 0/s (what was dropped stays so)';
    const back = steered({ type: 'change/undo' }, 'key', 0, 500);
    expect(linesOf([{ ...back, manual: true, undoes }])).toEqual([
      'info: rate 0/s → 500/s (what was dropped stays so), undo by key',
    ]);
  });

  it('says how long a ramp takes', () => {
    const ramp = steered({ type: 'rate/ramp', rate: 2000, overMs: 30_000 }, 'command line', 500, 2000);
    expect(linesOf([{ ...ramp, overMs: 30_000 }])).toEqual(['info: rate 500/s → 2,000/s over 30 s by command line']);
  });

  it('names the limits that were changed, and none where nothing was', () => {
    const changed = (patch: Partial<Limits>, ceiling = 10_000_000): EventBody => ({
      type: 'limits/changed',
      limits: { connections: 1000, maxInFlight: 1000, timeoutMs: 10_000, ...patch },
      ceiling,
      command: { type: 'limit/set', limit: 'connections', value: 1 },
      source: 'command line',
    });
    expect(
      linesOf([changed({ connections: 50, maxInFlight: 50 }), changed({ connections: 50, maxInFlight: 50 })]),
    ).toEqual([
      'info: connections 1,000 → 50, max in flight 1,000 → 50 by command line',
      'info: limits stay as they are, by command line',
    ]);
    expect(linesOf([changed({}, 200)], { model: 'closed' })).toEqual([
      'info: ceiling 10,000,000 users → 200 users by command line',
    ]);
    expect(linesOf([changed({ timeoutMs: 250 })])).toEqual(['info: timeout 10 s → 250 ms by command line']);
  });

  it('says why a command was refused', () => {
    const refused: EventBody = { type: 'command/refused', command: { type: 'run/resume' }, reason: 'it is not paused' };
    expect(linesOf([refused])).toEqual(['warn: refused: it is not paused']);
  });
});

describe('probes in the log', () => {
  it('are named before what was noticed of them; readings and failures leave no line of their own', () => {
    const state = { what: 'state', level: 'warn', text: 'ok → degraded (buffer 100 %)' } as const;
    expect(
      linesOf([
        read(fixtureHealth('ok')),
        failed(),
        { type: 'probe/noticed', probe: 'health', what: 'silence', level: 'warn', text: 'cannot be read: refused' },
        { type: 'probe/noticed', probe: 'health', what: 'answer', level: 'info', text: 'answers again, after 3 s' },
        { type: 'probe/noticed', probe: 'health', ...state },
      ]),
    ).toEqual([
      'warn: health cannot be read: refused',
      'info: health answers again, after 3 s',
      'warn: health ok → degraded (buffer 100 %)',
    ]);
  });
});

describe('the run in the log', () => {
  it('begins, has trouble, recovers, ends', () => {
    expect(
      linesOf([
        { type: 'generator/troubled', level: 'warn', reasons: ['a', 'b'] },
        { type: 'generator/troubled', level: 'bad', reasons: ['c'] },
        { type: 'generator/recovered', forMs: 21_000 },
        { type: 'problem/raised', source: 'load', text: 'worker 1 died', hint: 'a new one takes over' },
        { type: 'phase/changed', phase: 'draining', reason: 'the planned end' },
        { type: 'phase/changed', phase: 'closed', reason: 'the planned end' },
        { type: 'run/closed', reason: 'the planned end', summary: fixtureSummary({ completed: 3500 }) },
      ]),
    ).toEqual([
      'warn: the generator is near its limit: a; b',
      'bad: the generator, not the target, is the limit: c',
      'info: the generator can be trusted again, after 21 s',
      'warn: load: worker 1 died (a new one takes over)',
      'info: ending: the planned end; waiting for what is in flight',
      'info: ended: the planned end; 3,500 requests completed',
    ]);
  });

  it('opens with what is needed to do it again', () => {
    const [event] = numbered([[0, opened()]]);
    expect(reduce(beginning(), event!).state.log).toEqual([
      {
        at: 0,
        sequence: 0,
        level: 'info',
        effect: undefined,
        text: 'started: events → http://127.0.0.1:3000, seed 42',
      },
    ]);
  });

  it('holds nothing that steers a terminal', () => {
    expect(linesOf([noticed('\u001b]0;x\u0007gone'), { type: 'marker/set', name: 'a\nb' }])).toEqual([
      'warn: health ]0;x gone',
      'info: ‖ marker a b',
    ]);
  });
});
