// The whole run, added up second by second: what the summary is made of. It reads the same seconds that are recorded, so
// that a summary can be made again from a recording.

import { hidesWaiting, isPaced } from '../common/model.ts';
import type { Offer } from './bands.ts';
import type { BurstRound, RoundBeside } from './burst.ts';
import { outcomeSummaries } from './by-class.ts';
import type { GeneratorVerdict } from './generator.ts';
import { Histogram } from './histogram.ts';
import {
  type AddressCount,
  addFlows,
  eachHistogram,
  imbalance,
  metricKey,
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
import { type ItemWords, itemsOf, sumItems } from './item-summary.ts';
import { type Metric, type MetricCount, mergeMetrics } from './metric.ts';
import { metricSummaries } from './metric-summary.ts';
import { type OutcomeGroup, outcomeClasses, outcomeGroups } from './outcome.ts';
import { PaceBook } from './pace-book.ts';
import { mergeAddresses, mergeOutcomes, mergeSeries, type Second } from './second.ts';
import { ShortBook } from './short-book.ts';
import {
  type AddressSummary,
  type GeneratorSummary,
  type ItemSummary,
  type OutcomeSummary,
  type SeriesSummary,
  type SpanSummary,
  type Summary,
  summarise,
} from './summary.ts';
import { VerdictLedger } from './verdict-ledger.ts';

/** What the summary says beside the numbers. */
export type SummaryFrame = Pick<
  Summary,
  | 'name'
  | 'phase'
  | 'target'
  | 'model'
  | 'startedAt'
  | 'timeZone'
  | 'endReason'
  | 'durationMs'
  | 'seed'
  | 'recording'
  | 'problems'
> & { readonly objectives?: Summary['objectives']; readonly resources?: NonNullable<Summary['resources']> };

/** Share of seconds with a bad generator, and of arrivals not sent, above which a run is not valid. */
const mostBadRatio = 0.05;
const mostNotSentRatio = 0.01;

/** Addresses that are told apart; a name of a large service may have any number over a day. */
const mostAddresses = 100;
const otherAddresses = 'others';

export class Tally {
  /** Run time from which seconds are measured, ms: those that begin in the warm-up are not. */
  readonly #fromMs: number;
  readonly #warmupMs: number;
  /** All iterations; those of measured seconds. */
  readonly #flows = noFlows();
  readonly #measured = noFlows();
  readonly #series = new Map<number, SeriesCount>();
  readonly #metrics = new Map<number, MetricCount>();
  readonly #addresses = new Map<string, AddressCount>();
  readonly #histograms = new Map<number, Histogram>();
  readonly #verdicts = new VerdictLedger();
  readonly #paces = new PaceBook();
  readonly #rounds: BurstRound[] = [];
  readonly #short = new ShortBook();
  #usersMs = 0;
  #inFlight = 0;
  #backlog = 0;

  /** @param warmupMs seconds that begin before it count in the balance of iterations only */
  constructor(warmupMs = 0) {
    this.#warmupMs = warmupMs;
    this.#fromMs = Math.ceil(warmupMs / 1000) * 1000;
  }

  /** Adds a second, or what came late of one. */
  take(second: Second): void {
    addFlows(this.#flows, second.flows);
    if (!second.late) {
      this.#inFlight = second.stocks.inFlight;
      this.#backlog = second.stocks.backlog;
    }
    if (!this.#isMeasured(second)) return;
    addFlows(this.#measured, second.flows);
    if (!second.late) this.#usersMs += second.stocks.users * second.lengthMs;
    mergeSeries(this.#series, second.series);
    mergeMetrics(this.#metrics, second.metrics);
    for (const counted of second.addresses) mergeAddresses(this.#addresses, [this.#toldApart(counted)]);
    eachHistogram(second.cells, (key, pairs) => {
      const into = this.#histograms.get(key) ?? new Histogram();
      into.add(pairs);
      this.#histograms.set(key, into);
    });
    this.#paces.take(second);
  }

  /** Adds the verdict on a second. */
  judge(second: Second, verdict: GeneratorVerdict, ownLimit: boolean): void {
    if (!this.#isMeasured(second)) return;
    this.#verdicts.judge(second.second, second.lengthMs, verdict, ownLimit);
    if (verdict.level === 'bad') this.#short.take(second);
  }

  /** Adds what came late of a second; a worse verdict replaces the one it had. */
  judgeAgain(second: Second, verdict: Pick<GeneratorVerdict, 'level' | 'reasons'>): void {
    this.#verdicts.judgeAgain(second.second, verdict);
  }

  /** Adds a round of the burst model. */
  addRound(round: BurstRound): void {
    this.#rounds.push(round);
  }

  /** Adds what went on while a round was out. */
  weighRound(number: number, beside: RoundBeside): void {
    const at = this.#rounds.findIndex(({ round }) => round === number);
    const round = this.#rounds[at];
    if (round) this.#rounds[at] = { ...round, beside };
  }

  /** Iterations since the start. */
  get flows() {
    return this.#flows;
  }

  /** What was offered in measured seconds, and what ended of it. */
  get offer(): Omit<Offer, 'busyMs'> {
    const { due, good, notGood } = this.#measured;
    return { due, ended: good + notGood, usersMs: this.#usersMs };
  }

  /** All outcome counts of measured seconds, by cause, over all series. */
  get outcomes() {
    return [...this.#series.values()].map(({ outcomes }) => outcomes).reduce(mergeOutcomes, []);
  }

  /** @param names of the series, by index @param words what their requests hold @param metrics by their index */
  summary(
    frame: SummaryFrame,
    names: readonly string[],
    words: ItemWords = [],
    metrics: readonly Metric[] = [],
  ): Summary {
    const series = [...this.#series.values()].sort((a, b) => a.series - b.series);
    const sum = (of: (counts: SeriesCount) => number): number =>
      series.reduce((total, counts) => total + of(counts), 0);
    const outcomes = outcomeSummaries(this.outcomes);
    const count = (completed: boolean): number =>
      outcomes.reduce((total, row) => total + (isCompleted(row) === completed ? row.count : 0), 0);
    const measuredMs = Math.max(0, frame.durationMs - this.#fromMs);
    const rates = this.#paces.rates(frame.durationMs, measuredMs);
    const rows = series.map((counts) =>
      this.#seriesSummary(
        counts,
        names[counts.series] ?? `series ${counts.series}`,
        itemsOf(counts, words, measuredMs),
      ),
    );
    const items = sumItems(rows);
    const flows = { ...this.#flows };
    const stocks = { inFlight: this.#inFlight, backlog: this.#backlog };
    return {
      ...frame,
      hidesWaiting: hidesWaiting(frame.model),
      warmupMs: this.#warmupMs,
      measuredMs,
      completed: count(true),
      failed: count(false),
      good: sum(({ good }) => good),
      notGood: sum(({ notGood }) => notGood),
      achievedRate: rates.achieved,
      goodRate: rates.good,
      requestRate: rates.requests,
      bytesOut: sum(({ bytesOut }) => bytesOut),
      bytesIn: sum(({ bytesIn }) => bytesIn),
      ...(items.length > 0 && { items }),
      response: this.#groups('response'),
      service: this.#groups('service'),
      firstByte: this.#groups('firstByte'),
      waits: this.#waits(),
      outcomes,
      series: rows,
      metrics: metricSummaries(metrics, names, {
        counts: this.#metrics,
        trend: (metric) => this.#histograms.get(metricKey(metric)),
        measuredMs,
      }),
      addresses: this.#addressSummaries(),
      rounds: [...this.#rounds],
      iterations: { ...flows, ...stocks },
      balanced: imbalance(flows, stocks) === 0,
      generator: this.#generator(frame.model),
      objectives: frame.objectives ?? [],
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

  #seriesSummary(counts: SeriesCount, name: string, items: ItemSummary | undefined): SeriesSummary {
    const { series, good, notGood, bytesOut, bytesIn } = counts;
    return {
      name,
      good,
      notGood,
      bytesOut,
      bytesIn,
      ...(items && { items }),
      response: this.#groups('response', series),
      service: this.#groups('service', series),
      firstByte: this.#groups('firstByte', series),
      outcomes: outcomeSummaries(counts.outcomes),
    };
  }

  #isMeasured({ second }: Second): boolean {
    return second * 1000 >= this.#fromMs;
  }

  /** Of more addresses than are told apart, the later ones are one. */
  #toldApart(counted: AddressCount): AddressCount {
    const told = this.#addresses.has(counted.address) || this.#addresses.size < mostAddresses;
    return told ? counted : { ...counted, address: otherAddresses };
  }

  #addressSummaries(): AddressSummary[] {
    const counts = [...this.#addresses.values()];
    const all = counts.reduce((sum, { requests }) => sum + requests, 0);
    return counts
      .map(({ address, requests, notGood }) => ({
        address,
        requests,
        notGood,
        shareRatio: requests / Math.max(1, all),
      }))
      .sort((a, b) => b.requests - a.requests);
  }

  #generator(model: Summary['model']): GeneratorSummary {
    const { warned, ...verdicts } = this.#verdicts.summary();
    const { due, notSent } = this.#measured;
    const notSentRatio = due === 0 ? 0 : notSent / due;
    const valid = !isPaced(model) || (verdicts.badRatio <= mostBadRatio && notSentRatio <= mostNotSentRatio);
    const short = valid ? undefined : this.#short.summary();
    const verdict = valid ? (warned ? 'warn' : 'good') : 'bad';
    return { verdict, valid, notSentRatio, ...(short && { short }), ...verdicts };
  }
}

const isCompleted = ({ outcome }: OutcomeSummary): boolean =>
  outcomeClasses.find(({ name }) => name === outcome)?.completed === true;
