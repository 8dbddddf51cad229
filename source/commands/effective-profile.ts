// The profile that a run follows: from a file or a URL, with the flags put over it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import { completeProfile, loadOfRate, type ProfileDraft } from '../profile/defaults.ts';
import { profileFromUrl } from '../profile/from-url.ts';
import { headerValue, mergeHeaders } from '../profile/headers.ts';
import type { Profile } from '../profile/profile.ts';
import type { FlagValues } from './flag-values.ts';
import type { Invocation, Subject } from './read-arguments.ts';

type RunInvocation = Extract<Invocation, { command: 'run' }>;

/**
 * The complete profile of a run.
 * @throws UserError for a file that cannot be read or used.
 */
export const effectiveProfile = async (invocation: Pick<RunInvocation, 'subject' | 'values'>): Promise<Profile> => {
  const { subject, values } = invocation;
  if (subject.type === 'profile') return completeProfile(withFlags(await draftOfPath(subject.path), values));
  // The headers are in the draft already, in the order in which they were given.
  return completeProfile(withFlags(await draftOfUrl(subject, values), { ...values, headers: [] }));
};

/** The draft with what the flags say in place of its own; flags that only fit a URL are not looked at. */
export const withFlags = (draft: ProfileDraft, values: FlagValues): ProfileDraft => {
  const load = values.stages
    ? { model: 'open' as const, stages: values.stages }
    : values.rate === undefined
      ? draft.load
      : loadOfRate(values.rate);
  return {
    ...draft,
    origin: values.host ?? draft.origin,
    scenarios: draft.scenarios.map((scenario) => ({
      ...scenario,
      steps: scenario.steps.map((step) => ({ ...step, headers: mergeHeaders(step.headers, values.headers) })),
    })),
    load,
    durationMs: values.durationMs ?? draft.durationMs,
    limit: values.requests ?? draft.limit,
    arrivals: values.arrivals ?? draft.arrivals,
    seed: values.seed ?? draft.seed,
    connections: values.connections ?? draft.connections,
    maxInFlight: values.maxInFlight ?? draft.maxInFlight,
    overflow: values.overflow ?? draft.overflow,
    timeoutMs: values.timeoutMs ?? draft.timeoutMs,
    workers: values.workers ?? draft.workers,
    probes: {
      health: values.health ?? draft.probes?.health,
      metrics: values.metrics ?? draft.probes?.metrics,
      mongo: values.mongo ?? draft.probes?.mongo,
      enabled: values.probe ? draft.probes?.enabled : false,
    },
    record: values.record ?? draft.record,
  };
};

const draftOfUrl = async (subject: Extract<Subject, { type: 'url' }>, values: FlagValues): Promise<ProfileDraft> => {
  const { bodyFile, method, headers } = values;
  const body = bodyFile === undefined ? values.body : await readBodyFile(bodyFile);
  const isJsonFile = bodyFile !== undefined && /\.json$/i.test(bodyFile);
  const byEnding = isJsonFile && headerValue(headers, 'content-type') === undefined ? 'application/json' : undefined;
  return profileFromUrl(subject.url, { method, headers, body, contentType: values.contentType ?? byEnding });
};

const readBodyFile = async (file: string): Promise<Uint8Array> => {
  try {
    return readFileSync(file);
  } catch (error) {
    const { fileTrouble } = await import('../profile/load-profile.ts');
    throw new UserError(`body file ${file}: ${fileTrouble(error)}, expected a readable file`, { cause: error });
  }
};

/** The folder of the profiles that come with the program. */
const shippedFolder = fileURLToPath(new URL('../../profiles/', import.meta.url));

/** Names of the profiles that come with the program. */
export const shippedProfiles = (): readonly string[] =>
  existsSync(shippedFolder)
    ? readdirSync(shippedFolder)
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => file.slice(0, -'.yaml'.length))
        .toSorted()
    : [];

const draftOfPath = async (path: string): Promise<ProfileDraft> => {
  // yaml and zod cost start-up time that a run of a URL does not owe.
  const { loadDraft } = await import('../profile/load-profile.ts');
  if (!/^[\w-]+$/.test(path) || existsSync(path)) return loadDraft(path);
  const shipped = shippedProfiles();
  if (shipped.includes(path)) return loadDraft(`${shippedFolder}${path}.yaml`);
  const near = didYouMean(path, shipped);
  throw new UserError(`${path}: found no such file and no shipped profile of that name, expected a URL or a profile`, {
    hint: near ? `did you mean ${near}?` : `shipped profiles: ${shipped.join(', ')}`,
  });
};
