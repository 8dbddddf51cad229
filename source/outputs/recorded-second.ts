// A second as it stands in a recording: counts by readable names, histograms as HdrHistogram V2 in base64, so that any
// HdrHistogram tool reads them. Writing the lines is recording.ts.

import { encodeCounts } from '../measure/histogram.ts';
import { eachHistogram, readKey, type SeriesCount } from '../measure/interval.ts';
import { outcomeClasses } from '../measure/outcome.ts';
import type { Second } from '../measure/second.ts';

/** What `recordedSecond` makes of the counts of a series. */
export interface RecordedSeries extends Omit<SeriesCount, 'outcomes'> {
  readonly outcomes: readonly {
    readonly outcome: string;
    readonly count: number;
    readonly firstAt: number;
    readonly lastAt: number;
    readonly example?: string;
  }[];
}

export interface RecordedSecond extends Omit<Second, 'series' | 'cells'> {
  readonly series: readonly RecordedSeries[];
  /** Histograms (µs) by the name of the wait: `pacing`. */
  readonly waits: Readonly<Record<string, string>>;
  /** Histograms (µs) by series index, outcome group and span: `0/good/response`. */
  /** Service time of good requests that began before any arrival waited for room. */
  readonly baselines: Readonly<Record<string, string>>;
  readonly spans: Readonly<Record<string, string>>;
}

/** A second in the form of the recording. `readyToEncode` must have been awaited before. */
export const recordedSecond = ({ series, cells, ...rest }: Second): RecordedSecond => {
  const waits: Record<string, string> = {};
  const baselines: Record<string, string> = {};
  const spans: Record<string, string> = {};
  eachHistogram(cells, (key, pairs) => {
    if (pairs.length === 0) return;
    const cell = readKey(key);
    if (cell.type === 'wait') waits[cell.wait] = encodeCounts(pairs);
    else if (cell.type === 'baseline') baselines[cell.baseline] = encodeCounts(pairs);
    else spans[`${cell.series}/${cell.group}/${cell.span}`] = encodeCounts(pairs);
  });
  return { ...rest, series: series.map(recordedSeries), waits, baselines, spans };
};

const recordedSeries = ({ outcomes, ...rest }: SeriesCount): RecordedSeries => ({
  ...rest,
  outcomes: outcomes.map(({ outcome, count, firstAt, lastAt, example }) => ({
    outcome: outcomeClasses[outcome]?.name ?? 'other',
    count,
    firstAt,
    lastAt,
    ...(example === undefined ? {} : { example }),
  })),
});
