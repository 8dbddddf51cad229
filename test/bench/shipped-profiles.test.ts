import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../source/profile/load-profile.ts';
import type { Profile } from '../../source/profile/profile.ts';
import type { DemoCounters } from '../helpers/demo-target.ts';
import {
  disagreements,
  flagsOf,
  outcomeOf,
  type ProfileSummary,
  type Sized,
  shortened,
  sizedProfiles,
  type Wanted,
} from './shipped-profiles.ts';

const environment = { auth_key: 'key', GSA_AUTH_TOKEN: 'token' };

const profileOf = ({ name, set }: Sized): Profile => {
  const [variable = '', value = ''] = set?.text.split('=') ?? [];
  const file = path.resolve(import.meta.dirname, `../../profiles/${name}.yaml`);
  return loadProfile(file, { environment, set: set ? [[variable, value]] : [] });
};

/** What a profile wants, in the words of the case. */
const wantedOf = ({ load, durationMs, limit, scenarios }: Profile): unknown => {
  const seconds = (durationMs ?? Infinity) / 1000;
  switch (load.model) {
    case 'constant':
      return { model: 'open', rate: load.rate, seconds };
    case 'burst':
      return { model: 'burst', size: load.sizes[0] };
    case 'closed':
      return Number.isFinite(limit)
        ? { model: 'requests', users: load.users, requests: limit }
        : { model: 'users', users: load.users, spawnRate: load.spawnRate, seconds, think: scenarios[0]!.think };
    default:
      return load;
  }
};

const named = (name: string): Sized => sizedProfiles.find((sized) => sized.name === name)!;

describe('a profile at its full size', () => {
  it.each(sizedProfiles.map((sized) => [sized.name, sized] as const))('%s wants what its file says', (_, sized) => {
    expect(wantedOf(profileOf(sized))).toEqual(sized.wanted);
  });
});

describe('a shortened profile', () => {
  const { wanted: open } = named('events-simple');
  const { wanted: users } = named('agents-mixed');

  it('is the same where it is no longer than that', () => {
    expect(shortened(open, 30)).toBe(open);
    expect(shortened(open, Infinity)).toBe(open);
    expect(flagsOf(open, open)).toEqual([]);
    expect(shortened(named('agents-quick').wanted, 5)).toBe(named('agents-quick').wanted);
  });

  it('has its rate for less time', () => {
    expect(shortened(open, 6)).toEqual({ model: 'open', rate: 10_000, seconds: 6 });
    expect(flagsOf(shortened(open, 6), open)).toEqual(['-z', '6s']);
  });

  it('has all its users, who begin in the first third, or as fast as they do anyhow', () => {
    const short = shortened(users, 60);
    expect(short).toMatchObject({ users: 1000, seconds: 60, spawnRate: 50 });
    expect(flagsOf(short, users)).toEqual(['-z', '60s', '--spawn-rate', '50']);
    expect(shortened(named('agents-health').wanted, 100)).toMatchObject({ spawnRate: 50, seconds: 100 });
  });
});

/** A run of 60 s in which `good` iterations of one request took 50 ms each. */
const summaryOf = (good: number, more: Partial<ProfileSummary> = {}): ProfileSummary => ({
  ...{ durationMs: 60_000, good, notGood: 0, achievedRate: good / 60, requestRate: good / 60, bytesOut: 0, rounds: [] },
  response: { good: { p95Ms: 60 } },
  series: [{ name: 'GET /', good, notGood: 0, bytesOut: 0, response: { good: { meanMs: 50 } } }],
  iterations: { good, notGood: 0 },
  generator: { verdict: 'good' },
  ...more,
});

describe('what came of a profile', () => {
  const uploads = { inWorkAtOnce: 98 };

  it.each([
    [{ model: 'open', rate: 100, seconds: 60 }, summaryOf(5970), { wanted: 100, achieved: 99.5, chance: 0 }],
    [{ model: 'requests', users: 10, requests: 6000 }, summaryOf(6000), { wanted: 6000, achieved: 6000, chance: 0 }],
    [{ model: 'burst', size: 100 }, summaryOf(100), { wanted: 100, achieved: 98, chance: 0 }],
  ] as const satisfies readonly (readonly [Wanted, ProfileSummary, object])[])(
    'of %j',
    (wanted: Wanted, summary, outcome) => {
      expect(outcomeOf(wanted, summary, { uploads })).toEqual(outcome);
    },
  );

  it('of users who think is beside the law of Little, with the time that an iteration took, step by step', () => {
    const wanted: Wanted = {
      ...{ model: 'users', users: 100, spawnRate: Infinity, seconds: 60 },
      think: { type: 'uniform', leastMs: 1000, mostMs: 3000 },
    };
    const step = { notGood: 0, bytesOut: 0, response: { good: { meanMs: 25 } } };
    const series = ['GET /a', 'GET /b'].map((name) => ({ ...step, name, good: 3000 }));
    const outcome = outcomeOf(wanted, summaryOf(3000, { series }), { uploads });
    expect(outcome.achieved).toBe(3000);
    expect(outcome.wanted).toBeCloseTo(100 * (60 / 2.05 + 0.5 + 1 / 6 / 2.05 ** 2), 6);
    expect(outcome.chance).toBeCloseTo(Math.sqrt(1 / 3) / 2.05 / Math.sqrt(outcome.wanted), 9);
  });
});

describe('what was sent and what was counted', () => {
  const countersOf = (routes: Readonly<Record<string, number>>): DemoCounters =>
    ({
      routes: Object.fromEntries(Object.entries(routes).map(([route, requests]) => [route, { requests }])),
    }) as unknown as DemoCounters;
  const series = (sent: Readonly<Record<string, readonly [good: number, notGood: number]>>) =>
    Object.entries(sent).map(([name, [good, notGood]]) => ({
      ...{ name, good, notGood, bytesOut: 0, response: { good: { meanMs: 1 } } },
    }));

  it('agree where they are the same by route, whatever the steps are called, health and metrics left out', () => {
    const sent = { series: series({ 'POST /events (1)': [3, 1], 'POST /events (10)': [4, 0], 'GET /health': [2, 0] }) };
    const came = countersOf({ 'POST /events': 8, 'GET /health': 17, 'GET /metrics': 9, 'HEAD /': 1 });
    expect(disagreements(sent, came, named('events-full').routeOf)).toEqual([]);
  });

  it('are told by route where they differ', () => {
    const sent = { series: series({ 'GET /a': [3, 0], 'GET /b': [1, 0] }) };
    expect(disagreements(sent, countersOf({ 'GET /a': 2, 'GET /c': 1 }))).toEqual([
      'GET /a: sent 3, came 2',
      'GET /b: sent 1, came 0',
      'GET /c: sent 0, came 1',
    ]);
  });
});
