// Drives a profile whose answers are streams, and adds up what was counted of them, by the names of the metrics.

import { type Histogram, Histogram as Values } from '../../source/measure/histogram.ts';
import { eachHistogram, readKey } from '../../source/measure/interval.ts';
import { compileText, runSpec } from './compile-text.ts';
import { type Driven, type DriveOptions, drive, isBooksProblem } from './drive.ts';

export interface Streamed {
  readonly driven: Driven;
  /** Sums of counters; of trends how many values there are. */
  readonly counts: Readonly<Record<string, number>>;
  /** Values of trends: of spans in ms, of others in thousandths. */
  readonly trends: ReadonlyMap<string, Histogram>;
  /** Outcomes: class, count and causes. */
  readonly outcomes: readonly (readonly [outcome: string, count: number, causes: readonly string[]])[];
}

export const driveStreams = async (
  profile: string,
  { spec, ...options }: Omit<DriveOptions, 'paths'>,
): Promise<Streamed> => {
  const run = compileText(profile);
  const driven = await drive({
    ...options,
    paths: run.series.map((name): [string, number] => [name, 1]),
    spec: { ...runSpec(run), ...spec },
  });
  const nameOf = (metric: number): string => run.metrics[metric]!.name;
  const counts: Record<string, number> = {};
  const trends = new Map<string, Histogram>();
  for (const { metrics, cells } of driven.intervals) {
    for (const { metric, count, sum } of metrics) {
      const name = nameOf(metric);
      counts[name] = (counts[name] ?? 0) + (run.metrics[metric]!.kind === 'trend' ? count : sum);
    }
    eachHistogram(cells, (key, pairs) => {
      const cell = readKey(key);
      if (cell.type !== 'metric') return;
      const values = trends.get(nameOf(cell.metric)) ?? new Values();
      values.add(pairs);
      trends.set(nameOf(cell.metric), values);
    });
  }
  const problems = driven.problems.filter((text) => !isBooksProblem(text));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const outcomes = driven.summary.outcomes.map(
    ({ outcome, count, causes }) => [outcome, count, causes.map(({ cause }) => cause)] as const,
  );
  return { driven, counts, trends, outcomes };
};
