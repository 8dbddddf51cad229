// The part of the profile language that says what is counted beside the requests: metrics, and what a step adds to them.

import { z } from 'zod';
import { readJsonPath } from '../common/json-path.ts';
import { metricKinds } from '../measure/metric.ts';
import { objectiveWords } from '../measure/objective.ts';
import { type CountedFigure, countedFault } from '../measure/objective-counted.ts';
import { countables, countFault, type DeclaredMetric, type StepCount } from './counts.ts';
import { isFunctionAt } from './functions.ts';
import { countOrFunction } from './schema-functions.ts';
import { address, eitherForm, isMapping, line, section } from './schema-parts.ts';

/** More than anybody reads; each trend of them is 88 kB in every worker. */
const mostMetrics = 200;
const nameShape = /^[A-Za-z0-9_.-]{1,60}$/;

const kind = z.enum(metricKinds, { error: `one of ${metricKinds.join(', ')}` });
const unit = line('a unit such as ms or bytes').max(16, { error: 'a unit of at most 16 characters' });

const declared = eitherForm(
  kind,
  section({ type: kind, unit: unit.optional() }, 'a mapping such as { type: trend, unit: bytes }'),
);

/** The key `metrics`. */
export const metrics = z
  .record(z.string(), declared, { error: 'a mapping of names to kinds, such as events_sent: counter' })
  .transform((map, context): readonly DeclaredMetric[] => {
    const fault = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const all = Object.entries(map);
    if (all.length > mostMetrics) fault([], `at most ${mostMetrics} metrics`);
    return all.map(([name, written]) => {
      const { type, unit: own = undefined } = typeof written === 'string' ? { type: written } : written;
      if (!nameShape.test(name)) fault([name], 'a name of letters, digits, _ . - (up to 60)');
      if (type === 'rate' && own !== undefined) fault([name, 'unit'], 'no unit, as a rate is a share');
      return { name, kind: type, unit: own };
    });
  });

const valueWords = `a number of at least 0, ${countables.join(', ')} or { json: $.path }`;

/** The words of a path, which are read again where they are followed. */
const jsonPath = (text: string): string => {
  readJsonPath(text);
  return text;
};

const value = countOrFunction(
  eitherForm(
    z.union([z.number().min(0, { error: valueWords }), z.enum(countables)], { error: valueWords }),
    section({ json: address(jsonPath, 'a JSON path such as $.accepted') }, valueWords),
  ),
);

/** The key `count` of a step. */
export const count = z
  .record(z.string(), value, { error: 'a mapping of metrics to what is counted, such as events_sent: 10' })
  .transform((map): readonly StepCount[] =>
    Object.entries(map).map(([metric, counted]) => ({
      metric,
      value: isFunctionAt(counted) ? { function: counted.index } : counted,
    })),
  );

type Path = readonly (string | number)[];

/**
 * What was expected in place of an objective on a metric that the profile declares; what is no such name may be one of its
 * expectations, which are known when it is compiled.
 */
export const objectiveFault = (figure: CountedFigure, known: readonly DeclaredMetric[]): string | undefined => {
  if (figure.name === undefined || !nameShape.test(figure.name)) return undefined;
  // Units that nobody declared are those of what is counted: whether the bound's is one of them is seen then.
  const unit = figure.unit === 'bytes/s' ? 'bytes' : figure.unit;
  return countedFault(
    figure,
    known.map((metric) => ({ ...metric, source: 'profile', unit })),
    objectiveWords,
  );
};

/** A count that no declared metric can take. */
interface CountFault {
  /** Of the count, or of the mapping that has an unknown name. */
  readonly path: Path;
  readonly expected: string;
  readonly unknown?: string;
}

/** Keys that lead from the top of a profile to its steps. */
const ways = new Set(['scenarios', 'steps', 'else', 'setup', 'teardown']);

/** Holds what the steps of a profile count against the metrics that it declares. @param file as it was read */
export const countFaults = (
  file: unknown,
  known: readonly DeclaredMetric[],
  path: Path = [],
): readonly CountFault[] => {
  if (Array.isArray(file)) return file.flatMap((one, index) => countFaults(one, known, [...path, index]));
  if (!isMapping(file)) return [];
  const below = Object.entries(file).flatMap(([key, inside]) =>
    ways.has(key) ? countFaults(inside, known, [...path, key]) : [],
  );
  const own = isCounts(file.count) ? file.count : [];
  return [...own.flatMap((one) => faultOf(one, known, [...path, 'count'])), ...below];
};

const isCounts = (read: unknown): read is readonly StepCount[] =>
  Array.isArray(read) && read.every((one) => isMapping(one) && typeof one.metric === 'string' && 'value' in one);

const faultOf = ({ metric, value: counted }: StepCount, known: readonly DeclaredMetric[], path: Path): CountFault[] => {
  const found = known.find(({ name }) => name === metric);
  if (found) {
    const expected = countFault(found, counted);
    return expected === undefined ? [] : [{ path: [...path, metric], expected }];
  }
  if (known.length === 0) {
    return [{ path: [...path, metric], expected: `its metric under metrics: { ${metric}: counter } at the top` }];
  }
  return [{ path, unknown: metric, expected: known.map(({ name }) => name).join(', ') }];
};
