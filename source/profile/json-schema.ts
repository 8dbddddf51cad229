// The profile language as a JSON Schema, for editors: made from the schema that profiles are held against, with what each
// key means. What a schema's transforms check beyond that is left to the program; variables may stand in any value.

import { z } from 'zod';
import { isMapping } from './mapping.ts';
import { profile } from './schema.ts';
import { keyTexts } from './schema-texts.ts';

type Json = Record<string, unknown>;

const amount = '(\\d{1,3}(,\\d{3})+(\\.\\d+)?|\\d+(\\.\\d+)?)';
const rate = `${amount}[kKmM]?(/(s|sec|m|min|h))?`;
const count = '(\\d{1,3}(,\\d{3})+(\\.\\d+)?|\\d[\\d_]*(\\.\\d+)?)[kKM]?';

const span = `(${amount}|(${amount}\\s*([mM]?[sS]|[mM]|[hH]|[dD])\\s*)+)`;

/** What texts of a quantity look like, by the words that say what is expected. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^a duration such as 2s, or two/, `^${span}(\\s*(-|–|\\.\\.)\\s*${span})?$`],
  [/^a duration/, `^${span}$`],
  [/^a rate .*'max'/, `^(${rate}|[mM][aA][xX])$`],
  [/^(a rate|users that begin)/, `^${rate}$`],
  [/^a whole number, or auto/, `^(${count}|[aA][uU][tT][oO])$`],
  [
    /^a number of requests such as 1000, or with rounds/,
    `^${count}([xX×]${count}|\\.\\.${count}([+]${count}|[*]\\d+(\\.\\d+)?))?$`,
  ],
  [/^(a whole number|a number of (users|requests))/, `^${count}$`],
];

/** The schema as it is published. */
export const profileJsonSchema = (): Json => {
  const made: Json = z.toJSONSchema(profile, { io: 'input', unrepresentable: 'any', target: 'draft-07' });
  const { $schema, definitions, ...top } = made;
  const others = isMapping(definitions) ? Object.entries(definitions) : [];
  return {
    $schema,
    title: 'A profile of loadtop',
    description: keyTexts[''],
    ...asMapping(dressed(top, [])),
    definitions: {
      variable: {
        type: 'string',
        pattern: '\\$\\{',
        description: 'holds a variable: ${NAME}, or ${NAME:-default}',
      },
      ...Object.fromEntries(others.map(([name, schema]) => [name, withoutId(dressed(schema, [name]))])),
    },
  };
};

const asMapping = (value: unknown): Json => (isMapping(value) ? value : {});

const withoutId = (schema: unknown): Json => {
  const { id: _, ...rest } = asMapping(schema);
  return rest;
};

/** A schema with patterns, descriptions and room for variables. @param path the keys that lead to it */
const dressed = (schema: unknown, path: readonly string[]): unknown => {
  if (Array.isArray(schema)) return schema.map((each) => dressed(each, path));
  if (!isMapping(schema)) return schema;
  const parts = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (key === 'properties' && isMapping(value)) {
      return [
        key,
        Object.fromEntries(Object.entries(value).map(([name, each]) => [name, property(each, [...path, name])])),
      ];
    }
    // A key is written without variables.
    if (key === 'propertyNames') return [key, value];
    return [key, dressed(value, path)];
  });
  return withVariable(withPattern(Object.fromEntries(parts)));
};

/** The value of a key: what the key means, then what is expected. */
const property = (schema: unknown, path: readonly string[]): Json => {
  const { description: expected, ...rest } = asMapping(dressed(schema, path));
  const meaning = textOf(path);
  const text = [meaning, expected].filter((each) => typeof each === 'string').join('; ');
  if (text === '') return rest;
  // Beside a reference other keys are not read.
  return rest.$ref === undefined ? { description: text, ...rest } : { description: text, allOf: [{ $ref: rest.$ref }] };
};

/** What is said of a key: under the longest end of its path that has a text. */
const textOf = (path: readonly string[]): string | undefined => {
  for (let from = 0; from < path.length; from += 1) {
    const text = keyTexts[path.slice(from).join('.')];
    if (text !== undefined) return text;
  }
  return undefined;
};

const withPattern = (schema: Json): Json => {
  const { description, type } = schema;
  if (typeof description !== 'string' || !Array.isArray(type)) return schema;
  const pattern = patterns.find(([words]) => words.test(description))?.[1];
  return pattern === undefined ? schema : { ...schema, pattern };
};

/** A scalar that no text with a variable would fit. */
const withVariable = (schema: Json): Json => {
  const { description, type, pattern } = schema;
  const types = (Array.isArray(type) ? type : [type]).map(String);
  const isScalar = types.every((each) => ['string', 'number', 'integer', 'boolean', 'null'].includes(each));
  if (!isScalar || takesVariable(schema, types, pattern)) return schema;
  const { description: _, ...rest } = schema;
  return { ...(description !== undefined && { description }), anyOf: [rest, { $ref: '#/definitions/variable' }] };
};

const takesVariable = (schema: Json, types: readonly string[], pattern: unknown): boolean =>
  types.includes('string') &&
  schema.enum === undefined &&
  schema.const === undefined &&
  (typeof pattern !== 'string' || new RegExp(pattern, 'u').test('${A}'));
