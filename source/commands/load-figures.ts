// From a profile and the plan of its run to what the checks before it go by: the figures of the load, the way to the target,
// and the steps that may be sent once.

import { readFileSync } from 'node:fs';
import { wallNow } from '../common/clock.ts';
import type { Transport } from '../engine/protocol.ts';
import { RowReader } from '../engine/row-reader.ts';
import { StringTemplate, Template } from '../engine/template.ts';
import { plainSource, type ValueSource } from '../engine/template-value.ts';
import { blockBytes } from '../engine/upload.ts';
import type { LoadFigures } from '../preflight/load-figures.ts';
import type { PortUse } from '../preflight/machine-checks.ts';
import { isLoopback, type Route } from '../preflight/route.ts';
import type { StepRequest } from '../preflight/step-check.ts';
import type { CompiledRun, CompiledScenario, CompiledStep } from '../profile/compile.ts';
import type { CompiledUpload } from '../profile/compile-body.ts';
import { requestsOf } from '../profile/compile-scenario.ts';
import { hangsOnTurn, needsTurn } from '../profile/compile-step.ts';
import type { Profile, Step } from '../profile/profile.ts';
import type { Text, TextPart } from '../profile/templates.ts';
import type { BesidePlan } from './plan-beside.ts';
import type { RunPlan } from './plan-run.ts';
import { highestOf } from './plan-segments.ts';
import { originOf } from './transport.ts';

/**
 * The figures of all loads of a profile together; bodies are those of the main one.
 * @param plan made without a limit on descriptors: what the load wants, not what it gets
 * @param beside the loads beside it
 */
export const figuresOf = (
  profile: Profile,
  { scenarios: all, feeders }: CompiledRun,
  plan: RunPlan,
  beside: readonly BesidePlan[] = [],
): LoadFigures => {
  const scenarios = all.filter((_, index) => !profile.scenarios[index]?.own);
  const plans = [plan, ...beside.map((each) => each.plan)];
  const sum = (amount: (of: RunPlan) => number): number => plans.reduce((total, of) => total + amount(of), 0);
  const weight = scenarios.reduce((sum, each) => sum + each.weight, 0);
  const mean = (amount: (scenario: CompiledScenario) => number): number =>
    scenarios.reduce((sum, each) => sum + each.weight * amount(each), 0) / weight;
  const source = sourceOf(feeders);
  const requests = mean(({ steps }) => steps.length);
  const perRequest = (amount: (step: CompiledStep) => number): number =>
    mean(({ steps }) => steps.reduce((sum, step) => sum + amount(step), 0)) / requests;
  return {
    model: plan.model,
    requestRate: plan.model === 'open' ? highestOf(plan.segments) * mean(requestsOf) + rateOf(beside, all) : undefined,
    connections: sum(({ connections }) => connections),
    needsAll: plan.model === 'closed' || plan.model === 'burst',
    maxInFlight: sum(({ maxInFlight }) => maxInFlight),
    keepAlive: profile.connection.keepAlive,
    bodyBytes: perRequest((step) => bodySize(step, source)),
    heldBytes: perRequest((step) => heldSize(step, source)),
    workers: sum(({ workers }) => workers),
    mostWorkers: plan.mostWorkers + beside.reduce((total, each) => total + each.plan.workers, 0),
  };
};

/** Requests per second of the loads beside that have a rate, at the most. */
const rateOf = (beside: readonly BesidePlan[], scenarios: readonly CompiledScenario[]): number =>
  beside.reduce(
    (total, { plan, scenario }) =>
      plan.model === 'open' ? total + highestOf(plan.segments) * requestsOf(scenarios[scenario]!) : total,
    0,
  );

/** Arrival 0, as it would be sent now. */
export const sourceOf = (feeders: CompiledRun['feeders']): ValueSource => ({
  ...plainSource(0, wallNow()),
  rows: feeders.map((table) => new RowReader(table, 0, 1)),
});

