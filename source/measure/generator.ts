// Whether the generator can be trusted, second by second. It rests only on what is ours: how late arrivals were taken up,
// how busy the workers' loops are, errors of this machine, lost workers, arrivals we never sent. Never on the backlog or on
// waiting for room: those are what a slow target looks like.

import { isPaced, type Model } from '../common/model.ts';
import { Histogram } from './histogram.ts';
import type { Second } from './second.ts';
import { histogramIn } from './second.ts';

export type GeneratorLevel = 'good' | 'warn' | 'bad';

export interface GeneratorVerdict {
  readonly level: GeneratorLevel;
  readonly reasons: readonly string[];
  /** p99 of the pacing delay in the window, ms; NaN where it was not judged: nothing came due in the second. */
  readonly pacingP99Ms: number;
  readonly loopUtilisation: number;
}

/** Limits of the verdict (README, "How it measures"). */
export const generatorLimits = {
  pacingMs: { warn: 10, bad: 50 },
  loop: { warn: 0.8, bad: 0.92 },
  ownErrorRatio: { bad: 0.003 },
} as const;

/** The pacing delay is judged over this many seconds, longer where they hold fewer arrivals than `leastArrivals`. */
const windowSeconds = 5;
const leastArrivals = 200;
/** Seconds kept to find that many arrivals in. */
const mostSeconds = 60;

export class GeneratorWatch {
  readonly #model: Model;
  readonly #recent: { second: number; pacing: Histogram }[] = [];
  #ownErrors = 0;
  #requests = 0;
  readonly #lost = new Set<number>();
  readonly #back: number[] = [];

  constructor(model: Model) {
    this.#model = model;
  }

  /** A worker died. */
  lost(share: number): void {
    this.#lost.add(share);
  }

  /** A dead worker's share has a new worker. */
  takenOver(share: number): void {
    // The second in which it was still missing is not judged yet.
    this.#back.push(share);
  }

  /** What was seen so far says nothing of what follows: the warm-up is over. */
  startAfresh(): void {
    this.#recent.length = 0;
    this.#ownErrors = 0;
    this.#requests = 0;
  }

  /** The verdict on a second that closed. */
  judge(second: Second): GeneratorVerdict {
    const pacing = histogramIn(second.cells, (key) => key.type === 'wait' && key.wait === 'pacing');
    this.#recent.push({ second: second.second, pacing });
    if (this.#recent.length > mostSeconds) this.#recent.shift();
    this.#ownErrors += second.ownErrors;
    this.#requests += second.series.reduce((sum, { good, notGood }) => sum + good + notGood, 0);
    const { loopUtilisation } = second;
    const paced = isPaced(this.#model);
    // Where nothing came due, nothing was late; and not every arrival of every model has an instant to be late for. A
    // number that was not judged would stand beside the verdict of another second.
    const wanted = (paced ? second.flows.due : pacing.count) > 0;
    const pacingP99Ms = wanted ? this.#pacing().percentile(0.99) / 1000 : Number.NaN;
    const findings = [
      judgePacing(pacingP99Ms, functionsOf(second)),
      paced && wanted ? judgeLoop(loopUtilisation, functionsOf(second)) : undefined,
      this.#judgeOwnErrors(second.ownErrors),
      judgeNotSent(second),
      this.#lost.size > 0 || second.flows.lost > 0
        ? finding('bad', `a load worker died (${second.flows.lost} arrivals lost with it)`)
        : undefined,
    ].filter((found) => found !== undefined);
    for (const share of this.#back.splice(0)) this.#lost.delete(share);
    return { ...verdictOf(findings), pacingP99Ms, loopUtilisation };
  }

  /** What came late of a second that was judged already; undefined where it changes nothing. */
  judgeLate(second: Second): Pick<GeneratorVerdict, 'level' | 'reasons'> | undefined {
    const findings = [judgePacing(second.pacingP99Ms), judgeNotSent(second)].filter((found) => found !== undefined);
    return findings.length === 0 ? undefined : verdictOf(findings);
  }

  /** Pacing delays of the last seconds: at least five, more until they hold enough arrivals. */
  #pacing(): Histogram {
    const window = new Histogram();
    for (let index = this.#recent.length - 1, taken = 0; index >= 0; index -= 1, taken += 1) {
      if (taken >= windowSeconds && window.count >= leastArrivals) break;
      window.merge(this.#recent[index]!.pacing);
    }
    return window;
  }

  #judgeOwnErrors(count: number): Finding | undefined {
    if (this.#ownErrors === 0 || count === 0) return undefined;
    const ratio = this.#ownErrors / Math.max(1, this.#requests);
    const level = ratio > generatorLimits.ownErrorRatio.bad ? 'bad' : 'warn';
    return finding(level, `${count} requests failed for want of ports, descriptors or memory on this machine`);
  }
}

interface Finding {
  readonly level: 'warn' | 'bad';
  readonly text: string;
}

const finding = (level: 'warn' | 'bad', text: string): Finding => ({ level, text });

const verdictOf = (findings: readonly Finding[]): Pick<GeneratorVerdict, 'level' | 'reasons'> => {
  const level = findings.some((found) => found.level === 'bad') ? 'bad' : findings.length > 0 ? 'warn' : 'good';
  return { level, reasons: findings.filter((found) => found.level === level).map(({ text }) => text) };
};

const judgeNotSent = ({ flows }: Second): Finding | undefined =>
  flows.notSent > 0
    ? finding('bad', `${flows.notSent} arrivals were more than 1 s late through us and were not sent`)
    : undefined;

/** What functions of the profile took of the worker of which they took most, 0 to 1. */
const functionsOf = ({ workers }: Second): number =>
  Math.max(0, ...workers.map(({ functionsRatio }) => functionsRatio ?? 0));

/** From this share of a worker on, functions are named beside what was late or busy. */
const namedFrom = 0.05;

const judgePacing = (p99: number, functions = 0): Finding | undefined => {
  const { warn, bad } = generatorLimits.pacingMs;
  if (!(p99 > warn)) return undefined;
  const why = functions < namedFrom ? '' : `; functions of the profile took ${percent(functions)} of a worker`;
  return finding(p99 > bad ? 'bad' : 'warn', `pacing delay p99 ${p99.toFixed(1)} ms, wanted at most ${warn} ms${why}`);
};

const percent = (ratio: number): string => `${Math.round(ratio * 100)} %`;

const judgeLoop = (utilisation: number, functions: number): Finding | undefined => {
  const { warn, bad } = generatorLimits.loop;
  if (!(utilisation > warn)) return undefined;
  const whose = functions < namedFrom ? '' : `, of which ${percent(functions)} in functions of the profile`;
  return finding(utilisation > bad ? 'bad' : 'warn', `a worker's loop is ${percent(utilisation)} busy${whose}`);
};

/** In a second with room wait, whose limit it was. */
export class OwnLimitWatch {
  /** Service times of requests that began before the first room wait. */
  readonly #unhindered = new Histogram();

  /**
   * Whether our own ceiling was the limit in this second: arrivals waited for room while the target was no slower than
   * before (service-time p50 below 1.4 × its median before the first room wait). Without a "before" nobody is blamed.
   */
  judge(second: Second): boolean {
    histogramIn(second.cells, (key) => key.type === 'baseline' && key.baseline === 'unhindered', this.#unhindered);
    const roomWait = histogramIn(second.cells, (key) => key.type === 'wait' && key.wait === 'room');
    const waited = roomWait.percentile(0.9) > 1000 || second.stocks.backlog > 0;
    return waited && second.serviceP50Ms < 1.4 * (this.#unhindered.percentile(0.5) / 1000);
  }
}
