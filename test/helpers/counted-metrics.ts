// A run whose profile counts: its own metrics of every kind, and expectations of which one fails. For tests of readers.

import type { Metric } from '../../source/measure/metric.ts';
import { noTrend } from '../../source/measure/metric-figures.ts';
import type { History, MetricState, RunState } from '../../source/session/state.ts';
import { fixtureState, seriesOf } from './run-state.ts';

const own = { unit: undefined, source: 'profile', series: undefined } as const;
const expectation = { unit: undefined, kind: 'rate', source: 'expectation', series: 0 } as const;

/** What the run counts, as the profile says it. */
export const countedMetrics: readonly Metric[] = [
  { ...own, name: 'events_sent', kind: 'counter' },
  { ...own, name: 'event_size_bytes', kind: 'trend', unit: 'bytes' },
  { ...own, name: 'errors', kind: 'rate' },
  { ...own, name: 'queue.depth', kind: 'gauge', unit: 'jobs' },
  { ...own, name: 'took', kind: 'trend', unit: 'ms' },
  { ...expectation, name: 'status 202' },
  { ...expectation, name: '$.accepted is true' },
];

const stateOf = (metric: Metric, patch: Partial<MetricState>): MetricState => ({
  ...{ ...metric, series: metric.series === undefined ? undefined : 'POST /events' },
  ...{ count: 0, sum: 0, perSecond: 0, share: Number.NaN, newest: Number.NaN },
  ...{ recent: noTrend, example: undefined, exampleAt: undefined },
  ...patch,
});

const spread = { mean: 410, min: 96, p50: 388, p90: 610, p95: 744, p99: 1311, p999: 2890, max: 3122 };

/** How each of them stands. */
export const countedStates: readonly MetricState[] = [
  { count: 230_420, sum: 2_304_200, perSecond: 94_000 },
  { count: 230_420, sum: 94_472_200, perSecond: 9400, recent: { count: 94_000, ...spread } },
  { count: 231_000, sum: 580, share: 0.0025, perSecond: 9410 },
  { count: 245, sum: 9000, newest: 42, perSecond: 1 },
  { count: 0 },
  { count: 231_000, sum: 231_000, share: 1, perSecond: 9410 },
  {
    ...{ count: 231_000, sum: 230_988, share: 0.9999, perSecond: 9410 },
    ...{ example: 'found false, expected true in {"accepted":false,"reason":"buffer full"}', exampleAt: 214_020 },
  },
].map((patch, index) => stateOf(countedMetrics[index]!, patch));

/** The run; `patch` replaces fields. */
export const countingState = (patch: Partial<RunState> = {}): RunState => {
  const state = fixtureState();
  const sent = seriesOf((second) => 94_000 + 20_000 * Math.sin(second / 9));
  const history: History = {
    column: (name, stepMs) => state.history.column(name, stepMs),
    reading: (probe, metric) => state.history.reading(probe, metric),
    outcome: (name) => state.history.outcome(name),
    latencies: (group) => state.history.latencies(group),
    metric: (index) => (index === 0 ? sent : undefined),
  };
  const run = state.run && { ...state.run, metrics: countedMetrics };
  return { ...state, run, history, metrics: countedStates, ...patch };
};
