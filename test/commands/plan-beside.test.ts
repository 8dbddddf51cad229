// Loads beside the main one: as long as the run, on connections that the main one leaves, with what is said of them named.

import { describe, expect, it } from 'vitest';
import { planBeside } from '../../source/commands/plan-beside.ts';
import { planRun } from '../../source/commands/plan-run.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import type { Load, OwnLoad, Scenario } from '../../source/profile/profile.ts';

const own = (load: Load, patch: Partial<OwnLoad> = {}): OwnLoad => ({
  ...{ load, arrivals: undefined, connections: undefined, maxInFlight: undefined, overflow: undefined },
  ...patch,
});
const scenario = (name: string, ownLoad?: OwnLoad): Scenario => ({
  ...{ name, weight: 1, steps: [] },
  ...(ownLoad && { own: ownLoad }),
});

const planned = (scenarios: readonly Scenario[], descriptorLimit?: number) => {
  const profile = completeProfile({
    name: 'run',
    origin: 'http://127.0.0.1:3000',
    scenarios,
    ...{ load: { model: 'constant', rate: 50 } as const, durationMs: 10_000, warmupMs: 1000, limit: 100 },
  });
  const surroundings = { cores: 3, descriptorLimit, tui: false };
  return planBeside(profile, planRun(profile, surroundings), surroundings);
};

describe('loads beside the main one', () => {
  it('have no end and no limit of their own, and stay where their last stage leaves them', () => {
    const stages = [{ lengthMs: 1000, rate: 20 }];
    const [constant, rising] = planned([
      scenario('main'),
      scenario('a', own({ model: 'constant', rate: 5 }, { arrivals: 'poisson', connections: 7 })),
      scenario('b', own({ model: 'open', stages }, { overflow: 'drop' })),
    ]);
    expect(constant).toMatchObject({
      scenario: 1,
      profile: { arrivals: 'poisson' },
      plan: { durationMs: undefined, limit: Infinity, connections: 7 },
    });
    expect(rising).toMatchObject({ scenario: 2, profile: { arrivals: 'uniform', overflow: 'drop' } });
    expect(rising?.plan.segments.at(-1)).toEqual({ at: 1000, lengthMs: Infinity, from: 20, to: 20 });
    expect(planned([scenario('main')])).toEqual([]);
  });

  it('share what connections there can be, and say whose matter it is where those are few', () => {
    const two = [scenario('main'), scenario('list', own({ model: 'constant', rate: 5 }))];
    expect(planned(two, 1500)[0]?.plan).toMatchObject({
      connections: 400,
      notes: ['list: at most 400 connections, because 500 descriptors are allowed'],
    });
    const users = own({ model: 'closed', users: 600, spawnRate: Infinity });
    expect(() => planned([scenario('main'), scenario('crowd', users)], 1500)).toThrow('the load needs 600 connections');
  });
});
