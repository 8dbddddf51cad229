// Everything that happens in a run is an event: the live view, the recording and the summary read the same stream. The
// union is closed; a new kind of event is a new member here and a case in reduce.ts.

import type { Model } from '../common/model.ts';
import type { PhasePlace } from '../common/phase-place.ts';
import type { Limits } from '../engine/protocol.ts';
import type { PlanData } from '../load/arrival-plan.ts';
import type { BandSet } from '../measure/band.ts';
import type { AfterRound, BurstRound, RoundBeside } from '../measure/burst.ts';
import type { LoadFigures } from '../measure/effect.ts';
import type { GeneratorVerdict } from '../measure/generator.ts';
import type { Metric } from '../measure/metric.ts';
import type { Objective, ObjectiveStanding, ObjectiveStatus } from '../measure/objective.ts';
import type { Second, Slice } from '../measure/second.ts';
import type { Summary } from '../measure/summary.ts';
import type { Notice, ProbeKind, ProbeValue } from '../probes/probe.ts';
import type { Command, CommandSource } from './commands.ts';

/** What is known of a run when it begins. No secrets: it is recorded. */
export interface RunInfo {
  readonly name: string;
  /** Which phase of the profile it is; absent for a profile without phases. */
  readonly phase?: PhasePlace;
  readonly version: string;
  /** Origin of the target. */
  readonly target: string;
  readonly model: Model;
  readonly arrivals: 'uniform' | 'poisson';
  readonly seed: number;
  /** Workers and limits at the start. */
  readonly workers: number;
  readonly connections: number;
  readonly maxInFlight: number;
  readonly overflow: 'queue' | 'drop';
  readonly timeoutMs: number;
  /** Arrivals per second (users, in the closed model) above which the load is never driven; at the start. */
  readonly maxRate: number;
  /** Closed model: users that begin or leave per second, at the start; Infinity for all at once. */
  readonly spawnRate: number | undefined;
  /** Seconds that begin before this run time (ms) are drawn, but kept out of the summary. */
  readonly warmupMs: number;
  /** Planned length; undefined for a run until stopped. */
  readonly durationMs: number | undefined;
  /** Planned number of iterations. */
  readonly limit: number | undefined;
  /** Burst model: how many there will be. */
  readonly rounds?: number | undefined;
  readonly stages: readonly { readonly lengthMs: number; readonly rate: number }[];
  /** Series in the order of their index: `POST /events`. */
  readonly series: readonly string[];
  /** Metrics beside the requests', in the order of their index; absent for none. */
  readonly metrics?: readonly Metric[];
  /** What the requests of each series hold: `events`; absent where none holds anything that is counted. */
  readonly items?: readonly (string | null)[];
  /** Loads beside the one that is steered; absent for none. */
  readonly beside?: readonly BesideInfo[];
  /** A scenario has more than one step: requests and iterations per second are two numbers. */
  readonly severalSteps: boolean;
  /** Wall-clock time of run time 0, ms since 1970 UTC. */
  readonly startedAtWall: number;
  /** IANA name of this machine's time zone. */
  readonly timeZone: string;
  /** Path of the recording, where one is written. */
  readonly recording: string | undefined;
  readonly probes: readonly ProbeInfo[];
  /** What the run is held to; absent for nothing. */
  readonly objectives?: readonly Objective[];
  /** Words for how it does; absent where the profile has none. */
  readonly bands?: BandSet;
  /** How what the run makes can be removed later; absent where it makes nothing. */
  readonly cleanUp?: CleanUpInfo;
}

/** A load beside the one that is steered: that of one scenario, from the start to the end. */
export interface BesideInfo {
  /** Of its scenario. */
  readonly name: string;
  readonly model: Model;
  /** In words: `20/s`. */
  readonly load: string;
  /** Indexes of its series. */
  readonly series: readonly number[];
}

/** What `loadtop cleanup` goes by: secrets come from the profile anew. */
export interface CleanUpInfo {
  /** Path of the profile, or the name of a shipped one; null: it came from no file. */
  readonly profile: string | null;
  /** What `--set` said of variables that are no secrets. */
  readonly set: readonly (readonly [name: string, value: string])[];
  /** Of the program that made it. */
  readonly processId: number;
}

export interface ProbeInfo {
  readonly id: string;
  readonly kind: ProbeKind;
  readonly target: string;
  /** Nobody asked for it: where it does not answer, nothing is wrong. */
  readonly unasked: boolean;
  /** How often it is asked, where that is not each second. */
  readonly periodMs?: number | undefined;
}

export type Phase = 'running' | 'paused' | 'draining' | 'closed';

/** A state of the generator's trustworthiness; see measure/generator.ts. */
export type TroubleLevel = 'warn' | 'bad';

