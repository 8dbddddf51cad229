// Reads a profile from a file (YAML, JSON, or a module) with its variables filled in, and the files that it names. The only
// place that reads files; what a text says is yaml-source.ts, what is said of faults profile-faults.ts.

import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { didYouMean } from '../common/did-you-mean.ts';
import { errorCode, UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import type { UploadFile } from './body.ts';
import { completeProfile, type ProfileDraft } from './defaults.ts';
import { fileTrouble } from './file-trouble.ts';
import { draftOfFile, type NamedUpload, stepsOf, uploadsOf } from './from-file.ts';
import { isMapping } from './mapping.ts';
import { missingData } from './missing-data.ts';
import { isModule, moduleSource } from './module-source.ts';
import type { Profile } from './profile.ts';
import { type FaultContext, type Finding, faultsError, limited, writtenPath } from './profile-faults.ts';
import { declarationsOf, markKey, type ReplacedData, replaceVariables, textsFromOutside } from './replace-variables.ts';
import { checkProfile, type Fault, type ProfileFile, type StepFile } from './schema.ts';
import type { KeyPath, Source } from './source.ts';
import { templateFaults } from './template-faults.ts';
import { uploadOfData } from './upload-of-data.ts';
import { type Variable, Variables } from './variables.ts';
import { yamlSource } from './yaml-source.ts';

/** Faults shown at once. */
const mostFaults = 5;
/** A profile is written by hand: what is larger is another file by mistake. */
const largestProfile = 5 * 1024 * 1024;

/** What comes from outside of the file. */
export interface ProfileInputs {
  /** Values of variables, as `--set` gives them; later ones of a name count. */
  readonly set?: readonly (readonly [name: string, value: string])[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** In place of the file's target, whose variables need no values then. */
  readonly host?: string | undefined;
  /** For a look without a load: secrets need not be set, and every fault is said. */
  readonly look?: boolean;
}

export interface LoadedProfile {
  readonly draft: ProfileDraft;
  readonly variables: readonly Variable[];
}

/**
 * The profile in a file of YAML or JSON, with every default filled in.
 * @throws UserError naming each fault (up to five) with its place.
 */
export const loadProfile = (file: string, inputs: ProfileInputs = {}): Profile =>
  completeProfile(loadDraft(file, inputs));

/** As `loadProfile`, with nothing filled in: for callers that override parts of it. */
export const loadDraft = (file: string, inputs: ProfileInputs = {}): ProfileDraft =>
  loadSource(textSource(file, inputs), inputs).draft;

/** As `loadDraft`, for a file of any kind, and with what became of its variables. */
export const loadAny = async (file: string, inputs: ProfileInputs = {}): Promise<LoadedProfile> => {
  if (!isModule(file)) return loadSource(textSource(file, inputs), inputs);
  readProfileFile(file);
  return loadSource(await moduleSource(resolve(file), file), inputs);
};

const textSource = (file: string, inputs: ProfileInputs): Source =>
  yamlSource(file, decode(file, readProfileFile(file)), (texts) => limited(texts, mostOf(inputs)));

const mostOf = ({ look }: ProfileInputs): number => (look ? Infinity : mostFaults);

const loadSource = (written: Source, inputs: ProfileInputs): LoadedProfile => {
  const source = inputs.host === undefined ? written : { ...written, data: withTarget(written.data, inputs.host) };
  const { file } = source;
  const variables = variablesOf(source, inputs);
  const replaced = replaceVariables(source, variables, inputs.look ?? false);
  refuseUnknownNames(variables, inputs);
  const context = { source, data: replaced.data, marks: replaced.marks, most: mostOf(inputs) };
  const profile = heldAgainstLanguage(context, replaced);
  const places = placesOf(file, replaced);
  const { bodies, uploads } = readFiles(profile, context, places);
  const draft = draftOfFile(profile, {
    name: basename(file).replace(/\.\w+$/, ''),
    bodyOf: (step) => bodies.get(step),
    pathOf: places.of,
    uploadOf: (name) => uploads.get(name)!,
  });
  const secrets = variables.all().flatMap(({ secret, text }) => (secret && text ? [text] : []));
  const set = withoutSecrets(inputs.set ?? [], variables.all());
  const code = source.module !== undefined && replaced.functions.length > 0;
  const said = {
    secrets,
    source: { path: resolve(file), set },
    ...(code && { code: { module: source.module, name: file, functions: replaced.functions } }),
  };
  const phases = draft.phases?.map((phase) => ({ ...phase, ...said }));
  return { draft: { ...draft, ...said, ...(phases && { phases }) }, variables: variables.all() };
};

/** What `--set` said of variables that may be told. */
const withoutSecrets = (
  set: NonNullable<ProfileInputs['set']>,
  variables: readonly Variable[],
): NonNullable<ProfileInputs['set']> => {
  const secret = new Set(variables.filter((one) => one.secret).flatMap(({ name, aliases }) => [name, ...aliases]));
  return set.filter(([name]) => !secret.has(name));
};

/** Where the paths lead that a profile names. */
interface Places {
  readonly of: (path: string) => string;
  /** What is expected of a path that leads nowhere. */
  readonly expected: (path: string) => string;
}

/** From the profile's folder; what begins with a value of --set or the environment, from where loadtop was started. */
const placesOf = (file: string, replaced: ReplacedData): Places => {
  const outside = textsFromOutside(replaced);
  return {
    of: (path) => (outside.has(path) ? resolve(path) : resolve(dirname(file), path)),
    expected: (path) => `a readable file, its path relative to the ${outside.has(path) ? 'working folder' : 'profile'}`,
  };
};

const withTarget = (data: unknown, target: string): unknown => (isMapping(data) ? { ...data, target } : data);

/** The file as the language has it. Where a variable has no value, only that is said. */
const heldAgainstLanguage = (context: FaultContext, { data, faults, marks }: ReplacedData): ProfileFile => {
  const result = checkProfile(data);
  if ('file' in result && faults.length === 0) return result.file;
  const marked = [...marks.values()].filter(({ variables }) => variables.some(isUnsetSecret));
  const known = new Set([...faults, ...marked].map(({ path }) => markKey(path)));
  const others: readonly Fault[] = 'faults' in result ? result.faults : [];
  const rest = others.filter(({ path }) => !known.has(markKey(writtenPath(data, path))));
  if (faults.length > 0 || rest.length > 0) throw faultsError(context, [...faults, ...rest]);
  // All that is wrong is what stands for a secret that need not be set: without it the rest can be looked at.
  const without = others.reduce((left, { path }) => withoutPath(left, writtenPath(data, path)), data);
  const again = checkProfile(without);
  if ('file' in again) return again.file;
  throw faultsError(context, again.faults);
};

const isUnsetSecret = ({ secret, text }: Variable): boolean => secret && text === undefined;

const withoutPath = (data: unknown, [first, ...rest]: KeyPath): unknown => {
  if (first === undefined) return data;
  if (Array.isArray(data)) {
    return rest.length === 0
      ? data.filter((_, index) => index !== first)
      : data.map((each, index) => (index === first ? withoutPath(each, rest) : each));
  }
  if (!isMapping(data)) return data;
  const { [String(first)]: child, ...others } = data;
  return rest.length === 0 ? others : { ...others, [String(first)]: withoutPath(child, rest) };
};

/** What the steps of a profile send of files: bytes that may hold templates, and files that are only looked at. */
const readFiles = (profile: ProfileFile, context: FaultContext, places: Places) => {
  const bodies = new Map<StepFile, Uint8Array>();
  const uploads = new Map<string, NamedUpload>();
  const missing: Finding[] = [];
  const look = (name: string, path: Finding['path'], read: (place: string) => void): void => {
    try {
      read(places.of(name));
    } catch (error) {
      const found = `${JSON.stringify(name)} (${fileTrouble(error)})`;
      missing.push({ path, found, expected: places.expected(name) });
    }
  };
  for (const { step, path } of stepsOf(profile)) {
    const { bodyFile } = step;
    if (bodyFile !== undefined) {
      look(bodyFile, [...path, 'bodyFile'], (place) => bodies.set(step, readFileSync(place)));
    }
    for (const { name, path: within } of uploadsOf(step)) {
      const known = uploadOfData(name, profile.data ?? {});
      if (typeof known === 'string') missing.push({ path: [...path, ...within], expected: known });
      else if (known) uploads.set(name, known);
      else {
        const shown = basename(name);
        look(name, [...path, ...within], (place) => uploads.set(name, { file: lookAtUpload(place), shown }));
      }
    }
  }
  missing.push(...templateFaults(context.data));
  missing.push(...missingData(profile, (path) => troubleOf(places.of(path)), places.expected));
  if (missing.length > 0) throw faultsError(context, missing);
  return { bodies, uploads };
};

/** @throws Error that says why it cannot be sent */
const lookAtUpload = (path: string): UploadFile => {
  const about = statSync(path);
  if (about.isDirectory()) throw new Error('a folder, not a file');
  if (!about.isFile()) throw new Error('no regular file: its length is not known');
  if (about.size === 0) throw new Error('an empty file');
  accessSync(path, constants.R_OK);
  return { path, size: about.size };
};

const variablesOf = ({ file, data }: Source, { set = [], environment = {} }: ProfileInputs): Variables =>
  new Variables(declarationsOf(data), { set: new Map(set), environment, dotEnv: once(() => dotEnvBeside(file)) });

const once = <Value>(read: () => Value): (() => Value) => {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: read() };
    return known.value;
  };
};

