// The part of the profile language that only modules have: functions in place of values. The schema sees what stands in
// their place (functions.ts); types are told of the functions, editors of YAML are not.

import { z } from 'zod';
import {
  type BodyFunction,
  type CheckFunction,
  type CountFunction,
  type FunctionAt,
  functionText,
  isFunctionAt,
  type TextFunction,
} from './functions.ts';
import { isMapping } from './mapping.ts';
import { chosenForm, headersOf, headerText, scalar, writtenAs } from './schema-parts.ts';

const synchronous = z.custom<FunctionAt>((value) => isFunctionAt(value) && !value.isAsync, {
  error: 'a function that is not async: it returns what it makes',
});

/** A function, or what is written without code. */
const orFunction = <Written>() => {
  return <Schema extends z.ZodType>(schema: Schema) =>
    chosenForm<Schema, Schema | typeof synchronous, Written | z.input<Schema>>(schema, (value) =>
      isFunctionAt(value) ? synchronous : schema,
    );
};

/** A function as the text that stands for it. */
const asText = (value: unknown): string => (isFunctionAt(value) ? functionText(value) : String(value));

/** A text of a request, or a function that makes it. */
export const textOrFunction = <Schema extends z.ZodType<string | number | boolean>>(schema: Schema) =>
  orFunction<TextFunction>()(schema).transform(asText);

/** The value of a field of a query or a form. */
export const fieldValue = textOrFunction(scalar);

/** Headers of requests. */
export const requestHeaders = headersOf(textOrFunction(headerText));

/** The key `body`. */
export const body = orFunction<BodyFunction>()(z.string({ error: 'text (for a mapping or a list use json)' }));

/** The key `check`: nothing that YAML could say. */
export const check = writtenAs<z.ZodNever, CheckFunction>(z.never())
  .pipe(
    z.custom<unknown>((value) => isFunctionAt(value), {
      error: 'a function, in a profile in TypeScript or JavaScript',
    }),
  )
  .pipe(synchronous);

/** What a step counts of its answer. */
export const countOrFunction = orFunction<CountFunction>();

/** What JSON can say: any value without functions in it. @param instead what may be a function */
const withoutFunctions = (instead: string) =>
  z.unknown().superRefine((value, context) => {
    for (const path of functionsIn(value)) {
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: `a value that JSON has; ${instead} may be a function`,
      });
    }
  });

/** A value that is sent. */
export const jsonValue = withoutFunctions('body');

/** A value that an answer has. */
export const answerValue = withoutFunctions('check');

const functionsIn = (value: unknown): readonly (readonly (string | number)[])[] => {
  if (isFunctionAt(value)) return [[]];
  const inner: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : isMapping(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([key, each]) => functionsIn(each).map((path) => [key, ...path]));
};
