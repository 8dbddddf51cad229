// Turns a profile into what the engine's workers run: steps with their bytes made once, series numbered, templates
// checked. Pure; nothing here knows how a request is sent.

import { UserError } from '../common/errors.ts';
import type { Metric } from '../measure/metric.ts';
import { compileMetrics } from './compile-counts.ts';
import { type CompiledScenario, compileScenario } from './compile-scenario.ts';
import type { Common } from './compile-step.ts';
import { type Feeder, noTemplateData, type TemplateData } from './data.ts';
import type { Profile } from './profile.ts';
import { seriesNames } from './series-names.ts';
import { Streams } from './streams.ts';

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
}

export interface CompileOptions {
  readonly userAgent: string;
  /** Lists and files that templates draw from, as they were found; default: none. */
  readonly data?: TemplateData;
}

/**
 * Compiles the scenarios of a profile.
 * @throws UserError for double braces that are no template, or a profile that can never send anything.
 */
export const compile = (profile: Profile, { userAgent, data = noTemplateData.data }: CompileOptions): CompiledRun => {
  if (!profile.scenarios.some(({ weight, steps }) => weight > 0 && steps.length > 0)) {
    throw new UserError(`profile ${profile.name}: expected at least one scenario with a weight above 0 and a step`);
  }
  const series = seriesNames(profile.scenarios);
  const streams = new Streams();
  const feeders = data.feeders.map((table) => ({ ...table, stream: streams.take() }));
  const { cookies, data: sources, load } = profile;
  const metrics: Metric[] = [...compileMetrics(profile.metrics, profile.scenarios)];
  const common: Common = { userAgent, streams, data, sources, cookies, metrics };
  const hasUsers = load.model === 'closed' || load.model === 'full speed';
  let next = 0;
  const scenarios = profile.scenarios.map((scenario) => {
    if (!hasUsers && (scenario.setup || scenario.teardown)) throw withoutUsers(scenario.name, load.model);
    const compiled = compileScenario(scenario, next, common);
    next += scenario.steps.length;
    return compiled;
  });
  const items = profile.scenarios.flatMap(({ steps }) => steps.map((step) => step.items?.of ?? null));
  return { scenarios, series, items: items.some((word) => word !== null) ? items : undefined, feeders, metrics };
};

const withoutUsers = (scenario: string, model: string): UserError =>
  new UserError(
    `scenario "${scenario}": found setup or teardown, which run once for each virtual user, in the ${model} model`,
    { hint: 'expected a load of users, such as load: { users: 20 }, or -u 20' },
  );
