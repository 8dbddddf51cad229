// In which band a run is: the teams' own tables, the worst figure decides, and what is not judged says why.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BandSet, readBandCondition } from '../../source/measure/band.ts';
import { bandPresets } from '../../source/measure/band-presets.ts';
import { BandWindow } from '../../source/measure/band-window.ts';
import { type BandFigures, type BandVerdict, judgeBands, offeredRatio } from '../../source/measure/bands.ts';
import type { OutcomeClass } from '../../source/measure/outcome.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';

interface Given {
  readonly ended?: number;
  readonly errors?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly mean?: number;
  readonly requests?: number;
  readonly offeredRatio?: number;
  readonly classes?: readonly (readonly [OutcomeClass, number])[];
}

const figures = (given: Given): BandFigures => {
  const { ended = 10_000, errors = 0, p95 = 44, p99 = 80, mean = 20, requests = 5000, classes = [] } = given;
  return {
    ended,
    notGood: ended * errors,
    classes: new Map(classes),
    good: { count: ended * (1 - errors), meanMs: mean, p50Ms: mean, p95Ms: p95, p99Ms: p99, maxMs: p99 },
    rate: requests,
    requests,
    offeredRatio: given.offeredRatio ?? Infinity,
  };
};

const word = (set: BandSet, given: Given): string | null => judgeBands(set, figures(given)).word;
const signal = ({ signals }: BandVerdict, figure: string) => signals.find((one) => one.figure === figure);

describe('the bands of events', () => {
  it.each([
    ['good', {}],
    ['good', { p95: 499.9, p99: 999, errors: 0.049, classes: [['503', 50]] }],
    ['warning', { p95: 500 }],
    ['warning', { p95: 1000 }],
    ['critical', { p95: 1000.1, p99: 1200 }],
    ['warning', { p99: 1500 }],
    ['warning', { errors: 0.05 }],
    ['warning', { errors: 0.1 }],
    ['critical', { errors: 0.101 }],
    ['warning', { classes: [['timeout', 1]] }],
    ['warning', { classes: [['connect timeout', 10]] }],
    [
      'critical',
      {
        classes: [
          ['timeout', 60],
          ['connect timeout', 60],
        ],
      },
    ],
    ['critical', { classes: [['503', 101]] }],
    ['critical', { classes: [['refused', 1]] }],
  ] as const)('are %s for %j', (expected, given) => {
    expect(word(bandPresets.events, given)).toBe(expected);
  });

  it('are not judged of too few requests, but for what there is to be none of', () => {
    const few = judgeBands(bandPresets.events, figures({ ended: 19, p95: 5000, errors: 1 }));
    expect(few).toMatchObject({ word: null, depth: null });
    expect(signal(few, 'p95')).toMatchObject({ word: null, remark: 'not enough data' });
    expect(word(bandPresets.events, { ended: 3, errors: 1, classes: [['refused', 3]] })).toBe('critical');
    // No good one: there is no percentile, and the errors decide.
    const bad = judgeBands(bandPresets.events, figures({ errors: 1 }));
    expect([bad.word, signal(bad, 'p95')?.word, signal(bad, 'errors')?.word]).toEqual(['critical', null, 'critical']);
  });
});

describe('the bands of the gateway', () => {
  it.each([
    ['good', {}],
    ['acceptable', { requests: 100 }],
    ['acceptable', { mean: 200 }],
    ['acceptable', { errors: 0.01 }],
    ['below acceptable', { requests: 50 }],
    ['poor', { requests: 49.9 }],
    ['below acceptable', { mean: 500 }],
    ['below acceptable', { mean: 1000 }],
    ['poor', { mean: 1000.1 }],
    ['below acceptable', { errors: 0.05 }],
    ['below acceptable', { errors: 0.1 }],
    ['poor', { errors: 0.101 }],
    ['poor', { mean: 300, requests: 60, errors: 0.2 }],
  ] as const)('are %s for %j', (expected, given) => {
    expect(word(bandPresets.gateway, given)).toBe(expected);
  });

  it('tell where no more was offered than came', () => {
    const light = judgeBands(bandPresets.gateway, figures({ requests: 5, offeredRatio: 1.01 }));
    expect(signal(light, 'requests')).toMatchObject({ word: 'poor', remark: 'no more was offered' });
  });
});

