// From the words of a profile file to a draft: methods, common headers, names. Pure; files named in it were read before.

import {
  type ConnectionDraft,
  defaultPauseMs,
  loadOfRate,
  mongoAt,
  type ProbesDraft,
  type ProfileDraft,
  probeAt,
} from './defaults.ts';
import { type Header, headerValue, mergeHeaders } from './headers.ts';
import type { HttpProbeSettings, Load, Scenario, Step } from './profile.ts';
import { type ProbesFile, type ProfileFile, type StepFile, stepMethods } from './schema.ts';

/** Where a step stands in the file; finds the bytes of its bodyFile. */
export type BodyOf = (step: StepFile) => Uint8Array | undefined;

/** The steps of a file with their places, whichever way they are written. */
export const stepsOf = (
  file: ProfileFile,
): readonly { readonly step: StepFile; readonly path: readonly (string | number)[] }[] => [
  ...(file.steps ?? []).map((step, index) => ({ step, path: ['steps', index] })),
  ...(file.scenarios ?? []).flatMap((scenario, at) =>
    scenario.steps.map((step, index) => ({ step, path: ['scenarios', at, 'steps', index] })),
  ),
];

/** The path of a file that is named in the profile. */
type PathOf = (file: string) => string;

/** What a file does not know of itself, and what only its folder can tell. */
export interface FilePlace {
  /** For a file that does not name itself. */
  readonly name: string;
  readonly bodyOf: BodyOf;
  readonly pathOf: PathOf;
}

export const draftOfFile = (file: ProfileFile, { name, bodyOf, pathOf }: FilePlace): ProfileDraft => {
  const common = file.headers ?? [];
  const build = (step: StepFile): Step => stepOf(step, common, bodyOf);
  const scenarios: readonly Scenario[] = file.scenarios?.map((scenario, index) => ({
    name: scenario.name ?? `scenario ${index + 1}`,
    weight: scenario.weight ?? 1,
    steps: scenario.steps.map(build),
  })) ?? [{ name: 'main', weight: 1, steps: (file.steps ?? []).map(build) }];
  const { load } = file;
  return {
    name: file.name ?? name,
    description: file.description,
    origin: file.target,
    scenarios,
    load: loadOf(load),
    durationMs: load?.duration,
    limit: load?.requests,
    arrivals: load?.arrivals,
    seed: load?.seed,
    connections: load?.connections,
    maxInFlight: load?.maxInFlight,
    overflow: load?.overflow,
    timeoutMs: file.timeout,
    connection: connectionOf(file.connection ?? {}, pathOf),
    maxRate: load?.maxRate,
    warmupMs: load?.warmup,
    graceMs: load?.grace,
    workers: load?.workers,
    objectives: file.objectives,
    probes: file.probes && probesOf(file.probes, pathOf),
    allow: file.allow,
    record: file.record,
  };
};

const loadOf = (load: ProfileFile['load']): Load | undefined => {
  if (load?.stages) return { model: 'open', stages: load.stages };
  if (load?.users !== undefined) {
    return { model: 'closed', users: load.users, spawnRate: load.spawnRate ?? Infinity };
  }
  if (load?.burst) {
    const { size, rounds = 1, pause = defaultPauseMs } = load.burst;
    return { model: 'burst', size, rounds, pauseMs: pause };
  }
  if (load?.rate === undefined) return undefined;
  return loadOfRate(load.rate);
};

const connectionOf = (file: NonNullable<ProfileFile['connection']>, pathOf: PathOf): ConnectionDraft => {
  const path = (name: string | undefined): string | undefined => (name === undefined ? undefined : pathOf(name));
  return {
    http2: file.http2,
    pipelining: file.pipelining,
    keepAlive: file.keepAlive,
    connectTimeoutMs: file.connectTimeout,
    verify: file.insecure === undefined ? undefined : !file.insecure,
    cacert: path(file.cacert),
    cert: path(file.cert),
    key: path(file.key),
    connectTo: file.connectTo,
    unixSocket: path(file.unixSocket),
    proxy: file.proxy,
    family: file.ipv4 ? 4 : file.ipv6 ? 6 : undefined,
  };
};

type HttpProbeFile = NonNullable<ProbesFile['health']>[number];

const probesOf = ({ health, metrics, mongo, headers, pin, enabled }: ProbesFile, pathOf: PathOf): ProbesDraft => ({
  health: health?.map((probe) => httpProbeOf(probe, pathOf)),
  metrics: metrics?.map((probe) => httpProbeOf(probe, pathOf)),
  mongo: mongo?.map((probe) =>
    typeof probe === 'string' ? mongoAt(probe) : { uri: probe.uri, periodMs: probe.period, timeoutMs: probe.timeout },
  ),
  headers,
  pins: pin,
  enabled,
});

const httpProbeOf = (probe: HttpProbeFile, pathOf: PathOf): HttpProbeSettings => {
  if (typeof probe === 'string') return probeAt(probe);
  const { url, headers = [], basic, bearer, insecure, cacert, cert, key, period, timeout } = probe;
  const login = basic ?? bearer;
  const path = (name: string | undefined): string | undefined => (name === undefined ? undefined : pathOf(name));
  const trusts = [insecure, cacert, cert, key].some((said) => said !== undefined);
  return {
    url,
    headers: login === undefined ? headers : [...headers, ['Authorization', login]],
    tls: trusts ? { verify: !insecure, cacert: path(cacert), cert: path(cert), key: path(key) } : undefined,
    periodMs: period,
    timeoutMs: timeout,
  };
};

const stepOf = (step: StepFile, common: readonly Header[], bodyOf: BodyOf): Step => {
  const key = stepMethods.find((method) => step[method] !== undefined) ?? 'get';
  const method = key.toUpperCase();
  const path = step[key] ?? '/';
  const headers = mergeHeaders(common, step.headers ?? []);
  const isJson = step.json !== undefined;
  return {
    name: step.name ?? `${method} ${path.replace(/\?.*/s, '')}`,
    method,
    path,
    headers:
      isJson && headerValue(headers, 'content-type') === undefined
        ? [...headers, ['Content-Type', 'application/json']]
        : headers,
    body: isJson ? JSON.stringify(step.json) : (step.body ?? bodyOf(step)),
    expectStatus: step.expect?.status,
    ...(step.preflight && { preflight: true }),
  };
};
