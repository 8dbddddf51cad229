// A Prometheus series: its name and labels, parsed once and found again by its raw text in later scrapes (50,000 series:
// 254 ms the first time, 45 ms afterwards), and what it said in the last two of them. Lines are prometheus-text.ts.

/** Labels of a series; the object has no prototype, so that a label may be called anything. */
export type Labels = Readonly<Record<string, string>>;

/** Series that begin anew together: the buckets, sum and count of one histogram. */
export interface ResetUnit {
  /** Turn in which one of them went back; −1 for never. */
  resetAt: number;
}

export class Series {
  readonly name: string;
  readonly labels: Labels;
  /** The same for the same name and labels, in whatever order and spacing they were written. */
  readonly key: string;
  /** Upper bound of a bucket; NaN for what is none. */
  readonly bound: number;
  /** What it said in the newest scrape that had it; may be NaN. */
  value = Number.NaN;
  /** Turn of that scrape; −1 before the first. */
  turn = -1;
  /** Turn of the newest scrape that names it, whether it was read to its end or not. */
  toldAt = -1;
  /** Whom it begins anew with; undefined where it stands alone. */
  unit: ResetUnit | undefined;
  /** The first number that it ever said; NaN before. */
  first = Number.NaN;
  /** Its newest number, and the one before. NaN is no number. */
  #newest = Number.NaN;
  #before = Number.NaN;
  #resetAt = -1;

  constructor(name: string, labels: Labels, key: string) {
    this.name = name;
    this.labels = labels;
    this.key = key;
    this.bound = boundOf(labels.le);
  }

  /** Takes what a scrape says of it. */
  take(value: number, turn: number): void {
    this.turn = turn;
    this.value = value;
    if (Number.isNaN(value)) return;
    if (Number.isNaN(this.first)) this.first = value;
    this.#before = this.#newest;
    this.#newest = value;
    if (value < this.#before) {
      this.#resetAt = turn;
      if (this.unit) this.unit.resetAt = turn;
    }
  }

  /** A counter went back in the newest scrape: it began anew. */
  get wasReset(): boolean {
    return this.#resetAt === this.turn;
  }

  /** There was a number before the newest, so that a fall can be told. */
  get hasPast(): boolean {
    return !Number.isNaN(this.#before);
  }

  /**
   * What the counter grew by since the scrape before. One that went back began again at 0; one that is new was born at 0,
   * but in the probe's first scrape (`isFirst`), in which nothing is known of the past. NaN is a gap.
   */
  increase(isFirst: boolean): number {
    if (Number.isNaN(this.value)) return Number.NaN;
    if (this.wasReset || this.unit?.resetAt === this.turn) return this.value;
    if (!this.hasPast) return isFirst ? Number.NaN : this.value;
    return this.value - this.#before;
  }
}

/**
 * What a scrape says of a series. There is one object for each series, written into by every scrape: 50,000 new ones a second
 * would cost the collector pauses of several ms.
 */
export interface Sample {
  readonly series: Series;
  /** NaN and the infinities occur. */
  value: number;
  /** ms since 1970, where the target gives one. */
  timestampMs: number | undefined;
  /** What its name adds to its family's, once it is grouped: empty, `_total`, `_bucket`, `_sum`, `_count`. */
  suffix: string;
}

const boundOf = (le: string | undefined): number => {
  if (le === undefined) return Number.NaN;
  return /^\+?inf(inity)?$/i.test(le) ? Number.POSITIVE_INFINITY : Number(le);
};

/** Turns after which a series that is not told any more is forgotten, where there are many of them. */
const forgetAfter = 5;
/** Entries looked at between two chances to rest. */
const sweptAtOnce = 2000;

/** Series by the raw text `name{labels}`. Those that are gone are kept for a while: a scrape may miss one. */
export class SeriesCache {
  readonly #known = new Map<string, Sample>();
  /** The same by their keys: some targets write labels in another order each time. */
  readonly #byKey = new Map<string, Sample>();
  readonly #units = new Map<string, ResetUnit>();
  #turn = -1;
  #seen = 0;

  /** Number of texts known. */
  get size(): number {
    return this.#known.size;
  }

  /** A new scrape begins; its number. */
  begin(): number {
    this.#turn += 1;
    this.#seen = 0;
    return this.#turn;
  }

