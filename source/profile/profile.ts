// What the user wanted, validated and with every default filled in: plain, readonly data. Where it came from (a file,
// flags) is load-profile.ts and the command line; what the engine makes of it is compile.ts.

import type { Stage } from '../load/arrival-plan.ts';
import type { ArrivalKind } from '../load/arrivals.ts';

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
  /** Every connection busy all the time. */
  | { readonly model: 'full speed' };

export interface ProbeSettings {
  /** URLs; undefined: ORIGIN/health is tried once where that is allowed. */
  readonly health: readonly string[] | undefined;
  readonly metrics: readonly string[] | undefined;
  readonly mongo: readonly string[];
  /** False: nothing of the target is polled. */
  readonly enabled: boolean;
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
  readonly workers: number | 'auto';
  readonly probes: ProbeSettings;
  /** Origins outside loopback and private networks that may be targeted without asking. */
  readonly allow: readonly string[];
  /** A file for the recording; false: none; undefined: the default folder. */
  readonly record: string | false | undefined;
}