const bodySize = ({ body, upload }: CompiledStep, source: ValueSource): number => {
  if (upload) {
    const sizes = upload.pieces.map((piece) => ('path' in piece ? piece.size : new Template(piece, source).most));
    return sizes.reduce((sum, size) => sum + size, 0);
  }
  if (body === undefined) return 0;
  return body instanceof Uint8Array ? body.length : new Template(body, source).most;
};

const heldSize = (step: CompiledStep, source: ValueSource): number =>
  step.upload ? blockBytes : bodySize(step, source);

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

/** The path of the load's first request, as that of arrival 0; of those that are known beforehand. */
export const firstPath = ({ scenarios, feeders }: Pick<CompiledRun, 'scenarios' | 'feeders'>): string => {
  const paths = scenarios.flatMap(({ weight, steps }) => (weight > 0 ? steps.map(({ path }) => path) : []));
  const first = paths.find((path) => !hangsOnTurn(path));
  return first === undefined ? '/' : textOf(first, sourceOf(feeders));
};

/**
 * The steps that doctor sends: those marked for it; without a mark the first that is a GET or HEAD, which change nothing;
 * as arrival 0 would send them.
 */
export const stepsToSend = (
  { scenarios }: Pick<Profile, 'scenarios'>,
  compiled: CompiledRun,
): readonly StepRequest[] => {
  const all = scenarios.flatMap(({ steps }, at) =>
    steps.map((step, index) => ({ step, request: compiled.scenarios[at]!.steps[index]! })),
  );
  // What only a step before it could tell, or a function makes, is not known here.
  const pairs = all.filter(({ request }) => !needsTurn(request));
  const marked = pairs.filter(({ step }) => step.preflight);
  const harmless = pairs.filter(({ step }) => isHarmless(step)).slice(0, 1);
  const source = sourceOf(compiled.feeders);
  return (marked.length > 0 ? marked : harmless).map(({ step, request }) => requestOf(step.name, request, source));
};

const isHarmless = ({ method }: Step): boolean => method === 'GET' || method === 'HEAD';

/** Why none of them is sent. */
export const whyNoneIsSent = ({ scenarios }: Pick<Profile, 'scenarios'>): string =>
  scenarios.some(({ steps }) => steps.some((step) => step.preflight || isHarmless(step)))
    ? 'not sent: what may be holds what only a set-up, a step before it or a function tells'
    : 'not sent: only GET and HEAD are, and steps of a profile with preflight: true';

const requestOf = (
  name: string,
  { method, path, headers, body, upload, expectStatus, redirects }: CompiledStep,
  source: ValueSource,
): StepRequest => ({
  name,
  method,
  path: textOf(path, source),
  headers: headers.flatMap((header, index): [string, string][] =>
    index % 2 === 0 ? [[textOf(header, source), textOf(headers[index + 1] ?? '', source)]] : [],
  ),
  body: upload ? Buffer.concat(upload.pieces.map((piece) => pieceOf(piece, source))) : bytesOf(body, source),
  expectStatus,
  ...(redirects && { follows: true }),
});

const textOf = (text: Text, source: ValueSource): string =>
  typeof text === 'string' ? text : new StringTemplate(text, source).text(0);

/** A piece of an upload: once, a file is read whole. */
const pieceOf = (piece: CompiledUpload['pieces'][number], source: ValueSource): Uint8Array =>
  'path' in piece ? readFileSync(piece.path) : filled(piece, source);

const bytesOf = (body: CompiledStep['body'], source: ValueSource): Uint8Array | undefined =>
  body === undefined || body instanceof Uint8Array ? body : filled(body, source);

const filled = (parts: readonly TextPart[], source: ValueSource): Uint8Array => {
  const template = new Template(parts, source);
  const bytes = Buffer.alloc(template.most);
  return bytes.subarray(0, template.write(bytes, 0, false));
};
