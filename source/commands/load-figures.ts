// From a profile and the plan of its run to what the checks before it go by: the figures of the load, the way to the target,
// and the steps that may be sent once.

import { wallNow } from '../common/clock.ts';
import type { Transport } from '../engine/protocol.ts';
import { StringTemplate, Template } from '../engine/template.ts';
import type { LoadFigures } from '../preflight/load-figures.ts';
import type { PortUse } from '../preflight/machine-checks.ts';
import { isLoopback, type Route } from '../preflight/route.ts';
import type { StepRequest } from '../preflight/step-check.ts';
import type { CompiledRun, CompiledStep } from '../profile/compile.ts';
import type { Profile } from '../profile/profile.ts';
import type { Text } from '../profile/templates.ts';
import type { RunPlan } from './plan-run.ts';
import { highestOf } from './plan-segments.ts';
import { originOf } from './transport.ts';

/** @param plan made without a limit on descriptors: what the load wants, not what it gets */
export const figuresOf = (profile: Profile, { scenarios }: CompiledRun, plan: RunPlan): LoadFigures => {
  const weight = scenarios.reduce((sum, each) => sum + each.weight, 0);
  const mean = (amount: (steps: readonly CompiledStep[]) => number): number =>
    scenarios.reduce((sum, each) => sum + each.weight * amount(each.steps), 0) / weight;
  const requests = mean((steps) => steps.length);
  return {
    model: plan.model,
    requestRate: plan.model === 'open' ? highestOf(plan.segments) * requests : undefined,
    connections: plan.connections,
    needsAll: plan.model === 'closed' || plan.model === 'burst',
    maxInFlight: plan.maxInFlight,
    keepAlive: profile.connection.keepAlive,
    bodyBytes: mean((steps) => steps.reduce((sum, { body }) => sum + bodySize(body), 0)) / requests,
    workers: plan.workers,
    mostWorkers: plan.mostWorkers,
  };
};

const source = { seed: 0, wallNow };

const bodySize = (body: CompiledStep['body']): number => {
  if (body === undefined) return 0;
  return body instanceof Uint8Array ? body.length : new Template(body, source).most;
};

/** Which ports the load takes. @param addresses of what is connected to; none for a Unix socket */
export const portUseOf = (addresses: readonly string[]): PortUse => ({
  addresses: addresses.length,
  loopback: addresses.every(isLoopback),
});

/** The way the load's sockets go. */
export const routeOf = (profile: Profile, { via, http2, tls }: Transport, version: string): Route => ({
  origin: originOf(profile),
  via,
  http2,
  tls,
  family: profile.connection.family,
  version,
});

/** The path of the load's first request, as that of arrival 0. */
export const firstPath = ({ scenarios }: CompiledRun): string => {
  const first = scenarios.find(({ weight, steps }) => weight > 0 && steps.length > 0);
  return first ? textOf(first.steps[0]!.path) : '/';
};

/**
 * The steps that doctor sends: those marked for it; without a mark the first that is a GET or HEAD, which change nothing;
 * as arrival 0 would send them.
 */
export const stepsToSend = (
  { scenarios }: Pick<Profile, 'scenarios'>,
  compiled: CompiledRun,
): readonly StepRequest[] => {
  const pairs = scenarios.flatMap(({ steps }, at) =>
    steps.map((step, index) => ({ step, request: compiled.scenarios[at]!.steps[index]! })),
  );
  const marked = pairs.filter(({ step }) => step.preflight);
  const harmless = pairs.filter(({ step: { method } }) => method === 'GET' || method === 'HEAD').slice(0, 1);
  return (marked.length > 0 ? marked : harmless).map(({ step, request }) => requestOf(step.name, request));
};

const requestOf = (name: string, { method, path, headers, body, expectStatus }: CompiledStep): StepRequest => ({
  name,
  method,
  path: textOf(path),
  headers: headers.flatMap((header, index): [string, string][] =>
    index % 2 === 0 ? [[textOf(header), textOf(headers[index + 1] ?? '')]] : [],
  ),
  body: bytesOf(body),
  expectStatus,
});

const textOf = (text: Text): string => (typeof text === 'string' ? text : new StringTemplate(text, source).text(0));

const bytesOf = (body: CompiledStep['body']): Uint8Array | undefined => {
  if (body === undefined || body instanceof Uint8Array) return body;
  const template = new Template(body, source);
  const bytes = Buffer.alloc(template.most);
  return bytes.subarray(0, template.write(bytes, 0, false));
};
