// The result of a run in numbers, units in names, as it is printed and written. Made from the merged histograms and
// counts of the whole run.

import type { Model } from '../common/model.ts';
import type { PhasePlace } from '../common/phase-place.ts';
import type { BandVerdict } from './bands.ts';
import type { BurstRound } from './burst.ts';
import type { CauseName, Fault } from './cause.ts';
import type { Histogram } from './histogram.ts';
import type { Flows, Wait } from './interval.ts';
import type { MetricSummary } from './metric-summary.ts';
import type { Objective, ObjectiveStatus } from './objective.ts';
import type { OutcomeClass, OutcomeGroup } from './outcome.ts';
import type { ResourceSummary } from './resources.ts';

/** A distribution of spans, in milliseconds; null where nothing was measured. */
export interface SpanSummary {
  readonly count: number;
  readonly meanMs: number | null;
  readonly minMs: number | null;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
}

/** How often something ended requests, and when. */
export interface Occurrence {
  readonly count: number;
  /** Of all requests that ended. */
  readonly shareRatio: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** What one that was not good looked like; null where all were good. */
  readonly example: string | null;
}

/** A cause within its class. */
export interface CauseSummary extends Occurrence {
  readonly cause: CauseName;
  /** Whose matter it is, where it was not expected. */
  readonly fault: Fault;
  readonly meaning: string;
}

export interface OutcomeSummary extends Occurrence {
  readonly outcome: OutcomeClass;
  /** Why, the most frequent first; adds up to the class. */
  readonly causes: readonly CauseSummary[];
}

export interface SeriesSummary {
  readonly name: string;
  readonly good: number;
  readonly notGood: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** What its good requests held; absent where they held nothing that is counted. */
  readonly items?: ItemSummary;
  readonly response: Readonly<Record<OutcomeGroup, SpanSummary>>;
  readonly service: Readonly<Record<OutcomeGroup, SpanSummary>>;
  readonly firstByte: Readonly<Record<OutcomeGroup, SpanSummary>>;
  readonly outcomes: readonly OutcomeSummary[];
}

/** What good requests held, such as events. */
export interface ItemSummary {
  /** In the word of the profile: `events`. */
  readonly name: string;
  readonly count: number;
  /** Per second, over `measuredMs`. */
  readonly rate: number;
}

/** What went to one address of the target. */
export interface AddressSummary {
  readonly address: string;
  /** Requests that ended, and those of them that were not good. */
  readonly requests: number;
  readonly notGood: number;
  /** Of all requests that ended. */
  readonly shareRatio: number;
}

/** A stretch of seconds in which something held, run time in ms. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reasons: readonly string[];
}

/** Of the seconds in which the verdict was bad. */
export interface GeneratorShort {
  /** Iterations per second that were due, and that were begun. */
  readonly wantedRate: number;
  readonly sentRate: number;
  /** Machines like this one that it would take, by that. */
  readonly machines: number;
}

export interface GeneratorSummary {
  /** The worst state that lasted: `bad` makes the run not valid where it held for more than 5 % of the seconds. */
  readonly verdict: 'good' | 'warn' | 'bad';
  /** False where the numbers must not be trusted (exit code 96). */
  readonly valid: boolean;
  readonly badRatio: number;
  readonly notSentRatio: number;
  readonly bad: readonly Stretch[];
  readonly warn: readonly Stretch[];
  /** Seconds in which our own ceiling (connections, in flight) was the limit, not the target. */
  readonly ownLimit: readonly Stretch[];
  /** Where it was the limit because its threads were busy: what it was to send a second, and what it did. */
  readonly short?: GeneratorShort;
  /** Stretches of each kind, the shortest ones, that are counted here and not listed. */
  readonly omitted: { readonly bad: number; readonly warn: number; readonly ownLimit: number };
}

