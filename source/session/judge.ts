// Judges each second of a run as it closes: whether the generator could be trusted, whose limit a wait for room was, how the
// objectives stand, and what it all adds up to in the end.

import type { Model } from '../common/model.ts';
import type { BandSet } from '../measure/band.ts';
import { figuresOfRun, judgeBands } from '../measure/bands.ts';
import type { BurstRound } from '../measure/burst.ts';
import { type GeneratorLevel, type GeneratorVerdict, GeneratorWatch, OwnLimitWatch } from '../measure/generator.ts';
import type { ItemWords } from '../measure/item-summary.ts';
import type { Metric } from '../measure/metric.ts';
import type { Objective } from '../measure/objective.ts';
import { RoundWatch } from '../measure/round-watch.ts';
import type { Second, Slice } from '../measure/second.ts';
import type { Summary } from '../measure/summary.ts';
import { type SummaryFrame, Tally } from '../measure/tally.ts';
import type { EventBody } from './events.ts';
import { ObjectiveWatch } from './objective-watch.ts';
import { OutcomeWatch } from './outcome-watch.ts';

export class Judge {
  readonly #watch: GeneratorWatch;
  readonly #ownLimit = new OwnLimitWatch();
  readonly #tally: Tally;
  readonly #objectives: ObjectiveWatch;
  readonly #metrics: readonly Metric[];
  readonly #bands: BandSet | undefined;
  readonly #outcomes = new OutcomeWatch();
  readonly #rounds: RoundWatch;
  #warmupMs: number;
  #level: GeneratorLevel = 'good';
  #troubledSince = 0;
  #toldLate = -1;

  /**
   * @param warmupMs seconds that begin before it are judged, but do not count
   * @param metrics of the run, by index
   * @param seriesBeside those of loads beside the bursts
   */
  constructor(
    model: Model,
    warmupMs = 0,
    objectives: readonly Objective[] = [],
    metrics: readonly Metric[] = [],
    seriesBeside: readonly number[] = [],
    bands?: BandSet,
  ) {
    this.#metrics = metrics;
    this.#bands = bands;
    this.#watch = new GeneratorWatch(model);
    this.#tally = new Tally(warmupMs);
    this.#objectives = new ObjectiveWatch(objectives, warmupMs, metrics);
    this.#warmupMs = warmupMs;
    this.#rounds = new RoundWatch(seriesBeside, warmupMs);
  }

  /** Learns from an event, at run time `at`, whether load is wanted. */
  follow(event: EventBody, at: number): void {
    this.#objectives.follow(event, at);
  }

  /** A worker died. */
  lost(share: number): void {
    this.#watch.lost(share);
  }

  /** A dead worker's share has a new worker. */
  takenOver(share: number): void {
    this.#watch.takenOver(share);
  }

  /** A round of the burst model ended. */
  round(round: BurstRound): void {
    this.#tally.addRound(round);
    this.#rounds.ended(round);
  }

  /** The events that a closed slice gives rise to. */
  takeSlice(slice: Slice): EventBody[] {
    return this.#weighed(this.#rounds.take(slice));
  }

  #weighed(rounds: ReturnType<RoundWatch['take']>): EventBody[] {
    for (const { round, beside } of rounds) this.#tally.weighRound(round, beside);
    return rounds.map((each) => ({ type: 'round/weighed', ...each }));
  }

  /** The events that a closed second, or what came late of one, gives rise to. */
  take(second: Second): EventBody[] {
    this.#tally.take(second);
    const { standings, changes } = this.#objectives.take(second);
    if (second.late) return this.#takeLate(second);
    if (this.#warmupMs > 0 && second.second * 1000 >= this.#warmupMs) {
      this.#watch.startAfresh();
      this.#warmupMs = 0;
    }
    const verdict = this.#watch.judge(second);
    const ownLimit = this.#ownLimit.judge(second);
    this.#tally.judge(second, verdict, ownLimit);
    return [
      { type: 'second/closed', second, verdict: { ...verdict, ownLimit }, objectives: standings },
      // What the target answers comes before what may have measured it late.
      ...this.#outcomes.take(second),
      ...this.#change(verdict, second),
      ...changes,
    ];
  }

  /** The events that the end of the run gives rise to, when every second was taken. */
  finish(): readonly EventBody[] {
    return [...this.#weighed(this.#rounds.finish()), ...this.#objectives.finish()];
  }

  /** The result of the run. @param names of the series, by index @param words what their requests hold */
  summary(frame: SummaryFrame, names: readonly string[], words?: ItemWords): Summary {
    const summary = this.#tally.summary(
      { ...frame, objectives: this.#objectives.summary() },
      names,
      words,
      this.#metrics,
    );
    if (!this.#bands) return summary;
    return { ...summary, bands: judgeBands(this.#bands, figuresOfRun(summary, this.#tally.offer)) };
  }

  #takeLate(second: Second): EventBody[] {
    const closed: EventBody = { type: 'second/closed', second, verdict: null };
    const found = this.#watch.judgeLate(second);
    if (!found) return [closed];
    this.#tally.judgeAgain(second, found);
    // Seconds that were blocked come in many parts; that they were is said once for each second.
    if (found.level !== 'bad' || this.#toldLate === second.second) return [closed];
    this.#toldLate = second.second;
    return [closed, { type: 'generator/troubled', level: 'bad', reasons: found.reasons }];
  }

  #change({ level, reasons }: GeneratorVerdict, second: Second): EventBody[] {
    const before = this.#level;
    if (level === before) return [];
    this.#level = level;
    const at = second.second * 1000;
    if (before === 'good') this.#troubledSince = at;
    if (level === 'good') return [{ type: 'generator/recovered', forMs: at - this.#troubledSince }];
    return [{ type: 'generator/troubled', level, reasons }];
  }
}
