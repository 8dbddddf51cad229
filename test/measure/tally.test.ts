// The whole run, added up from its seconds: totals, groups kept apart, late additions counted, the verdict on the generator.

import { describe, expect, it } from 'vitest';
import type { GeneratorLevel } from '../../source/measure/generator.ts';
import { noFlows } from '../../source/measure/interval.ts';
import { outcomeIndex } from '../../source/measure/outcome.ts';
import type { Summary } from '../../source/measure/summary.ts';
import { type SummaryFrame, Tally } from '../../source/measure/tally.ts';
import { fixtureSecond, fixtureSeconds, fixtureSummary } from '../helpers/events.ts';
import { intervalOf, noStocks } from '../helpers/intervals.ts';

const frame = (patch: Partial<SummaryFrame> = {}): SummaryFrame => ({
  name: 'run',
  target: 'http://127.0.0.1:3000',
  model: 'open',
  startedAt: '2026-03-01T12:00:00.000Z',
  timeZone: 'UTC',
  endReason: 'the planned end',
  durationMs: 5000,
  seed: 42,
  recording: null,
  problems: [],
  ...patch,
});

const judged = (levels: readonly GeneratorLevel[], ownLimit: readonly boolean[] = []): Tally => {
  const tally = new Tally();
  for (const [second, level] of levels.entries()) {
    const reasons = level === 'good' ? [] : [`${level} in ${second}`];
    tally.judge(
      fixtureSecond(second),
      { level, reasons, pacingP99Ms: 1, loopUtilisation: 0.1 },
      ownLimit[second] ?? false,
    );
  }
  return tally;
};

const generatorOf = (tally: Tally, model: Summary['model'] = 'open') => tally.summary(frame({ model }), []).generator;

describe('the totals of a run', () => {
  it('are those of its seconds', () => {
    const tally = new Tally();
    for (let second = 0; second < fixtureSeconds; second += 1) tally.take(fixtureSecond(second));
    const expected = fixtureSummary();
    const summary = tally.summary(frame(), ['POST /events']);
    for (const field of ['completed', 'failed', 'good', 'notGood', 'bytesOut', 'bytesIn', 'achievedRate'] as const) {
      expect(summary[field]).toBe(expected[field]);
    }
    for (const field of ['response', 'service', 'firstByte', 'waits', 'outcomes', 'series'] as const) {
      expect(summary[field]).toEqual(expected[field]);
    }
  });

  it('count what came late, but take stocks from whole seconds only', () => {
    const tally = new Tally();
    const stocks = { ...noStocks, inFlight: 5 };
    tally.take(fixtureSecond(0, { flows: { ...noFlows(), due: 15, good: 8 }, stocks }));
    tally.take(fixtureSecond(0, { late: true, flows: { ...noFlows(), good: 2 }, stocks: noStocks }));
    const { iterations, balanced, good } = tally.summary(frame(), []);
    expect(iterations).toMatchObject({ due: 15, good: 10, inFlight: 5, backlog: 0 });
    expect(balanced).toBe(true);
    expect(good).toBe(1000);
    expect(tally.flows).toMatchObject({ due: 15, good: 10 });
  });

  it('do not balance where an arrival is missing', () => {
    const tally = new Tally();
    tally.take(fixtureSecond(0, { flows: { ...noFlows(), due: 15, good: 14 }, stocks: noStocks }));
    expect(tally.summary(frame(), []).balanced).toBe(false);
  });

  it('tell rates of iterations from rates of requests, and leave out of achieved what got no response', () => {
    const tally = new Tally();
    const second = fixtureSecond(0, {
      flows: { ...noFlows(), due: 100, started: 100, good: 60, notGood: 40, noResponse: 30 },
      series: [0, 1].map((series) => ({
        series,
        good: 60,
        notGood: 20,
        bytesOut: 0,
        bytesIn: 0,
        outcomes: [
          { outcome: outcomeIndex('2xx'), count: 60, firstAt: 1.4, lastAt: 999.6, example: undefined },
          { outcome: outcomeIndex('timeout'), count: 15, firstAt: 20, lastAt: 30, example: undefined },
          { outcome: outcomeIndex('503'), count: 5, firstAt: 20, lastAt: 30, example: `busy ${series}` },
        ],
      })),
    });
    tally.take(second);
    const summary = tally.summary(frame({ durationMs: 10_000 }), ['GET /']);
    expect(summary).toMatchObject({ achievedRate: 7, goodRate: 6, requestRate: 16, completed: 130, failed: 30 });
    expect(summary.outcomes).toEqual([
      { outcome: '2xx', count: 120, shareRatio: 0.75, firstAtMs: 1, lastAtMs: 1000, example: null },
      { outcome: '503', count: 10, shareRatio: 0.0625, firstAtMs: 20, lastAtMs: 30, example: 'busy 0' },
      { outcome: 'timeout', count: 30, shareRatio: 0.1875, firstAtMs: 20, lastAtMs: 30, example: null },
    ]);
    expect(summary.series.map(({ name }) => name)).toEqual(['GET /', 'series 1']);
  });

  it('of a run in which nothing happened are zeros and gaps', () => {
    const summary = new Tally().summary(frame({ durationMs: 0 }), ['GET /']);
    expect(summary).toMatchObject({ completed: 0, good: 0, achievedRate: 0, balanced: true, outcomes: [], series: [] });
    expect(summary.response.good.p99Ms).toBeNull();
    expect(summary.generator).toMatchObject({ verdict: 'good', valid: true, badRatio: 0, notSentRatio: 0 });
  });

  it('merge the histograms of intervals of any series', () => {
    const tally = new Tally();
    const { cells } = intervalOf(0, 0, { goodMs: [1, 2, 3] });
    tally.take(fixtureSecond(0, { cells }));
    tally.take(fixtureSecond(1, { cells: intervalOf(1, 10, { goodMs: [100] }).cells }));
    const { good } = tally.summary(frame(), []).response;
    expect(good.count).toBe(4);
    expect(good.maxMs).toBeGreaterThanOrEqual(100);
    expect(good.p50Ms).toBeLessThan(2.1);
  });
});

