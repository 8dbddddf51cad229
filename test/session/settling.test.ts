// What a change of the load came to: five seconds before it against five that begin three seconds after it is done.

import { describe, expect, it } from 'vitest';
import { noFlows } from '../../source/measure/interval.ts';
import type { Slice } from '../../source/measure/second.ts';
import type { EventBody, RunEvent } from '../../source/session/events.ts';
import { beginning, type Folded, reduce } from '../../source/session/reduce.ts';
import { Settling } from '../../source/session/settling.ts';
import { fixturePlan, fixtureRunInfo } from '../helpers/events.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';
import { intervalOf } from '../helpers/intervals.ts';

/** A slice with five good requests of this many ms, and so many that were not good. */
const sliceOf = (slice: number, ms: number, notGood = 0): EventBody => {
  const { cells, stocks } = intervalOf(0, slice, { goodMs: [ms, ms, ms, ms, ms] });
  const closed: Slice = {
    slice,
    partial: false,
    flows: { ...noFlows(), due: 5 + notGood, started: 5 + notGood, good: 5, notGood },
    stocks,
    revision: 0,
    requests: { good: 5, notGood },
    outcomes: [],
    cells: [cells],
  };
  return { type: 'slice/closed', slice: closed };
};

const planned = (patch: Partial<Extract<EventBody, { type: 'plan/changed' }>> = {}): EventBody => ({
  type: 'plan/changed',
  plan: fixturePlan,
  from: 10_050,
  command: { type: 'rate/set', rate: 60 },
  source: 'key',
  wantedBefore: 50,
  wanted: 60,
  overMs: 0,
  endsAt: null,
  remainingMs: null,
  paused: false,
  manual: true,
  ...patch,
});

const limited = (timeoutMs: number, ceiling = 10_000_000): EventBody => ({
  type: 'limits/changed',
  limits: { connections: 1000, maxInFlight: 1000, timeoutMs },
  ceiling,
  command: { type: 'limit/set', limit: 'timeout', value: timeoutMs },
  source: 'key',
});

type At = readonly [at: number, body: EventBody];

/** Runs events through as the journal does: what settles is written down too. */
const settle = (events: readonly At[]): { readonly settled: RunEvent[]; readonly folded: Folded } => {
  const settling = new Settling();
  const settled: RunEvent[] = [];
  let folded = beginning();
  let sequence = 0;
  const write = (at: number, body: EventBody): void => {
    const event: RunEvent = { sequence, at, ...body };
    sequence += 1;
    const before = folded.state;
    folded = reduce(folded, event);
    const more = settling.take(before, event);
    if (event.type === 'change/settled') settled.push(event);
    if (more) write(at, more);
  };
  write(0, { type: 'run/opened', run: fixtureRunInfo(), plan: fixturePlan, endsAt: null });
  for (const [at, body] of events) write(at, body);
  return { settled, folded };
};

/** Slices up to second `end`, closed 150 ms after they are over; 10 ms each until second 11, then 40 ms and one not good. */
const slices = (end: number): At[] =>
  Array.from({ length: end * 10 }, (_, slice) => [
    slice * 100 + 250,
    slice < 110 ? sliceOf(slice, 10) : sliceOf(slice, 40, 1),
  ]);

const inOrder = (...events: readonly At[]): readonly At[] => events.toSorted(([a], [b]) => a - b);

