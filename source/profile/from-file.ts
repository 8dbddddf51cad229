// From the words of a profile file to a draft: methods, common headers, names. Pure; files named in it were read before.

import type { NamedFile, Part, Payload } from './body.ts';
import { dataOfFile } from './data-of-file.ts';
import {
  type ConnectionDraft,
  defaultPauseMs,
  defaultRate,
  loadOfRate,
  mongoAt,
  type ProbesDraft,
  type ProfileDraft,
  probeAt,
} from './defaults.ts';
import { defaultIdleMs } from './event-stream.ts';
import { flowOfLists, type PlacedStep, stepsIn, stepsOfLists } from './flow-of-file.ts';
import { isFunctionAt } from './functions.ts';
import { growingStages, growthOf } from './growth.ts';
import { type Header, headerValue, mergeHeaders } from './headers.ts';
import { jsonText } from './json-text.ts';
import { mediaTypeOf } from './media-type.ts';
import { type LoadDraft, phasesOfFile } from './phases-of-file.ts';
import type { CleanUpRequest, HttpProbeSettings, Load, OwnLoad, Scenario, Step } from './profile.ts';
import { type ProbesFile, type ProfileFile, type StepFile, stepMethods } from './schema.ts';
import type { PartFile } from './schema-bodies.ts';
import type { DrivingFile } from './schema-load.ts';

/** Where a step stands in the file; finds the bytes of its bodyFile. */
export type BodyOf = (step: StepFile) => Uint8Array | undefined;

/** The steps of a file with their places, whichever way they are written. */
export const stepsOf = (file: ProfileFile): readonly PlacedStep[] => [
  ...(file.steps ? stepsOfLists({ steps: file.steps }, []) : []),
  ...(file.scenarios ?? []).flatMap((scenario, at) => stepsOfLists(scenario, ['scenarios', at])),
  ...stepsIn(file.setup ?? [], ['setup']),
  ...stepsIn(file.teardown ?? [], ['teardown']),
];

/** The files that a step sends as they are, with their places in it. */
export const uploadsOf = ({
  file,
  multipart = [],
}: StepFile): readonly { readonly name: string; readonly path: readonly (string | number)[] }[] => [
  ...(file === undefined ? [] : [{ name: file, path: ['file'] }]),
  ...multipart.flatMap((part, index) =>
    part.file === undefined ? [] : [{ name: part.file, path: ['multipart', index, 'file'] }],
  ),
];

/** A file whose bytes are sent, and the name that it has there. */
export interface NamedUpload {
  readonly file: NamedFile;
  readonly shown: string;
}

/** Finds it by what the profile calls it: a path, or an entry of `data`. */
export type UploadOf = (name: string) => NamedUpload;

/** The path of a file that is named in the profile. */
type PathOf = (file: string) => string;

/** What a file does not know of itself, and what only its folder can tell. */
export interface FilePlace {
  /** For a file that does not name itself. */
  readonly name: string;
  readonly bodyOf: BodyOf;
  readonly pathOf: PathOf;
  readonly uploadOf: UploadOf;
}

export const draftOfFile = (file: ProfileFile, { name, bodyOf, pathOf, uploadOf }: FilePlace): ProfileDraft => {
  const common = withLogin(file);
  const build = (step: StepFile): Step => stepOf(step, common, bodyOf, uploadOf);
  const scenarios: readonly Scenario[] = file.scenarios?.map((scenario, index) => ({
    name: scenario.name ?? `scenario ${index + 1}`,
    weight: scenario.weight ?? 1,
    ...(scenario.load && { own: ownLoadOf(scenario.load) }),
    ...thinking(scenario.think ?? (scenario.load ?? file.load)?.think),
    ...flowOfLists(scenario, build),
  })) ?? [
    { name: 'main', weight: 1, ...thinking(file.load?.think), ...flowOfLists({ steps: file.steps ?? [] }, build) },
  ];
  const draft: ProfileDraft = {
    ...loadDraftOf(file.load, scenarios),
    name: file.name ?? name,
    description: file.description,
    origin: file.target,
    setup: file.setup && flowOfLists({ steps: file.setup }, build),
    teardown: file.teardown && flowOfLists({ steps: file.teardown }, build),
    cleanUpHeaders: common,
    cookies: file.cookies,
    data: dataOfFile(file.data, pathOf),
    metrics: file.metrics,
    timeoutMs: file.timeout,
    connection: connectionOf(file.connection ?? {}, pathOf),
    objectives: file.objectives,
    bands: file.bands,
    probes: file.probes && probesOf(file.probes, pathOf),
    allow: file.allow,
    record: file.record,
  };
  return file.phases ? { ...draft, phases: phasesOfFile(draft, scenarios, file.phases, loadDraftOf) } : draft;
};

