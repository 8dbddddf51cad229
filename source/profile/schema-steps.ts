// The part of the profile language that says what is sent: steps, and scenarios of steps.

import { z } from 'zod';
import type { Condition } from './flow.ts';
import { functionOfText } from './functions.ts';
import { type Header, headerValue } from './headers.ts';
import { readTimeout } from './quantities.ts';
import { auth, fields, multipart } from './schema-bodies.ts';
import { items } from './schema-data.ts';
import { captures, expected } from './schema-expect.ts';
import { condition, listName, think, times } from './schema-flow.ts';
import { body, check, jsonValue, requestHeaders, textOrFunction } from './schema-functions.ts';
import { ownLoad } from './schema-load.ts';
import { count } from './schema-metrics.ts';
import { chosenForm, flag, isMapping, line, quantity, section } from './schema-parts.ts';
import { stream } from './schema-stream.ts';

/** The request methods that a step can have, as its keys. */
export const stepMethods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

const path = textOrFunction(
  line('a path such as /events')
    .refine((text) => text.startsWith('/') && !text.includes('#'), {
      error: 'a path that starts with / (the origin is the target, a fragment is never sent)',
    })
    .meta({ pattern: '^/[^#]*$' }),
);

const limit = quantity(readTimeout, 'a duration such as 10s');

const bodyKeys = ['json', 'body', 'bodyFile', 'form', 'multipart', 'file', 'items'] as const;

/** Of two logins in one place nobody knows which is meant. */
export const loginOnce = (
  value: { readonly auth?: Header | undefined; readonly headers?: readonly Header[] | undefined },
  context: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void => {
  if (!value.auth || !value.headers || headerValue(value.headers, 'authorization') === undefined) return;
  context.addIssue({ code: 'custom', path: ['auth'], message: 'either auth or an Authorization header' });
};

const cleanUpMethods = ['delete', 'post', 'put', 'patch'] as const;

/** The key `creates`: the request that removes what the step made. */
const creates = section(
  { delete: path.optional(), post: path.optional(), put: path.optional(), patch: path.optional() },
  'the request that removes it, such as { delete: "/v1/sessions/{{session_id}}" }',
)
  .superRefine((value, context) => {
    if (cleanUpMethods.filter((method) => value[method] !== undefined).length === 1) return;
    const message = `one request that removes it, such as { delete: "/v1/sessions/{{session_id}}" } (one of ${cleanUpMethods.join(', ')})`;
    context.addIssue({ code: 'custom', message });
  })
  .meta({ id: 'creates', oneOf: cleanUpMethods.map((method) => ({ required: [method] })) });

const inRange = { error: 'a number from 0 to 20' };

/** One request. */
export const step = section(
  {
    get: path.optional(),
    post: path.optional(),
    put: path.optional(),
    patch: path.optional(),
    delete: path.optional(),
    head: path.optional(),
    options: path.optional(),
    name: line('a name').optional(),
    query: fields('a mapping such as { limit: 10 }').optional(),
    headers: requestHeaders.optional(),
    auth: auth.optional(),
    json: jsonValue.optional(),
    body: body.optional(),
    bodyFile: line('the path of a file').optional(),
    form: fields('a mapping such as { email: me@example.com }').optional(),
    multipart: multipart.optional(),
    file: line('the path of a file, or the name of one under data').optional(),
    items: items.optional(),
    compression: flag.optional(),
    redirects: z.int({ error: 'a number from 0 to 20' }).min(0, inRange).max(20, inRange).optional(),
    expect: expected.optional(),
    check: check.optional(),
    capture: captures.optional(),
    stream: stream.optional(),
    timeout: limit.optional(),
    idle: limit.optional(),
    optional: flag.optional(),
    count: count.optional(),
    creates: creates.optional(),
    think: think.optional(),
    preflight: flag.optional(),
  },
  'a step such as get: /health',
)
  .superRefine((value, context) => {
    const methods = stepMethods.filter((method) => value[method] !== undefined);
    if (methods.length !== 1) {
      const message = `one request in each step, such as get: /health (one of ${stepMethods.join(', ')})`;
      context.addIssue({ code: 'custom', path: methods.slice(1, 2), message });
    }
    const made = methods.some((method) => functionOfText(value[method] ?? '') !== undefined);
    if (made && value.name === undefined) {
      context.addIssue({ code: 'custom', path: ['name'], message: 'a name of its series, as its path is a function' });
    }
    if (made && value.query) {
      context.addIssue({ code: 'custom', path: ['query'], message: 'no query beside a path that is a function' });
    }
    const bodies = bodyKeys.filter((key) => value[key] !== undefined);
    if (bodies.length > 1) {
      const message = `one of ${bodyKeys.slice(0, -1).join(', ')} and ${bodyKeys.at(-1)}`;
      context.addIssue({ code: 'custom', path: [bodies[1]!], message });
    }
    if (value.multipart && value.headers && headerValue(value.headers, 'content-type') !== undefined) {
      const message = 'no Content-Type beside multipart: it is written with the boundary';
      context.addIssue({ code: 'custom', path: ['headers'], message });
    }
    loginOnce(value, context);
    if (value.idle !== undefined && value.stream?.idle !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['idle'],
        message: 'one idle: that of the step, or that of its stream',
      });
    }
  })
  .meta({ id: 'step', oneOf: stepMethods.map((method) => ({ required: [method] })) });

