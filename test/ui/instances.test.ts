import { describe, expect, it } from 'vitest';
import { instanceNames } from '../../source/common/instance-names.ts';
import type { ProbeState } from '../../source/session/state.ts';
import { firstLook } from '../../source/ui/look.ts';
import {
  type Combined,
  combine,
  combinedCourse,
  combinedNote,
  mostTelling,
  severityOf,
} from '../../source/ui/parts/instances.ts';
import type { Reading } from '../../source/ui/parts/probe-values.ts';
import { seenOf } from '../../source/ui/seen.ts';
import { failing, fixtureHistory, fixtureState, probe, reading } from '../helpers/run-state.ts';

type Unit = Reading['unit'];

const value = (metric: string, unit: Unit, number: number, more: Partial<Reading> = {}): Reading =>
  ({ ...reading(0, { metric, label: metric, unit, value: number }), ...more }) as Reading;

const probes = (...all: readonly (readonly Reading[])[]): ProbeState[] =>
  all.map((values, index) => ({
    ...probe('metrics', `http://host:${9000 + index}/metrics`, '', values),
    id: `m${index}`,
  }));

const first = (...all: readonly (readonly Reading[])[]): Combined => combine(probes(...all))[0] as Combined;

describe('one metric of several instances', () => {
  it.each<[Unit, string, number]>([
    ['count', 'sum', 30],
    ['/s', 'sum', 30],
    ['bytes', 'sum', 30],
    ['bytes/s', 'sum', 30],
    ['ratio', 'worst', 20],
    ['ms', 'worst', 20],
    ['s', 'worst', 20],
  ])('in %s is the %s', (unit, how, expected) => {
    const combined = first([value('m', unit, 10)], [value('m', unit, 20)]);
    expect([combined.how, combined.reading.value]).toEqual([how, expected]);
  });

  it('with a limit is the one that uses most of its own', () => {
    const combined = first([value('m', 'count', 900, { limit: 10_000 })], [value('m', 'count', 80, { limit: 100 })]);
    expect([combined.how, combined.reading.value, combined.reading.limit]).toEqual(['worst', 80, 100]);
  });

  it('is the shortest of how long they run: that one was restarted', () => {
    expect(first([value('uptime', 's', 9000)], [value('uptime', 's', 12)]).reading.value).toBe(12);
  });

  it('has the worst of their levels', () => {
    expect(first([value('m', '/s', 1, { level: 'ok' })], [value('m', '/s', 1, { level: 'bad' })]).reading.level).toBe(
      'bad',
    );
    expect(first([value('m', '/s', 1)], [value('m', '/s', 1)]).reading.level).toBeUndefined();
  });

  it('says how many are in a sum, where it is not all of them', () => {
    const combined = first([value('m', '/s', 1)], [value('m', '/s', 1)], []);
    expect([combinedNote(combined, 1), combinedNote(combined, 2), combinedNote(combined, 3)]).toEqual([
      '',
      'sum',
      'sum of 2',
    ]);
  });

  it('leaves out who does not answer, and is a gap only where none can read it', () => {
    const [a, b] = probes([value('m', '/s', 1)], [value('m', '/s', 5)]);
    expect((combine([a!, failing(b!, 'refused')])[0] as Combined).reading.value).toBe(1);
    const gap = { type: 'gap', metric: 'm', label: 'm', rank: 0, reason: 'needs two readings' } as const;
    expect(combine([{ ...a!, values: [gap] }, b!])).toHaveLength(1);
    expect(
      combine([
        { ...a!, values: [gap] },
        { ...b!, values: [gap] },
      ]),
    ).toEqual([gap]);
  });

  it('is not mixed with a metric of the same name in another unit', () => {
    expect(combine(probes([value('m', '/s', 1)], [value('m', 'bytes', 1)]))).toHaveLength(2);
  });
});

describe('the course of several', () => {
  const course = (how: 'sum' | 'worst', curves: readonly ((second: number) => number)[]): number[] => {
    const unit = how === 'sum' ? '/s' : 'ms';
    const all = probes(...curves.map(() => [value('m', unit, 1)]));
    const history = fixtureHistory(
      { offered: () => 1 },
      Object.fromEntries(curves.map((curve, index) => [`m${index}/m`, curve])),
    );
    const combined = combine(all)[0] as Combined;
    return [...combinedCourse(seenOf(fixtureState({ history }), firstLook), combined)(60)].slice(-4);
  };
  const from =
    (start: number, number: number) =>
    (second: number): number =>
      second < start ? Number.NaN : number;

  it('is a sum of those that are known in a second, or the worst, and a gap where all have one', () => {
    expect(course('sum', [from(250, 2), from(251, 3)])).toEqual([Number.NaN, Number.NaN, 2, 5]);
    expect(course('worst', [from(250, 2), from(251, 3)])).toEqual([Number.NaN, Number.NaN, 2, 3]);
  });
});

describe('an instance', () => {
  const named = (...targets: readonly string[]) =>
    instanceNames(targets.map((target, index) => ({ ...probe('metrics', target, '', []), id: `m${index}` })));

  it('is called by what tells it apart', () => {
    expect(named('http://localhost:3001/health', 'http://localhost:3002/health')).toEqual([':3001', ':3002']);
    expect(named('http://a:3001/health', 'http://b:3001/health')).toEqual(['a:3001', 'b:3001']);
    expect(named('http://a/one', 'http://a/two')).toEqual(['m0', 'm1']);
    expect(named('http://a:1/', 'http://a/')).toEqual(['a:1', 'a']);
    expect(named('this machine', 'another')).toEqual(['m0', 'm1']);
    expect(named('mongodb://user:***@a:27017/db', 'mongodb://b:27017')).toEqual(['a:27017', 'b:27017']);
  });

  it('is shown by what is wrong with it, then by what is nearly full, then by what ranks first', () => {
    const telling = (...values: readonly Reading[]) => mostTelling(probes(values)[0]!)?.metric;
    const plain = value('plain', '/s', 1);
    const full = value('full', 'count', 90, { limit: 100, rank: 1 });
    const worth = value('worth', '/s', 1, { level: 'warn', rank: 2 });
    const wrong = value('wrong', '/s', 1, { level: 'bad', rank: 3 });
    expect(telling(plain, full, worth, wrong)).toBe('wrong');
    expect(telling(plain, full, worth)).toBe('worth');
    expect(telling(plain, full)).toBe('full');
    expect(telling(plain, { ...full, value: 10 })).toBe('plain');
    expect(telling()).toBeUndefined();
  });

  it('that is silent is worse than one that is down, and that worse than one that is late', () => {
    const [health] = fixtureState().probes;
    const is = (state: 'ok' | 'degraded' | 'down'): ProbeState => ({
      ...health!,
      values: [{ type: 'fact', metric: 'status', label: 'status', text: state, state, rank: 0 }],
    });
    const order = [
      failing(is('ok'), 'refused'),
      is('down'),
      is('degraded'),
      { ...is('ok'), status: 'late' as const },
      is('ok'),
    ];
    const severities = order.map(severityOf);
    expect(severities).toEqual(severities.toSorted((a, b) => b - a));
    expect(new Set(severities).size).toBe(5);
  });
});
