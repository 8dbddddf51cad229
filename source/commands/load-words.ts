// A load in a few words, for lists of profiles and for what is said of a plan. Pure.

import { formatCount, formatLength, formatLoad, formatRate, formatRateNumber, formatShare } from '../common/units.ts';
import type { ErrorLimit } from '../measure/burst.ts';
import { burstWords } from '../profile/burst-sizes.ts';
import type { Load, Profile } from '../profile/profile.ts';

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
    case 'burst': {
      const { sizes, afterMs } = load;
      return `${burstWords(sizes)}${afterMs > 0 ? `, the first after ${formatLength(afterMs)}` : ''}`;
    }
  }
};

const highest = (stages: readonly { readonly rate: number }[]): number =>
  Math.max(0, ...stages.map(({ rate }) => rate));

/** When a run ends: `after 3m`, `after 1,000 iterations`, `after the last round or with errors>10%`, `when it is stopped`. */
export const endWords = (
  { load, until }: Pick<Profile, 'load' | 'until'>,
  { durationMs, limit }: { readonly durationMs: number | undefined; readonly limit: number },
): string => {
  const ends = [
    ...(durationMs === undefined ? [] : [formatLength(durationMs)]),
    ...(Number.isFinite(limit) ? [`${formatCount(limit)} iterations`] : []),
    ...(load.model === 'burst' && durationMs === undefined ? ['the last round'] : []),
  ];
  const errors = load.model === 'burst' && load.errorLimit ? [limitWords(load.errorLimit)] : [];
  const conditions = [...errors, ...until.map(({ text }) => text)];
  const words = [
    ...(ends.length === 0 ? [] : [`after ${ends.join(', or ')}`]),
    ...(conditions.length === 0 ? [] : [`with ${conditions.join(', or ')}`]),
  ];
  return words.length === 0 ? 'when it is stopped' : words.join(', or ');
};

/** `the first burst that has more than 3 errors`. */
const limitWords = ({ type, most }: ErrorLimit): string => {
  const what =
    type === 'share' ? `${formatShare(most)} errors` : most === 0 ? undefined : `${formatCount(most)} errors`;
  return `the first burst that has ${what === undefined ? 'errors' : `more than ${what}`}`;
};
