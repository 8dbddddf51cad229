// The whole run, added up second by second: what the summary is made of. It reads the same seconds that are recorded, so
// that a summary can be made again from a recording.

import type { GeneratorLevel, GeneratorVerdict } from './generator.ts';
import { Histogram } from './histogram.ts';
import {
  addFlows,
  eachHistogram,
  noFlows,
  readKey,
  type SeriesCount,
  type Span,
  spanKey,
  spans,
  type Wait,
  waitKey,
  waits,
} from './interval.ts';
import { type OutcomeGroup, outcomeClasses, outcomeGroups } from './outcome.ts';
import { mergeOutcomes, mergeSeries, type Second } from './second.ts';
import {
  type GeneratorSummary,
  type OutcomeSummary,
  type SeriesSummary,
  type SpanSummary,
  type Stretch,
  type Summary,
  summarise,
} from './summary.ts';

/** What the summary says beside the numbers. */
export type SummaryFrame = Pick<
  Summary,
  | 'name'
  | 'target'
  | 'model'
  | 'startedAt'
  | 'timeZone'
  | 'endReason'
  | 'durationMs'
  | 'seed'
  | 'recording'
  | 'problems'
>;

/** Share of seconds with a bad generator, and of arrivals not sent, above which a run is not valid. */
const mostBadRatio = 0.05;
const mostNotSentRatio = 0.01;

interface Judged {
  readonly second: number;
  readonly level: GeneratorLevel;
  readonly reasons: readonly string[];
  readonly ownLimit: boolean;
}

export class Tally {
  readonly #flows = noFlows();
  readonly #series = new Map<number, SeriesCount>();
  readonly #histograms = new Map<number, Histogram>();
  readonly #judged: Judged[] = [];
  #inFlight = 0;
  #backlog = 0;

