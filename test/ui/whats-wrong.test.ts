import { describe, expect, it } from 'vitest';
import type { CauseState, OutcomeState, ProbeState, RunState } from '../../source/session/state.ts';
import { whatsWrong } from '../../source/ui/panels/whats-wrong.ts';
import { probeStates } from '../helpers/probe-states.ts';
import { failing, fixtureState, fixtureStates } from '../helpers/run-state.ts';

const healthy = fixtureState();
const said = (state: RunState) => whatsWrong(state).map(({ level, text }) => `${level}: ${text}`);
const generator = (patch: Partial<RunState['generator']>) =>
  fixtureState({ generator: { ...healthy.generator, ...patch } });
const rates = (patch: Partial<RunState['rates']>, more: Partial<RunState> = {}) =>
  fixtureState({ rates: { ...healthy.rates, ...patch }, ...more });

describe('answers that are not good', () => {
  it('are named by their status, where it is known', () => {
    const cause = (name: CauseState['name'], perSecond: number): CauseState => ({
      ...{ name, perSecond, detail: name, fault: 'profile', total: 40, example: undefined },
    });
    const outcome = (causes: readonly CauseState[]): OutcomeState => ({
      ...{ name: '4xx', perSecond: 40, share: 0.5, total: 40, example: undefined, causes },
    });
    const of = (causes: readonly CauseState[]) =>
      said(rates({ good: 40, notGood: 40 }, { outcomes: [outcome(causes)] }));
    expect(of([cause('404', 30), cause('400', 10), cause('403', 0)])).toEqual(['bad: 50.0 % not good: 404, 400']);
    expect(of([])).toEqual(['bad: 50.0 % not good: 4xx']);
  });
});

