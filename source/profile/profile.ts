// What the user wanted, validated and with every default filled in: plain, readonly data. Where it came from (a file,
// flags) is load-profile.ts and the command line; what the engine makes of it is compile.ts.

import type { Stage } from '../load/arrival-plan.ts';
import type { ArrivalKind } from '../load/arrivals.ts';
import type { Objective } from '../measure/objective.ts';

/** One HTTP exchange. */
export interface Step {
  /** Name of its series: `POST /events`. */
  readonly name: string;
  readonly method: string;
  /** With query; may hold `{{arrival}}`. */
  readonly path: string;
  /** Names as written; the profile's common headers included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | undefined;
  /** Statuses that are as expected; undefined for any 2xx and 3xx. */
  readonly expectStatus: readonly number[] | undefined;
  /** `loadtop doctor` sends it once, whatever its method. */
  readonly preflight?: boolean;
}

/** A sequence of steps that one iteration runs, and how often it is chosen against the others. */
export interface Scenario {
  readonly name: string;
  readonly weight: number;
  readonly steps: readonly Step[];
}

/** What drives arrivals. */
export type Load =
  | { readonly model: 'open'; readonly stages: readonly Stage[] }
  /** A constant rate (per second) until the run's end. */
  | { readonly model: 'constant'; readonly rate: number }
  /** Virtual users: a constant number, or stages of which `rate` is a number of users. */
  | {
      readonly model: 'closed';
      readonly users: number | readonly Stage[];
      /** Users that begin (or leave) per second where a number changes at once; Infinity: all at once. */
      readonly spawnRate: number;
    }
  /** Every connection busy all the time. */
  | { readonly model: 'full speed' }
  /** `size` requests at once, then all are awaited; so many rounds, with a rest between them. */
  | { readonly model: 'burst'; readonly size: number; readonly rounds: number; readonly pauseMs: number };

/** Whom a probe trusts, where the user said so: PEM files by their paths. */
export interface ProbeTls {
  /** False: any certificate is taken. */
  readonly verify: boolean;
  readonly cacert: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** When a probe asks; undefined: the default of its kind. */
export interface ProbePace {
  readonly periodMs: number | undefined;
  readonly timeoutMs: number | undefined;
}

/** A health or metrics URL, and how it is asked. */
export interface HttpProbeSettings extends ProbePace {
  /** Absolute in a complete profile. May hold a user name and a password. */
  readonly url: string;
  /** Its own, over those that all have in common; may hold secrets. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Undefined: at the target's origin that of the load, elsewhere the system's authorities. */
  readonly tls: ProbeTls | undefined;
}

export interface MongoProbeSettings extends ProbePace {
  /** May hold a password. */
  readonly uri: string;
}

export interface ProbeSettings {
  /** Undefined: ORIGIN/health is tried once where that is allowed. */
  readonly health: readonly HttpProbeSettings[] | undefined;
  readonly metrics: readonly HttpProbeSettings[] | undefined;
  readonly mongo: readonly MongoProbeSettings[];
  /** Globs of the names of metrics that are shown whatever else there is: `buffer_*`. */
  readonly pins: readonly string[];
  /** Of every health and metrics probe; may hold secrets. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** False: nothing of the target is polled. */
  readonly enabled: boolean;
}

/** How connections are made and used, as the user said it. */
export interface ConnectionSettings {
  readonly http2: boolean;
  /** Requests on a connection at once; undefined: 1, but 100 in the open model with HTTP/2. */
  readonly pipelining: number | undefined;
  /** False: a new connection for each request. */
  readonly keepAlive: boolean;
  /** Of connecting, TLS included, ms. */
  readonly connectTimeoutMs: number;
  /** False: any certificate is taken. */
  readonly verify: boolean;
  /** Paths of PEM files. */
  readonly cacert: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** `host:port` to connect to in place of the target's; before it may stand the `host:port:` that it replaces. */
  readonly connectTo: string | undefined;
  /** Path of a Unix socket to connect to. */
  readonly unixSocket: string | undefined;
  /** URL of an HTTP proxy; may hold a password. */
  readonly proxy: string | undefined;
  /** Only addresses of this family are used. */
  readonly family: 4 | 6 | undefined;
}

export interface Profile {
  readonly name: string;
  readonly description: string | undefined;
  /** Scheme, host and port: `http://localhost:3000`. */
  readonly origin: string;
  readonly scenarios: readonly Scenario[];
  readonly load: Load;
  /** ms; undefined: the default of the mode (README, "When a run ends"); 0: until stopped. */
  readonly durationMs: number | undefined;
  /** Number of iterations after which the run ends. */
  readonly limit: number | undefined;
  readonly arrivals: ArrivalKind;
  readonly seed: number | undefined;
  /** undefined: the default of the load model. */
  readonly connections: number | undefined;
  readonly maxInFlight: number | undefined;
  readonly overflow: 'queue' | 'drop';
  readonly timeoutMs: number;
  readonly connection: ConnectionSettings;
  /** Arrivals per second (users, in the closed model) above which the load is never driven; undefined: the program's own. */
  readonly maxRate: number | undefined;
  /** The first part of the run, drawn but kept out of the summary, ms; 0 for none. */
  readonly warmupMs: number;
  /** How long requests in flight are awaited at the end, ms. */
  readonly graceMs: number;
  readonly workers: number | 'auto';
  /** What the run is held to; each text once. */
  readonly objectives: readonly Objective[];
  readonly probes: ProbeSettings;
  /** Origins outside loopback and private networks that may be targeted without asking. */
  readonly allow: readonly string[];
  /** A file for the recording; false: none; undefined: the default folder. */
  readonly record: string | false | undefined;
}