/** What a file `.env` says: the profile's own beside it, else that of the working folder. */
const dotEnvBeside = (file: string): Readonly<Record<string, string | undefined>> => {
  for (const path of [join(dirname(file), '.env'), resolve('.env')]) {
    try {
      return parseEnv(readFileSync(path, 'utf8'));
    } catch (error) {
      const isThere = errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR' && errorCode(error) !== 'EISDIR';
      if (isThere) {
        throw new UserError(`${path}: ${fileTrouble(error)}, expected a readable file of variables`, { cause: error });
      }
    }
  }
  return {};
};

const refuseUnknownNames = (variables: Variables, { set = [] }: ProfileInputs): void => {
  const all = variables.all();
  const known = all.flatMap(({ name, aliases }) => [name, ...aliases]);
  const unknown = set.find(([name]) => !known.includes(name));
  if (!unknown) return;
  const near = didYouMean(unknown[0], known);
  const listed = all.map(({ name, aliases }) => [name, ...aliases].join(' or '));
  const expected = listed.length === 0 ? 'none: the profile has no variables' : `one of ${listed.join(', ')}`;
  throw new UserError(
    `--set ${safeText(unknown[0], 60)}: found a name that the profile does not know, expected ${expected}`,
    {
      ...(near && { hint: `did you mean --set ${near}=…?` }),
    },
  );
};

