// A small, plausible run as events, built by hand: 500/s for five seconds, raised to 1,000/s in the fourth, with a
// degraded health check, some 429s and a second in which the generator was not to be trusted. For tests of readers.

import type { PlanData } from '../../source/load/arrival-plan.ts';
import type { GeneratorLevel } from '../../source/measure/generator.ts';
import { noFlows } from '../../source/measure/interval.ts';
import type { Second, Slice } from '../../source/measure/second.ts';
import type { ProbeValue } from '../../source/probes/probe.ts';
import type { EventBody, RunEvent, RunInfo } from '../../source/session/events.ts';
import { fixtureCells, fixtureSecond, fixtureSeconds } from './fixture-second.ts';
import { fixtureRecording, fixtureStart, fixtureSummary } from './fixture-summary.ts';

export { fixtureCells, fixtureSecond, fixtureSeconds } from './fixture-second.ts';
export { fixtureRecording, fixtureStart, fixtureSummary } from './fixture-summary.ts';

/** The plan before it was changed by hand. */
export const fixturePlan: PlanData = {
  revision: 0,
  segments: [{ at: 0, lengthMs: fixtureSeconds * 1000, from: 500, to: 500 }],
};

/** What is known of the run at its start; `patch` replaces fields. */
export const fixtureRunInfo = (patch: Partial<RunInfo> = {}): RunInfo => ({
  name: 'events',
  version: '0.1.0',
  target: 'http://127.0.0.1:3000',
  model: 'open',
  arrivals: 'uniform',
  seed: 42,
  workers: 2,
  connections: 1000,
  maxInFlight: 1000,
  overflow: 'queue',
  timeoutMs: 10_000,
  maxRate: 10_000_000,
  spawnRate: undefined,
  warmupMs: 0,
  durationMs: fixtureSeconds * 1000,
  limit: undefined,
  stages: [{ lengthMs: fixtureSeconds * 1000, rate: 500 }],
  series: ['POST /events'],
  severalSteps: false,
  startedAtWall: fixtureStart,
  timeZone: 'Europe/Berlin',
  recording: fixtureRecording,
  probes: [
    { id: 'health', kind: 'health', target: 'http://127.0.0.1:3000/health', unasked: false },
    { id: 'metrics', kind: 'metrics', target: 'http://127.0.0.1:3000/metrics', unasked: false },
  ],
  ...patch,
});

/** What a look at the health check brought. */
export const fixtureHealth = (state: 'ok' | 'degraded' | 'down'): readonly ProbeValue[] => [
  { type: 'fact', metric: 'status', label: 'status', text: state, state, rank: 0 },
  { type: 'fact', metric: 'version', label: 'version', text: '1.4.0', rank: 2 },
  {
    type: 'value',
    metric: 'buffer_size',
    label: 'buffer size',
    kind: 'gauge',
    unit: 'count',
    value: state === 'ok' ? 812 : 9400,
    limit: 10_000,
    rank: 1,
  },
];

/** What a look at the metrics brought. */
export const fixtureMetrics = (queue: number): readonly ProbeValue[] => [
  { type: 'value', metric: 'queue_depth', label: 'queue depth', kind: 'gauge', unit: 'count', value: queue, rank: 0 },
  { type: 'gap', metric: 'process_cpu', label: 'CPU', rank: 1, reason: 'needs two readings' },
];

/** Numbers events in order. */
export const numbered = (events: readonly (readonly [at: number, body: EventBody])[]): RunEvent[] =>
  events.map(([at, body], sequence) => ({ sequence, at, ...body }));

/** A second as an event, with the generator's verdict on it. */
export const fixtureSecondClosed = (second: Second, level: GeneratorLevel = 'good'): EventBody => ({
  type: 'second/closed',
  second,
  verdict: second.late
    ? null
    : {
        level,
        reasons: level === 'good' ? [] : ['pacing delay p99 84 ms'],
        pacingP99Ms: level === 'good' ? second.pacingP99Ms : 84,
        loopUtilisation: second.loopUtilisation,
        ownLimit: false,
      },
});

