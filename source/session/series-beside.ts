// Whose requests are held against rounds of bursts: those of the loads that send none, whichever of them is the main one. Pure.

import type { RunInfo } from './events.ts';

/** Indexes of the series of the loads beside bursts; none where there are no bursts. */
export const seriesBesideBursts = ({
  model,
  series,
  beside = [],
}: Pick<RunInfo, 'model' | 'series' | 'beside'>): readonly number[] => {
  const own = new Set(beside.flatMap((load) => load.series));
  const main = { model, series: [...series.keys()].filter((index) => !own.has(index)) };
  const loads = [main, ...beside];
  const isBurst = (load: { readonly model: RunInfo['model'] }): boolean => load.model === 'burst';
  return loads.some(isBurst) ? loads.flatMap((load) => (isBurst(load) ? [] : load.series)) : [];
};
