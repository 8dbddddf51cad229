// What crosses between the main thread and a worker: plain data only. Functions never cross.

import type { PlanData } from '../load/arrival-plan.ts';
import type { ArrivalKind } from '../load/arrivals.ts';
import type { Share } from '../load/share.ts';
import type { Switch } from '../load/steer.ts';
import type { Interval } from '../measure/interval.ts';
import type { CompiledScenario } from '../profile/compile.ts';

/** Where connections go. The name is resolved before the run and now and then during it, never for a connection. */
export interface Origin {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
}

/** A resolved address. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Everything a worker needs to know of the run. Totals are this worker's part. */
export interface WorkerSpec {
  readonly share: Share;
  readonly origin: Origin;
  readonly addresses: readonly Address[];
  readonly scenarios: readonly CompiledScenario[];
  readonly seriesCount: number;
  readonly model: 'open' | 'full speed';
  readonly arrivals: ArrivalKind;
  readonly seed: number;
  /** Iterations of the whole run; Infinity for no limit. */
  readonly limit: number;
  readonly connections: number;
  readonly maxInFlight: number;
  readonly overflow: 'queue' | 'drop';
  /** From started to ended, ms. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Written by the main thread several times a second: run time in whole ms. */
  readonly heartbeat: SharedArrayBuffer;
  /** Written by the worker: the first arrival of its share that it has not taken up, as a float64. Outlives it. */
  readonly progress: SharedArrayBuffer;
}

/** What a worker begins with: at the start of the run, or when it takes over the share of one that died. */
export interface WorkerStart {
  /** Monotonic instant of run time 0, ms. */
  readonly originAt: number;
  readonly plan: PlanData;
  readonly gate: 'open' | 'hold';
  /** The first arrival of the whole run that this worker may take. */
  readonly firstArrival: number;
}

export type ToWorker =
  | { readonly type: 'start'; readonly start: WorkerStart }
  | { readonly type: 'switch'; readonly switch: Switch }
  | { readonly type: 'addresses'; readonly addresses: readonly Address[] }
  /** Begin nothing more; wait at most `graceMs` for what is in flight, then cut it off. */
  | { readonly type: 'stop'; readonly graceMs: number };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'interval'; readonly interval: Interval }
  | { readonly type: 'applied'; readonly revision: number }
  /** The main thread was silent for too long: nothing is sent until it resumes the run. */
  | { readonly type: 'muted'; readonly at: number }
  | { readonly type: 'problem'; readonly text: string }
  /** Nothing is in flight any more after a stop; no interval follows. */
  | { readonly type: 'done'; readonly cutOff: number; readonly oldestBacklogMs: number };

/** An arrival more than this late through us is counted as not sent and never fired (ms). */
export const tooLateMs = 1000;

/** A main thread silent for longer than this stops the load (ms). */
export const silenceLimitMs = 3000;

/** How often the main thread shows that it is alive (ms). */
export const heartbeatMs = 250;
