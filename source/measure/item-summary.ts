// What requests held beside themselves, such as events: how many in all, and per second.

import type { SeriesCount } from './interval.ts';
import type { ItemSummary, SeriesSummary } from './summary.ts';

/** What the requests of each series hold, by its index. */
export type ItemWords = readonly (string | null | undefined)[];

/** What the good requests of a series held; undefined where that is not counted. */
export const itemsOf = (
  { series, items }: SeriesCount,
  words: ItemWords,
  measuredMs: number,
): ItemSummary | undefined =>
  items === undefined
    ? undefined
    : { name: words[series] ?? 'items', count: items, rate: (items * 1000) / Math.max(1, measuredMs) };

/** What the requests of all series held, what has one name as one. */
export const sumItems = (series: readonly SeriesSummary[]): ItemSummary[] => {
  const sums = new Map<string, ItemSummary>();
  for (const { items } of series) {
    if (!items) continue;
    const { count = 0, rate = 0 } = sums.get(items.name) ?? {};
    sums.set(items.name, { name: items.name, count: count + items.count, rate: rate + items.rate });
  }
  return [...sums.values()];
};
