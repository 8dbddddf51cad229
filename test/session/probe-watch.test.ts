// What is told of a probe beyond its values, and that each of it is told once.

import { describe, expect, it } from 'vitest';
import type { Notice, ProbeValue } from '../../source/probes/probe.ts';
import type { ProbeSample } from '../../source/probes/sampler.ts';
import { answeredProbe, failedProbe, unread } from '../../source/session/probe-state.ts';
import { watchProbe } from '../../source/session/probe-watch.ts';
import type { ProbeState } from '../../source/session/state.ts';
import { fixtureHealth } from '../helpers/events.ts';

type Look = readonly ProbeValue[] | { readonly reason: string; readonly hint?: string; readonly tolerated?: boolean };

const sampleOf = (look: Look, notices: readonly Notice[] = []): ProbeSample => {
  const base = { probe: 'health', at: 0, tookMs: 1 };
  if ('reason' in look) {
    const { reason, hint, tolerated = false } = look;
    return { ...base, failure: { reason, hint, tolerated } };
  }
  return { ...base, result: { values: look, notices } };
};

/** What is noticed of looks a second apart. */
const noticed = (looks: readonly Look[], unasked = false): string[] => {
  let probe: ProbeState = { id: 'health', kind: 'health', target: 'http://a/health', unasked, ...unread };
  return looks.flatMap((look, second) => {
    const at = second * 1000;
    const sample = sampleOf(look);
    const found = watchProbe(probe, sample, at);
    const event = { sequence: second, at, probe: 'health', tookMs: 1 };
    probe = sample.failure
      ? failedProbe(probe, { ...event, type: 'probe/failed', ...sample.failure })
      : answeredProbe(probe, { ...event, type: 'probe/read', title: undefined, values: sample.result!.values });
    return found.map(({ what, level, text }) => `${what} ${level}: ${text}`);
  });
};

const refused = { reason: 'connection refused' };
const late = { reason: 'no answer within 2 s', tolerated: true };
const well = fixtureHealth('ok');

type State = 'ok' | 'degraded' | 'down' | 'unknown';

const fact = (metric: string, state: State, text: string = state): ProbeValue => ({
  type: 'fact',
  metric,
  label: metric.replace('check.', ''),
  text,
  state,
  rank: metric === 'status' ? 0 : 10,
});
const fill = (label: string, value: number, limit: number): ProbeValue => ({
  type: 'value',
  metric: label,
  label,
  kind: 'gauge',
  unit: 'count',
  value,
  limit,
  rank: 1,
});

describe('silence', () => {
  it('is told when it begins, with its hint, and its end with the time that it took', () => {
    const second = { reason: 'no answer for 5 s', hint: 'see --health' };
    expect(noticed([well, { reason: '404', hint: 'set --health URL' }, second, refused, well, refused])).toEqual([
      'silence warn: cannot be read: 404 (set --health URL)',
      'answer info: answers again, after 3 s',
      'silence warn: cannot be read: connection refused',
    ]);
  });

  it('begins with the failure that is no longer tolerated, and lasts since the first one', () => {
    expect(noticed([well, late, well, late, refused, well])).toEqual([
      'silence warn: cannot be read: connection refused',
      'answer info: answers again, after 2 s',
    ]);
  });

  it('of what never answered ends with an answer, not with one again', () => {
    expect(noticed([refused, well])).toEqual([
      'silence warn: cannot be read: connection refused',
      'answer info: answers, after 1 s',
    ]);
  });

  it('of a path that nobody asked for is nothing wrong, unless it was there once', () => {
    expect(noticed([refused], true)).toEqual(['silence info: cannot be read: connection refused']);
    expect(noticed([well, refused], true)).toEqual(['silence warn: cannot be read: connection refused']);
  });
});

describe('a change of state', () => {
  it('is told once, worse as a warning, ok again not, and not at the first answer', () => {
    const states = ['ok', 'ok', 'degraded', 'degraded', 'down', 'ok'] as const;
    expect(noticed(states.map((state) => [fact('status', state)]))).toEqual([
      'state warn: ok → degraded',
      'state warn: degraded → down',
      'state info: down → ok',
    ]);
  });

  it('names the checks and the full buffers behind it, three at the most, and tells them no second time', () => {
    const checks = (state: State): ProbeValue[] => [
      fact('status', state === 'ok' ? 'ok' : 'degraded', state === 'ok' ? 'ok' : 'degraded: warn'),
      fact('check.redis', state, state === 'ok' ? 'up' : 'DOWN timeout'),
      fill('buffer', state === 'ok' ? 10 : 1000, 1000),
      fill('queue', 85, 100),
      fill('pool', 90, 100),
      fill('heap', 10, 100),
    ];
    expect(noticed([checks('ok'), checks('down'), checks('ok')])).toEqual([
      'state warn: ok → degraded (redis DOWN timeout, buffer 100 %, queue 85.0 %)',
      'state info: degraded → ok',
    ]);
  });

  it('says what the whole says where nothing can be named', () => {
    expect(noticed([[fact('status', 'ok')], [fact('status', 'down', 'down: 503 unavailable')]])).toEqual([
      'state warn: ok → down (503 unavailable)',
    ]);
  });

  it('of a check alone names the check, and one that goes the other way is not swallowed', () => {
    const looks = (whole: State, db: State, redis: State): ProbeValue[] => [
      fact('status', whole),
      fact('check.db', db, db === 'ok' ? 'connected' : 'disconnected'),
      fact('check.redis', redis),
    ];
    expect(
      noticed([
        looks('ok', 'ok', 'down'),
        looks('ok', 'down', 'down'),
        looks('ok', 'ok', 'down'),
        looks('degraded', 'down', 'ok'),
      ]),
    ).toEqual([
      'state warn: db ok → down (disconnected)',
      'state info: db down → ok',
      'state warn: ok → degraded (db disconnected)',
      'state info: redis down → ok',
    ]);
  });

  it('while nobody answered is told after the answer', () => {
    expect(noticed([well, refused, [fact('status', 'degraded')]])).toEqual([
      'silence warn: cannot be read: connection refused',
      'answer info: answers again, after 1 s',
      'state warn: ok → degraded',
    ]);
  });

  it('is none where a fact has no state, or was not there before', () => {
    const version = (text: string): ProbeValue => ({ type: 'fact', metric: 'v', label: 'v', text, rank: 3 });
    expect(noticed([[version('1')], [version('2'), fact('status', 'down')]])).toEqual([]);
  });
});

describe('what a probe notices itself', () => {
  it('is told as it says it, cleaned', () => {
    const probe: ProbeState = { id: 'a', kind: 'health', target: 'b', unasked: false, ...unread };
    const notice: Notice = { what: 'restart', level: 'warn', text: 'restarted,\u001b[2J was up 2d 4h' };
    expect(watchProbe(probe, sampleOf([], [notice]), 0)).toEqual([
      { what: 'restart', level: 'warn', text: 'restarted, [2J was up 2d 4h' },
    ]);
  });
});
