// The YAML profile language: which keys there are and what may stand in them. A fault's message says what was expected;
// what was found, and on which line, is load-profile.ts's to add. The only file that knows zod.

import { z } from 'zod';
import { UnitError } from '../common/units.ts';
import type { Stage } from '../load/arrival-plan.ts';
import { readObjective } from '../measure/objective.ts';
import {
  type Contradiction,
  connectionContradictions,
  loadContradictions,
  probeContradictions,
} from './contradictions.ts';
import { basicAuthorization, bearerAuthorization, type Header, headerFault } from './headers.ts';
import {
  arrivalKinds,
  overflowKinds,
  readBurst,
  readConnections,
  readLength,
  readPerConnection,
  readPositiveRate,
  readProbePeriod,
  readProbeTimeout,
  readRate,
  readRequests,
  readRounds,
  readSeed,
  readStage,
  readTimeout,
  readUsers,
  readWord,
  readWorkers,
  stageOf,
  stagesFault,
} from './quantities.ts';
import { readConnectTo, readMongoUri, readOrigin, readPin, readProbeUrl, readProxy } from './target.ts';

/** A mapping without any other keys; the message of an unknown key lists the known ones. */
const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape, what: string) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : what),
  });

type Scalar = string | number;

const readWith =
  <Value>(read: (text: string) => Value) =>
  (value: Scalar, context: z.core.$RefinementCtx<Scalar>): Value => {
    try {
      return read(String(value));
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  };

/** A scalar that is read from its text: `30s`, `2.5k`, 500. */
const quantity = <Value>(read: (text: string) => Value, what: string) =>
  z.union([z.string(), z.number()], { error: what }).transform(readWith(read));

/** Text that is read further; a number would be taken for an address (7 is 0.0.0.7). */
const address = <Value>(read: (text: string) => Value, what: string) =>
  z.string({ error: what }).transform(readWith(read));

/** One of something, or a list of it. */
const oneOrMore = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (Array.isArray(value) || value === undefined ? value : [value]), z.array(schema));

const line = (what: string) =>
  z.string({ error: what }).regex(/^[^\u0000-\u001f\u007f-\u009f]+$/, { error: `${what}, in one line` });

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `30s: 500`, `{over: 30s, rate: 500}` or `30s:500`. @param word the name of what is reached in the long form */
const stage = (word: 'rate' | 'users', read?: (text: string) => number) =>
  z.unknown().transform((value, context): Stage => {
    try {
      if (typeof value === 'string') return readStage(value, read);
      const entries = isMapping(value) ? Object.entries(value) : [];
      if (isMapping(value) && 'over' in value && word in value && entries.length === 2) {
        return stageOf(String(value.over), String(value[word]), read);
      }
      const [first] = entries;
      if (first && entries.length === 1 && first[0] !== 'over' && first[0] !== word) {
        return stageOf(first[0], String(first[1]), read);
      }
      context.addIssue({ code: 'custom', message: 'a stage such as 30s: 500' });
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
    return z.NEVER;
  });

const stagesOf = (each: ReturnType<typeof stage>) =>
  z.array(each, { error: 'a list of stages such as - 30s: 500' }).superRefine((list, context) => {
    const fault = stagesFault(list);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });

/** One schema for a scalar, another for a mapping or a list: a union would only say that neither fits. */
const eitherForm = <Short, Long>(short: z.ZodType<Short>, long: z.ZodType<Long>) =>
  z.unknown().transform((value, context): Short | Long => {
    const schema = typeof value === 'object' && value !== null ? long : short;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message, ...issue } of result.error.issues) {
      if (issue.code === 'unrecognized_keys' && isMapping(value)) {
        context.issues.push({ code: issue.code, keys: issue.keys, path, message, input: value });
      } else context.issues.push({ code: 'custom', path, message, input: value });
    }
    return z.NEVER;
  });

interface Burst extends ReturnType<typeof readBurst> {
  readonly pause?: number | undefined;
}

const burst = eitherForm<Burst, { readonly size: number; readonly rounds?: number | undefined } & Pick<Burst, 'pause'>>(
  quantity(readBurst, 'a number of requests such as 1000, or with rounds 1000x5'),
  section(
    {
      size: quantity(readConnections, 'a number of requests such as 1000'),
      rounds: quantity(readRounds, 'a whole number of at least 1').optional(),
      pause: quantity(readLength, 'a duration such as 1s').optional(),
    },
    'a mapping such as { size: 1000, rounds: 5, pause: 1s }',
  ),
);

