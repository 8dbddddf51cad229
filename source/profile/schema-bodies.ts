// The part of the profile language that says what else a request is made of: a query, a login, and bodies that are a form, parts
// or a file.

import { z } from 'zod';
import { UnitError } from '../common/units.ts';
import type { Field } from './body.ts';
import { basicAuthorization, bearerAuthorization, type Header } from './headers.ts';
import { fieldValue, jsonValue } from './schema-functions.ts';
import { line, oneOrMore, scalar, section } from './schema-parts.ts';
import { replaceTemplates } from './templates.ts';

/** Names with a value, or with several. */
export const fields = (what: string) =>
  z
    .record(z.string(), oneOrMore(fieldValue), { error: what })
    .transform((map): readonly Field[] =>
      Object.entries(map).flatMap(([name, values]) => values.map((value): Field => [name, value])),
    );

const credentials = z.union([z.string(), z.number()], { error: 'text' });

/** A login, as a header. */
export const auth = section(
  { bearer: credentials.optional(), basic: credentials.optional() },
  'a mapping such as { bearer: TOKEN } or { basic: user:password }',
).transform(({ bearer, basic }, context): Header => {
  const fault = (message: string, key: string[] = []): void => {
    context.addIssue({ code: 'custom', path: key, message });
  };
  if ((bearer === undefined) === (basic === undefined)) fault('one of bearer and basic');
  const key = bearer === undefined ? 'basic' : 'bearer';
  try {
    return ['Authorization', bearer === undefined ? basicOf(String(basic)) : bearerOf(String(bearer))];
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    fault(error.message, [key]);
    return ['Authorization', ''];
  }
});

/** Templates are filled in later: only what stands around them can be looked at. */
const bearerOf = (token: string): string => {
  bearerAuthorization(replaceTemplates(token, 'x'));
  return `Bearer ${token.trim()}`;
};

/** What is encoded here cannot change from request to request. */
const basicOf = (login: string): string => {
  if (replaceTemplates(login, '') !== login) throw new UnitError('a user and a password without templates');
  return basicAuthorization(login);
};

const mediaType = line('a media type such as text/csv').regex(/^[!-~]+\/[ -~]+$/, {
  error: 'a media type such as text/csv',
});

const part = section(
  {
    name: line('the name of the part'),
    value: scalar.optional(),
    json: jsonValue.optional(),
    file: line('the path of a file, or the name of one under data').optional(),
    filename: line('a file name').optional(),
    type: mediaType.optional(),
  },
  'a part such as { name: file, file: people.csv }',
).superRefine((value, context) => {
  const said = (['value', 'json', 'file'] as const).filter((key) => value[key] !== undefined);
  if (said.length !== 1) {
    context.addIssue({ code: 'custom', path: said.slice(1, 2), message: 'one of value, json and file in each part' });
  } else if (value.filename !== undefined && value.file === undefined) {
    context.addIssue({ code: 'custom', path: ['filename'], message: 'a filename only beside file' });
  }
});

/** The parts of multipart/form-data, in order. */
export const multipart = z
  .array(part, { error: 'a list of parts such as - { name: file, file: people.csv }' })
  .min(1, { error: 'at least one part' });

export type PartFile = z.output<typeof part>;