  /** Adds a second, or what came late of one. */
  take(second: Second): void {
    addFlows(this.#flows, second.flows);
    mergeSeries(this.#series, second.series);
    eachHistogram(second.cells, (key, pairs) => {
      const into = this.#histograms.get(key) ?? new Histogram();
      into.add(pairs);
      this.#histograms.set(key, into);
    });
    if (second.late) return;
    this.#inFlight = second.stocks.inFlight;
    this.#backlog = second.stocks.backlog;
  }

  /** Adds the verdict on a second. */
  judge(second: number, { level, reasons }: GeneratorVerdict, ownLimit: boolean): void {
    this.#judged.push({ second, level, reasons, ownLimit });
  }

  /** Iterations since the start. */
  get flows() {
    return this.#flows;
  }

  /** All outcome counts since the start, over all series. */
  get outcomes() {
    return [...this.#series.values()].map(({ outcomes }) => outcomes).reduce(mergeOutcomes, []);
  }

  /** @param names of the series, by index */
  summary(frame: SummaryFrame, names: readonly string[]): Summary {
    const series = [...this.#series.values()].sort((a, b) => a.series - b.series);
    const sum = (of: (counts: SeriesCount) => number): number =>
      series.reduce((total, counts) => total + of(counts), 0);
    const outcomes = outcomeSummaries(this.outcomes);
    const count = (completed: boolean): number =>
      outcomes.reduce((total, row) => total + (isCompleted(row) === completed ? row.count : 0), 0);
    const seconds = Math.max(0.001, frame.durationMs / 1000);
    const flows = { ...this.#flows };
    const stocks = { inFlight: this.#inFlight, backlog: this.#backlog };
    return {
      schemaVersion: 1,
      ...frame,
      completed: count(true),
      failed: count(false),
      good: sum(({ good }) => good),
      notGood: sum(({ notGood }) => notGood),
      achievedRate: (flows.good + flows.notGood - flows.noResponse) / seconds,
      goodRate: flows.good / seconds,
      requestRate: count(true) / seconds,
      bytesOut: sum(({ bytesOut }) => bytesOut),
      bytesIn: sum(({ bytesIn }) => bytesIn),
      response: this.#groups('response'),
      service: this.#groups('service'),
      firstByte: this.#groups('firstByte'),
      waits: this.#waits(),
      outcomes,
      series: series.map((counts) => this.#seriesSummary(counts, names[counts.series] ?? `series ${counts.series}`)),
      iterations: { ...flows, ...stocks },
      balanced:
        flows.due ===
        flows.good +
          flows.notGood +
          flows.dropped +
          flows.notSent +
          flows.cutOff +
          flows.lost +
          stocks.inFlight +
          stocks.backlog,
      generator: this.#generator(frame.model),
    };
  }

  /** The histogram of a span over all series, or one. */
  #span(span: Span, group: OutcomeGroup, series?: number): SpanSummary {
    if (series !== undefined) {
      return summarise(this.#histograms.get(spanKey(series, outcomeGroups.indexOf(group), spans.indexOf(span))));
    }
    const merged = new Histogram();
    for (const [key, histogram] of this.#histograms) {
      const is = readKey(key);
      if (is.type === 'span' && is.span === span && is.group === group) merged.merge(histogram);
    }
    return summarise(merged);
  }

  #groups(span: Span, series?: number): Record<OutcomeGroup, SpanSummary> {
    return { good: this.#span(span, 'good', series), notGood: this.#span(span, 'notGood', series) };
  }

  #waits(): Record<Wait, SpanSummary> {
    const wait = (name: Wait): SpanSummary => summarise(this.#histograms.get(waitKey(waits.indexOf(name))));
    return {
      pacing: wait('pacing'),
      room: wait('room'),
      connect: wait('connect'),
      sending: wait('sending'),
      waiting: wait('waiting'),
      receiving: wait('receiving'),
    };
  }

  #seriesSummary(counts: SeriesCount, name: string): SeriesSummary {
    const { series, good, notGood, bytesOut, bytesIn } = counts;
    return {
      name,
      good,
      notGood,
      bytesOut,
      bytesIn,
      response: this.#groups('response', series),
      service: this.#groups('service', series),
      firstByte: this.#groups('firstByte', series),
      outcomes: outcomeSummaries(counts.outcomes),
    };
  }

  #generator(model: Summary['model']): GeneratorSummary {
    const seconds = this.#judged.length;
    const bad = this.#judged.filter(({ level }) => level === 'bad');
    const badRatio = seconds === 0 ? 0 : bad.length / seconds;
    const notSentRatio = this.#flows.due === 0 ? 0 : this.#flows.notSent / this.#flows.due;
    const valid = model !== 'open' || (badRatio <= mostBadRatio && notSentRatio <= mostNotSentRatio);
    const warned = this.#judged.some(({ level }) => level !== 'good');
    return {
      verdict: valid ? (warned ? 'warn' : 'good') : 'bad',
      valid,
      badRatio,
      notSentRatio,
      bad: stretches(bad),
      warn: stretches(this.#judged.filter(({ level }) => level === 'warn')),
      ownLimit: stretches(
        this.#judged.filter(({ ownLimit }) => ownLimit).map(({ second }) => ({ second, reasons: [] })),
      ),
    };
  }
}

const isCompleted = ({ outcome }: OutcomeSummary): boolean =>
  outcomeClasses.find(({ name }) => name === outcome)?.completed === true;

const outcomeSummaries = (counts: SeriesCount['outcomes']): OutcomeSummary[] => {
  const all = counts.reduce((total, { count }) => total + count, 0);
  return counts.map(({ outcome, count, firstAt, lastAt, example }) => ({
    outcome: outcomeClasses[outcome]!.name,
    count,
    shareRatio: count / all,
    firstAtMs: Math.round(firstAt),
    lastAtMs: Math.round(lastAt),
    example: example ?? null,
  }));
};

/** Neighbouring seconds as stretches; a stretch keeps the reasons of its first second. */
const stretches = (judged: readonly Pick<Judged, 'second' | 'reasons'>[]): Stretch[] => {
  const found: { fromMs: number; toMs: number; reasons: readonly string[] }[] = [];
  for (const { second, reasons } of judged) {
    const last = found.at(-1);
    if (last && last.toMs === second * 1000) last.toMs += 1000;
    else found.push({ fromMs: second * 1000, toMs: (second + 1) * 1000, reasons });
  }
  return found;
};
