// Reads Prometheus' text format 0.0.4 and OpenMetrics 1.0, piece by piece, and never throws: a line that is neither is
// counted and a few are kept. What the numbers mean is for metric-family.ts and recognise.ts.
// Formats: prometheus.io/docs/instrumenting/exposition_formats, prometheus.io/docs/specs/om/open_metrics_spec.

import { type Sample, type SeriesCache, unescaped } from './prometheus-series.ts';

export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'summary'
  | 'untyped'
  | 'unknown'
  | 'info'
  | 'stateset'
  | 'gaugehistogram';

/** What the comment lines say of a family. */
export interface FamilyMeta {
  type?: MetricType;
  unit?: string;
  help?: string;
}

/** Everything that one answer holds. Names and labels are the target's: unsafe to print as they are. */
export interface Scrape {
  /** Its number among those of the same cache. */
  readonly turn: number;
  readonly cache: SeriesCache;
  /** Valid until the next scrape with the same cache. */
  readonly samples: readonly Sample[];
  readonly families: ReadonlyMap<string, FamilyMeta>;
  readonly badLines: number;
  /** Samples of a series that had one before in the same scrape: the first stands. */
  readonly repeated: number;
  /** The first five of them, cut to 200 characters. */
  readonly badExamples: readonly string[];
  readonly looksLikeHtml: boolean;
  /** OpenMetrics' last line was seen: the answer is complete. */
  readonly sawEnd: boolean;
}

const types = new Set<string>([
  'counter',
  'gauge',
  'histogram',
  'summary',
  'untyped',
  'unknown',
  'info',
  'stateset',
  'gaugehistogram',
] satisfies MetricType[]);
const isType = (text: string): text is MetricType => types.has(text);

const badExamplesKept = 5;
const longestNumber = 400;
const longestLine = 1024 * 1024;

/** Takes the text of one answer in pieces of any size. */
export class PrometheusText {
  readonly #openMetrics: boolean;
  readonly #cache: SeriesCache;
  readonly #samples: Sample[] = [];
  readonly #families = new Map<string, FamilyMeta>();
  readonly #badExamples: string[] = [];
  readonly #turn: number;
  #badLines = 0;
  #repeated = 0;
  #rest = '';
  #skipping = false;
  #begun = false;
  #html = false;
  #sawEnd = false;

  /**
   * @param openMetrics timestamps are seconds, and `# EOF` ends the text
   * @param cache of the series of earlier answers: their labels are not parsed again
   */
  constructor(openMetrics: boolean, cache: SeriesCache) {
    this.#openMetrics = openMetrics;
    this.#cache = cache;
    this.#turn = cache.begin();
  }

