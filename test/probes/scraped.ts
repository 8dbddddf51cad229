// A target's scrapes, one after the other, as its probe keeps them: families and the book of them, without a server; and the
// reader's parts in one go, for texts that are known to be small.
import { type Family, FamilyGrouping } from '../../source/probes/metric-family.ts';
import { SeriesCache } from '../../source/probes/prometheus-series.ts';
import { PrometheusText, type Scrape } from '../../source/probes/prometheus-text.ts';
import { ScrapeBook } from '../../source/probes/scrape-book.ts';

/** The whole of a text at once. */
export const parsePrometheusText = (text: string, openMetrics = false, cache = new SeriesCache()): Scrape => {
  for (const _ of cache.sweep());
  const reader = new PrometheusText(openMetrics, cache);
  reader.push(text);
  return reader.finish();
};

/** The families of a scrape. */
export const groupFamilies = (scrape: Scrape): ReadonlyMap<string, Family> => {
  const grouping = new FamilyGrouping(scrape);
  grouping.advance(Number.POSITIVE_INFINITY);
  return grouping.families;
};

export class Scraped {
  readonly cache = new SeriesCache();
  readonly book = new ScrapeBook();
  families: ReadonlyMap<string, Family> = new Map();

  /** @param at ms; the wall clock stands at 1,000,000 s */
  take(at: number, text: string): this {
    this.families = groupFamilies(parsePrometheusText(text, false, this.cache));
    this.book.begin(at, 1_000_000, this.families);
    for (const family of this.families.values()) this.book.take(family);
    return this;
  }

  /** What a family says now: of counters per second. */
  now(name: string): number | undefined {
    return this.book.course(name)?.now;
  }
}
