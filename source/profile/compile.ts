// Turns a profile into what the engine's workers run: steps with their bytes made once, series numbered, templates
// checked. Pure; nothing here knows how a request is sent.

import { UserError } from '../common/errors.ts';
import type { Metric } from '../measure/metric.ts';
import { compileMetrics } from './compile-counts.ts';
import { type CompiledScenario, compileScenario } from './compile-scenario.ts';
import type { Common } from './compile-step.ts';
import { type Feeder, noRunValues, noTemplateData, type TemplateData } from './data.ts';
import type { ProfileCode } from './functions.ts';
import { type Header, mergeHeaders } from './headers.ts';
import type { Profile, Step } from './profile.ts';
import { seriesNames } from './series-names.ts';
import { Streams } from './streams.ts';
import { callsIn, readTemplates, type Text } from './templates.ts';

export type { CompiledScenario } from './compile-scenario.ts';
export type { CompiledStep } from './compile-step.ts';

/** What a run sends: plain data that crosses into worker threads. */
export interface CompiledRun {
  readonly scenarios: readonly CompiledScenario[];
  /** Names of the series in the order of their index; each name occurs once. */
  readonly series: readonly string[];
  /** Metrics beside the requests', in the order of their index. */
  readonly metrics: readonly Metric[];
  /** What the requests of each series hold, in the word of the profile: `events`; undefined where none holds anything. */
  readonly items: readonly (string | null)[] | undefined;
  /** Files of rows that templates draw from. */
  readonly feeders: readonly Feeder[];
  /** Where the functions of the profile stand; undefined where it has none. */
  readonly code?: ProfileCode | undefined;
  /** What is done once, before the load and after it; undefined: nothing. */
  readonly setup: CompiledOnce | undefined;
  readonly teardown: CompiledOnce | undefined;
  /** Headers of requests that remove what steps made: name, value, name, value; undefined where nothing is made. */
  readonly cleanUp: readonly Text[] | undefined;
}

/** Steps that are made once, in the main thread: a scenario with series and metrics of its own. */
export interface CompiledOnce {
  readonly scenario: CompiledScenario;
  readonly series: readonly string[];
  readonly metrics: readonly Metric[];
}

export interface CompileOptions {
  readonly userAgent: string;
  /** Lists and files that templates draw from, as they were found; default: none. */
  readonly data?: TemplateData;
  /** What the set-up of the run captured; default: it was not run yet. */
  readonly captured?: ReadonlyMap<string, unknown>;
}

/**
 * Compiles the scenarios of a profile.
 * @throws UserError for double braces that are no template, or a profile that can never send anything.
 */
export const compile = (profile: Profile, options: CompileOptions): CompiledRun => {
  if (!profile.scenarios.some(({ own, weight, steps }) => !own && weight > 0 && steps.length > 0)) {
    throw new UserError(`profile ${profile.name}: expected at least one scenario with a weight above 0 and a step`);
  }
  const series = seriesNames(profile.scenarios);
  const { data = noTemplateData.data } = options;
  const streams = new Streams();
  const feeders = data.feeders.map((table) => ({ ...table, stream: streams.take() }));
  const metrics: Metric[] = [...compileMetrics(profile.metrics, profile.scenarios)];
  const common = commonOf(profile, options, streams, metrics);
  const { load, code } = profile;
  let next = 0;
  const scenarios = profile.scenarios.map((scenario) => {
    const { model } = scenario.own?.load ?? load;
    const hasUsers = model === 'closed' || model === 'full speed';
    if (!hasUsers && (scenario.setup || scenario.teardown)) throw withoutUsers(scenario.name, model);
    const compiled = compileScenario(scenario, next, common);
    next += scenario.steps.length;
    return compiled;
  });
  const items = profile.scenarios.flatMap(({ steps }) => steps.map((step) => step.items?.of ?? null));
  return {
    scenarios,
    series,
    items: items.some((word) => word !== null) ? items : undefined,
    feeders,
    metrics,
    code,
    // Behind all others, so that what the load draws does not depend on them.
    setup: compileOnce('setup', profile, { ...common, run: noRunValues }),
    teardown: compileOnce('teardown', profile, common),
    cleanUp: common.removing.size > 0 ? compileCleanUp(profile.cleanUpHeaders, common) : undefined,
  };
};

const commonOf = (
  { cookies, data: sources, scenarios, setup, teardown, code }: Profile,
  { userAgent, data = noTemplateData.data, captured = noRunValues.values }: CompileOptions,
  streams: Streams,
  metrics: Metric[],
): Common => {
  const all = [...scenarios, ...(setup ? [setup] : []), ...(teardown ? [teardown] : [])].flatMap(({ steps }) => steps);
  const removing = new Set(all.flatMap(({ creates }) => creates?.method ?? []));
  const names = (setup?.steps ?? []).flatMap(({ captures = [] }) => captures.map(({ name }) => name));
  const run = { names: [...new Set(names)], values: captured };
  const functions = code?.functions.length ?? 0;
  return { userAgent, streams, data, sources, cookies, functions, removing, run, metrics };
};

const compileOnce = (part: 'setup' | 'teardown', profile: Profile, common: Common): CompiledOnce | undefined => {
  const once = profile[part];
  if (!once) return undefined;
  const scenario = {
    name: part,
    weight: 1,
    ...once,
    ...(part === 'setup' && { steps: stepsOfSetup(once.steps, profile) }),
  };
  const metrics: Metric[] = [...compileMetrics(profile.metrics, [once])];
  return { scenario: compileScenario(scenario, 0, { ...common, metrics }), series: seriesNames([scenario]), metrics };
};

/** A login has no use for the token that it is there to get: common headers are left out until what they hold was captured. */
const stepsOfSetup = (steps: readonly Step[], { cleanUpHeaders }: Profile): readonly Step[] => {
  const captured = (some: readonly Step[]): Set<string> =>
    new Set(some.flatMap(({ captures = [] }) => captures.map(({ name }) => name)));
  const all = captured(steps);
  return steps.map((step, index) => {
    const known = captured(steps.slice(0, index));
    const isTooEarly = ([name, value]: Header): boolean =>
      cleanUpHeaders.some((header) => header[0] === name && header[1] === value) &&
      callsIn(value).some((call) => {
        const [word = ''] = call.name.split(/[.[]/);
        return all.has(word) && !known.has(word);
      });
    return { ...step, headers: step.headers.filter((header) => !isTooEarly(header)) };
  });
};

/** Headers of a request that belongs to no user. @throws UserError for what only a user knows */
const compileCleanUp = (
  headers: Profile['cleanUpHeaders'],
  { userAgent, streams, data, run, functions }: Common,
): readonly Text[] =>
  mergeHeaders([['User-Agent', userAgent]], headers).flatMap(([name, value]) => [
    name,
    readTemplates(value, `header ${name} of the clean-up`, streams, { data, place: 'header', run, functions }),
  ]);

const withoutUsers = (scenario: string, model: string): UserError =>
  new UserError(
    `scenario "${scenario}": found setup or teardown, which run once for each virtual user, in the ${model} model`,
    { hint: 'expected a load of users, such as load: { users: 20 }, or -u 20' },
  );
