// What the sections of the profile language are built of: mappings without other keys, scalars that are read from their text,
// one or a list, a short and a long form. The sections themselves are the other schema files.

import { z } from 'zod';
import { UnitError } from '../common/units.ts';
import type { Contradiction } from './contradictions.ts';
import { type Header, headerFault } from './headers.ts';
import { isMapping } from './mapping.ts';
import { readWord } from './quantities.ts';

export { isMapping } from './mapping.ts';

/** A mapping without any other keys; the message of an unknown key lists the known ones. */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape, what: string) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? knownKeys(shape).join(', ') : what),
  });

/** Without those that are for editors. */
const knownKeys = (shape: object): readonly string[] => Object.keys(shape).filter((key) => !key.startsWith('$'));

/**
 * What takes anything, to be read further by a transform; types and editors are told that it is written as `shown`, which
 * never reads it. A union in its place would only say that none of its forms fits.
 */
export const writtenAs = <Shown extends z.ZodType, Written = z.input<Shown>>(
  shown: Shown,
): z.ZodType<unknown, Written> => {
  const anything = z.custom<Written>();
  anything._zod.processJSONSchema = (context, _, params) => {
    z.core.processSchema(shown, context, params);
    const seen = context.seen.get(anything);
    if (seen) seen.ref = shown;
  };
  return anything;
};

type Scalar = string | number;

const readWith =
  <Value>(read: (text: string) => Value) =>
  (value: Scalar, context: Pick<z.core.ParsePayload, 'issues'>): Value => {
    try {
      return read(String(value));
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: value });
      return z.NEVER;
    }
  };

/** A scalar that is read from its text: `30s`, `2.5k`, 500. */
export const quantity = <Value>(read: (text: string) => Value, what: string) =>
  z.union([z.string(), z.number()], { error: what }).meta({ description: what }).transform(readWith(read));

/** Text that is read further; a number would be taken for an address (7 is 0.0.0.7). */
export const address = <Value>(read: (text: string) => Value, what: string) =>
  z.string({ error: what }).meta({ description: what }).transform(readWith(read));

/** One of something, or a list of it. */
export const oneOrMore = <Schema extends z.ZodType>(schema: Schema) =>
  writtenAs(z.union([schema, z.array(schema)]))
    .transform((value): unknown => (Array.isArray(value) || value === undefined ? value : [value]))
    .pipe(z.array(schema));

export const line = (what: string) =>
  z
    .string({ error: what })
    .regex(/^[^\u0000-\u001f\u007f-\u009f]+$/, { error: `${what}, in one line` })
    .meta({ description: what });

/** One of a few words, in any case. */
export const word = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  writtenAs(z.enum(words)).transform((value, context): Words[number] => {
    if (typeof value === 'string') return readWith(readWord(words))(value, context);
    context.issues.push({ code: 'custom', message: words.join(' or '), input: value });
    return z.NEVER;
  });

/** One of several schemas, chosen by what the value looks like: a union would only say that none fits. */
export const chosenForm = <Shown extends z.ZodType, Form extends z.ZodType, Written = z.input<Shown>>(
  shown: Shown,
  choose: (value: unknown) => Form,
) =>
  writtenAs<Shown, Written>(shown).transform((value, context): z.output<Form> => {
    const result = z.safeParse<Form>(choose(value), value);
    if (result.success) return result.data;
    for (const { path, message, ...issue } of result.error.issues) {
      if (issue.code === 'unrecognized_keys' && isMapping(value)) {
        context.issues.push({ code: issue.code, keys: issue.keys, path, message, input: value });
      } else context.issues.push({ code: 'custom', path, message, input: value });
    }
    return z.NEVER;
  });

/** One schema for a scalar, another for a mapping or a list. */
export const eitherForm = <Short extends z.ZodType, Long extends z.ZodType>(short: Short, long: Long) =>
  chosenForm<z.ZodUnion<[Short, Long]>, Short | Long>(z.union([short, long]), (value) =>
    typeof value === 'object' && value !== null ? long : short,
  );

export const raise =
  <Value>(contradictionsOf: (value: Value) => readonly Contradiction[]) =>
  (value: Value, context: z.core.$RefinementCtx<Value>): void => {
    for (const { key, expected } of contradictionsOf(value)) {
      context.addIssue({ code: 'custom', path: [key], message: expected });
    }
  };

export const flag = z.boolean({ error: 'true or false' });
/** The path of a file in PEM. */
export const file = line('the path of a PEM file');

/** A value that is text. */
export const scalar = z.union([z.string(), z.number(), z.boolean()], { error: 'text, or a list of texts' });

export const headerText = z.union([z.string(), z.number(), z.boolean()], { error: 'a header value: text' });

/** Headers, by what their values are written as. */
export const headersOf = <Value extends z.ZodType<string | number | boolean>>(value: Value) =>
  z
    .record(z.string(), value, { error: 'a mapping of header names to values' })
    .transform((map, context): readonly Header[] =>
      Object.entries(map).map(([name, said]) => {
        const fault = headerFault(name, String(said));
        if (fault) context.addIssue({ code: 'custom', path: [name], message: fault });
        return [name, String(said)];
      }),
    );

/** Headers of probes. */
export const headers = headersOf(headerText);
