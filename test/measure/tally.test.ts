// The whole run, added up from its seconds: totals, groups kept apart, late additions counted, the verdict on the generator.

import { describe, expect, it } from 'vitest';
import { type CauseName, causeIndex } from '../../source/measure/cause.ts';
import type { GeneratorLevel } from '../../source/measure/generator.ts';
import { noFlows } from '../../source/measure/interval.ts';
import type { Summary } from '../../source/measure/summary.ts';
import { type SummaryFrame, Tally } from '../../source/measure/tally.ts';
import { fineRound } from '../helpers/burst-round.ts';
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
          { cause: causeIndex('2xx'), count: 60, firstAt: 1.4, lastAt: 999.6, example: undefined },
          { cause: causeIndex('timeout, waiting for headers'), count: 15, firstAt: 20, lastAt: 30, example: undefined },
          { cause: causeIndex('503'), count: 5, firstAt: 20, lastAt: 30, example: `busy ${series}` },
        ],
      })),
    });
    tally.take(second);
    const summary = tally.summary(frame({ durationMs: 10_000 }), ['GET /']);
    expect(summary).toMatchObject({ achievedRate: 7, goodRate: 6, requestRate: 16, completed: 130, failed: 30 });
    expect(summary.outcomes.map(({ causes, ...outcome }) => outcome)).toEqual([
      { outcome: '2xx', count: 120, shareRatio: 0.75, firstAtMs: 1, lastAtMs: 1000, example: null },
      { outcome: '503', count: 10, shareRatio: 0.0625, firstAtMs: 20, lastAtMs: 30, example: 'busy 0' },
      { outcome: 'timeout', count: 30, shareRatio: 0.1875, firstAtMs: 20, lastAtMs: 30, example: null },
    ]);
    expect(summary.series.map(({ name }) => name)).toEqual(['GET /', 'series 1']);
  });

  it('tell the causes of a class apart, the most frequent first, and add up to the class', () => {
    const tally = new Tally();
    const count = (name: CauseName, number: number, at: number, example?: string) => ({
      cause: causeIndex(name),
      count: number,
      firstAt: at,
      lastAt: at + 5,
      example,
    });
    const base = { bytesOut: 0, bytesIn: 0, good: 6 };
    const stuck = count('timeout, stuck', 1, 10, 'no answer within 10 s');
    const slow = count('timeout, waiting for headers', 3, 40, 'no answer within 9 s');
    tally.take(
      fixtureSecond(0, {
        series: [
          { ...base, series: 0, notGood: 4, outcomes: [count('2xx', 6, 1), stuck, slow] },
          { ...base, series: 1, good: 0, notGood: 2, outcomes: [count('ours: ports', 2, 70, 'EADDRNOTAVAIL')] },
        ],
      }),
    );
    const { outcomes } = tally.summary(frame(), []);
    expect(outcomes.find(({ outcome }) => outcome === 'timeout')).toEqual({
      outcome: 'timeout',
      count: 4,
      shareRatio: 4 / 12,
      firstAtMs: 10,
      lastAtMs: 45,
      example: 'no answer within 9 s',
      causes: [
        {
          cause: 'timeout, waiting for headers',
          fault: 'target',
          meaning: 'no answer within the limit',
          count: 3,
          shareRatio: 0.25,
          firstAtMs: 40,
          lastAtMs: 45,
          example: 'no answer within 9 s',
        },
        {
          cause: 'timeout, stuck',
          fault: 'target',
          meaning: 'the answer began, and then no byte came for at least 2 s',
          count: 1,
          shareRatio: 1 / 12,
          firstAtMs: 10,
          lastAtMs: 15,
          example: 'no answer within 10 s',
        },
      ],
    });
    expect(outcomes.at(-1)).toMatchObject({ outcome: 'ours', causes: [{ cause: 'ours: ports', fault: 'ours' }] });
    for (const { count: all, causes } of outcomes) expect(causes.reduce((sum, one) => sum + one.count, 0)).toBe(all);
    expect(outcomes.reduce((sum, { shareRatio }) => sum + shareRatio, 0)).toBeCloseTo(1, 12);
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

describe('the warm-up', () => {
  const run = (warmupMs: number): Summary => {
    const tally = new Tally(warmupMs);
    for (let second = 0; second < 4; second += 1) {
      const taken = fixtureSecond(second, { stocks: noStocks });
      tally.take(taken);
      const level = second < 2 ? 'bad' : 'good';
      tally.judge(taken, { level, reasons: ['cold'], pacingP99Ms: 1, loopUtilisation: 0.1 }, second < 2);
    }
    return tally.summary(frame({ durationMs: 4000 }), ['POST /events']);
  };

  it('is in nothing but the balance of iterations', () => {
    // Two seconds of 500 are left out, as both begin before the 1.5 s are over.
    const { generator, ...summary } = run(1500);
    expect(summary).toMatchObject({
      warmupMs: 1500,
      measuredMs: 2000,
      completed: 1500,
      achievedRate: 750,
      requestRate: 750,
    });
    expect(summary.iterations.due).toBe(2500);
    expect(summary.balanced).toBe(true);
    expect(summary.response.good.count + summary.response.notGood.count).toBe(1500);
    expect(summary.waits.pacing.count).toBe(1500);
    expect(summary.series[0]).toMatchObject({ good: 1480, notGood: 20 });
    expect(summary.addresses).toEqual([{ address: '127.0.0.1', requests: 1500, notGood: 20, shareRatio: 1 }]);
    expect(summary.outcomes[0]!.firstAtMs).toBeGreaterThanOrEqual(2000);
    expect(generator).toMatchObject({ valid: true, verdict: 'good', badRatio: 0, bad: [], ownLimit: [] });
  });

  it('of no length leaves nothing out', () => {
    expect(run(0)).toMatchObject({ warmupMs: 0, measuredMs: 4000, completed: 2500, generator: { badRatio: 0.5 } });
  });

  it('that is longer than the run leaves nothing but the balance', () => {
    const summary = run(60_000);
    expect(summary).toMatchObject({ measuredMs: 0, completed: 0, achievedRate: 0, iterations: { due: 2500 } });
    expect(summary.generator).toMatchObject({ valid: true, badRatio: 0, notSentRatio: 0 });
  });
});

describe('addresses and rounds', () => {
  it('are in the order of their use, and of very many the later ones are one', () => {
    const tally = new Tally();
    const address = (index: number, requests: number) => ({ address: `10.0.0.${index}`, requests, notGood: 1 });
    for (let index = 0; index < 150; index += 1) {
      tally.take(fixtureSecond(index, { addresses: [address(index, index === 7 ? 50 : 1)] }));
    }
    tally.take(fixtureSecond(150, { addresses: [address(3, 9)] }));
    const { addresses } = tally.summary(frame(), []);
    expect(addresses).toHaveLength(101);
    expect(addresses.slice(0, 3).map(({ address: name, requests }) => [name, requests])).toEqual([
      ['10.0.0.7', 50],
      ['others', 50],
      ['10.0.0.3', 10],
    ]);
    expect(addresses.reduce((sum, { shareRatio }) => sum + shareRatio, 0)).toBeCloseTo(1, 9);
  });

  it('are kept in the order in which they ended', () => {
    const tally = new Tally();
    const round = fineRound();
    tally.addRound(round);
    tally.addRound({ ...round, round: 1 });
    expect(tally.summary(frame({ model: 'burst' }), []).rounds.map((one) => one.round)).toEqual([0, 1]);
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

  it.each(['full speed', 'closed', 'burst'] as const)('is always valid with the model %s', (model) => {
    expect(generatorOf(judged(['bad', 'bad']), model)).toMatchObject({ valid: true, verdict: 'warn' });
  });

  it.each([
    ['open', false],
    ['burst', false],
    ['closed', true],
    ['full speed', true],
  ] as const)('comes with what the model %s cannot see', (model, hidden) => {
    expect(new Tally().summary(frame({ model }), []).hidesWaiting).toBe(hidden);
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