/** Why a file cannot be read; undefined where it can be. */
const troubleOf = (file: string): string | undefined => {
  try {
    return statSync(file).isFile() ? undefined : 'not a file';
  } catch (error) {
    return fileTrouble(error);
  }
};

const readProfileFile = (file: string): Uint8Array => {
  try {
    const about = statSync(file);
    if (about.isFile() && about.size > largestProfile) {
      throw new UserError(`${file}: found a file of more than 5 MiB, expected a profile`);
    }
    // A device such as /dev/zero never ends; a pipe (process substitution) does.
    if (about.isCharacterDevice() || about.isBlockDevice()) {
      throw new UserError(`${file}: found a device, expected a profile`);
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const hint = nearbyHint(file);
    throw new UserError(`${file}: ${fileTrouble(error)}, expected a profile`, { cause: error, ...(hint && { hint }) });
  }
};

/** Proposes a profile of the same folder, or one inside where the folder itself was named. */
const nearbyHint = (file: string): string | undefined => {
  const profilesIn = (folder: string): string[] => {
    try {
      return readdirSync(folder).filter((name) => /\.(ya?ml|json|[cm]?[jt]s)$/i.test(name));
    } catch {
      return [];
    }
  };
  const inside = profilesIn(file);
  if (inside.length > 0) return `profiles in it: ${inside.slice(0, 5).join(', ')}`;
  const near = didYouMean(basename(file), profilesIn(dirname(file)));
  return near && near !== basename(file) ? `did you mean ${resolve(dirname(file), near)}?` : undefined;
};

const decode = (file: string, bytes: Uint8Array): string => {
  const binary = new UserError(`${file}: found binary content, expected a profile in YAML (UTF-8 text)`);
  if (bytes.includes(0)) throw binary;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw binary;
  }
};
