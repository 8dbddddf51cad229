// From a profile to the figures of a run: the plan, connections, what is in flight, workers, the end. Pure; what had to be
// changed to fit is said in notes, and what cannot be meant is refused. The segments themselves are plan-segments.ts.

import { UserError } from '../common/errors.ts';
import type { Model } from '../common/model.ts';
import { formatCount, formatLength, formatRate } from '../common/units.ts';
import type { EngineSpec } from '../engine/engine.ts';
import type { Segment } from '../load/arrival-plan.ts';
import { defaultMaxRate } from '../profile/defaults.ts';
import type { Profile } from '../profile/profile.ts';
import { objectiveNotes } from './objective-notes.ts';
import { highestOf, planSegments } from './plan-segments.ts';

/** What the machine and the terminal bring. */
export interface Surroundings {
  readonly cores: number;
  /** Descriptors this process may have open; undefined where it is not known. */
  readonly descriptorLimit: number | undefined;
  /** A TUI is shown: a run without an end of its own is longer. */
  readonly tui: boolean;
}

export interface RunPlan {
  readonly model: Model;
  /** In the closed model their rates are numbers of users. */
  readonly segments: readonly Segment[];
  /** Undefined where the end is not a matter of time. */
  readonly durationMs: number | undefined;
  /** Iterations; Infinity for no limit. */
  readonly limit: number;
  readonly burst: EngineSpec['burst'];
  readonly workers: number;
  /** Workers that there may be; equal to `workers` for a fixed number. */
  readonly mostWorkers: number;
  readonly connections: number;
  readonly maxInFlight: number;
  /** Requests on a connection at once. */
  readonly perConnection: number;
  /** The ceiling of the rate, of users in the closed model. */
  readonly maxRate: number;
  /** What the user should know of it. */
  readonly notes: readonly string[];
}

/** Defaults (README, "Connections"). */
const defaults = { openConnections: 1000, openConnectionsHttp2: 10, fullSpeedConnections: 50, streams: 100 };

/** Descriptors kept free for everything but the load's connections. */
const reservedDescriptors = 100;

/** What one worker is given before a second one is started: arrivals per second, users or requests of a burst. */
const ratePerWorker = 15_000;
const usersPerWorker = 10_000;

/**
 * The figures of a run.
 * @throws UserError for a plan above its ceiling, too few connections, a warm-up that leaves nothing
 */
export const planRun = (profile: Profile, surroundings: Surroundings): RunPlan => {
  const notes: string[] = [];
  const { load } = profile;
  const model = load.model === 'constant' ? 'open' : load.model;
  const { segments, durationMs, peak } = planSegments(profile, surroundings.tui);
  const maxRate = ceilingOf(profile, peak);
  if (durationMs !== undefined && profile.warmupMs > 0 && profile.warmupMs >= durationMs) {
    throw new UserError(
      `the warm-up, ${formatLength(profile.warmupMs)}, leaves nothing of the run, ${formatLength(durationMs)}`,
      { hint: 'shorten the warm-up or lengthen the run (-z)' },
    );
  }
  notes.push(...objectiveNotes(profile, durationMs, peak));
  const perConnection = perConnectionOf(profile, model);
  const needed = neededOf(profile, segments, perConnection);
  const connections = connectionsOf(profile, model, needed, surroundings, notes);
  const maxInFlight = inFlightOf(profile, connections * perConnection, notes);
  return {
    model,
    segments,
    durationMs,
    limit: profile.limit ?? Infinity,
    burst: burstOf(profile),
    ...workersOf(profile, segments, surroundings.cores, Math.min(connections, maxInFlight), notes),
    connections,
    maxInFlight,
    perConnection,
    maxRate,
    notes,
  };
};

/** The ceiling, which the plan does not pass: a load without a rate cannot be held below one. */
const ceilingOf = ({ load, maxRate }: Profile, peak: number): number => {
  if (maxRate !== undefined && (load.model === 'full speed' || load.model === 'burst')) {
    const what = load.model === 'burst' ? 'a burst' : 'full speed';
    throw new UserError(`${what} cannot be held below a highest rate, ${formatRate(maxRate)}`, {
      hint: 'leave --max-rate out, or give a rate (-q)',
    });
  }
  const most = maxRate ?? defaultMaxRate;
  if (peak <= most) return most;
  const shown = (level: number): string =>
    load.model === 'closed' ? `${formatCount(level)} users` : formatRate(level);
  throw new UserError(`the load reaches ${shown(peak)}, more than the highest that is allowed, ${shown(most)}`, {
    hint: 'lower the load, or raise --max-rate',
  });
};

/** Streams are many by default only where arrivals share connections. */
const perConnectionOf = ({ load, connection }: Profile, model: Model): number => {
  const { pipelining, http2 } = connection;
  if (load.model === 'closed' && (pipelining ?? 1) > 1) {
    throw new UserError(
      `pipelining: found ${formatCount(pipelining!)}, expected none: a user has one request at a time`,
      {
        hint: 'leave pipelining out, or give a rate (-q) in place of users',
      },
    );
  }
  return pipelining ?? (http2 && model === 'open' ? defaults.streams : 1);
};

