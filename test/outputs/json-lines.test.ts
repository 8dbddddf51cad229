import { describe, expect, it } from 'vitest';
import { type CauseName, causeIndex } from '../../source/measure/cause.ts';
import { noPercentiles } from '../../source/measure/second.ts';
import { JsonLines } from '../../source/outputs/json-lines.ts';
import type { EventBody, RunEvent } from '../../source/session/events.ts';
import {
  fixturePlan,
  fixtureRun,
  fixtureRunInfo,
  fixtureSecond,
  fixtureSecondClosed,
  fixtureSummary,
  numbered,
} from '../helpers/events.ts';
import { objectiveChanged, onTimes } from '../helpers/fixture-objectives.ts';

const objectsOf = (events: readonly RunEvent[]): Record<string, unknown>[] => {
  let text = '';
  const output = new JsonLines((more) => {
    text += more;
  });
  for (const event of events) output.take(event);
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('JSON lines', () => {
  it('are objects with a type and the version of their schema', () => {
    for (const object of objectsOf(fixtureRun())) {
      expect(object).toMatchObject({ type: expect.any(String), schema_version: 1 });
    }
  });

  it('say each second how the objectives stand, and what changed', () => {
    const standing = { status: 'broken', value: 312.4, brokenSince: 3000 } as const;
    const run = fixtureRunInfo({ objectives: [onTimes] });
    const [, second, changed] = objectsOf(
      numbered([
        [0, { type: 'run/opened', run, plan: fixturePlan, endsAt: null }],
        [4000, { ...fixtureSecondClosed(fixtureSecond(3)), objectives: [standing] } as EventBody],
        [4000, objectiveChanged()],
      ]),
    );
    expect(second).toMatchObject({ type: 'second', objectives: [{ text: 'p99<300ms over 30s', ...standing }] });
    expect(changed).toMatchObject({ type: 'objective/changed', before: 'met', status: 'broken', objective: onTimes });
  });

  it('have one object a second with rates, percentiles, outcomes, stocks, probes and the generator', () => {
    const seconds = objectsOf(fixtureRun()).filter(({ type }) => type === 'second');
    expect(seconds.map(({ at }) => at)).toEqual([1000, 2000, 3000, 4000, 5000]);
    expect(seconds[3]).toMatchObject({
      ratesPerSecond: { offered: 1000, achieved: 1000, good: 980, notGood: 20, requests: 1000 },
      goodResponseMs: { count: 980, p50: fixtureSecond(3).good.p50, p99: fixtureSecond(3).good.p99 },
      outcomes: { '2xx': 980, '429': 20, '503': 0, '524': 0, refused: 0 },
      causes: {},
      stocks: { inFlight: 3, backlog: 0, users: 0, stuck: 0 },
      addresses: [{ address: '127.0.0.1', requests: 1000, notGood: 20 }],
      probes: [
        { id: 'health', status: 'ok', state: 'degraded' },
        { id: 'metrics', status: 'failing', reason: 'connection refused', values: [] },
      ],
      generator: {
        level: 'bad',
        reasons: ['pacing delay p99 84 ms'],
        ownLimit: false,
        loopUtilisationRatio: 0.21,
        workers: [{ share: 0, loopUtilisationRatio: 0.21, loopDelayMs: 1.5 }],
      },
    });
  });

  it('name the causes that say more than their class', () => {
    const count = (name: CauseName, number: number) => ({
      cause: causeIndex(name),
      count: number,
      firstAt: 0,
      lastAt: 1,
      example: undefined,
    });
    const [series] = fixtureSecond(0).series;
    const outcomes = [count('2xx', 5), count('timeout, stuck', 2), count('timeout, waiting for headers', 1)];
    const second = fixtureSecond(0, {
      series: [
        { ...series!, outcomes },
        { ...series!, series: 1, outcomes },
      ],
    });
    const [object] = objectsOf(numbered([[1000, fixtureSecondClosed(second)]]));
    expect(object).toMatchObject({ outcomes: { '2xx': 10, timeout: 6 } });
    expect(object!.causes).toEqual({ 'timeout, waiting for headers': 2, 'timeout, stuck': 4 });
  });

  it('have an object for each other event, but not for slices and readings', () => {
    const types = objectsOf(fixtureRun()).map(({ type }) => type);
    expect(types.filter((type) => type !== 'second')).toEqual([
      'run/opened',
      'phase/changed',
      'marker/set',
      'command/refused',
      'plan/changed',
      'plan/applied',
      'generator/troubled',
      'probe/noticed',
      'probe/noticed',
      'problem/raised',
      'generator/recovered',
      'phase/changed',
      'phase/changed',
      'summary',
    ]);
  });

  it('end with the summary, whatever comes after it', () => {
    const late: RunEvent = { sequence: 99, at: 9999, type: 'marker/set', name: 'too late' };
    const last = objectsOf([...fixtureRun(), late]).at(-1);
    expect(last).toEqual({ type: 'summary', schema_version: 1, ...fixtureSummary() });
  });

  it('say null where nothing was measured, and nothing for late additions', () => {
    const gap = fixtureSecondClosed(fixtureSecond(0, { good: noPercentiles, loopUtilisation: Number.NaN }));
    const late = fixtureSecondClosed(fixtureSecond(0, { late: true }));
    const objects = objectsOf([
      { sequence: 0, at: 1100, ...gap },
      { sequence: 1, at: 1200, ...late },
    ]);
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({ goodResponseMs: { count: 0, p50: null, max: null } });
  });
});
