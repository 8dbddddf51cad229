// Turns a profile into what the engine's workers run: steps with their bytes made once, series numbered, templates
// checked. Pure; nothing here knows how a request is sent.

import { UserError } from '../common/errors.ts';
import { mergeHeaders } from './headers.ts';
import type { Profile, Scenario, Step } from './profile.ts';
import { Streams } from './template-functions.ts';
import {
  charactersOf,
  mapPart,
  mapText,
  readByteTemplates,
  readTemplates,
  type Text,
  type TextPart,
} from './templates.ts';

/** One HTTP exchange, ready to be sent. Host and Content-Length are left to the client. */
export interface CompiledStep {
  /** Index into the series of the run. */
  readonly series: number;
  readonly method: string;
  /** With query, percent-encoded. */
  readonly path: Text;
  /** Flat: name, value, name, value. */
  readonly headers: readonly Text[];
  /** Bytes; with templates parts of which each character is a byte. */
  readonly body: Uint8Array | readonly TextPart[] | undefined;
  /** Statuses that are as expected; undefined for any 2xx and 3xx. */
  readonly expectStatus: readonly number[] | undefined;
  /** A template stands in the path, a header's value or the body. */
  readonly templated: boolean;
}

export interface CompiledScenario {
  readonly weight: number;
  readonly steps: readonly CompiledStep[];
}

/** What a run sends: plain data that crosses into worker threads. */
export interface CompiledRun {
  readonly scenarios: readonly CompiledScenario[];
  /** Names of the series in the order of their index; each name occurs once. */
  readonly series: readonly string[];
}

/**
 * Compiles the scenarios of a profile.
 * @throws UserError for double braces that are no template, or a profile that can never send anything.
 */
export const compile = (profile: Profile, options: { readonly userAgent: string }): CompiledRun => {
  if (!profile.scenarios.some(({ weight, steps }) => weight > 0 && steps.length > 0)) {
    throw new UserError(`profile ${profile.name}: expected at least one scenario with a weight above 0 and a step`);
  }
  const series = seriesNames(profile.scenarios);
  const streams = new Streams();
  let next = 0;
  const scenarios = profile.scenarios.map((scenario) => ({
    weight: scenario.weight,
    steps: scenario.steps.map((step) => {
      const compiled = compileStep(step, next, options.userAgent, streams);
      next += 1;
      return compiled;
    }),
  }));
  return { scenarios, series };
};

const compileStep = (step: Step, series: number, userAgent: string, streams: Streams): CompiledStep => {
  const path = mapText(readTemplates(step.path, `path of "${step.name}"`, streams), encodePath);
  const headers = mergeHeaders([['User-Agent', userAgent]], step.headers).flatMap(([name, value]) => [
    name,
    readTemplates(value, `header ${name} of "${step.name}"`, streams),
  ]);
  const body = compileBody(step, streams);
  return {
    series,
    method: step.method,
    path,
    headers,
    body,
    expectStatus: step.expectStatus,
    templated:
      [path, ...headers].some((text) => typeof text !== 'string') ||
      (body !== undefined && !(body instanceof Uint8Array)),
  };
};

const compileBody = ({ body, name }: Step, streams: Streams): CompiledStep['body'] => {
  if (body === undefined) return undefined;
  const where = `body of "${name}"`;
  if (typeof body !== 'string') return readByteTemplates(body, where, streams);
  const text = readTemplates(body, where, streams);
  if (typeof text === 'string') return encoder.encode(text);
  return text.map((part) => mapPart(part, (piece) => charactersOf(encoder.encode(piece))));
};

const encoder = new TextEncoder();

/** Percent-encodes what must not stand in a request line; what is encoded already stays as it is. */
const encodePath = (path: string): string => path.toWellFormed().replaceAll(/[^\x21-\x7e]+/gu, encodeURIComponent);

/**
 * A name for each step, in order. A name that occurs more than once gets its scenario's name, two spaces after it, and
 * where that does not tell them apart, a number.
 */
const seriesNames = (scenarios: readonly Scenario[]): readonly string[] => {
  const steps = scenarios.flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })));
  const uses = new Map<string, number>();
  for (const { step } of steps) uses.set(step.name, (uses.get(step.name) ?? 0) + 1);
  const taken = new Set(steps.filter(({ step }) => uses.get(step.name) === 1).map(({ step }) => step.name));
  return steps.map(({ scenario, step }) => {
    if (uses.get(step.name) === 1) return step.name;
    const sameScenario = scenario.steps.filter(({ name }) => name === step.name).length === uses.get(step.name);
    const base = sameScenario ? step.name : `${step.name}  ${scenario.name}`;
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base} #${number}`;
    taken.add(name);
    return name;
  });
};
