// What the user wanted, validated and with every default filled in: plain, readonly data. Where it came from (a file,
// flags) is load-profile.ts and the command line; what the engine makes of it is compile.ts.

import type { Stage } from '../load/arrival-plan.ts';
import type { ArrivalKind } from '../load/arrivals.ts';
import type { Think } from '../load/think.ts';
import type { BandSet } from '../measure/band.ts';
import type { ErrorLimit } from '../measure/burst.ts';
import type { Objective } from '../measure/objective.ts';
import type { Field, Payload } from './body.ts';
import type { Capture } from './capture.ts';
import type { DeclaredMetric, StepCount } from './counts.ts';
import type { DataSource, ItemsBody } from './data.ts';
import type { EventStream } from './event-stream.ts';
import type { Expectation } from './expectation.ts';
import type { Flow } from './flow.ts';
import type { ProfileCode } from './functions.ts';

/** A request that removes something; its headers are those that all requests have. */
export interface CleanUpRequest {
  readonly method: string;
  readonly path: string;
}

/** One HTTP exchange. */
export interface Step {
  /** Name of its series: `POST /events`. */
  readonly name: string;
  readonly method: string;
  /** May hold templates, and a query. */
  readonly path: string;
  /** Put behind the path, percent-encoded. */
  readonly query?: readonly Field[];
  /** Names as written; the profile's common headers included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | undefined;
  /** In place of `body`: the function that makes it, by its index. */
  readonly bodyFunction?: number;
  /** In place of `body`. */
  readonly payload?: Payload;
  /** In place of a body: values of a catalogue. */
  readonly items?: ItemsBody;
  /** Statuses that are as expected; undefined for any 2xx and 3xx. */
  readonly expectStatus: readonly number[] | undefined;
  /** Redirects that are followed, within the target; undefined: none. */
  readonly redirects?: number;
  /** What it adds to metrics of the profile. */
  readonly counts?: readonly StepCount[];
  /** What else is expected of its answer. */
  readonly expect?: readonly Expectation[];
  /** The function that says whether its answer is as expected, by its index. */
  readonly check?: number;
  /** What is taken from its answer for the steps after it. */
  readonly captures?: readonly Capture[];
  /** Its answer is a stream of events. */
  readonly eventStream?: EventStream;
  /** From started to ended, in place of the profile's, ms. */
  readonly timeoutMs?: number;
  /** Without a byte from the target, ms; without `timeoutMs` the only limit. */
  readonly idleMs?: number;
  /** Left out from then on where the target says that it has no such thing: 404, 405, 501. */
  readonly optional?: boolean;
  /** What it makes, by the request that removes it; the path may hold templates. */
  readonly creates?: CleanUpRequest;
  /** How long a user thinks after it. */
  readonly think?: Think;
  /** `loadtop doctor` sends it once, whatever its method. */
  readonly preflight?: boolean;
}

/** What drives a scenario that does not share the profile's load: it runs beside it from the start, until the run ends. */
export interface OwnLoad {
  readonly load: Load;
  readonly arrivals: ArrivalKind | undefined;
  readonly connections: number | undefined;
  readonly maxInFlight: number | undefined;
  readonly overflow: 'queue' | 'drop' | undefined;
}

/** Steps that are made once for a run. */
export interface OnceSteps {
  readonly steps: readonly Step[];
  /** How they are run; undefined: one after the other. */
  readonly flow?: Flow;
}

/** A sequence of steps that one iteration runs, and how often it is chosen against the others. */
export interface Scenario {
  readonly name: string;
  /** Among those that share the profile's load. */
  readonly weight: number;
  /** In place of a part of the profile's load. */
  readonly own?: OwnLoad;
  /** Between two iterations of a user, in the closed model; undefined for none. */
  readonly think?: Think | undefined;
  /** All of them, in the order they stand in. */
  readonly steps: readonly Step[];
  /** How an iteration runs them; undefined: one after the other. */
  readonly flow?: Flow;
  /** What each virtual user does before its first iteration of this, and before it leaves. */
  readonly setup?: Flow;
  readonly teardown?: Flow;
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
      /** Each user keeps one scenario; undefined: each iteration draws its own. */
      readonly choose?: 'user' | undefined;
    }
  /** Every connection busy all the time. */
  | { readonly model: 'full speed' }
  /** Rounds of so many requests at once, of which all are awaited, with a rest between two. */
  | {
      readonly model: 'burst';
      readonly sizes: readonly number[];
      /** Before the first round. */
      readonly afterMs: number;
      readonly pauseMs: number;
      /** A round with more errors is the last. */
      readonly errorLimit: ErrorLimit | undefined;
    };

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

/** The file of a profile, and what was set for it from outside. No secrets: it is recorded. */
export interface ProfileSource {
  /** Absolute. */
  readonly path: string;
  readonly set: readonly (readonly [name: string, value: string])[];
}

/** Where a run stands among the phases of its profile, each of which is a run of its own. */
export interface ProfilePhase {
  readonly name: string;
  /** From 1. */
  readonly number: number;
  readonly count: number;
  /** Rest between it and the next one, ms. */
  readonly pauseMs: number;
}

export interface Profile {
  readonly name: string;
  /** Undefined: it came from no file. */
  readonly source: ProfileSource | undefined;
  readonly description: string | undefined;
  /** Which phase of the profile this is; undefined for one without phases. */
  readonly phase: ProfilePhase | undefined;
  /** Scheme, host and port: `http://localhost:3000`. */
  readonly origin: string;
  readonly scenarios: readonly Scenario[];
  /** What is done once, before the load and after it. */
  readonly setup: OnceSteps | undefined;
  readonly teardown: OnceSteps | undefined;
  /** Headers of the requests that remove what the steps made. */
  readonly cleanUpHeaders: readonly (readonly [name: string, value: string])[];
  /** What is counted beside the requests. */
  readonly metrics: readonly DeclaredMetric[];
  /** Each virtual user keeps the cookies it is given; without users each iteration. */
  readonly cookies: boolean;
  readonly load: Load;
  /** ms; undefined: the default of the mode (README, "When a run ends"); 0: until stopped. */
  readonly durationMs: number | undefined;
  /** Number of iterations after which the run ends. */
  readonly limit: number | undefined;
  readonly arrivals: ArrivalKind;
  readonly seed: number | undefined;
  /** What `{{now}}` is at run time 0, ms since 1970; undefined: what the clock says then. */
  readonly nowAt: number | undefined;
  /** What requests may be made of, each by its own name. */
  readonly data: readonly DataSource[];
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
  /** What has to hold for the load to go on: the first that is broken ends it, which is no fault. */
  readonly until: readonly Objective[];
  /** Words for how it did; undefined for none. */
  readonly bands: BandSet | undefined;
  readonly probes: ProbeSettings;
  /** Origins outside loopback and private networks that may be targeted without asking. */
  readonly allow: readonly string[];
  /** A file for the recording; false: none; undefined: the default folder. */
  readonly record: string | false | undefined;
  /** Its functions; undefined where it has none. */
  readonly code?: ProfileCode | undefined;
  /** Values of secret variables: they never reach a screen, a recording or a report. */
  readonly secrets: readonly string[];
}
