// The burst model in one worker: its part of each round is prepared on connections opened beforehand, released at one
// instant that the main thread names to all workers, and awaited. When the next round comes is burst-rounds.ts.

import { firstOfShareFrom, type Share } from '../load/share.ts';
import { Histogram, type SparseCounts } from '../measure/histogram.ts';
import type { Recorder } from '../measure/recorder.ts';
import { CutOffError } from './engine-errors.ts';
import type { Exchange } from './exchange.ts';
import type { Ending, Iterations } from './iteration.ts';
import { type Action, Agenda, type LoadModel, type Progress, writeProgress } from './load-model.ts';
import type { Pool } from './pool.ts';
import type { WorkerStart } from './protocol.ts';

/** So long before a release the worker only waits for it, ms: a timer alone may be a millisecond late. */
const watchMs = 2;
/** Later than this a release is one of its own, ms. */
const lateMs = 1000;

export interface BurstModelSettings {
  readonly share: Share;
  readonly progress: Progress;
  readonly now: () => number;
  readonly tell: (event: BurstEvent) => void;
}

/** What a worker says of its part of a round. */
export type BurstEvent =
  /** All of it stands ready, but for what could not be connected. */
  | { readonly type: 'prepared'; readonly round: number }
  | {
      readonly type: 'round';
      readonly round: number;
      /** From the release to the last byte of the last request sent; to the end of the last request; ms. */
      readonly sendSpreadMs: number;
      readonly totalMs: number;
      readonly good: number;
      readonly notGood: number;
      /** Requests that were not good, by the index of their cause. */
      readonly failures: ReadonlyMap<number, number>;
      /** Response times of good requests, from the release. */
      readonly response: SparseCounts;
    };

interface Round {
  readonly round: number;
  readonly size: number;
  /** Exchanges that stand ready or are on their way there. */
  readonly prepared: Set<Exchange>;
  begun: number;
  ready: number;
  ended: number;
  good: number;
  readonly failures: Map<number, number>;
  told: boolean;
  releasedAt: number | undefined;
  lastSentAt: number;
  lastEndedAt: number;
}

export class BurstModel implements LoadModel {
  readonly #settings: BurstModelSettings;
  readonly #pool: Pool;
  readonly #iterations: Iterations;
  readonly #recorder: Recorder;
  readonly #agenda = new Agenda();
  #round: Round | undefined;
  #releaseAt = Infinity;
  #revision: number;
  #next: number;
  /** Of the round that is under way. */
  readonly #response = new Histogram();
  #ended = false;
  #muted = false;

  constructor(
    settings: BurstModelSettings,
    start: WorkerStart,
    pool: Pool,
    iterations: Iterations,
    recorder: Recorder,
  ) {
    this.#settings = settings;
    this.#pool = pool;
    this.#iterations = iterations;
    this.#recorder = recorder;
    this.#revision = start.plan.revision;
    this.#next = firstOfShareFrom(settings.share, start.firstArrival);
    iterations.drivenBy(this);
  }

  readonly backlogSize = 0;
  readonly users = 0;
  readonly afterNextAt = Infinity;
  readonly shareCount = 1;

  get revision(): number {
    return this.#revision;
  }

  get muted(): boolean {
    return this.#muted;
  }

  oldestWaitMs(): number {
    return 0;
  }

