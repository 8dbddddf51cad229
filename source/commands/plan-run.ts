// From a profile to the figures of a run: the plan, totals that divide by the workers, the end. Pure; what had to be
// changed to fit is said in notes.

import { formatCount } from '../common/units.ts';
import { constantSegments, type Segment, segmentsOfStages } from '../load/arrival-plan.ts';
import type { Profile } from '../profile/profile.ts';

/** What the machine and the terminal bring. */
export interface Surroundings {
  readonly cores: number;
  /** Descriptors this process may have open; undefined where it is not known. */
  readonly descriptorLimit: number | undefined;
  /** A TUI is shown: a run without an end of its own is longer. */
  readonly tui: boolean;
}

export interface RunPlan {
  readonly model: 'open' | 'full speed';
  readonly segments: readonly Segment[];
  readonly durationMs: number | undefined;
  /** Iterations; Infinity for no limit. */
  readonly limit: number;
  readonly workers: number;
  readonly connections: number;
  readonly maxInFlight: number;
  /** What the user should know of it. */
  readonly notes: readonly string[];
}

/** Defaults (README, "When a run ends" and "Connections"). */
const defaults = { openConnections: 1000, fullSpeedConnections: 50, plainMs: 30_000, tuiMs: 3_600_000 };

/** Descriptors kept free for everything but the load's connections. */
const reservedDescriptors = 100;

/** Arrivals per second that one worker is given before a second one is added. */
const ratePerWorker = 15_000;

/** The figures of a run. */
export const planRun = (profile: Profile, surroundings: Surroundings): RunPlan => {
  const notes: string[] = [];
  const model = profile.load.model === 'full speed' ? 'full speed' : 'open';
  const { segments, durationMs } = planOf(profile, surroundings.tui);
  const wantedConnections = connectionsOf(profile, model, surroundings, notes);
  if (model === 'full speed' && profile.maxInFlight !== undefined && profile.maxInFlight !== wantedConnections) {
    notes.push(`max in flight is ${formatCount(wantedConnections)}: at full speed each connection has one request`);
  }
  const wantedInFlight = model === 'full speed' ? wantedConnections : (profile.maxInFlight ?? wantedConnections);
  const totals = divide(profile, segments, surroundings.cores, wantedConnections, wantedInFlight, notes);
  return { model, segments, durationMs, limit: profile.limit ?? Infinity, ...totals, notes };
};

const planOf = ({ load, durationMs, limit }: Profile, tui: boolean): Pick<RunPlan, 'segments' | 'durationMs'> => {
  const unending = durationMs === 0 || (durationMs === undefined && limit !== undefined);
  const length = unending ? Infinity : (durationMs ?? (tui ? defaults.tuiMs : defaults.plainMs));
  if (load.model !== 'open') {
    const rate = load.model === 'constant' ? load.rate : 0;
    return { segments: constantSegments(rate, length), durationMs: finite(length) };
  }
  const segments = segmentsOfStages(load.stages);
  const last = segments.at(-1);
  const end = last ? last.at + last.lengthMs : 0;
  // Stages end with their last; of several ends the first counts. A duration of 0 means until stopped: the last rate stays.
  if (durationMs === 0) {
    return { segments: held(segments, end, load.stages.at(-1)?.rate ?? 0), durationMs: undefined };
  }
  if (durationMs === undefined || durationMs >= end) return { segments, durationMs: end };
  return { segments: shortened(segments, durationMs), durationMs };
};

const finite = (ms: number): number | undefined => (Number.isFinite(ms) ? ms : undefined);

/** The rate is that of the last stage, which a jump leaves no segment of. */
const held = (segments: readonly Segment[], end: number, rate: number): Segment[] => [
  ...segments,
  { at: end, lengthMs: Infinity, from: rate, to: rate },
];

const shortened = (segments: readonly Segment[], end: number): Segment[] =>
  segments
    .filter(({ at }) => at < end)
    .map((segment) => {
      const lengthMs = Math.min(segment.lengthMs, end - segment.at);
      const to = segment.from + ((segment.to - segment.from) * lengthMs) / segment.lengthMs;
      return { ...segment, lengthMs, to };
    });

const connectionsOf = (
  profile: Profile,
  model: RunPlan['model'],
  { descriptorLimit }: Surroundings,
  notes: string[],
): number => {
  const most = Math.max(1, (descriptorLimit ?? Infinity) - reservedDescriptors);
  const { connections } = profile;
  if (connections === undefined) {
    const usual = model === 'open' ? defaults.openConnections : defaults.fullSpeedConnections;
    if (most < usual) {
      notes.push(
        `at most ${formatCount(most)} connections, because ${formatCount(descriptorLimit!)} descriptors are allowed`,
      );
    }
    return Math.min(usual, most);
  }
  if (connections > most) {
    notes.push(
      `${formatCount(most)} connections instead of ${formatCount(connections)}, because ${formatCount(descriptorLimit!)} descriptors are allowed: raise ulimit -n`,
    );
  }
  return Math.min(connections, most);
};

/** Workers, and totals that are multiples of them: there are never more workers than any total. */
const divide = (
  profile: Profile,
  segments: readonly Segment[],
  cores: number,
  connections: number,
  maxInFlight: number,
  notes: string[],
): Pick<RunPlan, 'workers' | 'connections' | 'maxInFlight'> => {
  const most = Math.min(connections, maxInFlight);
  if (profile.workers === 'auto') {
    const wanted = Math.min(autoWorkers(profile, segments, cores), most);
    let workers = wanted;
    while (connections % workers !== 0 || maxInFlight % workers !== 0) workers -= 1;
    if (workers < wanted)
      notes.push(`workers: ${workers} instead of ${wanted}, a divisor of connections and max in flight`);
    return { workers, connections, maxInFlight };
  }
  const workers = Math.min(profile.workers, most);
  if (workers < profile.workers)
    notes.push(`${workers} workers instead of ${profile.workers}: no more than connections or in flight`);
  const multiple = (total: number, name: string): number => {
    const fitting = total - (total % workers);
    if (fitting !== total)
      notes.push(`${name} ${formatCount(fitting)} instead of ${formatCount(total)}: a multiple of ${workers} workers`);
    return fitting;
  };
  return {
    workers,
    connections: multiple(connections, 'connections'),
    maxInFlight: multiple(maxInFlight, 'max in flight'),
  };
};

const autoWorkers = ({ load }: Profile, segments: readonly Segment[], cores: number): number => {
  const spare = Math.max(1, cores - 1);
  if (load.model === 'full speed') return spare;
  const peak = Math.max(0, ...segments.map(({ from, to }) => Math.max(from, to)));
  return Math.max(1, Math.min(spare, Math.ceil(peak / ratePerWorker)));
};
