// Turns what steps count into indexes: the metrics of a run in the order in which the profile declares them, and for each step
// what the engine adds to which. Pure.

import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import type { Metric, MetricKind } from '../measure/metric.ts';
import { type Objective, objectiveWords } from '../measure/objective.ts';
import { countedFault } from '../measure/objective-counted.ts';
import { type CountedValue, type DeclaredMetric, type StepCount, unitOfValue } from './counts.ts';

/** What a step counts, as the engine needs it. */
export interface CompiledCount {
  /** Index into the metrics of the run. */
  readonly metric: number;
  readonly kind: MetricKind;
  readonly value: CountedValue;
}

/**
 * Holds objectives against what the run counts.
 * @throws UserError for one on a metric that there is not, or on a figure that it has not
 */
export const checkObjectives = (objectives: readonly Objective[], metrics: readonly Metric[]): void => {
  for (const { text, counted } of objectives) {
    const expected = counted && countedFault(counted, metrics, objectiveWords);
    if (expected !== undefined) throw new UserError(`objective ${safeText(text, 60)}: expected ${expected}`);
  }
};

interface Counting {
  readonly name: string;
  readonly counts?: readonly StepCount[] | undefined;
}

/** The metrics that a profile declares, by their index. */
export const compileMetrics = (
  declared: readonly DeclaredMetric[],
  scenarios: readonly { readonly steps: readonly Counting[] }[],
): readonly Metric[] => {
  const counts = scenarios.flatMap(({ steps }) => steps.flatMap((step) => step.counts ?? []));
  return declared.map(({ name, kind, unit }) => {
    const own = counts.filter(({ metric }) => metric === name).map(({ value }) => unitOfValue(value));
    const [first] = own;
    const common = own.every((one) => one === first) ? first : undefined;
    return { name, kind, unit: kind === 'rate' ? undefined : (unit ?? common), source: 'profile', series: undefined };
  });
};

/**
 * What a step counts, by the index of each metric.
 * @throws UserError for a name that is not declared
 */
export const compileCounts = (
  { name: step, counts = [] }: Counting,
  metrics: readonly Metric[],
): readonly CompiledCount[] =>
  counts.map(({ metric: name, value }) => {
    const metric = metrics.findIndex((one) => one.source === 'profile' && one.name === name);
    if (metric < 0) {
      const names = metrics.map((one) => one.name);
      const near = didYouMean(name, names);
      throw new UserError(`count of "${step}": found ${name}, expected a metric that the profile declares`, {
        hint: near === undefined ? 'declare it under metrics' : `did you mean ${near}?`,
      });
    }
    return { metric, kind: metrics[metric]!.kind, value };
  });
