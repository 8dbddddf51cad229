// What a session needs of the outside world, and what it says of its end. Put together by commands/.

import type { Engine } from '../engine/engine.ts';
import type { Segment } from '../load/arrival-plan.ts';
import type { Objective } from '../measure/objective.ts';
import type { ResourceChange } from '../measure/resources.ts';
import type { Summary } from '../measure/summary.ts';
import type { ProbeTable } from '../probes/probe.ts';
import type { ProbeSample } from '../probes/sampler.ts';
import type { Afterwards } from './aftermath.ts';
import type { ProbeInfo, RunEvent, RunInfo } from './events.ts';

/** Something that samples a probe once it is started. */
export interface ProbeSource {
  readonly info: ProbeInfo;
  start(tell: (sample: ProbeSample) => void): {
    close(): Promise<void>;
    /** The details of the newest look, for who looks closer. */
    tables?(): readonly ProbeTable[];
  };
}

/** What a session needs of the outside world. */
export interface SessionParts {
  readonly run: Omit<RunInfo, 'startedAtWall' | 'timeZone' | 'probes'>;
  readonly segments: readonly Segment[];
  /** Shares that the engine has beyond the workers of `run`. */
  readonly sharesBeside?: readonly number[];
  readonly engine: Engine;
  readonly probes: readonly ProbeSource[];
  /** Takes every event; never throws. */
  readonly output: (event: RunEvent) => void;
  /** The run ends when one of its objectives is broken. */
  readonly endsOnBroken?: boolean;
  /** What has to hold for the load to go on; the first that is broken is the planned end. */
  readonly until?: readonly Objective[];
  /** What is done once the load has ended; undefined: nothing. */
  readonly afterwards?: Afterwards | undefined;
  /** What was made before the load began, by its set-up. */
  readonly madeBefore?: ResourceChange | undefined;
  /** How long requests in flight are awaited at the end, ms. */
  readonly graceMs: number;
  /** Least time between two publications of the state, ms. */
  readonly publishMs: number;
}

/** How a run came to its end, for the exit code. */
export interface Ending {
  readonly summary: Summary;
  /** The load broke down; the run could not be carried out. */
  readonly broken: boolean;
  /** Ended at once, by the operator. */
  readonly aborted: boolean;
  /** Iterations in flight that were cut off, because the grace was over or the run was ended at once. */
  readonly cutInFlight: number;
}
