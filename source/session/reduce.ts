// The state of a run as the fold of its events: the only writer of RunState. Pure but for the columns, which are one
// mutable store that the state carries a version of.

import type { Model } from '../common/model.ts';
import { type PlanData, rateAt } from '../load/arrival-plan.ts';
import { stepOf } from '../load/steer.ts';
import { achievedOf, addFlows, noFlows, type OutcomeCount } from '../measure/interval.ts';
import { mergeOutcomes, noPercentiles, noStocks } from '../measure/second.ts';
import type { EventBody, RunEvent } from './events.ts';
import { RunHistory } from './history.ts';
import { logLines } from './log.ts';
import { outcomeRows, outcomesOf } from './outcome-rows.ts';
import { answeredProbe, failedProbe, unread, withProbe } from './probe-state.ts';
import type { Details, GeneratorState, PlanState, RateState, RunState } from './state.ts';

/** What the reducer needs beside what it shows. */
interface Books {
  readonly history: RunHistory;
  readonly plan: PlanData;
  readonly appliedPlan: PlanData;
  /** The instant from which `plan` holds. */
  readonly from: number;
  readonly endsAt: number | null;
  readonly remainingMs: number | null;
  readonly paused: boolean;
  /** What was wanted when the plan was last changed: what a change of users comes to, and what a pause comes back to. */
  readonly lastWanted: number;
  /** Outcome counts since the start. */
  readonly outcomes: readonly OutcomeCount[];
  /** Those of the newest second. */
  readonly latest: readonly OutcomeCount[];
}

/** A run's state together with what only the reducer reads. */
export interface Folded {
  readonly state: RunState;
  readonly books: Books;
}

const longestLog = 500;
const emptyPlan: PlanData = { revision: 0, segments: [] };

/** Of a run that is not live. */
const noDetails: Details = { tables: () => [] };

/** The state before the first event. */
export const beginning = (details = noDetails): Folded => {
  const history = new RunHistory();
  const outcomes = outcomeRows([], []);
  return {
    state: {
      run: undefined,
      phase: 'running',
      now: 0,
      plan: {
        revision: 0,
        appliedRevision: 0,
        wanted: Number.NaN,
        applied: Number.NaN,
        step: 1,
        manual: false,
        spawnRate: undefined,
        remainingMs: undefined,
      },
      limits: undefined,
      rounds: { ended: 0, newest: undefined },
      rates: noRates,
      stocks: noStocks(),
      latency: { windowMs: 0, good: noPercentiles },
      outcomes,
      totals: noFlows(),
      totalRequests: 0,
      probes: [],
      generator: noVerdict,
      log: [],
      markers: [],
      historyVersion: 0,
      history,
      details,
      summary: undefined,
    },
    books: {
      history,
      plan: emptyPlan,
      appliedPlan: emptyPlan,
      from: 0,
      endsAt: null,
      remainingMs: null,
      paused: false,
      lastWanted: 0,
      outcomes: [],
      latest: [],
    },
  };
};

const noVerdict: GeneratorState = {
  level: 'good',
  reasons: [],
  loopUtilisation: Number.NaN,
  pacingP99Ms: Number.NaN,
  ownLimit: false,
  workers: [],
};

const noRates: RateState = {
  offered: 0,
  started: 0,
  achieved: 0,
  good: 0,
  notGood: 0,
  dropped: 0,
  notSent: 0,
  requests: 0,
};

/** The state after an event. */
export const reduce = (before: Folded, event: RunEvent): Folded => {
  const folded = withPlan(apply({ ...before, state: { ...before.state, now: event.at } }, event));
  const lines = logLines(before.state, event);
  if (lines.length === 0) return folded;
  return { ...folded, state: { ...folded.state, log: [...folded.state.log, ...lines].slice(-longestLog) } };
};

