// The state of a run as one JSON object, with the unit in each name: what the control socket answers to `status`. Fields that
// --json has too (outputs/second-object.ts) have the same names there.

import { schemaVersion } from '../common/json-text.ts';
import { achievedOf } from '../measure/interval.ts';
import {
  type GeneratorState,
  type MetricState,
  metricWindowMs,
  type PlanState,
  type ProbeState,
  type RunState,
} from './state.ts';

/** Why there is no run: it waits to be started, or is about to begin. */
export type NoRun = 'armed' | 'starting';

/** The status where there is no run. */
export const noStatus = (phase: NoRun): object => ({ type: 'status', schema_version: schemaVersion, phase });

/** The status of a run; NaN and Infinity become null when it is written. */
export const statusOf = (state: RunState): object => {
  const { run } = state;
  if (!run) return noStatus('starting');
  const { windowMs, good, notGood } = state.latency;
  return {
    type: 'status',
    schema_version: schemaVersion,
    phase: state.phase,
    phaseOfProfile: run.phase ?? null,
    /** Of the rest between two phases: what comes then. */
    next: state.interlude ?? null,
    /** Of what the run made, once it is being removed. */
    cleanUp: state.cleanUp ?? null,
    /** Run time. */
    at: state.now,
    name: run.name,
    target: run.target,
    model: run.model,
    recording: run.recording ?? null,
    plan: { unit: run.model === 'closed' ? 'users' : 'per second', ...planOf(state.plan) },
    remainingMs: state.plan.remainingMs ?? null,
    limits: state.limits,
    ratesPerSecond: state.rates,
    goodResponseMs: good,
    notGoodResponseMs: notGood,
    /** What the percentiles are over. */
    windowMs,
    outcomes: Object.fromEntries(state.outcomes.map(({ name, perSecond }) => [name, perSecond])),
    stocks: state.stocks,
    generator: generatorOf(state.generator),
    probes: state.probes.map(probeOf),
    objectives: state.objectives,
    /** Their shares and recent values are over this. */
    metricsWindowMs: metricWindowMs,
    metrics: state.metrics.map(metricOf),
    asked: state.question?.text ?? null,
    totals: {
      ...state.totals,
      achieved: achievedOf(state.totals),
      requests: state.totalRequests,
      outcomes: Object.fromEntries(state.outcomes.map(({ name, total }) => [name, total])),
    },
  };
};

const planOf = ({ remainingMs: _, spawnRate, ...plan }: PlanState): object => ({
  ...plan,
  spawnRatePerSecond: spawnRate ?? null,
});

const generatorOf = ({ level, reasons, ownLimit, loopUtilisation, pacingP99Ms, workers }: GeneratorState): object => ({
  level,
  reasons,
  ownLimit,
  loopUtilisationRatio: loopUtilisation,
  pacingDelayMs: { p99: pacingP99Ms },
  workers: workers.map(({ share, loopUtilisation, loopDelayMs }) => ({
    share,
    loopUtilisationRatio: loopUtilisation,
    loopDelayMs,
  })),
});

const metricOf = ({ share, recent, example, exampleAt, series, unit, ...metric }: MetricState): object => ({
  ...metric,
  unit: unit ?? null,
  series: series ?? null,
  shareRatio: share,
  recent: metric.kind === 'trend' ? recent : null,
  firstFailure: example ?? null,
  firstFailureAtMs: exampleAt ?? null,
});

const probeOf = (probe: ProbeState): object => ({
  id: probe.id,
  kind: probe.kind,
  status: probe.status,
  state: healthOf(probe) ?? null,
  at: probe.lastAt ?? null,
  tookMs: probe.tookMs,
  title: probe.title ?? null,
  reason: probe.reason ?? null,
  hint: probe.hint ?? null,
});

/** The state that the most important of the facts with a state has; none of a probe that does not answer. */
const healthOf = ({ status, values }: ProbeState): string | undefined => {
  if (status === 'failing') return undefined;
  const states = values.flatMap((value) =>
    value.type === 'fact' && value.state !== undefined ? [{ rank: value.rank, state: value.state }] : [],
  );
  return states.toSorted((a, b) => a.rank - b.rank)[0]?.state;
};
