// A second of a run, and its summary, as objects for programs: what --json prints and the control socket sends to who
// watches. Names say the unit.

import { schemaVersion } from '../common/json-text.ts';
import type { Summary } from '../measure/summary.ts';
import type { RunEvent, RunInfo } from '../session/events.ts';
import { NewestProbes } from './newest-probes.ts';
import { secondCauses, secondOutcomes, secondRates, secondWorkers } from './second-counts.ts';
import { secondMetrics } from './second-metrics.ts';

type SecondClosed = Extract<RunEvent, { readonly type: 'second/closed' }>;

/** Follows a run, and makes an object of each of its seconds. */
export class SecondObjects {
  readonly #probes = new NewestProbes();
  #run: RunInfo | undefined;

  /** Every event, in order. */
  take(event: RunEvent): void {
    this.#probes.take(event);
    if (event.type === 'run/opened') this.#run = event.run;
  }

  /** The object of a second that closed, with what the probes said last; undefined for what came late of one. */
  of(event: SecondClosed): object | undefined {
    return event.second.late ? undefined : secondObject(event, this.#run, this.#probes);
  }
}

const secondObject = (
  { second, verdict, objectives = [] }: SecondClosed,
  run: RunInfo | undefined,
  probes: NewestProbes,
): object => ({
  type: 'second',
  schema_version: schemaVersion,
  ...(run?.phase && { phaseOfProfile: run.phase }),
  /** The end of the second. */
  at: second.second * 1000 + second.lengthMs,
  partial: second.partial,
  ratesPerSecond: secondRates(second),
  goodResponseMs: second.good,
  goodServiceMs: { p50: second.serviceP50Ms },
  pacingDelayMs: { p99: second.pacingP99Ms },
  outcomes: Object.fromEntries(secondOutcomes(second)),
  causes: Object.fromEntries(secondCauses(second)),
  stocks: second.stocks,
  addresses: second.addresses,
  metrics: secondMetrics(second, run),
  objectives: objectives.map((standing, index) => ({ text: run?.objectives?.[index]?.text, ...standing })),
  probes: probes.all,
  generator: {
    level: verdict?.level ?? null,
    reasons: verdict?.reasons ?? [],
    ownLimit: verdict?.ownLimit ?? null,
    loopUtilisationRatio: second.loopUtilisation,
    workers: secondWorkers(second),
    ownErrors: second.ownErrors,
  },
});

/** A phase among others has a summary of its own; that of all of them is phases-text.ts. */
export const summaryObject = (summary: Summary): object => ({
  type: (summary.phase?.count ?? 1) > 1 ? 'phase/summary' : 'summary',
  schema_version: schemaVersion,
  ...summary,
});