describe('the bands of agents', () => {
  it.each([
    ['excellent', { requests: 2000, p95: 99.9, errors: 0.0009 }],
    ['good', { p95: 100 }],
    ['good', { p95: 500 }],
    ['acceptable', { p95: 501 }],
    ['needs optimization', { p95: 1001 }],
    ['good', { errors: 0.001 }],
    ['acceptable', { errors: 0.02 }],
    ['needs investigation', { errors: 0.06 }],
    ['good', { requests: 1000 }],
    ['acceptable', { requests: 499 }],
    ['needs scaling', { requests: 99 }],
    ['needs optimization, needs scaling', { p95: 1001, requests: 99 }],
    // 33 a second were offered, and came.
    ['excellent', { requests: 33, offeredRatio: 1 }],
  ] as const)('are %s for %j', (expected, given) => {
    expect(word(bandPresets.agents, given)).toBe(expected);
  });

  it('do not judge a rate beyond which nothing was offered', () => {
    const sample = judgeBands(bandPresets.agents, figures({ requests: 33, offeredRatio: 1.04 }));
    expect(signal(sample, 'requests')).toEqual({
      figure: 'requests',
      unit: '/s',
      value: 33,
      word: null,
      remark: 'no more was offered',
    });
  });
});

describe('bands of one’s own', () => {
  const set = (bands: Readonly<Record<string, readonly string[]>>): BandSet => ({
    name: 'own',
    bands: Object.entries(bands).map(([name, list]) => ({ word: name, conditions: list.map(readBandCondition) })),
  });

  it('are never better for a worse value', () => {
    const bound = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(fc.array(bound, { minLength: 1, maxLength: 6 }), bound, bound, (bounds, a, b) => {
        const sorted = bounds.toSorted((x, y) => x - y);
        const own = set(Object.fromEntries([...sorted.map((one, at) => [`w${at}`, [`p95<=${one}ms`]]), ['rest', []]]));
        const depth = (p95: number): number => judgeBands(own, figures({ p95 })).depth ?? -1;
        expect(depth(Math.max(a, b))).toBeGreaterThanOrEqual(depth(Math.min(a, b)));
        expect(depth(a)).toBe(sorted.filter((one) => one < a).length / sorted.length);
      }),
    );
  });

  it('may be written by where they begin', () => {
    const own = set({ fine: [], slow: ['p95>500ms', 'p95<=1s'], bad: ['503>0%'] });
    expect([400, 600, 1100].map((p95) => word(own, { p95 }))).toEqual(['fine', 'slow', 'bad']);
    expect(word(own, { classes: [['503', 1]] })).toBe('bad');
  });
});

describe('what was offered', () => {
  const offer = { due: 1000, ended: 1000, usersMs: 0, busyMs: 0 };
  it('is what came due, or in the closed model what users would have sent without waiting', () => {
    expect(offeredRatio('open', { ...offer, due: 2000 })).toBe(2);
    expect(offeredRatio('full speed', offer)).toBe(Infinity);
    // Half of their time they waited: the rest is think time.
    expect(offeredRatio('closed', { ...offer, usersMs: 10_000, busyMs: 5000 })).toBe(2);
    expect(offeredRatio('closed', { ...offer, usersMs: 10_000, busyMs: 9990 })).toBe(Infinity);
  });
});

describe('the window of bands', () => {
  it('has the last 30 seconds, merged, with what came late of them', () => {
    const window = new BandWindow();
    for (let second = 0; second < 40; second += 1) window.take(fixtureSecond(second));
    window.take(fixtureSecond(2, { late: true }));
    const whole = window.figures('open');
    expect(whole).toMatchObject({ ended: 30_000, notGood: 600, requests: 1000, rate: 980 });
    expect(whole.classes.get('429')).toBe(600);
    window.take(fixtureSecond(39, { late: true }));
    expect(window.figures('open')).toMatchObject({ ended: 31_000, good: { count: 30_380 } });
    expect(window.figures('open').good.p95Ms).toBeCloseTo(whole.good.p95Ms!, 1);
  });

  it('has nothing to say before the first second', () => {
    expect(judgeBands(bandPresets.events, new BandWindow().figures('open')).word).toBeNull();
  });
});
