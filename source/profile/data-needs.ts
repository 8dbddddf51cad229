// What the templates of a profile need before it can be compiled: lists of values, files of rows. Found in whatever text the
// profile has, wherever it stands.

import type { Catalogue, DataSource } from './data.ts';
import type { Profile, Step } from './profile.ts';
import { listOf } from './template-functions.ts';
import { type Call, callsIn, charactersOf } from './templates.ts';

/** Every text in some data, bytes included. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [charactersOf(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const callsOf = (value: unknown): readonly Call[] => textsIn(value).flatMap(callsIn);

/** The functions of Faker whose values a profile draws from. */
export const listsOfProfile = (profile: Profile): readonly string[] =>
  listsOfCalls(callsOf([requestsIn(profile), profile.data]));

/** Whatever says what is sent. */
const requestsIn = ({ scenarios, setup, teardown, cleanUpHeaders }: Profile): readonly unknown[] => [
  scenarios,
  setup,
  teardown,
  cleanUpHeaders,
];

const listsOfCalls = (calls: readonly Call[]): readonly string[] => [
  ...new Set(calls.flatMap(({ name, words }) => listOf(name, words) ?? [])),
];

const feederOf = ({ name }: Call): string => name.slice(0, Math.max(0, name.indexOf('.')));

/** Names of the files of rows that a profile's requests draw from. */
export const feedersOfProfile = (profile: Profile): ReadonlySet<string> => {
  const catalogues = profile.data.filter(({ type }) => type === 'catalogue');
  return new Set(callsOf([requestsIn(profile), catalogues]).map(feederOf));
};

/** Rows of a file that an iteration takes at most: as many as a request has items that are made of them. */
export const rowsPerIteration = ({ scenarios, data }: Profile, feeder: string): number => {
  const usesRows = (value: unknown): boolean => callsOf(value).some((call) => feederOf(call) === feeder);
  const catalogues = new Set(data.filter((source) => isCatalogue(source) && usesRows(source)).map(({ name }) => name));
  const rowsOf = ({ items }: Step): number => (items && catalogues.has(items.of) ? (items.count ?? 1) : 1);
  return Math.max(1, ...scenarios.flatMap(({ steps }) => steps.map(rowsOf)));
};

const isCatalogue = (source: DataSource): source is Catalogue => source.type === 'catalogue';