const raised = (): EventBody => ({
  type: 'plan/changed',
  plan: {
    revision: 1,
    segments: [
      { at: 0, lengthMs: 3000, from: 500, to: 500 },
      { at: 3000, lengthMs: 2000, from: 1000, to: 1000 },
    ],
  },
  from: 3000,
  command: { type: 'rate/set', rate: 1000 },
  source: 'key',
  wantedBefore: 500,
  wanted: 1000,
  overMs: 0,
  endsAt: 5000,
  remainingMs: null,
  paused: false,
  manual: true,
});

const probesAt = (second: number): (readonly [number, EventBody])[] => {
  const at = second * 1000 + 100;
  const read = (probe: string, values: readonly ProbeValue[]): EventBody => ({
    type: 'probe/read',
    probe,
    tookMs: 2.5,
    title: undefined,
    values,
  });
  const metrics: EventBody =
    second === 4
      ? {
          type: 'probe/failed',
          probe: 'metrics',
          tookMs: 1,
          reason: 'connection refused',
          hint: undefined,
          tolerated: false,
        }
      : read('metrics', fixtureMetrics(second * 10));
  const degraded: EventBody = {
    type: 'probe/noticed',
    probe: 'health',
    what: 'state',
    level: 'warn',
    text: 'ok → degraded (buffer size 94.0 %)',
  };
  const silent: EventBody = {
    type: 'probe/noticed',
    probe: 'metrics',
    what: 'silence',
    level: 'warn',
    text: 'cannot be read: connection refused',
  };
  const health = read('health', fixtureHealth(second < 4 ? 'ok' : 'degraded'));
  if (second < 4) return [health, metrics].map((body) => [at, body]);
  return [health, degraded, metrics, silent].map((body) => [at, body]);
};

/** The whole run, in order: opened, probes, seconds, steering, a marker, trouble, a problem, closed with a summary. */
export const fixtureRun = (): RunEvent[] => {
  const closed = (second: number): readonly [number, EventBody] => [
    (second + 1) * 1000 + 120,
    fixtureSecondClosed(fixtureSecond(second), second === 3 ? 'bad' : 'good'),
  ];
  const slice: Slice = {
    slice: 0,
    partial: false,
    flows: { ...noFlows(), due: 50, started: 50, good: 50 },
    stocks: fixtureSecond(0).stocks,
    revision: 0,
    requests: { good: 50, notGood: 0 },
    outcomes: [],
    cells: [fixtureCells(50, 0)],
  };
  return numbered([
    [0, { type: 'run/opened', run: fixtureRunInfo(), plan: fixturePlan, endsAt: fixtureSeconds * 1000 }],
    [0, { type: 'phase/changed', phase: 'running', reason: 'start' }],
    ...probesAt(0),
    [220, { type: 'slice/closed', slice }],
    ...probesAt(1),
    closed(0),
    [1500, { type: 'marker/set', name: 'cache warm' }],
    ...probesAt(2),
    closed(1),
    [2950, { type: 'command/refused', command: { type: 'run/resume' }, reason: 'the run is not paused' }],
    [2950, raised()],
    [3040, { type: 'plan/applied', revision: 1, wanted: 1000 }],
    ...probesAt(3),
    closed(2),
    [3300, { type: 'generator/troubled', level: 'bad', reasons: ['pacing delay p99 84 ms'] }],
    ...probesAt(4),
    [4101, { type: 'problem/raised', source: 'metrics', text: 'connection refused', hint: 'set --metrics URL' }],
    closed(3),
    [4300, { type: 'generator/recovered', forMs: 1000 }],
    [5000, { type: 'phase/changed', phase: 'draining', reason: 'planned end' }],
    closed(4),
    [5130, { type: 'phase/changed', phase: 'closed', reason: 'planned end' }],
    [5140, { type: 'run/closed', reason: 'planned end', summary: fixtureSummary() }],
  ]);
};
