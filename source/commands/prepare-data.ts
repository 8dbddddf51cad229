// Gets the data of a profile ready before it is compiled: files are made or found and gone over, lists are drawn. Takes as
// long as the files are large, and no time where there are none.

import { statSync } from 'node:fs';
import { UserError } from '../common/errors.ts';
import { formatCount } from '../common/units.ts';
import { fakerLists } from '../engine/faker-lists.ts';
import { generatedFile, generatedFolder } from '../engine/generated-file.ts';
import { indexRows } from '../engine/row-index.ts';
import { compileColumns } from '../profile/compile-columns.ts';
import {
  type FeederTable,
  type FileSource,
  type GeneratedSource,
  noTemplateData,
  type TemplateData,
} from '../profile/data.ts';
import { feedersOfProfile, listsOfProfile, rowsPerIteration } from '../profile/data-needs.ts';
import { fileTrouble } from '../profile/file-trouble.ts';
import type { Profile } from '../profile/profile.ts';

/** The data of a profile as a run uses it. */
export interface PreparedData extends TemplateData {
  /** Iterations after which a file has no row left that may be used. */
  readonly limit: number | undefined;
  /** What the user should know of it. */
  readonly notes: readonly string[];
}

/** Of a profile without data. */
export const noData: PreparedData = { ...noTemplateData.data, limit: undefined, notes: [] };

export interface DataSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is told of what takes a while. */
  readonly tell: (text: string) => void;
  /** Files are made no longer than this: for who only looks at the plan. */
  readonly mostRows?: number;
}

/**
 * Gets the data of a profile ready.
 * @throws UserError for a file that cannot be read or made, a broken row, a function that there is not
 */
export const prepareData = async (profile: Profile, surroundings: DataSurroundings): Promise<PreparedData> => {
  const lists = await fakerLists(listsOfProfile(profile));
  const sources = profile.data.filter((source) => source.type !== 'catalogue');
  const paths = new Map<string, string>();
  for (const source of sources) {
    paths.set(source.name, source.type === 'file' ? source.file : await made(source, lists, surroundings));
  }
  const needed = feedersOfProfile(profile);
  const feeders = sources
    .filter(({ name }) => needed.has(name))
    .map((source) => indexRows(fileSource(source, paths.get(source.name) ?? '')));
  // What is done once before or after uses up nothing of what the load has.
  const ofLoad = feedersOfProfile({ ...profile, setup: undefined, teardown: undefined, cleanUpHeaders: [] });
  const ends = feeders
    .filter(({ name, order }) => order === 'unique' && ofLoad.has(name))
    .map((table) => endOf(profile, table));
  return {
    lists,
    feeders,
    sources: sources.map(({ name }) => name),
    fileOf: (name) => {
      const path = paths.get(name);
      return path === undefined ? undefined : { path, size: sizeOf(name, path) };
    },
    limit: ends.length === 0 ? undefined : Math.min(...ends.map(({ limit }) => limit)),
    notes: ends.flatMap(({ note }) => note ?? []),
  };
};

/** That of profiles that are carried out one after the other: what the same requests need is made and kept once. */
export const prepareEach = async (
  profiles: readonly Profile[],
  surroundings: DataSurroundings,
): Promise<readonly PreparedData[]> => {
  const known = new Map<string, PreparedData>();
  const all: PreparedData[] = [];
  for (const profile of profiles) {
    const key = JSON.stringify([profile.limit ?? null, profile.scenarios.map(({ name }) => name)]);
    const data = known.get(key) ?? (await prepareData(profile, surroundings));
    known.set(key, data);
    all.push(data);
  }
  return all;
};

/** Of a file that is sent. */
const sizeOf = (name: string, path: string): number => {
  let size: number;
  try {
    ({ size } = statSync(path));
  } catch (error) {
    throw new UserError(`data ${name}: ${path}: ${fileTrouble(error)}, expected a readable file`, { cause: error });
  }
  if (size === 0) throw new UserError(`data ${name}: found an empty file, expected something to send: ${path}`);
  return size;
};

const fileSource = (source: FileSource | GeneratedSource, file: string): FileSource =>
  source.type === 'file' ? source : { type: 'file', name: source.name, format: 'csv', file, order: source.order };

const made = async (
  source: GeneratedSource,
  lists: TemplateData['lists'],
  { env, tell, mostRows = Infinity }: DataSurroundings,
): Promise<string> => {
  const folder = generatedFolder(env);
  if (folder === undefined) {
    throw new UserError(`data ${source.name}: found neither XDG_CACHE_HOME nor HOME, expected a place for the file`);
  }
  const { header, row } = compileColumns(source, { ...noTemplateData.data, lists });
  return generatedFile({ rows: Math.min(source.rows, mostRows), header, row }, { folder, tell });
};

/** When the rows of a file are used up. */
const endOf = (
  profile: Profile,
  { name, file, rows }: FeederTable,
): { readonly limit: number; readonly note: string | undefined } => {
  const each = rowsPerIteration(profile, name);
  const limit = Math.floor(rows / each);
  const beside = profile.scenarios.find(
    (scenario) => scenario.own && feedersOfProfile({ ...profile, scenarios: [scenario] }).has(name),
  );
  if (beside) {
    throw new UserError(
      `scenario "${beside.name}": found data ${name}, of which each row is used once, expected it in scenarios that share one load`,
      { hint: 'order: random or sequential, or no load of its own' },
    );
  }
  if (limit === 0) {
    throw new UserError(
      `${file}: found ${formatCount(rows)} rows, expected at least ${formatCount(each)} for a request`,
    );
  }
  const wanted = profile.limit ?? Infinity;
  const after = `the run ends after ${formatCount(limit)} iterations at the latest`;
  return {
    limit,
    note:
      wanted <= limit
        ? undefined
        : `each row of ${name} is used once: ${after}, when its ${formatCount(rows)} rows are used up`,
  };
};

/** The profile as its data lets it be carried out. */
export const withinData = (profile: Profile, { limit }: PreparedData): Profile =>
  limit === undefined ? profile : { ...profile, limit: Math.min(limit, profile.limit ?? Infinity) };
