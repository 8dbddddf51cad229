// One row of a machine's panel: a number that is known or the gap in its place, and from which share on it is worth a look.

import type { Known } from './machine-change.ts';
import type { Gap, Level, MetricUnit, ProbeValue } from './probe.ts';

/** From which share on a number is worth a look, and wrong. */
export interface Bounds {
  readonly warn: number;
  readonly bad?: number;
}

/** The level of a share. */
export const levelOf = (ratio: number, { warn, bad }: Bounds): Level =>
  bad !== undefined && ratio > bad ? 'bad' : ratio > warn ? 'warn' : 'ok';

/**
 * Above 80 % queues grow faster than load, above 93 % there is no room for a burst: at those utilisations the mean wait
 * of an M/M/1 queue is 4 and 13 times the service time.
 */
export const fullBounds: Bounds = { warn: 0.8, bad: 0.93 };
/** A hypervisor that takes more than a twentieth makes latencies those of its other guests (common alerting practice). */
export const stealBounds: Bounds = { warn: 0.05 };
/** A quarter of the periods cut short is where the stock Kubernetes alert CPUThrottlingHigh fires. */
export const throttledBounds: Bounds = { warn: 0.25 };
/** Less than a tenth of memory available is where node_exporter's stock alerts fire: page cache is gone by then. */
export const memoryBounds: Bounds = { warn: 0.9 };
/** Ports are found by probing from a random one: from 60 % on that takes long, from 90 % on connects begin to fail. */
export const portBounds: Bounds = { warn: 0.6, bad: 0.9 };
/** Tasks that wait for a core a fifth of the time are slower by as much (Documentation/accounting/psi.rst). */
export const pressureBounds: Bounds = { warn: 0.2 };

/** A number that is not known. */
export const gap = (metric: string, label: string, rank: number, reason: string): Gap => {
  return { type: 'gap', metric, label, rank, reason };
};

/** What a row is called, and what it is held against. */
export interface Row {
  readonly metric: string;
  readonly label: string;
  readonly rank: number;
  readonly unit: MetricUnit;
  readonly kind?: 'gauge' | 'rate';
  readonly limit?: number | undefined;
  readonly level?: Level | undefined;
}

/** A reading, or the gap in its place. */
export const row = (known: Known, { metric, label, rank, unit, kind = 'gauge', limit, level }: Row): ProbeValue => {
  if ('reason' in known) return gap(metric, label, rank, known.reason);
  return {
    type: 'value',
    metric,
    label,
    kind,
    unit,
    value: known.value,
    ...(limit !== undefined && { limit }),
    ...(level !== undefined && { level }),
    rank,
  };
};