/** What a block of load says of a run of these scenarios. */
const loadDraftOf = (load: ProfileFile['load'], scenarios: readonly Scenario[]): LoadDraft => {
  const { main, shared } = mainOf(load, scenarios);
  return {
    scenarios: shared,
    load: main?.load,
    durationMs: load?.duration,
    limit: load?.requests,
    arrivals: main?.arrivals,
    seed: load?.seed,
    nowAt: load?.now,
    connections: main?.connections,
    maxInFlight: main?.maxInFlight,
    overflow: main?.overflow,
    maxRate: load?.maxRate,
    warmupMs: load?.warmup,
    graceMs: load?.grace,
    workers: load?.workers,
    until: load?.until,
  };
};

const thinking = (think: Scenario['think']): Pick<Scenario, 'think'> => (think === undefined ? {} : { think });

/** Only who shares a load with others can keep a scenario of several. */
type MainFile = DrivingFile & Pick<NonNullable<ProfileFile['load']>, 'choose'>;

type MainLoad = { readonly [Key in keyof OwnLoad]: OwnLoad[Key] | undefined };

/** The load that is steered, and the scenarios: where each has a load of its own, it is that of the first. */
const mainOf = (
  load: ProfileFile['load'],
  scenarios: readonly Scenario[],
): { readonly main: MainLoad | undefined; readonly shared: readonly Scenario[] } => {
  const [first, ...others] = scenarios;
  if (!first?.own || others.some(({ own }) => !own)) return { main: load && mainLoadOf(load), shared: scenarios };
  const { own, ...rest } = first;
  const under: Partial<OwnLoad> = load ? limitsOf(load) : {};
  const main: OwnLoad = {
    load: own.load,
    arrivals: own.arrivals ?? under.arrivals,
    connections: own.connections ?? under.connections,
    maxInFlight: own.maxInFlight ?? under.maxInFlight,
    overflow: own.overflow ?? under.overflow,
  };
  return { main, shared: [rest, ...others] };
};

const mainLoadOf = (load: MainFile): MainLoad => ({ ...limitsOf(load), load: loadOf(load) });

const limitsOf = ({ arrivals, connections, maxInFlight, overflow }: DrivingFile): Omit<OwnLoad, 'load'> => ({
  arrivals,
  connections,
  maxInFlight,
  overflow,
});

const ownLoadOf = (load: DrivingFile): OwnLoad => ({
  ...limitsOf(load),
  load: loadOf(load) ?? loadOfRate(defaultRate),
});