/** What became of an objective. Seconds of the warm-up are left out. */
export interface ObjectiveSummary extends Objective {
  /** Of `bound` and `worst`. */
  readonly unit: 'ms' | 'ratio' | '/s' | 'bytes' | 'bytes/s' | 'count';
  /** The worst that it came to at any time. */
  readonly verdict: ObjectiveStatus;
  /** How long there was a verdict, and how long it was broken. */
  readonly judgedMs: number;
  readonly brokenMs: number;
  /** When it was broken, run time in ms. */
  readonly broken: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** Stretches, the shortest ones, that are counted here and not listed. */
  readonly omitted: number;
  /** The worst value over its window, and the run time at which that window ended; null without a verdict. */
  readonly worst: number | null;
  readonly worstAtMs: number | null;
}

export interface Summary {
  readonly name: string;
  /** Which phase of the profile it is of; absent for a profile without phases. */
  readonly phase?: PhasePlace;
  readonly target: string;
  readonly model: Model;
  /** A target that was slow slowed the arrivals too: what waited for it is in no response time. */
  readonly hidesWaiting: boolean;
  readonly startedAt: string;
  readonly timeZone: string;
  readonly endReason: string;
  /** From run time 0 to the end of load, ms; pauses included. */
  readonly durationMs: number;
  /** Seconds that began before this run time (ms) count in the balance of iterations only. */
  readonly warmupMs: number;
  /** What is left of `durationMs` after those seconds: the time that rates are over. */
  readonly measuredMs: number;
  /** HTTP responses that ended, whatever their status. */
  readonly completed: number;
  /** Requests without a complete HTTP response. */
  readonly failed: number;
  readonly good: number;
  readonly notGood: number;
  /** Per second, over `measuredMs`: iterations with an HTTP response, good ones, requests that ended. */
  readonly achievedRate: number;
  readonly goodRate: number;
  readonly requestRate: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** What good requests held, by name; absent where they held nothing that is counted. */
  readonly items?: readonly ItemSummary[];
  readonly response: Readonly<Record<OutcomeGroup, SpanSummary>>;
  readonly service: Readonly<Record<OutcomeGroup, SpanSummary>>;
  readonly firstByte: Readonly<Record<OutcomeGroup, SpanSummary>>;
  readonly waits: Readonly<Record<Wait, SpanSummary>>;
  readonly outcomes: readonly OutcomeSummary[];
  readonly series: readonly SeriesSummary[];
  /** What was counted beside the requests, in the order of the profile; those of which nothing was counted too. */
  readonly metrics: readonly MetricSummary[];
  /** The addresses of the target, the most used first. */
  readonly addresses: readonly AddressSummary[];
  /** Burst model: its rounds, in order. */
  readonly rounds: readonly BurstRound[];
  readonly iterations: Flows & { readonly inFlight: number; readonly backlog: number };
  /** Whether the iterations add up: due = good + not good + dropped + not sent + cut off + lost + in flight + backlog. */
  readonly balanced: boolean;
  readonly generator: GeneratorSummary;
  readonly objectives: readonly ObjectiveSummary[];
  /** How it did in the words of the profile; absent where it has none. */
  readonly bands?: BandVerdict;
  /** What the run made and removed; absent where it made nothing. */
  readonly resources?: ResourceSummary;
  readonly seed: number;
  readonly recording: string | null;
  readonly problems: readonly string[];
}

/** The distribution in a histogram of microseconds, as milliseconds. */
export const summarise = (histogram: Histogram | undefined): SpanSummary => {
  const count = histogram?.count ?? 0;
  const ms = (us: number): number | null => (Number.isFinite(us) ? Math.round(us) / 1000 : null);
  if (!histogram || count === 0) {
    return {
      count: 0,
      meanMs: null,
      minMs: null,
      p50Ms: null,
      p90Ms: null,
      p95Ms: null,
      p99Ms: null,
      p999Ms: null,
      maxMs: null,
    };
  }
  return {
    count,
    meanMs: ms(histogram.mean),
    minMs: ms(histogram.min),
    p50Ms: ms(histogram.percentile(0.5)),
    p90Ms: ms(histogram.percentile(0.9)),
    p95Ms: ms(histogram.percentile(0.95)),
    p99Ms: ms(histogram.percentile(0.99)),
    p999Ms: ms(histogram.percentile(0.999)),
    maxMs: ms(histogram.max),
  };
};
