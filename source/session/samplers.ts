// The probes of a run while it goes on: starts them, and writes down what they answer and what is noticed of it.

import type { ProbeTable } from '../probes/probe.ts';
import type { ProbeSample } from '../probes/sampler.ts';
import type { Journal } from './journal.ts';
import { watchProbe } from './probe-watch.ts';
import type { ProbeSource } from './session-parts.ts';

export class Samplers {
  readonly #journal: Journal;
  readonly #running = new Map<string, ReturnType<ProbeSource['start']>>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  start(probes: readonly ProbeSource[]): void {
    for (const probe of probes) {
      this.#running.set(
        probe.info.id,
        probe.start((sample) => this.#take(sample)),
      );
    }
  }

  /** The details of a probe's newest look; empty for one that has none. */
  tables(probe: string): readonly ProbeTable[] {
    return this.#running.get(probe)?.tables?.() ?? [];
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((sampler) => sampler.close()));
  }

  #take(sample: ProbeSample): void {
    const { probe, tookMs, result, failure } = sample;
    const before = this.#journal.state.probes.find(({ id }) => id === probe);
    if (result) {
      const { title, values, kind } = result;
      this.#journal.write({ type: 'probe/read', probe, tookMs, title, values, ...(kind && { kind }) });
    } else if (failure) {
      this.#journal.write({ type: 'probe/failed', probe, tookMs, ...failure });
    }
    for (const noticed of before ? watchProbe(before, sample, this.#journal.now()) : []) {
      this.#journal.write({ type: 'probe/noticed', probe, ...noticed });
    }
  }
}
