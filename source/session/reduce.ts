// The state of a run as the fold of its events: the only writer of RunState. Pure but for the columns, which are one
// mutable store that the state carries a version of.

import type { Model } from '../common/model.ts';
import { rateAt } from '../load/arrival-plan.ts';
import { stepOf } from '../load/steer.ts';
import { judgeBands } from '../measure/bands.ts';
import type { BurstRound, RoundBeside } from '../measure/burst.ts';
import { effectText } from '../measure/effect.ts';
import { addFlows } from '../measure/interval.ts';
import { mergeOutcomes, outcomesOf, type Second } from '../measure/second.ts';
import type { Books, Folded } from './beginning.ts';
import type { EventBody, RunEvent } from './events.ts';
import { logLines } from './log.ts';
import { newestOf } from './newest-figures.ts';
import { objectiveStates, objectivesAfter } from './objective-states.ts';
import { answeredProbe, failedProbe, unread, withProbe } from './probe-state.ts';
import type { PlanState, RunState } from './state.ts';
import { withMarker, withTrace } from './steering-trace.ts';

export { beginning, type Folded } from './beginning.ts';

const longestLog = 500;

/** The state after an event. */
export const reduce = (before: Folded, event: RunEvent): Folded => {
  const folded = withPlan(apply({ ...before, state: withTrace(before.state, event) }, event));
  const lines = logLines(before.state, event);
  if (lines.length === 0) return folded;
  return { ...folded, state: { ...folded.state, log: [...folded.state.log, ...lines].slice(-longestLog) } };
};

/** Rounds of bursts whose rows can be looked at. */
const mostRoundsKept = 1000;

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
      const objectives = objectiveStates(run, []);
      return changed({ run, probes, limits, plan: spawning, objectives }, { plan, appliedPlan: plan, endsAt });
    }
    case 'phase/changed':
      return changed({ phase: event.phase });
    case 'plan/changed': {
      const { plan, from, endsAt, remainingMs, paused } = event;
      // A ramp that is asked for in a pause begins, with its end, at what was wanted before.
      const waits = paused && event.overMs > 0 && state.run?.model !== 'closed';
      const lastWanted = waits ? event.wantedBefore : event.wanted;
      const manual = { ...state.plan, manual: event.manual };
      return changed({ plan: manual }, { plan, from, endsAt, remainingMs, paused, lastWanted });
    }
    case 'plan/applied':
      return event.revision === books.plan.revision ? changed({}, { appliedPlan: books.plan }) : changed({});
    case 'limits/changed':
      return changed({ limits: { ...event.limits, ceiling: event.ceiling } });
    case 'spawn/changed':
      return changed({ plan: { ...state.plan, spawnRate: event.perSecond } });
    case 'round/ended':
      return changed({
        rounds: {
          ended: state.rounds.ended + 1,
          newest: event.round,
          kept: [...state.rounds.kept, event.round].slice(-mostRoundsKept),
        },
      });
    case 'round/weighed':
      return changed({ rounds: weighed(state.rounds, event.round, event.beside) });
    case 'slice/closed': {
      books.history.takeSlice(event.slice);
      const { stocks } = event.slice;
      return changed({
        stocks,
        ...newestOf(books.history, books.outcomes),
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
    case 'objective/changed':
      return changed({ objectives: objectivesAfter(state.objectives, event) });
    case 'marker/set':
      return changed({ markers: withMarker(state.markers, { at: event.at, kind: 'mark', name: event.name }) });
    case 'command/asked':
      return changed({ question: { command: event.command, text: event.question } });
    case 'change/settled': {
      const effect = effectText(event.before, event.after);
      const log = state.log.map((line) => (line.sequence === event.change ? { ...line, effect } : line));
      return changed({ log });
    }
    case 'cleanup/moved':
      return changed({ cleanUp: { gone: event.gone, total: event.total } });
    case 'run/closed':
      return changed({ phase: 'closed', summary: event.summary });
    case 'workers/changed':
    case 'question/left':
    case 'report/taken':
    case 'generator/troubled':
    case 'generator/recovered':
    case 'note/added':
    case 'resources/changed':
    case 'probe/noticed':
    case 'outcomes/noticed':
    case 'problem/raised':
    case 'command/refused':
      return changed({});
  }
};

const weighed = (
  { ended, newest, kept }: RunState['rounds'],
  number: number,
  beside: RoundBeside,
): RunState['rounds'] => {
  const withBeside = (round: BurstRound): BurstRound => (round.round === number ? { ...round, beside } : round);
  return { ended, newest: newest && withBeside(newest), kept: kept.map(withBeside) };
};

const takeSecond = (
  { state, books }: Folded,
  { second, verdict, objectives }: Extract<EventBody, { type: 'second/closed' }>,
): Folded => {
  const level = verdict?.level ?? state.generator.level;
  const newest = books.history.takeSecond(second, { good: 0, warn: 1, bad: 2, unknown: Number.NaN }[level]);
  const totals = { ...state.totals };
  addFlows(totals, second.flows);
  const counted = outcomesOf(second);
  const outcomes = mergeOutcomes(books.outcomes, counted);
  return {
    state: {
      ...state,
      ...newestOf(books.history, outcomes),
      ...(newest && !second.late ? { stocks: second.stocks } : {}),
      totals,
      endpoints: books.endpoints.take(second, state.run?.series ?? [], state.run?.items),
      metrics: metricsAfter({ state, books }, second),
      totalRequests: state.totalRequests + counted.reduce((sum, { count }) => sum + count, 0),
      generator: verdict ? { ...verdict, workers: second.workers } : state.generator,
      objectives: objectives ? objectiveStates(state.run, objectives) : state.objectives,
      bands: bandsAfter({ state, books }, second),
      historyVersion: state.historyVersion + 1,
    },
    books: { ...books, outcomes },
  };
};

/** While no load is wanted, what was before stands: a pause is no slow target. */
const bandsAfter = ({ state, books }: Folded, second: Second): RunState['bands'] => {
  const { run, phase, plan } = state;
  const rests = phase !== 'running' || (!second.late && plan.applied === 0 && plan.wanted === 0);
  if (!run?.bands || rests || second.second * 1000 < run.warmupMs) return state.bands;
  books.bands.take(second);
  return judgeBands(run.bands, books.bands.figures(run.model));
};

const metricsAfter = ({ state: { run }, books }: Folded, second: Second): RunState['metrics'] =>
  books.metrics.take(second, run?.metrics ?? [], run?.series ?? [], (metric, at, value) =>
    books.history.setMetric(metric, at, value),
  );

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