const apply = ({ state, books }: Folded, event: RunEvent): Folded => {
  const changed = (patch: Partial<RunState>, more: Partial<Books> = {}): Folded => ({
    state: { ...state, ...patch },
    books: { ...books, ...more },
  });
  switch (event.type) {
    case 'run/opened': {
      const probes = event.run.probes.map((probe) => ({ ...probe, ...unread }));
      const { plan, endsAt, run } = event;
      const { connections, maxInFlight, timeoutMs, maxRate, spawnRate } = run;
      const limits = { connections, maxInFlight, timeoutMs, ceiling: maxRate };
      const spawning = { ...state.plan, spawnRate };
      return changed({ run, probes, limits, plan: spawning }, { plan, appliedPlan: plan, endsAt });
    }
    case 'phase/changed':
      return changed({ phase: event.phase });
    case 'plan/changed': {
      const { plan, from, endsAt, remainingMs, paused, wanted } = event;
      const manual = { ...state.plan, manual: event.manual };
      return changed({ plan: manual }, { plan, from, endsAt, remainingMs, paused, lastWanted: wanted });
    }
    case 'plan/applied':
      return event.revision === books.plan.revision ? changed({}, { appliedPlan: books.plan }) : changed({});
    case 'limits/changed':
      return changed({ limits: { ...event.limits, ceiling: event.ceiling } });
    case 'spawn/changed':
      return changed({ plan: { ...state.plan, spawnRate: event.perSecond } });
    case 'round/ended':
      return changed({ rounds: { ended: state.rounds.ended + 1, newest: event.round } });
    case 'slice/closed': {
      books.history.takeSlice(event.slice);
      const { stocks } = event.slice;
      return changed({
        stocks,
        rates: ratesOf(books.history),
        latency: books.history.window(),
        historyVersion: state.historyVersion + 1,
      });
    }
    case 'second/closed':
      return takeSecond({ state, books }, event);
    case 'probe/read': {
      const { periodMs } = state.probes.find(({ id }) => id === event.probe) ?? {};
      books.history.takeReadings(event.probe, event.at, event.values, periodMs);
      return changed({ probes: withProbe(state, event.probe, (probe) => answeredProbe(probe, event)) });
    }
    case 'probe/failed':
      return changed({ probes: withProbe(state, event.probe, (probe) => failedProbe(probe, event)) });
    case 'marker/set':
      return changed({ markers: [...state.markers, { at: event.at, name: event.name }] });
    case 'run/closed':
      return changed({ phase: 'closed', summary: event.summary });
    case 'workers/changed':
    case 'generator/troubled':
    case 'generator/recovered':
    case 'note/added':
    case 'probe/noticed':
    case 'problem/raised':
    case 'command/refused':
      return changed({});
  }
};

const takeSecond = (
  { state, books }: Folded,
  { second, verdict }: Extract<EventBody, { type: 'second/closed' }>,
): Folded => {
  const level = verdict?.level ?? state.generator.level;
  books.history.takeSecond(second, { good: 0, warn: 1, bad: 2 }[level]);
  const totals = { ...state.totals };
  addFlows(totals, second.flows);
  const counted = outcomesOf(second);
  const outcomes = mergeOutcomes(books.outcomes, counted);
  const latest = second.late ? books.latest : counted;
  return {
    state: {
      ...state,
      totals,
      totalRequests: state.totalRequests + counted.reduce((sum, { count }) => sum + count, 0),
      outcomes: outcomeRows(outcomes, latest),
      generator: verdict ? { ...verdict, workers: second.workers } : state.generator,
      historyVersion: state.historyVersion + 1,
    },
    books: { ...books, outcomes, latest },
  };
};

const ratesOf = (history: RunHistory): RateState => {
  const slices = history.lastSecond();
  const flows = noFlows();
  let requests = 0;
  for (const slice of slices) {
    addFlows(flows, slice.flows);
    requests += slice.requests.good + slice.requests.notGood;
  }
  const perSecond = 10 / slices.length;
  return {
    offered: flows.due * perSecond,
    started: flows.started * perSecond,
    achieved: achievedOf(flows) * perSecond,
    good: flows.good * perSecond,
    notGood: flows.notGood * perSecond,
    dropped: flows.dropped * perSecond,
    notSent: flows.notSent * perSecond,
    requests: requests * perSecond,
  };
};

/** Whether there is a rate, or a number of users, that can be wanted. */
const hasRate = (model: Model): boolean => model === 'open' || model === 'closed';

/** The plan's figures follow run time, not only events: stages rise by themselves. Nothing is started once the load ends. */
const withPlan = ({ state, books }: Folded): Folded => {
  const { plan, appliedPlan, from, endsAt, paused, lastWanted, remainingMs } = books;
  const over = state.phase === 'draining' || state.phase === 'closed';
  // A key is answered at once, though the workers follow a moment later.
  // Users begin one by one: wanted is the number that they come to.
  const coming = paused || (state.run?.model === 'closed' && state.plan.manual);
  const planned = coming ? lastWanted : rateAt(plan.segments, Math.max(state.now, from));
  const wanted = over ? 0 : planned;
  const left = paused ? remainingMs : endsAt === null ? null : Math.max(0, endsAt - state.now);
  const steered = hasRate(state.run?.model ?? 'open');
  const next: PlanState = {
    revision: plan.revision,
    appliedRevision: appliedPlan.revision,
    wanted: steered ? wanted : Number.NaN,
    applied: !steered ? Number.NaN : over ? 0 : rateAt(appliedPlan.segments, state.now),
    step: stepOf(wanted),
    manual: state.plan.manual,
    spawnRate: state.plan.spawnRate,
    remainingMs: left === null ? undefined : over ? 0 : left,
  };
  return { state: { ...state, plan: next }, books };
};
