// The part of the profile language that says in which words a run is judged: a set that comes with the program, or words of
// one's own, best first, each with its conditions.

import { z } from 'zod';
import { type BandCondition, type BandSet, bandUnit, readBandCondition } from '../measure/band.ts';
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
    for (const { name, index, text } of outOfOrder(Object.entries(map))) {
      const message = `a condition that reaches further than ${text} of a better word: the best stand first`;
      context.addIssue({ code: 'custom', path: [name, index], message });
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

/** Conditions that can never decide anything, as a better word reaches as far. */
const outOfOrder = (entries: readonly (readonly [name: string, conditions: readonly BandCondition[]])[]) =>
  entries.flatMap(([name, conditions], place) =>
    conditions.flatMap((condition, index) => {
      const better = entries
        .slice(0, place)
        .flatMap(([, list]) => list)
        .find((one) => one.figure === condition.figure && reaches(one, condition));
      return better ? [{ name, index, text: better.text }] : [];
    }),
  );

/** Whether one condition holds wherever another one does, of two that say how far a word reaches. */
const reaches = (one: BandCondition, other: BandCondition): boolean => {
  const sign = bandUnit(one.figure) === '/s' ? '>' : '<';
  if (!one.comparison.startsWith(sign) || !other.comparison.startsWith(sign)) return false;
  if (one.bound === other.bound) return one.comparison === other.comparison || one.comparison.endsWith('=');
  return one.bound > other.bound === (sign === '<');
};

/** The key `bands`. */
export const bands = eitherForm(preset, own);