const raise =
  <Value>(contradictionsOf: (value: Value) => readonly Contradiction[]) =>
  (value: Value, context: z.core.$RefinementCtx<Value>): void => {
    for (const { key, expected } of contradictionsOf(value)) {
      context.addIssue({ code: 'custom', path: [key], message: expected });
    }
  };

const load = section(
  {
    rate: quantity(readRate, "a rate such as 500, 2.5k or 3000/m, or 'max' for full speed").optional(),
    stages: stagesOf(stage('rate')).optional(),
    users: eitherForm<number, Stage[]>(
      quantity(readUsers, 'a number of users such as 200, or stages of users'),
      stagesOf(stage('users', readUsers)),
    ).optional(),
    spawnRate: quantity(readPositiveRate, 'users that begin in a second, such as 10').optional(),
    burst: burst.optional(),
    duration: quantity(readLength, 'a duration such as 30s, or 0 for until stopped').optional(),
    requests: quantity(readRequests, 'a whole number of at least 1').optional(),
    arrivals: quantity(readWord(arrivalKinds), arrivalKinds.join(' or ')).optional(),
    seed: quantity(readSeed, 'a whole number').optional(),
    connections: quantity(readConnections, 'a whole number of at least 1').optional(),
    maxInFlight: quantity(readConnections, 'a whole number of at least 1').optional(),
    overflow: quantity(readWord(overflowKinds), overflowKinds.join(' or ')).optional(),
    workers: quantity(readWorkers, 'a whole number, or auto').optional(),
    maxRate: quantity(readPositiveRate, 'a rate such as 5k').optional(),
    warmup: quantity(readLength, 'a duration such as 10s').optional(),
    grace: quantity(readLength, 'a duration such as 30s').optional(),
  },
  'a mapping with a rate, stages, users or a burst',
).superRefine(raise(loadContradictions));

const flag = z.boolean({ error: 'true or false' });
const file = line('the path of a PEM file');

const connection = section(
  {
    http2: flag.optional(),
    pipelining: quantity(readPerConnection, 'a whole number of at least 1').optional(),
    keepAlive: flag.optional(),
    connectTimeout: quantity(readTimeout, 'a duration such as 3s').optional(),
    insecure: flag.optional(),
    cacert: file.optional(),
    cert: file.optional(),
    key: file.optional(),
    connectTo: address(readConnectTo, 'HOST:PORT to connect to, such as 127.0.0.1:8443').optional(),
    unixSocket: line('the path of a Unix socket').optional(),
    proxy: address(readProxy, 'the URL of an HTTP proxy such as http://localhost:8888').optional(),
    ipv4: flag.optional(),
    ipv6: flag.optional(),
  },
  'a mapping such as { http2: true }',
).superRefine(raise(connectionContradictions));

const headers = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: 'a header value: text' }), {
    error: 'a mapping of header names to values',
  })
  .transform((map, context): readonly Header[] =>
    Object.entries(map).map(([name, value]) => {
      const fault = headerFault(name, String(value));
      if (fault) context.addIssue({ code: 'custom', path: [name], message: fault });
      return [name, String(value)];
    }),
  );

/** The request methods that a step can have, as its keys. */
export const stepMethods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

const path = line('a path such as /events').refine((text) => text.startsWith('/') && !text.includes('#'), {
  error: 'a path that starts with / (the origin is the target, a fragment is never sent)',
});

const status = z.int({ error: 'a status from 100 to 599' }).min(100).max(599);

const step = section(
  {
    get: path.optional(),
    post: path.optional(),
    put: path.optional(),
    patch: path.optional(),
    delete: path.optional(),
    head: path.optional(),
    options: path.optional(),
    name: line('a name').optional(),
    headers: headers.optional(),
    json: z.unknown().optional(),
    body: z.string({ error: 'text (for a mapping or a list use json)' }).optional(),
    bodyFile: line('the path of a file').optional(),
    expect: section({ status: oneOrMore(status).optional() }, 'a mapping such as { status: [202] }').optional(),
    preflight: flag.optional(),
  },
  'a step such as get: /health',
).superRefine((value, context) => {
  const methods = stepMethods.filter((method) => value[method] !== undefined);
  if (methods.length !== 1) {
    const message = `one request in each step, such as get: /health (one of ${stepMethods.join(', ')})`;
    context.addIssue({ code: 'custom', path: methods.slice(1, 2), message });
  }
  const bodies = (['json', 'body', 'bodyFile'] as const).filter((key) => value[key] !== undefined);
  if (bodies.length > 1) {
    context.addIssue({ code: 'custom', path: [bodies[1]!], message: 'one of json, body and bodyFile' });
  }
});

