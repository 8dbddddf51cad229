// Several probes of a kind as one: for each metric the sum of what they read, or the worst of it. Pure. Which panel shows
// that, and the instances themselves, is instance-lines.ts.

import type { ProbeState } from '../../session/state.ts';
import type { Seen } from '../seen.ts';
import {
  type Gap,
  type HealthState,
  hasValues,
  type Level,
  type ProbeValue,
  type Reading,
  ranked,
  statusOf,
  usedRatio,
  worseLevel,
} from './probe-values.ts';
import { type Course, courseOf } from './reading-row.ts';

/** One metric of several instances. */
export interface Combined {
  /** The sum, or the worst instance's own. */
  readonly reading: Reading;
  readonly how: 'sum' | 'worst';
  readonly parts: readonly { readonly probe: ProbeState; readonly reading: Reading }[];
}

/** What is read of each of them adds up; of everything else the worst counts. */
const summed: ReadonlySet<Reading['unit']> = new Set(['count', '/s', 'bytes', 'bytes/s']);
/** But for what is a ratio without a unit, and what each member of a set says of the same set. */
const neverSummed = new Set(['queries.scan_ratio', 'replication.down']);

/**
 * Every metric that one of the probes can read, by rank; a gap where none of those that answer can.
 * @param probes of one kind; those without values are left out
 */
export const combine = (probes: readonly ProbeState[]): readonly (Combined | Gap)[] => {
  const parts = new Map<string, { probe: ProbeState; reading: Reading }[]>();
  const gaps = new Map<string, Gap>();
  for (const probe of probes.filter(hasValues)) {
    for (const value of probe.values) {
      if (value.type === 'gap') gaps.set(value.metric, gaps.get(value.metric) ?? value);
      if (value.type !== 'value') continue;
      // Of another unit, it is another metric.
      const key = `${value.metric} ${value.unit}`;
      parts.set(key, [...(parts.get(key) ?? []), { probe, reading: value }]);
    }
  }
  const combined = [...parts.values()].map(combineParts);
  const read = new Set(combined.map(({ reading }) => reading.metric));
  const rankOf = (row: Combined | Gap): number => ('type' in row ? row.rank : row.reading.rank);
  return [...combined, ...[...gaps.values()].filter(({ metric }) => !read.has(metric))].toSorted(
    (a, b) => rankOf(a) - rankOf(b),
  );
};

const combineParts = (parts: Combined['parts']): Combined => {
  const first = parts[0]!.reading;
  const bounded = parts.some(({ reading }) => reading.limit !== undefined);
  const level = parts.reduce<Level | undefined>((worst, { reading }) => worseLevel(worst, reading.level), undefined);
  if (!bounded && summed.has(first.unit) && !neverSummed.has(first.metric)) {
    const value = parts.reduce((sum, { reading }) => sum + reading.value, 0);
    return { how: 'sum', parts, reading: { ...first, value, ...(level === undefined ? {} : { level }) } };
  }
  const weight = ({ reading }: Combined['parts'][number]): number => {
    if (bounded) return usedRatio(reading) ?? Number.NEGATIVE_INFINITY;
    // Of how long something runs the shortest says most: that one was restarted.
    return /uptime/i.test(reading.metric) ? -reading.value : reading.value;
  };
  const worst = parts.reduce((a, b) => (weight(b) > weight(a) ? b : a));
  return { how: 'worst', parts, reading: worst.reading };
};

/** How it became one number: `sum`, `worst`, `sum of 2` where not all of `total` instances are in it; nothing of one. */
export const combinedNote = ({ how, parts }: Combined, total: number): string => {
  if (total < 2) return '';
  return how === 'sum' && parts.length < total ? `sum of ${parts.length}` : how;
};

/** The course of a combined value: combined step by step, a gap only where all have one. */
export const combinedCourse =
  (state: Seen, { how, parts, reading }: Combined): Course =>
  (cells) => {
    const all = parts.map((part) => {
      const values = courseOf(state, part.probe, part.reading)(cells);
      // Limits may differ: what counts is how much of it is used.
      const scale = how === 'worst' ? (reading.limit ?? 1) / (part.reading.limit ?? reading.limit ?? 1) : 1;
      return scale === 1 || !Number.isFinite(scale) ? values : values.map((value) => value * scale);
    });
    const first = all[0] ?? new Float64Array();
    return first.map((_, step) => {
      let total = Number.NaN;
      for (const values of all) {
        const value = values[step]!;
        if (Number.isNaN(value)) continue;
        if (Number.isNaN(total)) total = value;
        else total = how === 'sum' ? total + value : Math.max(total, value);
      }
      return total;
    });
  };

const stateSeverity: Readonly<Record<HealthState, number>> = { ok: 1, unknown: 5, degraded: 6, down: 7 };

/** How bad it is with an instance: higher ones first. A silent one may be down. */
export const severityOf = (probe: ProbeState): number => {
  if (probe.status === 'failing') return 8;
  const level = worstLevel(probe.values);
  if (hasValues(probe)) {
    const state = stateSeverity[statusOf(probe)?.state ?? 'ok'];
    return Math.max(state, level === 'bad' ? 6 : level === 'warn' ? 4 : 0, probe.status === 'late' ? 3 : 0);
  }
  return 2;
};

const worstLevel = (values: readonly ProbeValue[]): Level | undefined =>
  values.reduce<Level | undefined>(
    (worst, value) => worseLevel(worst, value.type === 'gap' ? undefined : value.level),
    undefined,
  );

/** The value that says most of an instance: what is judged worst, then what is nearest its limit, then what ranks first. */
export const mostTelling = (probe: ProbeState): Reading | undefined => {
  const readings = ranked(probe.values.filter((value) => value.type === 'value'));
  return (
    readings.find(({ level }) => level === 'bad') ??
    readings.find(({ level }) => level === 'warn') ??
    readings.find((reading) => (usedRatio(reading) ?? 0) >= nearLimit) ??
    readings[0]
  );
};

/** From this share of its limit on a value says more than the one that ranks first. */
const nearLimit = 0.8;
