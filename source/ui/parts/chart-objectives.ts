// The objectives of the run as charts draw them: those that bound what a chart shows.

import { formatRateNumber, formatShort } from '../../common/units.ts';
import type { ObjectiveState } from '../../session/state.ts';
import type { ChartObjective } from '../charts/overlay.ts';
import type { Seen } from '../seen.ts';

type Metric = ObjectiveState['metric'];

const times: ReadonlySet<Metric> = new Set(['p50', 'p95', 'p99', 'max']);

/** Bounds of response times, ms; objectives are about good requests. */
export const latencyObjectives = ({ objectives, look }: Seen): readonly ChartObjective[] =>
  look.latency === 'good' ? labelled(objectives, (metric) => times.has(metric), formatShort) : [];

/** Bounds of rates, per second. */
export const rateObjectives = ({ objectives }: Seen): readonly ChartObjective[] =>
  labelled(objectives, (metric) => metric === 'rate', formatRateNumber);

const labelled = (
  objectives: readonly ObjectiveState[],
  wanted: (metric: Metric) => boolean,
  format: (value: number) => string,
): readonly ChartObjective[] =>
  objectives
    .filter(({ metric }) => wanted(metric))
    .map(({ metric, bound }) => ({ value: bound, label: `objective ${metric} ${format(bound)}` }));

/**
 * The highest value that a scale must reach so that bounds near the data are in sight.
 * @param reach how many times as high as the data a bound may be
 */
export const withObjectives = (highest: number, objectives: readonly ChartObjective[], reach: number): number =>
  objectives.reduce((top, { value }) => (value > top && value <= highest * reach ? value : top), highest);