const loadOf = (load: MainFile | undefined): Load | undefined => {
  if (load?.stages) return { model: 'open', stages: load.stages };
  if (load?.users !== undefined) {
    const spawnRate = load.spawnRate ?? Infinity;
    return { model: 'closed', users: load.users, spawnRate, ...(load.choose === 'user' && { choose: load.choose }) };
  }
  if (load?.burst) {
    const { sizes, after = 0, pause = defaultPauseMs, stopAbove } = load.burst;
    return { model: 'burst', sizes, afterMs: after, pauseMs: pause, errorLimit: stopAbove };
  }
  if (load?.grow && typeof load.rate === 'number') {
    return { model: 'open', stages: growingStages(load.rate, growthOf(load.grow)) };
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

/** The headers of one place, its login among them. */
const withLogin = ({ headers = [], auth }: Pick<StepFile, 'headers' | 'auth'>): readonly Header[] =>
  auth ? [...headers, auth] : headers;

const stepOf = (step: StepFile, common: readonly Header[], bodyOf: BodyOf, uploadOf: UploadOf): Step => {
  const key = stepMethods.find((method) => step[method] !== undefined) ?? 'get';
  const method = key.toUpperCase();
  const path = step[key] ?? '/';
  const idle = step.idle ?? (step.stream && (step.stream.idle ?? defaultIdleMs));
  const payload = payloadOf(step, uploadOf);
  return {
    name: step.name ?? `${method} ${path.replace(/\?.*/s, '')}`,
    method,
    path,
    ...(step.query && { query: step.query }),
    headers: headersOf(step, common, uploadOf),
    body: step.json === undefined ? (textBody(step) ?? bodyOf(step)) : jsonText(step.json),
    ...(isFunctionAt(step.body) && { bodyFunction: step.body.index }),
    ...(payload && { payload }),
    ...(step.items && { items: { of: step.items.of, count: step.items.count } }),
    expectStatus: step.expect?.status,
    ...(step.redirects && { redirects: step.redirects }),
    ...(step.count && { counts: step.count }),
    ...(step.expect && step.expect.others.length > 0 && { expect: step.expect.others }),
    ...(step.check && { check: step.check.index }),
    ...(step.capture && { captures: step.capture }),
    ...(step.timeout !== undefined && { timeoutMs: step.timeout }),
    ...(step.stream && { eventStream: { end: step.stream.done } }),
    ...(idle !== undefined && { idleMs: idle }),
    ...(step.optional && { optional: true }),
    ...(step.creates && { creates: cleanUpOf(step.creates) }),
    ...(step.think && { think: step.think }),
    ...(step.preflight && { preflight: true }),
  };
};

const textBody = ({ body }: StepFile): string | undefined => (typeof body === 'string' ? body : undefined);

const cleanUpOf = (file: NonNullable<StepFile['creates']>): CleanUpRequest => {
  const [[method, path] = ['delete', '/']] = Object.entries(file);
  return { method: method.toUpperCase(), path: path ?? '/' };
};

/** What the answer may be compressed with: what is read here can be undone here. */
const codings = 'gzip, deflate, br';

const headersOf = (step: StepFile, common: readonly Header[], uploadOf: UploadOf): readonly Header[] => {
  const own = withLogin(step);
  const headers = mergeHeaders(common, own);
  const added: Header[] = [];
  const add = (name: string, value: string, given: readonly Header[]): void => {
    if (headerValue(given, name) === undefined) added.push([name, value]);
  };
  if (step.json !== undefined || step.items !== undefined) add('Content-Type', 'application/json', headers);
  // A form is a form, whatever is common to all steps.
  if (step.form) add('Content-Type', 'application/x-www-form-urlencoded', own);
  if (step.file !== undefined) add('Content-Type', mediaTypeOf(uploadOf(step.file).shown), headers);
  if (step.compression) add('Accept-Encoding', codings, headers);
  return mergeHeaders(headers, added);
};

const payloadOf = ({ form, multipart, file }: StepFile, uploadOf: UploadOf): Payload | undefined => {
  if (form) return { type: 'form', fields: form };
  if (multipart) return { type: 'multipart', parts: multipart.map((part) => partOf(part, uploadOf)) };
  return file === undefined ? undefined : { type: 'file', file: uploadOf(file).file };
};

const partOf = ({ name, value, json, file, filename, type }: PartFile, uploadOf: UploadOf): Part => {
  if (file !== undefined) {
    const upload = uploadOf(file);
    const shown = filename ?? upload.shown;
    return { type: 'file', name, file: upload.file, filename: shown, contentType: type ?? mediaTypeOf(shown) };
  }
  if (json === undefined) return { type: 'value', name, value: String(value), contentType: type };
  return { type: 'value', name, value: jsonText(json), contentType: type ?? 'application/json' };
};