export type StepFile = z.output<typeof step>;

/** What may stand in a list of steps: a request, or steps that depend or are repeated. */
export type NodeFile = StepFile | IfFile | RepeatFile | EachFile;

export interface IfFile {
  readonly if: Condition;
  readonly steps: readonly NodeFile[];
  readonly else?: readonly NodeFile[] | undefined;
}

export interface RepeatFile {
  readonly repeat: number;
  readonly steps: readonly NodeFile[];
}

export interface EachFile {
  readonly each: string;
  readonly steps: readonly NodeFile[];
}

/** The same as it is written. */
type WrittenNode =
  | z.input<typeof step>
  | {
      readonly if: z.input<typeof condition>;
      readonly steps: readonly WrittenNode[];
      readonly else?: readonly WrittenNode[] | undefined;
    }
  | { readonly repeat: z.input<typeof times>; readonly steps: readonly WrittenNode[] }
  | { readonly each: z.input<typeof listName>; readonly steps: readonly WrittenNode[] };

const inner: z.ZodType<readonly NodeFile[], readonly WrittenNode[]> = z.lazy(() => steps);

const ifBlock = section({ if: condition, steps: inner, else: inner.optional() }, 'an if with steps');
const repeatBlock = section({ repeat: times, steps: inner }, 'a repeat with steps');
const eachBlock = section({ each: listName, steps: inner }, 'an each with steps');
const blocks = [
  ['if', ifBlock],
  ['repeat', repeatBlock],
  ['each', eachBlock],
] as const;

const node = chosenForm<z.ZodType<unknown, WrittenNode>, z.ZodType<NodeFile>>(
  z.union([step, ifBlock, repeatBlock, eachBlock]),
  (value) => blocks.find(([key]) => isMapping(value) && Object.hasOwn(value, key))?.[1] ?? step,
);

/** The key `steps`. */
export const steps: z.ZodType<readonly NodeFile[], readonly WrittenNode[]> = z
  .array(node, { error: 'a list of steps such as - get: /health' })
  .min(1, { error: 'at least one step' })
  .meta({ id: 'steps' });

const scenario = section(
  {
    name: line('a name').optional(),
    think: think.optional(),
    weight: z.number({ error: 'a number of at least 0' }).min(0, { error: 'a number of at least 0' }).optional(),
    load: ownLoad.optional(),
    setup: steps.optional(),
    steps,
    teardown: steps.optional(),
  },
  'a scenario with steps',
).superRefine((value, context) => {
  if (value.load === undefined) return;
  if (value.weight !== undefined) {
    const message = 'no weight beside a load of its own: weights divide the load that scenarios share';
    context.addIssue({ code: 'custom', path: ['weight'], message });
  }
  if (value.think !== undefined && value.load.think !== undefined) {
    const message = 'one think: that of the scenario, or that of its load';
    context.addIssue({ code: 'custom', path: ['load', 'think'], message });
  }
});

/** The key `scenarios`. */
export const scenarios = z
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
