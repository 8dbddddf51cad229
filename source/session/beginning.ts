// The state of a run before its first event, with the books that the reducer keeps beside it.

import type { PlanData } from '../load/arrival-plan.ts';
import { BandWindow } from '../measure/band-window.ts';
import { noFlows, type OutcomeCount } from '../measure/interval.ts';
import { noPercentiles, noStocks } from '../measure/second.ts';
import { EndpointBook } from './endpoint-book.ts';
import { RunHistory } from './history.ts';
import { MetricBook } from './metric-book.ts';
import { outcomeRows } from './outcome-rows.ts';
import type { Details, GeneratorState, RateState, RunState } from './state.ts';

/** What the reducer needs beside what it shows. */
export interface Books {
  readonly history: RunHistory;
  readonly endpoints: EndpointBook;
  readonly metrics: MetricBook;
  readonly bands: BandWindow;
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
}

/** A run's state together with what only the reducer reads. */
export interface Folded {
  readonly state: RunState;
  readonly books: Books;
}

const emptyPlan: PlanData = { revision: 0, segments: [] };

/** Of a run that is not live. */
const noDetails: Details = { tables: () => [] };

/** The state before the first event. */
export const beginning = (details = noDetails): Folded => {
  const history = new RunHistory();
  const outcomes = outcomeRows([], undefined);
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
      rounds: { ended: 0, newest: undefined, kept: [] },
      rates: noRates,
      stocks: noStocks(),
      latency: { windowMs: 0, good: noPercentiles, notGood: noPercentiles },
      outcomes,
      totals: noFlows(),
      totalRequests: 0,
      probes: [],
      generator: noVerdict,
      log: [],
      markers: [],
      endpoints: [],
      metrics: [],
      objectives: [],
      cleanUp: undefined,
      question: undefined,
      historyVersion: 0,
      history,
      details,
      summary: undefined,
    },
    books: {
      history,
      endpoints: new EndpointBook(),
      metrics: new MetricBook(),
      bands: new BandWindow(),
      plan: emptyPlan,
      appliedPlan: emptyPlan,
      from: 0,
      endsAt: null,
      remainingMs: null,
      paused: false,
      lastWanted: 0,
      outcomes: [],
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
