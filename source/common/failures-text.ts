// What went wrong and how often, in a few words: the same on the screen, in lines and in the summary.

import { formatCount } from './units.ts';

/** `429 12, timeout 3`. @param failures classes of outcomes, the most frequent first */
export const failuresText = (failures: readonly { readonly outcome: string; readonly count: number }[]): string =>
  failures.map(({ outcome, count }) => `${outcome} ${formatCount(count)}`).join(', ');