describe('a change of the load', () => {
  it('has settled eight seconds after it took effect, and its line says what it did', () => {
    const { settled, folded } = settle(inOrder(...slices(30), [10_000, planned()]));
    expect(settled).toHaveLength(1);
    expect(settled[0]).toMatchObject({
      name: 'rate 50/s → 60/s',
      before: { goodPerSecond: 50, p99Ms: expect.closeTo(10, 0), notGoodRatio: 0 },
      after: { goodPerSecond: 50, p99Ms: expect.closeTo(40, 0), notGoodRatio: 1 / 6 },
    });
    expect(settled[0]!.at).toBeGreaterThan(18_100);
    expect(settled[0]!.at).toBeLessThan(18_500);
    const line = folded.state.log.find(({ text }) => text.startsWith('rate'))!;
    expect(line.effect).toBe('good 50 → 50   p99 10 → 40 ms   not good 0.0 → 16.7 %');
  });

  it('counts what came late of the seconds before and after it', () => {
    const late = (second: number, good: number): EventBody => ({
      type: 'second/closed',
      second: fixtureSecond(second, { late: true, flows: { ...noFlows(), good }, series: [] }),
      verdict: null,
    });
    const { settled } = settle(
      inOrder(
        ...slices(30),
        [10_000, planned()],
        [11_000, late(8, 100)],
        [11_000, late(3, 1000)],
        [16_000, late(14, 250)],
        [16_000, late(10, 1000)],
      ),
    );
    expect(settled).toMatchObject([{ before: { goodPerSecond: 70 }, after: { goodPerSecond: 100 } }]);
  });

  it('by a ramp, or by users who begin one by one, is measured from its end', () => {
    const { settled } = settle(inOrder(...slices(40), [10_000, planned({ overMs: 10_000 })]));
    expect(settled[0]!.at).toBeGreaterThan(28_100);
    expect(settled[0]!.at).toBeLessThan(28_500);
  });

  it('is not told where another came in between; that one is', () => {
    const { settled } = settle(inOrder(...slices(30), [10_000, planned()], [15_000, limited(250)]));
    expect(settled).toMatchObject([{ name: 'timeout 10 s → 250 ms' }]);
  });

  it('is told whatever changes the ceiling, extends the run or sets a marker meanwhile', () => {
    const extended = planned({ command: { type: 'run/extend', byMs: 1000 } });
    const { settled } = settle(
      inOrder(
        ...slices(30),
        [10_000, planned()],
        [12_000, limited(10_000, 500)],
        [13_000, extended],
        [14_000, { type: 'marker/set', name: 'x' }],
      ),
    );
    expect(settled).toMatchObject([{ name: 'rate 50/s → 60/s' }]);
  });

  it('is not told where the run was paused, or ended', () => {
    const pause = planned({ command: { type: 'run/pause' }, paused: true });
    expect(settle(inOrder(...slices(30), [10_000, planned()], [12_000, pause])).settled).toEqual([]);
    const draining: EventBody = { type: 'phase/changed', phase: 'draining', reason: 'stopped' };
    expect(settle(inOrder(...slices(30), [10_000, planned()], [12_000, draining])).settled).toEqual([]);
  });

  it('made in a pause, or ending it, has nothing to compare with', () => {
    const paused: EventBody = { type: 'phase/changed', phase: 'paused', reason: 'by key' };
    const resume = planned({ command: { type: 'run/resume' } });
    expect(settle(inOrder(...slices(30), [9000, paused], [10_000, resume])).settled).toEqual([]);
    expect(settle(inOrder(...slices(30), [9000, paused], [10_000, planned({ paused: true })])).settled).toEqual([]);
  });

  it('is measured over what there was, where the run had hardly begun', () => {
    const { settled } = settle(inOrder(...slices(30), [1950, planned({ from: 2000 })]));
    expect(settled).toMatchObject([{ before: { goodPerSecond: 50 } }]);
  });
});

it('keeps five hundred changes among the markers, and the newest thousand that people set', () => {
  const many = Array.from({ length: 600 }, (_, n): At => [n, limited(n + 1)]);
  const { folded } = settle([[0, { type: 'marker/set', name: 'first' }], ...many]);
  const { markers } = folded.state;
  expect(markers).toHaveLength(501);
  expect(markers[0]).toMatchObject({ kind: 'mark', name: 'first' });
  expect(markers.at(-1)?.name).toBe('timeout 599 ms → 600 ms');
  const set = Array.from({ length: 1200 }, (_, n): At => [n, { type: 'marker/set', name: `m${n}` }]);
  const kept = settle([[0, limited(250)], ...set]).folded.state.markers;
  expect(kept).toHaveLength(1001);
  expect([kept[0]?.kind, kept[1]?.name, kept.at(-1)?.name]).toEqual(['change', 'm200', 'm1199']);
});
