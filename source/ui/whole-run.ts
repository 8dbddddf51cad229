// A run that has ended, as its numbers are over all of it: rates, percentiles, outcomes and the verdict of the summary in the
// place of those of its last moment, in which nothing was sent any more. Pure.

import { formatClock } from '../common/units.ts';
import type { Percentiles } from '../measure/second.ts';
import type { SpanSummary, Summary } from '../measure/summary.ts';
import type { EndpointState, GeneratorState, OutcomeState, RunState } from '../session/state.ts';

/** The state with the numbers of the whole run; undefined while it goes on, and where it has no result. */
export const wholeRun = (state: RunState): RunState | undefined => {
  const { phase, summary } = state;
  if (phase !== 'closed' || summary === undefined || !(summary.measuredMs > 0)) return undefined;
  return {
    ...state,
    rates: ratesOf(summary),
    latency: {
      windowMs: summary.measuredMs,
      good: percentilesOf(summary.response.good),
      notGood: percentilesOf(summary.response.notGood),
    },
    outcomes: state.outcomes.map((outcome) => outcomeOf(outcome, summary)),
    endpoints: state.endpoints.map((endpoint) => endpointOf(endpoint, summary)),
    generator: generatorOf(state, summary),
    bands: summary.bands,
  };
};

const ratesOf = (summary: Summary): RunState['rates'] => {
  const { iterations, durationMs, measuredMs } = summary;
  const each = (count: number): number => (count * 1000) / durationMs;
  return {
    offered: each(iterations.due),
    started: each(iterations.started),
    achieved: summary.achievedRate,
    good: summary.goodRate,
    notGood: (summary.notGood * 1000) / measuredMs,
    dropped: each(iterations.dropped),
    notSent: each(iterations.notSent),
    requests: summary.requestRate,
  };
};

const percentilesOf = ({ count, p50Ms, p95Ms, p99Ms, maxMs }: SpanSummary): Percentiles => ({
  count,
  p50: p50Ms ?? Number.NaN,
  p95: p95Ms ?? Number.NaN,
  p99: p99Ms ?? Number.NaN,
  max: maxMs ?? Number.NaN,
});

const outcomeOf = (outcome: OutcomeState, { outcomes, measuredMs }: Summary): OutcomeState => {
  const found = outcomes.find((row) => row.outcome === outcome.name);
  const perSecond = (count = 0): number => (count * 1000) / measuredMs;
  return {
    ...outcome,
    perSecond: perSecond(found?.count),
    share: found?.shareRatio ?? 0,
    causes: outcome.causes.map((cause) => ({
      ...cause,
      perSecond: perSecond(found?.causes.find((row) => row.cause === cause.name)?.count),
    })),
  };
};

const endpointOf = (endpoint: EndpointState, { series, measuredMs }: Summary): EndpointState => {
  const found = series.find(({ name }) => name === endpoint.name);
  if (found === undefined) return endpoint;
  const perSecond = (count: number): number => (count * 1000) / measuredMs;
  const requests = found.good + found.notGood;
  return {
    ...endpoint,
    perSecond: perSecond(requests),
    good: percentilesOf(found.response.good),
    notGoodShare: found.notGood / requests,
    bytesOut: perSecond(found.bytesOut),
    bytesIn: perSecond(found.bytesIn),
  };
};

const generatorOf = ({ generator, history }: RunState, { generator: judged, waits }: Summary): GeneratorState => {
  // With its time: the numbers beside it are of the whole run.
  const [first] = [...judged.bad, ...judged.warn];
  const worst = first === undefined ? [] : [`at ${formatClock(first.fromMs)}: ${first.reasons.join(', ')}`];
  const loops = history.column('loopUtilisation', 1000);
  const known = [...loops.read(Math.max(0, loops.newest + 1 - loops.capacity), loops.newest + 1)].filter(
    Number.isFinite,
  );
  return {
    ...generator,
    level: judged.valid ? judged.verdict : 'bad',
    reasons: judged.verdict === 'good' ? [] : worst,
    loopUtilisation: known.reduce((sum, value) => sum + value, 0) / known.length,
    pacingP99Ms: waits.pacing.p99Ms ?? Number.NaN,
    ownLimit: false,
  };
};