  /** Opens and readies `size` exchanges for a round; tells when all stand. */
  prepare(round: number, size: number): void {
    this.#response.reset();
    this.#round = {
      round,
      size,
      prepared: new Set(),
      begun: 0,
      ready: 0,
      ended: 0,
      good: 0,
      failures: new Map(),
      told: false,
      releasedAt: undefined,
      lastSentAt: 0,
      lastEndedAt: 0,
    };
    this.pump();
  }

  /** Sends what was prepared at `at` (run clock, ms). */
  release(at: number): void {
    this.#releaseAt = at;
  }

  pump(): number {
    const now = this.#settings.now();
    while (this.#agenda.next && this.#agenda.next.at <= now) {
      const action = this.#agenda.next;
      this.#agenda.shift();
      if (action.type === 'switch') this.#follow(action);
    }
    if (this.#ended) return Infinity;
    const round = this.#round;
    if (round) this.#prepareMore(round);
    if (now >= this.#releaseAt - watchMs && !this.#muted) {
      // One that was held back by the silence of the main thread is released now, not in the past.
      const at = now > this.#releaseAt + lateMs ? now : this.#releaseAt;
      this.#releaseAt = Infinity;
      while (this.#settings.now() < at);
      if (round) this.#fire(round, at);
    }
    const preparing = round !== undefined && round.begun < round.size;
    return Math.min(
      this.#agenda.next?.at ?? Infinity,
      this.#muted ? Infinity : this.#releaseAt - watchMs,
      preparing ? Math.min(this.#pool.nextAt, now + 50) : Infinity,
    );
  }

  accept(action: Action): void {
    this.#agenda.add(action);
  }

  setMaxInFlight(): void {
    // A round is as large as it is.
  }

  mute(): void {
    this.#muted = true;
    this.#iterations.between('hold');
  }

  end(): { cutOff: number; oldestBacklogMs: number } {
    this.#ended = true;
    this.#agenda.clear();
    // What was prepared and not released is in flight, and nothing would ever end it.
    const { prepared = [], releasedAt } = this.#round ?? {};
    if (releasedAt === undefined) for (const exchange of [...prepared]) exchange.abort(new CutOffError());
    return { cutOff: 0, oldestBacklogMs: 0 };
  }

  freed(exchange: Exchange, now: number, ending: Ending): void {
    this.#pool.release(exchange);
    const round = this.#round;
    if (!round) return;
    round.ended += 1;
    round.prepared.delete(exchange);
    if (ending === 'good') {
      round.good += 1;
      this.#response.record(now - (round.releasedAt ?? now));
    } else if (ending !== 'cutOff') round.failures.set(exchange.cause, (round.failures.get(exchange.cause) ?? 0) + 1);
    round.lastSentAt = Math.max(round.lastSentAt, exchange.sentAt);
    round.lastEndedAt = Math.max(round.lastEndedAt, now);
    if (round.releasedAt === undefined) this.#tellPrepared(round);
    else this.#tellEnded(round);
  }

  #follow({ switch: change }: Extract<Action, { type: 'switch' }>): void {
    this.#revision = change.plan.revision;
    if (change.gate === 'open') this.#muted = false;
    this.#iterations.between(
      change.gate === 'hold' ? 'hold' : change.dropBacklog ? 'drop' : 'go',
      change.moveBacklogMs,
    );
  }

  #prepareMore(round: Round): void {
    while (round.begun < round.size) {
      const exchange = this.#pool.take();
      if (!exchange) break;
      round.begun += 1;
      round.prepared.add(exchange);
      const n = this.#next;
      this.#next += this.#settings.share.count;
      writeProgress(this.#settings.progress, this.#next);
      this.#recorder.flows.due += 1;
      this.#iterations.prepare(exchange, n, this.#settings.now(), () => {
        round.ready += 1;
        this.#tellPrepared(round);
      });
    }
    this.#tellPrepared(round);
  }

  #tellPrepared(round: Round): void {
    if (round.told || round.begun < round.size || round.ready + round.ended < round.size) return;
    round.told = true;
    this.#settings.tell({ type: 'prepared', round: round.round });
  }

  #fire(round: Round, at: number): void {
    round.releasedAt = at;
    for (const exchange of round.prepared) if (exchange.busy) this.#iterations.release(exchange, at);
    round.prepared.clear();
    this.#tellEnded(round);
  }

  #tellEnded(round: Round): void {
    if (round.releasedAt === undefined || round.ended < round.size) return;
    this.#round = undefined;
    const { releasedAt, lastSentAt, lastEndedAt, good, size, failures } = round;
    this.#settings.tell({
      type: 'round',
      round: round.round,
      sendSpreadMs: Math.max(0, lastSentAt - releasedAt),
      totalMs: Math.max(0, lastEndedAt - releasedAt),
      good,
      notGood: size - good,
      failures,
      response: this.#response.sparse(),
    });
  }
}
