// The profile language as a whole: which keys there are at the top, and what a fault is. Its sections are the schema-*.ts
// files; a fault's message says what was expected; what was found, and on which line, is load-profile.ts's to add. Only
// these files know zod.

import { z } from 'zod';
import { readObjective } from '../measure/objective.ts';
import { readTimeout } from './quantities.ts';
import { bands } from './schema-bands.ts';
import { auth } from './schema-bodies.ts';
import { connection } from './schema-connection.ts';
import { data } from './schema-data.ts';
import { requestHeaders } from './schema-functions.ts';
import { drives, load } from './schema-load.ts';
import { countFaults, metrics, objectiveFault } from './schema-metrics.ts';
import { address, flag, line, oneOrMore, quantity, section } from './schema-parts.ts';
import { phaseFaults, phases } from './schema-phases.ts';
import { probes } from './schema-probes.ts';
import { loginOnce, scenarios, steps } from './schema-steps.ts';
import { variables } from './schema-variables.ts';
import { readOrigin } from './target.ts';

export { type NodeFile, type StepFile, stepMethods } from './schema-steps.ts';

const drivingKeys = ['rate', 'stages', 'users', 'burst'] as const;

export const profile = section(
  {
    /** For editors. */
    $schema: z.string({ error: 'the address of a JSON Schema' }).optional(),
    name: line('a name').optional(),
    description: z.string({ error: 'text' }).optional(),
    target: address(readOrigin, 'an origin such as http://localhost:3000'),
    variables: variables.optional(),
    load: load.optional(),
    phases: phases.optional(),
    timeout: quantity(readTimeout, 'a duration such as 10s').optional(),
    connection: connection.optional(),
    headers: requestHeaders.optional(),
    auth: auth.optional(),
    metrics: metrics.optional(),
    cookies: flag.optional(),
    data: data.optional(),
    setup: steps.optional(),
    scenarios: scenarios.optional(),
    steps: steps.optional(),
    teardown: steps.optional(),
    objectives: oneOrMore(address(readObjective, 'an objective such as p99<300ms over 30s')).optional(),
    bands: bands.optional(),
    probes: probes.optional(),
    allow: oneOrMore(address(readOrigin, 'an origin such as https://staging.example.com')).optional(),
    record: z.union([z.literal(false), line('a path')], { error: 'the path of a file, or false' }).optional(),
  },
  'a mapping with a target and steps',
)
  .superRefine((value, context) => {
    loginOnce(value, context);
    if (value.scenarios === undefined && value.steps === undefined) {
      context.addIssue({ code: 'custom', path: ['steps'], message: 'steps, or scenarios with steps' });
    }
    if (value.scenarios !== undefined && value.steps !== undefined) {
      context.addIssue({ code: 'custom', path: ['steps'], message: 'either steps or scenarios, not both' });
    }
    for (const { path, expected } of phaseFaults(value)) {
      context.addIssue({ code: 'custom', path: [...path], message: expected });
    }
    if (value.load && drives(value.load) && value.scenarios?.every((scenario) => scenario.load !== undefined)) {
      const key = drivingKeys.find((each) => value.load?.[each] !== undefined) ?? 'rate';
      const message = 'a scenario without a load of its own, for which this is';
      context.addIssue({ code: 'custom', path: ['load', key], message });
    }
    for (const [index, { counted }] of (value.objectives ?? []).entries()) {
      const expected = counted && objectiveFault(counted, value.metrics ?? []);
      if (expected !== undefined) context.addIssue({ code: 'custom', path: ['objectives', index], message: expected });
    }
    for (const { path, unknown, expected } of countFaults(value, value.metrics ?? [])) {
      if (unknown === undefined) context.addIssue({ code: 'custom', path: [...path], message: expected });
      else context.addIssue({ code: 'unrecognized_keys', keys: [unknown], path: [...path], message: expected });
    }
  })
  .meta({ oneOf: [{ required: ['steps'] }, { required: ['scenarios'] }] });

/** The language as one writes it, in a module as well as in YAML. */
export type WrittenProfile = z.input<typeof profile>;
/** A profile file that fits the language: quantities read, nothing defaulted. */
export type ProfileFile = z.output<typeof profile>;
export type ProbesFile = z.output<typeof probes>;
export type PhaseFile = NonNullable<ProfileFile['phases']>[number];

/** Something in the file that does not fit. */
export interface Fault {
  /** Keys and indexes from the top of the file. */
  readonly path: readonly (string | number)[];
  readonly expected: string;
  /** A key that the language does not know; `expected` then lists those it knows. */
  readonly unknownKey?: string;
}

/** Holds the data of a file against the language. */
export const checkProfile = (data: unknown): { readonly file: ProfileFile } | { readonly faults: readonly Fault[] } => {
  const result = profile.safeParse(data);
  if (result.success) return { file: result.data };
  const faults = result.error.issues.flatMap((issue): Fault[] => {
    const place = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    if (issue.code !== 'unrecognized_keys') return [{ path: place, expected: issue.message }];
    return issue.keys.map((key) => ({ path: [...place, key], expected: issue.message, unknownKey: key }));
  });
  return { faults };
};
