// What drives the load, as the rest of the program sees it: told what to do, it tells what happens. The engine that does it
// in worker threads is thread-engine.ts.

import type { PlanData } from '../load/arrival-plan.ts';
import type { ArrivalKind } from '../load/arrivals.ts';
import type { Switch } from '../load/steer.ts';
import type { Interval } from '../measure/interval.ts';
import type { CompiledScenario } from '../profile/compile.ts';
import type { Address, Origin } from './protocol.ts';

/** The load of a run. Totals are over all workers. */
export interface EngineSpec {
  readonly origin: Origin;
  readonly addresses: readonly Address[];
  readonly scenarios: readonly CompiledScenario[];
  readonly seriesCount: number;
  readonly model: 'open' | 'full speed';
  readonly arrivals: ArrivalKind;
  readonly seed: number;
  /** Iterations after which nothing more comes due; Infinity for no limit. */
  readonly limit: number;
  readonly workers: number;
  /** A multiple of `workers`, as `maxInFlight` is. */
  readonly connections: number;
  readonly maxInFlight: number;
  readonly overflow: 'queue' | 'drop';
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
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
  problem(text: string, hint?: string): void;
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
  /** Ends the load; waits at most `graceMs` for what is in flight. Called again, a shorter grace replaces the longer. */
  stop(graceMs: number): Promise<Stopped>;
  /** Ends the threads. */
  close(): Promise<void>;
}
