// What the screen shows of a run that has ended: all of it.

import { describe, expect, it } from 'vitest';
import { firstLook } from '../../source/ui/look.ts';
import { whatsWrong } from '../../source/ui/panels/whats-wrong.ts';
import { seenOf } from '../../source/ui/seen.ts';
import { fixtureSummary } from '../helpers/fixture-summary.ts';
import { frameOf } from '../helpers/frame.tsx';
import { fixtureState } from '../helpers/run-state.ts';

const summary = fixtureSummary();
const none = { count: 0, p50: Number.NaN, p95: Number.NaN, p99: Number.NaN, max: Number.NaN };
/** As the last moment leaves it: nothing is sent any more, and the newest second had nothing. */
const over = fixtureState({
  phase: 'closed',
  summary,
  rates: {
    offered: 0,
    started: 0,
    achieved: 0,
    good: 0,
    notGood: 0,
    dropped: 0,
    notSent: 0,
    requests: 0,
  },
  latency: { windowMs: 5000, good: none, notGood: none },
  outcomes: fixtureState().outcomes.map((outcome) => ({ ...outcome, perSecond: 0, share: Number.NaN })),
});

describe('a run that has ended', () => {
  it('is shown by its rates, percentiles, outcomes and verdict as a whole', () => {
    const seen = seenOf(over, firstLook);
    expect(seen).toMatchObject({
      whole: true,
      rates: {
        offered: summary.iterations.due / 5,
        achieved: 700,
        good: summary.good / 5,
        notGood: summary.notGood / 5,
      },
      latency: { windowMs: 5000, good: { p99: summary.response.good.p99Ms, max: summary.response.good.maxMs } },
      generator: {
        level: 'bad',
        reasons: ['at 0:03: pacing delay p99 84 ms'],
        pacingP99Ms: summary.waits.pacing.p99Ms,
      },
    });
    expect(seen.outcomes.find(({ name }) => name === '429')).toMatchObject({
      perSecond: summary.notGood / 5,
      share: summary.notGood / (summary.good + summary.notGood),
    });
  });

  it('says so, at every size', () => {
    const wide = frameOf(over, 120, 40).split('\n');
    expect(wide[0]).toContain('ENDED · whole run');
    expect(wide[1]).toMatch(
      /^ whole run: 3,500 requests {2}good 98\.9 % {2}.*p99 [\d.]+ ms {2}generator NOT to be trusted$/,
    );
    expect(wide.join('\n')).toMatch(/─ throughput \/s ─+ whole run {2}offered +700 {2}achieved +700 {2}good +692 ─/);
    expect(wide.join('\n')).toMatch(/─ response time ms, good ─+ whole run {2}p50/);
    expect(wide.join('\n')).toContain('─ outcomes, whole run ─');
    for (const [columns, rows] of [
      [80, 24],
      [60, 20],
    ] as const)
      expect(frameOf(over, columns, rows)).toMatch(/^ whole run: 3,500 requests {2}good 98\.9 %/m);
  });

  it('is blamed on nobody twice', () => {
    expect(whatsWrong(seenOf(over, firstLook)).map(({ text }) => text)).toEqual([
      'not valid: the generator, not the target, was the limit',
      '1.1 % not good: 429',
    ]);
  });

  it('is looked at second by second while the view is frozen, and as it goes while it goes on', () => {
    expect(seenOf(over, { ...firstLook, frozen: { end: 3000, cursor: 2000 } }).whole).toBe(false);
    expect(seenOf({ ...over, phase: 'draining' }, firstLook)).toMatchObject({ whole: false, rates: { good: 0 } });
  });
});
