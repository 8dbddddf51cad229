// Between the texts in the fields of the armed screen and a profile: what stands in them at first, and the profile that they
// ask for. A field stands for the flag of its name and is read by its parser. Pure.

import { UserError } from '../common/errors.ts';
import { formatRateNumber, parseRate, UnitError } from '../common/units.ts';
import { completeProfile, defaultRate } from '../profile/defaults.ts';
import type { Load, Profile } from '../profile/profile.ts';
import { readConnections, readLength, readPositiveRate, readRate, readUsers } from '../profile/quantities.ts';
import type { FieldName, FieldTexts } from '../ui/lobby.ts';
import type { FlagValues } from './flag-values.ts';
import type { RunSource } from './run-source.ts';

/** Users where nobody said how many. */
const firstUsers = '10';

/** What stands in the fields of a load that flags and profile describe. Stages and bursts have no text: theirs stay empty. */
export const firstTexts = ({ target }: Pick<RunSource, 'target'>, profile: Profile): FieldTexts => {
  const { load, durationMs, connections } = profile;
  const closed = load.model === 'closed' ? load : undefined;
  return {
    target,
    load: closed ? 'users' : 'rate',
    rate: closed ? rateText(defaultRate) : rateOf(load),
    users: closed ? usersOf(closed) : firstUsers,
    spawn: closed && Number.isFinite(closed.spawnRate) ? rateText(closed.spawnRate) : '',
    duration: durationMs === undefined ? '' : lengthText(durationMs),
    connections: connections === undefined ? '' : String(connections),
  };
};

const rateOf = (load: Load): string => {
  if (load.model === 'full speed') return 'max';
  return load.model === 'constant' ? rateText(load.rate) : '';
};

const usersOf = ({ users }: Extract<Load, { model: 'closed' }>): string =>
  typeof users === 'number' ? String(users) : '';

/** A rate as it would be typed, and read as the same number again. */
export const rateText = (rate: number): string => {
  const wordings = [
    formatRateNumber(rate).replaceAll(',', ''),
    `${formatRateNumber(rate * 60).replaceAll(',', '')}/m`,
    `${formatRateNumber(rate * 3600).replaceAll(',', '')}/h`,
    rate.toFixed(20).replace(/\.?0+$/, ''),
  ];
  return wordings.find((text) => parseRate(text) === rate) ?? wordings.at(-1)!;
};

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** A length as it would be typed, and read as the same again: `1h30m`, `90s` is `1m30s`. */
export const lengthText = (ms: number): string => {
  let left = ms;
  const parts = units.map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return `${parts.join('')}${left > 0 ? `${left}ms` : ''}` || '0';
};

/** What the fields ask for: a profile, or what was expected in which of them. */
export type Asked =
  | { readonly type: 'profile'; readonly profile: Profile }
  | { readonly type: 'errors'; readonly errors: Partial<Record<FieldName, string>> };

/**
 * The profile that the fields ask for; of the fields of the other load model nothing is taken.
 * @throws UserError where flags and fields do not fit together
 */
export const profileOf = (texts: FieldTexts, source: RunSource): Asked => {
  const errors: Partial<Record<FieldName, string>> = {};
  const read = <Value>(name: FieldName, parse: (text: string) => Value): Value | undefined => {
    try {
      return parse(texts[name].trim());
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      errors[name] = `expected ${error.message}`;
      return undefined;
    }
  };
  const optional = <Value>(name: FieldName, parse: (text: string) => Value): Value | undefined =>
    texts[name].trim() === '' ? undefined : read(name, parse);
  const base = loadOf(source);
  const typed: Partial<FlagValues> = {
    ...(texts.load === 'users'
      ? usersAsked(base, () => read('users', readUsers), texts, optional('spawn', readPositiveRate))
      : rateAsked(base, () => read('rate', readRate), texts)),
    durationMs: optional('duration', readLength),
    connections: optional('connections', readConnections),
  };
  const draft = read('target', (target) => source.draft(target, { ...source.values, ...typed }));
  if (draft === undefined || Object.keys(errors).length > 0) return { type: 'errors', errors };
  return { type: 'profile', profile: completeProfile(draft) };
};

/** The load without what the fields say. */
const loadOf = ({ draft, target, values }: RunSource): Load | undefined => draft(target, values).load;

/** Nothing of the flags' load but what is here. */
const noLoad = {
  rate: undefined,
  stages: undefined,
  users: undefined,
  spawnRate: undefined,
  burst: undefined,
  burstPauseMs: undefined,
} satisfies Partial<FlagValues>;

/** A rate that is typed replaces stages and bursts; where there are some, an empty field leaves them. */
const rateAsked = (
  base: Load | undefined,
  read: () => FlagValues['rate'],
  { rate }: FieldTexts,
): Partial<FlagValues> => {
  const stays = rate.trim() === '' && (base?.model === 'open' || base?.model === 'burst');
  return stays ? {} : { ...noLoad, rate: read() };
};

/** As `rateAsked`; users begin all at once where no spawn rate is typed. */
const usersAsked = (
  base: Load | undefined,
  read: () => number | undefined,
  { users }: FieldTexts,
  spawnRate = Number.POSITIVE_INFINITY,
): Partial<FlagValues> => {
  const stays = users.trim() === '' && base?.model === 'closed' && typeof base.users !== 'number';
  if (stays) return { spawnRate };
  const count = read();
  // Without users a spawn rate would be a fault of its own.
  return count === undefined ? noLoad : { ...noLoad, users: count, spawnRate };
};

/** The field that a fault of the whole speaks of, where it is one. */
export const fieldOfFault = (error: unknown, { load }: FieldTexts): FieldName | undefined => {
  if (!(error instanceof UserError)) return undefined;
  if (error.message.startsWith('connections:')) return 'connections';
  return error.message.startsWith('the load reaches') ? (load === 'users' ? 'users' : 'rate') : undefined;
};
