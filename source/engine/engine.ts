// What drives the load, as the rest of the program sees it: told what to do, it tells what happens. The engine that does it
// in worker threads is thread-engine.ts.

import type { Model } from '../common/model.ts';
import type { PlanData } from '../load/arrival-plan.ts';
import type { ArrivalKind } from '../load/arrivals.ts';
import type { Switch } from '../load/steer.ts';
import type { AfterRound, BurstRound, ErrorLimit } from '../measure/burst.ts';
import type { Interval } from '../measure/interval.ts';
import type { Counted } from '../measure/metric.ts';
import type { ResourceChange } from '../measure/resources.ts';
import type { CompiledScenario } from '../profile/compile.ts';
import type { Feeder } from '../profile/data.ts';
import type { ProfileCode } from '../profile/functions.ts';
import type { Address, Limits, Origin, Transport } from './protocol.ts';

/** The rounds of bursts. */
export interface BurstSpec {
  /** Of each round, at least 1. */
  readonly sizes: readonly number[];
  /** Time before the first. */
  readonly afterMs: number;
  /** Rest between two rounds. */
  readonly pauseMs: number;
  /** A round with more errors is the last. */
  readonly errorLimit: ErrorLimit | undefined;
}

/** The load of a run. Totals are over all workers. */
export interface EngineSpec {
  /** What requests name as their host. */
  readonly origin: Origin;
  /** How connections are made and used. */
  readonly transport: Transport;
  /** Addresses of the host that is dialled: the origin's, or that of `transport.via`; empty for a Unix socket. */
  readonly addresses: readonly Address[];
  /** Only addresses of this family count, also when the name is resolved again. */
  readonly family?: 4 | 6 | undefined;
  readonly scenarios: readonly CompiledScenario[];
  /** Closed model: each user keeps one scenario; undefined: each iteration draws its own. */
  readonly choose?: 'user' | undefined;
  /** Files of rows that templates draw from. */
  readonly feeders: readonly Feeder[];
  /** What must not be shown of what requests hold; default: nothing. */
  readonly secrets?: readonly string[];
  /** Where the functions of the profile stand; undefined where it has none. */
  readonly code?: ProfileCode | undefined;
  /** What `{{now}}` is at run time 0, ms since 1970; undefined: what the clock says then. */
  readonly nowAt?: number | undefined;
  /** Files to send are read beforehand up to this size in all, the rest while they go out; undefined: 64 MiB. */
  readonly mostSharedBytes?: number;
  readonly seriesCount: number;
  /** By their index. */
  readonly metrics: readonly Counted[];
  readonly model: Model;
  readonly arrivals: ArrivalKind;
  readonly seed: number;
  /** Iterations after which nothing more comes due; Infinity for no limit. */
  readonly limit: number;
  /** Workers at the start. */
  readonly workers: number;
  /** Workers are added up to this number while they are busier than they should be; equal to `workers` for a fixed number. */
  readonly mostWorkers: number;
  readonly limits: Limits;
  readonly overflow: 'queue' | 'drop';
  readonly connectTimeoutMs: number;
  /** Burst only. */
  readonly burst: BurstSpec | undefined;
}

/** What an engine tells. Called on the main thread, in order. */
export interface EngineListener {
  interval(interval: Interval): void;
  /** Every worker follows the revision. */
  applied(revision: number): void;
  /** A worker stopped sending because the main thread was silent for too long. */
  muted(at: number): void;
  /** A worker died; nobody has its share until `takenOver`. */
  lost(share: number, reason: string): void;
  takenOver(share: number): void;
  /** A worker was added, or had its last arrival; `workers` is how many there are now. */
  joined(share: number, workers: number): void;
  left(share: number, workers: number): void;
  /** Something was made at the target, or removed. */
  resources(change: ResourceChange): void;
  /** A round of the burst model ended. */
  round(round: BurstRound, after: AfterRound): void;
  problem(text: string, hint?: string): void;
  /** Something that is worth a line in the log, once. */
  note(text: string): void;
  /** The load cannot go on. */
  broken(reason: string): void;
}

/** How a stop went. */
export interface Stopped {
  /** Arrivals that waited when the stop began, and the age of the oldest (ms). */
  readonly backlog: number;
  readonly oldestBacklogMs: number;
}

export interface Engine {
  /** Gets ready to start at once; rejects where that cannot be. */
  open(): Promise<void>;
  /** Starts the load. @param originAt monotonic instant of run time 0 */
  start(originAt: number, plan: PlanData, listener: EngineListener): void;
  /** Changes the plan; takes effect at the switch's instant in all workers. */
  steer(change: Switch): void;
  /** Changes limits while the load runs; at once. A connection above the limit is closed when nobody has it. */
  limit(limits: Limits): void;
  /**
   * Ends the load; waits at most `graceMs` for what is in flight, and for what makes something up to its own limit. Called
   * again, a shorter grace replaces the longer. @param atOnce what makes something is awaited for a moment only; default: false
   */
  stop(graceMs: number, atOnce?: boolean): Promise<Stopped>;
  /** Ends the threads. */
  close(): Promise<void>;
}
