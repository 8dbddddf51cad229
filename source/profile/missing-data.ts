// What a profile names and does not have: files of rows that are not there, catalogues that are not under `data`. Pure.

import { didYouMean } from '../common/did-you-mean.ts';
import { stepsOf } from './from-file.ts';
import type { Fault, ProfileFile } from './schema.ts';

/** A fault with what was found there, where that is not what stands there. */
interface Missing extends Fault {
  readonly found?: string;
}

/**
 * @param troubleOf why a file cannot be read; undefined where it can be
 * @param expectedOf what is expected in its place
 */
export const missingData = (
  profile: ProfileFile,
  troubleOf: (file: string) => string | undefined,
  expectedOf: (file: string) => string,
): readonly Missing[] => {
  const entries = Object.entries(profile.data ?? {});
  const files = entries.flatMap(([name, source]): Missing[] => {
    if (source.type !== 'file') return [];
    const trouble = troubleOf(source.file);
    if (trouble === undefined) return [];
    const found = `${JSON.stringify(source.file)} (${trouble})`;
    return [{ path: ['data', name, source.format], found, expected: expectedOf(source.file) }];
  });
  const catalogues = entries.flatMap(([name, source]) => (source.type === 'catalogue' ? [name] : []));
  const bodies = stepsOf(profile).flatMap(({ step, path }): Missing[] => {
    if (step.items === undefined || catalogues.includes(step.items.of)) return [];
    const near = didYouMean(step.items.of, catalogues);
    const known = catalogues.length > 0 ? catalogues.join(' or ') : 'the name of a list of items under data';
    return [{ path: [...path, 'items', 'of'], expected: near ? `${known} (did you mean "${near}"?)` : known }];
  });
  return [...files, ...bodies];
};