type Body =
  | { readonly type: 'run/opened'; readonly run: RunInfo; readonly plan: PlanData; readonly endsAt: number | null }
  | { readonly type: 'phase/changed'; readonly phase: Phase; readonly reason: string }
  | {
      readonly type: 'plan/changed';
      /** From `from` on; what was before is unchanged. */
      readonly plan: PlanData;
      /** From when the workers follow it (run clock, ms). */
      readonly from: number;
      readonly command: Command;
      readonly source: CommandSource;
      /**
       * Per second, of a ramp what it has reached; in the closed model users, the number that they come to. `wanted` is
       * what it comes to after `overMs`.
       */
      readonly wantedBefore: number;
      readonly wanted: number;
      /** How long the change takes, ms; 0 for at once. */
      readonly overMs: number;
      /** The planned end; null for none (as Infinity does not survive JSON). */
      readonly endsAt: number | null;
      /** ms of load left while paused; null for none. */
      readonly remainingMs: number | null;
      readonly paused: boolean;
      /** The rate was set by hand, in place of the stages. */
      readonly manual: boolean;
      /** The change that is taken back with it. */
      readonly undoes?: string;
    }
  /** Limits as they are from now on. */
  | {
      readonly type: 'limits/changed';
      readonly limits: Limits;
      readonly ceiling: number;
      readonly command: Command;
      readonly source: CommandSource;
      readonly undoes?: string;
    }
  | {
      readonly type: 'spawn/changed';
      readonly perSecondBefore: number;
      readonly perSecond: number;
      readonly source: CommandSource;
      readonly undoes?: string;
    }
  /** What a change of the load came to, some seconds later. */
  | {
      readonly type: 'change/settled';
      /** Number of the event that told of the change. */
      readonly change: number;
      /** What was changed: `rate 9,000/s → 9,400/s`. */
      readonly name: string;
      readonly before: LoadFigures;
      readonly after: LoadFigures;
    }
  /** Nothing has changed: the command is carried out where somebody says yes. */
  | {
      readonly type: 'command/asked';
      readonly command: Command;
      readonly question: string;
      readonly source: CommandSource;
    }
  /** What was asked is not done. */
  | { readonly type: 'question/left'; readonly source: CommandSource }
  /** The run so far, for a report. */
  | { readonly type: 'report/taken'; readonly summary: Summary; readonly source: CommandSource }
  | { readonly type: 'workers/changed'; readonly workers: number; readonly reason: string }
  | { readonly type: 'round/ended'; readonly round: BurstRound; readonly after: AfterRound }
  /** What went on while a round was out. */
  | { readonly type: 'round/weighed'; readonly round: number; readonly size: number; readonly beside: RoundBeside }
  /** All workers follow the revision. */
  | { readonly type: 'plan/applied'; readonly revision: number; readonly wanted: number }
  /** Something was made at the target, or removed: the requests that remove it, `DELETE /v1/sessions/7`. */
  | { readonly type: 'resources/changed'; readonly made: readonly string[]; readonly removed: readonly string[] }
  /** How far the clean-up after the load is: of how many, removed, tried in vain. */
  | {
      readonly type: 'cleanup/moved';
      readonly total: number;
      readonly gone: number;
      readonly failed: number;
      readonly over: boolean;
    }
  /** 100 ms of all shares: for the live view, not recorded. */
  | { readonly type: 'slice/closed'; readonly slice: Slice }
  /** One second of all shares; may come again for the same second with what was late. */
  | {
      readonly type: 'second/closed';
      readonly second: Second;
      /** Whether the generator could be trusted in this second; null for a late addition. */
      readonly verdict: (GeneratorVerdict & { readonly ownLimit: boolean }) | null;
      /** How the run's objectives stand after it, in their order; absent for a late addition. */
      readonly objectives?: readonly ObjectiveStanding[];
    }
  | {
      readonly type: 'objective/changed';
      readonly objective: Objective;
      readonly before: ObjectiveStatus;
      readonly status: ObjectiveStatus;
      /** Over its window, in the unit of the bound; NaN without data. */
      readonly value: number;
      /** Run time since when it is broken, ms. */
      readonly brokenSince: number | undefined;
      /** How long it was broken, ms, where that is over. */
      readonly brokenForMs: number | undefined;
    }
  | {
      readonly type: 'probe/read';
      readonly probe: string;
      readonly tookMs: number;
      readonly title: string | undefined;
      readonly values: readonly ProbeValue[];
      /** What the probe turned out to look at, where that is not what it was announced as. */
      readonly kind?: ProbeKind;
    }
  | {
      readonly type: 'probe/failed';
      readonly probe: string;
      readonly tookMs: number;
      readonly reason: string;
      readonly hint: string | undefined;
      /** A gap only: the probe answered before, and has not failed often enough in a row to be called silent. */
      readonly tolerated: boolean;
    }
  /** What happened to what a probe looks at: its state changed, it was restarted, it fell silent or answers again. */
  | {
      readonly type: 'probe/noticed';
      readonly probe: string;
      readonly what: Notice['what'] | 'state' | 'silence' | 'answer';
      readonly level: Notice['level'];
      /** Without its subject, the probe: `ok → degraded`. */
      readonly text: string;
    }
  /** A class of outcomes that are not good began to matter, or no longer does. */
  | { readonly type: 'outcomes/noticed'; readonly level: 'info' | TroubleLevel; readonly text: string }
  | { readonly type: 'generator/troubled'; readonly level: TroubleLevel; readonly reasons: readonly string[] }
  | { readonly type: 'generator/recovered'; readonly forMs: number }
  | { readonly type: 'marker/set'; readonly name: string }
  /** Something worth knowing that is no problem. */
  | { readonly type: 'note/added'; readonly text: string }
  /** Something is wrong; `source` is the part that says it. */
  | {
      readonly type: 'problem/raised';
      readonly source: string;
      readonly text: string;
      readonly hint: string | undefined;
    }
  | { readonly type: 'command/refused'; readonly command: Command; readonly reason: string }
  | { readonly type: 'run/closed'; readonly reason: string; readonly summary: Summary };

/** An event: its number in the run (from 0), the run time (ms), and what happened. */
export type RunEvent = { readonly sequence: number; readonly at: number } & Body;

/** An event before the session numbers it. */
export type EventBody = Body;
