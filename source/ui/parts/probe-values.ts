// What probes tell, as the session's state carries it: names for its parts, and how a value's level is judged and shown.
// Pure; where it stands on the screen is known to those who use it.

import type { ProbeState, RunState } from '../../session/state.ts';
import { gaugeRole } from '../charts/bars.ts';
import type { Role } from '../theme.ts';

export type ProbeKind = ProbeState['kind'];
export type ProbeValue = ProbeState['values'][number];
export type Reading = Extract<ProbeValue, { type: 'value' }>;
export type Gap = Extract<ProbeValue, { type: 'gap' }>;
export type Fact = Extract<ProbeValue, { type: 'fact' }>;
export type HealthState = NonNullable<Fact['state']>;
export type Level = NonNullable<Reading['level']>;
export type ProbeTable = ReturnType<RunState['details']['tables']>[number];

/** The probes of a kind, in the order they were asked for. */
export const probesOf = (state: RunState, kind: ProbeKind): readonly ProbeState[] =>
  state.probes.filter((probe) => probe.kind === kind);

/** Whether its newest values can be shown: they may be a little old. */
export const hasValues = ({ status }: ProbeState): boolean => status === 'ok' || status === 'late';

/** Whether newer values are missing than those it has: shown dim, as they are not of now. */
export const isOld = ({ status }: ProbeState): boolean => status === 'late' || status === 'failing';

/**
 * Nobody asked for it and it never answered: worth a word, but nothing is wrong. One that answered before and fell silent
 * is missed, whoever asked for it.
 */
export const isUnmissed = ({ status, unasked, lastAt }: ProbeState): boolean =>
  unasked && status === 'failing' && lastAt === undefined;

/** Whether the title of a panel says what this fact would: it needs no place below. */
export const isInTitle = ({ title }: Pick<ProbeState, 'title'>, value: ProbeValue): boolean => {
  if (value.type !== 'fact' || value.state !== undefined || value.level !== undefined) return false;
  // The title says `simulated` of the process `simulated mongod`.
  return (title ?? '').split(/ {2,}/).includes(value.text.replace(/ mongo[ds]$/, ''));
};

/** Checks and states that are not well. */
export const isUnwell = (value: ProbeValue): value is Fact =>
  value.type === 'fact' && value.state !== undefined && value.state !== 'ok';

/** Values by rank, what matters most first. */
export const ranked = <T extends { readonly rank: number }>(values: readonly T[]): readonly T[] =>
  values.toSorted((a, b) => a.rank - b.rank);

const severity: Readonly<Record<Level, number>> = { ok: 1, warn: 2, bad: 3 };

/** The worse of two levels; one that is not known is no worse than any. */
export const worseLevel = (a: Level | undefined, b: Level | undefined): Level | undefined =>
  (a === undefined ? 0 : severity[a]) >= (b === undefined ? 0 : severity[b]) ? a : b;

/** Of values by rank the `count` that say most: the state itself, what is wrong, what is worth a look, then by rank; in the order of rank. */
export const foremost = <T extends ProbeValue>(values: readonly T[], count: number): readonly T[] => {
  if (values.length <= count) return values;
  const urgency = (value: ProbeValue): number => {
    if (value.type === 'fact' && value.metric === 'status') return severity.bad + 1;
    if (isUnwell(value)) return value.state === 'down' ? severity.bad : severity.warn;
    const level = value.type === 'gap' ? undefined : value.level;
    return level === undefined ? 1 : severity[level];
  };
  const kept = new Set(values.toSorted((a, b) => urgency(b) - urgency(a)).slice(0, Math.max(0, count)));
  return values.filter((value) => kept.has(value));
};

const signs: Readonly<Record<Level, string>> = { ok: '', warn: '△ ', bad: '▲ ' };

/** The sign in front of what has a level: a state must not be told by colour alone. */
export const levelSign = (level: Level | undefined): string => (level === undefined ? '' : signs[level]);

const levelRoles: Readonly<Record<Level, Role>> = { ok: 'text', warn: 'warn', bad: 'alarm' };

export const levelRole = (level: Level | undefined): Role => (level === undefined ? 'text' : levelRoles[level]);

/** The meaning of a number: as its probe judges it, and by its limit where the probe does not. */
export const readingRole = ({ level, limit, value }: Reading): Role => {
  if (level !== undefined) return levelRoles[level];
  const near = limit === undefined ? 'text' : gaugeRole(value, limit);
  return near === 'alarm' || near === 'warn' ? near : 'text';
};

const stateRoles: Readonly<Record<HealthState, Role>> = { ok: 'good', degraded: 'warn', down: 'alarm', unknown: 'dim' };

export const factRole = ({ state, level }: Fact): Role => (state === undefined ? levelRole(level) : stateRoles[state]);

/** The fact that says how the target is, where a probe tells one. */
export const statusOf = (probe: ProbeState): Fact | undefined =>
  probe.values.find((value): value is Fact => value.type === 'fact' && value.metric === 'status');

/** Share of the limit that is used; undefined without a limit. */
export const usedRatio = ({ value, limit }: Reading): number | undefined => {
  if (limit === undefined) return undefined;
  const ratio = value / limit;
  return Number.isFinite(ratio) ? ratio : undefined;
};

/** The reading that is nearest its limit; undefined where none has one. */
export const fullest = (values: readonly ProbeValue[]): Reading | undefined => {
  let found: Reading | undefined;
  for (const value of values) {
    if (value.type !== 'value') continue;
    const ratio = usedRatio(value);
    if (ratio !== undefined && !(ratio <= (found === undefined ? Number.NEGATIVE_INFINITY : usedRatio(found)!)))
      found = value;
  }
  return found;
};
