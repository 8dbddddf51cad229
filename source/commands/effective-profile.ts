// The profile that a run follows: from a file or a URL, with the flags put over it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import type { Stage } from '../load/arrival-plan.ts';
import type { Objective } from '../measure/objective.ts';
import {
  type ConnectionDraft,
  completeProfile,
  defaultPauseMs,
  loadOfRate,
  mongoAt,
  type ProbesDraft,
  type ProfileDraft,
  probeAt,
} from '../profile/defaults.ts';
import { fileTrouble } from '../profile/file-trouble.ts';
import { profileFromUrl } from '../profile/from-url.ts';
import { headerValue, mergeHeaders } from '../profile/headers.ts';
import type { LoadedProfile, ProfileInputs } from '../profile/load-profile.ts';
import { isModule } from '../profile/module-source.ts';
import type { HttpProbeSettings, Load, OnceSteps, Profile } from '../profile/profile.ts';
import type { FlagValues } from './flag-values.ts';
import { chosenPhases, flagsOfPhases, overall } from './phase-drafts.ts';
import { keepOffStdout } from './printed-here.ts';
import type { Invocation } from './read-arguments.ts';

type Environment = NonNullable<ProfileInputs['environment']>;

/** What a profile's variables may be taken from. */
export const inputsOf = ({ set, host }: FlagValues, environment: Environment): ProfileInputs => ({
  set,
  host,
  environment,
});

type RunInvocation = Extract<Invocation, { command: 'run' }>;

/**
 * The complete profile of a run; of one with phases all that they send, as one load.
 * @throws UserError for a file that cannot be read or used.
 */
export const effectiveProfile = async (
  { subject, values }: Pick<RunInvocation, 'subject' | 'values'>,
  { environment = {}, look = false }: Pick<ProfileInputs, 'environment' | 'look'> = {},
): Promise<Profile> => {
  if (subject.type === 'url') return profileOfUrl(subject.url, values);
  const { draft } = await loadPath(subject.path, { ...inputsOf(values, environment), look });
  const phases = chosenPhases(draft, values);
  const [whole, index] = overall(draft, phases);
  return completeProfile(withFlags(whole, flagsOfPhases(phases, values)[index] ?? values));
};

/**
 * The complete profiles of the runs that are carried out one after the other: one for each phase, one without phases.
 * @throws UserError for a file that cannot be read or used.
 */
export const effectivePhases = async (
  { subject, values }: Pick<RunInvocation, 'subject' | 'values'>,
  { environment = {}, look = false }: Pick<ProfileInputs, 'environment' | 'look'> = {},
): Promise<readonly Profile[]> => {
  if (subject.type === 'url') return [profileOfUrl(subject.url, values)];
  const { draft } = await loadPath(subject.path, { ...inputsOf(values, environment), look });
  return completePhases(draft, values);
};

/** @throws UserError for flags that do not fit */
export const completePhases = (draft: ProfileDraft, values: FlagValues): readonly Profile[] => {
  const phases = chosenPhases(draft, values);
  const flags = flagsOfPhases(phases, values);
  return phases.map((phase, index) => completeProfile(withFlags(phase, flags[index] ?? values)));
};

const profileOfUrl = (url: string, values: FlagValues): Profile =>
  completeProfile(withUrlFlags(draftOfUrl(url, values, readBody(values)), values));

/** As `withFlags`, for a draft of a URL: the headers are in it already, in the order in which they were given. */
export const withUrlFlags = (draft: ProfileDraft, values: FlagValues): ProfileDraft =>
  withFlags(draft, { ...values, headers: [] });

/**
 * The draft with what the flags say in place of its own; flags that only fit a URL are not looked at.
 * @throws UserError for flags that do not fit the load
 */
