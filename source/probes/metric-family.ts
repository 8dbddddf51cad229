// Sorts the samples of a scrape into families: what belongs to one histogram, which counter a `_total` is of, and what
// unit it is in. The `# TYPE` line is trusted over the name: there are gauges called `…_total`.

import type { Sample } from './prometheus-series.ts';
import type { MetricType, Scrape } from './prometheus-text.ts';

/** A sample that stands in its family. */
export type FamilySample = Readonly<Sample>;

export interface Family {
  /** For matching: dots and the like as underscores, a counter without `_total`. */
  readonly name: string;
  /** As the target writes it; unsafe to print. */
  readonly rawName: string;
  readonly type: MetricType;
  /** From `# UNIT` or the end of the name: `s`, `ms`, `us`, `ns`, `bytes`, `ratio`, `percent`; empty where unknown. */
  readonly unit: string;
  readonly samples: readonly FamilySample[];
}

const suffixes: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['_count', '_sum', '_created'],
  info: ['_info'],
};

/** Where the samples of a name go. */
interface Place {
  readonly family: Family & { readonly samples: FamilySample[] };
  readonly suffix: string;
}

interface Naming {
  readonly family: string;
  readonly type: MetricType;
  readonly suffix: string;
}

/** Puts samples into their families, as many at a time as asked for, and lets each series know what it says now. */
export class FamilyGrouping {
  readonly #scrape: Scrape;
  readonly #places = new Map<string, Place | undefined>();
  readonly #families = new Map<string, Place['family']>();
  #next = 0;

  constructor(scrape: Scrape) {
    this.#scrape = scrape;
  }

  /** By their matching names, in the order of the scrape. */
  get families(): ReadonlyMap<string, Family> {
    return this.#families;
  }

  /** Groups the next `count` samples; false where none are left. */
  advance(count: number): boolean {
    const { samples, turn, cache } = this.#scrape;
    const end = Math.min(samples.length, this.#next + count);
    for (; this.#next < end; this.#next += 1) {
      const sample = samples[this.#next]!;
      const { series } = sample;
      const place = this.#placeOf(series.name);
      if (!place) continue;
      // A summary's quantiles go up and down: what they do says nothing of its count and sum.
      if (isDistribution(place.family) && place.suffix !== '')
        series.unit ??= cache.unitOf(place.family.rawName, series.labels);
      sample.suffix = place.suffix;
      series.take(sample.value, turn);
      place.family.samples.push(sample);
    }
    return this.#next < samples.length;
  }

  /** Undefined for what says nothing but when a series was created. */
  #placeOf(raw: string): Place | undefined {
    if (this.#places.has(raw)) return this.#places.get(raw);
    const naming = namingOf(raw, this.#scrape);
    const place = naming.suffix === '_created' ? undefined : { family: this.#familyOf(naming), suffix: naming.suffix };
    this.#places.set(raw, place);
    return place;
  }

  #familyOf({ family: rawName, type }: Naming): Place['family'] {
    const plain = plainName(rawName);
    const short = type === 'counter' ? plain.replace(/_total$/, '') : plain;
    // `jobs` and `jobs_total` may be two families: the second keeps its ending.
    const taken = this.#families.get(short);
    const name = taken === undefined || taken.rawName === rawName ? short : plain;
    const known = this.#families.get(name);
    if (known) return known;
    const unit = unitOf(name, this.#scrape.families.get(rawName)?.unit);
    const made = { name, rawName, type, unit, samples: [] };
    this.#families.set(name, made);
    return made;
  }
}

/** Whether a family counts observations by their size. */
export const isDistribution = ({ type }: Pick<Family, 'type'>): boolean => type === 'histogram' || type === 'summary';

const namingOf = (raw: string, { families }: Scrape): Naming => {
  const own = families.get(raw)?.type;
  if (own !== undefined) return { family: raw, type: own, suffix: '' };
  const cut = raw.lastIndexOf('_');
  const suffix = cut > 0 ? raw.slice(cut) : '';
  const base = raw.slice(0, cut);
  const type = families.get(base)?.type;
  if (type !== undefined && suffixes[type]?.includes(suffix)) return { family: base, type, suffix };
  // Without a type only the suffix is left to go by.
  return { family: raw, type: suffix === '_total' ? 'counter' : 'untyped', suffix: '' };
};

const plainName = (raw: string): string => raw.replaceAll(/[^a-zA-Z0-9_:]+/g, '_').toLowerCase();

const unitNames: Readonly<Record<string, string>> = {
  s: 's',
  seconds: 's',
  ms: 'ms',
  milliseconds: 'ms',
  us: 'us',
  microseconds: 'us',
  ns: 'ns',
  nanoseconds: 'ns',
  by: 'bytes',
  bytes: 'bytes',
  '1': 'ratio',
  ratio: 'ratio',
  utilization: 'ratio',
  percent: 'percent',
};

const unitOf = (name: string, declared: string | undefined): string => {
  const bare = name.replace(/_(max|min|limit|capacity|used)$/, '');
  const last = bare.slice(bare.lastIndexOf('_') + 1);
  // OpenTelemetry gives unit 1 to ratios and to plain numbers alike: only the name can tell.
  const said = declared === '1' ? undefined : declared?.toLowerCase();
  return unitNames[said ?? ''] ?? (last === '1' ? '' : (unitNames[last] ?? ''));
};

/** Milliseconds in one of the unit; undefined for what is no time. */
export const millisecondsIn = (unit: string): number | undefined => millisecondsByUnit.get(unit);

const millisecondsByUnit = new Map([
  ['s', 1000],
  ['ms', 1],
  ['us', 1e-3],
  ['ns', 1e-6],
]);
