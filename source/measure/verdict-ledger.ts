// The verdicts on all seconds of a run, kept so that a run without an end does not grow: the newest seconds one by one,
// because what comes late may change them; older ones as sums and stretches.

import type { GeneratorLevel, GeneratorVerdict } from './generator.ts';
import type { GeneratorSummary, Stretch } from './summary.ts';

/** What is said of a second, or what came late of one. */
type Verdict = Pick<GeneratorVerdict, 'level' | 'reasons'>;

interface Judged extends Verdict {
  readonly fromMs: number;
  readonly toMs: number;
  readonly ownLimit: boolean;
}

/** Seconds that are kept one by one. */
const openSeconds = 600;
/** Stretches of a kind that are kept; of more, the shortest are only counted. */
const mostStretches = 1000;

const levels: readonly GeneratorLevel[] = ['good', 'warn', 'bad'];

/** Stretches of one kind in order of time; at most so many, the shortest give way. */
export class Stretches {
  #kept: { fromMs: number; toMs: number; reasons: readonly string[] }[] = [];
  omitted = 0;

  /** Adds a second; one that follows the last stretch lengthens it. A stretch keeps the reasons of its first second. */
  add({ fromMs, toMs, reasons }: Stretch): void {
    const last = this.#kept.at(-1);
    if (last && last.toMs === fromMs) {
      last.toMs = toMs;
      return;
    }
    // Before the new one begins: the last one may still grow.
    if (this.#kept.length >= mostStretches) this.#dropShortest();
    this.#kept.push({ fromMs, toMs, reasons });
  }

  get list(): Stretch[] {
    return this.#kept.map((stretch) => ({ ...stretch }));
  }

  copy(): Stretches {
    const made = new Stretches();
    made.#kept = this.list;
    made.omitted = this.omitted;
    return made;
  }

  #dropShortest(): void {
    const length = ({ fromMs, toMs }: Stretch): number => toMs - fromMs;
    let shortest = 0;
    for (const [index, stretch] of this.#kept.entries()) {
      if (length(stretch) < length(this.#kept[shortest]!)) shortest = index;
    }
    this.#kept.splice(shortest, 1);
    this.omitted += 1;
  }
}

/** Sums over seconds that are final. */
interface Sums {
  judgedMs: number;
  badMs: number;
  warned: boolean;
  readonly bad: Stretches;
  readonly warn: Stretches;
  readonly ownLimit: Stretches;
}

const addTo = (sums: Sums, { fromMs, toMs, level, reasons, ownLimit }: Judged): void => {
  sums.judgedMs += toMs - fromMs;
  if (level === 'bad') sums.badMs += toMs - fromMs;
  if (level !== 'good') {
    sums.warned = true;
    sums[level].add({ fromMs, toMs, reasons });
  }
  if (ownLimit) sums.ownLimit.add({ fromMs, toMs, reasons: [] });
};

export class VerdictLedger {
  readonly #open = new Map<number, Judged>();
  readonly #final: Sums = {
    judgedMs: 0,
    badMs: 0,
    warned: false,
    bad: new Stretches(),
    warn: new Stretches(),
    ownLimit: new Stretches(),
  };

  /** Enters the verdict on a second; seconds come in order. */
  judge(second: number, lengthMs: number, { level, reasons }: Verdict, ownLimit: boolean): void {
    const fromMs = second * 1000;
    this.#open.set(second, { fromMs, toMs: fromMs + lengthMs, level, reasons, ownLimit });
    const [oldest] = this.#open;
    if (this.#open.size <= openSeconds || !oldest) return;
    addTo(this.#final, oldest[1]);
    this.#open.delete(oldest[0]);
  }

  /** Enters what came late of a second: a worse verdict replaces the one it had. */
  judgeAgain(second: number, { level, reasons }: Verdict): void {
    const known = this.#open.get(second);
    if (!known || levels.indexOf(level) <= levels.indexOf(known.level)) return;
    this.#open.set(second, { ...known, level, reasons });
  }

  /** What the verdicts add up to; whether the run is valid is not known here. */
  summary(): Pick<GeneratorSummary, 'badRatio' | 'bad' | 'warn' | 'ownLimit' | 'omitted'> & {
    readonly warned: boolean;
  } {
    const { bad, warn, ownLimit, ...rest } = this.#final;
    const sums: Sums = { ...rest, bad: bad.copy(), warn: warn.copy(), ownLimit: ownLimit.copy() };
    for (const judged of [...this.#open.values()].sort((a, b) => a.fromMs - b.fromMs)) addTo(sums, judged);
    return {
      badRatio: sums.judgedMs === 0 ? 0 : sums.badMs / sums.judgedMs,
      warned: sums.warned,
      bad: sums.bad.list,
      warn: sums.warn.list,
      ownLimit: sums.ownLimit.list,
      omitted: { bad: sums.bad.omitted, warn: sums.warn.omitted, ownLimit: sums.ownLimit.omitted },
    };
  }
}