describe('the generator over a run', () => {
  const good = (count: number): GeneratorLevel[] => new Array<GeneratorLevel>(count).fill('good');

  it('is valid up to 5 % of bad seconds and not above', () => {
    expect(generatorOf(judged([...good(19), 'bad']))).toMatchObject({ verdict: 'warn', valid: true, badRatio: 0.05 });
    expect(generatorOf(judged([...good(18), 'bad']))).toMatchObject({ verdict: 'bad', valid: false });
  });

  it('is not valid where more than 1 % of what was due was not sent through us', () => {
    const tallyOf = (notSent: number): Tally => {
      const tally = judged(good(10));
      tally.take(fixtureSecond(0, { flows: { ...noFlows(), due: 1000, notSent } }));
      return tally;
    };
    expect(generatorOf(tallyOf(10))).toMatchObject({ valid: true, notSentRatio: 0.01 });
    expect(generatorOf(tallyOf(11))).toMatchObject({ valid: false, verdict: 'bad' });
  });

  it('does not mind drops, which are a result', () => {
    const tally = judged(good(10));
    tally.take(fixtureSecond(0, { flows: { ...noFlows(), due: 1000, dropped: 900, good: 100 } }));
    expect(generatorOf(tally)).toMatchObject({ valid: true, verdict: 'good' });
  });

  it('is always valid at full speed, where full use is the purpose', () => {
    expect(generatorOf(judged(['bad', 'bad']), 'full speed')).toMatchObject({ valid: true, verdict: 'warn' });
  });

  it('names stretches of neighbouring seconds, with the reasons of the first', () => {
    const { bad, warn, ownLimit } = generatorOf(
      judged(['bad', 'bad', 'good', 'warn', 'bad'], [false, true, true, false, true]),
    );
    expect(bad).toEqual([
      { fromMs: 0, toMs: 2000, reasons: ['bad in 0'] },
      { fromMs: 4000, toMs: 5000, reasons: ['bad in 4'] },
    ]);
    expect(warn).toEqual([{ fromMs: 3000, toMs: 4000, reasons: ['warn in 3'] }]);
    expect(ownLimit).toEqual([
      { fromMs: 1000, toMs: 3000, reasons: [] },
      { fromMs: 4000, toMs: 5000, reasons: [] },
    ]);
  });
});
