// A second as it stands in a recording, made into what it was: names back to counters, histograms back into cells. What
// the recording does not keep is the ownership of cells by worker; they are those of all. Reading lines is replay.ts.

import { causes as causeTable } from '../measure/cause.ts';
import { decodeCounts, type SparseCounts } from '../measure/histogram.ts';
import {
  baselines as baselineNames,
  joinHistograms,
  metricKey,
  type OutcomeCount,
  type SeriesCount,
  spanKey,
  spans as spanNames,
  waitKey,
  waits as waitNames,
} from '../measure/interval.ts';
import type { MetricCount } from '../measure/metric.ts';
import { outcomeGroups } from '../measure/outcome.ts';
import type { Percentiles, Second } from '../measure/second.ts';

/** A number as JSON has it: null in place of NaN. */
export type Written = number | null;

/** As `Second` is written by outputs/recorded-second.ts. */
export interface WrittenSecond
  extends Omit<
    Second,
    'series' | 'metrics' | 'cells' | 'workers' | 'loopUtilisation' | 'good' | 'serviceP50Ms' | 'pacingP99Ms'
  > {
  readonly series: readonly (Omit<SeriesCount, 'outcomes'> & { readonly outcomes: readonly WrittenOutcome[] })[];
  /** Absent, as the trends are, where the version that wrote it counted none. */
  readonly metrics?: readonly WrittenMetric[];
  readonly workers: readonly {
    readonly share: number;
    readonly loopUtilisationRatio: Written;
    readonly loopDelayMs: Written;
  }[];
  readonly loopUtilisation: Written;
  readonly good: { readonly [Name in keyof Percentiles]: Written };
  readonly serviceP50Ms: Written;
  readonly pacingP99Ms: Written;
  readonly waits: Readonly<Record<string, string>>;
  readonly baselines: Readonly<Record<string, string>>;
  readonly spans: Readonly<Record<string, string>>;
  readonly trends?: Readonly<Record<string, string>>;
}

type WrittenMetric = Omit<MetricCount, 'example' | 'exampleAt'> & Partial<Pick<MetricCount, 'example' | 'exampleAt'>>;

interface WrittenCount {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly example?: string;
}

interface WrittenOutcome extends WrittenCount {
  readonly outcome: string;
  readonly causes?: readonly (WrittenCount & { readonly cause: string })[];
}

const causeIndexes = new Map<string, number>(causeTable.map(({ name }, index) => [name, index]));

/** A number that may have been NaN. */
export const numberOf = (written: Written): number => written ?? Number.NaN;

/** @throws Error that says what in it is not as it should be */
export const replayedSecond = (written: WrittenSecond): Second => {
  const { series, metrics = [], workers, waits, baselines, spans, trends = {}, good, ...rest } = written;
  return {
    ...rest,
    series: series.map(({ outcomes, ...counts }) => ({
      ...counts,
      outcomes: outcomes.flatMap(outcomeCounts).toSorted(byCause),
    })),
    metrics: metrics.map(({ example, exampleAt, ...counts }) => ({ ...counts, example, exampleAt })),
    workers: workers.map(({ share, loopUtilisationRatio, loopDelayMs }) => ({
      share,
      loopUtilisation: numberOf(loopUtilisationRatio),
      loopDelayMs: numberOf(loopDelayMs),
    })),
    cells: joinHistograms(
      [...histograms(waits, baselines, spans), ...trendCells(trends)].toSorted(([a], [b]) => a - b),
    ),
    loopUtilisation: numberOf(rest.loopUtilisation),
    serviceP50Ms: numberOf(rest.serviceP50Ms),
    pacingP99Ms: numberOf(rest.pacingP99Ms),
    good: {
      count: numberOf(good.count),
      p50: numberOf(good.p50),
      p95: numberOf(good.p95),
      p99: numberOf(good.p99),
      max: numberOf(good.max),
    },
  };
};

const byCause = (a: OutcomeCount, b: OutcomeCount): number => a.cause - b.cause;

const outcomeCounts = ({ outcome, causes, ...whole }: WrittenOutcome): OutcomeCount[] =>
  // A class whose one cause has its name is written without it.
  (causes ?? [{ ...whole, cause: outcome }]).map(({ cause, count, firstAt, lastAt, example }) => ({
    cause: indexIn(causeIndexes, cause, 'cause'),
    count,
    firstAt,
    lastAt,
    example,
  }));

const histograms = (
  waits: WrittenSecond['waits'],
  baselines: WrittenSecond['baselines'],
  spans: WrittenSecond['spans'],
): (readonly [key: number, pairs: SparseCounts])[] => [
  ...Object.entries(waits).map(
    ([name, text]) => [waitKey(placeIn(waitNames, name, 'wait')), decodeCounts(text)] as const,
  ),
  ...Object.entries(baselines).map(
    ([name, text]) => [waitNames.length + placeIn(baselineNames, name, 'baseline'), decodeCounts(text)] as const,
  ),
  ...Object.entries(spans).map(([name, text]) => [keyOfSpan(name), decodeCounts(text)] as const),
];

const trendCells = (trends: Readonly<Record<string, string>>): (readonly [key: number, pairs: SparseCounts])[] =>
  Object.entries(trends).map(([index, text]) => {
    if (!/^\d+$/.test(index)) throw new Error(`found a trend "${index}", expected the index of a metric`);
    return [metricKey(Number(index)), decodeCounts(text)];
  });

/** The key behind `0/good/response`. */
const keyOfSpan = (name: string): number => {
  const [series = '', group = '', span = ''] = name.split('/');
  if (!/^\d+$/.test(series)) throw new Error(`found a span "${name}", expected one such as "0/good/response"`);
  return spanKey(Number(series), placeIn(outcomeGroups, group, 'outcome group'), placeIn(spanNames, span, 'span'));
};

const placeIn = (names: readonly string[], name: string, what: string): number => {
  const place = names.indexOf(name);
  if (place < 0) throw new Error(`found a ${what} "${name}", expected one of ${names.join(', ')}`);
  return place;
};

const indexIn = (indexes: ReadonlyMap<string, number>, name: string, what: string): number => {
  const index = indexes.get(name);
  if (index === undefined) throw new Error(`found a ${what} "${name}" that this version does not know`);
  return index;
};
