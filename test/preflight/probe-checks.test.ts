// One look of each probe as a check: the state of health, what is recognised, what MongoDB lets us see, and silence.

import { describe, expect, it } from 'vitest';
import { judgeResult, probeChecks } from '../../source/preflight/probe-checks.ts';
import type { BuiltProbe } from '../../source/probes/index.ts';
import {
  type HealthState,
  type Probe,
  ProbeError,
  type ProbeKind,
  type ProbeResult,
} from '../../source/probes/probe.ts';

const health = (state: HealthState, text: string = state): ProbeResult => ({
  title: '200  3 ms',
  values: [
    { type: 'fact', metric: 'status', label: 'status', text, state, rank: 0 },
    { type: 'fact', metric: 'check.db', label: 'db', text: 'DOWN timeout', state: 'down', rank: 10 },
    { type: 'value', metric: 'probe.latency', label: 'probe latency', kind: 'gauge', unit: 'ms', value: 3, rank: 30 },
  ],
});

const of = (kind: ProbeKind) => ({ id: kind, kind, target: 'http://t/x' });

describe('health', () => {
  it.each([
    ['ok', 'ok'],
    ['degraded', 'warn'],
    ['down', 'bad'],
    ['unknown', 'warn'],
  ] as const)('%s is %s', (state, level) => {
    expect(judgeResult(of('health'), health(state)).level).toBe(level);
  });

  it('tells status, time and what is not well', () => {
    expect(judgeResult(of('health'), health('down', 'down: DOWN'))).toMatchObject({
      found: 'http://t/x: down: DOWN, 200 in 3 ms; db DOWN timeout',
      wanted: 'ok',
    });
  });
});

describe('metrics', () => {
  it('tell how many series there are and what is recognised of them', () => {
    const values: ProbeResult['values'] = [
      { type: 'gap', metric: 'requests', label: 'requests', rank: 0, reason: 'needs a second reading' },
      { type: 'value', metric: 'heap', label: 'heap', kind: 'gauge', unit: 'bytes', value: 1, rank: 1 },
    ];
    expect(judgeResult(of('metrics'), { title: '153 series', values })).toEqual({
      name: 'metrics',
      level: 'ok',
      found: 'http://t/x: 153 series; recognised: requests, heap',
    });
    expect(judgeResult(of('metrics'), { title: '2 series', values: [] })).toMatchObject({ level: 'warn' });
  });
});

describe('MongoDB', () => {
  const gap = (label: string, reason: string) => ({ type: 'gap', metric: label, label, rank: 0, reason }) as const;
  const title = '7.0.42  standalone  up 3 s';

  it('tells version and role, and what cannot be read for which reason', () => {
    const values = [
      gap('tickets', 'no queues section'),
      gap('cache', 'no queues section'),
      gap('ops', 'needs a second reading'),
    ];
    expect(judgeResult(of('mongodb'), { title, values })).toEqual({
      name: 'mongodb',
      level: 'ok',
      found:
        'http://t/x: 7.0.42  standalone  up 3 s; 1 of 3 figures can be read; not: tickets, cache (no queues section)',
    });
  });

  it('that may not be read in part wants a role', () => {
    const values = [gap('lag', 'this user may not run replSetGetStatus (Unauthorized)')];
    expect(judgeResult(of('mongodb'), { title, values })).toMatchObject({
      level: 'warn',
      todo: expect.stringContaining('clusterMonitor'),
    });
  });
});

describe('probes', () => {
  const probe = (over: Partial<Probe> & Pick<Probe, 'read'>): Probe & { closed: boolean } => ({
    ...of('health'),
    closed: false,
    async close() {
      this.closed = true;
    },
    ...over,
  });
  const built = (one: Probe, tryOnce = false): BuiltProbe => ({
    probe: one,
    tryOnce,
    periodMs: undefined,
    timeoutMs: undefined,
  });

  it('are closed, and this machine’s own are left out', async () => {
    const good = probe({ read: async () => health('ok') });
    const host = probe({ kind: 'host', read: () => Promise.reject(new Error('not asked')) });
    expect(await probeChecks([built(good), built(host)], 1000)).toMatchObject([{ level: 'ok' }]);
    expect([good.closed, host.closed]).toEqual([true, true]);
  });

  it('that fail are bad with their hint, unless nobody asked for them', async () => {
    const failing = probe({ read: () => Promise.reject(new ProbeError('not found (404)', 'name it')) });
    const found = 'http://t/x: not found (404)';
    expect(await probeChecks([built(failing)], 1000)).toEqual([
      { name: 'health', level: 'bad', found, todo: 'name it' },
    ]);
    expect(await probeChecks([built(failing, true)], 1000)).toEqual([
      { name: 'health', level: 'skipped', found, todo: 'name it' },
    ]);
  });

  it('that never answer are told so', async () => {
    const silent = probe({ read: () => new Promise(() => {}) });
    expect(await probeChecks([built(silent)], 100)).toMatchObject([
      { level: 'bad', found: 'http://t/x: no answer within 0.1 s' },
    ]);
  });
});