  /** Takes the next piece; a line may be cut anywhere. */
  push(piece: string): void {
    const text = this.#rest + piece;
    let from = 0;
    for (;;) {
      const to = text.indexOf('\n', from);
      if (to === -1) break;
      if (this.#skipping) this.#skipping = false;
      else this.#line(text, from, to);
      from = to + 1;
    }
    this.#rest = this.#skipping ? '' : text.slice(from);
    // Without this, one endless line would be searched anew with every piece.
    if (this.#rest.length > longestLine) {
      this.#line(this.#rest, 0, this.#rest.length);
      this.#rest = '';
      this.#skipping = true;
    }
  }

  /** Everything that was read, the last line with or without its newline. */
  finish(): Scrape {
    if (this.#rest !== '') this.#line(this.#rest, 0, this.#rest.length);
    this.#rest = '';
    return {
      turn: this.#turn,
      cache: this.#cache,
      samples: this.#samples,
      families: this.#families,
      badLines: this.#badLines,
      repeated: this.#repeated,
      badExamples: this.#badExamples,
      looksLikeHtml: this.#html,
      sawEnd: this.#sawEnd,
    };
  }

  #line(text: string, start: number, end: number): void {
    if (this.#html) return;
    let from = start;
    let to = end;
    while (from < to && isBlank(text.charCodeAt(from))) from += 1;
    while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
    if (from === to) return;
    const line = text.slice(from, to);
    if (!this.#begun) {
      this.#begun = true;
      this.#html = line.startsWith('<');
      if (this.#html) return;
    }
    if (this.#sawEnd) this.#bad(line);
    else if (line.charCodeAt(0) === 35) this.#comment(line);
    else this.#sample(line);
  }

  #comment(line: string): void {
    if (this.#openMetrics && line === '# EOF') {
      this.#sawEnd = true;
      return;
    }
    const match = /^#[ \t]+(TYPE|HELP|UNIT)[ \t]+("(?:[^"\\]|\\.)*"|[^ \t]+)(?:[ \t]+(.*))?$/.exec(line);
    if (!match) return;
    const [, keyword, rawName, rest = ''] = match;
    const name = rawName!.startsWith('"') ? unescaped(rawName!.slice(1, -1)) : rawName!;
    const meta = this.#families.get(name) ?? {};
    this.#families.set(name, meta);
    if (keyword === 'HELP') meta.help = unescaped(rest);
    else if (keyword === 'UNIT') meta.unit = rest.trim();
    else this.#setType(meta, rest.trim(), line);
  }

  #setType(meta: FamilyMeta, type: string, line: string): void {
    // A second type for the same family is against the format: the first stands.
    if (!isType(type) || (meta.type !== undefined && meta.type !== type)) this.#bad(line);
    else meta.type = type;
  }

  #sample(line: string): void {
    const split = endOfSeries(line);
    const raw = split === -1 ? '' : line.slice(0, split);
    const rest = raw === '' ? undefined : readNumbers(line.slice(split), this.#openMetrics);
    const found = rest && this.#cache.find(raw);
    if (!found) {
      this.#bad(line);
      return;
    }
    const { sample, again } = found;
    // OpenMetrics allows several points of a series, each with its time: the newest counts.
    const isNewer = again && rest.timestampMs !== undefined && rest.timestampMs > (sample.timestampMs ?? Infinity);
    if (again && !isNewer) {
      this.#repeated += 1;
      return;
    }
    sample.value = rest.value;
    sample.timestampMs = rest.timestampMs;
    if (!again) this.#samples.push(sample);
  }

  #bad(line: string): void {
    this.#badLines += 1;
    if (this.#badExamples.length < badExamplesKept) this.#badExamples.push(line.slice(0, 200));
  }
}

/** Space, tab, carriage return, byte order mark. */
const isBlank = (code: number): boolean => code === 32 || code === 9 || code === 13 || code === 0xfeff;

/** Where `name` or `name{labels}` ends, or -1 where the braces do not close. */
const endOfSeries = (line: string): number => {
  let at = 0;
  for (; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === 123) break;
    if (code !== 32 && code !== 9) continue;
    let next = at + 1;
    while (next < line.length && isBlank(line.charCodeAt(next))) next += 1;
    if (line.charCodeAt(next) !== 123) return at;
    at = next;
    break;
  }
  let quoted = false;
  for (at += 1; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (quoted && code === 92) at += 1;
    else if (code === 34) quoted = !quoted;
    else if (code === 125 && !quoted) return at + 1;
  }
  return -1;
};

interface Numbers {
  readonly value: number;
  readonly timestampMs: number | undefined;
}

/** The value and the timestamp after a series; an exemplar is ignored. */
const readNumbers = (text: string, openMetrics: boolean): Numbers | undefined => {
  // Nearly every line is a series, a blank and its value.
  if (text.charCodeAt(0) === 32 && text.indexOf(' ', 1) === -1 && text.indexOf('\t') === -1) {
    const alone = readNumber(text.slice(1));
    return alone === undefined ? undefined : { value: alone, timestampMs: undefined };
  }
  const exemplar = text.indexOf(' # ');
  const parts = (exemplar === -1 ? text : text.slice(0, exemplar)).split(/[ \t]+/).filter(Boolean);
  if (parts.length < 1 || parts.length > 2) return undefined;
  const value = readNumber(parts[0]!);
  if (value === undefined) return undefined;
  if (parts.length === 1) return { value, timestampMs: undefined };
  const stamp = readNumber(parts[1]!);
  if (stamp === undefined || !Number.isFinite(stamp)) return undefined;
  if (!openMetrics && !Number.isInteger(stamp)) return undefined;
  return { value, timestampMs: openMetrics ? stamp * 1000 : stamp };
};

const special = /^([+-]?)(?:(nan)|(?:inf|infinity))$/i;

/** A decimal number, NaN or an infinity; undefined for anything else that `Number` would let pass (`0x10`, ``). */
const readNumber = (text: string): number | undefined => {
  // No number that means anything is as long; a hostile one would be tried digit by digit.
  if (text.length > longestNumber) return undefined;
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  const match = special.exec(text);
  if (!match) return undefined;
  if (match[2]) return Number.NaN;
  return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};
