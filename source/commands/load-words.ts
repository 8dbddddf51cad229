// A load in a few words, for lists of profiles and for what is said of a plan. Pure.

import { formatCount, formatLength, formatLoad, formatRate, formatRateNumber } from '../common/units.ts';
import { burstWords } from '../profile/burst-sizes.ts';
import type { Load } from '../profile/profile.ts';

/** `up to 4,000/s`, `200 users, 10 more each second`, `1,000 at once, 5 times`. */
export const loadWords = (load: Load): string => {
  switch (load.model) {
    case 'constant':
      return formatRate(load.rate);
    case 'open':
      return `up to ${formatRate(highest(load.stages))}`;
    case 'closed': {
      const { users, spawnRate } = load;
      const most = typeof users === 'number' ? users : highest(users);
      const spawn = Number.isFinite(spawnRate) ? `, ${formatRateNumber(spawnRate)} more each second` : '';
      return `${typeof users === 'number' ? '' : 'up to '}${formatLoad('closed', most)}${spawn}`;
    }
    case 'full speed':
      return 'full speed';
    case 'burst':
      return burstWords(load.sizes);
  }
};

const highest = (stages: readonly { readonly rate: number }[]): number =>
  Math.max(0, ...stages.map(({ rate }) => rate));

/** When a run ends: `after 3m`, `after 1,000 iterations`, `after the last round`, `when it is stopped`. */
export const endWords = (
  load: Load,
  { durationMs, limit }: { readonly durationMs: number | undefined; readonly limit: number },
): string => {
  const ends = [
    ...(durationMs === undefined ? [] : [formatLength(durationMs)]),
    ...(Number.isFinite(limit) ? [`${formatCount(limit)} iterations`] : []),
    ...(load.model === 'burst' && durationMs === undefined ? ['the last round'] : []),
  ];
  return ends.length === 0 ? 'when it is stopped' : `after ${ends.join(', or ')}`;
};
