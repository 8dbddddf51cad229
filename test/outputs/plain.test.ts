import { describe, expect, it } from 'vitest';
import { causeIndex } from '../../source/measure/cause.ts';
import { noFlows } from '../../source/measure/interval.ts';
import { noPercentiles } from '../../source/measure/second.ts';
import { Plain } from '../../source/outputs/plain.ts';
import type { EventBody, RunEvent } from '../../source/session/events.ts';
import { fixtureRound } from '../helpers/burst-round.ts';
import {
  fixturePlan,
  fixtureRun,
  fixtureRunInfo,
  fixtureSecond,
  fixtureSecondClosed,
  fixtureSummary,
  numbered,
} from '../helpers/events.ts';
import { objectiveChanged, objectiveOver, onErrors, onTimes } from '../helpers/fixture-objectives.ts';

const linesOf = (events: readonly RunEvent[]): string[] => {
  let text = '';
  const plain = new Plain((more) => {
    expect(more.endsWith('\n')).toBe(true);
    text += more;
  });
  for (const event of events) plain.take(event);
  return text.split('\n').slice(0, -1);
};

const printed = (...bodies: EventBody[]): string[] => linesOf(numbered(bodies.map((body) => [61_000, body])));

describe('plain lines', () => {
  it('say each second once, aligned', () => {
    const seconds = linesOf(fixtureRun()).filter((line) => line.includes('offered'));
    expect(seconds).toEqual([
      '  0:01  offered    500/s  achieved    500/s  good    500/s  p50    5.5  p95   10.3  p99   10.8 ms  in flight    3  backlog    0  429 0  503 0  524 0  refused 0  not good 0  health ok',
      '  0:02  offered    500/s  achieved    500/s  good    500/s  p50    5.5  p95   10.3  p99   10.8 ms  in flight    3  backlog    0  429 0  503 0  524 0  refused 0  not good 0  health ok',
      '  0:03  offered    500/s  achieved    500/s  good    500/s  p50    5.5  p95   10.3  p99   10.8 ms  in flight    3  backlog    0  429 0  503 0  524 0  refused 0  not good 0  health ok',
      '  0:04  offered  1,000/s  achieved  1,000/s  good    980/s  p50    5.5  p95   10.3  p99   10.9 ms  in flight    3  backlog    0  429 20  503 0  524 0  refused 0  not good 20  health degraded  generator bad',
      '  0:05  offered  1,000/s  achieved  1,000/s  good    980/s  p50    5.5  p95   10.3  p99   10.9 ms  in flight    3  backlog    0  429 20  503 0  524 0  refused 0  not good 20  health degraded',
    ]);
  });

  it('name the objectives that are broken, and say when one is and when it is met again', () => {
    const run = fixtureRunInfo({ objectives: [onTimes, onErrors] });
    const standing = { status: 'met', value: 0.001, brokenSince: undefined } as const;
    const standings = [{ status: 'broken', value: 312.4, brokenSince: 3000 }, standing] as const;
    const lines = printed(
      { type: 'run/opened', run, plan: fixturePlan, endsAt: null },
      { ...fixtureSecondClosed(fixtureSecond(3)), objectives: standings } as EventBody,
      objectiveChanged(),
      objectiveChanged({ status: 'at risk' }),
      objectiveOver('met'),
      objectiveOver('not enough data'),
    );
    expect(lines[1]).toMatch(/ not good 20 .* {2}broken p99<300ms over 30s$/);
    expect(lines.slice(2)).toEqual([
      '  1:01  objective: p99<300ms over 30s broken: 312 ms',
      '  1:01  objective: p99<300ms over 30s met again after 40 s',
      '  1:01  objective: p99<300ms over 30s not judged for now after 40 s',
    ]);
  });

  it('do not print again what came late for a second', () => {
    expect(printed(fixtureSecondClosed(fixtureSecond(0, { late: true })))).toEqual([]);
  });

  it('say what happened, each kind of event by its own word', () => {
    const others = linesOf(fixtureRun()).filter((line) => !line.includes('offered'));
    expect(others).toEqual([
      '  0:00  run: events against http://127.0.0.1:3000, open model, uniform arrivals, 5 s, seed 42',
      '  0:00  phase: running (start)',
      '  0:00  probe: health ok (was waiting)',
      '  0:00  probe: metrics answers (was waiting)',
      '  0:01  marker: cache warm',
      '  0:02  command refused: run/resume: the run is not paused',
      '  0:02  plan: 500/s to 1,000/s, ends at 0:05 (rate/set 1,000/s by key)',
      '  0:03  generator: bad: pacing delay p99 84 ms',
      '  0:04  probe: health ok → degraded (buffer size 94.0 %)',
      '  0:04  probe: metrics cannot be read: connection refused',
      '  0:04  problem: metrics: connection refused (set --metrics URL)',
      '  0:04  generator: good again after 1 s',
      '  0:05  phase: draining (planned end)',
      '  0:05  phase: closed (planned end)',
      '  0:05  run: closed (planned end)',
    ]);
  });

  it('leave a gap a gap, and name other outcomes, drops and what was not sent', () => {
    const [line] = printed(
      fixtureSecondClosed(
        fixtureSecond(9, {
          partial: true,
          flows: { ...noFlows(), due: 10, started: 3, notGood: 3, noResponse: 3, dropped: 2, notSent: 5 },
          good: noPercentiles,
          series: [
            {
              series: 0,
              good: 0,
              notGood: 3,
              bytesIn: 0,
              bytesOut: 0,
              outcomes: [
                { cause: causeIndex('refused'), count: 1, firstAt: 9001, lastAt: 9001, example: undefined },
                {
                  cause: causeIndex('reset before an answer'),
                  count: 2,
                  firstAt: 9001,
                  lastAt: 9100,
                  example: undefined,
                },
              ],
            },
          ],
        }),
        'warn',
      ),
    );
    expect(line).toContain('achieved      0/s  good      0/s  p50    n/a  p95    n/a  p99    n/a ms');
    expect(line).toMatch(
      /refused 1 {2}not good 3 {2}reset 2 {2}dropped 2 {2}not sent 5 {2}generator warn {2}\(partial\)$/,
    );
  });

  it('say that a health check does not answer, in each second', () => {
    const failed = {
      type: 'probe/failed',
      probe: 'health',
      tookMs: 1,
      reason: 'timed out',
      hint: 'see --health',
      tolerated: false,
    } as const;
    const lines = printed(
      { type: 'run/opened', run: fixtureRunInfo(), plan: { revision: 0, segments: [] }, endsAt: null },
      fixtureSecondClosed(fixtureSecond(0)),
      { ...failed, tolerated: true },
      fixtureSecondClosed(fixtureSecond(1)),
      failed,
      failed,
      fixtureSecondClosed(fixtureSecond(2)),
    );
    expect(lines.slice(1).map((line) => line.replace(/.*(?=health)/, ''))).toEqual([
      'health waiting',
      'health late',
      'health no answer',
    ]);
  });

  it('cannot be made to steer the terminal', () => {
    const [line] = printed({ type: 'problem/raised', source: 'health', text: 'a\u001b[2Jb\nc', hint: '\u009b31m' });
    expect(line).toBe('  1:01  problem: health: a [2Jb c (31m)');
  });

  it('tell users and what is stuck, where there are such', () => {
    const second = fixtureSecond(0);
    const stocks = { ...second.stocks, users: 1200, stuck: 12 };
    const closed = fixtureRunInfo({ model: 'closed', spawnRate: 10 });
    const [, line] = printed(
      { type: 'run/opened', run: closed, plan: { revision: 0, segments: [] }, endsAt: null },
      fixtureSecondClosed({ ...second, stocks }),
    );
    expect(line).toContain('ms  users 1,200  in flight    3  backlog    0  stuck 12  429 0');
  });

  it('tell of users, limits, workers and bursts by their own words', () => {
    const closed = fixtureRunInfo({ model: 'closed', spawnRate: 10, warmupMs: 10_000 });
    const round = fixtureRound({ round: 2 });
    const plan = { revision: 0, segments: [] };
    const from = { from: 0, endsAt: null, remainingMs: null, paused: false, manual: true } as const;
    const lines = printed(
      { type: 'run/opened', run: closed, plan, endsAt: null },
      {
        type: 'plan/changed',
        ...from,
        plan,
        command: { type: 'users/set', users: 200 },
        source: 'key',
        wantedBefore: 100,
        wanted: 200,
        overMs: 10_000,
      },
      {
        type: 'limits/changed',
        limits: { connections: 50, maxInFlight: 60, timeoutMs: 700 },
        ceiling: 500,
        command: { type: 'limit/set', limit: 'connections', value: 50 },
        source: 'command line',
      },
      { type: 'spawn/changed', perSecondBefore: 10, perSecond: 20, source: 'command line' },
      { type: 'workers/changed', workers: 3, reason: 'one was added' },
      { type: 'round/ended', round, after: 'more' },
    );
    expect(lines.map((line) => line.slice(8))).toEqual([
      'run: events against http://127.0.0.1:3000, closed model: waiting is not seen, 5 s, warm-up of 10 s, seed 42',
      'plan: 100 users to 200 users over 10 s, no planned end (users/set 200 by key)',
      'limits: 50 connections, 60 in flight, timeout 700 ms, ceiling 500 users (limit/set connections 50 by command line)',
      'spawn rate: 20/s (by command line)',
      'workers: 3; one was added',
      'burst 3: 1,000 at once, sent within 12.2 ms, all ended after 84 ms, 997 good, 3 not good (429 2, timeout 1), p50 40.1 p95 71.3 max 83.9 ms',
    ]);
  });

  it('tell what is asked, taken back and has settled, and of reports their files alone', () => {
    const figures = { goodPerSecond: 8100, p99Ms: 398, notGoodRatio: 0.098 };
    const summary = fixtureSummary();
    const lines = printed(
      {
        type: 'command/asked',
        command: { type: 'rate/set', rate: 800 },
        question: 'go there?',
        source: 'control socket',
      },
      { type: 'question/left', source: 'key' },
      { type: 'spawn/changed', perSecondBefore: 20, perSecond: 10, source: 'key', undoes: 'spawn rate 10/s → 20/s' },
      {
        type: 'change/settled',
        change: 4,
        name: 'rate 9,000/s → 9,400/s',
        before: figures,
        after: { goodPerSecond: 8112, p99Ms: null, notGoodRatio: 0.136 },
      },
      { type: 'report/taken', summary, source: 'key' },
    );
    expect(lines.map((line) => line.slice(8))).toEqual([
      'question: go there? (asked by control socket)',
      'question: answered with no (by key)',
      'spawn rate: 10/s (by key, undoing spawn rate 10/s → 20/s)',
      'effect: rate 9,000/s → 9,400/s: good 8.1k → 8.11k   not good 9.8 → 13.6 %',
    ]);
  });

  it('say at full speed that waiting is not seen', () => {
    const run = fixtureRunInfo({ model: 'full speed', durationMs: undefined });
    const [line] = printed({ type: 'run/opened', run, plan: { revision: 0, segments: [] }, endsAt: null });
    expect(line).toContain('full speed (closed model: waiting is not seen), until stopped');
  });
});
