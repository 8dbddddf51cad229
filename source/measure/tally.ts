// The whole run, added up second by second: what the summary is made of. It reads the same seconds that are recorded, so
// that a summary can be made again from a recording.

import type { GeneratorLevel, GeneratorVerdict } from './generator.ts';
import { Histogram } from './histogram.ts';
import {
  achievedOf,
  addFlows,
  eachHistogram,
  imbalance,
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
  readonly fromMs: number;
  readonly toMs: number;
  level: GeneratorLevel;
  reasons: readonly string[];
  readonly ownLimit: boolean;
}

/** What ended in a second: iterations with an HTTP response, good ones, and requests. */
interface Pace {
  readonly achieved: number;
  readonly good: number;
  readonly requests: number;
}

const addPace = (a: Pace, b: Pace): Pace => ({
  achieved: a.achieved + b.achieved,
  good: a.good + b.good,
  requests: a.requests + b.requests,
});

const levels: readonly GeneratorLevel[] = ['good', 'warn', 'bad'];

export class Tally {
  readonly #flows = noFlows();
  readonly #series = new Map<number, SeriesCount>();
  readonly #histograms = new Map<number, Histogram>();
  readonly #judged = new Map<number, Judged>();
  readonly #paces = new Map<number, Pace>();
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
    this.#paces.set(second.second, addPace(this.#paces.get(second.second) ?? noPace, paceOf(second)));
    if (second.late) return;
    this.#inFlight = second.stocks.inFlight;
    this.#backlog = second.stocks.backlog;
  }

  /** Adds the verdict on a second. */
  judge(second: Second, { level, reasons }: GeneratorVerdict, ownLimit: boolean): void {
    const fromMs = second.second * 1000;
    this.#judged.set(second.second, { fromMs, toMs: fromMs + second.lengthMs, level, reasons, ownLimit });
  }

  /** Adds what came late of a second; a worse verdict replaces the one it had. */
  judgeAgain(second: Second, { level, reasons }: Pick<GeneratorVerdict, 'level' | 'reasons'>): void {
    const known = this.#judged.get(second.second);
    if (!known || levels.indexOf(level) <= levels.indexOf(known.level)) return;
    known.level = level;
    known.reasons = reasons;
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
    const rates = this.#rates(frame.durationMs);
    const flows = { ...this.#flows };
    const stocks = { inFlight: this.#inFlight, backlog: this.#backlog };
    return {
      ...frame,
      completed: count(true),
      failed: count(false),
      good: sum(({ good }) => good),
      notGood: sum(({ notGood }) => notGood),
      achievedRate: rates.achieved,
      goodRate: rates.good,
      requestRate: rates.requests,
      bytesOut: sum(({ bytesOut }) => bytesOut),
      bytesIn: sum(({ bytesIn }) => bytesIn),
      response: this.#groups('response'),
      service: this.#groups('service'),
      firstByte: this.#groups('firstByte'),
      waits: this.#waits(),
      outcomes,
      series: series.map((counts) => this.#seriesSummary(counts, names[counts.series] ?? `series ${counts.series}`)),
      iterations: { ...flows, ...stocks },
      balanced: imbalance(flows, stocks) === 0,
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

  /** Per second while load was driven: what came in during the drain is not counted, as its time is not. */
  #rates(durationMs: number): Pace {
    let sum = noPace;
    for (const [second, pace] of this.#paces) if (second * 1000 < durationMs) sum = addPace(sum, pace);
    const seconds = Math.max(0.001, durationMs / 1000);
    return { achieved: sum.achieved / seconds, good: sum.good / seconds, requests: sum.requests / seconds };
  }

  #generator(model: Summary['model']): GeneratorSummary {
    const judged = [...this.#judged.values()].sort((a, b) => a.fromMs - b.fromMs);
    const lengthOf = (some: readonly Judged[]): number =>
      some.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const bad = judged.filter(({ level }) => level === 'bad');
    const badRatio = judged.length === 0 ? 0 : lengthOf(bad) / lengthOf(judged);
    const notSentRatio = this.#flows.due === 0 ? 0 : this.#flows.notSent / this.#flows.due;
    const valid = model !== 'open' || (badRatio <= mostBadRatio && notSentRatio <= mostNotSentRatio);
    const warned = judged.some(({ level }) => level !== 'good');
    return {
      verdict: valid ? (warned ? 'warn' : 'good') : 'bad',
      valid,
      badRatio,
      notSentRatio,
      bad: stretches(bad),
      warn: stretches(judged.filter(({ level }) => level === 'warn')),
      ownLimit: stretches(judged.filter(({ ownLimit }) => ownLimit).map((one) => ({ ...one, reasons: [] }))),
    };
  }
}

const noPace: Pace = { achieved: 0, good: 0, requests: 0 };

const paceOf = ({ flows, series }: Second): Pace => ({
  achieved: achievedOf(flows),
  good: flows.good,
  requests: series.reduce((sum, { good, notGood }) => sum + good + notGood, 0),
});

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
const stretches = (judged: readonly Pick<Judged, 'fromMs' | 'toMs' | 'reasons'>[]): Stretch[] => {
  const found: { fromMs: number; toMs: number; reasons: readonly string[] }[] = [];
  for (const { fromMs, toMs, reasons } of judged) {
    const last = found.at(-1);
    if (last && last.toMs === fromMs) last.toMs = toMs;
    else found.push({ fromMs, toMs, reasons });
  }
  return found;
};
