// What a profile counts beside its requests: metrics that it declares, and what each step adds to them. Plain data; what is
// counted when is engine/counts.ts, and how it is shown the readers' of measure/metric.ts.

import type { MetricKind } from '../measure/metric.ts';

/** What of a request can be counted without looking into its answer. */
export const countables = ['request.bytes', 'response.bytes', 'response.ms', 'good', 'failed'] as const;
export type Countable = (typeof countables)[number];

/** A number that each request counts; something of it; a number in its answer, or one that a function makes of it. */
export type CountedValue = number | Countable | { readonly json: string } | CountingFunction;

/** What a function of the profile, by its index, says of an answer. */
export interface CountingFunction {
  readonly function: number;
}

/** What a step counts. */
export interface StepCount {
  /** Name of a declared metric. */
  readonly metric: string;
  readonly value: CountedValue;
}

/** A metric as a profile declares it. */
export interface DeclaredMetric {
  readonly name: string;
  readonly kind: MetricKind;
  /** Undefined: that of what it counts, where it has one. */
  readonly unit: string | undefined;
}

/** What a value is measured in; undefined for a mere number. */
export const unitOfValue = (value: CountedValue): 'ms' | 'bytes' | undefined => {
  if (value === 'response.ms') return 'ms';
  return value === 'request.bytes' || value === 'response.bytes' ? 'bytes' : undefined;
};

const isHit = (value: CountedValue): boolean => value === 'good' || value === 'failed';

/** What was expected in place of a value that a metric cannot count; undefined where it can. */
export const countFault = ({ name, kind, unit }: DeclaredMetric, value: CountedValue): string | undefined => {
  const isJson = typeof value === 'object';
  if (kind === 'rate' && !isHit(value) && !isJson) {
    return `good, failed or { json: $.path }, as ${name} is a rate (a share of what was counted)`;
  }
  if ((kind === 'gauge' || kind === 'trend') && isHit(value)) {
    return `a value such as response.ms, as ${name} is a ${kind} (good and failed are for counters and rates)`;
  }
  const own = unitOfValue(value);
  if (own !== undefined && unit !== undefined && unit !== own) return `a value in ${unit}, the unit of ${name}`;
  return undefined;
};
