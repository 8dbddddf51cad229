// A rate that grows from step to step until a largest, as stages: doubled each half minute, or so many more each minute.

import { UnitError } from '../common/units.ts';
import type { Stage } from '../load/arrival-plan.ts';
import { defaultMaxRate } from './defaults.ts';

export interface Growth {
  /** Times as much, or so many per second more, with each step. */
  readonly factor?: number | undefined;
  readonly step?: number | undefined;
  /** Length of a step, ms. */
  readonly everyMs: number;
  /** No step is above it, per second. */
  readonly most: number;
}

const mostSteps = 1000;

/**
 * The stages of a rate that grows.
 * @throws UnitError where it has no first step, or too many
 */
export const growingStages = (rate: number, { factor, step, everyMs, most }: Growth): readonly Stage[] => {
  if (!(rate > 0)) throw new UnitError('a first rate above 0 to grow from');
  if (rate > most) throw new UnitError('a first rate of at most the largest');
  const levels: number[] = [];
  for (let level = rate; level <= most; level = step === undefined ? level * factor! : level + step) {
    if (levels.length === mostSteps) throw new UnitError(`at most ${mostSteps} steps`);
    levels.push(level);
  }
  return levels.flatMap((level) => [
    { lengthMs: 0, rate: level },
    { lengthMs: everyMs, rate: level },
  ]);
};

/** As a profile has it. */
interface WrittenGrowth {
  readonly factor?: number | undefined;
  readonly step?: number | undefined;
  readonly every: number;
  readonly most?: number | undefined;
}

/** Without a largest, the ceiling of the program is it. */
export const growthOf = ({ factor, step, every, most = defaultMaxRate }: WrittenGrowth): Growth => ({
  factor,
  step,
  everyMs: every,
  most,
});
