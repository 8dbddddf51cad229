// loadtop profiles: the profiles that come with the program, a line for each: its name, its load, how long it takes, what
// it is for.

import { type ExitCode, exitCodes, UserError } from '../common/errors.ts';
import { formatCount, formatLength } from '../common/units.ts';
import { completeProfile, type ProfileDraft } from '../profile/defaults.ts';
import type { Profile } from '../profile/profile.ts';
import { shippedPath, shippedProfiles } from './effective-profile.ts';
import type { FlagValues } from './flag-values.ts';
import { loadWords } from './load-words.ts';
import { lengthOfPhases } from './plan-report.ts';
import { planSegments } from './plan-segments.ts';
import type { Io } from './terminal.ts';

interface ProfileRow {
  readonly name: string;
  readonly load: string;
  readonly duration: string;
  readonly description: string;
}

/** Prints the list. */
export const profiles = async ({ json }: FlagValues, { stdout }: Io): Promise<ExitCode> => {
  const rows = await Promise.all(shippedProfiles().map(rowOf));
  stdout.write(json ? `${JSON.stringify(rows)}\n` : profilesText(rows));
  return exitCodes.fine;
};

const rowOf = async (name: string): Promise<ProfileRow> => {
  const { loadAny } = await import('../profile/load-profile.ts');
  try {
    // Where a target is a variable without a default, the list needs none; nor what somebody has in the environment.
    const { draft } = await loadAny(shippedPath(name), { look: true, host: 'http://localhost' });
    return { name, ...about(draft) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, load: '', duration: '', description: 'needs variables that are not set: loadtop check tells which' };
  }
};

const about = (draft: ProfileDraft): Omit<ProfileRow, 'name'> => {
  const { phases } = draft;
  if (phases === undefined) return aboutLoad(completeProfile(draft));
  const length = lengthOfPhases(
    phases.map((phase) => {
      const { durationMs, limit } = phase;
      const planned = planSegments(completeProfile(phase), false).durationMs;
      // A number of iterations may be there before the time is over, and mostly is.
      return {
        durationMs: (durationMs === undefined && limit !== undefined ? undefined : planned) ?? null,
        phase: phase.phase ?? null,
      };
    }),
  );
  return {
    load: `${phases.length} phases`,
    duration: length === null ? 'until all are done' : formatLength(length),
    description: draft.description ?? '',
  };
};

const aboutLoad = (profile: Profile): Omit<ProfileRow, 'name'> => {
  const isEndless = profile.durationMs === undefined && profile.load.model === 'constant';
  const { durationMs } = planSegments(profile, false);
  const rounds = profile.load.model === 'burst' ? 'its rounds' : 'until stopped';
  const count = profile.limit === undefined ? undefined : `${formatCount(profile.limit)} iterations`;
  return {
    load: loadWords(profile.load),
    duration: isEndless
      ? (count ?? '30 s, or 1h live')
      : (count ?? (durationMs === undefined ? rounds : formatLength(durationMs))),
    description: profile.description ?? '',
  };
};

const profilesText = (rows: readonly ProfileRow[]): string => {
  const columns = ['name', 'load', 'duration'] as const;
  const width = (key: (typeof columns)[number]): number => Math.max(key.length, ...rows.map((row) => row[key].length));
  const widths = { name: width('name'), load: width('load'), duration: width('duration') };
  const head: ProfileRow = { name: 'name', load: 'load', duration: 'duration', description: 'for' };
  const lines = [head, ...rows].map((row) =>
    [...columns.map((key) => row[key].padEnd(widths[key])), row.description].join('  ').trimEnd(),
  );
  return [...lines, '', 'loadtop run NAME runs one, loadtop check NAME shows what it would do.', ''].join('\n');
};
