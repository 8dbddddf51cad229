// The part of the profile language that says what can be set from outside. What is done with it is variables.ts.

import { z } from 'zod';
import { eitherForm, flag, line, oneOrMore, section } from './schema-parts.ts';
import { isVariableName } from './variables.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()], { error: 'a text, a number, true or false' });

const name = z.string().refine(isVariableName, { error: 'a name of letters, digits and _' });

const declared = section(
  {
    default: value.optional(),
    alias: oneOrMore(name).optional(),
    secret: flag.optional(),
    description: line('text').optional(),
  },
  'a mapping such as { default: 10k, description: requests per second }',
);

/** The key `variables`. */
export const variables = z
  .record(z.string(), eitherForm(value, declared), { error: 'a mapping of names to values' })
  .superRefine((map, context) => {
    const seen = new Set(Object.keys(map));
    for (const [key, about] of Object.entries(map)) {
      if (!isVariableName(key)) {
        context.addIssue({ code: 'custom', path: [key], message: 'a name of letters, digits and _, such as RATE' });
      }
      const aliases = typeof about === 'object' && about !== null ? (about.alias ?? []) : [];
      for (const alias of aliases) {
        if (seen.has(alias)) {
          context.addIssue({ code: 'custom', path: [key, 'alias'], message: 'a name that no other variable has' });
        }
        seen.add(alias);
      }
    }
  });
