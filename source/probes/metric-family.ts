// Sorts the samples of a scrape into families: what belongs to one histogram, which counter a `_total` is of, and what
// unit it is in. The `# TYPE` line is trusted over the name: there are gauges called `…_total`.

import type { MetricType, Sample, Scrape } from './prometheus-text.ts';

export interface FamilySample extends Sample {
  /** What the sample's name adds to its family's: empty, `_total`, `_bucket`, `_sum`, `_count`. */
  readonly suffix: string;
}

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

interface Place {
  readonly family: string;
  readonly type: MetricType;
  readonly suffix: string;
}

/** The families of a scrape by their matching name, in the order of the scrape. */
export const groupFamilies = (scrape: Scrape): ReadonlyMap<string, Family> => {
  const places = new Map<string, Place>();
  const families = new Map<string, Family & { readonly samples: FamilySample[] }>();
  for (const sample of scrape.samples) {
    const raw = sample.series.name;
    let place = places.get(raw);
    if (!place) {
      place = placeOf(raw, scrape);
      places.set(raw, place);
    }
    if (place.suffix === '_created') continue;
    const name = matchingName(place.family, place.type);
    let family = families.get(name);
    if (!family) {
      const unit = unitOf(name, scrape.families.get(place.family)?.unit);
      family = { name, rawName: place.family, type: place.type, unit, samples: [] };
      families.set(name, family);
    }
    family.samples.push({ ...sample, suffix: place.suffix });
  }
  return families;
};

const placeOf = (raw: string, { families }: Scrape): Place => {
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

const matchingName = (raw: string, type: MetricType): string => {
  const plain = raw.replaceAll(/[^a-zA-Z0-9_:]+/g, '_').toLowerCase();
  return type === 'counter' ? plain.replace(/_total$/, '') : plain;
};

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