export const withFlags = (draft: ProfileDraft, values: FlagValues): ProfileDraft => ({
  ...draft,
  origin: values.host ?? draft.origin,
  scenarios: draft.scenarios.map((scenario) => withHeaders(scenario, values)),
  setup: draft.setup && withHeaders(draft.setup, values),
  teardown: draft.teardown && withHeaders(draft.teardown, values),
  cleanUpHeaders: mergeHeaders(draft.cleanUpHeaders ?? [], values.headers),
  load: loadWith(draft.load, values),
  durationMs: values.durationMs ?? draft.durationMs,
  limit: values.requests ?? draft.limit,
  arrivals: values.arrivals ?? draft.arrivals,
  seed: values.seed ?? draft.seed,
  connections: values.connections ?? draft.connections,
  maxInFlight: values.maxInFlight ?? draft.maxInFlight,
  overflow: values.overflow ?? draft.overflow,
  timeoutMs: values.timeoutMs ?? draft.timeoutMs,
  connection: connectionWith(connectionUnder(draft.connection ?? {}, values), values.connection),
  maxRate: values.maxRate ?? draft.maxRate,
  warmupMs: values.warmupMs ?? draft.warmupMs,
  graceMs: values.graceMs ?? draft.graceMs,
  workers: values.workers ?? draft.workers,
  objectives: objectivesWith(draft.objectives ?? [], values),
  probes: probesWith(draft.probes ?? {}, values),
  record: values.record ?? draft.record,
});

/** The same steps with the headers of the flags in place of their own. */
const withHeaders = <Steps extends OnceSteps>(steps: Steps, { headers }: FlagValues): Steps => ({
  ...steps,
  steps: steps.steps.map((step) => ({ ...step, headers: mergeHeaders(step.headers, headers) })),
});

/** Flags add to what the profile is held to. */
const objectivesWith = (draft: readonly Objective[], values: FlagValues): readonly Objective[] => {
  const objectives = [...draft, ...values.objectives];
  if (values.abortOnSlo && objectives.length === 0) {
    throw new UserError('--abort-on-slo: found no objective, expected one at least', {
      hint: "for example --slo 'p99<300ms over 30s'",
    });
  }
  return objectives;
};

/** URLs replace the profile's of their kind; a header replaces its own of every probe; what is pinned is added. */
const probesWith = (draft: ProbesDraft, values: FlagValues): ProbesDraft => {
  const named = new Set(values.probeHeaders.map(([name]) => name.toLowerCase()));
  const under = (probes: readonly HttpProbeSettings[] | undefined): readonly HttpProbeSettings[] | undefined =>
    probes?.map((probe) => ({ ...probe, headers: probe.headers.filter(([name]) => !named.has(name.toLowerCase())) }));
  return {
    health: values.health?.map(probeAt) ?? under(draft.health),
    metrics: values.metrics?.map(probeAt) ?? under(draft.metrics),
    mongo: values.mongo?.map(mongoAt) ?? draft.mongo,
    headers: mergeHeaders(draft.headers ?? [], values.probeHeaders),
    pins: [...new Set([...(draft.pins ?? []), ...values.pins])],
    enabled: values.probe ? draft.enabled : false,
  };
};

const loadWith = (load: Load | undefined, values: FlagValues): Load | undefined => {
  const next = drivenBy(load, values);
  if (values.spawnRate !== undefined && next?.model !== 'closed') {
    throw new UserError('--spawn-rate: found no users, expected a load of virtual users', { hint: 'add -u N' });
  }
  if (values.burstPauseMs !== undefined && next?.model !== 'burst') {
    throw new UserError('--burst-pause: found no burst, expected a load of bursts', { hint: 'add --burst NxROUNDS' });
  }
  if (values.errorLimit !== undefined && next?.model !== 'burst') {
    throw new UserError('--burst-stop: found no burst, expected a load of bursts', { hint: 'add --burst NxROUNDS' });
  }
  if (next?.model === 'closed') return { ...next, spawnRate: values.spawnRate ?? next.spawnRate };
  if (next?.model === 'burst') {
    const { burstPauseMs = next.pauseMs, errorLimit = next.errorLimit } = values;
    return { ...next, pauseMs: burstPauseMs, errorLimit };
  }
  return next;
};

/** The load that the flags ask for, or the profile's. What the profile says beside it (its spawn rate, its pause) stays. */
const drivenBy = (load: Load | undefined, { rate, stages, users, burst }: FlagValues): Load | undefined => {
  if (users !== undefined) {
    const beside = load?.model === 'closed' ? load : { model: 'closed' as const, spawnRate: Infinity };
    return { ...beside, users: stages ? stagesOfUsers(users, stages) : users };
  }
  if (stages) return { model: 'open', stages };
  if (burst) {
    const before = load?.model === 'burst' ? load : { afterMs: 0, pauseMs: defaultPauseMs, errorLimit: undefined };
    return { ...before, model: 'burst', sizes: burst };
  }
  return rate === undefined ? load : loadOfRate(rate);
};

