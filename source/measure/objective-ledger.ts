// What became of an objective over a whole run, for the summary: how long it was broken, when, and the worst it came to.

import { type Objective, type ObjectiveStatus, worseOf } from './objective.ts';
import type { ObjectiveSummary } from './summary.ts';
import { Stretches } from './verdict-ledger.ts';

const unitOf = { p50: 'ms', p95: 'ms', p99: 'ms', max: 'ms', errors: 'ratio', rate: '/s', counted: 'count' } as const;

export class ObjectiveLedger {
  readonly #objective: Objective;
  readonly #broken = new Stretches();
  #judgedMs = 0;
  #brokenMs = 0;
  #atRisk = false;
  #worst = Number.NaN;
  #worstAtMs = 0;

  constructor(objective: Objective) {
    this.#objective = objective;
  }

  /** There was a verdict on at least one second. */
  get isJudged(): boolean {
    return this.#judgedMs > 0;
  }

  /** Enters how it stood when a second closed: `value` over the window that ends with it. */
  judge(fromMs: number, lengthMs: number, status: ObjectiveStatus, value: number): void {
    if (status === 'not enough data') return;
    const toMs = fromMs + lengthMs;
    this.#judgedMs += lengthMs;
    if (status === 'at risk') this.#atRisk = true;
    if (status === 'broken') {
      this.#brokenMs += lengthMs;
      this.#broken.add({ fromMs, toMs, reasons: [] });
    }
    const worst = worseOf(this.#objective, this.#worst, value);
    if (worst === this.#worst) return;
    this.#worst = worst;
    this.#worstAtMs = toMs;
  }

  summary(): ObjectiveSummary {
    const { text, metric, counted, comparison, bound, windowMs } = this.#objective;
    const judged = this.isJudged;
    return {
      text,
      metric,
      ...(counted && { counted }),
      comparison,
      bound,
      unit: counted?.unit ?? unitOf[metric],
      windowMs,
      verdict: !judged ? 'not enough data' : this.#brokenMs > 0 ? 'broken' : this.#atRisk ? 'at risk' : 'met',
      judgedMs: this.#judgedMs,
      brokenMs: this.#brokenMs,
      broken: this.#broken.list.map(({ fromMs, toMs }) => ({ fromMs, toMs })),
      omitted: this.#broken.omitted,
      worst: judged ? this.#worst : null,
      worstAtMs: judged ? this.#worstAtMs : null,
    };
  }
}
