// Finds gauges that are held against another one: `buffer_size` and `buffer_capacity`, `pool_used` and `pool_max`. A
// quantity with its limit says how close to saturation a thing is, which neither number does alone.

import type { Family } from './metric-family.ts';

export interface GaugePair {
  readonly used: Family;
  readonly limit: Family;
  /** Which of the labelled series count; empty for all. */
  readonly where: { readonly where?: (labels: Readonly<Record<string, string>>) => boolean };
}

/** Whether a family is a state; what has no type is taken to be one. */
export const isGauge = ({ type }: Family): boolean => type === 'gauge' || type === 'untyped' || type === 'unknown';

const units = /_(bytes|seconds|ratio|count)$/;
const limitEnding = /_(capacity|max|limit|maximum|size_total|size_max|max_size|size_limit)$/;
const usedEndings = ['_size', '_used', '_usage', '_current', '_length', '_depth', '_active', '_in_use', '_fill', ''];

/** Pairs in the order of the families. */
export const findPairs = (families: readonly Family[]): GaugePair[] => {
  const gauges = families.filter(isGauge);
  // `pool_max_bytes` and `pool_used_bytes` are compared without their unit, and a `_count` is no ending of its own.
  const byStem = new Map(gauges.map((family) => [family.name.replace(units, ''), family]));
  const pairs: GaugePair[] = [];
  for (const [name, limit] of byStem) {
    const match = limitEnding.exec(name);
    if (!match) continue;
    const stem = name.slice(0, match.index);
    const used = usedEndings
      .map((ending) => byStem.get(stem + ending))
      .find((one) => one !== undefined && one !== limit);
    if (used) pairs.push({ used, limit, where: whereUsed(used) });
  }
  return pairs;
};

/** Connection pools label one gauge `state="used"` and `state="idle"`: only the used ones count, where a limit has no state. */
const whereUsed = ({ samples }: Family): GaugePair['where'] => {
  const label = ['state', 'db_client_connection_state', 'db.client.connection.state'].find((one) =>
    samples.some(({ series }) => series.labels[one] === 'used'),
  );
  return label ? { where: (labels) => (labels[label] ?? 'used') === 'used' } : {};
};
