// The part of the profile language that says in which order a scenario runs its steps: conditions and repetitions around
// them, and how long a user thinks after one.

import { z } from 'zod';
import { UnitError } from '../common/units.ts';
import type { Think } from '../load/think.ts';
import type { Condition } from './flow.ts';
import { readLength } from './quantities.ts';
import { eitherForm, line, quantity, section } from './schema-parts.ts';

const mostTimes = 10_000;

const longestRestMs = 24 * 3_600_000;

const readRest = (text: string): number => {
  const ms = readLength(text);
  if (ms > longestRestMs) throw new UnitError('a duration of at most 24h');
  return ms;
};

/** Think time as one word: `2s`, or `1s-5s` for anything between. */
const readThink = (text: string): Think => {
  const [least = '', most, ...more] = text.split(/-|–|\.\./);
  if (more.length > 0) throw new UnitError('a duration such as 2s, or two such as 1s-5s');
  const leastMs = readRest(least);
  if (most === undefined) return { type: 'fixed', ms: leastMs };
  const mostMs = readRest(most);
  if (mostMs < leastMs) throw new UnitError('two durations of which the first is not the longer, such as 1s-5s');
  return { type: 'uniform', leastMs, mostMs };
};

/** The key `think`. */
export const think = eitherForm(
  quantity(readThink, 'a duration such as 2s, or two such as 1s-5s'),
  section(
    { exponential: quantity(readRest, 'the mean of it, a duration such as 2s') },
    'a duration such as 2s, two such as 1s-5s, or { exponential: 2s }',
  ).transform(({ exponential }): Think => ({ type: 'exponential', meanMs: exponential })),
);

const conditionText = z
  .union([z.string(), z.number(), z.boolean()], { error: 'a text with a template' })
  .transform(String);

/** The key `if`. */
export const condition = eitherForm(
  z.string({ error: 'a text such as "{{session_id}}"' }).transform((text): Condition => ({ type: 'there', text })),
  section(
    { equals: z.tuple([conditionText, conditionText], { error: 'two texts, such as ["{{state}}", ready]' }) },
    'a text such as "{{session_id}}", or { equals: ["{{state}}", ready] }',
  ).transform(({ equals: [first, second] }): Condition => ({ type: 'equals', texts: [first, second] })),
);

/** The key `repeat`. */
export const times = z
  .int({ error: `a whole number from 1 to ${mostTimes}` })
  .min(1, { error: `a whole number from 1 to ${mostTimes}` })
  .max(mostTimes, { error: `a whole number from 1 to ${mostTimes}` });

/** The key `each`. */
export const listName = line('the name of a captured list').transform((name) =>
  name.replace(/^\{\{\s*(.*?)\s*\}\}$/, '$1'),
);
