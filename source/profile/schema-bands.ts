// The part of the profile language that says in which words a run is judged: a set that comes with the program, or words of
// one's own, best first, each with its conditions.

import { z } from 'zod';
import { type BandSet, readBandCondition } from '../measure/band.ts';
import { bandPresetNames, bandPresets } from '../measure/band-presets.ts';
import { address, eitherForm, oneOrMore, word } from './schema-parts.ts';

const preset = word(bandPresetNames).transform((name): BandSet => bandPresets[name]);

const conditions = oneOrMore(address(readBandCondition, 'a condition such as p95<500ms, or [] for all that is left'));

const most = 10;

/** A mapping puts names that are numbers before all others, wherever they were written. */
const isWord = (name: string): boolean => /^(?!\d+$)[^\u0000-\u001f\u007f-\u009f]{1,30}$/.test(name);

const own = z
  .record(z.string(), conditions, {
    error: `${bandPresetNames.join(', ')}, or a mapping such as { good: p95<500ms, bad: [] }`,
  })
  .superRefine((map, context) => {
    const words = Object.keys(map);
    if (words.length < 2 || words.length > most) {
      context.addIssue({ code: 'custom', message: `from 2 to ${most} words, the best first` });
    }
    for (const name of words.filter((one) => !isWord(one))) {
      context.addIssue({ code: 'custom', path: [name], message: 'a word such as good' });
    }
    if (Object.values(map).every(({ length }) => length === 0)) {
      context.addIssue({ code: 'custom', message: 'at least one condition such as p95<500ms' });
    }
  })
  .transform(
    (map): BandSet => ({
      name: 'profile',
      bands: Object.entries(map).map(([name, list]) => ({ word: name, conditions: list })),
    }),
  );

/** The key `bands`. */
export const bands = eitherForm(preset, own);
