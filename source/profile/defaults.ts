// Fills in what nobody said. A file and a command line both end here, so that a run has the same defaults whichever way
// it was asked for.

import type { BandSet } from '../measure/band.ts';
import type { Objective } from '../measure/objective.ts';
import type { DeclaredMetric } from './counts.ts';
import type { DataSource } from './data.ts';
import type { ProfileCode } from './functions.ts';
import type {
  ConnectionSettings,
  HttpProbeSettings,
  Load,
  MongoProbeSettings,
  ProbeSettings,
  Profile,
  ProfilePhase,
  Scenario,
} from './profile.ts';
import { resolveProbe } from './target.ts';

/** Connection settings as far as somebody said them. */
export type ConnectionDraft = { readonly [Name in keyof ConnectionSettings]?: ConnectionSettings[Name] | undefined };

/** Probe settings as far as somebody said them. */
export type ProbesDraft = { readonly [Name in keyof ProbeSettings]?: ProbeSettings[Name] | undefined };

/** A profile as far as somebody wrote it. Probe addresses may still be relative to the target. */
export interface ProfileDraft {
  readonly name: string;
  readonly description?: string | undefined;
  readonly phase?: ProfilePhase | undefined;
  /** One after the other, each whole by itself; then the load of this one counts for nothing. */
  readonly phases?: readonly ProfileDraft[] | undefined;
  readonly origin: string;
  readonly scenarios: readonly Scenario[];
  readonly source?: Profile['source'];
  readonly setup?: Profile['setup'];
  readonly teardown?: Profile['teardown'];
  readonly cleanUpHeaders?: Profile['cleanUpHeaders'] | undefined;
  readonly metrics?: readonly DeclaredMetric[] | undefined;
  readonly cookies?: boolean | undefined;
  readonly load?: Load | undefined;
  readonly durationMs?: number | undefined;
  readonly limit?: number | undefined;
  readonly arrivals?: Profile['arrivals'] | undefined;
  readonly seed?: number | undefined;
  readonly nowAt?: number | undefined;
  readonly data?: readonly DataSource[] | undefined;
  readonly connections?: number | undefined;
  readonly maxInFlight?: number | undefined;
  readonly overflow?: Profile['overflow'] | undefined;
  readonly timeoutMs?: number | undefined;
  readonly connection?: ConnectionDraft | undefined;
  readonly maxRate?: number | undefined;
  readonly warmupMs?: number | undefined;
  readonly graceMs?: number | undefined;
  readonly workers?: Profile['workers'] | undefined;
  readonly objectives?: readonly Objective[] | undefined;
  readonly until?: readonly Objective[] | undefined;
  readonly bands?: BandSet | undefined;
  readonly probes?: ProbesDraft | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly record?: Profile['record'];
  readonly code?: ProfileCode | undefined;
  readonly secrets?: readonly string[] | undefined;
}

/** Arrivals per second where nothing else is said. */
export const defaultRate = 50;
export const defaultTimeoutMs = 10_000;
export const defaultConnectTimeoutMs = 3000;
export const defaultGraceMs = 30_000;
/** Rest between two rounds of a burst, ms. */
export const defaultPauseMs = 1000;
/** The ceiling of the rate, per second: what is above it is a slip of the fingers, not a plan for one machine. */
export const defaultMaxRate = 10_000_000;

/** The load that a rate alone stands for. */
export const loadOfRate = (rate: number | 'max'): Load =>
  rate === 'max' ? { model: 'full speed' } : { model: 'constant', rate };

/** A health or metrics probe of which no more was said than where it is. */
export const probeAt = (url: string): HttpProbeSettings => ({
  url,
  headers: [],
  tls: undefined,
  periodMs: undefined,
  timeoutMs: undefined,
});

/** A MongoDB probe of which no more was said than where it is. */
export const mongoAt = (uri: string): MongoProbeSettings => ({ uri, periodMs: undefined, timeoutMs: undefined });

/** The draft with every default filled in and probe addresses made absolute. */
export const completeProfile = (draft: ProfileDraft): Profile => {
  const resolved = (probes: readonly HttpProbeSettings[] | undefined): readonly HttpProbeSettings[] | undefined =>
    probes?.map((probe) => ({ ...probe, url: resolveProbe(probe.url, draft.origin) }));
  return {
    name: draft.name,
    description: draft.description,
    phase: draft.phase,
    origin: draft.origin,
    scenarios: draft.scenarios,
    source: draft.source,
    setup: draft.setup,
    teardown: draft.teardown,
    cleanUpHeaders: draft.cleanUpHeaders ?? [],
    metrics: draft.metrics ?? [],
    cookies: draft.cookies ?? false,
    load: draft.load ?? { model: 'constant', rate: defaultRate },
    durationMs: draft.durationMs,
    limit: draft.limit,
    arrivals: draft.arrivals ?? 'uniform',
    seed: draft.seed,
    nowAt: draft.nowAt,
    data: draft.data ?? [],
    connections: draft.connections,
    maxInFlight: draft.maxInFlight,
    overflow: draft.overflow ?? 'queue',
    timeoutMs: draft.timeoutMs ?? defaultTimeoutMs,
    connection: completeConnection(draft.connection ?? {}),
    maxRate: draft.maxRate,
    warmupMs: draft.warmupMs ?? 0,
    graceMs: draft.graceMs ?? defaultGraceMs,
    workers: draft.workers ?? 'auto',
    objectives: eachOnce(draft.objectives ?? []),
    until: draft.until ?? [],
    bands: draft.bands,
    probes: {
      health: resolved(draft.probes?.health),
      metrics: resolved(draft.probes?.metrics),
      mongo: draft.probes?.mongo ?? [],
      pins: draft.probes?.pins ?? [],
      headers: draft.probes?.headers ?? [],
      enabled: draft.probes?.enabled ?? true,
    },
    allow: draft.allow ?? [],
    record: draft.record,
    code: draft.code,
    secrets: draft.secrets ?? [],
  };
};

/** Objectives that say the same in other words are one. */
const eachOnce = (objectives: readonly Objective[]): readonly Objective[] => {
  const meaning = ({ metric, counted, comparison, bound, windowMs }: Objective): string =>
    [metric, counted?.name, counted?.figure, comparison, bound, windowMs].join(' ');
  const meanings = objectives.map(meaning);
  return objectives.filter((objective, index) => meanings.indexOf(meaning(objective)) === index);
};

const completeConnection = (draft: ConnectionDraft): ConnectionSettings => ({
  http2: draft.http2 ?? false,
  pipelining: draft.pipelining,
  keepAlive: draft.keepAlive ?? true,
  connectTimeoutMs: draft.connectTimeoutMs ?? defaultConnectTimeoutMs,
  verify: draft.verify ?? true,
  cacert: draft.cacert,
  cert: draft.cert,
  key: draft.key,
  connectTo: draft.connectTo,
  unixSocket: draft.unixSocket,
  proxy: draft.proxy,
  family: draft.family,
});
