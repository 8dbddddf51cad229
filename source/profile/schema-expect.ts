// The part of the profile language that says what a step makes of its answer: what it expects of it, and what it takes from
// it for the steps after it.

import { z } from 'zod';
import { itemName } from '../common/captured-names.ts';
import { readJsonPath } from '../common/json-path.ts';
import { UnitError } from '../common/units.ts';
import type { Capture, CaptureSource } from './capture.ts';
import {
  type Expectation,
  jsonExpectation,
  readPattern,
  readSizeBound,
  readTimeBound,
  type ValueTest,
} from './expectation.ts';
import { answerValue } from './schema-functions.ts';
import { address, chosenForm, eitherForm, flag, isMapping, line, oneOrMore, section } from './schema-parts.ts';
import { isTemplateFunction } from './template-functions.ts';

const status = z.int({ error: 'a status from 100 to 599' }).min(100).max(599);
const pattern = address(readPattern, "a regular expression such as '^id-\\d+$'");
const text = z.string({ error: 'text' });
const bound = z.number({ error: 'a number' });
const count = z.int({ error: 'a whole number of at least 0' }).min(0, { error: 'a whole number of at least 0' });

/** Tests of a value, each under its own key. */
const tests = section(
  {
    equals: answerValue.optional(),
    contains: text.optional(),
    matches: pattern.optional(),
    exists: flag.optional(),
    above: bound.optional(),
    below: bound.optional(),
    length: count.optional(),
  },
  'a mapping such as { exists: true } or { above: 0 }',
)
  .refine((said) => Object.values(said).some((value) => value !== undefined), { error: 'at least one test' })
  .transform((said): readonly ValueTest[] => [
    ...('equals' in said && said.equals !== undefined ? [{ type: 'equals', value: said.equals } as const] : []),
    ...(said.contains === undefined ? [] : [{ type: 'contains', text: said.contains } as const]),
    ...(said.matches === undefined ? [] : [{ type: 'matches', pattern: said.matches } as const]),
    ...(said.exists === undefined ? [] : [{ type: 'exists', is: said.exists } as const]),
    ...(said.above === undefined ? [] : [{ type: 'above', bound: said.above } as const]),
    ...(said.below === undefined ? [] : [{ type: 'below', bound: said.below } as const]),
    ...(said.length === undefined ? [] : [{ type: 'length', count: said.length } as const]),
  ]);

/** A text that a value contains. */
const contained = z
  .union([z.string(), z.number(), z.boolean()], {
    error: 'a text that it contains, or a mapping such as { matches: … }',
  })
  .transform((value): readonly ValueTest[] => [{ type: 'contains', text: String(value) }]);

const present = 'present';

const headerTests = eitherForm(
  contained.transform((said): readonly ValueTest[] =>
    said.some((test) => test.type === 'contains' && test.text === present) ? [{ type: 'exists', is: true }] : said,
  ),
  tests,
);

/** What a JSON value is, or tests of it: a mapping is one of tests. */
const jsonTests = chosenForm<z.ZodUnknown, z.ZodType<readonly ValueTest[]>>(z.unknown(), (value) =>
  isMapping(value)
    ? tests
    : answerValue.transform((wanted): readonly ValueTest[] => [{ type: 'equals', value: wanted ?? null }]),
);

const headersExpected = z
  .record(z.string(), headerTests, { error: 'a mapping of header names to what they contain' })
  .transform((map): readonly Expectation[] =>
    Object.entries(map).map(([name, said]) => ({ of: 'header', name: name.toLowerCase(), tests: said })),
  );

export const jsonExpected = z
  .record(z.string(), jsonTests, { error: 'a mapping of JSON paths to values, such as { $.ok: true }' })
  .transform((map, context): readonly Expectation[] =>
    Object.entries(map).flatMap(([path, said]) => {
      try {
        return [jsonExpectation(path, said)];
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        context.addIssue({ code: 'custom', path: [path], message: `${error.message} as its key` });
        return [];
      }
    }),
  );

export interface ExpectedAnswer {
  readonly status: readonly number[] | undefined;
  readonly others: readonly Expectation[];
}

/** What a step expects of its answer; `others` are those beyond the status. */
export const expected = section(
  {
    status: oneOrMore(status).optional(),
    header: headersExpected.optional(),
    json: jsonExpected.optional(),
    text: eitherForm(contained, tests).optional(),
    size: address(readSizeBound, 'a bound such as "<1MiB"').optional(),
    time: address(readTimeBound, 'a bound such as "<500ms"').optional(),
  },
  'a mapping such as { status: [202] }',
).transform(
  ({ status: statuses, header, json, text: body, size, time }): ExpectedAnswer => ({
    status: statuses,
    others: [
      ...(header ?? []),
      ...(json ?? []),
      ...(body ? [{ of: 'text', tests: body } as const] : []),
      ...(size ? [{ of: 'size', bound: size } as const] : []),
      ...(time ? [{ of: 'time', bound: time } as const] : []),
    ],
  }),
);

const jsonPath = address((path) => ({ path: readJsonPath(path), written: path }), 'a JSON path such as $.id');

const captureLong = section(
  {
    json: jsonPath.optional(),
    all: flag.optional(),
    header: line('the name of a header').optional(),
    regex: pattern.optional(),
    cookie: line('the name of a cookie').optional(),
    default: answerValue.optional(),
  },
  'a JSON path such as $.id, or a mapping such as { header: X-Token }',
).transform((said, context): Omit<Capture, 'name'> => {
  const { json, header, regex, cookie, all = false } = said;
  const found: readonly CaptureSource[] = [
    ...(json ? [{ of: 'json', all, ...json } as const] : []),
    ...(header === undefined ? [] : [{ of: 'header', name: header.toLowerCase() } as const]),
    ...(regex === undefined ? [] : [{ of: 'regex', pattern: regex } as const]),
    ...(cookie === undefined ? [] : [{ of: 'cookie', name: cookie } as const]),
  ];
  const [from, other] = found;
  if (!from || other) context.addIssue({ code: 'custom', message: 'one of json, header, regex and cookie' });
  else if (all && !json) context.addIssue({ code: 'custom', path: ['all'], message: 'all with json only' });
  return from ? { from, fallback: said.default } : z.NEVER;
});

const captured = eitherForm(
  jsonPath.transform(
    (json): Omit<Capture, 'name'> => ({ from: { of: 'json', all: false, ...json }, fallback: undefined }),
  ),
  captureLong,
);

const nameExpected = 'a name of letters, digits, - and _ that begins with a letter';

const nameFault = (name: string): string | undefined => {
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return nameExpected;
  if (isTemplateFunction(name)) return `a name that no function has: {{${name}}} is one`;
  return name === itemName ? `another name: {{${itemName}}} is that of each` : undefined;
};

/** What a step takes from its answer, by the names it is kept under. */
export const captures = z
  .record(z.string(), captured, { error: 'a mapping of names to JSON paths, such as { session_id: $.id }' })
  .transform((map, context): readonly Capture[] =>
    Object.entries(map).map(([name, capture]) => {
      const fault = nameFault(name);
      if (fault) context.addIssue({ code: 'custom', path: [name], message: `${fault}, as its key` });
      return { name, ...capture };
    }),
  );
