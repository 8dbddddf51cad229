// The runs of a profile, one for each of its phases, with the flags put over them. What a flag says of a load as a whole fits
// one load only; what bounds a run (-z, -n, -c) bounds each phase.

import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import type { ProfileDraft } from '../profile/defaults.ts';
import type { FlagValues } from './flag-values.ts';

/**
 * The phases that are asked for, all of them where none is named; the profile itself where it has none.
 * @throws UserError for a name that no phase has
 */
export const chosenPhases = (
  draft: ProfileDraft,
  { phases: names }: Pick<FlagValues, 'phases'>,
): readonly ProfileDraft[] => {
  const { phases } = draft;
  if (phases === undefined) {
    if (names.length === 0) return [draft];
    throw new UserError(
      `--phase ${safeText(names[0]!, 60)}: found a profile without phases, expected one with phases`,
      {
        hint: 'leave --phase out',
      },
    );
  }
  const known = phases.flatMap(({ phase }) => phase?.name ?? []);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = didYouMean(unknown, known);
    throw new UserError(
      `--phase: found "${safeText(unknown, 60)}", expected one of ${known.map((name) => safeText(name)).join(', ')}`,
      {
        hint: near === undefined ? 'quote a name with spaces in it' : `did you mean --phase ${safeText(near)}?`,
      },
    );
  }
  const chosen = phases.filter(({ phase }) => phase && (names.length === 0 || names.includes(phase.name)));
  return chosen.map((each, index) => ({ ...each, phase: each.phase && placed(each.phase, index, chosen.length) }));
};

/** Its place among those that are run. */
const placed = (phase: NonNullable<ProfileDraft['phase']>, index: number, count: number) => ({
  ...phase,
  number: index + 1,
  count,
  pauseMs: index === count - 1 ? 0 : phase.pauseMs,
});

/**
 * The flags for each phase.
 * @throws UserError for flags that fit one load only, or none of these
 */
export const flagsOfPhases = (phases: readonly ProfileDraft[], values: FlagValues): readonly FlagValues[] => {
  if (phases.length < 2) return phases.map(() => values);
  refuseLoadFlags(phases, values);
  const has = (model: string): boolean => phases.some(({ load }) => load?.model === model);
  const hasObjectives = values.objectives.length > 0 || phases.some(({ objectives = [] }) => objectives.length > 0);
  return phases.map(({ load, objectives = [] }): FlagValues => {
    // A flag that fits some of the phases is for them; one that fits none is refused, as it would be of one load.
    const fits = (model: string): boolean => load?.model === model || !has(model);
    return {
      ...values,
      spawnRate: fits('closed') ? values.spawnRate : undefined,
      burstPauseMs: fits('burst') ? values.burstPauseMs : undefined,
      errorLimit: fits('burst') ? values.errorLimit : undefined,
      abortOnSlo: values.abortOnSlo && (objectives.length > 0 || !hasObjectives),
    };
  });
};

const loadFlags = [
  ['rate', '-q'],
  ['users', '-u'],
  ['stages', '--stages'],
  ['burst', '--burst'],
] as const;

const refuseLoadFlags = (phases: readonly ProfileDraft[], values: FlagValues): void => {
  const given = loadFlags.find(([name]) => values[name] !== undefined);
  if (!given) return;
  const [, label] = given;
  throw new UserError(
    `${label}: found a profile of ${phases.length} phases, each with a load of its own, expected one load`,
    {
      hint: `--phase ${safeText(phases[0]?.phase?.name ?? '')} picks one of them; -z, -n and -c hold for each`,
    },
  );
};

/**
 * All that the phases would send, for who looks at requests and not at a load: users where one of the phases has them.
 * @returns the index of the phase whose load and flags it has, beside it
 */
export const overall = (
  draft: ProfileDraft,
  phases: readonly ProfileDraft[],
): readonly [whole: ProfileDraft, index: number] => {
  const index = Math.max(
    0,
    phases.findIndex(({ load }) => load?.model === 'closed'),
  );
  const base = phases[index] ?? draft;
  if (phases.length < 2) return [base, index];
  const names = new Set(phases.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)));
  return [{ ...base, phase: undefined, scenarios: draft.scenarios.filter(({ name }) => names.has(name)) }, index];
};
