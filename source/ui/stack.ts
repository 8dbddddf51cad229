// How panels below each other divide their rows. Pure: claims in, rectangles out, which cover every row.

import type { Digit } from './choice.ts';
import type { PanelName, Placed, Rect } from './layout.ts';

/** One row asks for `least` and would like `most`; of equal claims the first is served first. */
interface Claim {
  readonly least: number;
  readonly most: number;
}

export interface PanelClaim extends Claim {
  readonly name: PanelName;
  /** Rows that do where there are too few for what everybody asks for. */
  readonly slim: number;
}

/**
 * Divides `total` rows: everybody gets the least, then a row each in turn up to the most. What nobody wants is left over.
 * Where even the least is too much, the last ones go without.
 */
export const share = (total: number, claims: readonly Claim[]): number[] => {
  let left = total;
  const given = claims.map(({ least }) => {
    const rows = Math.min(least, left);
    left -= rows;
    return rows;
  });
  for (let served = true; served && left > 0; ) {
    served = false;
    for (const [index, { most }] of claims.entries()) {
      if (left === 0 || given[index]! === 0 || given[index]! >= most) continue;
      given[index]! += 1;
      left -= 1;
      served = true;
    }
  }
  return given;
};

/** Which panels give way first where not all have a place: what can be read elsewhere, then what says least. */
const givesWay: readonly PanelName[] = [
  ...(['objectives', 'log', 'endpoints', 'counted', 'bursts', 'errors', 'heatmap', 'server'] as const),
  ...(['target process', 'target host', 'generator', 'host', 'mongodb', 'metrics', 'health'] as const),
  ...(['latency', 'load'] as const),
];

/** The claims that have a place in `total` rows. Those of panels that were asked for by hand stay the longest, the newest longest of all. */
const fitting = (
  total: number,
  claims: readonly PanelClaim[],
  asked: (name: PanelName) => number,
): readonly PanelClaim[] => {
  let kept = claims;
  const needed = (): number => kept.reduce((sum, { slim }) => sum + slim, 0);
  while (kept.length > 1 && needed() > total) {
    const first = kept.toSorted(
      (a, b) => asked(a.name) - asked(b.name) || givesWay.indexOf(a.name) - givesWay.indexOf(b.name),
    )[0];
    kept = kept.filter((claim) => claim !== first);
  }
  return kept;
};

/** Panels below each other in `at`, all of whose rows they cover. @param asked when a panel was asked for by hand: -1 for never */
export const stacked = (claims: readonly PanelClaim[], at: Rect, asked: (name: PanelName) => number): Placed[] => {
  const kept = fitting(at.height, claims, asked);
  const needed = kept.reduce((sum, { least }) => sum + least, 0);
  const heights = share(
    at.height,
    needed <= at.height ? kept : kept.map((claim) => ({ ...claim, least: Math.min(claim.slim, claim.least) })),
  );
  const left = at.height - heights.reduce((sum, height) => sum + height, 0);
  const last = heights.findLastIndex((height) => height > 0);
  if (last >= 0) heights[last]! += left;
  let { y } = at;
  return kept.flatMap(({ name }, index) => {
    const height = heights[index]!;
    if (height === 0) return [];
    y += height;
    return { name, rect: { ...at, y: y - height, height } };
  });
};

/** Numbers in order, as `count` groups of neighbours whose sums differ as little as they can; none of them empty. */
export const balanced = (sizes: readonly number[], count: number): readonly (readonly [from: number, to: number])[] => {
  const groups = Math.min(count, sizes.length);
  if (groups <= 1) return sizes.length === 0 ? [] : [[0, sizes.length]];
  let best: readonly (readonly [number, number])[] = [];
  let bestMost = Number.POSITIVE_INFINITY;
  for (let to = 1; to <= sizes.length - groups + 1; to += 1) {
    const first = sizes.slice(0, to).reduce((sum, size) => sum + size, 0);
    const rest = balanced(sizes.slice(to), groups - 1).map(([from, end]) => [from + to, end + to] as const);
    const most = Math.max(
      first,
      ...rest.map(([from, end]) => sizes.slice(from, end).reduce((sum, size) => sum + size, 0)),
    );
    if (most < bestMost) {
      bestMost = most;
      best = [[0, to], ...rest];
    }
  }
  return best;
};

/** When a panel was asked for by hand, by its digit; higher is newer, -1 never. */
export const askedBy =
  (shown: readonly Digit[], digitOf: (name: PanelName) => readonly Digit[]) =>
  (name: PanelName): number =>
    Math.max(-1, ...digitOf(name).map((digit) => shown.indexOf(digit)));