/** Stages that begin at a number of users: a jump there stands before them. */
const stagesOfUsers = (users: number, stages: readonly Stage[]): readonly Stage[] => {
  const broken = stages.find(({ rate }) => !Number.isInteger(rate));
  if (broken) {
    throw new UserError(`--stages: found ${broken.rate}, expected whole numbers of users, as -u stands beside it`);
  }
  return users === 0 ? stages : [{ lengthMs: 0, rate: users }, ...stages];
};

/** A user has one request at a time: what a profile says of several on a connection goes with its load. */
const connectionUnder = (draft: ConnectionDraft, { users }: FlagValues): ConnectionDraft =>
  users === undefined ? draft : { ...draft, pipelining: undefined };

/** A flag takes the place of what it contradicts in the profile, as well as of its own. */
const connectionWith = (draft: ConnectionDraft, flags: ConnectionDraft): ConnectionDraft => {
  const anotherWay = [flags.connectTo, flags.unixSocket, flags.proxy].some((way) => way !== undefined);
  const base = anotherWay ? { ...draft, connectTo: undefined, unixSocket: undefined, proxy: undefined } : draft;
  const eachNew = flags.keepAlive === false;
  const shared = flags.http2 === true || flags.pipelining !== undefined;
  return {
    http2: flags.http2 ?? (eachNew ? undefined : base.http2),
    pipelining: flags.pipelining ?? (eachNew ? undefined : base.pipelining),
    keepAlive: flags.keepAlive ?? (shared ? undefined : base.keepAlive),
    connectTimeoutMs: flags.connectTimeoutMs ?? base.connectTimeoutMs,
    verify: flags.verify ?? (flags.cacert === undefined ? base.verify : undefined),
    cacert: flags.cacert ?? (flags.verify === false ? undefined : base.cacert),
    cert: flags.cert ?? base.cert,
    key: flags.key ?? base.key,
    connectTo: flags.connectTo ?? base.connectTo,
    unixSocket: flags.unixSocket ?? base.unixSocket,
    proxy: flags.proxy ?? base.proxy,
    family: flags.family ?? base.family,
  };
};

/** The draft of one request. @param body as `readBody` gives it */
export const draftOfUrl = (url: string, values: FlagValues, body: string | Uint8Array | undefined): ProfileDraft => {
  const { bodyFile, method, headers } = values;
  const isJsonFile = bodyFile !== undefined && /\.json$/i.test(bodyFile);
  const byEnding = isJsonFile && headerValue(headers, 'content-type') === undefined ? 'application/json' : undefined;
  return profileFromUrl(url, { method, headers, body, contentType: values.contentType ?? byEnding });
};

/**
 * The body that the flags name.
 * @throws UserError for a file that cannot be read
 */
export const readBody = ({ body, bodyFile }: FlagValues): string | Uint8Array | undefined =>
  bodyFile === undefined ? body : readBodyFile(bodyFile);

const readBodyFile = (file: string): Uint8Array => {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`body file ${file}: ${fileTrouble(error)}, expected a readable file`, { cause: error });
  }
};

/** The folder of the profiles that come with the program. */
const shippedFolder = fileURLToPath(new URL('../../profiles/', import.meta.url));

/** The file of a profile that comes with the program. */
export const shippedPath = (name: string): string => `${shippedFolder}${name}.yaml`;

/** Names of the profiles that come with the program. */
export const shippedProfiles = (): readonly string[] =>
  existsSync(shippedFolder)
    ? readdirSync(shippedFolder)
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => file.slice(0, -'.yaml'.length))
        .toSorted()
    : [];

/**
 * The draft of a profile, by its path or the name of a shipped one.
 * @throws UserError for a file that cannot be read or used
 */
export const loadPath = async (path: string, inputs: ProfileInputs): Promise<LoadedProfile> => {
  // yaml and zod cost start-up time that a run of a URL does not owe.
  const { loadAny } = await import('../profile/load-profile.ts');
  if (isModule(path)) keepOffStdout();
  if (!/^[\w-]+$/.test(path) || existsSync(path)) return loadAny(path, inputs);
  const shipped = shippedProfiles();
  if (shipped.includes(path)) return loadAny(shippedPath(path), inputs);
  const near = didYouMean(path, shipped);
  throw new UserError(`${path}: found no such file and no shipped profile of that name, expected a URL or a profile`, {
    hint: near ? `did you mean ${near}?` : `shipped profiles: ${shipped.join(', ')}`,
  });
};
