// What crosses between the main thread and a worker: plain data only. Functions never cross.

import type { Model } from '../common/model.ts';
import type { PlanData } from '../load/arrival-plan.ts';
import type { ArrivalKind } from '../load/arrivals.ts';
import type { Share } from '../load/share.ts';
import type { Interval } from '../measure/interval.ts';
import type { Counted } from '../measure/metric.ts';
import type { ResourceChange } from '../measure/resources.ts';
import type { CompiledScenario } from '../profile/compile.ts';
import type { Feeder } from '../profile/data.ts';
import type { ProfileCode } from '../profile/functions.ts';
import type { BurstEvent } from './burst-model.ts';
import type { Action } from './load-model.ts';
import type { SharedFile } from './upload-files.ts';

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

/** What may be changed while the load runs. Totals over all workers, but for the timeout. */
export interface Limits {
  readonly connections: number;
  readonly maxInFlight: number;
  /** From started to ended, ms. */
  readonly timeoutMs: number;
}

/** How TLS is spoken where the origin is https. */
export interface TlsSettings {
  /** False: any certificate is taken. */
  readonly verify: boolean;
  /** Certificates in PEM; undefined: the system's own authorities, no client certificate. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** What sockets are connected to. */
export type Via =
  /** The origin, or the host of `--connect-to` in its place. */
  | { readonly type: 'host'; readonly hostname: string; readonly port: number }
  | { readonly type: 'unix'; readonly path: string }
  /** An HTTP proxy: asked in absolute form for http, with CONNECT for https. */
  | {
      readonly type: 'proxy';
      readonly hostname: string;
      readonly port: number;
      /** Value of Proxy-Authorization; a secret. */
      readonly authorization: string | undefined;
    };

/** How connections are made and used. */
export interface Transport {
  readonly via: Via;
  readonly http2: boolean;
  /** Requests on a connection at once: pipelined with HTTP/1.1, streams with HTTP/2. */
  readonly perConnection: number;
  /** False: a new connection for each request. */
  readonly keepAlive: boolean;
  readonly tls: TlsSettings;
}

/** Everything a worker needs to know of the run. Totals are this worker's part. */
export interface WorkerSpec {
  /** The share that it reports for, whatever part of the load it has. */
  readonly index: number;
  /** Its part of the load at the start; undefined: none before a reshare. */
  readonly share: Share | undefined;
  readonly origin: Origin;
  readonly transport: Transport;
  readonly addresses: readonly Address[];
  readonly scenarios: readonly CompiledScenario[];
  /** Closed model: each user keeps one scenario; undefined: each iteration draws its own. */
  readonly choose?: 'user' | undefined;
  /** Files of rows that templates draw from. */
  readonly feeders: readonly Feeder[];
  /** What must not be shown of what requests hold; default: nothing. */
  readonly secrets?: readonly string[];
  /** Where the functions of the profile stand: the worker imports them itself; undefined where it has none. */
  readonly code?: ProfileCode | undefined;
  /** What the main thread read of the files that they send. */
  readonly files: readonly SharedFile[];
  readonly seriesCount: number;
  /** By their index. */
  readonly metrics: readonly Counted[];
  readonly model: Model;
  readonly arrivals: ArrivalKind;
  readonly seed: number;
  /** Iterations of the whole run; Infinity for no limit. */
  readonly limit: number;
  /** Its part of the totals. */
  readonly limits: Limits;
  readonly overflow: 'queue' | 'drop';
  readonly connectTimeoutMs: number;
  /** Written by the main thread several times a second: run time in units of `beatUnitMs`. */
  readonly heartbeat: SharedArrayBuffer;
  /** Written by the worker, outlives it: see `Progress` in load-model.ts. */
  readonly progress: SharedArrayBuffer;
}

/** What a worker begins with: at the start of the run, or when it takes over the share of one that died. */
export interface WorkerStart {
  /** Monotonic instant of run time 0, ms. */
  readonly originAt: number;
  /** What `{{now}}` is at run time 0, ms since 1970; the same for all workers. */
  readonly wallAt: number;
  readonly plan: PlanData;
  readonly gate: 'open' | 'hold';
  /** The first arrival of the whole run that this worker may take. */
  readonly firstArrival: number;
  /** Closed model: users that the plan began with at the most, at least 1. */
  readonly users: number;
}

export type ToWorker =
  | { readonly type: 'start'; readonly start: WorkerStart }
  | { readonly type: 'action'; readonly action: Action }
  /** Its part of the totals from now on. */
  | { readonly type: 'limits'; readonly limits: Limits }
  /** Burst: ready so many requests for a round; send them at an instant (run clock, ms). */
  | { readonly type: 'prepare'; readonly round: number; readonly size: number }
  | { readonly type: 'release'; readonly at: number }
  | { readonly type: 'addresses'; readonly addresses: readonly Address[] }
  /**
   * Begin nothing more; wait at most `graceMs` for what is in flight, then cut it off: but what makes something is awaited up
   * to its own limit, `atOnce` for `atOnceMs`.
   */
  | { readonly type: 'stop'; readonly graceMs: number; readonly atOnce: boolean };

export type FromWorker =
  | { readonly type: 'ready' }
  /** It cannot begin, for a reason that the user can mend. */
  | { readonly type: 'refused'; readonly text: string; readonly hint: string | undefined }
  | { readonly type: 'interval'; readonly interval: Interval }
  | { readonly type: 'applied'; readonly revision: number }
  /** The main thread was silent for too long: nothing is sent until it resumes the run. */
  | { readonly type: 'muted'; readonly at: number }
  | { readonly type: 'problem'; readonly text: string }
  /** Worth a line in the log; other workers may say the same. */
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'burst'; readonly event: BurstEvent }
  | { readonly type: 'resources'; readonly change: ResourceChange }
  /** Nothing is in flight any more after a stop; no interval follows. */
  | { readonly type: 'done'; readonly cutOff: number; readonly oldestBacklogMs: number };

/** How long what makes something is awaited where the run is ended at once: what is made unseen, nobody can remove (ms). */
export const atOnceMs = 2000;

/** An arrival more than this late through us is counted as not sent and never fired (ms). */
export const tooLateMs = 1000;

/** A main thread silent for longer than this stops the load (ms). */
export const silenceLimitMs = 3000;

/** Unit of the heartbeat: 32 bits of it last for years (ms). */
export const beatUnitMs = 100;

/** How often the main thread shows that it is alive (ms). */
export const heartbeatMs = 250;
