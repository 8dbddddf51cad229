// What is said beforehand of objectives that a run cannot be held to as they are written.

import { formatLength, formatRate } from '../common/units.ts';
import type { Profile } from '../profile/profile.ts';

/** @param durationMs undefined for a run without an end @param peak highest rate that is planned */
export const objectiveNotes = (
  { objectives, load, warmupMs }: Profile,
  durationMs: number | undefined,
  peak: number,
): readonly string[] => {
  const measuredMs = (durationMs ?? Infinity) - warmupMs;
  const isRate = load.model === 'open' || load.model === 'constant';
  return objectives.flatMap(({ text, metric, bound, windowMs }) => {
    const short = `objective ${text}: the run is shorter than ${formatLength(windowMs)} and is judged at its end`;
    const low = `objective ${text}: the load reaches ${formatRate(peak)} at the most, unless it is steered`;
    return [...(measuredMs < windowMs ? [short] : []), ...(metric === 'rate' && isRate && peak < bound ? [low] : [])];
  });
};