const steps = z.array(step, { error: 'a list of steps such as - get: /health' }).min(1, { error: 'at least one step' });

const scenario = section(
  {
    name: line('a name').optional(),
    weight: z.number({ error: 'a number of at least 0' }).min(0, { error: 'a number of at least 0' }).optional(),
    steps,
  },
  'a scenario with steps',
);

const scenarios = z
  .array(scenario, { error: 'a list of scenarios' })
  .min(1, { error: 'at least one scenario' })
  .superRefine((list, context) => {
    if (list.length > 0 && list.every(({ weight }) => weight === 0)) {
      context.addIssue({ code: 'custom', message: 'at least one scenario with a weight above 0' });
    }
    const names = list.map(({ name }) => name);
    for (const [index, name] of names.entries()) {
      if (name !== undefined && names.indexOf(name) < index) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'a name that no other scenario has' });
      }
    }
  });

const pace = {
  period: quantity(readProbePeriod, 'a duration such as 5s').optional(),
  timeout: quantity(readProbeTimeout, 'a duration such as 2s').optional(),
};

const probeUrl = address(readProbeUrl, 'a path such as /health, or a URL');

const httpProbe = section(
  {
    url: probeUrl,
    headers: headers.optional(),
    basic: address(basicAuthorization, 'a user and a password such as me:secret').optional(),
    bearer: address(bearerAuthorization, 'a token').optional(),
    insecure: flag.optional(),
    cacert: file.optional(),
    cert: file.optional(),
    key: file.optional(),
    ...pace,
  },
  'a mapping such as { url: /health, period: 5s }',
).superRefine(raise(probeContradictions));

const mongoUri = address(readMongoUri, 'a URI such as mongodb://localhost');
const mongoProbe = section({ uri: mongoUri, ...pace }, 'a mapping such as { uri: mongodb://localhost, period: 5s }');

const probes = section(
  {
    health: oneOrMore(eitherForm(probeUrl, httpProbe)).optional(),
    metrics: oneOrMore(
      eitherForm(address(readProbeUrl, 'a URL such as http://localhost:9464/metrics'), httpProbe),
    ).optional(),
    mongo: oneOrMore(eitherForm(mongoUri, mongoProbe)).optional(),
    headers: headers.optional(),
    pin: oneOrMore(address(readPin, 'a name of metrics such as buffer_*')).optional(),
    enabled: flag.optional(),
  },
  'a mapping of probes',
);

const profile = section(
  {
    name: line('a name').optional(),
    description: z.string({ error: 'text' }).optional(),
    target: address(readOrigin, 'an origin such as http://localhost:3000'),
    load: load.optional(),
    timeout: quantity(readTimeout, 'a duration such as 10s').optional(),
    connection: connection.optional(),
    headers: headers.optional(),
    scenarios: scenarios.optional(),
    steps: steps.optional(),
    objectives: oneOrMore(address(readObjective, 'an objective such as p99<300ms over 30s')).optional(),
    probes: probes.optional(),
    allow: oneOrMore(address(readOrigin, 'an origin such as https://staging.example.com')).optional(),
    record: z.union([z.literal(false), line('a path')], { error: 'the path of a file, or false' }).optional(),
  },
  'a mapping with a target and steps',
).superRefine((value, context) => {
  if (value.scenarios === undefined && value.steps === undefined) {
    context.addIssue({ code: 'custom', path: ['steps'], message: 'steps, or scenarios with steps' });
  }
  if (value.scenarios !== undefined && value.steps !== undefined) {
    context.addIssue({ code: 'custom', path: ['steps'], message: 'either steps or scenarios, not both' });
  }
});

/** A profile file that fits the language: quantities read, nothing defaulted. */
export type ProfileFile = z.output<typeof profile>;
export type StepFile = z.output<typeof step>;
export type ProbesFile = z.output<typeof probes>;

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
