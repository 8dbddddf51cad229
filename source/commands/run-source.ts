// Where the runs of an armed screen come from: a URL, a profile or the demo's target, with the flags over it. Files are read
// once for a run, not for each key; what the fields say is put over it in armed-fields.ts.

import { UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import type { ProfileDraft } from '../profile/defaults.ts';
import type { ProfileInputs } from '../profile/load-profile.ts';
import { readOrigin, readUrl } from '../profile/target.ts';
import { draftOfUrl, inputsOf, loadPath, readBody, withFlags, withUrlFlags } from './effective-profile.ts';
import type { FlagValues } from './flag-values.ts';
import { chosenPhases } from './phase-drafts.ts';
import type { Invocation, Subject } from './read-arguments.ts';
import type { Io } from './terminal.ts';

export interface RunSource {
  readonly values: FlagValues;
  /** What stands in the target field at first. */
  readonly target: string;
  /** Why the target cannot be another one. */
  readonly fixed: string | undefined;
  /**
   * The draft as it was read last, for a target, with flags over it.
   * @throws UnitError for a target that cannot be used, UserError for flags that do not fit
   */
  draft(target: string, values: FlagValues): ProfileDraft;
  /**
   * Reads the files anew.
   * @throws UserError for one that cannot be read or used
   */
  read(): Promise<void>;
}

/** @throws UserError for files that cannot be read or used. */
export const runSource = async (
  { subject, values }: Pick<Extract<Invocation, { command: 'run' }>, 'subject' | 'values'>,
  environment: Io['env'] = {},
): Promise<RunSource> =>
  subject.type === 'url'
    ? urlSource(subject, values)
    : profileSource(subject.path, values, inputsOf(values, environment));

const urlSource = ({ url }: Extract<Subject, { type: 'url' }>, values: FlagValues): RunSource => {
  let body = readBody(values);
  return {
    values,
    target: url,
    fixed: undefined,
    draft: (target, flags) => withUrlFlags(draftOfUrl(readUrl(target).href, flags, body), flags),
    read: async () => {
      body = readBody(values);
    },
  };
};

const profileSource = async (path: string, values: FlagValues, inputs: ProfileInputs): Promise<RunSource> => {
  const load = async (): Promise<ProfileDraft> => onlyPhase((await loadPath(path, inputs)).draft, values);
  let draft = await load();
  return {
    values,
    target: values.host ?? draft.origin,
    fixed: undefined,
    draft: (target, flags) => withFlags(draft, { ...flags, host: readOrigin(target) }),
    read: async () => {
      draft = await load();
    },
  };
};

/** Fields are those of one load. */
const onlyPhase = (draft: ProfileDraft, values: FlagValues): ProfileDraft => {
  const [phase = draft, ...others] = chosenPhases(draft, values);
  if (others.length === 0) return phase;
  throw new UserError(
    `--armed: found a profile of ${others.length + 1} phases, expected one load to fill fields with`,
    {
      hint: `--phase ${safeText(phase.phase?.name ?? '')} picks one of them; without --armed all begin at once, one after the other`,
    },
  );
};

/** A source that reads nothing, with a target of its own. @param fixed why it cannot be another one */
export const fixedSource = (draft: ProfileDraft, values: FlagValues, fixed: string): RunSource => ({
  values,
  target: draft.origin,
  fixed,
  draft: (_, flags) => withFlags(draft, flags),
  read: async () => {},
});