  /**
   * The sample of a raw text, for its numbers to be written into; parsed where it is not known, undefined where it is none.
   * @returns with `again` where this scrape had the series before
   */
  find(raw: string): { readonly sample: Sample; readonly again: boolean } | undefined {
    const sample = this.#known.get(raw) ?? this.#meet(raw);
    if (!sample) return undefined;
    const again = sample.series.toldAt === this.#turn;
    sample.series.toldAt = this.#turn;
    if (!again) this.#seen += 1;
    return { sample, again };
  }

  /** What a series of a distribution begins anew with: all of that family whose other labels are the same. */
  unitOf(family: string, labels: Labels): ResetUnit {
    const others = Object.keys(labels).filter((label) => label !== 'le' && label !== 'quantile');
    const key = `${family}\u0000${others
      .sort()
      .map((label) => `${label}\u0001${labels[label]}`)
      .join('\u0000')}`;
    const known = this.#units.get(key) ?? { resetAt: -1 };
    this.#units.set(key, known);
    return known;
  }

  /** Forgets what is gone, in steps of bounded length; to be called between two scrapes. */
  *sweep(): Generator<void, void> {
    if (this.#known.size <= this.#seen * 1.5 + 100) return;
    const used = new Set<ResetUnit>();
    let steps = 0;
    for (const [raw, { series }] of this.#known) {
      if (series.toldAt < this.#turn - forgetAfter) {
        this.#known.delete(raw);
        this.#byKey.delete(series.key);
      } else if (series.unit) used.add(series.unit);
      steps += 1;
      if (steps % sweptAtOnce === 0) yield;
    }
    for (const [key, unit] of this.#units) if (!used.has(unit)) this.#units.delete(key);
  }

  #meet(raw: string): Sample | undefined {
    // What is cut out of an answer would keep the whole answer in memory for as long as the series lives.
    const own = Buffer.from(raw).toString();
    const series = parseSeries(own);
    if (!series) return undefined;
    const sample = this.#byKey.get(series.key) ?? { series, value: Number.NaN, timestampMs: undefined, suffix: '' };
    this.#byKey.set(series.key, sample);
    this.#known.set(own, sample);
    return sample;
  }
}

/** Parses `name`, `name{a="b"}`, `{"a name",a="b"}`; undefined where it is none of them. */
const parseSeries = (raw: string): Series | undefined => {
  const brace = raw.indexOf('{');
  const outer = (brace === -1 ? raw : raw.slice(0, brace)).trim();
  if (outer !== '' && !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(outer)) return undefined;
  if (brace === -1) return outer === '' ? undefined : new Series(outer, noLabels, outer);
  const inner = parseBraces(raw.slice(brace + 1, -1));
  if (!inner) return undefined;
  // The name stands before the braces or, quoted, inside; never both.
  if ((outer === '') === (inner.name === undefined)) return undefined;
  const name = inner.name ?? outer;
  const names = Object.keys(inner.labels).sort();
  if (names.length === 0) return new Series(name, noLabels, name);
  const key = `${name}\u0000${names.map((label) => `${label}\u0001${inner.labels[label]}`).join('\u0000')}`;
  return new Series(name, inner.labels, key);
};

const noLabels: Labels = Object.freeze(Object.create(null));

const token = /[ \t]*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")[ \t]*(?:=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*)?(,|$)/y;
/** What stands between the braces: labels, and the metric's name where it is quoted. A trailing comma is legal. */
const parseBraces = (text: string): { name: string | undefined; labels: Record<string, string> } | undefined => {
  const labels: Record<string, string> = Object.create(null);
  let name: string | undefined;
  let at = 0;
  while (at < text.length && text.slice(at).trim() !== '') {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) return undefined;
    const [whole, bare, quoted, value] = match;
    if (value === undefined) {
      // Only a quoted name stands alone, and only first.
      if (quoted === undefined || at > 0) return undefined;
      name = unescaped(quoted);
    } else {
      const label = bare ?? unescaped(quoted!);
      if (label in labels) return undefined;
      labels[label] = unescaped(value);
    }
    at += whole.length;
  }
  return name === '' ? undefined : { name, labels };
};

/** `\\`, `\"` and `\n`; a backslash before anything else stands for itself. */
export const unescaped = (text: string): string =>
  text.includes('\\') ? text.replaceAll(/\\([\\"n])/g, (_, sign) => (sign === 'n' ? '\n' : sign)) : text;