describe('what is wrong', () => {
  it.each(['healthy', 'full speed', 'closed model', 'burst', 'paused', 'fresh'] as const)(
    'is nothing at %s',
    (name) => {
      expect(said(fixtureStates[name])).toEqual([]);
    },
  );

  it.each([
    [
      'a generator that is the limit',
      generator({ level: 'bad', reasons: ['pacing delay p99 83 ms'] }),
      ['bad: the generator is the limit: pacing delay p99 83 ms'],
    ],
    [
      'a generator near its limit',
      generator({ level: 'warn', reasons: ['event loop 85 % busy'] }),
      ['warn: the generator is near its limit: event loop 85 % busy'],
    ],
    ['our own limit', generator({ ownLimit: true }), ["bad: our own limit, not the target's: 182 of 1,000 in flight"]],
    ['few that are not good', rates({ good: 7760, notGood: 38 }), ['warn: 0.5 % not good']],
    ['nothing that is good', rates({ good: 0, notGood: 7798 }), ['bad: 100 % not good']],
    ['less back than offered', rates({ achieved: 6120 }), ['bad: 6,120 of 7,800/s come back']],
    ['drops', rates({ dropped: 12 }), ['warn: 12/s dropped']],
    [
      'a backlog',
      fixtureState({ stocks: { ...healthy.stocks, backlog: 40, oldestBacklogMs: 120 } }),
      ['warn: 40 waiting, the oldest for 120 ms'],
    ],
    [
      'an old backlog',
      fixtureState({ stocks: { ...healthy.stocks, backlog: 40_000, oldestBacklogMs: 12_300 } }),
      ['bad: 40,000 waiting, the oldest for 12.3 s'],
    ],
    ['requests that are stuck', fixtureStates.stuck, ['bad: stuck 12: no byte for seconds, the oldest is 8.1 s old']],
    [
      'arrivals that we did not send',
      fixtureState({ totals: { ...healthy.totals, notSent: 7 } }),
      ['warn: 7 not sent through us'],
    ],
    ['a probe without an answer', fixtureStates['probes failing'], ['bad: health does not answer: connection refused']],
  ] as const)('tells %s', (_, state, expected) => {
    expect(said(state)).toEqual(expected);
  });

  it('is what the target answers before the generator, which has a say of its own only where that is well', () => {
    const late = { level: 'bad', reasons: ['pacing delay p99 70.9 ms'] } as const;
    const dead = rates({ good: 0, notGood: 502 }, { generator: { ...healthy.generator, ...late } });
    const generatorToo = 'bad: the generator is the limit: pacing delay p99 70.9 ms';
    expect(said(dead)).toEqual(['bad: 100 % not good', generatorToo]);
    const { stocks } = fixtureStates.stuck;
    expect(said({ ...generator(late), stocks })).toEqual([expect.stringContaining('bad: stuck 12'), generatorToo]);
    // A few that are not good explain nothing that the generator did.
    expect(said({ ...dead, rates: { ...dead.rates, good: 7760, notGood: 38 } })[0]).toBe(generatorToo);
  });

  it('names the limit as it is now, not as it was', () => {
    const state = generator({ ownLimit: true });
    expect(said({ ...state, limits: { ...state.limits!, maxInFlight: 200 } })).toEqual([
      "bad: our own limit, not the target's: 182 of 200 in flight",
    ]);
  });

  it('names the two worst outcomes', () => {
    expect(said(fixtureStates.overload)).toEqual([
      'bad: 13.7 % not good: 429, 503',
      'warn: health degraded: buffer 100 %',
    ]);
  });

  describe('at a probe', () => {
    it('is the worst that it judges, after what that does to the load, and one thing only', () => {
      expect(said(probeStates.levels)).toEqual(['bad: target process: cpu 1.42 of 2 cores']);
      const { probes } = probeStates.levels;
      const later = probes.filter(({ kind }) => kind !== 'target process');
      expect(said({ ...probeStates.levels, probes: later })).toEqual(['bad: mongodb: lock queue 412']);
      expect(said({ ...fixtureStates.overload, probes: [...fixtureStates.overload.probes, probes[2]!] })).toEqual([
        'bad: 13.7 % not good: 429, 503',
        'warn: health degraded: buffer 100 %',
        'bad: mongodb: lock queue 412',
      ]);
    });

    it('is nothing while its numbers are late, and nothing of ourselves', () => {
      const [, , mongodb] = probeStates.levels.probes;
      expect(said(fixtureState({ probes: [{ ...mongodb!, status: 'late' }] }))).toEqual([]);
      expect(said(fixtureState({ probes: [{ ...mongodb!, kind: 'process' }] }))).toEqual([]);
    });

    it('is its silence, but not of one that nobody asked for and that never answered', () => {
      const [health] = healthy.probes;
      expect(said(fixtureState({ probes: [failing(health!, 'refused')] }))).toEqual([
        'bad: health does not answer: refused',
      ]);
      const never = { ...failing(health!, 'refused'), lastAt: undefined };
      expect(said(fixtureState({ probes: [never] }))).toEqual(['warn: health does not answer: refused']);
      expect(said(fixtureState({ probes: [{ ...never, unasked: true }] }))).toEqual([]);
      // It answered before: that somebody asked for it is not what matters any more.
      expect(said(fixtureState({ probes: [{ ...failing(health!, 'refused'), unasked: true }] }))).toEqual([
        'bad: health does not answer: refused',
      ]);
    });
  });

  it('names the check that fails, and the instance by what tells it from the others', () => {
    const [health] = healthy.probes;
    const down: ProbeState['values'] = [
      { type: 'fact', metric: 'status', label: 'status', text: 'degraded', state: 'degraded', rank: 0 },
      { type: 'fact', metric: 'check.kafka', label: 'kafka', text: 'down', state: 'down', rank: 11 },
    ];
    expect(said(fixtureState({ probes: [{ ...health!, values: down }] }))).toEqual([
      'warn: health degraded: kafka down',
    ]);
    const second = { ...health!, id: 'health 2', target: 'http://localhost:3002/health', values: down };
    expect(said(fixtureState({ probes: [health!, second] }))).toEqual(['warn: health :3002 degraded: kafka down']);
  });

  it('says a full buffer once, with the health that is degraded for it', () => {
    const [health] = healthy.probes;
    const values: ProbeState['values'] = [
      { type: 'fact', metric: 'status', label: 'status', text: 'degraded', state: 'degraded', rank: 0 },
      {
        ...{ type: 'value', metric: 'buffer', label: 'buffer', kind: 'gauge', unit: 'count', rank: 1 },
        ...{ value: 20_000, limit: 20_000, level: 'bad' },
      },
    ];
    const one = { ...health!, values };
    expect(said(fixtureState({ probes: [one] }))).toEqual(['warn: health degraded: buffer 100 %']);
    const well = { ...one, values: values.slice(1) };
    expect(said(fixtureState({ probes: [well] }))).toEqual(['bad: health: buffer 20,000 of 20,000']);
  });

  it('puts what is bad before what is near it', () => {
    const probes = [{ ...failing(healthy.probes[0]!, 'refused'), lastAt: undefined }];
    const levels = whatsWrong(rates({ achieved: 10, dropped: 3 }, { probes })).map(({ level }) => level);
    expect(levels).toEqual(['bad', 'warn', 'warn']);
  });

  it.each([
    ['in the first seconds', rates({ achieved: 100 }, { now: 2000 })],
    ['while it ends', rates({ achieved: 100 }, { phase: 'draining' })],
    ['at a low rate that wavers', rates({ offered: 4, achieved: 2, good: 2 })],
    ['in a burst, of which all come due at once', { ...rates({ achieved: 100 }), run: fixtureStates.burst.run }],
  ])('does not call it behind %s', (_, state) => {
    expect(said(state)).toEqual([]);
  });
});
