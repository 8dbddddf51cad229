// From the words of a profile file to a draft: methods, common headers, names. Pure; files named in it were read before.

import { loadOfRate, type ProfileDraft } from './defaults.ts';
import { type Header, headerValue, mergeHeaders } from './headers.ts';
import type { Load, Scenario, Step } from './profile.ts';
import { type ProfileFile, type StepFile, stepMethods } from './schema.ts';

/** Where a step stands in the file; finds the bytes of its bodyFile. */
export type BodyOf = (step: StepFile) => Uint8Array | undefined;

/** The steps of a file with their places, whichever way they are written. */
export const stepsOf = (
  file: ProfileFile,
): readonly { readonly step: StepFile; readonly path: readonly (string | number)[] }[] => [
  ...(file.steps ?? []).map((step, index) => ({ step, path: ['steps', index] })),
  ...(file.scenarios ?? []).flatMap((scenario, at) =>
    scenario.steps.map((step, index) => ({ step, path: ['scenarios', at, 'steps', index] })),
  ),
];

/** @param name for a file that does not name itself */
export const draftOfFile = (file: ProfileFile, name: string, bodyOf: BodyOf): ProfileDraft => {
  const common = file.headers ?? [];
  const build = (step: StepFile): Step => stepOf(step, common, bodyOf);
  const scenarios: readonly Scenario[] = file.scenarios?.map((scenario, index) => ({
    name: scenario.name ?? `scenario ${index + 1}`,
    weight: scenario.weight ?? 1,
    steps: scenario.steps.map(build),
  })) ?? [{ name: 'main', weight: 1, steps: (file.steps ?? []).map(build) }];
  const { load } = file;
  return {
    name: file.name ?? name,
    description: file.description,
    origin: file.target,
    scenarios,
    load: loadOf(load),
    durationMs: load?.duration,
    limit: load?.requests,
    arrivals: load?.arrivals,
    seed: load?.seed,
    connections: load?.connections,
    maxInFlight: load?.maxInFlight,
    overflow: load?.overflow,
    timeoutMs: file.timeout,
    workers: load?.workers,
    probes: file.probes,
    allow: file.allow,
    record: file.record,
  };
};

const loadOf = (load: ProfileFile['load']): Load | undefined => {
  if (load?.stages) return { model: 'open', stages: load.stages };
  if (load?.rate === undefined) return undefined;
  return loadOfRate(load.rate);
};

const stepOf = (step: StepFile, common: readonly Header[], bodyOf: BodyOf): Step => {
  const key = stepMethods.find((method) => step[method] !== undefined) ?? 'get';
  const method = key.toUpperCase();
  const path = step[key] ?? '/';
  const headers = mergeHeaders(common, step.headers ?? []);
  const isJson = step.json !== undefined;
  return {
    name: step.name ?? `${method} ${path.replace(/\?.*/s, '')}`,
    method,
    path,
    headers:
      isJson && headerValue(headers, 'content-type') === undefined
        ? [...headers, ['Content-Type', 'application/json']]
        : headers,
    body: isJson ? JSON.stringify(step.json) : (step.body ?? bodyOf(step)),
    expectStatus: step.expect?.status,
  };
};
