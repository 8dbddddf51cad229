// What a run looks like now: the fold of its events, plus a versioned handle to the columns. Written by reduce.ts alone;
// everything on the screen is read from here.

import type { PhasePlace } from '../common/phase-place.ts';
import type { Series } from '../common/series.ts';
import type { Limits } from '../engine/protocol.ts';
import type { BandVerdict } from '../measure/bands.ts';
import type { BurstRound } from '../measure/burst.ts';
import type { CauseName, Fault } from '../measure/cause.ts';
import type { Flows, Stocks } from '../measure/interval.ts';
import type { Objective, ObjectiveStanding } from '../measure/objective.ts';
import type { OutcomeClass } from '../measure/outcome.ts';
import type { Percentiles, WorkerLoop } from '../measure/second.ts';
import type { Summary } from '../measure/summary.ts';
import type { ProbeTable, ProbeValue } from '../probes/probe.ts';
import type { Command } from './commands.ts';
import type { Phase, ProbeInfo, RunInfo, TroubleLevel } from './events.ts';
import type { MetricState } from './metric-state.ts';

export { type MetricState, metricWindowMs } from './metric-state.ts';

/** What was asked: the plan, and how far the workers are. Rates per second; in the closed model numbers of users. */
export interface PlanState {
  readonly revision: number;
  /** Every worker follows this revision or a later one. */
  readonly appliedRevision: number;
  /** The rate that is wanted now; while paused, the one that would come back. NaN where there is none: full speed, burst. */
  readonly wanted: number;
  /** The rate the workers follow now: 0 while paused. NaN where there is none. */
  readonly applied: number;
  /** Size of one step of the rate keys. */
  readonly step: number;
  /** Set by hand, in place of the profile's stages. */
  readonly manual: boolean;
  /** Closed model: users that begin or leave per second; Infinity for all at once. */
  readonly spawnRate: number | undefined;
  /** ms of load left; undefined for a run without an end. Stands still while paused. */
  readonly remainingMs: number | undefined;
}

/** Limits as they are now. */
export interface LimitState extends Limits {
  /** Arrivals per second (users, in the closed model) above which the load is never driven. */
  readonly ceiling: number;
}

/** Per second, over the last whole second of slices. */
export interface RateState {
  readonly offered: number;
  readonly started: number;
  readonly achieved: number;
  readonly good: number;
  readonly notGood: number;
  readonly dropped: number;
  readonly notSent: number;
  /** Requests that ended; differs from achieved where a scenario has several steps. */
  readonly requests: number;
}

/** Percentiles over the last `windowMs`, in ms. */
export interface LatencyState {
  readonly windowMs: number;
  readonly good: Percentiles;
  /** Answered but not as expected, or failed: a refused connection counts with the time until it was refused. */
  readonly notGood: Percentiles;
}

/** A cause within a class of outcomes. */
export interface CauseState {
  readonly name: CauseName;
  /** What it says beyond its class, `waiting for headers`; empty where that is nothing. */
  readonly detail: string;
  readonly fault: Fault;
  /** Requests per second, over the last second. */
  readonly perSecond: number;
  readonly total: number;
  /** Control characters removed. */
  readonly example: string | undefined;
}

export interface OutcomeState {
  readonly name: OutcomeClass;
  /** Requests per second, over the last second. */
  readonly perSecond: number;
  /** Of all requests of the last second, 0 to 1; NaN without any. */
  readonly share: number;
  readonly total: number;
  /** Control characters removed. */
  readonly example: string | undefined;
  /** Why: most in the last second first, then most since the start. Empty where there was none. */
  readonly causes: readonly CauseState[];
}

export interface ProbeState extends ProbeInfo {
  /** `waiting` before the first answer; `late`: the newest look failed, which is a gap and not yet a silence. */
  readonly status: 'waiting' | 'ok' | 'late' | 'failing';
  readonly title: string | undefined;
  readonly values: readonly ProbeValue[];
  readonly reason: string | undefined;
  readonly hint: string | undefined;
  /** Run time of the last answer and of the first failure since, ms. */
  readonly lastAt: number | undefined;
  readonly failingSince: number | undefined;
  /** How long the last look took, ms. */
  readonly tookMs: number;
}

export interface GeneratorState {
  /** `unknown` only where a view looks back at a second of which no verdict is kept. */
  readonly level: 'good' | TroubleLevel | 'unknown';
  readonly reasons: readonly string[];
  /** Busiest worker, 0 to 1, over the last second. */
  readonly loopUtilisation: number;
  /** p99 over the last 5 s, ms; NaN without arrivals. */
  readonly pacingP99Ms: number;
  /** Our own ceiling was the limit in the last second (README, "How it measures"). */
  readonly ownLimit: boolean;
  /** Each worker, over the last second; none before the first. */
  readonly workers: readonly WorkerLoop[];
}

export interface LogLine {
  readonly at: number;
  /** Number of the event that it tells of. */
  readonly sequence: number;
  readonly level: 'info' | 'warn' | 'bad';
  readonly text: string;
  /** What a change did, before → after, once that has settled: `good 8.1k → 8.1k   p99 398 → 431 ms`. */
  readonly effect: string | undefined;
}

export interface Marker {
  readonly at: number;
  /** Set by somebody, or the instant at which a change of the load took effect. */
  readonly kind: 'mark' | 'change';
  /** Its name, or what was changed: `rate 9,000 → 9,400`. */
  readonly name: string;
}

