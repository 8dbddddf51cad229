// The run as NDJSON for programs (--json): an object for each second, one for each other event, and the summary last.
// Run times (`at`) are in ms since the start of the load.

import type { Objective } from '../measure/objective.ts';
import type { RunEvent } from '../session/events.ts';
import { jsonLine, schemaVersion } from './json-text.ts';
import { NewestProbes } from './newest-probes.ts';
import type { Output } from './output.ts';
import { secondCauses, secondOutcomes, secondRates, secondWorkers } from './second-counts.ts';

export class JsonLines implements Output {
  readonly name = 'JSON lines';
  readonly #write: (text: string) => void;
  readonly #probes = new NewestProbes();
  #objectives: readonly Objective[] = [];
  #ended = false;

  /** @param write takes whole lines: stdout */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  async open(): Promise<void> {}

  take(event: RunEvent): void {
    // The summary is the last object, whatever is raised while outputs are being closed.
    if (this.#ended) return;
    this.#probes.take(event);
    if (event.type === 'run/opened') this.#objectives = event.run.objectives ?? [];
    const line = this.#lineOf(event);
    if (line) this.#write(jsonLine(line));
    this.#ended = event.type === 'run/closed';
  }

  async close(): Promise<void> {}

  #lineOf(event: RunEvent): object | undefined {
    switch (event.type) {
      // Readings stand in each second's object; a slice is for the screen alone.
      case 'slice/closed':
      case 'probe/read':
      case 'probe/failed':
        return undefined;
      case 'second/closed':
        return event.second.late ? undefined : this.#secondOf(event);
      case 'run/closed':
        return { type: 'summary', schema_version: schemaVersion, ...event.summary };
      default: {
        const { type, ...rest } = event;
        return { type, schema_version: schemaVersion, ...rest };
      }
    }
  }

  #secondOf({ second, verdict, objectives = [] }: Extract<RunEvent, { readonly type: 'second/closed' }>): object {
    return {
      type: 'second',
      schema_version: schemaVersion,
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
      objectives: objectives.map((standing, index) => ({ text: this.#objectives[index]?.text, ...standing })),
      probes: this.#probes.all,
      generator: {
        level: verdict?.level ?? null,
        reasons: verdict?.reasons ?? [],
        ownLimit: verdict?.ownLimit ?? null,
        loopUtilisationRatio: second.loopUtilisation,
        workers: secondWorkers(second),
        ownErrors: second.ownErrors,
      },
    };
  }
}
