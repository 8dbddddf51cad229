// Asks one probe in its period (1 s unless it has its own) and tells what came: the answer, or why there is none. Never
// throws, never asks while an answer is outstanding. What is asked, and how, is the probe's; what becomes of the answer is
// the caller's.

import type { Cancel, Clock, Milliseconds } from '../common/clock.ts';
import { errorMessage } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { formatLength } from '../common/units.ts';
import { type Probe, ProbeError, type ProbeResult } from './probe.ts';

/** Why a probe brought nothing, ready to be shown. */
export interface ProbeFailure {
  readonly reason: string;
  readonly hint: string | undefined;
  /** One of the few failures in a row that a probe which answered before may have: a gap, not yet a silence. */
  readonly tolerated: boolean;
}

/** What one look of a probe came to; exactly one of `result` and `failure` is there. */
export interface ProbeSample {
  readonly probe: string;
  /** When the answer, or the lack of one, was known (clock ms). */
  readonly at: Milliseconds;
  readonly tookMs: number;
  readonly result?: ProbeResult;
  readonly failure?: ProbeFailure;
}

export interface SamplerOptions {
  readonly probe: Probe;
  readonly clock: Clock;
  /** Gets every sample. Must not throw. */
  readonly tell: (sample: ProbeSample) => void;
  /** Default 1000. */
  readonly periodMs?: number | undefined;
  /** Default 2000. */
  readonly timeoutMs?: number | undefined;
  /** Failures in a row that are only gaps, once the probe has answered; default 1. */
  readonly tolerance?: number | undefined;
  /** Nobody asked for this probe: when its first look fails, it is told once and never asked again. */
  readonly tryOnce?: boolean;
}

/** Periods from a failure to the next look, by the number of failures in a row. */
const backOff = [1, 1, 1, 2, 4, 5];

/** From a failure that asking again would make worse to the next look, ms. */
const lastingMs = 60_000;

/** How long closing a probe may hold up the end of a run, ms. */
const closeLimitMs = 1000;

type Outcome =
  | { readonly result: ProbeResult }
  | { readonly failure: Omit<ProbeFailure, 'tolerated'>; readonly lasting?: boolean };

const timedOut = Symbol('timed out');

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #periodMs: number;
  readonly #timeoutMs: number;
  readonly #tolerance: number;
  #stopTicking: Cancel | undefined;
  #stopTimeout: Cancel | undefined;
  #current: AbortController | undefined;
  #failures = 0;
  #answers = 0;
  /** When the first question was asked that had no answer in time; undefined after anything else. */
  #silentSince: number | undefined;
  #skip = 0;
  #closed: Promise<void> | undefined;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#periodMs = options.periodMs ?? 1000;
    this.#timeoutMs = options.timeoutMs ?? 2000;
    this.#tolerance = options.tolerance ?? 1;
  }

  /** Looks at once, then every period. A second call does nothing. */
  start(): void {
    if (this.#stopTicking || this.#closed) return;
    this.#stopTicking = this.#options.clock.every(this.#periodMs, () => this.#tick());
    void this.#look();
  }

  /** Stops asking, cuts off a look under way and closes the probe. Resolves after a second at the latest. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopTicking?.();
    this.#stopTimeout?.();
    this.#current?.abort();
    let cancel: Cancel = () => {};
    const limit = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(closeLimitMs, resolve);
    });
    // A probe that cannot close cleanly has nothing left to tell.
    const closing = (async () => this.#options.probe.close())().catch(() => {});
    await Promise.race([closing, limit]);
    cancel();
  }

  #tick(): void {
    if (this.#closed || this.#current) return;
    if (this.#skip > 0) this.#skip -= 1;
    else void this.#look();
  }

  async #look(): Promise<void> {
    const { clock, probe } = this.#options;
    const controller = new AbortController();
    this.#current = controller;
    const startedAt = clock.now();
    const timeout = new Promise<typeof timedOut>((resolve) => {
      this.#stopTimeout = clock.after(this.#timeoutMs, () => resolve(timedOut));
    });
    const reading: Promise<Outcome> = (async () => probe.read(controller.signal))().then(
      (result) => ({ result }),
      (error: unknown) => ({ failure: failureOf(error), lasting: error instanceof ProbeError && error.lasting }),
    );
    const outcome = await Promise.race([reading, timeout]);
    this.#stopTimeout?.();
    if (outcome === timedOut) {
      controller.abort();
      this.#tell(startedAt, { failure: this.#silence(startedAt) });
    } else {
      this.#silentSince = undefined;
      this.#tell(startedAt, outcome);
    }
    // A probe that ignores its signal is not asked again until it is done: reads must not pile up.
    await reading;
    this.#current = undefined;
  }

  /** Of an answer that did not come, and of those before it. */
  #silence(startedAt: number): Omit<ProbeFailure, 'tolerated'> {
    const first = this.#silentSince === undefined;
    this.#silentSince ??= startedAt;
    const seconds = Math.max(1, Math.round((this.#options.clock.now() - this.#silentSince) / 1000));
    const reason = first
      ? `no answer within ${formatLength(this.#timeoutMs)}`
      : `no answer for ${formatLength(seconds * 1000)}`;
    return { reason, hint: undefined };
  }

  #tell(startedAt: number, outcome: Outcome): void {
    if (this.#closed) return;
    const { clock, probe, tell, tryOnce } = this.#options;
    const at = clock.now();
    const sample = { probe: probe.id, at, tookMs: at - startedAt };
    if ('failure' in outcome) {
      const usual = backOff[Math.min(this.#failures, backOff.length - 1)]!;
      this.#skip = (outcome.lasting ? Math.max(usual, lastingMs / this.#periodMs) : usual) - 1;
      this.#failures += 1;
      const tolerated = this.#answers > 0 && this.#failures <= this.#tolerance;
      tell({ ...sample, failure: { ...outcome.failure, tolerated } });
    } else {
      this.#failures = 0;
      this.#answers += 1;
      tell({ ...sample, ...outcome });
    }
    if (tryOnce && this.#answers === 0) void this.close();
  }
}

const failureOf = (error: unknown): Omit<ProbeFailure, 'tolerated'> => ({
  reason: safeText(errorMessage(error), 300) || 'failed without a reason',
  hint: error instanceof ProbeError && error.hint !== undefined ? safeText(error.hint, 400) : undefined,
});
