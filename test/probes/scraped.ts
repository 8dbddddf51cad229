// A target's scrapes, one after the other, as its probe keeps them: families and the book of them, without a server.
import { type Family, FamilyGrouping } from '../../source/probes/metric-family.ts';
import { SeriesCache } from '../../source/probes/prometheus-series.ts';
import { parsePrometheusText } from '../../source/probes/prometheus-text.ts';
import { ScrapeBook } from '../../source/probes/scrape-book.ts';

export class Scraped {
  readonly cache = new SeriesCache();
  readonly book = new ScrapeBook();
  families: ReadonlyMap<string, Family> = new Map();

  /** @param at ms; the wall clock stands at 1,000,000 s */
  take(at: number, text: string): this {
    const grouping = new FamilyGrouping(parsePrometheusText(text, false, this.cache));
    grouping.advance(Number.POSITIVE_INFINITY);
    this.families = grouping.families;
    this.book.begin(at, 1_000_000, this.families);
    for (const family of this.families.values()) this.book.take(family);
    return this;
  }

  /** What a family says now: of counters per second. */
  now(name: string): number | undefined {
    return this.book.course(name)?.now;
  }
}