/** Connections without which the load cannot be what it is; undefined where any number will do. */
const neededOf = ({ load }: Profile, segments: readonly Segment[], perConnection: number): number | undefined => {
  if (load.model === 'closed') return Math.max(1, Math.ceil(highestOf(segments)));
  return load.model === 'burst' ? Math.ceil(largestBurst(load) / perConnection) : undefined;
};

const connectionsOf = (
  { connections, connection, load }: Profile,
  model: Model,
  needed: number | undefined,
  { descriptorLimit }: Surroundings,
  notes: string[],
): number => {
  const most = Math.max(1, (descriptorLimit ?? Infinity) - reservedDescriptors);
  const allowed = `because ${formatCount(descriptorLimit ?? 0)} descriptors are allowed`;
  if (needed !== undefined) refuseFewer(needed, { asked: connections, most, allowed, load });
  if (connections === undefined) {
    const shared = connection.http2 ? defaults.openConnectionsHttp2 : defaults.openConnections;
    const usual = needed ?? (model === 'open' ? shared : defaults.fullSpeedConnections);
    if (most < usual) notes.push(`at most ${formatCount(most)} connections, ${allowed}`);
    return Math.min(usual, most);
  }
  if (connections > most) {
    notes.push(`${formatCount(most)} connections instead of ${formatCount(connections)}, ${allowed}: raise ulimit -n`);
  }
  return Math.min(connections, most);
};

/** Users and bursts do not get along with fewer connections than they have requests: nothing would be as it was asked for. */
const refuseFewer = (
  needed: number,
  { asked, most, allowed, load }: { asked: number | undefined; most: number; allowed: string; load: Profile['load'] },
): void => {
  const why = load.model === 'burst' ? 'a burst is sent all at once' : 'each user has one of its own';
  if (asked !== undefined && asked < needed) {
    throw new UserError(`connections: found ${formatCount(asked)}, expected at least ${formatCount(needed)}: ${why}`, {
      hint: 'raise -c, or leave it out',
    });
  }
  if (needed > most) {
    throw new UserError(
      `the load needs ${formatCount(needed)} connections (${why}), but there can be ${formatCount(most)}, ${allowed}`,
      { hint: 'raise ulimit -n' },
    );
  }
};

/** Where the model itself says how many are in flight, a limit is not passed over in silence. */
const inFlightOf = ({ load, maxInFlight }: Profile, room: number, notes: string[]): number => {
  if (load.model === 'open' || load.model === 'constant') return maxInFlight ?? room;
  const count = load.model === 'burst' ? largestBurst(load) : room;
  if (maxInFlight !== undefined && maxInFlight !== count) {
    const why = {
      closed: 'each user has one request at a time',
      burst: 'a burst is sent all at once',
      'full speed': 'at full speed every connection is full all the time',
    }[load.model];
    notes.push(`max in flight is ${formatCount(count)}: ${why}`);
  }
  return count;
};

/** Requests of the largest round. */
const largestBurst = ({ sizes }: Extract<Profile['load'], { model: 'burst' }>): number =>
  sizes.reduce((most, size) => Math.max(most, size), 0);

/** Rounds, as far as `-n` lets them come. */
const burstOf = ({ load, limit = Infinity }: Profile): EngineSpec['burst'] => {
  if (load.model !== 'burst') return undefined;
  const sizes: number[] = [];
  let left = limit;
  for (const size of load.sizes) {
    if (left <= 0) break;
    sizes.push(Math.min(size, left));
    left -= size;
  }
  return { sizes, afterMs: load.afterMs, pauseMs: load.pauseMs, errorLimit: load.errorLimit };
};

/** Workers at the start, and how many there may be: never more than connections, users or requests in flight. */
const workersOf = (
  { load, workers }: Profile,
  segments: readonly Segment[],
  cores: number,
  totals: number,
  notes: string[],
): Pick<RunPlan, 'workers' | 'mostWorkers'> => {
  const peak = highestOf(segments);
  const owners = load.model === 'closed' ? Math.max(1, Math.ceil(peak)) : Infinity;
  const most = Math.min(totals, owners);
  if (workers !== 'auto') {
    const fixed = Math.min(workers, most);
    if (fixed < workers) {
      notes.push(`${fixed} workers instead of ${workers}: no more than connections, users or requests in flight`);
    }
    return { workers: fixed, mostWorkers: fixed };
  }
  const mostWorkers = Math.min(Math.max(1, cores - 1), most);
  const wanted = {
    open: peak / ratePerWorker,
    constant: peak / ratePerWorker,
    closed: peak / usersPerWorker,
    burst: load.model === 'burst' ? largestBurst(load) / usersPerWorker : 0,
    'full speed': Infinity,
  }[load.model];
  return { workers: Math.max(1, Math.min(mostWorkers, Math.ceil(wanted))), mostWorkers };
};
