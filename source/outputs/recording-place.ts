// Finds and claims the file of a recording: the one the user named, or a new one in the folder of recordings, from which
// the oldest go when all of them together become too large. Writing it is recording.ts.

import { existsSync, promises as files } from 'node:fs';
import { wallNow } from '../common/clock.ts';
import { errorCode, errorMessage, UserError } from '../common/errors.ts';

/** Above this many bytes in all, the oldest recordings are removed. */
const totalLimitBytes = 2_000_000_000;

/** A recording that was written to within this time (ms) may be another process's that runs now. */
const inUseMs = 60_000;

/** What our recordings are called; nothing else in the folder is ever removed. */
const ownName = /^\d{8}-\d{6}-[a-z0-9][a-z0-9-]*\.jsonl$/;

interface PlacedRecording {
  readonly path: string | undefined;
  /** Why there is none, where one was wanted. */
  readonly reason?: string | undefined;
  /** It was not there before. */
  readonly isNew: boolean;
}

/** The environment variables that are looked at: LOADTOP_HOME, XDG_STATE_HOME, HOME. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A file that was created for the recording, or why there is none. */
export type RecordingPlace =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path: undefined; readonly reason: string };

/** The folder of recordings; undefined without a home. */
export const recordingFolder = (environment: Environment): string | undefined => {
  const { LOADTOP_HOME: own, XDG_STATE_HOME: state, HOME: home } = environment;
  if (own) return `${own}/runs`;
  // The XDG specification has relative paths ignored.
  if (state?.startsWith('/')) return `${state}/loadtop/runs`;
  return home ? `${home}/.local/state/loadtop/runs` : undefined;
};

export interface DefaultPlaceOptions {
  readonly environment: Environment;
  /** Of the profile. */
  readonly name: string;
  /** ms since 1970 UTC; the file's name says it in local time. */
  readonly startedAtWall: number;
  readonly totalLimitBytes?: number;
}

/**
 * The file of a recording: the one that was named, none where that was asked for (false), else a new one in the folder.
 * @throws UserError where a named one cannot be written
 */
export const placeRecording = async (
  named: string | false | undefined,
  options: DefaultPlaceOptions,
): Promise<PlacedRecording> => {
  if (named === false) return { path: undefined, isNew: false };
  if (named === undefined) return { ...(await defaultRecording(options)), isNew: true };
  const isNew = !existsSync(named);
  return { path: await namedRecording(named), isNew };
};

/** Claims a new file in the folder of recordings and makes room for it. Never rejects. */
export const defaultRecording = async (options: DefaultPlaceOptions): Promise<RecordingPlace> => {
  const folder = recordingFolder(options.environment);
  if (folder === undefined)
    return { path: undefined, reason: 'neither LOADTOP_HOME nor HOME says where it could be kept' };
  try {
    await makeFolder(folder);
    const file = await claim(folder, `${stamp(options.startedAtWall)}-${slug(options.name)}`);
    await prune(folder, file, options.totalLimitBytes ?? totalLimitBytes);
    return { path: `${folder}/${file}` };
  } catch (error) {
    return { path: undefined, reason: errorMessage(error) };
  }
};

/**
 * Makes a folder and those above it. Node's own recursive mkdir never comes back where a parent cannot be made and the
 * system says that it does not exist, as below /proc.
 */
const makeFolder = async (folder: string): Promise<void> => {
  const make = async (): Promise<void> => {
    await files.mkdir(folder, { mode: 0o700 });
  };
  try {
    await make();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    if (code !== 'ENOENT' || parent === '') throw error;
    await makeFolder(parent);
    await make();
  }
};

/**
 * The file that the user named, created where it does not exist.
 * @throws UserError where it cannot be written.
 */
export const namedRecording = async (path: string): Promise<string> => {
  try {
    const file = await files.open(path, 'a', 0o600);
    await file.close();
    return path;
  } catch (error) {
    throw new UserError(`The recording cannot be written: ${errorMessage(error)}`, {
      hint: 'Name another file with --record FILE, or run without a recording: --no-record.',
      cause: error,
    });
  }
};

const claim = async (folder: string, base: string): Promise<string> => {
  for (let attempt = 1; ; attempt += 1) {
    const name = `${base}${attempt === 1 ? '' : `-${attempt}`}.jsonl`;
    try {
      const file = await files.open(`${folder}/${name}`, 'wx', 0o600);
      await file.close();
      return name;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || attempt === 1000) throw error;
    }
  }
};

/** Removes the oldest recordings until all together are within the limit. What cannot be removed stays. */
const prune = async (folder: string, current: string, limit: number): Promise<void> => {
  const found: { path: string; size: number; changedAt: number }[] = [];
  let total = 0;
  for (const name of await files.readdir(folder)) {
    if (!ownName.test(name)) continue;
    const path = `${folder}/${name}`;
    const status = await files.lstat(path).catch(() => undefined);
    if (!status?.isFile()) continue;
    total += status.size;
    if (name !== current) found.push({ path, size: status.size, changedAt: status.mtimeMs });
  }
  found.sort((a, b) => a.changedAt - b.changedAt);
  const idleSince = wallNow() - inUseMs;
  for (const { path, size, changedAt } of found) {
    if (total <= limit || changedAt > idleSince) return;
    const removed = await files.unlink(path).then(
      () => true,
      () => false,
    );
    if (removed) total -= size;
  }
};

const stamp = (wall: number): string => {
  const time = new Date(wall);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
};

const slug = (name: string): string =>
  name
    .slice(0, 200)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '') || 'run';