/** A series (scenario and step) of the run, but for its totals over the last `endpointWindowMs`. */
export interface EndpointState {
  /** `POST /events`. */
  readonly name: string;
  /** Requests that ended per second. */
  readonly perSecond: number;
  /** Response times of good requests, ms. */
  readonly good: Percentiles;
  /** Of the requests that ended, 0 to 1; NaN without any. */
  readonly notGoodShare: number;
  /** Bytes per second: sent and received. */
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** What its good requests held per second, over the last second; absent where they hold nothing that is counted. */
  readonly items?: { readonly name: string; readonly perSecond: number };
  /** Requests since the start, and those of them that were not good. */
  readonly total: number;
  readonly totalNotGood: number;
}

/** What the figures of endpoints are over, ms: longer than those of all, as each of them has fewer requests. */
export const endpointWindowMs = 10_000;

/** The rest between two phases: that of the state has ended. */
export interface Interlude {
  /** What comes next. */
  readonly next: PhasePlace;
  /** Until it begins, ms; 0: it is about to. */
  readonly leftMs: number;
}

/** Something that is asked before a command is carried out. */
export interface Question {
  readonly command: Command;
  /** `from 500/s to 4,000/s is 8 times as much: go there?` */
  readonly text: string;
}

/** An objective as it stands. */
export interface ObjectiveState
  extends ObjectiveStanding,
    Pick<Objective, 'text' | 'metric' | 'bound'>,
    Partial<Pick<Objective, 'comparison' | 'counted'>> {
  /** What its value is over, ms. */
  readonly windowMs?: number;
}

/** How many requests had which response time, second by second, on a logarithmic grid. */
export interface LatencyGrid {
  /** Lower edges of the rows in ms, ascending, and the upper edge of the last one. */
  readonly edges: readonly number[];
  /** Requests of each row in a second (run time / 1000, a whole number); undefined where that is not known. */
  row(second: number): Uint32Array | undefined;
}

/** Columns of the timeline, for charts. Times in ms, rates per second. */
export const columnNames = [
  'offered',
  'achieved',
  'good',
  'notGood',
  'inFlight',
  'backlog',
  'users',
  'stuck',
  'p50',
  'p95',
  'p99',
  'max',
  /** Of requests that were not good: answered but not as expected, or failed, of which the time until then counts. */
  'notGoodP50',
  'notGoodP95',
  'notGoodP99',
  'notGoodMax',
  'bytesIn',
  'bytesOut',
  'loopUtilisation',
  'pacingP99Ms',
  /** 0 trusted, 1 warn, 2 bad. */
  'trouble',
] as const;
export type ColumnName = (typeof columnNames)[number];

/** The numbers of a run over time, in steps of 1 s for an hour and 10 s for a day (100 ms for a minute where it is kept). */
export interface History {
  /** Steps: 100 for a minute, 1000 for an hour, 10000 for a day. */
  column(name: ColumnName, stepMs: 100 | 1000 | 10_000): Series;
  /** A probe's metric, in steps of 1 s; undefined before its first reading. */
  reading(probe: string, metric: string): Series | undefined;
  /** Requests per second that ended so, in steps of 1 s; undefined for a class that was not seen. */
  outcome(name: OutcomeClass): Series | undefined;
  /**
   * A metric of the run by its index, in steps of 1 s: of a counter what it grew by per second, of a rate the share that
   * passed, of a gauge the newest value, of a trend the p95. Undefined before its first second, and for the later ones of very many.
   */
  metric(index: number): Series | undefined;
  /** Response times, in steps of 1 s for an hour. */
  latencies(group: 'good' | 'notGood'): LatencyGrid;
}

/** What probes can tell beyond their readings: asked for when somebody looks, never recorded. */
export interface Details {
  /** Empty for a probe that has none, and where the run is not live. */
  tables(probe: string): readonly ProbeTable[];
}

export interface RunState {
  readonly run: RunInfo | undefined;
  readonly phase: Phase;
  /** Run time of the newest event, ms. */
  readonly now: number;
  readonly plan: PlanState;
  /** Undefined before the run is opened. */
  readonly limits: LimitState | undefined;
  /** Burst model: rounds that ended, and the newest of them, the last 1,000 in order. */
  readonly rounds: {
    readonly ended: number;
    readonly newest: BurstRound | undefined;
    readonly kept: readonly BurstRound[];
  };
  readonly rates: RateState;
  readonly stocks: Stocks;
  readonly latency: LatencyState;
  /** Classes seen so far and those that are always shown, in table order. */
  readonly outcomes: readonly OutcomeState[];
  /** Iterations since the start. */
  readonly totals: Flows;
  /** Requests that ended since the start. */
  readonly totalRequests: number;
  readonly probes: readonly ProbeState[];
  readonly generator: GeneratorState;
  /** Oldest first; bounded. */
  readonly log: readonly LogLine[];
  /** In the order in which they were set; bounded. */
  readonly markers: readonly Marker[];
  /** In the order of their index; empty before the first second. */
  readonly endpoints: readonly EndpointState[];
  /** What was counted beside the requests, in the order of their index; empty before the first second. */
  readonly metrics: readonly MetricState[];
  readonly objectives: readonly ObjectiveState[];
  /** How it did over the last `bandWindowMs`, once it has ended over all of it; undefined where the profile has no words for it. */
  readonly bands?: BandVerdict | undefined;
  /** How far the clean-up is; undefined before it begins. */
  readonly cleanUp: { readonly gone: number; readonly total: number } | undefined;
  /** Undefined but between two phases. */
  readonly interlude?: Interlude | undefined;
  /** What is asked now, of whoever steers. */
  readonly question: Question | undefined;
  /** Grows whenever the columns changed; the columns themselves are mutable. */
  readonly historyVersion: number;
  readonly history: History;
  readonly details: Details;
  readonly summary: Summary | undefined;
}
