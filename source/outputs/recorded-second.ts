// A second as it stands in a recording: counts by readable names, histograms as HdrHistogram V2 in base64, so that any
// HdrHistogram tool reads them. Writing the lines is recording.ts.

import { byClass } from '../measure/by-class.ts';
import { causes as causeTable } from '../measure/cause.ts';
import { encodeCounts } from '../measure/histogram.ts';
import { eachHistogram, type OutcomeCount, readKey, type SeriesCount } from '../measure/interval.ts';
import { outcomeClasses } from '../measure/outcome.ts';
import type { Second } from '../measure/second.ts';
import { secondWorkers, type WorkerLoopFigures } from './second-counts.ts';

/** How often requests ended so, and when. */
interface RecordedCount {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly example?: string;
}

/** A class of outcomes. */
export interface RecordedOutcome extends RecordedCount {
  readonly outcome: string;
  /** What it is made up of, the most frequent first; left out where its one cause has its name. */
  readonly causes?: readonly (RecordedCount & { readonly cause: string })[];
}

/** What `recordedSecond` makes of the counts of a series. */
export interface RecordedSeries extends Omit<SeriesCount, 'outcomes'> {
  readonly outcomes: readonly RecordedOutcome[];
}

export interface RecordedSecond extends Omit<Second, 'series' | 'cells' | 'workers'> {
  readonly series: readonly RecordedSeries[];
  readonly workers: readonly WorkerLoopFigures[];
  /** Histograms (µs) by the name of the wait: `pacing`. */
  readonly waits: Readonly<Record<string, string>>;
  /** Service time of good requests that began before any arrival waited for room. */
  readonly baselines: Readonly<Record<string, string>>;
  /** Histograms (µs) by series index, outcome group and span: `0/good/response`. */
  readonly spans: Readonly<Record<string, string>>;
  /** Histograms of trends, in steps of their unit, by the index of the metric. */
  readonly trends: Readonly<Record<string, string>>;
}

/** A second in the form of the recording. `readyToEncode` must have been awaited before. */
export const recordedSecond = ({ series, cells, workers, ...rest }: Second): RecordedSecond => {
  const waits: Record<string, string> = {};
  const baselines: Record<string, string> = {};
  const spans: Record<string, string> = {};
  const trends: Record<string, string> = {};
  eachHistogram(cells, (key, pairs) => {
    if (pairs.length === 0) return;
    const cell = readKey(key);
    if (cell.type === 'wait') waits[cell.wait] = encodeCounts(pairs);
    else if (cell.type === 'baseline') baselines[cell.baseline] = encodeCounts(pairs);
    else if (cell.type === 'metric') trends[cell.metric] = encodeCounts(pairs);
    else spans[`${cell.series}/${cell.group}/${cell.span}`] = encodeCounts(pairs);
  });
  const shares = secondWorkers({ workers });
  return { ...rest, series: series.map(recordedSeries), workers: shares, waits, baselines, spans, trends };
};

const recordedSeries = ({ outcomes, ...rest }: SeriesCount): RecordedSeries => ({
  ...rest,
  outcomes: byClass(outcomes).map(({ outcome, causes, ...group }) => {
    const name = outcomeClasses[outcome]!.name;
    const why = causes.map((one) => ({ cause: causeTable[one.cause]!.name, ...recordedCount(one) }));
    const saysMore = why.length > 1 || why[0]?.cause !== name;
    return { outcome: name, ...recordedCount(group), ...(saysMore ? { causes: why } : {}) };
  }),
});

const recordedCount = ({ count, firstAt, lastAt, example }: Omit<OutcomeCount, 'cause'>): RecordedCount => ({
  count,
  firstAt,
  lastAt,
  ...(example === undefined ? {} : { example }),
});
